package session

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed session.js
var listenScript string

// changing are the words of buttons and links that change the state of the other side: to press one may need an authority that looking at a
// page does not. Chinese ones are looked for anywhere, without spaces; English ones as whole words, in lower case.
var changing = wordList{
	Chinese: []string{
		"加入", "送出", "提交", "發送", "傳送", "發佈", "發布", "發文", "購買", "立即買", "搶購", "下單", "結帳", "結算", "付款", "支付", "刷卡", "註冊", "注册", "申請", "報名", "预约", "預約",
		"訂閱", "訂購", "追蹤", "關注", "按讚", "刪除", "移除", "封鎖", "檢舉", "同意", "接受", "入金", "出金", "提領", "提款", "提現", "儲值", "充值", "轉帳", "匯款", "買入", "賣出",
		"領取", "兌換", "投票", "簽署", "確認", "開通", "綁定", "邀請", "加好友", "加line", "加賴", "退出社團", "退出群組", "上傳",
	},
	English: []string{
		"join", "submit", "send", "publish", "buy", "purchase", "order", "checkout", "check out", "pay", "register", "sign up", "signup", "apply", "enroll", "enrol", "book",
		"subscribe", "unsubscribe", "follow", "unfollow", "delete", "remove", "block", "report", "agree", "accept", "deposit", "withdraw", "top up", "transfer",
		"claim", "redeem", "vote", "confirm", "activate", "invite", "add friend", "upload", "donate",
	},
}

// soft are words that change something where they are a command, and nothing where what they name is only shown: looking tells the latter,
// in a text without spaces and in lower case.
var soft = wordList{
	Chinese: []string{"留言", "回覆", "回應", "評論", "分享", "讚", "發表"},
	English: []string{"comment", "reply", "share", "like", "post"},
}

const looking = `^(查看|檢視|觀看|顯示|看|載入|展開|隱藏|收起|全部|所有|更多|最新|\d)|更多|\d(則|篇|個|次|人)|^(view|show|see|load|hide|read|all|more|\d)`

// logins are the words of buttons that log in. To press one changes next to nothing; it is noted and not held back.
var logins = wordList{Chinese: []string{"登入", "登錄", "登录"}, English: []string{"log in", "login", "sign in", "signin", "log on"}}

// senders are the words about a field for several lines in which Enter sends what stands there.
var senders = wordList{
	Chinese: []string{"留言", "回覆", "回應", "訊息", "消息", "發佈", "發文", "傳送", "評論", "聊天", "輸入內容"},
	English: []string{"comment", "reply", "message", "post", "chat", "send", "write a"},
}

// The names and labels of fields whose content is nobody's business: passwords, and codes that are good once or together with a card.
const (
	passwordNames = `passw|passcode|passphrase|(^|[^a-z])pwd|(^|[^a-z])psw|密碼|密码|口令|通行碼`
	codeNames     = `one-time-code|(^|[^a-z])otp|cc-csc|(^|[^a-z])(cvv|cvc|csc)|(^|[^a-z])pin([^a-z]|$)|(^|[^a-z])2fa|驗證碼|验证码|安全碼|安全码|末三碼|pin碼`
)

// wordList are words in both languages.
type wordList struct{ Chinese, English []string }

// defaultAsk is the question for a reason where the caller has none.
const defaultAsk = "You are about to press “[what]”. This may change the state of the other side. Write down why you may; leave it empty, or cancel, and nothing is sent."

// listener is the script that watches a document for the person, with its words put in.
func listener(ask string) string {
	if strings.TrimSpace(ask) == "" {
		ask = defaultAsk
	}
	config, err := json.Marshal(map[string]any{
		"ask": ask, "password": passwordNames, "code": codeNames, "chinese": changing.Chinese, "english": changing.English,
		"softChinese": soft.Chinese, "softEnglish": soft.English, "looking": looking,
		"loginChinese": logins.Chinese, "loginEnglish": logins.English, "sendChinese": senders.Chinese, "sendEnglish": senders.English,
	})
	if err != nil {
		panic("session: words that are no JSON: " + err.Error())
	}
	return strings.Replace(listenScript, "CONFIG);", string(config)+");", 1)
}
