package identify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// brief gives each find as kind:value, with "checked" and "guess" behind.
func brief(list []Found) (out []string) {
	for _, f := range list {
		s := fmt.Sprintf("%s:%s", f.Kind, f.Value)
		if f.Checked {
			s += " checked"
		}
		if f.Guess {
			s += " guess"
		}
		out = append(out, s)
	}
	return out
}

// TestWords reads what people write.
//
// Every kind that is written is found.
func TestWords(t *testing.T) {
	kinds := map[evidence.IdentifierKind]bool{}
	for text, want := range map[string][]string{
		// LINE
		"LINE ID：Abc_123 加我":                                  {"line_id:abc_123"},
		"加line@VIP168，line: x-y.z":                            {"line_id:@vip168", "line_id:x-y.z"},
		"Line的ID是abc-1":                                       {"line_id:abc-1"},
		"賴 = happy888":                                        {"line_id:happy888"},
		"LINE客服：@abc88":                                       {"line_id:@abc88"},
		"加LINE ID happygirl":                                  {"line_id:happygirl"},
		"ＬＩＮＥ：＠ＡＢＣ88":                                         {"line_id:@abc88"},
		"LINE：@a\u200bb\u00adc88":                             {"line_id:@abc88"},
		"官方賴@abc.88-":                                         {"line_id:@abc.88"},
		"line: abcdefghijklmnopqrstuvwxyz12345":               {"line_id:abcdefghijklmnopqrstuvwxyz12345"},
		"online: casino, line up, airline: delta, line ideas": nil,
		"LINE ID\nWhatsApp\nEmail":                            nil, // headings of fields
		"LINE:\nTelegram:":                                    nil,
		"LINE ID\nabc123":                                     {"line_id:abc123"},
		"line = strings.TrimSpace(line); line = line[1:]":     nil,
		"https://line.me/R/ti/p/%40abc88 line.me/ti/p/~Abc88": {"url:https://line.me/R/ti/p/%40abc88", "line_id:@abc88", "line_id:abc88"},
		"lin.ee/AbC12?x line.me/R/ti/g2/Ab-Cd line.me/ti/p/Ab3dE5": {
			"line_link:lin.ee/AbC12", "line_link:line.me/ti/g2/Ab-Cd", "line_link:line.me/ti/p/Ab3dE5",
		},

		// telephones
		"0912-345-678、+886 912 345 679、886-2-2345-6789":  {"phone:+886912345678", "phone:+886912345679", "phone:+886223456789"},
		"02-2345-6789 049-2000-000 0800-123-456":         {"phone:+886223456789", "phone:+886492000000", "phone:+886800123456"},
		"(02)2345-6789 070-1234-5678 +886 (0)4 712 3456": {"phone:+886223456789", "phone:+8867012345678", "phone:+88647123456"},
		"+886 912-345-678 02-2345-6789":                  {"phone:+886912345678", "phone:+886223456789"},
		"00886912345678 002886 2 2345 6789":              {"phone:+886912345678", "phone:+886223456789"},
		"0912345678line同號 tel0912345679 Tel.0912345670":  {"phone:+886912345678", "phone:+886912345679", "phone:+886912345670"},
		"1.0912345678\n2-0987654321\n①0911111111":        {"phone:+886912345678", "phone:+886987654321", "phone:+886911111111"},
		"⓪⑨①② ③④⑤ ⑥⑦⑧":                                   {"phone:+886912345678"},
		"+0912345678":                                    {"phone:+886912345678"},
		"+852 2345 6789、+85223456789":                    {"phone:+85223456789", "phone:+85223456789"},
		"0223456789":                                     {"phone:+886223456789 guess"},
		"a1b0912345678c2 a0912345678c2 25.0912345678":    nil,
		"091234567 09123456789 20260912345678":           {"account:091234567 guess", "account:09123456789 guess", "account:20260912345678 guess"},
		"0912-345-6789":                                  {"account:09123456789 guess"}, // nobody's number, and still told where it changes
		"1+12345678":                                     {"phone:+12345678 guess"},
		"+123456789012345678":                            {"account:123456789012345678 guess"},

		// chats, mail, addresses
		"t.me/Joinchat_1 https://t.me/+abcDEF12":   {"telegram:joinchat_1", "url:https://t.me/+abcDEF12", "telegram:+abcDEF12"},
		"t.me/joinchat/abcDEF12":                   {"telegram:+abcDEF12"},
		"wa.me/886912345678 wa.me/message/ABC123":  {"whatsapp:+886912345678", "whatsapp:ABC123"},
		"api.whatsapp.com/send?phone=886912345678": {"whatsapp:+886912345678"},
		"Mail: Help@Site.Example.":                 {"email:help@site.example"},
		"追蹤 @VIP66 與 a@b.example":                  {"handle:@vip66 guess", "email:a@b.example"},
		"請看 HTTPS://Site.example/A?b=1#c。":         {"url:https://site.example/A"},

		// accounts
		"帳號：012-345678":                {"account:012345678"},
		"銀行帳號：\u00a0808 0001234567890": {"account:8080001234567890"},
		"帳號 808-0001234567890 500 元":   {"account:8080001234567890500 guess", "account:8080001234567890"},
		"入金帳號 (808) 0001234567890":     {"account:0001234567890 guess"},
		"匯款 30000 元，單號 123456789":      {"account:30000 guess", "account:123456789 guess"},
		"匯款 30,000 元，2026-11-28 開始":    nil,
		"Account No. 123-456-7890-12":  {"account:123456789012 guess"},
		"822-555000111222":             {"account:822555000111222 guess"},
		"8080001234567 8225550001112":  {"account:8080001234567 guess", "account:8225550001112 guess"},
		"1764367562 1764367562123":     nil, // moments
		"3.141592653589 a123456789":    nil,
		"帳號末五碼 12345":                  {"account:12345 guess"},
		"帳號 021-2345678":               {"phone:+886212345678", "account:0212345678"},
		"LINE帳號：1234567890":            {"line_id:1234567890"},

		// wallets
		"匯入bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4。": {"bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 checked"},
		"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4":    {"bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 checked"},
		"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa":            {"bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa checked"},
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t":            {"tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t checked"},
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u":            nil,
		"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed":    {"ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed":    {"ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed checked"},
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD":    nil,
		"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00":  nil, // the hash of something
	} {
		list, more := Find(text, Words)
		if got := brief(list); !slices.Equal(got, want) || more {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
		for _, f := range list {
			kinds[f.Kind] = true
		}
	}
	for _, kind := range evidence.IdentifierKinds {
		if !kinds[kind] {
			t.Errorf("no text here has %s", kind)
		}
	}
}

// TestData reads what programs and servers write: what is written in them as in running words is mostly something else.
func TestData(t *testing.T) {
	for text, want := range map[string][]string{
		`{line: "x", tel:"0912345678"}`:                      {"phone:+886912345678"},
		`line = abc123; {a: "line:@abc88"}`:                  {"line_id:@abc88"},
		`@media print { } .a { b: url(https://a.example/) }`: nil,
		`img-0912345678.png x0912345678 25.0912345678`:       nil,
		`<a href="https://lin.ee/AbC12">`:                    {"line_link:lin.ee/AbC12"},
		`{"payee":"808-0001234567890"}`:                      {"account:8080001234567890 guess"},
	} {
		list, _ := Find(text, Data)
		if got := brief(list); !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
	list, _ := Find(`<a href="https://t.me/Abc_1">0912345678 a@b.example</a> 帳號 808-0001234567890`, Links)
	if got := brief(list); !slices.Equal(got, []string{"telegram:abc_1"}) {
		t.Errorf("links alone: %q", got)
	}
}

// TestCanonical holds that one identifier has one form, however it is written, and what is none of its kind has no form.
func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		kind evidence.IdentifierKind
		want string
		of   []string
	}{
		{evidence.IdentifierPhone, "+886912345678", []string{"0912345678", "0912 345 678", "＋８８６９１２３４５６７８", "886-912-345-678", "+886 (0)912-345-678", "002886912345678"}},
		{evidence.IdentifierPhone, "", []string{"", "+", "12345", "0912", "09123456789", "+0", "abc", "+1234567", "+1234567890123456"}},
		{evidence.IdentifierLine, "@abc88", []string{"@ABC88", " ＠abc88 ", "%40abc88"}},
		{evidence.IdentifierLine, "abc88", []string{"~Abc88"}},
		{evidence.IdentifierLine, "", []string{"", "@", "這是", "a b"}},
		{evidence.IdentifierLineLink, "lin.ee/AbC12", []string{"https://LIN.ee/AbC12?x=1"}},
		{evidence.IdentifierTelegram, "+AbC1", []string{"joinchat/AbC1", "+AbC1"}},
		{evidence.IdentifierTelegram, "abc_1", []string{"@Abc_1"}},
		{evidence.IdentifierWhatsApp, "+886912345678", []string{"886912345678", "+886912345678", "0912345678"}},
		{evidence.IdentifierEmail, "a@b.example", []string{"A@B.example"}},
		{evidence.IdentifierEmail, "", []string{"a", "@b", "a@", "a b@c.example", strings.Repeat("a", 320) + "@b.example"}},
		{evidence.IdentifierAccount, "8080001234567890", []string{"808-0001234567890", "808 000 123 456 7890"}},
		{evidence.IdentifierAccount, "", []string{"1234", "2026-11-28 12", "abc"}},
		{evidence.IdentifierEthereum, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", []string{"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"}},
		{evidence.IdentifierTron, "", []string{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"}},
		{evidence.IdentifierTelegram, "", []string{"", "a b", "+", "名"}},
		{evidence.IdentifierWhatsApp, "", []string{"", "a b"}},
		{evidence.IdentifierLineLink, "", []string{"", "https://evil.example/ti/p/x", "lin.ee"}},
		{evidence.IdentifierURL, "https://a.example/B", []string{"HTTPS://A.example/B?c#d", "https://A.example/B#d"}},
		{evidence.IdentifierURL, "", []string{"", "a.example", "ftp://a.example"}},
		{evidence.IdentifierHandle, "@vip66", []string{"@VIP66", "vip66"}},
		{evidence.IdentifierOldWallet, "", []string{"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"}}, // nothing writes it any more
	} {
		for _, text := range c.of {
			if got, _, ok := Canonical(c.kind, text); ok != (c.want != "") || ok && got != c.want {
				t.Errorf("%s %q: %q, want %q", c.kind, text, got, c.want)
			}
		}
	}
}

// TestPlaces holds that a find tells where it stands in the text as it was given.
func TestPlaces(t *testing.T) {
	for text, want := range map[string]string{
		"客服ＬＩＮＥ：＠ＡＢＣ88，謝謝":                         "＠ＡＢＣ88",
		"\u200b電話\u200b ０912-3\u00ad45-678\u200b。": "０912-3\u00ad45-678",
		"㏂ﬀ oﬃce@a.example x":                      "oﬃce@a.example",
		"電話 +886 912 345 678":                      "+886 912 345 678",
	} {
		list, _ := Find(text, Words)
		if len(list) != 1 || text[list[0].Begin:list[0].End] != want {
			t.Errorf("%q: %+v, want %q", text, list, want)
		}
	}
}

// TestMore holds that a text of ever so many identifiers ends, and says that it did.
func TestMore(t *testing.T) {
	for _, one := range []string{"a@b.example ", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t "} {
		list, more := Find(strings.Repeat(one, maxFound+1), Words)
		if len(list) != maxFound || !more {
			t.Errorf("%s: %d, %v", one, len(list), more)
		}
	}
}

// FuzzFind holds of any text, in every reading: finds stand in order, whole characters of the text, and what stands there has the value that was
// found as its canonical form, which is its own canonical form.
func FuzzFind(f *testing.F) {
	for _, text := range []string{
		"客服ＬＩＮＥ：＠ＡＢＣ88 lin.ee/AbC12 line.me/ti/p/~a_b", "t.me/joinchat/abcDEF12 wa.me/886912345678 a@b.example @vip66 https://a.example/b?c", "+886 (0)912-345-678 02-2345-6789 +852 2345 6789",
		"帳號：012-345678 匯款 30000 8080001234567", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		"\xff\u200b①②㏂ﬃ\u00ad", "@㏂", "https://a.example\v https://b.example\u0085 https://c.example\u00a0x", "@abc½ @ab㏂ https://a.example/㏂ 賴 ＩＤ：ab㏂",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, as := range []Reading{Words, Data, Links} {
			list, _ := Find(text, as)
			before := 0
			for _, x := range list {
				if x.Begin < before || x.End <= x.Begin || x.End > len(text) || !starts(text, x.Begin) || !starts(text, x.End) {
					t.Fatalf("%q: %+v behind %d", text, x, before)
				}
				before = x.Begin
				there, _, ok := Canonical(x.Kind, text[x.Begin:x.End])
				again, _, still := Canonical(x.Kind, x.Value)
				if !ok || there != x.Value || !still || again != x.Value {
					t.Fatalf("%q: %+v, read again %q, its value %q", text, x, there, again)
				}
			}
		}
	})
}

// starts reports whether a character begins at i, or the text ends there.
func starts(text string, i int) bool {
	return i == len(text) || utf8.RuneStart(text[i]) || !utf8.ValidString(text)
}
