package page

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Drafts are the applications of the case.
type Drafts interface {
	Drafts(ctx context.Context) ([]application.Application, error)
	// Save keeps an application; one without a number is new and gets its number and the first words of its type.
	Save(ctx context.Context, a application.Application) (application.Application, error)
	// Lint lists what keeps an application from being exported.
	Lint(ctx context.Context, id string) ([]application.Finding, error)
}

// ApplicationsNeeds is what the applications page needs.
type ApplicationsNeeds struct {
	Targets    Targets
	Gatekeeper Gatekeeper
	Drafts     Drafts
	Shelf      Shelf
	Types      []application.Type // whose papers can be made
	Info       Info
	Handover   func()
}

// Applications holds targets with their gate, and the application that asks for them (S22).
type Applications struct {
	frame
	needs   ApplicationsNeeds
	drafts  []application.Application
	now     int // index into drafts; -1 is none
	choose  *widget.Select
	form    *fyne.Container
	fields  []draftField
	targets *widget.CheckGroup
	save    *widget.Button
	ties    *widget.RichText
	lint    *fyne.Container
	exhibit *widget.Select
	facts   *widget.Entry
	known   []judged
	tabs    *container.AppTabs
}

// draftField is one field of the form: how to fill it from an application and back.
type draftField struct {
	read  func(application.Application)
	write func(*application.Application)
}

// NewApplications makes the page.
func NewApplications(r Room, needs ApplicationsNeeds) *Applications {
	p := &Applications{frame: frame{Room: r}, needs: needs, now: -1}
	p.choose = widget.NewSelect(nil, func(string) { p.open(p.choose.SelectedIndex()) })
	p.choose.PlaceHolder = p.t("draft.choose")
	fresh := widget.NewButtonWithIcon(p.t("draft.new"), theme.ContentAddIcon(), p.create)
	p.save = own.Primary(p.t("draft.save"), p.store)
	p.save.Disable()
	p.targets = widget.NewCheckGroup(nil, nil)
	p.form, p.ties = container.NewVBox(own.Caption(p.t("draft.none"))), own.Caption("")
	p.lint = container.NewVBox(own.Caption(p.t("lint.hint")))
	bar := container.NewBorder(nil, nil, container.NewHBox(fresh), p.save, p.choose)
	side := own.Card(container.NewBorder(own.Subheading(p.t("lint.title")), nil, nil, nil, container.NewVScroll(p.lint)))
	split := container.NewHSplit(own.Scrolling(p.form), side)
	split.Offset = 0.66
	draft := container.NewBorder(bar, nil, nil, nil, split)
	t := newTargets(&p.frame, needs.Targets, needs.Gatekeeper, p.targetsKnown)
	p.tabs = container.NewAppTabs(container.NewTabItem(p.t("target.title"), t.object), container.NewTabItem(p.t("draft.title"), draft))
	p.object = container.NewBorder(own.Heading(p.t("place.applications")), nil, nil, nil, p.tabs)
	p.load("")
	return p
}

// load reads the applications and opens the one of that number, or the last.
func (p *Applications) load(id string) {
	var list []application.Application
	var exhibits []Exhibit
	p.Work.Go(func(ctx context.Context) (err error) {
		if list, err = p.needs.Drafts.Drafts(ctx); err != nil {
			return err
		}
		exhibits, err = p.needs.Shelf.Exhibits(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.drafts = list
		p.build(exhibits)
		p.choose.SetOptions(p.names())
		i := slices.IndexFunc(list, func(a application.Application) bool { return a.ID == id })
		if i < 0 {
			i = len(list) - 1
		}
		if i >= 0 {
			p.choose.SetSelectedIndex(i)
		}
	})
}

func (p *Applications) names() []string {
	var names []string
	for _, a := range p.drafts {
		names = append(names, a.ID+"　"+p.typeName(a.Type))
	}
	return names
}

func (p *Applications) typeName(id string) string {
	for _, t := range p.needs.Types {
		if t.ID == id {
			return p.pick(t.Label, t.LabelEN)
		}
	}
	return id
}

func (p *Applications) create() {
	if len(p.needs.Types) == 0 {
		return
	}
	a := application.Application{
		Type: p.needs.Types[0].ID, Number: p.needs.Info.Number, Office: p.needs.Info.Operator.Office, Bound: p.t("draft.unknown"),
	}
	for _, j := range p.known {
		if j.gate.Passed() {
			a.Targets = append(a.Targets, j.ID)
		}
	}
	p.keep(a)
}

// build makes the form of the application's type anew.
func (p *Applications) build(exhibits []Exhibit) {
	p.fields = nil
	p.form.RemoveAll()
	if len(p.drafts) == 0 || len(p.needs.Types) == 0 {
		p.form.Add(own.Caption(p.t("draft.none")))
		return
	}
	brief, paragraphs := container.NewGridWithColumns(2), container.NewVBox()
	for _, f := range p.needs.Types[0].Fields {
		name := p.pick(f.Label, f.LabelEN)
		if f.Required {
			name += " ＊"
		}
		row := container.NewVBox(own.Caption(name), p.field(f.Name, exhibits))
		if f.Name == "targets" || slices.Contains(long, f.Name) {
			paragraphs.Add(row)
		} else {
			brief.Add(row)
		}
	}
	p.form.Add(own.Caption(p.t("draft.hint")))
	p.form.Add(brief)
	p.form.Add(paragraphs)
}

// long names the fields that hold paragraphs.
var long = []string{"facts", "suspicion", "confiscation", "relation", "necessity", "proportionality", "urgency", "remarks", "method"}

// field makes the body of one field and remembers how to read and write it.
func (p *Applications) field(name string, exhibits []Exhibit) fyne.CanvasObject {
	switch name {
	case "targets":
		p.fields = append(p.fields, draftField{p.readTargets, p.writeTargets})
		return p.targets
	case "validity":
		return p.days(func(a *application.Application) *application.Span { return &a.Validity })
	case "period":
		return p.days(func(a *application.Application) *application.Span { return &a.Period })
	}
	e := widget.NewEntry()
	if slices.Contains(long, name) {
		e = widget.NewMultiLineEntry()
		e.Wrapping = fyne.TextWrapBreak
		e.OnChanged = func(text string) { grow(e, text) }
	}
	p.fields = append(p.fields, draftField{
		func(a application.Application) { e.SetText(a.Field(name)) },
		func(a *application.Application) { a.SetField(name, strings.TrimSpace(e.Text)) },
	})
	if name != "facts" {
		return e
	}
	e.OnChanged = func(text string) {
		grow(e, text)
		p.judgeFacts(text)
	}
	p.facts = e
	return container.NewVBox(p.inserter(exhibits), e, p.ties)
}

// The rows of an entry for paragraphs, and how many Chinese characters fit one at the least width of the window.
const (
	leastRows, mostRows = 3, 24
	perRow              = 44
)

// grow gives an entry as many rows as its text needs, so that it is the page that scrolls.
func grow(e *widget.Entry, text string) {
	rows := 1
	for line := range strings.SplitSeq(text, "\n") {
		rows += 1 + utf8.RuneCountInString(line)/perRow
	}
	e.SetMinRowsVisible(min(max(rows, leastRows), mostRows))
}

// inserter puts the mark of an exhibit behind what has been written.
func (p *Applications) inserter(exhibits []Exhibit) fyne.CanvasObject {
	var names []string
	for _, e := range exhibits {
		names = append(names, e.Number+"　"+e.Title)
	}
	p.exhibit = widget.NewSelect(names, nil)
	p.exhibit.PlaceHolder = p.t("draft.insert")
	p.exhibit.OnChanged = func(string) {
		if i := p.exhibit.SelectedIndex(); i >= 0 {
			p.facts.SetText(p.facts.Text + "【證" + exhibits[i].Number + "】")
			p.exhibit.ClearSelected()
		}
	}
	return p.exhibit
}

// judgeFacts says at once which sentence rests on nothing.
func (p *Applications) judgeFacts(text string) {
	n, loose := 0, ""
	for _, par := range application.ParseFacts(text) {
		for _, s := range par.Sentences {
			if n++; !s.Tied() && loose == "" {
				loose = s.Text
			}
		}
	}
	if loose != "" {
		own.SetText(p.ties, p.t("draft.untied", "sentence", loose), theme.ColorNameWarning)
		return
	}
	own.SetText(p.ties, p.t("draft.tied", "n", n), look.Secondary)
}

func (p *Applications) days(of func(*application.Application) *application.Span) fyne.CanvasObject {
	e := own.Entry(p.t("draft.days"))
	p.fields = append(p.fields, draftField{
		func(a application.Application) {
			e.SetText("")
			if d := of(&a).Days; d > 0 {
				e.SetText(fmt.Sprint(d))
			}
		},
		func(a *application.Application) {
			if d, err := strconv.Atoi(strings.TrimSpace(e.Text)); err == nil && d > 0 {
				*of(a) = application.Span{Days: d}
			}
		},
	})
	return e
}

func (p *Applications) targetsKnown(list []judged) {
	p.known = list
	var names []string
	for _, j := range list {
		names = append(names, targetName(j))
	}
	chosen := p.targets.Selected
	p.targets.Options = names
	p.targets.SetSelected(chosen)
	if p.now >= 0 {
		p.readTargets(p.drafts[p.now])
	}
}

func targetName(j judged) string { return j.ID + "　" + bothForms(j.Target) }

func (p *Applications) readTargets(a application.Application) {
	var chosen []string
	for _, j := range p.known {
		if slices.Contains(a.Targets, j.ID) {
			chosen = append(chosen, targetName(j))
		}
	}
	p.targets.SetSelected(chosen)
}

func (p *Applications) writeTargets(a *application.Application) {
	a.Targets = nil
	for _, j := range p.known {
		if slices.Contains(p.targets.Selected, targetName(j)) {
			a.Targets = append(a.Targets, j.ID)
		}
	}
}

func (p *Applications) open(i int) {
	p.now = i
	own.Enable(p.save, i >= 0)
	if i < 0 {
		return
	}
	for _, f := range p.fields {
		f.read(p.drafts[i])
	}
	p.check(p.drafts[i].ID)
}

func (p *Applications) store() {
	a := p.drafts[p.now]
	for _, f := range p.fields {
		f.write(&a)
	}
	p.keep(a)
}

func (p *Applications) keep(a application.Application) {
	p.save.Disable()
	p.Work.Go(func(ctx context.Context) (err error) {
		a, err = p.needs.Drafts.Save(ctx, a)
		return err
	}, func(err error) {
		own.Enable(p.save, p.now >= 0)
		if err != nil {
			p.Fail(err)
			return
		}
		p.load(a.ID)
	})
}

func (p *Applications) check(id string) {
	var found []application.Finding
	p.Work.Go(func(ctx context.Context) (err error) {
		found, err = p.needs.Drafts.Lint(ctx, id)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.showLint(found)
	})
}

func (p *Applications) showLint(found []application.Finding) {
	p.lint.RemoveAll()
	if len(found) == 0 {
		p.lint.Add(container.NewHBox(own.NewMark("✓", p.t("lint.clean"), theme.ColorNameSuccess)))
		p.lint.Add(container.NewHBox(own.Primary(p.t("lint.handover"), p.needs.Handover)))
		return
	}
	p.lint.Add(own.Note(p.t("lint.count", "n", len(found)), theme.ColorNameWarning))
	for _, f := range found {
		p.lint.Add(container.NewBorder(nil, nil, own.NewMark("▲", "", theme.ColorNameWarning), nil, own.Wrapped(p.pick(f.Text, f.TextEN))))
	}
}
