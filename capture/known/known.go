// Package known holds the hosts and words by which a page is known for what it is, whoever asks: the recorder, lists, crawls, comparisons.
package known

import "strings"

// invitations are hosts, with those below them, that add somebody to a chat: opening one may tell the other side, or join.
var invitations = []string{
	"line.me", "lin.ee", "line.naver.jp", "t.me", "telegram.me", "telegram.dog", "wa.me", "chat.whatsapp.com", "api.whatsapp.com", "whatsapp.com",
	"m.me", "discord.gg", "signal.me", "signal.group", "u.wechat.com", "weixin.qq.com", "qm.qq.com", "invite.viber.com", "join.skype.com", "zalo.me",
}

// Invitation gives the service whose invitations a host (in lower case) serves, or nothing.
func Invitation(host string) string {
	for _, service := range invitations {
		if host == service || strings.HasSuffix(host, "."+service) {
			return service
		}
	}
	return ""
}

// parked are what pages of those who sell, keep or suspend names say. They count on a page of few words alone.
var parked = []string{
	"domain is for sale", "domain may be for sale", "domain name is for sale", "buy this domain", "domain is parked", "domain has expired",
	"parked free, courtesy of", "account has been suspended", "domain has been suspended", "sedoparking", "parkingcrew", "bodis.com", "clienthold",
	"網域出售", "網域可供出售", "域名出售", "網域已到期", "網域名稱已過期", "網域已過期", "此網域已被停用", "網站已被停用",
}

// Parked gives the words in a page's title and text that say that the name is parked or suspended, or nothing. A page of many words is one of
// a site of its own: whoever asks has looked at that.
func Parked(text string) string {
	text = strings.ToLower(text)
	for _, words := range parked {
		if strings.Contains(text, words) {
			return words
		}
	}
	return ""
}
