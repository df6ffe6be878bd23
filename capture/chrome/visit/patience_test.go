package visit

import (
	"testing"
	"time"
)

// A page that counts seconds is given them, and no page more than the longest.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		seconds   int
		had, want time.Duration
	}{
		{0, 0, waitingTime},
		{0, 9 * time.Second, waitingTime},
		{3, 0, waitingTime},
		{13, 0, 16 * time.Second},
		{1, 12 * time.Second, 16 * time.Second},
		{120, 0, longestCount},
		{20, 20 * time.Second, longestCount},
	} {
		if got := (survey{Seconds: c.seconds}).patience(c.had); got != c.want {
			t.Errorf("%d s after %v: %v, want %v", c.seconds, c.had, got, c.want)
		}
	}
}
