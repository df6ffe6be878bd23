package control

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"yuzheng/casefile/application"
)

// facts is the entry for the facts: the one of several lines.
func (r *rig) facts() *widget.Entry {
	r.t.Helper()
	var found *widget.Entry
	r.walk(func(o fyne.CanvasObject) bool {
		if e, ok := o.(*widget.Entry); ok && e.MultiLine {
			found = e
		}
		return found != nil
	})
	if found == nil {
		r.t.Fatalf("no facts; the window shows %q", r.texts())
	}
	return found
}

// TestDraftStays types into a draft and looks at the evidence, at another draft and at another language: what was typed is there again, is said to be
// unsaved, and nothing closes the case without a question. Saved, it is no more.
func TestDraftStays(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.names = []application.Target{{ID: "D001", Name: "a.example"}, {ID: "D002", Name: "b.example"}}
		c.draft = []application.Application{
			{ID: "S01", Type: "prosecutor-seizure", Targets: []string{"D002", "D001"}, Facts: "一", Validity: application.Span{Days: 30}},
			{ID: "S02", Type: "prosecutor-seizure", Targets: []string{"D001"}, Facts: "二"},
		}
		r.w.showApplications()
		r.until("the targets are known", func() bool { return r.shows("b.example") })
		r.tabs().SelectIndex(1)
		r.until("the last draft is shown", func() bool { return r.shows("二") && r.facts().Text == "二" })
		if r.w.desk.loses(r.w.page) {
			t.Fatal("a draft that nobody has touched is unsaved")
		}
		r.facts().SetText("二，佯稱獲利")
		other := func(id string) {
			r.choose(id + "　" + map[string]string{"zh-TW": "檢察官聲請扣押裁定", "en": "Seizure"}[r.w.Say.T("window.lang")])
		}
		other("S01")
		if r.facts().Text != "一" || r.shows(r.word("draft.unsaved")) {
			t.Errorf("the other draft says %q", r.facts().Text)
		}
		other("S02")
		r.w.showExhibits()
		r.w.showApplications()
		if r.tabs().SelectIndex(1); r.facts().Text != "二，佯稱獲利" || !r.shows(r.word("draft.unsaved")) {
			t.Errorf("after a look at the evidence %q", r.facts().Text)
		}
		other("S01")
		r.w.showExhibits()
		r.w.showOverview()
		r.w.askLeave()
		if !r.shows(r.word("quit.draft")) {
			t.Errorf("nothing asks before what was typed is lost: %q", r.texts())
		}
		r.tap(r.word("cancel"))
		r.w.showApplications()
		r.until("the page is there again", func() bool { return r.facts().Text == "一" })
		other("S02")
		if r.facts().Text != "二，佯稱獲利" || !r.shows(r.word("draft.unsaved")) {
			t.Errorf("what was typed is gone: %q", r.facts().Text)
		}
		r.w.speak(map[string]string{"zh-TW": "en", "en": "zh-TW"}[lang])
		if r.facts().Text != "二，佯稱獲利" {
			t.Error("another language empties the form")
		}
		r.w.speak(lang)
		badDays(r, c)
		r.tap(r.word("draft.save"))
		r.until("it is saved", func() bool { return c.stored("S02").Facts == "二，佯稱獲利" && !r.w.desk.loses(r.w.page) })
		if got := c.stored("S02"); got.Validity.Days != 60 || !slices.Equal(got.Targets, []string{"D001"}) {
			t.Errorf("saved %+v", got)
		}
		r.w.askLeave()
		r.until("the case is closed", func() bool { return c.closed() == 1 })
	}
}

// badDays writes what is no number of days: it is told where it stands, and nothing is saved. Then what is one in other words.
func badDays(r *rig, c *fakeCase) {
	r.t.Helper()
	days := r.entry(r.word("draft.days"))
	for _, text := range []string{"三十日", "0", "-3", "1e3", "99999999999"} {
		days.SetText(text)
		r.tap(r.word("draft.save"))
		if !solid(r.texts(), r.word("draft.days.bad", "text", text)) || days.Text != text {
			r.t.Errorf("%q is not refused: %q", text, r.texts())
		}
	}
	if r.facts().SetText("二"); !r.w.desk.loses(r.w.page) {
		r.t.Error("what cannot be read is lost to another page")
	}
	r.facts().SetText("二，佯稱獲利")
	if c.stored("S02").Facts != "二" {
		r.t.Error("half of a draft was saved")
	}
	days.SetText(" ６０ 日")
}

// TestPacketGoesOn leaves the page while a packet is built, and comes back to the result.
func TestPacketGoesOn(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	c.slow = make(chan struct{})
	c.draft = []application.Application{{ID: "S01", Targets: []string{"D001"}}}
	r.w.showHandover()
	r.until("an application is offered", func() bool { return !r.button(r.word("handover.build")).Disabled() })
	r.tap(r.word("handover.build"))
	r.w.showExhibits()
	r.w.showPackets("")
	r.w.askLeave()
	if !r.shows(r.word("quit.work")) {
		t.Errorf("nothing asks before a packet is cut short: %q", r.texts())
	}
	r.w.typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if r.shows(r.word("quit.work")) || r.w.desk == nil {
		t.Error("Escape does not close the question, or answers it with yes")
	}
	r.w.showExhibits()
	close(c.slow)
	r.w.showHandover()
	r.until("the packet is built", func() bool { return r.shows(r.word("handover.done", "id", "X01")) })
	r.w.showExhibits()
	if keys := r.w.desk.unfinished(); len(keys) > 0 || len(r.w.desk.held) > 0 {
		t.Errorf("after it was built %v is unfinished, %d pages held", keys, len(r.w.desk.held))
	}
}
