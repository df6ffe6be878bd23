package redact

import (
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// An address of mail is masked whole, whatever signs and letters the standards allow in it: nothing of it stays before or behind the mask.
func TestAddresses(t *testing.T) {
	list := []string{
		"o'connor@example.com", "mary.o'reilly.long@example.com", "王小明@example.com", "陳tw@example.com", "wang@例子.台灣", "wang@example.公司", "王小明@例子。台灣",
		"É@example.com", "müller@exämple.de", "иван@почта.рф", "first/last@example.com", "sales{1}@example.com", `"john doe"@example.com`, `"a@b, c"@example.com`,
		`"say \"hi\""@example.com`, "user@[203.0.113.5]", "user@[IPv6:2001:db8::1]", "wang@xn--fsqu00a.xn--kpry57d", "a.very.long.name.of.somebody.who.has.more.than.sixty.four.octets.before.it@example.com",
		"!#$%&'*+-/=?^_`{|}~x@example.com",
	}
	for _, c := range atext {
		list = append(list, "a"+string(c)+"b@example.com")
	}
	for _, address := range list {
		for _, around := range [][2]string{{"", ""}, {"寄 ", " 謝謝"}, {"：", "，"}, {"<", ">"}, {"(", ")"}, {"「", "」"}, {"mailto:", "?subject=x"}, {"a,", ";b"}} {
			r := redactor(t, evidence.RedactionRules{})
			got := twice(t, r, "a.txt", "text/plain", []byte(around[0]+address+around[1]))
			if string(got.Data) != around[0]+maskOf(evidence.RedactEmail)+around[1] {
				t.Errorf("%s%s%s became %s", around[0], address, around[1], got.Data)
			}
			if err := Remains(r.Values(), "a.txt", []byte(address)); err == nil {
				t.Errorf("%s passes for masked", address)
			}
		}
	}
}

// What stands around an address stays, as far as it is certain that it is no part of it; what is no address stays whole.
func TestAroundAddresses(t *testing.T) {
	const mask = "[電子郵件]" + squares
	for text, want := range map[string]string{
		"聯絡信箱wang@example.com謝謝":                    "聯絡信箱" + mask + "謝謝",
		"wang@例子.台灣謝謝":                              mask + "謝謝",
		"wang@example.com。謝謝":                       mask + "。謝謝",
		"https://h.example/u/wang@example.com/x":    "https://h.example/u/" + mask + "/x",
		"https://h.example/?a=1&m=wang@example.com": "https://h.example/?a=1&m=" + mask,
		"/pay?m=wang@example.com&x=1":               "/pay?m=" + mask + "&x=1",
		"name=x&email=wang@example.com&y=2":         "name=x&email=" + mask + "&y=2",
		"f('wang@example.com')":                     "f('" + mask + "')",
		"{wang@example.com}":                        "{" + mask + "}",
		"`wang@example.com`":                        "`" + mask + "`",
		"|wang@example.com|":                        "|" + mask + "|",
		"a@example.com,b@example.com":               mask + "," + mask,
	} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); string(got.Data) != want {
			t.Errorf("%s became %s", text, got.Data)
		}
	}
	for _, text := range []string{
		"logo@2x.png", "react@18.2.0", "@media.print", "node_modules/@babel.core/x", "x=@foo.bar", "a @ example.com", "wang@", "a@b", "a@b.c", "a@[x]", `""@`, "@", "`${a}@${b.c}`", "\"\n\"x@",
	} {
		if got := redactor(t, evidence.RedactionRules{}).text(text); string(got.Data) != text || strings.Contains(string(got.Data), squares) {
			t.Errorf("%s became %s", text, got.Data)
		}
	}
}
