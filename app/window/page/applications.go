package page

import (
	"context"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
	"yuzheng/casefile/legible"
)

// Drafts are the applications of the case.
type Drafts interface {
	Drafts(ctx context.Context) ([]application.Application, error)
	// Save keeps an application; one without a number is new and gets its number and the first words of its type.
	Save(ctx context.Context, a application.Application) (application.Application, error)
	// Lint lists what keeps an application from being exported.
	Lint(ctx context.Context, id string) ([]application.Finding, error) // with notices, which keep nothing back
	// Supplement begins an application that adds targets to an earlier one, with its words.
	Supplement(ctx context.Context, id string, targets []string) (application.Application, error)
}

// ApplicationsNeeds is what the applications page needs.
type ApplicationsNeeds struct {
	Targets    Targets
	Gatekeeper Gatekeeper
	Drafts     Drafts
	Lives      Lives
	Ledger     Ledger
	Law        Lawbook
	Shelf      Shelf
	Types      []application.Type // whose papers can be made
	Info       Info
	Handover   func()
	// Calendar asks where a calendar is written, beginning with the suggestion.
	Calendar func(suggested string, chosen func(file string))
}

// Applications holds targets with their gate, and the application that asks for them (S22).
type Applications struct {
	frame
	needs   ApplicationsNeeds
	drafts  []application.Application
	now     int                                // index into drafts; -1 is none
	base    application.Application            // the one that is open, as the form writes it before anything is typed
	typed   map[string]application.Application // by number: what was typed and is not saved
	unsaved *widget.RichText
	choose  *widget.Select
	kind    *widget.Select // type of the next application
	built   string         // type whose form stands
	shelf   []Exhibit
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
	life    *life
	part    *targets
}

// draftTab is where the words of an application stand among the tabs.
const draftTab = 1

// NewApplications makes the page.
func NewApplications(r Room, needs ApplicationsNeeds) *Applications {
	p := &Applications{frame: frame{Room: r}, needs: needs, now: -1, typed: map[string]application.Application{}}
	p.choose = widget.NewSelect(nil, func(string) { p.open(p.choose.SelectedIndex()) })
	p.choose.PlaceHolder = p.t("draft.choose")
	fresh := widget.NewButtonWithIcon(p.t("draft.new"), theme.ContentAddIcon(), p.create)
	p.kind = widget.NewSelect(own.Options(p.typeNames()), nil)
	p.kind.SetSelectedIndex(0)
	p.save = own.Primary(p.t("draft.save"), p.store)
	p.save.Disable()
	p.targets = widget.NewCheckGroup(nil, nil)
	p.form, p.ties = container.NewVBox(own.Caption(p.t("draft.none"))), own.Caption("")
	p.lint = container.NewVBox(own.Caption(p.t("lint.hint")))
	p.unsaved = own.Note(p.t("draft.unsaved"), theme.ColorNameWarning)
	p.unsaved.Hide()
	bar := container.NewVBox(container.NewBorder(nil, nil, nil, fresh, p.kind), container.NewBorder(nil, nil, nil, p.save, p.choose), p.unsaved)
	side := own.Card(container.NewBorder(own.Subheading(p.t("lint.title")), nil, nil, nil, container.NewVScroll(p.lint)))
	split := container.NewHSplit(own.Scrolling(p.form), side)
	split.Offset = 0.66
	draft := container.NewBorder(bar, nil, nil, nil, split)
	p.part = newTargets(&p.frame, needs.Targets, needs.Gatekeeper, p.targetsKnown)
	p.life = newLife(&p.frame, needs.Lives, needs.Calendar)
	p.tabs = container.NewAppTabs(
		container.NewTabItem(p.t("target.title"), p.part.object), container.NewTabItem(p.t("draft.title"), draft), container.NewTabItem(p.t("life.title"), p.life.object),
		container.NewTabItem(p.t("loss.title"), newLosses(&p.frame, needs.Ledger).object),
		container.NewTabItem(p.t("law.title"), newLaw(&p.frame, needs.Law).object),
	)
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
		p.hold() // more may have been typed while it was saved
		p.drafts, p.now = list, -1
		p.shelf, p.built = exhibits, ""
		p.build(p.typeOf(""))
		p.choose.SetOptions(own.Options(p.names()))
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
	if t := p.typeOf(id); t.ID == id {
		return p.pick(t.Label, t.LabelEN)
	}
	return id
}

func (p *Applications) typeNames() (names []string) {
	for _, t := range p.needs.Types {
		names = append(names, p.pick(t.Label, t.LabelEN))
	}
	return names
}

// typeOf is the type of that id; the first where there is none of it, and an empty one where there are no types.
func (p *Applications) typeOf(id string) application.Type {
	for _, t := range p.needs.Types {
		if t.ID == id {
			return t
		}
	}
	if len(p.needs.Types) == 0 {
		return application.Type{}
	}
	return p.needs.Types[0]
}

func (p *Applications) create() {
	if len(p.needs.Types) == 0 {
		return
	}
	a := application.Application{
		Type: p.needs.Types[max(p.kind.SelectedIndex(), 0)].ID, Number: p.needs.Info.Number, Office: p.needs.Info.Operator.Office, Bound: p.t("draft.unknown"),
	}
	for _, j := range p.known {
		if j.gate.Passed() {
			a.Targets = append(a.Targets, j.ID)
		}
	}
	p.keep(a)
}

// offerSupplement offers to add the targets to the application that it does not name, where its type has a supplement.
func (p *Applications) offerSupplement() {
	p.life.more.RemoveAll()
	if p.now < 0 || p.typeOf(p.drafts[p.now].Type).Supplement == "" {
		return
	}
	old := p.drafts[p.now]
	var names, ids []string
	for _, j := range p.known {
		if !slices.Contains(old.Targets, j.ID) {
			names, ids = append(names, targetName(j)), append(ids, j.ID)
		}
	}
	if len(names) == 0 {
		return
	}
	which := widget.NewCheckGroup(own.Options(names), nil)
	do := widget.NewButton(p.t("supplement.do"), nil)
	do.Disable()
	which.OnChanged = func(chosen []string) { own.Enable(do, len(chosen) > 0) }
	do.OnTapped = func() {
		var targets []string
		for i, id := range ids {
			if slices.Contains(which.Selected, names[i]) {
				targets = append(targets, id)
			}
		}
		do.Disable()
		var made application.Application
		p.Work.Go(func(ctx context.Context) (err error) {
			made, err = p.needs.Drafts.Supplement(ctx, old.ID, targets)
			return err
		}, func(err error) {
			do.Enable()
			if err != nil {
				p.Fail(err)
				return
			}
			p.load(made.ID)
			p.tabs.SelectIndex(draftTab)
		})
	}
	for _, o := range []fyne.CanvasObject{own.Subheading(p.t("supplement.title")), own.Caption(p.t("supplement.hint", "id", old.ID)), which, container.NewHBox(do)} {
		p.life.more.Add(o)
	}
}

func (p *Applications) targetsKnown(list []judged) {
	var held application.Application
	p.writeTargets(&held) // by number: the names may have changed
	first := p.known == nil
	p.known = list
	var names []string
	for _, j := range list {
		names = append(names, targetName(j))
	}
	p.targets.Options = own.Options(names)
	switch {
	case p.now < 0:
	case first:
		stored := p.drafts[p.now]
		p.readTargets(stored)
		p.writeTargets(&p.base)
		if typed, there := p.typed[stored.ID]; there {
			p.readTargets(typed)
		}
	default:
		p.readTargets(held)
	}
	p.offerSupplement()
}

// targetName is the line of a target among the choices.
func targetName(j judged) string { return legible.Line(j.ID + "　" + bothForms(j.Target)) }

// open shows an application in the form; what was typed into another stays with that one.
func (p *Applications) open(i int) {
	p.hold()
	p.now = i
	own.Enable(p.save, i >= 0)
	if i < 0 {
		return
	}
	p.fill()
	p.check(p.drafts[i].ID)
	p.life.show(p.drafts[i])
	p.offerSupplement()
}

// fill writes the application that is open into the form, with what was typed and not saved.
func (p *Applications) fill() {
	stored := p.drafts[p.now]
	if t := p.typeOf(stored.Type); t.ID != p.built {
		p.build(t)
	}
	p.read(stored)
	p.base = p.written()
	typed, there := p.typed[stored.ID]
	if there {
		p.read(typed)
		p.hold() // which forgets what has been saved since
		_, there = p.typed[stored.ID]
	}
	show(p.unsaved, there)
}

func (p *Applications) read(a application.Application) {
	for _, f := range p.fields {
		f.read(a)
	}
}

// written is the application that is open, with what stands in the form.
func (p *Applications) written() application.Application {
	a := p.drafts[p.now]
	for _, f := range p.fields {
		f.write(&a)
	}
	return a
}

// hold keeps what was typed and is not saved.
func (p *Applications) hold() {
	if p.now < 0 || p.built == "" {
		return
	}
	if a := p.written(); len(p.wrong()) > 0 || !reflect.DeepEqual(a, p.base) {
		p.typed[a.ID] = a
	} else {
		delete(p.typed, a.ID)
	}
}

// Busy reports whether something was typed and is not saved: the page then stays when another is shown.
func (p *Applications) Busy() bool {
	p.hold()
	return len(p.typed) > 0
}

// Shown reads anew what may have changed while the page was out of sight; what was typed stays.
func (p *Applications) Shown() {
	if p.hold(); p.now >= 0 {
		_, there := p.typed[p.drafts[p.now].ID]
		show(p.unsaved, there)
	}
	p.part.load()
	var exhibits []Exhibit
	p.Work.Go(func(ctx context.Context) (err error) {
		exhibits, err = p.needs.Shelf.Exhibits(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.shelf = exhibits
		if p.exhibit != nil {
			p.exhibit.SetOptions(own.Options(p.shelfNames()))
		}
	})
}

// store saves what stands in the form, unless something in it cannot be read.
func (p *Applications) store() {
	wrong := p.wrong()
	for _, f := range wrong {
		f.tell()
	}
	if len(wrong) == 0 {
		p.keep(p.written())
	}
}

// wrong are the fields in which something stands that cannot be read.
func (p *Applications) wrong() (list []draftField) {
	for _, f := range p.fields {
		if f.wrong != nil && f.wrong() {
			list = append(list, f)
		}
	}
	return list
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
	stops := slices.DeleteFunc(slices.Clone(found), func(f application.Finding) bool { return f.Notice })
	if len(stops) == 0 {
		p.lint.Add(container.NewHBox(own.NewMark("✓", p.t("lint.clean"), theme.ColorNameSuccess)))
		p.lint.Add(container.NewHBox(own.Primary(p.t("lint.handover"), p.needs.Handover)))
	} else {
		p.lint.Add(own.Note(p.t("lint.count", "n", len(stops)), theme.ColorNameWarning))
	}
	for _, f := range found {
		if f.Notice {
			p.lint.Add(own.Note(p.pick(f.Text, f.TextEN), theme.ColorNameWarning))
			continue
		}
		p.lint.Add(container.NewBorder(nil, nil, own.NewMark("▲", "", theme.ColorNameWarning), nil, own.Wrapped(p.pick(f.Text, f.TextEN))))
	}
}
