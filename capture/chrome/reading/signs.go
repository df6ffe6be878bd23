package reading

import (
	"unicode"

	"yuzheng/capture/known"
	"yuzheng/casefile/evidence"
)

// signs tells what a reader of the text must know: that it is not what a visitor sees, or that the page is not the site's own.
func (r *Reader) signs(in reading) {
	if share, n := privateUse(in.Text); n >= 20 && share > 0.05 {
		r.journal.Warn(evidence.TextPrivateUse.With(share * 100))
	}
	if in.Drawn > 0.25 && len([]rune(in.Text)) < 400 {
		r.journal.Warn(evidence.TextDrawn.With(in.Drawn * 100))
	}
	if sign := parked(in); sign != "" {
		r.journal.Warn(evidence.PageParked.With(sign))
	}
}

// privateUse is how much of a text stands in Unicode's private use areas, which scam sites use to hide words from readers of the source.
func privateUse(text string) (share float64, n int) {
	letters := 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			continue
		}
		letters++
		if unicode.Is(unicode.Co, r) {
			n++
		}
	}
	if letters == 0 {
		return 0, 0
	}
	return float64(n) / float64(letters), n
}

func parked(r reading) string {
	if len([]rune(r.Text)) > 3000 {
		return ""
	}
	return known.Parked(r.Title + "\n" + r.Text)
}
