package control

import (
	"strings"
	"testing"

	"yuzheng/app/window/page"
	"yuzheng/casefile/evidence"
)

// TestEveryKindIsShown lists an exhibit of every kind and a capture of every outcome, and looks at each: nothing but a capture has a verdict,
// and who refused is told.
func TestEveryKindIsShown(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		t.Run(lang, func(t *testing.T) {
			r := newRig(t, lang, "/cases/1")
			c := r.unlocked()
			means := map[string]string{}
			add := func(e page.Exhibit, key string) {
				c.mu.Lock()
				defer c.mu.Unlock()
				e.Started = now()
				c.list = append(c.list, e)
				means[e.Number] = r.word(key)
			}
			for i, k := range evidence.Kinds[1:] {
				e := page.Exhibit{Number: "W01" + string(rune('0'+i)), Kind: k, Summary: evidence.Summary{Title: "x.bin"}}
				if k.Given() {
					e.Source = &page.Source{File: "x.bin", From: "林○○"}
				}
				add(e, "kind."+string(k)+".means")
			}
			for i, o := range evidence.Outcomes {
				verdict, cause, _ := strings.Cut(string(o), ".")
				status := map[string]int{"": 200, "notfound": 404, "server": 403, "error": 500, "guard": 0}[cause]
				add(page.Exhibit{Number: "W02" + string(rune('a'+i)), Kind: evidence.Capture, Summary: evidence.Summary{URL: "https://a.example/", FinalURL: "https://a.example/end", Verdict: evidence.Verdict(verdict), Status: status}}, "verdict."+string(o)+".means")
			}
			r.w.showExhibits()
			r.until("the exhibits are listed", func() bool { return r.shows(r.w.Say.T("kind.comparison")) })
			for i, e := range c.list {
				r.w.showExhibits()
				r.until("the list is there", func() bool { return r.shows(r.word("exhibits.count", "n", len(c.list), "all", len(c.list))) })
				r.list().Select(i)
				r.until(e.Number+" is shown", func() bool { return r.shows(means[e.Number]) })
				text := r.texts()
				if e.Kind != evidence.Capture && (strings.Contains(text, "● "+r.word("verdict.complete")) || strings.Contains(text, "|"+r.word("summary.url")+"|")) {
					t.Errorf("%s is shown as a page: %q", e.Kind, text)
				}
				if arrived := strings.Contains(text, "https://a.example/end"); e.Kind == evidence.Capture && arrived != e.Outcome().Answered() {
					t.Errorf("%s is said to have arrived: %v", e.Outcome(), arrived)
				}
			}
			r.w.showExhibits()
			r.until("the list is there", func() bool { return r.shows(r.word("exhibits.count", "n", len(c.list), "all", len(c.list))) })
			r.fill(r.word("exhibits.filter"), r.w.Say.T("kind.crawl"))
			r.until("the kind is found", func() bool { return r.shows(r.word("exhibits.count", "n", 1, "all", len(c.list))) })
		})
	}
}

// TestCheckAsksFirst: nothing outside this machine is contacted before the person has read whom and pressed the button.
func TestCheckAsksFirst(t *testing.T) {
	r := newRig(t, "zh-TW", "")
	r.until("the check is shown, with whom it would contact", func() bool { return r.shows(r.word("env.contacts")) && r.shows(r.w.Say.T("env.clock")) })
	answer := r.w.Say.T("env.clock.offset", "server", "time.example:123", "ms", "+12.3")
	if r.shows(answer) {
		t.Error("the time server was asked unasked")
	}
	r.tap(r.word("env.ask"))
	r.until("the offset is told", func() bool { return r.shows(answer) })
}
