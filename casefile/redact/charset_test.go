package redact

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"yuzheng/casefile/evidence"
)

// inThat writes a text in a charset.
func inThat(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCharsets: a page in Big5 or GBK, whether its server or its own head says so, is masked and stays in that charset: names, numbers and what is spelled
// otherwise are gone from its bytes, the rest of it is as it was, and the search that shares no code would have found what was left.
func TestCharsets(t *testing.T) {
	const page = `<html><head>%s<title>客戶資料</title></head><body>王小明 0912-345-678 &#21531; %%A4%%FD<i>王</i>小明，帳號 保證獲利</body></html>`
	for name, c := range map[string]struct {
		e           encoding.Encoding
		media, head string
	}{
		"Big5, by the server":     {traditionalchinese.Big5, "text/html; charset=Big5", ""},
		"Big5, by its head":       {traditionalchinese.Big5, "text/html", `<meta http-equiv="Content-Type" content="text/html; charset=big5">`},
		"Big5, as a text":         {traditionalchinese.Big5, "text/plain; charset=cn-big5", ""},
		"GBK, by its head":        {simplifiedchinese.GBK, "text/html", `<meta charset="gb2312">`},
		"GB 18030, by the server": {simplifiedchinese.GBK, "text/html; charset=gb18030", ""},
	} {
		text := fmt.Sprintf(page, c.head)
		data := inThat(t, c.e, text)
		r := redactor(t, evidence.RedactionRules{Words: []string{"王小明"}})
		got := twice(t, r, "page.html", c.media, data)
		if got.LeftOut != "" || got.Masked[evidence.RedactWord] != 2 || got.Masked[evidence.RedactPhone] != 1 {
			t.Errorf("%s: %q %v", name, got.LeftOut, got.Masked)
			continue
		}
		for _, value := range []string{"王小明", "小明", "0912", "345-678"} {
			if bytes.Contains(got.Data, inThat(t, c.e, value)) {
				t.Errorf("%s: %s is in the copy", name, value)
			}
		}
		for _, part := range []string{c.head + "<title>客戶資料</title></head><body>" + maskOf(evidence.RedactWord) + " " + maskOf(evidence.RedactPhone), "，帳號 保證獲利</body></html>"} {
			if !bytes.Contains(got.Data, inThat(t, c.e, part)) {
				t.Errorf("%s: no %q", name, part)
			}
		}
		if err := Remains(r.Values(), "page.html", got.Data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := Remains(r.Values(), "page.html", data); !errors.Is(err, ErrRemains) {
			t.Errorf("%s: nothing is found in the page itself", name)
		}
		if err := Remains([]string{"王小明"}, "page.html", inThat(t, c.e, "<p>王<b>小</b>明")); !errors.Is(err, ErrRemains) {
			t.Errorf("%s: a name that is left is not found", name)
		}
	}
}

// TestCharsetsLeftOut: what cannot be read whole, or is said to be two things, is left out.
func TestCharsetsLeftOut(t *testing.T) {
	big5 := string(inThat(t, traditionalchinese.Big5, "王小明"))
	for name, c := range map[string]struct{ media, data string }{
		"nothing says which":      {"text/html", "<p>" + big5},
		"a byte alone at the end": {"text/html; charset=big5", big5 + "\xa4"},
		"a character of no text":  {"text/html; charset=big5", big5 + "\x88\x62"}, // is written otherwise when it is written again
		"four bytes of GB 18030":  {"text/html; charset=gb18030", "\x810\x810"},
		"another charset":         {"text/html; charset=shift_jis", "\x89\xa4"},
		"marked as UTF-8":         {"text/html; charset=big5", "\xef\xbb\xbf" + "王"},
		"said to be UTF-8":        {"text/html; charset=utf-8", `<meta charset="big5">` + big5},
		"an unknown charset":      {"text/html; charset=x-none", big5},
		"escapes":                 {"text/html; charset=big5", big5 + "\x1b$B"},
	} {
		if got := redactor(t, evidence.RedactionRules{}).Piece("a.html", c.media, []byte(c.data)); got.LeftOut != evidence.LeftCharset {
			t.Errorf("%s: %q, %s", name, got.LeftOut, strings.ToValidUTF8(string(got.Data), "?"))
		}
	}
}
