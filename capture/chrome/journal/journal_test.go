package journal

import "testing"

// What a page says is cut between its characters, and how long it was is told.
func TestCut(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"abc", "abc"}, {"保證獲", "保證獲"}, {"保證獲利", "保證獲… (12 bytes)"}, {"abcd", "abc… (4 bytes)"}, {"a\xff\xfe保證", "a\xff\xfe… (9 bytes)"},
	} {
		if got := Cut(c.text, 3); got != c.want {
			t.Errorf("%q became %q, want %q", c.text, got, c.want)
		}
	}
}
