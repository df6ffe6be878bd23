package page

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
)

// Custody lists the log and checks all of it (S25).
type Custody struct {
	frame
	log         Log
	entries     []custody.Entry
	list        *widget.List
	check, stop *widget.Button
	bar         *widget.ProgressBar
	result      *own.Mark
	findings    *findings
	cancel      context.CancelFunc
}

// NewCustody makes the page.
func NewCustody(r Room, log Log) *Custody {
	p := &Custody{frame: frame{Room: r}, log: log}
	p.list = widget.NewList(func() int { return len(p.entries) }, newEntryRow, func(i widget.ListItemID, o fyne.CanvasObject) {
		fillEntryRow(p.Say, o, p.entries[len(p.entries)-1-i])
	})
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		p.detail(p.entries[len(p.entries)-1-i])
	}
	p.check, p.stop = own.Primary(p.t("custody.check"), p.startCheck), widget.NewButton(p.t("cancel"), func() { p.cancel() })
	p.bar, p.result = widget.NewProgressBar(), own.NewMark("", "", theme.ColorNameForeground)
	p.bar.Hide()
	p.stop.Hide()
	p.findings = newFindings(r.Say)
	head := container.NewBorder(nil, nil, own.Heading(p.t("custody.title")), container.NewHBox(p.result, p.stop, p.check))
	p.object = container.NewBorder(container.NewVBox(head, own.Caption(p.t("custody.hint")), p.bar, p.findings.object), nil, nil, nil, p.list)
	p.load()
	return p
}

func (p *Custody) load() {
	var list []custody.Entry
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.log.Entries(ctx)
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
		found, err = p.log.Check(ctx, func(done, total int64) {
			p.Work.Show(func() { p.bar.SetValue(float64(done) / float64(max(total, 1))) })
		})
		return err
	}, func(err error) { p.checked(found, err) })
}

func (p *Custody) checked(found []Finding, err error) {
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
	said, err := p.log.Details(spoken(p.Say), e)
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
