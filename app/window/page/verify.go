package page

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/legible"
	"yuzheng/casefile/packet"
)

// Verifier checks a packet as a stranger would: without key, case or network.
type Verifier interface {
	// Verify reads the packet at path, and where seal is not empty holds it against the seal in that file. An error means that one of them could
	// not be read at all; findings are in the report.
	Verify(ctx context.Context, path, seal string) (packet.Report, error)
	// Know adds a key to those that this machine knows, as a person has compared it.
	Know(ctx context.Context, k packet.KnownKey) error
}

// VerifyNeeds is what the page needs to check a packet.
type VerifyNeeds struct {
	Verifier
	Path          string
	Back, Another func()
	// Choose asks for the file of a seal that was kept elsewhere.
	Choose func(chosen func(file string))
}

// Verify checks one packet and tells what it found (S24).
type Verify struct {
	frame
	needs VerifyNeeds
	seal  string // file of the kept seal that the report is about; empty: none
	box   *fyne.Container
	busy  *widget.ProgressBarInfinite
}

// NewVerify makes the page and begins at once.
func NewVerify(r Room, needs VerifyNeeds) *Verify {
	p := &Verify{frame: frame{Room: r}, needs: needs, box: container.NewVBox(), busy: widget.NewProgressBarInfinite()}
	buttons := container.NewHBox(widget.NewButton(p.t("back"), needs.Back), widget.NewButton(p.t("verify.another"), needs.Another))
	head := container.NewVBox(container.NewBorder(nil, nil, own.Heading(p.t("verify.title")), buttons),
		own.NewMiddle(needs.Path, theme.ColorNameForeground, false), p.busy)
	p.object = container.NewBorder(head, nil, nil, nil, container.NewVScroll(p.box))
	p.check("")
	return p
}

// check reads the packet and shows the report. What was shown before stays where it fails, as with a file that is no seal.
func (p *Verify) check(seal string) {
	p.busy.Show()
	p.busy.Start()
	p.box.Hide()
	var report packet.Report
	p.Work.Go(func(ctx context.Context) (err error) {
		report, err = p.needs.Verify(ctx, p.needs.Path, seal)
		return err
	}, func(err error) {
		p.busy.Stop()
		p.busy.Hide()
		p.box.Show()
		if err != nil {
			p.Fail(err)
			return
		}
		p.seal = seal
		p.box.RemoveAll()
		p.report(report)
	})
}

// report says first whose key it is, then the answer, then what it is about, then everything that does not match.
func (p *Verify) report(r packet.Report) {
	if r.Whose.Fingerprint != "" {
		p.box.Add(p.whose(r.Whose, r.Good()))
	}
	p.box.Add(p.answer(r))
	shown, more := shownOf(r)
	for _, f := range shown {
		p.box.Add(p.finding(f, theme.ColorNameError, "×"))
	}
	for _, code := range slices.Sorted(maps.Keys(more)) {
		p.box.Add(own.Caption(p.t("verify.more", "n", more[code], "what", wordOr(p.Say, "window.finding.", string(code)))))
	}
	if len(r.Notes) > 0 {
		p.box.Add(own.Subheading(p.t("verify.notes")))
	}
	for _, f := range r.Notes {
		if f.Code == packet.StampExpired {
			f.Problem = "" // its line below tells both times
		}
		p.box.Add(p.finding(f, theme.ColorNamePrimary, "i"))
	}
	p.box.Add(own.Card(p.about(r)))
	if len(r.Unchecked) > 0 {
		p.box.Add(own.Subheading(p.t("verify.unchecked")))
	}
	for _, f := range r.Unchecked {
		p.box.Add(p.finding(f, theme.ColorNameWarning, "▲"))
	}
	p.box.Add(own.Caption(p.t("verify.limits")))
}

// maxShown is how many findings have a card each, and how many what follows from one is told in lines; a packet that is wrong throughout
// has thousands.
const maxShown = 200

// shownOf gives the findings that are shown, and how many more there are by their code.
func shownOf(r packet.Report) (shown []packet.Finding, more map[packet.Code]int) {
	shown, more = r.Findings[:min(len(r.Findings), maxShown)], map[packet.Code]int{}
	maps.Copy(more, r.More)
	for _, f := range r.Findings[len(shown):] {
		more[f.Code]++
	}
	return shown, more
}

// whose says who seals before anything is said of what was sealed: a packet that is whole can be anybody's.
func (p *Verify) whose(w packet.Whose, good bool) fyne.CanvasObject {
	symbol, color := "▲", theme.ColorNameWarning
	switch w.Standing {
	case packet.KeyKnown:
		symbol, color = "✓", theme.ColorNameSuccess
	case packet.KeyElsewhere:
		symbol, color = "×", theme.ColorNameError
	}
	office := w.Office
	if office == "" {
		office = p.t("whose.nooffice")
	}
	said := []any{"office", office, "number", w.Number, "as", w.KnownAs}
	key := "whose." + string(w.Standing)
	line := func(name, text string) own.Field {
		l := own.Wrapped(text)
		l.Selectable = true
		return own.Field{Name: p.t(name), Body: l}
	}
	fields := []own.Field{
		line("whose.key", w.Fingerprint),
		line("whose.entries", p.t("whose.entries.count", "sealed", w.Sealed, "here", w.Here, "absent", w.Absent)),
	}
	if w.Stamped != "" {
		fields = append(fields, line("whose.stamped", p.t("whose.stamped."+w.Stamped, "by", legible.Line(strings.Join(w.StampedBy, "; ")))))
	}
	if w.Seal != "" {
		fields = append(fields, own.Field{Name: p.t("whose.seal"), Body: p.kept(w)})
	}
	return own.Card(container.NewVBox(
		container.NewHBox(own.NewMark(symbol, p.t(key, said...), color)), own.Wrapped(p.t(key+".means", said...)),
		own.Fields(fields...), p.acts(w, good),
	))
}

// kept is the answer about the seal that was kept elsewhere.
func (p *Verify) kept(w packet.Whose) fyne.CanvasObject {
	color := theme.ColorNameError
	switch w.Seal {
	case packet.SealWithin:
		color = theme.ColorNameSuccess
	case packet.SealAfter, packet.SealUndecided:
		color = theme.ColorNameWarning
	}
	return container.NewVBox(own.Note(p.t("whose.seal."+w.Seal, "size", w.SealSize, "sealed", w.Sealed), color), own.NewMiddle(p.seal, look.Secondary, false))
}

// acts are what a person can do about whose key it is. A packet that is not good gets no button to make its key a known one.
func (p *Verify) acts(w packet.Whose, good bool) fyne.CanvasObject {
	acts := container.NewHBox(widget.NewButton(p.t("whose.compare"), func() { p.needs.Choose(p.check) }))
	if good && (w.Standing == packet.KeyUnknown || w.Standing == packet.KeyMisnamed) {
		acts.Add(widget.NewButton(p.t("whose.know"), func() { p.askKnow(w) }))
	}
	return acts
}

// askKnow asks whose key it is, which nobody can say who has not compared it.
func (p *Verify) askKnow(w packet.Whose) {
	office := own.Entry(p.t("whose.know.office"))
	office.SetText(w.Office)
	compared := widget.NewCheck(p.t("whose.know.compared"), nil)
	k := packet.KnownKey{Fingerprint: w.Fingerprint, Number: w.Number}
	yes := own.Primary(p.t("whose.know.do"), nil)
	judge := func() { own.Enable(yes, compared.Checked && strings.TrimSpace(office.Text) != "") }
	compared.OnChanged, office.OnChanged = func(bool) { judge() }, func(string) { judge() }
	judge()
	body := container.NewVBox(own.Wrapped(p.t("whose.know.means")), own.Fields(
		own.Field{Name: p.t("whose.key"), Body: own.Wrapped(w.Fingerprint)},
		own.Field{Name: p.t("whose.know.number"), Body: own.Wrapped(legible.Line(w.Number))},
		own.Field{Name: p.t("whose.know.office"), Body: office},
	), compared)
	d := dialog.NewCustomWithoutButtons(p.t("whose.know.title"), own.Wide(640, body), p.Window)
	yes.OnTapped = func() {
		d.Hide()
		k.Office = strings.TrimSpace(office.Text)
		p.know(k)
	}
	d.SetButtons([]fyne.CanvasObject{widget.NewButton(p.t("cancel"), d.Hide), yes})
	d.Show()
}

// know adds the key and checks the packet again, by what this machine knows now.
func (p *Verify) know(k packet.KnownKey) {
	p.Work.Go(func(ctx context.Context) error { return p.needs.Know(ctx, k) }, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.check(p.seal)
	})
}

// answer is what the check comes to.
func (p *Verify) answer(r packet.Report) fyne.CanvasObject {
	symbol, word, means, color := "×", p.t("verify.bad", "n", len(r.Findings)), "verify.bad.means", theme.ColorNameError
	switch {
	case r.Good() && len(r.Notes) > 0:
		symbol, word, means, color = "✓", p.t("verify.good.noted", "n", len(r.Notes)), "verify.good.means", theme.ColorNameSuccess
	case r.Good():
		symbol, word, means, color = "✓", p.t("verify.good"), "verify.good.means", theme.ColorNameSuccess
	case r.Absent():
		word, means = p.t("verify.absent"), "verify.absent.means"
	case r.Incomplete():
		word, means = p.t("verify.incomplete"), "verify.incomplete.means"
	case r.Foreign():
		word, means = p.t("verify.foreign"), "verify.foreign.means"
	}
	return own.Card(container.NewVBox(container.NewHBox(own.NewMark(symbol, word, color)), own.Caption(p.t(means))))
}

// finding is a cause with what follows from it below.
func (p *Verify) finding(f packet.Finding, c fyne.ThemeColorName, symbol string) fyne.CanvasObject {
	word := wordOr(p.Say, "window.finding.", string(f.Code))
	box := container.NewVBox(container.NewBorder(nil, nil, own.NewMark(symbol, "", c), nil, own.Wrapped(word)))
	if f.File != "" {
		box.Add(own.NewMiddle(f.File, theme.ColorNameForeground, true))
	}
	detail := legible.Line(faults.Say(spoken(p.Say), f.Problem))
	if f.Want != "" || f.Got != "" {
		detail += "\n" + p.t("verify.want") + " " + legible.Line(f.Want) + "\n" + p.t("verify.got") + " " + legible.Line(f.Got)
	}
	box.Add(own.Caption(strings.TrimSpace(detail)))
	if len(f.Follows) > 0 {
		box.Add(own.Caption(p.follows(f.Follows)))
	}
	return own.Card(box)
}

func (p *Verify) follows(list []packet.Finding) string {
	rows := []string{p.t("verify.follows", "n", len(list))}
	for _, f := range list[:min(len(list), maxShown)] {
		rows = append(rows, "・"+legible.Line(f.File)+"　"+wordOr(p.Say, "window.finding.", string(f.Code)))
	}
	if len(list) > maxShown {
		rows = append(rows, "…")
	}
	return strings.Join(rows, "\n")
}

func (p *Verify) about(r packet.Report) fyne.CanvasObject {
	line := func(key, text string) own.Field {
		l := own.Wrapped(legible.Line(text))
		l.Selectable = true
		return own.Field{Name: p.t("verify." + key), Body: l}
	}
	fields := []own.Field{
		line("name", r.Name), line("operator", person(r.Operator)), line("built", Clock(p.Say, r.Built)),
		line("files", fmt.Sprintf("%d　%s", r.Files, size(r.Bytes))), line("entries", fmt.Sprintf("%d / %d / %d", r.Entries, r.SealSize, r.Left)),
		line("exhibits", strings.Join(r.Exhibits, "  ")), line("key", r.Key),
	}
	for _, s := range r.Stamps {
		trust := p.t("verify.stamp.trusted")
		if !s.Trusted {
			trust = p.t("verify.stamp.untrusted")
		}
		if slices.ContainsFunc(r.Notes, func(f packet.Finding) bool { return f.Code == packet.StampExpired && f.File == s.File }) {
			trust += "　" + p.t("verify.stamp.ended", "until", Clock(p.Say, s.Until))
		}
		fields = append(fields, line("stamp", Clock(p.Say, s.Time)+"　"+s.Signer+"　"+trust))
	}
	return own.Fields(fields...)
}
