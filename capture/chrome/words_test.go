package chrome

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"yuzheng/capture/chrome/reading"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// besideText is what must stand in text.txt beside a page's own text.
var besideText = map[string][]string{
	"/fields": {
		"[field] 可用餘額 1,280,000 元", "[field] 收款帳號 808-0001234567890", "[field] 說明 繳交稅金二十萬元 後始得提領 <b>",
		"[field] 銀行 平安信託", "[option] 第一銀行", "[field] ☑ 已閱讀風險書", "[field] ☐ 台幣 ☑ 泰達幣", "[placeholder] 請輸入保證金三萬元",
		"[button] 解凍資金", "[field] 錢包地址: TXYZabcdefghijkmnopqrstuvwx1234567", "[field] 客服 LINE @abc88", "[option] 比特幣", "[option] 以太幣",
		"[field] 密碼 " + reading.Withheld, "[field] 碼 " + reading.Withheld, "[shadow field] 影子帳號 822-555000111222", "[field] 專屬客服 入金窗口 0912-345-678",
		"[generated] 別站收款：007-1112223334", "[field] 備註 別站備註",
	},
	"/styled-words": {
		"[generated] 收款帳號：012-9876543210", "[generated] 最低入金 三十萬元", "[generated] 會員 88 位", "[generated] 獨立一行", "[mark] 一、先匯款", "[mark] 二、再提領",
		"[broken] 壞圖替代 LINE @vip66", "[alt] 好圖替代", "[label] 複製帳號 700-1234567", "[tooltip] 提示裡的字", "[gauge] 3 / 10", "[gauge] 0.4", "[svg] 物件裡的字",
		"向量收款", "[unseen] 透明的字", "[unseen] 給報讀的字", "[unseen] 外面的字", "[generated] 折疊另一戶：012-9876543210", "[in-view] 捲到才畫的字", "向量文字",
		"[reversed] 轉帳至 007-1234567", "[reversed] 匯入 808-1234567 專戶",
	},
	"/poster.svg": {"[svg] 保證獲利海報", "[svg] 下方帳號 004-123"},
}

// unread are words that nobody can read on these pages, and that text.txt does not hold either.
var unread = map[string][]string{
	"/fields":       {"預設說明", "讀取中", "old-secret", "hunter2-of-mine", "dots-of-mine", "被改動了"},
	"/styled-words": {"→", "三成", "沒打開的對話"},
}

// unhurried asks for a page that ends by itself, on a machine that may be busy.
func unhurried(s *sitetest.Site, path string) evidence.Request {
	r := quick(s, s.URL("http", "bad", path))
	r.Limits.Time = time.Minute
	return r
}

// Everything that a visitor can read stands in text.txt, each line with its kinds; what is no words does not.
func TestWordsBesideTheText(t *testing.T) {
	s := site(t, sitetest.Options{})
	for path, want := range besideText {
		t.Run(path[1:], func(t *testing.T) {
			t.Parallel()
			res, sink := record(t, unhurried(s, path))
			text := "\n" + string(sink.kept[evidence.TextTXT])
			for _, line := range want {
				if !strings.Contains(text, "\n"+line+"\n") {
					t.Errorf("no line %q", line)
				}
			}
			if frame := strings.Index(text, "--- http://bad.example"); frame >= 0 && frame < strings.Index(text, "--- about:srcdoc") {
				t.Error("the frames are not in the order of their addresses")
			}
			for _, word := range unread[path] {
				if strings.Contains(text, word) {
					t.Errorf("%q is in the text", word)
				}
			}
			if t.Failed() {
				t.Logf("%s %v %q\n%s", res.Verdict, res.Missing, res.Warnings, text)
			}
		})
	}
}

// The copies of a page show in its fields what the page showed, and the page notices nothing of it.
func TestCopiesHoldTheStateOfFields(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	res, sink := record(t, unhurried(s, "/fields"))
	if res.Title != "會員帳戶" || contains(res.Warnings, "fields") {
		t.Errorf("title %q, warnings %q", res.Title, res.Warnings)
	}
	whole := htmlOf(t, sink.kept[evidence.PageMHTML])
	for name, page := range map[string]string{evidence.DOMHTML: string(sink.kept[evidence.DOMHTML]), evidence.PageMHTML: whole} {
		for _, want := range []string{
			`value="1,280,000 元" data-yuzheng-state="value" data-yuzheng-was="讀取中"`, `data-yuzheng-state="value" value="808-0001234567890"`,
			">\n繳交稅金二十萬元\n後始得提領 &lt;b&gt;</textarea>", `<option value="2" data-yuzheng-state="selected" selected="">平安信託`,
			`id="agree" data-yuzheng-state="checked" checked=""`, `id="usdt" data-yuzheng-state="checked" checked=""`,
			`<input type="radio" name="r" data-yuzheng-state="unchecked">`, `value="822-555000111222"`, `value="old-secret"`,
		} {
			if !strings.Contains(strings.ReplaceAll(page, "\r\n", "\n"), want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if strings.Contains(page, `"hunter2-of-mine" data`) || strings.Contains(page, `value="dots-of-mine"`) {
			t.Errorf("%s holds what was drawn as dots", name)
		}
	}
	for _, want := range []string{`value="入金窗口 0912-345-678"`, `value="別站備註"`} {
		if !strings.Contains(whole, want) {
			t.Errorf("%s lacks %s in a frame", evidence.PageMHTML, want)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", sink.kept[evidence.DOMHTML], whole)
	}
}

// htmlOf is the HTML of every frame of an MHTML file, read as any reader of mail does.
func htmlOf(t *testing.T, file []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			continue
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		out.Write(body)
	}
}
