package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/width"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
	"yuzheng/casefile/legible"
)

// draftField is one field of the form: how to fill it from an application and back. Wrong reports whether what stands in it cannot be read; tell says so where it stands.
// Both are nil where everything can.
type draftField struct {
	read  func(application.Application)
	write func(*application.Application)
	wrong func() bool
	tell  func()
}

// build makes the form of a type.
func (p *Applications) build(t application.Type) {
	p.fields, p.built = nil, t.ID
	p.form.RemoveAll()
	if len(p.drafts) == 0 || len(p.needs.Types) == 0 {
		p.form.Add(own.Caption(p.t("draft.none")))
		return
	}
	brief, paragraphs := container.NewGridWithColumns(2), container.NewVBox()
	for _, f := range t.Fields {
		name := p.pick(f.Label, f.LabelEN)
		if f.Required {
			name += " ＊"
		}
		row := container.NewVBox(own.Caption(name), p.field(t, f))
		if f.Kind == application.TargetsField || f.Kind.Long() {
			paragraphs.Add(row)
		} else {
			brief.Add(row)
		}
	}
	p.form.Add(own.Caption(p.t("draft.hint")))
	p.form.Add(brief)
	p.form.Add(paragraphs)
}

// field makes the body of one field and remembers how to read and write it.
func (p *Applications) field(t application.Type, f application.Field) fyne.CanvasObject {
	switch {
	case f.Kind == application.TargetsField:
		p.fields = append(p.fields, draftField{read: p.readTargets, write: p.writeTargets})
		return p.targets
	case f.Kind == application.SpanField && f.Name == "validity":
		return p.days(func(a *application.Application) *application.Span { return &a.Validity })
	case f.Kind == application.SpanField:
		return p.days(func(a *application.Application) *application.Span { return &a.Period })
	}
	e := widget.NewEntry()
	if f.Kind.Long() {
		e = widget.NewMultiLineEntry()
		e.Wrapping = fyne.TextWrapBreak
	}
	p.fields = append(p.fields, draftField{
		read:  func(a application.Application) { e.SetText(a.Field(f.Name)) },
		write: func(a *application.Application) { t.Set(a, f.Name, strings.TrimSpace(e.Text)) },
	})
	if !f.Kind.Long() {
		return e
	}
	accept := p.acceptor(t, f, e)
	e.OnChanged = func(text string) {
		grow(e, text)
		show(accept, application.Proposed(text) > 0)
		if e == p.facts {
			p.judgeFacts(text)
		}
	}
	if f.Kind != application.FactsField {
		return container.NewVBox(e, accept)
	}
	p.facts = e
	return container.NewVBox(p.inserter(), e, accept, p.ties)
}

// acceptor takes the words that a draft proposes in a field as the applicant's statement, where the person can still read and change them.
func (p *Applications) acceptor(t application.Type, f application.Field, e *widget.Entry) fyne.CanvasObject {
	box := container.NewHBox(layout.NewSpacer(), own.Quiet(p.t("draft.accept"), func() {
		var a application.Application
		t.Set(&a, f.Name, e.Text)
		application.Accept(t, &a, f.Name)
		e.SetText(a.Field(f.Name))
	}))
	box.Hide()
	return box
}

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
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
func (p *Applications) inserter() fyne.CanvasObject {
	p.exhibit = widget.NewSelect(own.Options(p.shelfNames()), nil)
	p.exhibit.PlaceHolder = p.t("draft.insert")
	p.exhibit.OnChanged = func(string) {
		if i := p.exhibit.SelectedIndex(); i >= 0 {
			p.facts.SetText(p.facts.Text + "【證" + p.shelf[i].Number + "】")
			p.exhibit.ClearSelected()
		}
	}
	return p.exhibit
}

func (p *Applications) shelfNames() (names []string) {
	for _, e := range p.shelf {
		names = append(names, e.Number+"　"+e.Title)
	}
	return names
}

// judgeFacts says at once which sentence rests on nothing, and on what the others do: a statement is no evidence.
func (p *Applications) judgeFacts(text string) {
	n, shown, loose := 0, 0, ""
	for _, par := range application.ParseFacts(text) {
		for _, s := range par.Sentences {
			n++
			switch {
			case len(s.Refs) > 0:
				shown++
			case !s.Tied() && loose == "":
				loose = s.Text
			}
		}
	}
	if loose != "" {
		own.SetText(p.ties, p.t("draft.untied", "sentence", loose), theme.ColorNameWarning)
		return
	}
	own.SetText(p.ties, p.t("draft.tied", "n", n, "shown", shown, "said", n-shown), look.Secondary)
}

// days asks for a number of days. None leaves days that were set out of a span; what is no number is told, and nothing is written.
func (p *Applications) days(of func(*application.Application) *application.Span) fyne.CanvasObject {
	e, said := own.Entry(p.t("draft.days")), own.Note("", theme.ColorNameWarning)
	said.Hide()
	e.OnChanged = func(string) { said.Hide() }
	p.fields = append(p.fields, draftField{
		read: func(a application.Application) {
			e.SetText("")
			if d := of(&a).Days; d > 0 {
				e.SetText(fmt.Sprint(d))
			}
		},
		write: func(a *application.Application) {
			switch d, ok := daysOf(e.Text); {
			case ok && d > 0:
				*of(a) = application.Span{Days: d}
			case ok && of(a).Days > 0:
				*of(a) = application.Span{}
			}
		},
		wrong: func() bool {
			_, ok := daysOf(e.Text)
			return !ok
		},
		tell: func() {
			own.SetText(said, p.t("draft.days.bad", "text", legible.Line(e.Text)), theme.ColorNameWarning)
			said.Show()
		},
	})
	return container.NewVBox(e, said)
}

// mostDays is what an application may ask for: a hundred years.
const mostDays = 36525

// daysOf reads a number of days: 30, 30日, ３０ 天. Nothing is none.
func daysOf(text string) (n int, ok bool) {
	text = strings.TrimSpace(width.Narrow.String(text))
	if text == "" {
		return 0, true
	}
	for _, unit := range []string{"日", "天", "days", "day", "d"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, unit))
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n > 0 && n <= mostDays
}

func (p *Applications) readTargets(a application.Application) {
	var chosen []string
	for _, j := range p.known {
		if slices.Contains(a.Targets, j.ID) {
			chosen = append(chosen, targetName(j))
		}
	}
	p.targets.SetSelected(chosen)
}

// writeTargets writes down what is chosen, once it is known what there is to choose.
func (p *Applications) writeTargets(a *application.Application) {
	if p.known == nil {
		return
	}
	a.Targets = nil
	for _, j := range p.known {
		if slices.Contains(p.targets.Selected, targetName(j)) {
			a.Targets = append(a.Targets, j.ID)
		}
	}
}
