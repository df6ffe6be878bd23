package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Targets are the domain names to be seized.
type Targets interface {
	Targets(ctx context.Context) ([]application.Target, error)
	// AddTarget takes a name or an address that an exhibit shows.
	AddTarget(ctx context.Context, name string, scope application.Scope, reason string) (application.Target, error)
	// SetTarget says otherwise how far a target reaches, and why; the log keeps the reason.
	SetTarget(ctx context.Context, id string, scope application.Scope, scopeReason, reason string) error
	// DropTarget takes back a target; what an application that left names stays.
	DropTarget(ctx context.Context, id, reason string) error
	// Propose lists names that captures tie to the targets and that are none.
	Propose(ctx context.Context) ([]application.Proposal, error)
}

// Gatekeeper judges targets.
type Gatekeeper interface {
	// Gates judges every target by what the case holds now.
	Gates(ctx context.Context) ([]application.GateResult, error)
	// Override lets one soft result pass, by a second person, under a key of that person's own where there is one, and with a reason.
	Override(ctx context.Context, o application.Override, k SigningKey) error
}

// judged is a target with what the gate says of it.
type judged struct {
	application.Target
	gate application.GateResult
}

// targets is the part of the applications page that lists targets and their gate (S22, steps 1 and 2).
type targets struct {
	*frame
	list    Targets
	keeper  Gatekeeper
	changed func([]judged)

	all          []judged
	name, reason *widget.Entry
	scope        *widget.RadioGroup
	add          *widget.Button
	rows         *widget.List
	detail       *fyne.Container
	shown        string // target in the detail
	loaded       bool
	object       fyne.CanvasObject
}

func newTargets(f *frame, list Targets, keeper Gatekeeper, changed func([]judged)) *targets {
	p := &targets{frame: f, list: list, keeper: keeper, changed: changed}
	p.name, p.reason = own.Entry(p.t("target.name.hint")), own.Entry(p.t("target.reason.hint"))
	p.scope = p.scopes(application.Exact)
	p.scope.Horizontal = true
	p.add = own.Primary(p.t("target.add"), p.submit)
	p.add.Disable()
	p.name.OnChanged = func(text string) { own.Enable(p.add, strings.TrimSpace(text) != "") }
	p.rows = widget.NewList(func() int { return len(p.all) }, newTargetRow, p.fill)
	p.rows.OnSelected = func(i widget.ListItemID) { p.show(p.all[i]) }
	p.detail = container.NewVBox(own.Caption(p.t("target.loading")))
	form := own.Card(container.NewVBox(own.Caption(p.t("target.hint")), container.NewGridWithColumns(2, p.name, p.reason),
		container.NewBorder(nil, nil, p.scope, p.add)))
	split := container.NewHSplit(container.NewBorder(nil, container.NewHBox(widget.NewButton(p.t("propose.do"), p.propose)), nil, nil, p.rows), own.Card(own.Scrolling(p.detail)))
	split.Offset = 0.48
	p.object = container.NewBorder(form, nil, nil, nil, split)
	p.load()
	return p
}

func (p *targets) load() {
	var all []judged
	p.Work.Go(func(ctx context.Context) error {
		list, err := p.list.Targets(ctx)
		if err != nil {
			return err
		}
		gates, err := p.keeper.Gates(ctx)
		for _, t := range list {
			j := judged{Target: t}
			for _, g := range gates {
				if g.Target == t.ID {
					j.gate = g
				}
			}
			all = append(all, j)
		}
		return err
	}, func(err error) {
		if !p.loaded {
			p.loaded = true
			p.hide()
		}
		if err != nil {
			p.Fail(err)
			return
		}
		p.all = all
		p.rows.Refresh()
		p.changed(all)
		p.again()
	})
}

// again shows anew what the detail is about.
func (p *targets) again() {
	for _, j := range p.all {
		if j.ID == p.shown {
			p.show(j)
		}
	}
}

func (p *targets) submit() {
	name, reason, scope := strings.TrimSpace(p.name.Text), strings.TrimSpace(p.reason.Text), p.scopeOf(p.scope)
	p.add.Disable()
	var made application.Target
	p.Work.Go(func(ctx context.Context) (err error) {
		made, err = p.list.AddTarget(ctx, name, scope, reason)
		return err
	}, func(err error) {
		p.add.Enable()
		if err != nil {
			p.Fail(err)
			return
		}
		p.name.SetText("")
		p.reason.SetText("")
		p.shown, p.loaded = made.ID, true
		p.load()
	})
}

var targetWidths = []float32{70, 0, 150}

func newTargetRow() fyne.CanvasObject {
	return own.Columns(targetWidths, own.NewMiddle("", theme.ColorNameForeground, true), own.NewMiddle("", theme.ColorNameForeground, false),
		own.NewMark("", "", theme.ColorNameForeground))
}

func (p *targets) fill(i widget.ListItemID, o fyne.CanvasObject) {
	row, j := o.(*fyne.Container).Objects, p.all[i]
	row[0].(*own.Middle).SetText(j.ID)
	row[1].(*own.Middle).SetText(bothForms(j.Target))
	p.markGate(row[2].(*own.Mark), j.gate)
}

// bothForms shows a name as people read it and, where that differs, as resolvers do.
func bothForms(t application.Target) string {
	if t.Unicode != "" && t.Unicode != t.Name {
		return t.Unicode + "（" + t.Name + "）"
	}
	return t.Name
}

func (p *targets) markGate(m *own.Mark, g application.GateResult) {
	key, sym, c := "pass", "●", theme.ColorNameSuccess
	for _, r := range g.Stops() {
		if r.Level == application.Hard {
			key, sym, c = "stop", "×", theme.ColorNameError
			break
		}
		key, sym, c = "explain", "▲", theme.ColorNameWarning
	}
	m.Set(sym, p.t("gate."+key), c)
}

// show lists what each rule says of the target; a soft stop can be overridden here.
func (p *targets) show(j judged) {
	p.shown = j.ID
	mark := own.NewMark("", "", theme.ColorNameForeground)
	p.markGate(mark, j.gate)
	p.detail.RemoveAll()
	p.detail.Add(container.NewBorder(nil, nil, nil, mark, own.NewMiddle(j.ID+"　"+bothForms(j.Target), theme.ColorNameForeground, true)))
	p.detail.Add(own.Caption(p.t("scope."+string(j.Scope)) + "　" + j.ScopeReason + "　" + strings.Join(j.Exhibits, "  ")))
	for _, r := range j.gate.Results {
		p.detail.Add(p.rule(j, r))
	}
	p.detail.Add(p.amend(j))
	p.detail.Refresh()
}

var levelSigns = map[application.Level]sign{
	application.Hard: {"×", theme.ColorNameError},
	application.Soft: {"▲", theme.ColorNameWarning},
	application.OK:   {"✓", theme.ColorNameSuccess},
	application.Info: {"・", look.Secondary},
}

func (p *targets) rule(j judged, r application.RuleResult) fyne.CanvasObject {
	g := levelSigns[r.Level]
	line := container.NewBorder(nil, nil, own.NewMark(g.symbol, "", g.color), nil, own.Wrapped(p.pick(r.Text, r.TextEN)))
	switch {
	case r.Override != nil:
		box := container.NewVBox(line, own.Caption(p.t("override.by", "person", r.Override.Person, "reason", r.Override.Reason)))
		if r.Override.Signed() {
			box.Add(own.Caption(p.t("life.signed", "signer", r.Override.Signer)))
		}
		return box
	case r.Level == application.Soft:
		return container.NewVBox(line, p.override(j, r))
	}
	return line
}

func (p *targets) override(j judged, r application.RuleResult) fyne.CanvasObject {
	person, reason := own.Entry(p.t("override.person")), own.Entry(p.t("override.reason"))
	key := newSigning(p.frame, p.t("override.key"))
	do := widget.NewButton(p.t("override.do"), nil)
	do.Disable()
	person.OnChanged = func(string) {
		own.Enable(do, strings.TrimSpace(person.Text) != "" && strings.TrimSpace(reason.Text) != "")
	}
	reason.OnChanged = person.OnChanged
	do.OnTapped = func() {
		k, ready := key.key()
		if !ready {
			return
		}
		do.Disable()
		o := application.Override{
			Target: j.ID, Name: j.Name, Rule: r.Rule, Reason: strings.TrimSpace(reason.Text), Person: strings.TrimSpace(person.Text), Time: p.Now().UTC(),
		}
		p.Work.Go(func(ctx context.Context) error { return p.keeper.Override(ctx, o, k) }, func(err error) {
			key.used(err)
			if err != nil { // what was typed stays
				do.Enable()
				p.Fail(err)
				return
			}
			p.load()
		})
	}
	return container.NewVBox(person, reason, key.object, container.NewBorder(nil, nil, nil, do))
}

// pick takes the text in the language that is spoken.
func (f *frame) pick(zh, en string) string {
	if en != "" && english(f.Say) {
		return en
	}
	return zh
}
