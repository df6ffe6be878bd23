package page

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/faults"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// Executor asks resolvers whether what was ordered is carried out.
type Executor interface {
	// Resolvers are those of the list of landing pages.
	Resolvers() ([]NamedResolver, error)
	// CheckExecution asks, and seals what is answered as an exhibit, however little came. That something is not stopped is no error.
	CheckExecution(ctx context.Context, application string, o Asking, told func(done, total int)) (Execution, error)
	// Executions are the checks of an application so far, in their order.
	Executions(ctx context.Context, application string) ([]Execution, error)
}

// NamedResolver is a resolver of the list.
type NamedResolver struct {
	Address, Label string
	Control        bool // no order reaches it
}

// Asking says who is asked, as commands write it; an empty list is the list's.
type Asking struct {
	Resolvers []string
	Control   string
	Landing   []netip.Addr
	Reason    string
}

// Execution is a check as an exhibit.
type Execution struct {
	Exhibit string
	evidence.ExecutionReport
}

// ExecutionNeeds is what the page needs.
type ExecutionNeeds struct {
	Executor Executor
	Watcher  Watcher
	Runner   Runner
	Lives    Lives
	Drafts   Drafts
	Show     func(exhibit string)
	Back     func()
}

// ExecutionCheck asks resolvers whether the targets of an application are stopped, and tells what they answered (S26).
type ExecutionCheck struct {
	frame
	needs                ExecutionNeeds
	drafts               []application.Application
	choose               *widget.Select
	resolvers, landing   *widget.Entry
	control, reason      *widget.Entry
	complaint            *widget.RichText
	begin, stop          *widget.Button
	bar                  *widget.ProgressBar
	result, before, whom *fyne.Container
	scroll               *container.Scroll
	watches              *watches
	cancel               context.CancelFunc // nil when nothing is under way
}

// Busy reports whether work is under way: the page then stays when another is shown.
func (p *ExecutionCheck) Busy() bool { return p.cancel != nil }

// NewExecutionCheck makes the page.
func NewExecutionCheck(r Room, needs ExecutionNeeds) *ExecutionCheck {
	p := &ExecutionCheck{frame: frame{Room: r}, needs: needs, result: container.NewVBox(), before: container.NewVBox(), whom: container.NewVBox()}
	p.choose = widget.NewSelect(nil, func(string) { p.loadBefore() })
	p.choose.PlaceHolder = p.t("draft.choose")
	p.resolvers, p.landing = widget.NewMultiLineEntry(), widget.NewMultiLineEntry()
	p.resolvers.SetPlaceHolder(p.t("execution.resolvers.hint"))
	p.resolvers.SetMinRowsVisible(4)
	p.landing.SetPlaceHolder(p.t("execution.landing.hint"))
	p.landing.SetMinRowsVisible(1)
	p.control, p.reason = own.Entry(p.t("execution.control.hint")), own.Entry(p.t("execution.reason.hint"))
	p.begin, p.stop = own.Primary(p.t("execution.do"), p.start), widget.NewButton(p.t("cancel"), func() { p.cancel() })
	p.bar, p.complaint = widget.NewProgressBar(), own.Note("", theme.ColorNameWarning)
	p.bar.Hide()
	p.stop.Hide()
	p.begin.Disable()
	head := container.NewHBox(widget.NewButton(p.t("back"), needs.Back), own.Heading(p.t("execution.title")))
	form := own.Card(container.NewVBox(own.Caption(p.t("execution.hint")), own.Fields(
		own.Field{Name: p.t("handover.application"), Body: p.choose},
		own.Field{Name: p.t("execution.resolvers"), Body: container.NewVBox(p.resolvers, p.whom)},
		own.Field{Name: p.t("execution.control"), Body: p.control},
		own.Field{Name: p.t("execution.landing"), Body: p.landing},
		own.Field{Name: p.t("execution.reason"), Body: p.reason},
	), p.bar, container.NewBorder(nil, nil, nil, container.NewHBox(p.stop, p.begin), p.complaint)))
	p.watches = newWatches(&p.frame, needs, p.watched)
	p.scroll = own.Scrolling(container.NewVBox(head, form, p.result, p.before, p.watches.object))
	p.object = p.scroll
	p.load()
	return p
}

// load reads the applications, and puts the resolvers of the list into the form: whom a check asks is said before it asks.
func (p *ExecutionCheck) load() {
	var usual []NamedResolver
	p.Work.Go(func(ctx context.Context) (err error) {
		if usual, err = p.needs.Executor.Resolvers(); err != nil {
			return err
		}
		p.drafts, err = p.needs.Drafts.Drafts(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.offer(usual)
		var names []string
		for _, a := range p.drafts {
			names = append(names, a.ID+"　"+a.Number+"　"+a.Court)
		}
		p.choose.SetOptions(own.Options(names))
		if len(names) == 0 {
			own.SetText(p.complaint, p.t("handover.none"), theme.ColorNameWarning)
			return
		}
		p.choose.SetSelectedIndex(len(names) - 1)
	})
}

func (p *ExecutionCheck) offer(usual []NamedResolver) {
	var asked, said []string
	for _, r := range usual {
		said = append(said, told(r.Address, r.Label))
		switch {
		case !r.Control:
			asked = append(asked, r.Address)
		case p.control.Text == "":
			p.control.SetText(r.Address)
		}
	}
	p.resolvers.SetText(strings.Join(asked, "\n"))
	if len(said) > 0 {
		p.whom.Add(own.Caption(p.t("execution.usual") + "\n" + strings.Join(said, "\n")))
	}
}

// loadBefore lists the checks that were made of the application.
func (p *ExecutionCheck) loadBefore() {
	own.Enable(p.begin, p.cancel == nil && p.choose.SelectedIndex() >= 0)
	id, of := p.chosen(), p.choose.SelectedIndex()
	p.watches.term(id)
	var list []Execution
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.needs.Executor.Executions(ctx, id)
		return err
	}, func(err error) {
		if of != p.choose.SelectedIndex() {
			return
		}
		if err != nil {
			p.Fail(err)
			return
		}
		p.before.RemoveAll()
		if len(list) == 0 {
			return
		}
		box := container.NewVBox(own.Subheading(p.t("execution.before", "n", len(list))))
		for i := len(list) - 1; i >= 0; i-- {
			x := list[i]
			box.Add(container.NewBorder(nil, nil, nil, own.Quiet(p.t("execution.open"), func() { p.needs.Show(x.Exhibit) }), own.NewMiddle(p.oneLine(x), theme.ColorNameForeground, false)))
		}
		p.before.Add(own.Card(box))
	})
}

func (p *ExecutionCheck) chosen() string { return p.drafts[max(p.choose.SelectedIndex(), 0)].ID }

// oneLine is a check in short.
func (p *ExecutionCheck) oneLine(x Execution) string {
	pairs, stopped := 0, 0
	for _, n := range x.Names {
		for _, at := range n.Resolvers {
			if pairs++; at.Verdict == evidence.Stopped {
				stopped++
			}
		}
	}
	return p.t("execution.line", "exhibit", x.Exhibit, "time", Clock(p.Say, x.Started), "stopped", stopped, "pairs", pairs)
}

// asking reads the form. An address that is none is told with its line; whether resolvers can be asked the use case says.
func (p *ExecutionCheck) asking() (o Asking, wrong string) {
	o = Asking{Control: strings.TrimSpace(p.control.Text), Reason: strings.TrimSpace(p.reason.Text)}
	for _, text := range linesOf(p.resolvers.Text) {
		o.Resolvers = append(o.Resolvers, text)
	}
	for n, text := range linesOf(p.landing.Text) {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return o, p.t("execution.bad.landing", "n", n, "text", text)
		}
		o.Landing = append(o.Landing, a.Unmap())
	}
	return o, ""
}

// watched is what a watch asks: what the form says now.
func (p *ExecutionCheck) watched() (id string, o Asking, ok bool) {
	o, wrong := p.asking()
	own.SetText(p.complaint, wrong, theme.ColorNameWarning)
	if wrong != "" || p.choose.SelectedIndex() < 0 {
		return "", o, false
	}
	return p.chosen(), o, true
}

func (p *ExecutionCheck) start() {
	id, o, ok := p.watched()
	if !ok {
		return
	}
	p.begin.Disable()
	p.choose.Disable()
	p.bar.SetValue(0)
	p.bar.Show()
	p.stop.Show()
	own.SetText(p.complaint, p.t("execution.asking"), look.Secondary)
	part := -1
	step := func(done, total int) { // a check has thousands of questions, and the bar a hundred places; calls do not overlap
		if now := done * 100 / max(total, 1); now != part {
			part = now
			p.Work.Show(func() {
				p.bar.SetValue(float64(done) / float64(max(total, 1)))
				own.SetText(p.complaint, p.t("execution.asked", "done", done, "total", total), look.Secondary)
			})
		}
	}
	var got Execution
	p.cancel = p.Work.Go(func(ctx context.Context) (err error) {
		got, err = p.needs.Executor.CheckExecution(ctx, id, o, step)
		return err
	}, func(err error) { p.done(got, err) })
}

func (p *ExecutionCheck) done(x Execution, err error) {
	p.cancel = nil
	p.bar.Hide()
	p.stop.Hide()
	p.begin.Enable()
	p.choose.Enable()
	own.SetText(p.complaint, "", look.Secondary)
	if err != nil && !errors.Is(err, context.Canceled) {
		p.Fail(err)
	}
	if x.Exhibit == "" {
		if errors.Is(err, context.Canceled) {
			own.SetText(p.complaint, p.t("job.cancelled"), look.Secondary)
		}
		return
	}
	p.tellResult(x)
	p.loadBefore()
}

var executionSigns = map[evidence.ExecutionVerdict]sign{
	evidence.Stopped:     {"●", theme.ColorNameSuccess},
	evidence.NotStopped:  {"×", theme.ColorNameError},
	evidence.TooNarrow:   {"▲", theme.ColorNameWarning},
	evidence.TooWide:     {"▲", theme.ColorNameError},
	evidence.OtherAnswer: {"?", theme.ColorNameWarning},
	evidence.NoAnswer:    {"–", look.Secondary},
	evidence.Undecidable: {"?", look.Secondary},
}

// tellResult shows a check: what it came to, then each name at each resolver.
func (p *ExecutionCheck) tellResult(x Execution) {
	p.result.RemoveAll()
	box := container.NewVBox(container.NewBorder(nil, nil, nil, own.Primary(p.t("execution.open"), func() { p.needs.Show(x.Exhibit) }), own.Subheading(p.t("execution.made", "exhibit", x.Exhibit))),
		own.Wrapped(p.oneLine(x)))
	if x.Interrupted {
		box.Add(own.Note(p.t("execution.interrupted"), theme.ColorNameWarning))
	}
	labels, control := map[string]string{}, false
	for _, r := range x.Resolvers {
		labels[r.Resolver] = told(r.Label, r.Resolver)
		control = control || r.Control
		if r.End != evidence.ResolverDone {
			box.Add(own.Note(ended(p.Say, r), theme.ColorNameWarning))
		}
	}
	if !control {
		box.Add(own.Note(p.t("execution.nocontrol"), theme.ColorNameWarning))
	}
	for _, n := range x.Names {
		box.Add(p.nameTable(n, labels))
	}
	p.result.Add(own.Card(box))
	p.scroll.Refresh() // it has grown
	p.scroll.ScrollToOffset(p.result.Position())
}

var executionWidths = []float32{-2, 140, -2}

// nameTable is what each resolver makes of a name.
func (p *ExecutionCheck) nameTable(n evidence.CheckedName, labels map[string]string) fyne.CanvasObject {
	box := container.NewVBox(widget.NewSeparator(), own.NewMiddle(named(p.Say, n), theme.ColorNameForeground, true))
	for _, at := range n.Resolvers {
		g := executionSigns[at.Verdict]
		before := ""
		if at.Before != "" && at.Before != at.Verdict {
			before = p.t("execution.was", "verdict", p.Say.T("execution."+string(at.Before)))
		}
		box.Add(own.Columns(executionWidths, own.NewMiddle(cmp.Or(labels[at.Resolver], at.Resolver), theme.ColorNameForeground, false),
			own.NewMark(g.symbol, p.Say.T("execution."+string(at.Verdict)), g.color), own.NewMiddle(before, look.Secondary, false)))
		if at.Verdict != evidence.Stopped {
			box.Add(own.Caption(why(p.Say, at)))
		}
	}
	return box
}

// why says by which answers a name is not seen to be stopped as ordered, and what that means.
func why(s own.Words, at evidence.NameAt) string {
	lines := []string{}
	for _, b := range at.Probes {
		if b.Verdict == at.Verdict {
			to := ""
			for _, a := range b.Addresses {
				to += " " + a.String()
			}
			for _, name := range b.Leads {
				to += " " + name
			}
			lines = append(lines, s.T("window.execution.probe", "name", b.Name, "role", s.T("execution.role."+string(b.Role)), "said", resolution(s, b.Resolution),
				"addresses", to, "control", resolution(s, b.Control)))
		}
	}
	return strings.Join(append(lines, s.T("execution."+string(at.Verdict)+".means")), "\n")
}

func resolution(s own.Words, r evidence.Resolution) string {
	if r == "" {
		return "–"
	}
	return s.T("execution.said." + string(r))
}

// named are a target, its name, and how far it is to be stopped.
func named(s own.Words, n evidence.CheckedName) string {
	scope := "scope.exact"
	if n.Subdomains {
		scope = "scope.subdomains"
	}
	return told(n.Target, n.Name, s.T(scope))
}

// ended says how far a resolver was asked.
func ended(s own.Words, r evidence.AskedResolver) string {
	return s.T("window.execution.ended", "resolver", told(r.Label, r.Resolver), "end", s.T("execution.end."+string(r.End)),
		"answered", r.Answered, "questions", r.Questions, "error", faults.Say(spoken(s), r.Error))
}

// executionLines are the report of a check in words; what is none is shown as it is.
func executionLines(s own.Words, data []byte) string {
	var x evidence.ExecutionReport
	if json.Unmarshal(data, &x) != nil {
		return outline(s, data)
	}
	lines := []string{told(x.Application, Clock(s, x.Started))}
	if x.Interrupted {
		lines = append(lines, s.T("window.execution.interrupted"))
	}
	for _, r := range x.Resolvers {
		lines = append(lines, ended(s, r))
	}
	for _, n := range x.Names {
		lines = append(lines, "", named(s, n))
		for _, at := range n.Resolvers {
			lines = append(lines, "    "+at.Resolver+"　"+s.T("execution."+string(at.Verdict)))
			if at.Verdict != evidence.Stopped {
				lines = append(lines, "        "+strings.ReplaceAll(why(s, at), "\n", "\n        "))
			}
		}
	}
	return strings.Join(lines, "\n")
}
