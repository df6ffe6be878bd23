package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// person is somebody who is in no list: numbers whose checksums hold.
var person = struct{ id, residence, oldResidence, mobile, landline, account, card, mail, name string }{
	"A123456789", "A800000014", "AC01234567", "0912345678", "02-2765-4321", "822-123456789012", "4111111111111111", "wang.xm@mail.example", "王小明",
}

func redactor(t testing.TB, rules evidence.RedactionRules) *Redactor {
	t.Helper()
	r, err := New(rules)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// twice masks a part as an exhibit is masked.
func twice(t testing.TB, r *Redactor, name, media string, data []byte) Copy {
	t.Helper()
	r.Piece(name, media, data)
	if err := r.Known(); err != nil {
		t.Fatal(err)
	}
	return r.Piece(name, media, data)
}

// Each kind is found in every form in which people write it, and what only looks like it is not.
func TestFound(t *testing.T) {
	cases := []struct {
		kind evidence.RedactionKind
		text string
	}{
		{evidence.RedactID, "身分證A123456789號"},
		{evidence.RedactID, "a123456789"},
		{evidence.RedactID, "Ａ１２３４５６７８９"},
		{evidence.RedactID, "A 1234-56789"},
		{evidence.RedactResidence, "A800000014"},
		{evidence.RedactResidence, "AC01234567"},
		{evidence.RedactPhone, "0912345678"},
		{evidence.RedactPhone, "0912-345-678"},
		{evidence.RedactPhone, "０９１２　３４５　６７８"},
		{evidence.RedactPhone, "09 12 34 56 78"},
		{evidence.RedactPhone, "+886912345678"},
		{evidence.RedactPhone, "+886 (0)912 345 678"},
		{evidence.RedactPhone, "00886-912-345678"},
		{evidence.RedactPhone, "tel0912345678x"},
		{evidence.RedactPhone, "1.0912345678"},
		{evidence.RedactPhone, "0912.345.678"},
		{evidence.RedactPhone, "070-1234-5678"},
		{evidence.RedactPhone, "0\u200b9\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8"},
		{evidence.RedactPhone, "٠٩١٢٣٤٥٦٧٨"},
		{evidence.RedactPhone, "０9𝟙2③45678"},
		{evidence.RedactPhone, "(02)2765-4321"},
		{evidence.RedactPhone, "02 2765 4321"},
		{evidence.RedactPhone, "0227654321"},
		{evidence.RedactPhone, "03-3345678"},
		{evidence.RedactPhone, "037-123456"},
		{evidence.RedactPhone, "+886-2-2765-4321"},
		{evidence.RedactAccount, "822-123456789012"},
		{evidence.RedactAccount, "(700) 0021234 0567890"},
		{evidence.RedactAccount, "8221234567890123"},
		{evidence.RedactAccount, "帳號：123456789012"},
		{evidence.RedactAccount, "戶頭</td><td>0021234-0567890"},
		{evidence.RedactCard, "4111 1111 1111 1111"},
		{evidence.RedactCard, "4111-1111-1111-1111"},
		{evidence.RedactCard, "378282246310005"},
		{evidence.RedactEmail, "寫信到wang.xm@mail.example。"},
		{evidence.RedactEmail, "mailto:wang.xm%40mail.example?subject=x"},
	}
	for _, c := range cases {
		got := redactor(t, evidence.RedactionRules{}).text(c.text)
		if got.Masked[c.kind] != 1 || !strings.Contains(string(got.Data), maskOf(c.kind)) {
			t.Errorf("%q: %v %q", c.text, got.Masked, got.Data)
		}
	}
	for _, text := range []string{
		"A123456788", "A800000015", "AC01234568", "2026-11-30 12:00:00", "02-12-2024 10:15", "1732960000000", "20261130120000", "20261130120000123",
		"logo@2x.png", "react@18.2.0", "3.1415926535897932", "0000", "v1.2.3", "192.168.100.200:8080", "165", "NT$1,234,567", "2.6457513110645907", "ubuntu-18.04-20230714",
		"M31.5 25.8 58.9 0 96.5-58.9 104.2-114.8", "c-1.6 1-1.6 3.6 0 5.9 1.6s9.4-24.6 0-33.9l-65-65",
		"da39a3ee5e6b4b0d3255bfef95601890afd80709", "/static/app.0912345678abcdef0123456789.js",
	} {
		got := redactor(t, evidence.RedactionRules{}).text(text)
		if string(got.Data) != text {
			t.Errorf("%q became %q", text, got.Data)
		}
	}
}

// The word of a mask is none that stands before an account.
func TestMaskIsNoWord(t *testing.T) {
	const text = "822-123456789012 共 20261130 筆"
	if got := twice(t, redactor(t, evidence.RedactionRules{}), "a", "text/plain", []byte(text)); string(got.Data) != maskOf(evidence.RedactAccount)+" 共 20261130 筆" {
		t.Errorf("%s", got.Data)
	}
}

// A number of which Luhn's sum does not hold is no card; it may be an account.
func TestLuhn(t *testing.T) {
	for text, want := range map[string]int{"4111 1111 1111 1111": 1, "4111 1111 1111 1112": 0, "5500005555555559": 1, "5500005555555558": 0} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); got.Masked[evidence.RedactCard] != want {
			t.Errorf("%s: %v", text, got.Masked)
		}
	}
}

// The checksum of 身分證 is that of the vectors of the authorities: of the ten last digits one holds.
func TestIDSum(t *testing.T) {
	for _, stem := range []string{"A12345678", "Z29999999", "A80000001"} {
		holds := 0
		for d := range 10 {
			if got := redactor(t, evidence.RedactionRules{}).text(fmt.Sprint(stem, d)); len(got.Masked) == 1 {
				holds++
			}
		}
		if holds != 1 {
			t.Errorf("%s: %d digits hold", stem, holds)
		}
	}
}

// spellings are the ways in which somebody writes a text who wants it to be read and not found.
func spellings(text string) map[string]string {
	each := func(format func(c rune) string) string {
		var b strings.Builder
		for _, c := range text {
			b.WriteString(format(c))
		}
		return b.String()
	}
	bytewise := each(func(c rune) string {
		var b strings.Builder
		for _, x := range []byte(string(c)) {
			fmt.Fprintf(&b, "%%%02X", x)
		}
		return b.String()
	})
	wide := each(func(c rune) string {
		if c > ' ' && c < 0x7f {
			return string(c + 0xfee0)
		}
		return string(c)
	})
	units := each(func(c rune) string { return fmt.Sprintf(`\u%04x`, c) })
	return map[string]string{
		"plain": text, "wide": wide,
		"zero width":   each(func(c rune) string { return string(c) + "\u200b\u2060" }),
		"soft hyphens": each(func(c rune) string { return "\u00ad" + string(c) }),
		"decimal":      each(func(c rune) string { return fmt.Sprintf("&#%d;", c) }),
		"hex":          each(func(c rune) string { return fmt.Sprintf("&#x%X;", c) }),
		"bare":         each(func(c rune) string { return fmt.Sprintf("&#%d", c) + "\u200b" }),
		"zeros":        each(func(c rune) string { return fmt.Sprintf("&#000%d;", c) }),
		"percent":      bytewise, "percent twice": strings.ReplaceAll(bytewise, "%", "%25"), "query": "https://h.example/?q=" + url.QueryEscape(text) + "&x=1",
		"units": units, "units twice": strings.ReplaceAll(units, `\`, `\\`),
		"points":             each(func(c rune) string { return fmt.Sprintf(`\u{%x}`, c) }),
		"style":              each(func(c rune) string { return fmt.Sprintf(`\%x `, c) }),
		"tags":               each(func(c rune) string { return "<b>" + string(c) + "</b>" }),
		"comments":           each(func(c rune) string { return string(c) + "<!-- > -->" }),
		"custom":             each(func(c rune) string { return "<x-y title='>'>" + string(c) + "</x-y>" }),
		"blanks":             each(func(c rune) string { return string(c) + "<i title = \" > \">" }),
		"odd quotes":         each(func(c rune) string { return "<i a=\">" + string(c) + "</i>" }),
		"no tags":            each(func(c rune) string { return "<>" + string(c) + "<1>" }),
		"tags, escaped":      html.EscapeString(each(func(c rune) string { return "<i>" + string(c) + "</i>" })),
		"attribute":          `<input value="` + html.EscapeString(text) + `">`,
		"base64":             base64.StdEncoding.EncodeToString([]byte("user:" + text)),
		"base64 url":         base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"` + text + `"}`)),
		"base64 among bytes": base64.StdEncoding.EncodeToString([]byte("\x08\xd3\x12" + text + "\xff\x00\x01")),
		"hexadecimal":        hex.EncodeToString([]byte("x=" + text)),
		"base64 lines": base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", 45) + text + strings.Repeat("-", 45)))[:76] + "\n" +
			base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", 45) + text + strings.Repeat("-", 45)))[76:],
		"data": "data:text/plain;base64," + base64.StdEncoding.EncodeToString([]byte(text)),
		"json": `{"a":` + string(must(json.Marshal(map[string]string{"v": text}))) + `}`,
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// A value is found in every spelling, in a page as in a program, and the search that knows nothing of the making finds none of it either.
func TestEverySpelling(t *testing.T) {
	rules := evidence.RedactionRules{Words: []string{person.name}, Expressions: []string{`案號[0-9]+`}}
	values := []string{person.id, person.residence, person.oldResidence, person.mobile, person.account, person.card, person.mail, person.name, "案號4711"}
	for _, value := range values {
		for name, text := range spellings(value) {
			r := redactor(t, rules)
			data := []byte("<p>聯絡 " + text + " 謝謝</p>")
			if name == "json" {
				data = []byte(text)
			}
			got := twice(t, r, "x", "text/html", data)
			if got.LeftOut != "" || len(got.Masked) == 0 {
				t.Errorf("%s of %s: %+v %s", name, value, got, got.Data)
				continue
			}
			if err := Remains([]string{core(evidence.RedactWord, plain(value))}, name, got.Data); err != nil {
				t.Errorf("%s of %s: %v in %q", name, value, err, got.Data)
			}
			for as, form := range spellings(value) {
				if strings.Contains(string(got.Data), form) {
					t.Errorf("%s of %s: %s is there", name, value, as)
				}
			}
		}
	}
}

// What was found once is masked where it is part of something longer, in all parts, and backwards.
func TestFoundElsewhere(t *testing.T) {
	r := redactor(t, evidence.RedactionRules{})
	r.Piece("a", "text/plain", []byte("0912345678"))
	if err := r.Known(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"120912345678000", "x0912345678abcdefabcdefabcdef", "8765432190", "0912\n\n\n\n\n345678", "09、12、34、56、78"} {
		if got := r.text(text); len(got.Masked) == 0 {
			t.Errorf("%q stays", text)
		}
	}
}

// A number that a person gave as a word, a day of birth, is masked however it is written, and the search agrees.
func TestNumberAsWord(t *testing.T) {
	for _, text := range []string{"19900102", "1990-01-02", "1990/01/02", "１９９０・０１・０２", "id19900102x"} {
		r := redactor(t, evidence.RedactionRules{Words: []string{"1990-01-02"}})
		got := twice(t, r, "a.txt", "text/plain", []byte(text))
		if err := Remains(r.Values(), "a.txt", got.Data); err != nil || got.Masked[evidence.RedactWord] != 1 {
			t.Errorf("%s became %s: %v", text, got.Data, err)
		}
	}
}

// JSON stays JSON, and what was a number is a string.
func TestJSON(t *testing.T) {
	for _, text := range []string{
		`{"phone":912345678901234,"n":1,"a":["0912345678",-1.5e3]}`, `{"bank":"822","account":"0123456789012"}`, `{"account":123456789012}`,
		`{"m":"\u0030912345678","s":"{\"tel\":\"0912-345-678\"}","0912345678":true}`, `[4111111111111111,"a\\",4111111111111111]`,
		`"0912345678"`, `8221234567890123`,
		`"\u001b[31m0912345678\u001b[0m"`,
	} {
		r := redactor(t, evidence.RedactionRules{})
		got := twice(t, r, "a.json", "application/json", []byte(text))
		if got.LeftOut != "" || !json.Valid(got.Data) || len(got.Masked) == 0 {
			t.Errorf("%s became %s %v", text, got.Data, got.LeftOut)
		}
		if err := Remains(r.Values(), "a.json", got.Data); err != nil {
			t.Errorf("%s became %s: %v", text, got.Data, err)
		}
	}
	same := `{"a": 1.50, "b":"\/", "c":"\u00e9"}`
	if got := redactor(t, evidence.RedactionRules{}).json([]byte(same)); string(got.Data) != same {
		t.Errorf("what holds nothing became %s", got.Data)
	}
}

// A hash that may be of something masked does not stay: it would tell who tries all numbers which one stood there.
func TestHashes(t *testing.T) {
	const sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	got := redactor(t, evidence.RedactionRules{}).json([]byte(`{"sha256":"` + sum + `","x":"sha256:` + sum + `","t":"see ` + sum[:20] + `"}`))
	if strings.Contains(string(got.Data), sum) || got.Masked[evidence.RedactHash] != 2 {
		t.Errorf("%s", got.Data)
	}
}

// Rules that cannot be meant are refused.
func TestRules(t *testing.T) {
	for _, text := range []string{
		``, `{`, `[]`, `{"word":["x"]}`, `{"kinds":["passport"]}`, `{"words":["王"]}`, `{"words":["電話"]}`, `{"expressions":["("]}`, `{"expressions":["a*"]}`,
		`{"expressions":["."]}`, `{"leave_out":"a"}`, `{"pictures":{"a.png":[{"x":0,"y":0,"width":0,"height":1}]}}`, `{} {}`,
	} {
		if _, err := ParseRules(strings.NewReader(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	rules, err := ParseRules(strings.NewReader(`{"kinds":["id"],"words":["王小明"],"expressions":["案號[0-9]+"],"pictures":{"a.png":[]}}`))
	if err != nil || len(rules.Kinds) != 1 {
		t.Fatal(rules, err)
	}
	if got := redactor(t, rules).text("0912345678 A123456789"); string(got.Data) != "0912345678 "+maskOf(evidence.RedactID) {
		t.Errorf("%s", got.Data)
	}
}

// What the rules leave out is not in the copy, whatever it is.
func TestLeaveOut(t *testing.T) {
	r := redactor(t, evidence.RedactionRules{LeaveOut: []string{"a.txt", "https://h.example/b"}})
	for name, want := range map[string]evidence.RedactionReason{"a.txt": evidence.LeftByRule, "https://h.example/b": evidence.LeftByRule, "b.txt": ""} {
		if got := r.Piece(name, "text/plain", []byte("x")); got.LeftOut != want {
			t.Errorf("%s: %q", name, got.LeftOut)
		}
	}
}

// Texts that cannot be read for certain are left out.
func TestLeftOut(t *testing.T) {
	big5 := "\xa4\xfd\xa4\xa4" // 王中
	for _, c := range []struct {
		name, media, data string
		want              evidence.RedactionReason
	}{
		{"a.html", "text/html", big5, evidence.LeftCharset},
		{"a.html", "text/html; charset=big5", "王", evidence.LeftCharset},
		{"a.html", "text/html; charset=iso-2022-jp", "\x1b$B2&\x1b(B", evidence.LeftCharset},
		{"a.pdf", "application/pdf", "%PDF-1.7\n", evidence.LeftPDF},
		{"a.txt", "text/plain", "\n%PDF-1.7\n", evidence.LeftPDF},
		{"a.png", "image/png", "\x89PNG\r\n\x1a\n", evidence.LeftPicture},
		{"a.html", "text/html", "GIF89a", evidence.LeftPicture},
		{"a.mp4", "video/mp4", "\x00\x00\x00\x18ftypmp42", evidence.LeftFormat},
		{"a.txt", "text/plain", "\x00\x01\x02", evidence.LeftFormat},
		{"a.zip", "", "PK\x03\x04", evidence.LeftDamaged},
		{"a.svg", "image/svg+xml", "<svg><path d='M0 0'/></svg>", evidence.LeftPicture},
		{"a.xml", "text/xml", "<?xml version='1.0'?><svg/>", evidence.LeftPicture},
		{"a.xml", "text/xml", "<!DOCTYPE p [<!ENTITY a '0912'>]><p>&a;345678</p>", evidence.LeftFormat},
		{"a.json", "application/json", `"` + big5 + `"`, evidence.LeftCharset},
		{"a.pem", "", "-----BEGIN CERTIFICATE-----\n", evidence.LeftFormat},
		{"a.txt", "text/plain", strings.Repeat("a", maxText+1), evidence.LeftLarge},
	} {
		if got := redactor(t, evidence.RedactionRules{}).Piece(c.name, c.media, []byte(c.data)); got.LeftOut != c.want {
			t.Errorf("%s %q: %q instead of %q", c.name, c.data[:min(9, len(c.data))], got.LeftOut, c.want)
		}
	}
}

// Whatever comes in, nothing panics, nothing that is found is in what comes out, and the search that shares no code agrees.
func FuzzPiece(f *testing.F) {
	for _, text := range spellings(person.mobile) {
		f.Add("text/html", []byte(text))
		f.Add("application/json", []byte(text))
	}
	f.Add("multipart/related; boundary=x", []byte("Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n0912345678\r\n--x--"))
	f.Add("", []byte("PK\x03\x04"))
	f.Add("text/html", []byte("0912345678 0912<1>345678 09<>1<x <y>2345678"))
	f.Add("text/html", []byte(" 000000000A0000000000000 000000000000 0000000000"))
	f.Add("text/css", []byte("0912345678 CNMSOTEyMzQ1Njc4/wAB"))
	f.Fuzz(func(t *testing.T, media string, data []byte) {
		seen := map[string][]evidence.RedactionBox{"a": {{X: 0, Y: 0, Width: 1, Height: 1}}}
		r := redactor(t, evidence.RedactionRules{Words: []string{person.name}, Pictures: seen})
		got := twice(t, r, "a", media, data)
		if got.LeftOut != "" {
			return
		}
		if err := Remains(r.Values(), "a", got.Data); err != nil {
			t.Errorf("%q became %q: %v", data, got.Data, err)
		}
		again := r.Piece("a", media, got.Data)
		delete(again.Masked, evidence.RedactBox) // it is covered again
		if again.LeftOut == "" && len(again.Masked) > 0 && !strings.HasPrefix(media, "multipart/") {
			t.Errorf("%q became %q, in which %v is found", data, got.Data, again.Masked)
		}
	})
}
