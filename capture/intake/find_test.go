package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestFind reads single lines of text as people send them.
func TestFind(t *testing.T) {
	for text, want := range map[string][]string{
		// defanged and disguised
		"hxxps://evil[.]cc/path":                       {"1 https://evil.cc/path"},
		"hXXp[:]//evil(.)cc":                           {"1 http://evil.cc/"},
		"h**ps://ab{.}com":                             {"1 https://ab.com/"},
		"ab[dot]com ab2 (dot) com ab3【點】com":           {"1 https://ab.com/", "1 https://ab2.com/", "1 https://ab3.com/"},
		"hxxp://ab[.com/x":                             {"1 http://ab.com/x"},
		"ｗｗｗ．ａｂｃ．ｃｏｍ":                                  {"1 https://www.abc.com/"},
		"https：／／ａｂｃ．com／ｘ？ａ＝１＆b＝2":                    {"1 https://abc.com/x?a=1&b=2"},
		"www。abc。com。":                                 {"1 https://www.abc.com/"},
		"a\u200bb\u00adc.c\u2060om\ufeff":              {"1 https://abc.com/"},
		"𝐚𝐛𝐜.𝐜𝐨𝐦":                                      {"1 https://abc.com/"},
		"ⓐⓑⓒ.com":                                      {"1 https://abc.com/"},
		"http:/ab.com http//cd.com http:\\\\ef.com\\x": {"1 http://ab.com/", "1 http://cd.com/", "1 http://ef.com/x"},
		"https://https://dup.com/x":                    {"1 https://dup.com/x"},
		"http:// www.ab.com":                           {"1 http://www.ab.com/"},
		"HTTPS://WWW.ABC.COM./Path":                    {"1 https://www.abc.com/Path"},
		"user[at]abc[.]com":                            {"1 email:user@abc.com"},

		"https:\\\\ab.com\\login":                    {"1 https://ab.com/login"},
		"hxxps:\\\\ab[.]com\\a\\b?x=1 加入":            {"1 https://ab.com/a/b?x=1"},
		"https:/\\ab.com:8080\\news":                 {"1 https://ab.com:8080/news port=8080"},
		"ab.com\\login":                              {"1 https://ab.com/login"},
		"https://ab.com\\nhttps://cd.com\\r\\n好":     {"1 https://ab.com/", "1 https://cd.com/"},
		`C:\Users\ab.com\x`:                          {"1 https://ab.com/"},
		"htp://ab.com httpss://cd.com ttps://ef.com": {"1 http://ab.com/", "1 https://cd.com/", "1 https://ef.com/"},
		"sftp://ab.com ftp://cd.com":                 {"1 -other_scheme", "1 -other_scheme"},

		// as HTML writes it
		"https://ab.com/?a=1&amp;b=2&#38;c=3":      {"1 https://ab.com/?a=1&b=2&c=3 entities=/?a=1&amp;b=2&#38;c=3"},
		"https://ab.com/?a=1&amp;amp;b=2":          {"1 https://ab.com/?a=1&b=2 entities=/?a=1&amp;amp;b=2"},
		"&lt;https://ab.com/x&gt; https://cd.com/": {"1 https://ab.com/x entities=/x&gt", "1 https://cd.com/"},
		"https://ab.com/?a=1&b=2&amp;c=3":          {"1 https://ab.com/?a=1&b=2&amp;c=3"}, // no text that HTML has escaped
		"https://ab.com/?a=1&ampere=2&gt=3":        {"1 https://ab.com/?a=1&ampere=2&gt=3"},

		// with a password, which no row repeats
		"https://bank.com:pass-word@evil.cc/ https://u:again1@cd.com/": {"1 https://evil.cc/ userinfo=bank.com:***", "1 https://cd.com/ userinfo=u:***"},

		// within text
		"請至abc.com註冊":                                               {"1 https://abc.com/ glued=請至 註冊"},
		"請看a.com與b.com。":                                            {"1 https://a.com/ glued=請看 與", "1 https://b.com/ glued=與"},
		"網址：abc.com：8080/x，請":                                       {"1 https://abc.com:8080/x port=8080"},
		"「https://abc.com/x」、（abc.net）":                             {"1 https://abc.com/x", "1 https://abc.net/"},
		"加入https://abc.com/reg請盡快註冊":                                {"1 https://abc.com/reg glued=請盡快註冊"},
		"[點我](https://abc.com/x)":                                   {"1 https://abc.com/x"},
		"[abc.com](https://evil.cc) **https://d.tw**":               {"1 https://abc.com/", "1 https://evil.cc/", "1 https://d.tw/"},
		"<https://abc.com/x?y=1>":                                   {"1 https://abc.com/x?y=1"},
		"(https://abc.com/a_(b)) abc.net!":                          {"1 https://abc.com/a_(b)", "1 https://abc.net/"},
		"a.com、b.cc，c.vip　d.tw,e.tw;f.tw":                           {"1 https://a.com/", "1 https://b.cc/", "1 https://c.vip/", "1 https://d.tw/", "1 https://e.tw/", "1 https://f.tw/"},
		"https://a.com/x,b.com;https://c.com":                       {"1 https://a.com/x", "1 https://b.com/", "1 https://c.com/"},
		"https://a.com/x,y.html":                                    {"1 https://a.com/x,y.html"},
		"https://a.com/?to=https://b.com":                           {"1 https://a.com/?to=https://b.com"},
		"https://a.comhttps://b.com/xhttps://c.com":                 {"1 https://a.com/", "1 https://b.com/x", "1 https://c.com/"},
		"abc.com。www.def.com":                                       {"1 https://abc.com/", "1 https://www.def.com/"},
		"今天很好。明天見abc.com":                                           {"1 https://abc.com/ glued=明天見"},
		"請看abc.com。明天見def.com":                                      {"1 https://abc.com/ glued=請看", "1 https://def.com/ glued=明天見"},
		"abc。com註冊abc.com。def.com。好":                                {"1 https://abc.com/ glued=註冊", "1 https://def.com/", "1 -duplicate"},
		"abc。com。tw abc｡台灣":                                         {"1 https://abc.com.tw/", "1 https://abc.xn--kpry57d/ punycode=abc.台灣"},
		"m2--site.com.tw r3---sn-abc.com.tw/a https://m2--site.com": {"1 https://m2--site.com.tw/", "1 https://r3---sn-abc.com.tw/a", "1 https://m2--site.com/"},
		"1.https://a.com 2.www.b.com ③c.com 4.d.com":                {"1 https://a.com/", "1 https://www.b.com/ glued=2.", "1 https://c.com/", "1 https://4.d.com/ number=d.com"},
		"【郵政】包裹待領：https://post-x.cc/a?id=1。（邀請碼：AB12）":              {"1 https://post-x.cc/a?id=1"},
		"3.14 v1.2.3 12.5萬 e.g. 檔名.txt":                             {"1 -no_address"},
		"README.md":                                                 {"1 https://readme.md/ file_name=md"},
		"a@b.tw與foo.bar@c.com":                                      {"1 email:a@b.tw", "1 email:foo.bar@c.com"},

		// hosts
		"http://google.com@evil.cc/":                {"1 http://evil.cc/ userinfo=google.com"},
		"google.com@evil.cc/login":                  {"1 https://evil.cc/login userinfo=google.com"},
		"http://аррӏе.com":                          {"1 http://xn--80ak6aa92e.com/ punycode=аррӏе.com homograph=appie.com"},
		"pаypal.com":                                {"1 https://xn--pypal-4ve.com/ punycode=pаypal.com homograph=paypal.com mixed_script=Cyrillic+Latin"},
		"投資.台灣":                                     {"1 https://xn--oru425g.xn--kpry57d/ punycode=投資.台灣"},
		"https://台灣abc.com/":                        {"1 https://xn--abc-f03ep41k.com/ punycode=台灣abc.com"},
		"https://abc.com/產品/列表?x=一#二":               {"1 https://abc.com/%E7%94%A2%E5%93%81/%E5%88%97%E8%A1%A8?x=%E4%B8%80#%E4%BA%8C"},
		"https://8.8.8.8:8443/x 8.8.4.4":            {"1 https://8.8.8.8:8443/x port=8443 ip_literal=8.8.8.8", "1 https://8.8.4.4/ ip_literal=8.8.4.4"},
		"a-x.cc:80/x b-x.cc:443 http://c-x.cc:443/": {"1 http://a-x.cc/x", "1 https://b-x.cc/", "1 http://c-x.cc:443/ port=443"},
		"http://134744072/":                         {"1 http://8.8.8.8/ ip_literal=134744072"},
		"http://[2606:4700::1111]/":                 {"1 http://[2606:4700::1111]/ ip_literal=[2606:4700::1111]"},
		"[2606:4700::1111]:8080":                    {"1 https://[2606:4700::1111]:8080/ port=8080 ip_literal=[2606:4700::1111]"},
		"https://a_b.evil.cc https://x.qq9":         {"1 https://a_b.evil.cc/", "1 https://x.qq9/ suffix=qq9"},
		"http://192.168.1.1/ http://2130706433/ http://[::1]/ http://localhost:80/ http://nas/ http://a.local/": {
			"1 -not_public", "1 -not_public", "1 -not_public", "1 -not_public", "1 -not_public", "1 -not_public",
		},
		"http://a..b.com http://abc.com:99999/ http://xn--a.com": {"1 -bad_address", "1 -bad_address", "1 -bad_address"},
		"ftp://abc.com/x":      {"1 -other_scheme"},
		"a\xffb.com":           {"1 -undecodable"},
		"https://ab.com/\xffx": {"1 -undecodable"},
		"localhost:8080/x":     {"1 -not_public"},
		"無":                    {"1 -none"},
		" \u3000":              {"1 -empty"},

		// never to be opened
		"https://t.me/+abc https://line.me/ti/g2/AbC": {"1 https://t.me/+abc record-only", "1 https://line.me/ti/g2/AbC record-only"},
		"line://ti/p/~abc tg://join?invite=x intent://x#Intent;scheme=line;end": {
			"1 line://ti/p/~abc record-only", "1 tg://join?invite=x record-only", "1 intent://x#Intent;scheme=line;end record-only",
		},
		"https://xt.me/ https://www.t.me/x": {"1 https://xt.me/", "1 https://www.t.me/x record-only"},
		"www｡a-x｡cc":                        {"1 https://www.a-x.cc/"},
		"https://t.me.evil.cc/":             {"1 https://t.me.evil.cc/"},
	} {
		c, _ := collect(t, "pasted", text)
		if got := c.brief(); !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestRefangLeavesCleanText(t *testing.T) {
	for _, text := range []string{
		"", "https://abc.com/x?y=1#z", "請至 abc.com 註冊，謝謝。", "a (b) [c] d", "網址：無", "http://a.com, https://b.com/?u=https://c.com", "等？～好",
	} {
		if got := refang(text); got != text {
			t.Errorf("Refang(%q) = %q", text, got)
		}
	}
}

// TestRaw holds that what a row came from is kept, and that many addresses in one line do not multiply it.
func TestRaw(t *testing.T) {
	c, _ := collect(t, "list.csv", "網址\n\"hxxp://a[.]com、ｂ.com\"\n")
	for _, r := range c.rows {
		if r.Raw != "hxxp://a[.]com、ｂ.com" {
			t.Errorf("raw is %q", r.Raw)
		}
	}
	for _, between := range []string{" ", "、", ","} {
		var b strings.Builder
		for i := range 20000 {
			b.WriteString("s" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + ".com" + between)
		}
		c, report := collect(t, "one line.txt", b.String())
		kept := 0
		for _, r := range c.rows {
			kept += len(r.Raw)
		}
		for _, s := range c.skipped {
			if s.Reason != whyDuplicate {
				t.Errorf("skipped %q: %s", s.Raw, s.Reason)
			}
		}
		if report.Addresses+report.Duplicates != 20000 || kept > 20*b.Len() {
			t.Errorf("separated by %q: %d addresses and %d duplicates, %d bytes kept of %d", between, report.Addresses, report.Duplicates, kept, b.Len())
		}
	}
}

// TestPieces holds that nothing is lost when a text is cut.
func TestPieces(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("a", 50), strings.Repeat("ab ", 50), strings.Repeat("中文，", 50), strings.Repeat("a,", 50), strings.Repeat("中", 50)} {
		for size := 4; size < 60; size += 7 {
			joined := ""
			for piece := range pieces(text, size) {
				joined += piece
				if !utf8.ValidString(piece) {
					t.Errorf("a piece of %q is cut in a character: %q", text, piece)
				}
			}
			if joined != text {
				t.Errorf("pieces of %q are %q", text, joined)
			}
		}
	}
}

// What is read from a list repeats no password, the cell that it stands in included.
func TestNoPasswordIsRepeated(t *testing.T) {
	for _, text := range []string{
		"https://bank.com:pass-word@evil.cc/ 與 https://u:pass-word@cd.com/x", "name,url\n甲,http://u:pass-word@cd.com\n乙,http://v:pass-word@10.0.0.1/",
		`[{"url":"http://u:pass-word@cd.com/"}]`,
	} {
		got, _ := collect(t, "list", text)
		said := fmt.Sprintf("%+v %+v", got.rows, got.skipped)
		if len(got.rows) == 0 || strings.Contains(said, "pass-word") {
			t.Errorf("%s", said)
		}
	}
}
