package control

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/page"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

// TestCorrectTarget corrects how far a target reaches and takes another back, each with a reason; what is refused stays as it was typed.
func TestCorrectTarget(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.names = []application.Target{{ID: "D001", Name: "a.example", Scope: application.Exact}, {ID: "D002", Name: "x.example", Scope: application.Exact}}
		r.w.showApplications()
		r.until("the targets are listed", func() bool { return r.shows("x.example") })
		r.list().Select(0)
		why := func() *widget.Entry { return r.entry(r.word("target.why.hint")) }
		if !r.button(r.word("target.set")).Disabled() || !r.button(r.word("target.drop")).Disabled() {
			t.Error("a target changes without a reason")
		}
		reach := r.scopeOfTarget()
		reach.SetSelected(r.word("scope.subdomains"))
		why().SetText("不可")
		r.tap(r.word("target.set"))
		r.until("the refusal is told", func() bool { return r.shows("SENTENCE " + casefile.ErrExists.Error()) })
		r.tap(r.word("close"))
		if why().Text != "不可" || reach.Selected != r.word("scope.subdomains") {
			t.Errorf("after the refusal the form says %q, %q", why().Text, reach.Selected)
		}
		why().SetText("子網域亦同")
		r.tap(r.word("target.set"))
		r.until("the target is corrected", func() bool { return c.names[0].Scope == application.Subdomains && why().Text == "" })
		why().SetText("誤列")
		r.tap(r.word("target.drop"))
		if !solid(r.texts(), r.word("target.drop.ask", "id", "D001", "name", "a.example")) {
			t.Errorf("nothing asks before a target goes: %q", r.texts())
		}
		r.confirm(r.word("target.drop"))
		r.until("the target is gone", func() bool { return !r.shows("a.example") && r.shows(r.word("target.choose")) })

		r.tap(r.word("propose.do"))
		r.until("related names are listed", func() bool { return r.shows("c.example") && r.shows(r.word("propose.uncaptured")) })
		r.tap(r.word("propose.take"))
		if got := r.entry(r.word("target.name.hint")).Text; got != "b.example" {
			t.Errorf("taken over %q", got)
		}
	}
}

// scopeOfTarget is the choice of scope of the target that is shown: the first one on the page.
func (r *rig) scopeOfTarget() (found *widget.RadioGroup) {
	r.walk(func(o fyne.CanvasObject) bool { found, _ = o.(*widget.RadioGroup); return found != nil })
	return found
}

// tapLast presses the last button with the words.
func (r *rig) tapLast(words string) {
	var last *widget.Button
	r.walk(func(o fyne.CanvasObject) bool {
		if b, ok := o.(*widget.Button); ok && b.Text == words {
			last = b
		}
		return false
	})
	last.OnTapped()
}

// confirm presses the button of the question in front.
func (r *rig) confirm(words string) {
	r.t.Helper()
	list := r.w.win.Canvas().Overlays().List()
	var last *widget.Button
	for _, o := range list {
		walk(o, func(o fyne.CanvasObject) bool {
			if b, ok := o.(*widget.Button); ok && b.Text == words {
				last = b
			}
			return false
		})
	}
	if last == nil {
		r.t.Fatalf("no question with %q; the window shows %q", words, r.texts())
	}
	last.OnTapped()
}

// TestSupplementAndCalendar takes proposed words as a statement where they stand, writes what is due as a calendar, and begins a supplement.
func TestSupplementAndCalendar(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.names = []application.Target{{ID: "D001", Name: "a.example"}, {ID: "D002", Name: "b.example"}}
		c.draft = []application.Application{{ID: "S01", Type: "prosecutor-seizure", Targets: []string{"D001"}, Facts: "佯稱獲利〔待確認：被害人住居所在轄區。〕"}}
		c.due = []application.Deadline{{Label: "三日內陳報", LabelEN: "report within three days", Due: now(), Rule: "刑訴133-2"}}
		r.w.showApplications()
		r.tabs().SelectIndex(1)
		r.until("the draft is shown", func() bool { return r.shows("佯稱獲利") })
		r.tap(r.word("draft.accept"))
		if !r.shows("被害人住居所在轄區【聲請人陳述】。") || r.shows(r.word("draft.accept")) {
			t.Errorf("the words are not taken: %q", r.texts())
		}
		if !r.shows(r.word("draft.tied", "n", 1, "shown", 0, "said", 1)) {
			t.Errorf("a statement counts as evidence: %q", r.texts())
		}
		r.tabs().SelectIndex(2)
		r.until("what is due is told", func() bool { return r.shows("刑訴133-2") })
		save := func(file string) {
			r.tap(r.word("life.calendar"))
			r.entry(r.word("files.path")).SetText(file)
			r.tap(r.word("files.choose"))
		}
		save("/out/taken.ics")
		r.until("a file that is there is told", func() bool { return r.shows("SENTENCE ") })
		r.tap(r.word("close"))
		save("/out/S01.ics")
		r.until("the calendar is written", func() bool { return slices.Equal(c.saved(), []string{"S01 /out/S01.ics " + r.w.Say.T("window.lang")}) })
		r.until("that is told", func() bool { return solid(r.texts(), r.word("life.calendar.saved", "file", "/out/S01.ics")) })
		r.tap(r.word("close"))
		if !r.button(r.word("supplement.do")).Disabled() {
			t.Error("a supplement begins without targets")
		}
		r.tick("D002　b.example")
		r.tap(r.word("supplement.do"))
		r.until("the supplement is opened", func() bool { return r.shows("承S01") })
		if got := c.draft[1]; !slices.Equal(got.Targets, []string{"D002"}) {
			t.Errorf("began %+v", got)
		}
	}
}

// TestPackets writes down who took a packet and what an agency answered; what lacks is told, and what was refused stays as it was typed.
func TestPackets(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		r.w.showHandover()
		r.tap(r.word("handover.packets"))
		r.until("the last packet is shown", func() bool { return r.shows(r.word("packets.unwritten")) })
		r.list().Select(0)
		r.until("what was written is shown", func() bool { return r.shows("SHA-256 abc") && r.shows(r.word("recipient.court")) })
		handOver(r)
		r.tabs().SelectIndex(0)
		r.until("the hand-over is listed", func() bool { return r.shows("林書記官") && r.shows("光碟") })

		r.tabs().SelectIndex(2)
		r.tap(r.word("packets.receipt.do"))
		if !r.shows(r.word("packets.lack.receipt")) {
			t.Errorf("an empty receipt is not told: %q", r.texts())
		}
		r.fill(r.word("packets.number.hint"), "B-1")
		fillNth(r, r.word("packets.at.hint"), 1, "115/12/1")
		r.fill(r.word("packets.agency.hint"), "調查局")
		r.tap(r.word("packets.receipt.do"))
		r.until("the receipt is told", func() bool { return r.shows(r.word("packets.receipt.exhibit", "exhibit", "W0009")) })
		if got := c.receipts[0]; got.At != "115/12/1" || got.Number != "B-1" || got.By != "調查局" || got.Packet != "X01" {
			t.Errorf("recorded %+v", got)
		}
		r.tabs().SelectIndex(3)
		r.entry(r.word("packets.file.hint")).SetText("/out/X01.zip")
		r.entry(r.word("packets.table.hint")).SetText("/out/X01.csv")
		r.tap(r.word("packets.hashes.do"))
		r.until("the list is told", func() bool { return r.shows(r.word("packets.hashes.done", "file", "/out/X01.csv")) })
		r.w.showPackets("/out/new.zip")
		r.until("a packet is shown", func() bool { return r.shows(r.word("packets.unwritten")) })
		r.tabs().SelectIndex(1)
		if got := r.entry(r.word("packets.file.hint")).Text; got != "/out/new.zip" {
			t.Errorf("the packet that was just written is not offered: %q", got)
		}
	}
}

func fillNth(r *rig, hint string, n int, text string) {
	r.walk(func(o fyne.CanvasObject) bool {
		e, ok := o.(*widget.Entry)
		if ok && e.PlaceHolder == hint && !e.MultiLine {
			if n--; n < 0 {
				e.SetText(text)
				return true
			}
		}
		return false
	})
}

func handOver(r *rig) {
	r.t.Helper()
	c := r.bench.made
	r.tabs().SelectIndex(1)
	do := func(want string) {
		r.t.Helper()
		r.tap(r.word("packets.hand.do"))
		if !r.shows(r.word(want)) {
			r.t.Errorf("%s is not told: %q", want, r.texts())
		}
	}
	do("packets.lack.hand")
	file := r.entry(r.word("packets.file.hint"))
	file.SetText("/out/other.zip")
	r.fill(r.word("packets.to.hint"), "林書記官")
	r.fill(r.word("packets.by.hint"), "光碟")
	r.tap(r.word("packets.hand.do"))
	r.until("another file is told", func() bool { return r.shows("SENTENCE ") })
	r.tap(r.word("close"))
	file.SetText("/out/X01.zip")
	keys, copied, secret := r.entry(r.word("packets.keys.hint")), r.entry(r.word("packets.copy.hint")), r.entry(r.word("packets.secret.hint"))
	keys.SetText("age1x")
	do("packets.lack.copy")
	keys.SetText("")
	copied.SetText("/out/X01.zip.age")
	do("packets.lack.lock")
	secret.SetText("1234")
	do("packets.lack.secret")
	secret.SetText(goodPassphrase)
	do("create.lack.again")
	keys.SetText("age1x age1y")
	do("packets.lack.one")
	secret.SetText("")
	r.tap(r.word("packets.hand.do"))
	r.until("the hand-over is recorded", func() bool {
		return r.shows(r.word("packets.hand.closed", "to", "林書記官", "file", "X01.zip.age"))
	})
	if got := c.handed[0]; got.Packet != "X01" || !slices.Equal(got.Keys, []string{"age1x", "age1y"}) || got.Copy != "/out/X01.zip.age" {
		r.t.Errorf("recorded %+v", got)
	}
}

// TestWatchExecution checks at an interval beside the pages: one round at a time, paused and taken up, ended, and over when the case is left.
func TestWatchExecution(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.draft = []application.Application{{ID: "S01", Targets: []string{"D001"}}}
		c.steps = []application.Step{{Kind: application.Order, Order: &application.Ruling{TermTo: time.Date(2027, 12, 1, 0, 0, 0, 0, time.UTC)}}}
		r.w.showExecution()
		r.until("the end of the term is offered", func() bool {
			return r.entry(r.word("watch.until.hint")).Text != "" && !r.button(r.word("execution.do")).Disabled()
		})
		until := r.entry(r.word("watch.until.hint"))
		until.SetText("明天")
		r.tap(r.word("watch.begin"))
		r.until("what is no day is told", func() bool { return r.shows("SENTENCE ") })
		r.tap(r.word("close"))
		until.SetText("2027-12-01")
		r.choose(r.word("watch.hours", "n", 6))
		r.tap(r.word("watch.begin"))
		r.until("it runs", func() bool { return r.shows(r.word("watch.running")) && r.w.desk.left[handover] == "●" })
		r.w.showOverview()
		c.feed <- struct{}{}
		r.until("a check is made out of sight", func() bool { return c.allDone() == 1 })
		r.w.showExecution()
		r.until("what came is shown", func() bool {
			return r.shows(r.word("watch.done", "n", 1)) && r.shows("證W0033") || lang == "en" && r.shows("W0033")
		})
		r.tap(r.word("watch.pause"))
		r.until("it rests", func() bool { return r.shows(r.word("watch.resting", "n", 1)) && r.w.desk.left[handover] == "" })
		r.entry(r.word("watch.until.hint")).SetText("")
		c.watched = append(c.watched, page.Watch{ID: "M009", Of: "S01", Every: time.Hour, Ended: ""})
		r.w.showExecution()
		r.until("both rest", func() bool { return r.shows(r.word("watch.resting", "n", 2)) && r.shows(r.word("watch.rests")) })
		r.entry(r.word("watch.until.hint")).SetText("")
		r.tapLast(r.word("watch.end"))
		r.confirm(r.word("watch.end"))
		r.until("the other is ended, and nothing begins by that", func() bool { return r.shows(r.word("watch.resting", "n", 1)) && !r.w.desk.watch.On() })
		r.tap(r.word("watch.run"))
		r.w.desk.watch.Run()
		r.w.desk.watch.Run()
		r.until("it runs again", func() bool { return r.shows(r.word("watch.running")) })
		c.feed <- struct{}{}
		r.until("the next check", func() bool { return c.allDone() == 2 && r.shows(r.word("watch.done", "n", 2)) })
		r.tap(r.word("watch.end"))
		r.confirm(r.word("watch.end"))
		r.until("it has ended", func() bool { return r.shows(r.w.Say.T("watch.off")) && !r.shows(r.word("watch.running")) })
		if w := c.watched[0]; w.Every != 6*time.Hour || !strings.HasPrefix(w.Of, "S01192.0.2.1+") {
			t.Errorf("watched %+v", w)
		}
		r.choose(r.word("watch.hours", "n", 1))
		r.tap(r.word("watch.begin"))
		r.until("another runs", func() bool { return r.shows(r.word("watch.running")) })
		r.w.askLeave()
		r.until("the case is closed", func() bool { return c.closed() == 1 })
		if c.running != 0 {
			t.Error("a watch outlives its case")
		}
	}
}
