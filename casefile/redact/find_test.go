package redact

import (
	"fmt"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// foundAs masks a text and reports what a kind of it was masked to.
func foundAs(t *testing.T, kind evidence.RedactionKind, media, text string, rest ...string) {
	t.Helper()
	r := redactor(t, evidence.RedactionRules{})
	got := twice(t, r, "a", media, []byte(text))
	if got.Masked[kind] == 0 {
		t.Errorf("%q: %v", text, got.Masked)
	}
	for _, v := range rest {
		if strings.Contains(string(got.Data), v) {
			t.Errorf("%q became %q, in which %s stays", text, got.Data, v)
		}
	}
	if err := Remains(r.Values(), "a", got.Data); err != nil {
		t.Errorf("%q became %q: %v", text, got.Data, err)
	}
}

// Any mark of the closed set may stand in any kind of number, once or with blanks, where the number is grouped as people group it.
func TestMarks(t *testing.T) {
	marks := []string{
		"-", " ", "  ", ".", "/", ",", "，", "、", "。", "|", "｜", "'", "’", ";", "；", "=", "·", "‧", "・", "･", "•", "∙", "⋅", "●", "○", "→", "🔸", "☎", "～", "…",
		"_", "\u2010", "\u2014", " - ", "、 ", "\u3000", "\\", ":", "：", "+",
	}
	for _, m := range marks {
		for kind, groups := range map[evidence.RedactionKind][]string{
			evidence.RedactPhone: {"0912", "345", "678"}, evidence.RedactCard: {"4111", "1111", "1111", "1111"}, evidence.RedactID: {"A123", "456", "789"},
			evidence.RedactAccount: {"822", "1234", "5678", "9012"},
		} {
			text := strings.Join(groups, m)
			if kind == evidence.RedactCard && strings.ContainsAny(m, " \u3000") && strings.TrimSpace(m) != "" && m != " - " {
				continue
			}
			got := redactor(t, evidence.RedactionRules{}).text("見 " + text + " 止")
			if got.Masked[kind] != 1 || strings.Contains(string(got.Data), groups[1]) {
				t.Errorf("%s with %q: %v %q", kind, m, got.Masked, got.Data)
			}
		}
	}
	for _, text := range []string{
		"NT$886,912,345,678 元", "886,912,345,678", "1,234,567,890,123,456", "[0,9,1,2,3,4,5,6,7,8]", "09,12,34,56,78", "2019,2020,2021,2022", "2021/2022/2023/2024",
		"121.5654321098765", "25.0339639,121.5644722", "{a:0.912345678,b:0.5}", "a=123456789", "M12.345.678c123.456.789.012", "0912&345&678", `"0912","345","678"`,
		"2026.11.30,12:00", "1732960000000,1732960000001",
	} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); string(got.Data) != text {
			t.Errorf("%q became %q", text, got.Data)
		}
	}
}

// Digits in whatever a keyboard of emoji, a list or a circle makes of them are digits.
func TestDigits(t *testing.T) {
	each := func(format string) string {
		var b strings.Builder
		for _, c := range "0912345678" {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
	for _, text := range []string{each("%c\ufe0f\u20e3"), each("%c\u20e3"), "09１2\ufe0f\u20e3345678", each("%c\u20dd"), "0⒐⒈⒉⒊⒋⒌⒍⒎⒏", "0⑼⑴⑵⑶⑷⑸⑹⑺⑻", "🄀⒐⒈⒉⒊⒋⒌⒍⒎⒏"} {
		foundAs(t, evidence.RedactPhone, "text/plain", text, text)
	}
	if got := redactor(t, evidence.RedactionRules{}).text(each("%c\ufe0f\u20e3") + "。"); string(got.Data) != maskOf(evidence.RedactPhone)+"。" {
		t.Errorf("the frame of the last key stays: %q", got.Data)
	}
	foundAs(t, evidence.RedactPhone, "text/plain", `<w:r><w:sym w:font="Symbol" w:char="F030"/><w:t>912345678</w:t></w:r>`, "912345678", "w:sym")
}

// A number that alone would be none is one behind the word, or under the heading, that says what it is.
func TestNamed(t *testing.T) {
	for _, c := range []struct {
		kind evidence.RedactionKind
		text string
		gone []string
	}{
		{evidence.RedactAccount, "局號：0001234 帳號：0123456", []string{"0001234", "0123456"}},
		{evidence.RedactAccount, "局號 000123-4 帳號 012345-6", []string{"000123", "012345"}},
		{evidence.RedactAccount, "局號0001234帳號0123456", []string{"0001234", "0123456"}},
		{evidence.RedactAccount, "郵局 0001234-0123456", []string{"0001234", "0123456"}},
		{evidence.RedactAccount, "戶名某 中華郵政 0001234 0123456", []string{"0001234", "0123456"}},
		{evidence.RedactAccount, "玉山銀行 0543-940-012345", []string{"0543", "012345"}},
		{evidence.RedactAccount, "台新 2001-01-0001234-5", []string{"2001", "0001234"}},
		{evidence.RedactAccount, "中信 107-53-1234567", []string{"107", "1234567"}},
		{evidence.RedactAccount, "帳號：0543•940•012345", []string{"0543", "012345"}},
		{evidence.RedactAccount, "戶名,帳號\n某,012345678901\n", []string{"012345678901"}},
		{evidence.RedactPhone, "電話 912345678", []string{"912345678"}},
		{evidence.RedactPhone, "手機：912-345-678", []string{"912", "678"}},
		{evidence.RedactPhone, "手機 912345678、923456789", []string{"912345678", "923456789"}},
		{evidence.RedactPhone, "手機 0912345678、923456789", []string{"912345678", "923456789"}},
		{evidence.RedactPhone, "電話 2712-3456", []string{"2712", "3456"}},
		{evidence.RedactPhone, "電話：3345678", []string{"3345678"}},
		{evidence.RedactPhone, "電話,912345678.0", []string{"912345678"}},
		{evidence.RedactPhone, "電話 9.12346E+08", []string{"9.12346"}},
		{evidence.RedactPhone, `{"phone": 912345678}`, []string{"912345678"}},
		{evidence.RedactPhone, "家電,(2)27123456", []string{"27123456"}},
		{evidence.RedactPhone, "Tel: 2 2712 3456", []string{"2712"}},
		{evidence.RedactPhone, "姓名,電話,家電,金額\n王,912345678,227123456,912345678\n\"李, 某\",\"923456789\",\"2712-3456\",5\n", []string{"王,912345678", "227123456", "923456789", "2712"}},
		{evidence.RedactPhone, "姓名\t聯絡電話\n王\t912345678", []string{"912345678"}},
		{evidence.RedactPhone, "電話\n912345678\n923456789\n", []string{"912345678", "923456789"}},
		{
			evidence.RedactPhone, "<table><tr><th>姓名</th><th>電話</th></tr>\n<tr>\n<td>王</td>\n<td><p>912345678</p></td>\n</tr><tr><td>李<td>923456789</table>",
			[]string{"912345678", "923456789"},
		},
		{
			evidence.RedactPhone, "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>手機</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>912</w:t></w:r><w:r><w:t>345678</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
			[]string{"345678"},
		},
	} {
		foundAs(t, c.kind, "text/plain", c.text, c.gone...)
	}
	table := "姓名,電話,家電,國外,帳號\n王,912345678,227123456,+12125550100,012345678901\n"
	if got := redactor(t, evidence.RedactionRules{}).text(table); strings.Count(string(got.Data), ",") != strings.Count(table, ",") || got.Masked[evidence.RedactPhone] != 2 {
		t.Errorf("the cells became %q", got.Data)
	}
	if got := redactor(t, evidence.RedactionRules{}).text("姓名,電話,金額\n王,912345678,923456789\n"); !strings.HasSuffix(string(got.Data), ",923456789\n") {
		t.Errorf("the other column became %q", got.Data)
	}
	for _, text := range []string{
		"912345678", "27123456", "2712-3456", "金額 912345678", "電話 165、1922", "手機 2026-11-30", "電話更新 20261130", "第一銀行 客服 0800-031-111", "玉山銀行 2026-11-30",
		"台新 1732960000000", "hotel 27123456", "Mobile/15E148 Safari/604.1", "電話費 1,234,567 元", "銀行統編 12345678", "帳戶 2026-11-30 12:00", "帳號 123456",
		"姓名,金額\n王,912345678\n", "電話\n某\n912345678\n", "手機品牌排名\n", "<tr><th>電話</th><th>元</th></tr><tr><td></td><td>912345678</td></tr>",
	} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); string(got.Data) != text {
			t.Errorf("%q became %q", text, got.Data)
		}
	}
}

// What is shown backwards is read backwards: all kinds, in the part that is turned round and over its border; what is not, is not.
func TestTurnedRound(t *testing.T) {
	for _, text := range []string{
		"\u202e8765432190", "電話 \u202e876-543-2190\u202c 止", "09\u202e87654321\u202c", "09\u202e87654321\n次行", "\u202e<b>8765</b>43\n2190", "&#x202e;8765432190",
		"<bdo dir=rtl>8765432190</bdo>", "<p><bdo dir='rtl'><b>8765</b>432190</bdo></p>", "<BDO DIR=RTL>8765432190</BDO>", "<w:bdo w:val=\"rtl\"><w:r><w:t>8765432190</w:t></w:r></w:bdo>",
		"<span style='unicode-bidi:bidi-override;direction:rtl'>8765432190</span>", "<style>.a{unicode-bidi:bidi-override;direction:rtl}</style><p class=a>8765432190</p>",
	} {
		foundAs(t, evidence.RedactPhone, "text/html", text, "8765", "2190")
	}
	foundAs(t, evidence.RedactID, "text/html", "<bdo dir=rtl>987654321A</bdo>", "98765")
	foundAs(t, evidence.RedactEmail, "text/html", "\u202emoc.elpmaxe@gnaw\u202c", "gnaw", "elpmaxe")
	got := twice(t, redactor(t, evidence.RedactionRules{Words: []string{person.name}}), "a", "text/html", []byte("\u202e明小王\u202c 8765432190"))
	if got.Masked[evidence.RedactWord] != 1 || !strings.HasSuffix(string(got.Data), "8765432190") {
		t.Errorf("%q", got.Data)
	}
	for _, text := range []string{"8765432190", "<bdo dir=ltr>8765432190</bdo>", "\u202bx 8765432190\u202c", "\u202eabc\u202c 8765432190"} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); string(got.Data) != text {
			t.Errorf("%q became %q", text, got.Data)
		}
	}
}
