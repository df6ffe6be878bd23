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

// What stands on the papers of the case is no secret, in whatever case it is written; what is added to it counts.
func TestKnownIsNoSecret(t *testing.T) {
	known := []string{"115年度偵字第12345號", "Operation Blue Lantern", "王大明", "-"}
	for text, want := range map[string]Strength{
		"115年度偵字第12345號": None, "王大明115年度偵字第12345號王大明": None, "operation BLUE lantern": None, "blue lantern operation 12": Weak,
		"115年度偵字第12345號 馬車電池釘書機正確的密語長一點": Good, "correct-horse-battery-staple": Enough,
	} {
		if got := Judge(text, known...); got != want {
			t.Errorf("%q is %s (%.0f bits), want %s", text, got, guessBits(without(text, known)), want)
		}
	}
}
