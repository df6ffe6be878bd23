package chrome

import (
	"mime"
	"slices"
	"unicode"

	"yuzheng/capture/known"
)

// signs tells what a reader of the text must know: that it is not what a visitor sees, or that the page is not the site's own.
func (j *job) signs(r reading) {
	if share, n := privateUse(r.Text); n >= 20 && share > 0.05 {
		j.journal.Warn("text: %.0f %% of it are characters for private use: the page draws them with a font of its own, so text.txt is not what is seen", share*100)
	}
	if r.Drawn > 0.25 && len([]rune(r.Text)) < 400 {
		j.journal.Warn("text: %.0f %% of the window is drawn (canvas) and holds no text that can be read: rely on the picture", r.Drawn*100)
	}
	if sign := parked(r); sign != "" {
		j.journal.Warn("the page looks like a parked or suspended name (%s), not like a site of its own", sign)
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

// sheetsShown tells of PDFs that the page shows: the browser draws them in a viewer of its own, whose words no reader of the page gets.
func (j *job) sheetsShown() {
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	for _, h := range j.ledger.order {
		media, _, _ := mime.ParseMediaType(header(h.ResponseHeader, "Content-Type"))
		if media != "application/pdf" || h.download || h.moved || !h.stored {
			continue
		}
		shown := "of what lies beyond its first view there is no picture" // nobody scrolls in it
		if j.isMain(h.Kind, h.frame) {
			shown = "the picture shows it"
		}
		j.journal.Warn("%s is a PDF: its words are not in text.txt, and %s; its own bytes stand in the archive", h.URL, shown)
	}
}

// underway lists what may still change the page: asked for, and no whole answer to it. Streams and films go on for ever and beacons change nothing.
func (l *ledger) underway() (list []*hop) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for h := range l.open {
		if !slices.Contains([]string{"eventsource", "media", "ping", "prefetch"}, h.Kind) {
			list = append(list, h)
		}
	}
	return list
}

// heardLate tells of answers that came only after the first word had been read: what the page made of them came later than its evidence, or in
// the midst of it. What never came is named as missing.
func (j *job) heardLate() {
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	for _, h := range j.unheard {
		if h.answered && h.lost == "" && h.Failed == "" && !h.icon() {
			j.journal.Warn("%s was answered whole only after the text had been read: text.txt may lack what the page made of it, and the picture too", h.URL)
		}
	}
}

func parked(r reading) string {
	if len([]rune(r.Text)) > 3000 {
		return ""
	}
	return known.Parked(r.Title + "\n" + r.Text)
}
