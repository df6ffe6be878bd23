package passphrase

import (
	"strings"
	"testing"
)

// What people commonly use, repeat or type along the keyboard is refused however long it is; sentences and Chinese ones are not.
func TestJudge(t *testing.T) {
	for text, want := range map[string]Strength{
		"": None, "  ": None, "1": Weak, "short": Weak, strings.Repeat("a", 40): Weak, "12345678901234567890": Weak, "abcdefghijklmnopqrst": Weak,
		"passwordpassword": Weak, "qwertyuiopasdfgh": Weak, "correct horse battery 77": Enough, "correct horse battery staple": Enough,
		"教學案件 training case": Good, "馬車電池釘書機正確的密語長一點": Good,
	} {
		got := Judge(text)
		if got != want {
			t.Errorf("%q is %s (%.0f bits), want %s", text, got, guessBits(text), want)
		}
		if got.Taken() != (got == Enough || got == Good) {
			t.Errorf("%q is %s and taken is %v", text, got, got.Taken())
		}
	}
}
