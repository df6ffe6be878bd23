package control

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/page"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/redact"
	keys "yuzheng/casefile/sign"
)

// TestFromCaseToPacket goes the whole way by tapping and typing, in both languages; strict finds every missing word.
func TestFromCaseToPacket(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		t.Run(lang, func(t *testing.T) {
			r := newRig(t, lang, "")
			createCase(r)
			captureTwo(r)
			lookAtExhibit(r)
			apply(r)
			packAndVerify(r)
			checkLog(r)
			if err := r.w.end(); err != nil {
				t.Fatal(err)
			}
			if r.bench.made.closed() != 1 {
				t.Errorf("the case was closed %d times, want once", r.bench.made.closed())
			}
		})
	}
}

func createCase(r *rig) {
	r.t.Helper()
	r.tap(r.word("start.create"))
	r.fill(r.word("create.number.hint"), "115/1")
	r.fill(r.word("create.title.hint"), "假投資")
	r.fill(r.word("operator.name.hint"), "王小明")
	r.tick(r.word("create.aware"))
	r.fill(r.word("create.passphrase.hint"), goodPassphrase)
	if !r.shows(r.word("create.lack.again")) {
		r.t.Errorf("nothing says that the passphrase is wanted twice: %q", r.texts())
	}
	r.fill(r.word("create.again.hint"), goodPassphrase)
	r.tap(r.word("create.do"))
	r.until("the recovery key is shown", func() bool { return r.shows("7K3M") })
	if base := filepath.Base(r.bench.made.info.Dir); base != "115_1" {
		r.t.Errorf("case folder %q, want a name without a slash", base)
	}
	if keys := r.w.desk.unfinished(); !slices.Equal(keys, []string{"window.quit.recovery"}) {
		r.t.Errorf("a key that nobody has written down is lost to the window's end: %v", keys)
	}
	r.fill(r.word("recovery.group", "n", 3), "2xtb")
	if !r.shows(r.word("recovery.wrong", "n", 3)) || r.shows("7K3M") {
		r.t.Errorf("a wrong group is not told, or the key can be copied from the screen: %q", r.texts())
	}
	r.tap(r.word("recovery.again"))
	if !r.shows("7K3M") || r.entry(r.word("recovery.group", "n", 3)).Text != "" {
		r.t.Errorf("the key is not shown again: %q", r.texts())
	}
	r.fill(r.word("recovery.group", "n", 3), "2xta")
	r.fill(r.word("recovery.group", "n", 7), "9FJU")
	r.tap(r.word("recovery.done"))
	r.until("the overview is shown", func() bool { return r.shows(r.word("overview.none")) })
}

func captureTwo(r *rig) {
	r.t.Helper()
	r.w.showCapture()
	r.fill(r.word("capture.addresses.hint"), "https://inv-pro88.example/h5/")
	r.tap(r.word("capture.begin"))
	r.until("both views are sealed", func() bool { return r.bench.made.count() == 2 && !r.w.desk.capture.Busy() })
	if !r.shows(r.word("verdict.complete")) || !r.shows(r.word("verdict.partial")) {
		r.t.Errorf("the verdicts are not shown: %q", r.texts())
	}
}

func lookAtExhibit(r *rig) {
	r.t.Helper()
	r.w.showExhibits()
	r.until("the exhibits are listed", func() bool { return r.shows("W0002") })
	r.list().Select(1)
	r.until("the exhibit is shown", func() bool { return r.shows(r.word("verdict.partial.means")) })
	if !r.shows("connection reset") {
		r.t.Errorf("what is missing is not named: %q", r.texts())
	}
	var tabs *container.AppTabs
	r.walk(func(o fyne.CanvasObject) bool { tabs, _ = o.(*container.AppTabs); return tabs != nil })
	for i, want := range []string{"", "5000", "保證獲利", "Let's Encrypt", "9f9f", "to the end"} {
		tabs.SelectIndex(i)
		r.until("tab "+tabs.Items[i].Text, func() bool { return r.shows(want) })
	}
	r.w.typed(&fyne.KeyEvent{Name: fyne.KeyLeft})
	r.until("the exhibit before is shown", func() bool { return r.shows(r.word("verdict.complete.means")) })
}

// apply makes a target, lets its soft stop pass, and drafts an application until nothing is left to mend.
func apply(r *rig) {
	r.t.Helper()
	r.w.showApplications()
	r.fill(r.word("target.name.hint"), "inv-pro88.example")
	r.tap(r.word("target.add"))
	r.until("the gate asks for a reason", func() bool { return r.shows(r.word("gate.explain")) })
	r.fill(r.word("override.person"), "李大華")
	r.fill(r.word("override.reason"), "無合法使用")
	r.tap(r.word("override.do"))
	r.until("the target passes", func() bool { return r.shows(r.word("gate.pass")) })
	if c := r.bench.made; c.let[0].Person != "李大華" || c.names[0].Scope != application.Exact {
		r.t.Errorf("override %+v of target %+v", c.let[0], c.names[0])
	}
	draft(r)
}

func draft(r *rig) {
	r.t.Helper()
	var tabs *container.AppTabs
	r.walk(func(o fyne.CanvasObject) bool { tabs, _ = o.(*container.AppTabs); return tabs != nil })
	tabs.SelectIndex(1)
	r.tap(r.word("draft.new"))
	r.until("what is lacking is told", func() bool { return r.shows(r.word("lint.count", "n", 1)) })
	r.fill(r.word("draft.days"), "30")
	facts := r.w.page.(*page.Applications)
	r.walk(func(o fyne.CanvasObject) bool {
		e, ok := o.(*widget.Entry)
		if ok && e.MultiLine {
			e.SetText("網站佯稱保證獲利。")
		}
		return ok && e.MultiLine
	})
	if !r.shows("網站佯稱保證獲利。") || !r.shows(r.word("draft.untied", "sentence", "網站佯稱保證獲利。")) {
		r.t.Errorf("an untied sentence is not told: %q", textsIn(facts.Object()))
	}
	r.tap(r.word("draft.save"))
	r.until("nothing is left to mend", func() bool { return r.shows(r.word("lint.clean")) && r.shows("old") })
	if a := r.bench.made.draft[0]; a.Validity.Days != 30 || len(a.Targets) != 1 || a.Number != "115/1" {
		r.t.Errorf("saved %+v", a)
	}
	leadLife(r, tabs)
	tabs.SelectIndex(1)
	r.tap(r.word("lint.handover"))
}

// leadLife takes three steps in the window, the last with what was decided of a target.
func leadLife(r *rig, tabs *container.AppTabs) {
	r.t.Helper()
	tabs.SelectIndex(2)
	r.until("the next step is offered", func() bool { return r.shows(r.word("life.means.approve")) })
	r.fill(r.word("life.person.hint"), "林二")
	r.tap(r.word("life.take"))
	r.until("the filing is offered", func() bool { return r.shows(r.word("life.means.file")) })
	r.tap(r.word("life.take"))
	r.until("the ruling is asked for", func() bool { return r.shows(r.word("life.means.order")) })
	r.fill(r.word("life.number.hint"), "115聲扣5")
	r.entry(r.word("life.court.hint")).SetText("臺灣教學地方法院")
	r.fill(r.word("life.from.hint"), "明天")
	r.tap(r.word("life.take"))
	r.until("what is no day is told", func() bool { return r.shows("SENTENCE ") })
	r.tap(r.word("close"))
	if got := r.entry(r.word("life.number.hint")).Text; got != "115聲扣5" {
		r.t.Errorf("after the error the number is %q", got)
	}
	r.entry(r.word("life.from.hint")).SetText("2026-12-01")
	r.choose(r.w.Say.T("grant.exact"))
	r.tap(r.word("life.take"))
	r.until("what was decided is told", func() bool {
		return r.shows("D001 "+r.w.Say.T("grant.exact")) && r.shows("臺灣教學地方法院") && r.shows(r.word("life.from"))
	})
	if s := r.bench.made.steps; len(s) != 3 || s[0].Person != "林二" || s[0].Signed() || s[2].Order.Names["D001"] != application.Narrow {
		r.t.Errorf("taken %+v", s)
	}
}

// TestSignedWord lets a target pass, approves, and hands over, each under a key: what lacks and what is wrong is told, the typed words stay, and what
// opens the key does not.
func TestSignedWord(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.names = []application.Target{{ID: "D001", Name: "a.example", Scope: application.Exact}}
		c.draft = []application.Application{{ID: "S01", Targets: []string{"D001"}, Facts: "x"}}
		sign := func(do, signer string) {
			r.choose(r.word("signing.file"))
			r.tap(do)
			if !r.shows(r.word("signing.lack.file")) {
				t.Fatalf("a lacking file is not told: %q", r.texts())
			}
			r.fill(r.word("signing.file.hint"), "/keys/"+signer)
			r.fill(r.word("signing.secret.hint"), "wrong")
			r.tap(do)
			r.until("the wrong passphrase is told", func() bool { return r.shows("SENTENCE " + keys.ErrSecret.Error()) })
			r.tap(r.word("close"))
			if e := r.entry(r.word("signing.secret.hint")); e.Text != "" || r.entry(r.word("signing.file.hint")).Text != "/keys/"+signer {
				t.Errorf("after a wrong passphrase %q", e.Text)
			}
			r.fill(r.word("signing.secret.hint"), goodPassphrase)
			r.tap(do)
			r.until("whose key it was is told", func() bool { return solid(r.texts(), r.word("life.signed", "signer", "CN="+signer)) })
		}
		r.w.showApplications()
		r.until("the target is listed", func() bool { return r.shows("a.example") })
		r.list().Select(0)
		r.fill(r.word("override.person"), "李大華")
		r.fill(r.word("override.reason"), "無合法使用")
		sign(r.word("override.do"), "li.p12")
		r.tabs().SelectIndex(2)
		r.until("the approval is offered", func() bool { return r.shows(r.word("life.means.approve")) })
		r.fill(r.word("life.person.hint"), "李大華")
		sign(r.word("life.take"), "li.pem")
		r.w.showHandover()
		r.until("an application is offered", func() bool { return strings.HasSuffix(r.entry(r.word("handover.file.hint")).Text, ".zip") })
		r.choose(r.word("recipient.police"))
		sign(r.word("handover.build"), "wang.p12")
		if len(c.let) != 1 || !c.let[0].Signed() || len(c.steps) != 1 || !c.steps[0].Signed() || !slices.Equal(c.to, []application.Recipient{application.ForPolice}) {
			t.Errorf("override %+v, steps %+v, packets for %v", c.let, c.steps, c.to)
		}
		r.choose(r.word("signing.card"))
		r.tap(r.word("handover.build"))
		if !r.shows(r.word("signing.lack.card")) {
			t.Errorf("a lacking card is not told: %q", r.texts())
		}
	}
}

func packAndVerify(r *rig) {
	r.t.Helper()
	r.w.showHandover()
	r.until("an application is offered", func() bool { return strings.HasSuffix(r.entry(r.word("handover.file.hint")).Text, "115_1-S01.zip") })
	r.tap(r.word("handover.build"))
	r.until("the packet is built", func() bool { return r.shows(r.word("handover.done", "id", "X01")) })
	r.tap(r.word("handover.verify"))
	r.until("the packet is verified", func() bool { return r.shows(r.word("verify.good")) })
}

func checkLog(r *rig) {
	r.t.Helper()
	r.bench.made.found = nil
	r.w.showCustody()
	r.until("the log is listed", func() bool { return r.shows("#000001") })
	r.tap(r.word("custody.check"))
	r.until("the check is done", func() bool { return r.shows(r.word("custody.match")) })
}

// TestStartTellsTheEnvironment checks that a missing browser is told before anything is tried.
func TestStartTellsTheEnvironment(t *testing.T) {
	r := newRig(t, "zh-TW", "")
	r.until("the check is shown", func() bool {
		return r.shows(r.w.Say.T("env.browser") + "：" + r.w.Say.T("env.browser.fails", "why", "not installed"))
	})
}

// TestTraining makes the training case, looks at what it says, and goes on to the verification of its packet.
func TestTraining(t *testing.T) {
	r := newRig(t, "en", "")
	r.tap(r.word("start.training"))
	r.tap(r.word("training.begin"))
	r.until("the story ends", func() bool { return r.shows(r.word("training.done", "passphrase", goodPassphrase)) })
	if !r.shows("vip-invest.example") || !r.shows(r.word("scope.subdomains")) {
		t.Errorf("the steps are not told: %q", r.texts())
	}
	r.tap(r.word("training.verify"))
	r.until("the packet is verified", func() bool { return r.shows(r.word("verify.good")) })
}

// TestChooseCase finds a case folder in the dialog, by going into a folder and by typing.
func TestChooseCase(t *testing.T) {
	r := newRig(t, "zh-TW", "")
	dir := filepath.Join(os.Getenv("HOME"), "cases", "115偵1")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.tap(r.word("start.open"))
	r.until("the folder is listed", func() bool { return r.shows("cases") })
	r.list().Select(0)
	r.until("the case is listed", func() bool { return r.shows("115偵1") })
	r.list().Select(0)
	path := r.word("files.path")
	r.until("the folder is entered", func() bool { return r.entry(path).Text == dir })
	r.entry(path).SetText("/typed/by/hand")
	r.tap(r.word("files.choose"))
	if !r.shows("/typed/by/hand") || !r.shows(r.word("unlock.title")) {
		t.Errorf("after choosing: %q", r.texts())
	}
}

// TestWrongKeyKeepsTheForm checks that a wrong passphrase is told in the words for it and costs nothing.
func TestWrongKeyKeepsTheForm(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	r.fill(r.word("unlock.passphrase"), "wrong")
	r.fill(r.word("operator.name.hint"), "王小明")
	r.tap(r.word("unlock.do"))
	r.until("the error is told", func() bool { return r.shows("SENTENCE wrong key") })
	r.tap(r.word("close"))
	if got := r.entry(r.word("operator.name.hint")).Text; got != "王小明" {
		t.Errorf("after the error the name is %q", got)
	}
}

// TestNewOperatorIsTold names who was not an operator of the case before, and nobody else.
func TestNewOperatorIsTold(t *testing.T) {
	for _, name := range []string{newcomer, "王小明"} {
		r := newRig(t, "zh-TW", "/cases/1")
		r.fill(r.word("unlock.passphrase"), goodPassphrase)
		r.fill(r.word("operator.name.hint"), name)
		r.tap(r.word("unlock.do"))
		r.until("the case opens", func() bool { return r.w.desk != nil })
		if told := r.shows(r.w.Say.T("operator.joined", "name", name)); told != (name == newcomer) {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// TestEntryInWords opens an entry of the log and reads what it holds in words, not in keys.
func TestEntryInWords(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	r.unlocked()
	r.w.showCustody()
	r.until("the log is listed", func() bool { return r.shows("#000001") })
	r.list().Select(0)
	r.until("the entry is told", func() bool { return r.shows("所載 ") })
}

// TestFindingsStay checks that what does not match is listed and cannot be dismissed.
func TestFindingsStay(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	r.unlocked().found = nil
	r.w.showVerify("/x/bad.zip")
	r.until("the finding is shown", func() bool { return r.shows(r.word("finding.file.changed")) })
	if !r.shows(r.word("verify.bad", "n", 1)) || !r.shows("data/x") {
		t.Errorf("the report does not name what is wrong: %q", r.texts())
	}
	for _, word := range []string{r.word("verify.follows", "n", 2), "・bag-info.txt　" + r.word("finding.bag.form")} {
		if !strings.Contains(r.texts(), word) {
			t.Errorf("%q does not stand below the cause: %q", word, r.texts())
		}
	}
	if n := strings.Count(r.texts(), r.word("finding.bag.form")); n != 1 {
		t.Errorf("what follows is shown %d times", n)
	}
}

// TestWhoseComesFirst shows a packet by a key that nobody knows, one by a known key, and one under an office's name by another key: that is said
// before anything is said of its contents.
func TestWhoseComesFirst(t *testing.T) {
	r := newRig(t, "zh-TW", "")
	for path, words := range map[string][2]string{
		"/x/other.zip":  {r.word("whose.unknown"), r.word("verify.good")},
		"/x/known.zip":  {r.word("whose.known", "as", "甲署"), r.word("verify.good")},
		"/x/forged.zip": {r.word("whose.other"), r.word("verify.foreign")},
	} {
		r.w.showVerify(path)
		r.until("the answer is shown", func() bool { return r.shows(words[0]) && r.shows(words[1]) })
		text := r.texts()
		if strings.Index(text, words[0]) > strings.Index(text, words[1]) {
			t.Errorf("%s: the contents come first: %q", path, text)
		}
		for _, word := range []string{"11111 22222 33333 44444 55555 66666 77777 88888", r.word("whose.entries.count", "sealed", 9, "here", 2, "absent", 7)} {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is not shown: %q", path, word, text)
			}
		}
	}
}

// TestKeptSeal holds a packet against a seal that was kept elsewhere: the answer stands in the card that says whose key it is, and what is no seal
// leaves the report that was there.
func TestKeptSeal(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "")
		r.w.showVerify("/x/other.zip")
		compare := func(file string) {
			r.until("the answer is shown", func() bool { return r.shows(r.word("verify.good")) })
			r.tap(r.word("whose.compare"))
			r.fill(r.word("files.path"), file)
			r.tap(r.word("whose.compare.do"))
		}
		answer := r.word("whose.seal.within", "size", 4, "sealed", 9)
		compare("/x/none.txt")
		r.until("the trouble is told", func() bool { return r.shows("SENTENCE " + packet.ErrNotSeal.Error()) })
		r.tap(r.word("close"))
		if !r.shows(r.word("whose.unknown")) || solid(r.texts(), answer) {
			t.Errorf("after what is no seal: %q", r.texts())
		}
		compare("/x/sheet.jpg")
		r.until("the answer about the seal is shown", func() bool { return solid(r.texts(), answer) && r.shows("/x/sheet.jpg") })
	}
}

// TestRememberKey: a key becomes a known one after its office is written and its comparing is confirmed, not before; one that is known, or of a packet
// that is refused or spoiled, is not offered.
func TestRememberKey(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "")
		for _, path := range []string{"/x/known.zip", "/x/forged.zip", "/x/bad.zip"} {
			r.w.showVerify(path)
			r.until("the answer is shown", func() bool { return r.shows(r.word("whose.compare")) })
			if r.shows(r.word("whose.know")) {
				t.Errorf("%s: its key is offered to be remembered", path)
			}
		}
		r.w.showVerify("/x/other.zip")
		r.until("the answer is shown", func() bool { return r.shows(r.word("whose.unknown")) })
		r.tap(r.word("whose.know"))
		if b := r.button(r.word("whose.know.do")); !b.Disabled() {
			t.Error("a key is remembered that nobody says to have compared")
		}
		r.tick(r.word("whose.know.compared"))
		r.entry(r.word("whose.know.office")).SetText(" ")
		if b := r.button(r.word("whose.know.do")); !b.Disabled() {
			t.Error("a key is remembered of no office")
		}
		r.entry(r.word("whose.know.office")).SetText("甲署 ")
		r.tap(r.word("whose.know.do"))
		r.until("the key is known", func() bool { return r.shows(r.word("whose.known", "as", "甲署")) })
		want := []packet.KnownKey{{Fingerprint: "11111 22222 33333 44444 55555 66666 77777 88888", Office: "甲署", Number: "115偵1"}}
		if got := r.bench.knows(); !slices.Equal(got, want) {
			t.Errorf("%+v", got)
		}
	}
}

// TestSealAndSheet seals the log from its page: the seal is listed, its sheet is offered and written where the person says, and a file that is
// there is not written over.
func TestSealAndSheet(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		r.w.showCustody()
		seal := func(n int64) {
			r.until("the log is listed", func() bool { return r.shows(fmt.Sprintf("#%06d", n)) })
			r.tap(r.word("custody.seal"))
			r.tap(r.word("custody.seal.do"))
			r.until("the seal is told", func() bool { return solid(r.texts(), r.word("custody.sealed.means", "stamps", 1, "pending", 2)) })
			r.until("the seal is listed", func() bool { return r.shows(fmt.Sprintf("#%06d", n+1)) })
			r.tap(r.word("custody.sheet.save"))
		}
		seal(1)
		path := r.entry(r.word("files.path"))
		r.until("a file is suggested", func() bool { return path.Text != "" })
		if base := filepath.Base(path.Text); base != r.word("custody.sheet.name", "number", "115偵12345", "size", 1)+".html" {
			t.Errorf("suggested %s", path.Text)
		}
		path.SetText("/x/sheet.html")
		r.tap(r.word("files.choose"))
		r.until("the sheet is saved", func() bool { return r.shows(r.word("custody.sheet.saved")) && r.shows("/x/sheet.html") })
		r.tap(r.word("close"))
		if got := c.saved(); !slices.Equal(got, []string{"1 /x/sheet.html"}) {
			t.Errorf("%q", got)
		}
		seal(2)
		path = r.entry(r.word("files.path"))
		r.until("a file is suggested", func() bool { return path.Text != "" })
		path.SetText("/x/taken.html")
		r.tap(r.word("files.choose"))
		r.until("the trouble is told", func() bool { return r.shows("SENTENCE " + casefile.ErrExists.Error()) })
	}
}

// solid says whether a text shows a sentence, wherever its lines are broken.
func solid(text, sentence string) bool {
	drop := strings.NewReplacer(" ", "", "|", "").Replace
	return strings.Contains(drop(text), drop(sentence))
}

// TestNotesAreNoFindings shows another ZIP, a system's file and an authority that has ended: the packet is good, and each is said.
func TestNotesAreNoFindings(t *testing.T) {
	r := newRig(t, "zh-TW", "")
	r.w.showVerify("/x/noted.zip")
	r.until("the answer is shown", func() bool { return r.shows(r.word("verify.good.noted", "n", 3)) })
	for _, word := range []string{"verify.notes", "finding.zip.repacked", "finding.file.system", "finding.stamp.expired"} {
		if !r.shows(r.word(word)) {
			t.Errorf("%s is not shown: %q", word, r.texts())
		}
	}
	if text := r.texts(); !strings.Contains(text, r.word("verify.stamp.ended", "until", page.Clock(r.w.Say, now()))) || strings.Contains(text, r.word("verify.bad.means")) {
		t.Errorf("%q", text)
	}
	r.w.showVerify("/x/absent")
	r.until("the answer is shown", func() bool { return r.shows(r.word("verify.absent")) })
}

// TestCaptureOutlivesItsSight checks that leaving the capture page does not stop a capture, and that cancelling does.
func TestCaptureOutlivesItsSight(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	c.gate = make(chan struct{})
	r.w.showCapture()
	r.fill(r.word("capture.addresses.hint"), "a.example")
	r.tap(r.word("capture.begin"))
	r.until("a step is shown", func() bool { return r.shows(r.w.Say.T("step.scroll")) })
	r.w.showExhibits()
	r.w.speak("en")
	c.gate <- struct{}{}
	r.until("the first view is listed", func() bool { r.w.showExhibits(); return c.count() == 1 && r.w.desk.left[capturing] == "1" })
	r.w.showCapture()
	r.tap(newStrict(t, "zh-TW").T("window.queue.stop"))
	r.until("the capture ends", func() bool { return !r.w.desk.capture.Busy() })
	if c.count() != 1 {
		t.Errorf("%d exhibits after cancelling, want the one that was sealed", c.count())
	}
}

// TestQueue pauses and goes on, has a job finished, takes one off and puts it back, and hands one to a person.
func TestQueue(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	c.gate = make(chan struct{})
	r.w.showCapture()
	r.tick(r.w.Say.T("view.mobile"))
	r.fill(r.word("capture.addresses.hint"), "a.example\nb.example\nc.example")
	r.tap(r.word("capture.begin"))
	r.until("a step is shown", func() bool { return r.shows(r.w.Say.T("step.scroll")) && r.shows(r.word("job.waiting")) })
	r.tap(r.word("queue.pause"))
	r.tap(r.word("queue.resume"))
	r.tap(r.word("queue.finish"))
	r.until("the first is sealed and the second runs", func() bool { return c.count() == 1 && r.w.desk.left[capturing] == "2" })
	r.tap(r.word("queue.cancel")) // of the second, which runs
	r.until("the third runs", func() bool { return r.w.desk.left[capturing] == "1" && r.shows(r.word("job.cancelled")) })
	c.gate <- struct{}{}
	r.until("the queue ends", func() bool { return !r.w.desk.capture.Busy() && c.count() == 2 })
	r.tap(r.word("queue.restore"))
	r.until("the second waits again", func() bool { return r.shows(r.word("job.waiting")) })
	r.tap(r.word("queue.start"))
	c.gate <- struct{}{}
	r.until("a page needs a person", func() bool { return !r.w.desk.capture.Busy() && r.shows(r.word("verdict.challenge")) })
	want := []string{"pause true", "pause false", "finish Q001-0001", "cancel Q001-0002", "restore Q001-0002"}
	if !slices.Equal(c.acts, want) {
		t.Errorf("the page had done %q, want %q", c.acts, want)
	}
	r.tap(r.word("queue.retry"))
	r.until("it is told that there is nothing to retry", func() bool { return r.shows(r.word("queue.retry.none")) })
	r.tap(r.word("close"))
	r.tap(r.word("queue.person"))
	if got := r.entry(r.word("sitting.address.hint")).Text; got != "https://b.example" {
		t.Errorf("the person is offered %q", got)
	}
}

// TestLongQueue checks that thousands that wait do not hide what runs, that they can be cleared, and that what is captured at once comes first.
func TestLongQueue(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	r.w.showCapture()
	r.tick(r.w.Say.T("view.mobile"))
	file := filepath.Join(t.TempDir(), "165.csv")
	if err := os.WriteFile(file, []byte(strings.Repeat("https://a.example/\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	r.w.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(file)})
	r.until("the list is taken in", func() bool {
		return r.shows(r.word("capture.taken", "exhibit", "W0077", "rows", 500, "queued", 500, "known", 0, "skipped", 0)) && r.shows(r.word("queue.folded", "n", 495))
	})
	c.gate = make(chan struct{})
	r.fill(r.word("capture.addresses.hint"), "now.example")
	r.tap(r.word("capture.begin"))
	r.until("it runs, alone", func() bool { return r.shows("https://now.example") && r.w.desk.left[capturing] == "1" })
	r.tap(r.word("queue.clear"))
	r.tap(r.word("queue.clear.yes"))
	r.until("the others are off", func() bool {
		return r.shows(r.word("queue.counts", "running", 1, "waiting", 0, "person", 0, "whole", 0, "short", 0))
	})
	c.gate <- struct{}{}
	r.until("the one is sealed", func() bool { return c.count() == 1 && !r.w.desk.capture.Busy() })
	r.entry(r.word("capture.addresses.hint")).SetText("見 hxxps://b[.]example 等語\x00")
	r.tap(r.word("capture.read"))
	r.until("what is no list is told", func() bool { return r.shows("SENTENCE no list") })
}

// TestSitting begins a session, captures, and ends it; a login is taken away; what cannot begin says why.
func TestSitting(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	c.logins = []casefile.LoginInfo{{Name: "公務帳號 A-03"}}
	r.w.showSession()
	r.fill(r.word("sitting.address.hint"), "member.example")
	r.tap(r.word("sitting.begin"))
	r.until("the sitting is recorded", func() bool { return r.shows(r.word("sitting.recording")) && r.shows("https://member.example") })
	if r.w.desk.left[sitting] == "" || len(r.w.desk.unfinished()) == 0 {
		t.Error("the rail does not say that a sitting is under way")
	}
	r.w.showExhibits()
	r.w.showSession()
	r.tap(r.word("sitting.capture"))
	r.until("the exhibit is listed", func() bool { return r.shows(r.word("sitting.exhibit", "exhibit", "W0001")) && r.shows("會員專區") })
	if !r.shows("加入群組") {
		t.Errorf("what the person did is not listed: %q", r.texts())
	}
	r.tap(r.word("sitting.end"))
	r.until("the list of the sitting is an exhibit", func() bool {
		return r.shows(r.word("sitting.exhibit", "exhibit", "W0099")) && len(r.w.desk.unfinished()) == 0
	})

	var login *widget.Select
	r.walk(func(o fyne.CanvasObject) bool {
		s, ok := o.(*widget.Select)
		if ok && slices.Contains(s.Options, "公務帳號 A-03") {
			login = s
		}
		return login != nil
	})
	login.SetSelected("公務帳號 A-03")
	r.tap(r.word("sitting.login.remove"))
	r.tap(r.word("sitting.login.yes"))
	r.until("the login is gone", func() bool { return len(c.Logins()) == 0 })
}

// TestClosedPageDoesNotChange leaves a page while it loads and lets the results arrive afterwards.
func TestClosedPageDoesNotChange(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	r.unlocked()
	for _, show := range []func(){r.w.showOverview, r.w.showExhibits, r.w.showCustody, r.w.showHandover, func() { r.w.showVerify("/x/bad.zip") }} {
		show()
		left := r.w.page.Object()
		before := textsIn(left)
		r.w.showCapture()
		r.w.desk.work.Close() // lets Wait end: the clock runs as long as the case is open
		r.w.desk.work.Wait()
		for len(r.door) > 0 {
			(<-r.door)()
		}
		if after := textsIn(left); after != before {
			t.Errorf("a closed page went from %q to %q", before, after)
		}
		r.w.desk.work = r.w.all.Below()
		r.w.desk.capture = nil
	}
}

// TestRedact makes a redacted copy of an exhibit: rules that cannot be meant are told with their line, a picture is in it only once a person has looked
// at it, and what is refused or cancelled leaves the form as it was.
func TestRedact(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.admit(evidence.Request{URL: "https://a.example"})
		r.w.showExhibit("W0001")
		r.until("the exhibit is shown", func() bool { return r.shows(r.word("verdict.complete.means")) })
		r.tap(r.word("viewer.redact"))
		words := r.entry(r.word("redact.words.hint"))
		for text, want := range map[string]string{"王小明\n\n王": r.word("redact.bad.word", "n", 3, "text", "王")} {
			words.SetText(text)
			r.tap(r.word("redact.do"))
			if !r.shows(want) {
				t.Errorf("%q is not told: %q", want, r.texts())
			}
		}
		words.SetText("永遠")
		r.tap(r.word("redact.do"))
		r.tap(r.word("cancel"))
		r.until("it is cancelled", func() bool { return r.shows(r.word("redact.cancelled")) })
		words.SetText("仍在")
		r.tap(r.word("redact.do"))
		r.until("what remains is told", func() bool { return r.shows("SENTENCE " + redact.ErrRemains.Error()) })
		r.tap(r.word("close"))
		if words.Text != "仍在" || len(c.rules) != 0 {
			t.Errorf("after the error %q; made %+v", words.Text, c.rules)
		}
		words.SetText("王小明\n 0912-345678 ")
		r.tick(r.w.Say.T("redact.account"))
		r.fill(r.word("redact.reason.hint"), "給辯護人")
		r.tabs().SelectIndex(1)
		r.until("the picture is shown", func() bool { return r.shows(r.word("redact.boxes", "n", 0)) })
		var boxes *own.Boxes
		r.walk(func(o fyne.CanvasObject) bool { boxes, _ = o.(*own.Boxes); return boxes != nil })
		for range 2 {
			boxes.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(60, 80)}, Dragged: fyne.NewDelta(50, 70)})
			boxes.DragEnd()
		}
		r.tap(r.word("redact.undo"))
		r.tick(r.word("redact.seen"))
		r.tap(r.word("redact.do"))
		r.until("the copy is named", func() bool { return r.shows(r.word("redact.made", "exhibit", "W0002", "original", "W0001")) })
		if !r.shows(r.w.Say.T("redact.left.picture")) || !r.shows(r.w.Say.T("redact.word")+" 3") || !r.shows(r.word("redact.more", "n", 2)) {
			t.Errorf("what became of the artifacts is not told: %q", r.texts())
		}
		got := c.rules[0]
		want := evidence.RedactionBox{X: 10, Y: 10, Width: 50, Height: 70}
		if !slices.Equal(got.Words, []string{"王小明", "0912-345678"}) || len(got.Kinds) != len(evidence.RedactionBuiltIn)-1 || c.reasons[0] != "給辯護人" ||
			len(got.Pictures) != 1 || !slices.Equal(got.Pictures[evidence.Screenshot], []evidence.RedactionBox{want}) {
			t.Errorf("made by %+v", got)
		}
		r.tap(r.word("redact.show"))
		r.until("the copy is shown", func() bool { return r.shows(r.word("kind.copy.means")) })
	}
}

// TestReadRules fills the form from a file of rules; a file that is not there leaves it.
func TestReadRules(t *testing.T) {
	r := newRig(t, "zh-TW", "/cases/1")
	c := r.unlocked()
	r.w.showRedact(c.admit(evidence.Request{URL: "https://a.example"}))
	read := func(file string) {
		r.tap(r.word("redact.read"))
		r.fill(r.word("files.path"), file)
		r.tap(r.word("files.choose"))
	}
	r.fill(r.word("redact.words.hint"), "李大華")
	read("/absent.json")
	r.until("the file is told", func() bool { return r.shows("SENTENCE " + os.ErrNotExist.Error()) })
	r.tap(r.word("close"))
	if got := r.entry(r.word("redact.words.hint")).Text; got != "李大華" {
		t.Errorf("after the error %q", got)
	}
	read("/rules.json")
	r.until("the words are there", func() bool { return r.entry(r.word("redact.words.hint")).Text == "王小明" })
	r.tap(r.word("redact.do"))
	r.until("the copy is named", func() bool { return r.shows(r.word("redact.made", "exhibit", "W0002", "original", "W0001")) })
	want, _ := c.RedactionRules("", "")
	if got := c.rules[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("made by %+v, want %+v", got, want)
	}
}

// TestExecutionCheck asks the resolvers of the list, then others: what is no address is told with its line, a check that is cancelled is shown as far as it
// came and said to be cut, and an error leaves the form as it was.
func TestExecutionCheck(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.draft = []application.Application{{ID: "S01", Targets: []string{"D001"}}}
		r.w.showHandover()
		r.until("the hand-over is shown", func() bool { return r.shows(r.word("handover.execution.hint")) })
		r.tap(r.word("handover.execution"))
		r.until("whom it would ask is shown", func() bool { return r.shows("192.0.2.2　Quad101") && !r.button(r.word("execution.do")).Disabled() })
		r.tap(r.word("execution.do"))
		r.until("the result is shown", func() bool { return r.shows(r.word("execution.made", "exhibit", "W0001")) })
		for _, want := range []string{
			"D001　a.example　" + r.w.Say.T("scope.subdomains"), r.w.Say.T("execution.stopped"), r.w.Say.T("execution.not-stopped"), r.w.Say.T("execution.not-stopped.means"),
			r.word("execution.was", "verdict", r.w.Say.T("execution.not-stopped")), r.w.Say.T("execution.end.silent"), r.w.Say.T("execution.role.name"),
		} {
			if !solid(r.texts(), want) {
				t.Errorf("%q is not told: %q", want, r.texts())
			}
		}
		if o := c.asked[0]; !slices.Equal(o.Resolvers, []string{"192.0.2.1", "192.0.2.2"}) || o.Control != "192.0.2.8" {
			t.Errorf("asked %+v", o)
		}
		r.until("the check is listed", func() bool { return r.shows(r.word("execution.before", "n", 1)) })

		r.entry(r.word("execution.landing.hint")).SetText("192.0.2.7\nhere")
		r.tap(r.word("execution.do"))
		if !r.shows(r.word("execution.bad.landing", "n", 2, "text", "here")) {
			t.Errorf("what is no address is not told: %q", r.texts())
		}
		r.entry(r.word("execution.landing.hint")).SetText("192.0.2.7")
		r.entry(r.word("execution.resolvers.hint")).SetText("nobody")
		r.tap(r.word("execution.do"))
		r.until("the error is told", func() bool { return r.shows("SENTENCE no resolver") })
		r.tap(r.word("close"))
		r.entry(r.word("execution.resolvers.hint")).SetText("tls://192.0.2.3#dns.example\n\n 192.0.2.4 ")
		r.entry(r.word("execution.control.hint")).SetText("")
		r.fill(r.word("execution.reason.hint"), "等")
		r.tap(r.word("execution.do"))
		r.until("how far it is, is told", func() bool { return r.shows(r.word("execution.asked", "done", 300, "total", 300)) })
		r.tap(r.word("cancel"))
		r.until("what came is told", func() bool { return r.shows(r.word("execution.made", "exhibit", "W0002")) })
		if !r.shows(r.word("execution.interrupted")) || !r.shows(r.word("execution.nocontrol")) {
			t.Errorf("that it was cut, or has no control, is not told: %q", r.texts())
		}
		if o := c.asked[1]; !slices.Equal(o.Resolvers, []string{"tls://192.0.2.3#dns.example", "192.0.2.4"}) || len(o.Landing) != 1 || o.Control != "" {
			t.Errorf("asked %+v", o)
		}
		r.tap(r.word("execution.open"))
		r.until("the exhibit is shown", func() bool { return r.shows(r.word("kind.execution.means")) })

		r.w.showExecution() // the case is locked while it asks: it ends, and then the case is closed
		r.until("it can be asked", func() bool { return !r.button(r.word("execution.do")).Disabled() })
		r.fill(r.word("execution.reason.hint"), "等")
		r.tap(r.word("execution.do"))
		r.w.askLeave()
		r.confirm(r.word("leave.yes"))
		r.until("the case is closed", func() bool { return c.closed() == 1 })
		if len(c.checks) != 3 || !c.checks[2].Interrupted {
			t.Errorf("checks %+v", c.checks)
		}
	}
}

// fields are the words for the fields of a loss.
func fields(r *rig) string {
	var list []string
	for _, name := range application.LossFields {
		list = append(list, r.word("loss."+name))
	}
	return strings.Join(list, "、")
}

// TestLosses takes in a table of losses: a row that cannot be read is told where the table was given, a file that is not there leaves the form, and what
// was taken in adds up.
func TestLosses(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		r.w.showApplications()
		r.tabs().SelectIndex(3)
		r.until("that there is none is told", func() bool { return r.shows(r.word("loss.sum", "n", 0, "victims", 0, "sum", 0)) })
		r.fill(r.word("loss.from.hint"), "165")
		take := func(file string) {
			r.entry(r.word("loss.file.hint")).SetText(file)
			r.tap(r.word("loss.take"))
		}
		take("/lists/absent.csv")
		r.until("the file is told", func() bool { return r.shows("SENTENCE " + os.ErrNotExist.Error()) })
		r.tap(r.word("close"))
		take("/lists/bad.csv")
		r.until("the row is told", func() bool { return r.shows("明天") && r.shows(r.word("loss.refused")) })
		if r.entry(r.word("loss.file.hint")).Text != "/lists/bad.csv" || r.entry(r.word("loss.from.hint")).Text != "165" || len(c.tables) > 0 {
			t.Errorf("after what was refused: %q", r.texts())
		}
		r.fill(r.word("loss.columns.hint"), "實付")
		take("/lists/165.csv")
		r.until("a column without a field is told", func() bool { return r.shows(r.word("loss.columns.bad", "fields", fields(r))) })
		r.entry(r.word("loss.columns.hint")).SetText(r.word("loss.amount") + "＝實付、date=入帳日")
		take("/lists/165.csv")
		r.until("the rows are listed and add up", func() bool {
			return r.shows(r.word("loss.taken", "exhibit", "W0007", "n", 2, "sum", "1,500,020")) && r.shows(r.word("loss.sum", "n", 2, "victims", 1, "sum", "1,500,020"))
		})
		if want := (page.LossTable{File: "/lists/165.csv", From: "165", Headings: [5]string{1: "入帳日", 2: "實付"}}); !r.shows(r.word("loss.amount")+" ← 實付") || !r.shows(r.word("loss.alike", "row", 2)) || c.tables[0] != want || !r.shows("1,500,000") || r.shows("明天") {
			t.Errorf("taken %+v; %q", c.tables, r.texts())
		}
		r.fill(r.word("loss.exhibit.hint"), "W0007")
		r.fill(r.word("loss.reason.hint"), "重複")
		r.tap(r.word("loss.drop"))
		r.until("what was taken back is told", func() bool {
			return c.dropped == "W0007 重複" && r.shows(r.word("loss.dropped", "exhibit", "W0007")) && r.shows(r.word("loss.sum", "n", 0, "victims", 0, "sum", 0))
		})
	}
}

// TestLawInForce reads what is in force, with its age, and the words of an article.
func TestLawInForce(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		r.unlocked()
		r.w.showApplications()
		r.tabs().SelectIndex(4)
		r.until("what is in force is listed", func() bool { return r.shows(r.w.Say.T("law.statutes")) && r.shows("fraud-42") })
		if !r.shows(r.word("law.old")) || !r.shows("2026-11-01") || !r.shows("/office") {
			t.Errorf("its age is not told: %q", r.texts())
		}
		r.list().Select(0)
		r.until("the article is shown", func() bool { return r.shows("可為證據之物") })
		for _, want := range []string{r.w.Say.T("law.kind.quote"), r.word("law.age", "age", 22, "limit", 90), "全國法規資料庫", r.word("law.amended", "date", "2026-01-21")} {
			if !solid(r.texts(), want) {
				t.Errorf("%q is not told: %q", want, r.texts())
			}
		}
		r.list().Select(1)
		r.until("the other is shown", func() bool {
			return solid(r.texts(), r.word("law.age.old", "age", 326, "limit", 90)) && r.shows("註記")
		})
	}
}

// TestFitsNarrowWindow: the forms that sign, redact, check and take in fit a window that is 900 wide, which is 1366 at 150 %.
func TestFitsNarrowWindow(t *testing.T) {
	for _, lang := range []string{"zh-TW", "en"} {
		r := newRig(t, lang, "/cases/1")
		c := r.unlocked()
		c.names = []application.Target{{ID: "D001", Name: "a.example", Scope: application.Exact}}
		c.draft = []application.Application{{ID: "S01", Targets: []string{"D001"}, Facts: "x"}}
		e := c.admit(evidence.Request{URL: "https://a.example"})
		fits := func(what string) {
			if w := r.w.win.Canvas().Content().MinSize().Width; w > 900 {
				t.Errorf("%s: %s is at least %v wide", lang, what, w)
			}
		}
		r.w.showApplications()
		r.until("the target is listed", func() bool { return r.shows("a.example") })
		r.list().Select(0)
		r.choose(r.word("signing.card"))
		fits("an override under a card's key")
		for i, item := range r.tabs().Items[2:] {
			r.tabs().SelectIndex(i + 2)
			fits(item.Text)
		}
		r.w.showHandover()
		r.choose(r.word("signing.card"))
		fits("a packet under a card's key")
		r.w.showExecution()
		r.until("it can be asked", func() bool { return !r.button(r.word("execution.do")).Disabled() })
		r.tap(r.word("execution.do"))
		r.until("the check is shown", func() bool { return r.shows(r.word("execution.made", "exhibit", "W0002")) })
		fits("a check of execution")
		r.w.showPackets("")
		r.until("a packet is shown", func() bool { return r.shows(r.word("packets.unwritten")) })
		for i, item := range r.tabs().Items {
			r.tabs().SelectIndex(i)
			fits(item.Text)
		}
		r.w.showRedact(e)
		fits("the rules of redaction")
		r.tabs().SelectIndex(1)
		fits("the pictures")
	}
}
