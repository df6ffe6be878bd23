package legible

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestShown says what stands there for what a hostile writer puts in.
func TestShown(t *testing.T) {
	for _, c := range []struct{ why, text, line, block string }{
		{"plain", "域證 abc ✔", "域證 abc ✔", "域證 abc ✔"},
		{"a forged line", "a\n✔ 內容完整", "a[U+000A]✔ 內容完整", "a\n✔ 內容完整"},
		{"an escape sequence", "\x1b[2K\x1b[1A✔", "[U+001B][2K[U+001B][1A✔", "[U+001B][2K[U+001B][1A✔"},
		{"one of a single character", "\u009b31m\u009d0;x\u009c", "[U+009B]31m[U+009D]0;x[U+009C]", "[U+009B]31m[U+009D]0;x[U+009C]"},
		{"one that is not UTF-8", "\x9b31m", "[0x9B]31m", "[0x9B]31m"},
		{"a line drawn over", "bad\rgood\b\x7f", "bad[U+000D]good[U+0008][U+007F]", "bad[U+000D]good[U+0008][U+007F]"},
		{"a line of Windows, a tab", "a\tb\r\nc", "a[U+0009]b[U+000D][U+000A]c", "a\tb\nc"},
		{"turned round", "\u202egnp.exe\u202c", "[U+202E]gnp.exe[U+202C]", "[U+202E]gnp.exe[U+202C]"},
		{"isolates and marks", "\u2066\u2069\u200e\u200f\u061c", "[U+2066][U+2069][U+200E][U+200F][U+061C]", "[U+2066][U+2069][U+200E][U+200F][U+061C]"},
		{"no width", "pay\u200bpal\u00ad\ufeff\u2060", "pay[U+200B]pal[U+00AD][U+FEFF][U+2060]", "pay[U+200B]pal[U+00AD][U+FEFF][U+2060]"},
		{"separators", "a\u2028b\u2029c\u0085", "a[U+2028]b[U+2029]c[U+0085]", "a[U+2028]b[U+2029]c[U+0085]"},
		{"tags", "a\U000E0041\U000E007F", "a[U+E0041][U+E007F]", "a[U+E0041][U+E007F]"},
		{"letters without ink", "a\u3164\u115f\u2800\u034f", "a[U+3164][U+115F][U+2800][U+034F]", "a[U+3164][U+115F][U+2800][U+034F]"},
		{"a selector on a letter", "pay\ufe0fpal", "pay[U+FE0F]pal", "pay[U+FE0F]pal"},
		{"an emoji, a Chinese variant", "❤\ufe0f 1\ufe0f 葛\U000E0100", "❤\ufe0f 1\ufe0f 葛\U000E0100", "❤\ufe0f 1\ufe0f 葛\U000E0100"},
		{"a second selector", "❤\ufe0f\ufe0f", "❤\ufe0f[U+FE0F]", "❤\ufe0f[U+FE0F]"},
		{"a Chinese selector elsewhere", "a\U000E0100", "a[U+E0100]", "a[U+E0100]"},
		{"marks of a language", "tiê\u0301ng Viê\u0323t", "tiê\u0301ng Viê\u0323t", "tiê\u0301ng Viê\u0323t"},
		{"a heap of marks", "e" + strings.Repeat("\u0301", 50) + "f", "e" + strings.Repeat("\u0301", 6) + "[U+0301 x44]f", "e" + strings.Repeat("\u0301", 6) + "[U+0301 x44]f"},
		{"private use", "\ue000\U000F1234", "\ue000\U000F1234", "\ue000\U000F1234"},
		{"no characters", "\ufffe\ufdd0\U0001FFFF", "[U+FFFE][U+FDD0][U+1FFFF]", "[U+FFFE][U+FDD0][U+1FFFF]"},
	} {
		if got := Line(c.text); got != c.line {
			t.Errorf("%s: line %q, want %q", c.why, got, c.line)
		}
		if got := Block(c.text); got != c.block {
			t.Errorf("%s: block %q, want %q", c.why, got, c.block)
		}
	}
}

// TestEveryCharacter puts each character there is between letters.
func TestEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		got := Line("a" + string(r) + "b")
		if unseen := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp); unseen && strings.ContainsRune(got, r) {
			t.Errorf("U+%04X is shown as it is", r)
		}
		if len(got) < 3 {
			t.Errorf("U+%04X is gone: %q", r, got)
		}
	}
}

func FuzzShown(f *testing.F) {
	for _, s := range []string{"", "a\x1b[31m", "\u202e\u0301\u0301", "\xff\xc2", strings.Repeat("\u0301", 30), "❤\ufe0f\ufe0f", "\xff\ufe0f", "a\r\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, show := range []func(string) string{Line, Block} {
			got := show(text)
			if !utf8.ValidString(got) || show(got) != got {
				t.Fatalf("%q became %q, and that %q", text, got, show(got))
			}
			if strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' }) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}

// TestWriters: people see the numbers, programs read the values.
func TestWriters(t *testing.T) {
	const text = "a\x7f\u009b\u202e\U000E0041\u2028\x1b\r\n\t域證\\\"\ufffd"
	var people, program bytes.Buffer
	if _, err := io.WriteString(Writer(&people), text); err != nil || people.String() != Block(text) {
		t.Errorf("%q, %v", people.String(), err)
	}
	if err := json.NewEncoder(JSONWriter(&program)).Encode(map[string]string{text: text}); err != nil {
		t.Fatal(err)
	}
	if got := program.String(); Block(got) != got {
		t.Errorf("JSON shows %q", got)
	}
	var read map[string]string
	if err := json.Unmarshal(program.Bytes(), &read); err != nil || read[text] != text {
		t.Errorf("%q became %q, %v", text, read, err)
	}
}
