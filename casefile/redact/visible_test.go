package redact

import (
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// covered are ways in which a value is read by people and does not stand together in the text.
func coveredWays() map[string]func(text string) string {
	each := func(format func(c string) string) func(string) string {
		return func(text string) string {
			var b strings.Builder
			for _, c := range text {
				b.WriteString(format(string(c)))
			}
			return b.String()
		}
	}
	middle := func(with string) func(string) string {
		return func(text string) string {
			r := []rune(text)
			return string(r[:len(r)/2]) + with + string(r[len(r)/2:])
		}
	}
	return map[string]func(string) string{
		"ruby": each(func(c string) string { return "<ruby>" + c + "<rt>ㄨㄤˊ</rt></ruby>" }),
		"one ruby": func(text string) string {
			return "<ruby>" + each(func(c string) string { return c + "<rt>7</rt>" })(text) + "</ruby>"
		},
		"no last tags": func(text string) string {
			return "<ruby>" + each(func(c string) string { return "<rb>" + c + "<rp>(<rt>ㄨ<rp>)" })(text) + "</ruby>"
		},
		"nested": each(func(c string) string { return "<ruby>" + c + "<rp>（</rp><rt><b>ㄨ</b>ㄤ</rt><rp>）</rp></ruby>" }),
		"beside": func(text string) string {
			return "<ruby>" + each(func(c string) string { return "甲<rt>" + c + "</rt>" })(text) + "</ruby>"
		},
		"Word's": each(func(c string) string {
			return "<w:ruby><w:rubyPr/><w:rt><w:r><w:t>ㄨㄤ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>" + c + "</w:t></w:r></w:rubyBase></w:ruby>"
		}),
		"Writer's": each(func(c string) string {
			return "<text:ruby><text:ruby-base>" + c + "</text:ruby-base><text:ruby-text>ㄨㄤ</text:ruby-text></text:ruby>"
		}),
		"no display":       middle("<span style='display:none'>xyz</span>"),
		"no display, deep": middle("<span style='display : none'>x<span>y</span>z</span>"),
		"no visibility":    middle(`<i style="visibility:hidden">777</i>`),
		"hidden":           middle("<b hidden>xyz</b>"),
		"no size":          middle(`<span style="font-size:0">9</span>`),
		"a script":         middle("<script>var a='x'</script>"),
		"a template":       middle("<template><p>x</template>"),
		"a class": func(text string) string {
			return "<style>.q, p #z{color:red;display:none}</style>" + middle("<span class='a q'>xyz</span>")(text)
		},
		"vanished":           middle("</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>xyz</w:t></w:r><w:r><w:t>"),
		"hidden and escaped": middle("&lt;span hidden&gt;xyz&lt;/span&gt;"),
	}
}

// A word that was given, and a number that is found, are masked whatever lies over or under them, and the other search knows it too.
func TestCovered(t *testing.T) {
	rules := evidence.RedactionRules{Words: []string{person.name}}
	for _, value := range []string{person.name, person.mobile, person.id, person.mail} {
		for name, way := range coveredWays() {
			r := redactor(t, rules)
			r.Piece("known", "text/plain", []byte(value))
			text := "<p>" + way(value) + "</p>"
			if name == "hidden and escaped" {
				text = way(value)
			}
			got := twice(t, redactor(t, rules), "a.html", "text/html", []byte(text))
			if len(got.Masked) == 0 {
				t.Errorf("%s of %s stays: %s", name, value, got.Data)
			}
			if err := Remains(r.Values(), "a.html", got.Data); err != nil {
				t.Errorf("%s of %s became %s: %v", name, value, got.Data, err)
			}
			switch name {
			case "nested", "a class", "no size", "no display, deep", "beside": // which the other search knows in part
				continue
			}
			if err := Remains(r.Values(), "a.html", []byte(text)); err == nil {
				t.Errorf("%s of %s passes for masked", name, value)
			}
		}
	}
	got := twice(t, redactor(t, rules), "a.html", "text/html", []byte("0912<span class=x7>55</span>345678"))
	if got.Masked[evidence.RedactPhone] != 1 {
		t.Errorf("a number over a class of another style sheet: %s", got.Data)
	}
	for _, text := range []string{"0912<b>共</b>345678", "王<b>先生</b>小明", "<p hidden>0912<p>345", "<span hidden>12</span><span hidden>", "<rt>", "<ruby>王<rt>小<rp>", "<w:r><w:vanish"} {
		if got := twice(t, redactor(t, rules), "a.html", "text/html", []byte(text)); string(got.Data) != text {
			t.Errorf("%s became %s", text, got.Data)
		}
	}
}

// Points, strokes and signs between the characters of a word do not hide it, nor does a radical in the place of a character; commas and what parts
// sentences do not join two words.
func TestWordOverMarks(t *testing.T) {
	rules := evidence.RedactionRules{Words: []string{person.name, "Wang Xiaoming"}}
	for _, text := range []string{
		"王‧小‧明", "王·小明", "王-小-明", "王・小・明", "王•小•明", "王●小●明", "王_小_明", "王.小.明", "王🔸小🔸明", "⺩小明", "⺩小⽇月明", "王‧小<b>‧明</b>", "王\u20dd小明",
		"WANG XIAO-MING", "wang.xiaoming", "Wang_Xiaoming", "ｗａｎｇ　ｘｉａｏｍｉｎｇ",
	} {
		r := redactor(t, rules)
		got := twice(t, r, "a.html", "text/html", []byte(text))
		if want := 1; got.Masked[evidence.RedactWord] != want && !strings.Contains(text, "⽇") {
			t.Errorf("%s became %s", text, got.Data)
		}
		if err := Remains(r.Values(), "a.html", got.Data); err != nil {
			t.Errorf("%s became %s: %v", text, got.Data, err)
		}
	}
	for _, text := range []string{"王‧小‧明", "王-小-明", "⺩小明", "王·小明", "王\u20dd小明", "WANG XIAO-MING"} {
		if err := Remains([]string{person.name, "wangxiaoming"}, "a", []byte(text)); err == nil {
			t.Errorf("%s passes for masked", text)
		}
	}
	for _, text := range []string{"王,小明", "王。小明", "王（小）明", "王、小、明"} {
		if got := twice(t, redactor(t, rules), "a.html", "text/html", []byte(text)); string(got.Data) != text {
			t.Errorf("%s became %s", text, got.Data)
		}
	}
}
