package page

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	"yuzheng/app/window/dialog"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/legible"
)

// Sealer seals the log.
type Sealer interface {
	// Seal signs the log as it stands and asks the case's time-stamp servers.
	Seal(ctx context.Context) (Sealed, error)
	// SaveSeal writes the seal of so many entries as one page to print.
	SaveSeal(ctx context.Context, size int64, file string) error
}

// Sealed is a seal that was made.
type Sealed struct {
	Size            int64 // entries
	Stamps, Pending int   // time-stamp servers that have answered, and that have not
	Why             []Unstamped
}

// Unstamped is a time-stamp server that has not stamped a seal, and what came of asking it.
type Unstamped struct {
	URL, Why string // the latter in English
}

// CustodyNeeds is what the page of the log needs.
type CustodyNeeds struct {
	Log    Log
	Sealer Sealer
	Number string // of the case, for the name of a file
	Folder string // where files go unless the person says otherwise
	// Choose asks where to write, beginning with the suggestion.
	Choose func(suggested string, chosen func(file string))
}

// Custody lists the log, seals it, and checks all of it (S25).
type Custody struct {
	frame
	needs       CustodyNeeds
	entries     []custody.Entry
	list        *widget.List
	seal        *widget.Button
	check, stop *widget.Button
	bar         *widget.ProgressBar
	result      *own.Mark
	findings    *findings
	cancel      context.CancelFunc
}

// Busy reports whether work is under way: the page then stays when another is shown.
func (p *Custody) Busy() bool { return p.cancel != nil }

// NewCustody makes the page.
func NewCustody(r Room, needs CustodyNeeds) *Custody {
	p := &Custody{frame: frame{Room: r}, needs: needs}
	p.list = widget.NewList(func() int { return len(p.entries) }, newEntryRow, func(i widget.ListItemID, o fyne.CanvasObject) {
		fillEntryRow(p.Say, o, p.entries[len(p.entries)-1-i])
	})
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		p.detail(p.entries[len(p.entries)-1-i])
	}
	p.check, p.stop = own.Primary(p.t("custody.check"), p.startCheck), widget.NewButton(p.t("cancel"), func() { p.cancel() })
	p.seal = widget.NewButton(p.t("custody.seal"), p.askSeal)
	p.bar, p.result = widget.NewProgressBar(), own.NewMark("", "", theme.ColorNameForeground)
	p.bar.Hide()
	p.stop.Hide()
	p.findings = newFindings(r.Say)
	head := container.NewBorder(nil, nil, own.Heading(p.t("custody.title")), container.NewHBox(p.result, p.stop, p.seal, p.check))
	p.object = container.NewBorder(container.NewVBox(head, own.Caption(p.t("custody.hint")), p.bar, p.findings.object), nil, nil, nil, p.list)
	p.load()
	return p
}

func (p *Custody) load() {
	var list []custody.Entry
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.needs.Log.Entries(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.entries = list
		p.list.Refresh()
	})
}

func (p *Custody) startCheck() {
	p.check.Disable()
	p.stop.Show()
	p.bar.SetValue(0)
	p.bar.Show()
	p.result.Set("", "", theme.ColorNameForeground)
	p.findings.set(nil)
	var found []Finding
	p.cancel = p.Work.Go(func(ctx context.Context) (err error) {
		found, err = p.needs.Log.Check(ctx, func(done, total int64) {
			p.Work.Show(func() { p.bar.SetValue(float64(done) / float64(max(total, 1))) })
		})
		return err
	}, func(err error) { p.checked(found, err) })
}

func (p *Custody) checked(found []Finding, err error) {
	p.cancel = nil
	p.check.Enable()
	p.stop.Hide()
	p.bar.Hide()
	p.findings.set(found)
	switch {
	case len(found) > 0:
		p.result.Set("×", p.t("custody.mismatch", "n", len(found)), theme.ColorNameError)
	case errors.Is(err, context.Canceled):
		p.result.Set("–", p.t("job.cancelled"), look.Secondary)
	case err != nil:
		p.Fail(err)
	default:
		p.result.Set("✓", p.t("custody.match"), theme.ColorNameSuccess)
		p.load() // the check itself is an act
	}
}

func (p *Custody) askSeal() {
	dialog.Ask(p.Window, p.Say, p.t("custody.seal.title"), p.t("custody.seal.ask"), p.t("custody.seal.do"), p.startSeal)
}

func (p *Custody) startSeal() {
	p.seal.Disable()
	p.result.Set("", p.t("custody.sealing"), look.Secondary)
	var made Sealed
	p.Work.Go(func(ctx context.Context) (err error) {
		made, err = p.needs.Sealer.Seal(ctx)
		return err
	}, func(err error) {
		p.seal.Enable()
		p.result.Set("", "", theme.ColorNameForeground)
		if err != nil {
			p.Fail(err)
			return
		}
		p.load() // the seal is an act
		p.offerSheet(made)
	})
}

// offerSheet tells of a seal and offers its sheet: a seal that lies nowhere but in the case decides nothing about the case.
func (p *Custody) offerSheet(made Sealed) {
	p.result.Set("✓", p.t("custody.sealed", "size", made.Size), theme.ColorNameSuccess)
	said := p.t("custody.sealed.means", "size", made.Size, "stamps", made.Stamps, "pending", made.Pending)
	for _, u := range made.Why {
		said += "\n" + p.t("custody.unstamped", "url", u.URL, "why", legible.Line(faults.Say(spoken(p.Say), u.Why)))
	}
	dialog.Ask(p.Window, p.Say, p.t("custody.sealed", "size", made.Size), said, p.t("custody.sheet.save"), func() {
		name := folderName(p.t("custody.sheet.name", "number", p.needs.Number, "size", made.Size)) + ".html"
		p.needs.Choose(filepath.Join(p.needs.Folder, name), func(file string) { p.saveSheet(made.Size, file) })
	})
}

func (p *Custody) saveSheet(size int64, file string) {
	p.Work.Go(func(ctx context.Context) error { return p.needs.Sealer.SaveSeal(ctx, size, file) }, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		dialog.Tell(p.Window, p.Say, p.t("custody.sheet.saved"), p.t("custody.sheet.saved.means", "file", file))
	})
}

// detail shows everything that one entry says.
func (p *Custody) detail(e custody.Entry) {
	lines := []string{
		p.t("custody.time") + " " + Clock(p.Say, e.Time.Time) + "  " + e.Time.String(),
		p.t("custody.actor") + " " + p.t("actor."+string(e.Actor)) + "  " + person(e.Operator),
		p.t("custody.action") + " " + actionWord(p.Say, e.Action) + "  " + e.Object,
	}
	if e.Reason != "" {
		lines = append(lines, p.t("custody.reason")+" "+reason(p.Say, e))
	}
	said, err := p.needs.Log.Details(spoken(p.Say), e)
	if err != nil {
		p.Fail(err)
		return
	}
	lines = append(lines, said...)
	for _, a := range e.Artifacts {
		lines = append(lines, fmt.Sprintf("%s  %s  SHA-256 %s", a.Name, size(a.Size), a.SHA256))
	}
	showLines(p.Room, fmt.Sprintf("#%06d", e.Number), strings.Join(own.Options(lines), "\n"))
}

var entryWidths = []float32{84, 200, 130, 190, 0}

func newEntryRow() fyne.CanvasObject {
	plain := func() fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, false) }
	return own.Columns(entryWidths, plain(), plain(), own.NewMark("", "", theme.ColorNameForeground), plain(), plain())
}

var actorColors = map[custody.Kind]fyne.ThemeColorName{
	custody.Person: theme.ColorNamePrimary, custody.Tool: look.Secondary, custody.Page: look.Person, custody.System: look.Secondary,
}

func fillEntryRow(s own.Words, o fyne.CanvasObject, e custody.Entry) {
	row := o.(*fyne.Container).Objects
	text := func(i int, t string) { row[i].(*own.Middle).SetText(t) }
	text(0, fmt.Sprintf("#%06d", e.Number))
	text(1, Clock(s, e.Time.Time))
	who := s.T("window.actor." + string(e.Actor))
	if e.Actor == custody.Person {
		who += " " + e.Operator.Name
	}
	row[2].(*own.Mark).Set("", who, actorColors[e.Actor])
	text(3, actionWord(s, e.Action))
	text(4, strings.TrimSpace(e.Object+"  "+reason(s, e)))
}

// reason is why something was done: a person's words as they are, the program's own in the language that is spoken.
func reason(s own.Words, e custody.Entry) string {
	if e.Actor == custody.Person {
		return e.Reason
	}
	return faults.Say(spoken(s), e.Reason)
}

func actionWord(s own.Words, a custody.Action) string { return s.T("window.action." + string(a)) }
