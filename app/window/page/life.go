package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Lives leads applications through their lives.
type Lives interface {
	Life(ctx context.Context, id string) (application.Life, error)
	TakeStep(ctx context.Context, id string, s TakenStep) error
	Deadlines(ctx context.Context, id string) ([]application.Deadline, error)
	// SaveCalendar writes the deadlines of an application as a calendar (.ics) into a file that is not there yet.
	SaveCalendar(ctx context.Context, id, file, lang string) error
}

// TakenStep is a step as a person fills it in. Times are texts, as they were typed.
type TakenStep struct {
	Kind                     application.StepKind
	Person, At, Number, Note string
	Exhibit                  string
	Key                      SigningKey                   // of who approves
	Court                    string                       // of an order
	Names                    map[string]application.Grant // of an order, by target
	Valid, From, Until       string
	Instructions             string
}

// life is where an application stands, what is due, and the step that is taken next.
type life struct {
	*frame
	lives  Lives
	object fyne.CanvasObject
	state  *fyne.Container
	form   *fyne.Container
	scroll *container.Scroll // of the form
	app    application.Application
	choose func(suggested string, chosen func(file string)) // asks where a calendar goes
	more   *fyne.Container                                  // what else can begin out of the application
}

func newLife(f *frame, lives Lives, choose func(string, func(string))) *life {
	l := &life{frame: f, lives: lives, choose: choose, more: container.NewVBox(), state: container.NewVBox(own.Caption(f.t("draft.none"))), form: container.NewVBox()}
	l.scroll = own.Scrolling(l.form)
	split := container.NewHSplit(own.Scrolling(l.state), own.Card(l.scroll))
	split.Offset = 0.5
	l.object = split
	return l
}

// show reads the life of an application.
func (l *life) show(a application.Application) {
	l.app = a
	var led application.Life
	var due []application.Deadline
	l.Work.Go(func(ctx context.Context) (err error) {
		if led, err = l.lives.Life(ctx, a.ID); err != nil {
			return err
		}
		due, err = l.lives.Deadlines(ctx, a.ID)
		return err
	}, func(err error) {
		if err != nil {
			l.Fail(err)
			return
		}
		l.tell(led, due)
		l.ask(led.Next())
	})
}

func (l *life) tell(led application.Life, due []application.Deadline) {
	l.state.RemoveAll()
	l.state.Add(own.Subheading(l.app.ID))
	l.state.Add(own.Wrapped(l.pick(led.Type.Label, led.Type.LabelEN)))
	l.state.Add(own.Wrapped(l.t("life.state", "state", l.Say.T("application.state."+string(led.State())))))
	for _, s := range led.Steps {
		l.state.Add(own.Wrapped(told(Clock(l.Say, s.At), l.Say.T("step."+string(s.Kind)), s.Person, s.Number, s.Note, s.Exhibit)))
		if s.Signed() {
			l.state.Add(own.Caption(l.t("life.signed", "signer", s.Signer)))
		}
		if s.Order != nil {
			l.state.Add(own.Caption(l.granted(s.Order)))
			l.state.Add(own.Caption(l.ruled(s.Order)))
		}
	}
	l.state.Add(own.Subheading(l.t("life.due")))
	if len(due) == 0 {
		l.state.Add(own.Caption(l.t("life.due.none")))
	}
	for _, d := range due {
		text := Clock(l.Say, d.Due) + "　" + l.pick(d.Label, d.LabelEN) + "　" + d.Rule
		if d.Over {
			l.state.Add(own.Note(text+"　"+l.t("life.over"), theme.ColorNameError))
			continue
		}
		l.state.Add(own.Wrapped(text))
	}
	if len(due) > 0 {
		l.state.Add(container.NewHBox(widget.NewButton(l.t("life.calendar"), l.saveCalendar)))
	}
	l.state.Add(l.more)
	l.state.Refresh()
}

// saveCalendar writes what is due into a file that the person names.
func (l *life) saveCalendar() {
	id := l.app.ID
	l.choose(id+".ics", func(file string) {
		l.Work.Go(func(ctx context.Context) error { return l.lives.SaveCalendar(ctx, id, file, spoken(l.Say)) }, func(err error) {
			if err != nil {
				l.Fail(err)
				return
			}
			dialog.Tell(l.Window, l.Say, l.t("life.calendar"), l.t("life.calendar.saved", "file", file))
		})
	})
}

// granted is what an order says of each target.
func (l *life) granted(r *application.Ruling) string {
	var parts []string
	for _, id := range l.app.Targets {
		parts = append(parts, id+" "+l.Say.T("grant."+string(r.Names[id])))
	}
	return strings.Join(parts, "　")
}

// ruled is what else an order says: who decided, and the days of it.
func (l *life) ruled(r *application.Ruling) string {
	day := func(key string, t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return l.t("life."+key) + " " + Day(l.Say, t)
	}
	return strings.Join(there(r.Court, day("valid", r.ValidTo), day("from", r.TermFrom), day("until", r.TermTo), r.Instructions), "\n")
}

// told joins what there is to tell.
func told(parts ...string) string { return strings.Join(there(parts...), "　") }

// there are those of the parts that say something.
func there(parts ...string) []string {
	return slices.DeleteFunc(parts, func(p string) bool { return strings.TrimSpace(p) == "" })
}

// ask offers the steps that may follow, and the form of the one that is chosen.
func (l *life) ask(next []application.StepKind) {
	l.form.RemoveAll()
	l.form.Add(own.Subheading(l.t("life.next")))
	if len(next) == 0 {
		l.form.Add(own.Caption(l.t("life.end")))
		l.form.Refresh()
		return
	}
	var words []string
	for _, k := range next {
		words = append(words, l.Say.T("step."+string(k)))
	}
	body := container.NewVBox()
	choose := widget.NewSelect(own.Options(words), nil)
	choose.OnChanged = func(string) {
		body.RemoveAll()
		body.Add(l.fields(next[max(choose.SelectedIndex(), 0)]))
		body.Refresh()
		l.scroll.ScrollToTop() // a shorter form would leave the place empty
	}
	l.form.Add(choose)
	l.form.Add(body)
	choose.SetSelectedIndex(0)
	l.form.Refresh()
}

// fields is the form of one step.
func (l *life) fields(kind application.StepKind) fyne.CanvasObject {
	box := container.NewVBox(own.Caption(l.t("life.means." + string(kind))))
	entry := func(key string) *widget.Entry {
		e := own.Entry(l.t("life." + key + ".hint"))
		box.Add(own.Caption(l.t("life." + key)))
		box.Add(e)
		return e
	}
	person, at, number, note, exhibit := entry("person"), entry("at"), entry("number"), entry("note"), entry("exhibit")
	ruling := func(*TakenStep) {}
	if kind == application.Order || kind == application.Issue {
		ruling = l.ruling(box, entry)
	}
	key := newSigning(l.frame, l.t("life.key"))
	if kind == application.Approve {
		box.Add(key.object)
	}
	do := own.Primary(l.t("life.take"), nil)
	do.OnTapped = func() {
		s := TakenStep{Kind: kind, Person: person.Text, At: at.Text, Number: number.Text, Note: note.Text, Exhibit: strings.TrimSpace(exhibit.Text)}
		var ready bool
		if s.Key, ready = key.key(); !ready {
			return
		}
		ruling(&s)
		l.take(do, s, key)
	}
	box.Add(do)
	return box
}

// ruling adds the fields of what was decided, and gives what reads them.
func (l *life) ruling(box *fyne.Container, entry func(key string) *widget.Entry) func(*TakenStep) {
	court := entry("court")
	court.SetText(l.app.Court)
	grants := map[string]*widget.Select{}
	box.Add(own.Caption(l.t("life.names")))
	for _, id := range l.app.Targets {
		grants[id] = l.grant()
		box.Add(container.NewBorder(nil, nil, own.Wide(90, own.NewMiddle(id, theme.ColorNameForeground, true)), nil, grants[id]))
	}
	valid, from, until, instructions := entry("valid"), entry("from"), entry("until"), entry("instructions")
	return func(s *TakenStep) {
		s.Court, s.Valid, s.From, s.Until, s.Instructions = strings.TrimSpace(court.Text), valid.Text, from.Text, until.Text, strings.TrimSpace(instructions.Text)
		s.Names = map[string]application.Grant{}
		for id, choose := range grants {
			s.Names[id] = application.Grants[max(choose.SelectedIndex(), 0)]
		}
	}
}

func (l *life) grant() *widget.Select {
	var words []string
	for _, g := range application.Grants {
		words = append(words, l.Say.T("grant."+string(g)))
	}
	s := widget.NewSelect(own.Options(words), nil)
	s.SetSelectedIndex(0)
	return s
}

func (l *life) take(do *widget.Button, s TakenStep, key *signing) {
	do.Disable()
	a := l.app
	l.Work.Go(func(ctx context.Context) error { return l.lives.TakeStep(ctx, a.ID, s) }, func(err error) {
		do.Enable()
		key.used(err)
		if err != nil {
			l.Fail(err)
			return
		}
		l.show(a)
	})
}
