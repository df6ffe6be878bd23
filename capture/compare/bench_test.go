package compare

import (
	"fmt"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// BenchmarkBetween compares two captures with a megabyte of text each and pictures of 1920 by 10,000.
func BenchmarkBetween(b *testing.B) {
	side := func(seed string) Side {
		next := numbers(seed)
		var words strings.Builder
		for words.Len() < 1<<20 {
			n := next()
			fmt.Fprintf(&words, "%c%c%c%c %d\n", 0x4e00+n%3000, 0x4e00+n>>20%3000, 0x4e00+n>>32%3000, 0x4e00+n>>44%3000, n%100)
		}
		p := ours.page(words.String())
		p.picture = window(1920, 953, seed, "page")
		p.instead = map[string][]byte{evidence.Screenshot: encoded(b, window(1920, 10_000, seed, "page"))}
		return p.side(b)
	}
	one, other := side("a"), side("b")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ofSides(b.Context(), one, other); err != nil {
			b.Fatal(err)
		}
	}
}
