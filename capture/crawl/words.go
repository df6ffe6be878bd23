package crawl

// What follows is data: the words and names by which an address is known. It is reviewed without reading the rest.

// changing are the words of links that do something when they are opened, split as wordsOf splits.
var changing = []string{
	"logout", "log out", "logoff", "log off", "signout", "sign out", "signoff", "sign off",
	"delete", "del", "destroy", "erase", "remove", "purge", "uninstall", "empty cart", "clear cart",
	"unsubscribe", "optout", "opt out", "unfollow", "deactivate", "close account", "cancel account", "cancel order", "cancel subscription",
	"addtocart", "add to cart", "add cart", "cart add", "place order", "order confirm", "confirm order", "buy now",
	"vote", "upvote", "downvote", "approve", "reject", "revoke", "ban", "mark read",
}

// changingHan are the same in Chinese, Taiwan's words and the mainland's.
var changingHan = []string{
	"登出", "退出登錄", "退出登录", "退出登入", "安全退出", "退出帳號", "退出账号", "註銷", "注销", "刪除", "删除", "移除", "清空",
	"停用帳號", "停用账号", "取消訂閱", "取消订阅", "退訂", "退订", "取消訂單", "取消订单", "取消追蹤", "取消关注",
	"加入購物車", "加入购物车", "放入購物車", "放入购物车", "立即下單", "立即下单", "確認訂單", "确认订单", "投票",
}

// tracking are names in a query that say where a visitor comes from (utm_… besides).
var tracking = []string{
	"fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "gad_source", "gad_campaignid", "srsltid", "msclkid", "yclid", "ttclid", "twclid",
	"li_fat_id", "igsh", "igshid", "mibextid", "ldtag_cl", "_ga", "_gl", "_hsenc", "_hsmi", "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id",
}

// sessions begin names in a query that number a visit; shortSessions do so only if the value looks like such a number.
var (
	sessions      = []string{"phpsessid", "jsessionid", "aspsessionid", "asp.net_sessionid", "cfid", "cftoken"}
	shortSessions = []string{"sid", "s_id", "sessid", "session", "sessionid", "session_id", "ssid"}
)

// files are endings of what a browser saves, or shows without being a page.
var files = []string{
	"apk", "apks", "xapk", "aab", "ipa", "mobileconfig", "plist", "exe", "msi", "msix", "appx", "dmg", "pkg", "deb", "rpm", "appimage", "jar", "bat", "cmd",
	"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "iso", "img", "cab", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf",
	"csv", "epub", "mobi", "torrent", "mp3", "m4a", "wav", "ogg", "flac", "mp4", "m4v", "mov", "avi", "mkv", "webm", "flv", "wmv", "m3u8", "ts",
}

// parts are endings of what pages are made of. A script that names one is not worth a line.
var parts = []string{
	"js", "mjs", "cjs", "jsx", "tsx", "vue", "css", "scss", "less", "map", "wasm", "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp",
	"woff", "woff2", "ttf", "otf", "eot",
}

// vocabularies are hosts that scripts and documents name without leading anywhere.
var vocabularies = []string{"www.w3.org", "schema.org", "ogp.me", "xmlns.com", "purl.org"}

// interfaces are parts of a path, and first labels of a host, that answer programs and not people.
var interfaces = []string{"api", "apis", "ajax", "graphql", "rest", "rpc", "jsonrpc", "wp-json", "xmlrpc.php", "socket.io", "websocket", "ws", "gateway"}

// answers are endings of what programs are answered with.
var answers = []string{"json", "xml", "txt"}

// pointers are the elements and attributes that lead to another page. "*" is any element.
var pointers = map[string][]string{
	"a": {"href", "xlink:href"}, "area": {"href"}, "link": {"href"}, "iframe": {"src"}, "frame": {"src"}, "object": {"data"}, "embed": {"src"},
	"form": {"action"}, "button": {"formaction"}, "input": {"formaction"}, "router-link": {"to"}, "nuxt-link": {"to"},
	"*": {"data-href", "data-url", "data-link", "data-to", "data-path", "data-target-url", "data-redirect", "ng-href", "routerlink"},
}

// relations are values of a link element's rel that name a page and not a part of this one.
var relations = []string{"canonical", "alternate", "amphtml", "next", "prev", "start", "home", "index", "help", "search", "author", "license", "shortlink"}
