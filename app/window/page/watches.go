package page

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	own "yuzheng/app/window/widget"
)

// Watcher checks execution again and again.
type Watcher interface {
	// Watches are those of the case, of pages too, in their order.
	Watches(ctx context.Context) ([]Watch, error)
	// AddWatch begins one of an application; none of its checks begins after the day.
	AddWatch(ctx context.Context, application string, o Asking, every time.Duration, lastDay string) error
	EndWatch(ctx context.Context, id, reason string) error
}

// Watch is a watch with what came of it.
type Watch struct {
	ID      string
	Of      string // application, or exhibit of a page
	Every   time.Duration
	Until   time.Time // zero: another rule ends it
	Done    int
	Last    time.Time
	Exhibit string // the last
	Ended   string // found, times, until, off; "" while it goes on
}

// Runner runs the watches of the case beside the pages, as long as the case is open. It is asked on the window's thread.
type Runner interface {
	On() bool
	// Run begins, or begins anew with the watches that there are now.
	Run()
	Stop()
	// Told names what is called after each check, and when it ends; a later page takes the place of an earlier one.
	Told(changed func())
}

// intervals are what is offered between two checks.
var intervals = []time.Duration{30 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// watches is the part of the execution page that checks at an interval.
type watches struct {
	*frame
	watcher Watcher
	runner  Runner
	lives   Lives
	asked   func() (application string, o Asking, ok bool)
	every   *widget.Select
	until   *widget.Entry
	begin   *widget.Button
	list    *fyne.Container
	object  fyne.CanvasObject
}

func newWatches(f *frame, needs ExecutionNeeds, asked func() (string, Asking, bool)) *watches {
	p := &watches{frame: f, watcher: needs.Watcher, runner: needs.Runner, lives: needs.Lives, asked: asked, list: container.NewVBox()}
	var words []string
	for _, d := range intervals {
		words = append(words, p.span(d))
	}
	p.every = widget.NewSelect(own.Options(words), nil)
	p.every.SetSelectedIndex(0)
	p.until = own.Entry(f.t("watch.until.hint"))
	p.begin = widget.NewButton(f.t("watch.begin"), p.add)
	p.begin.Disable()
	p.until.OnChanged = func(text string) { own.Enable(p.begin, strings.TrimSpace(text) != "") }
	p.object = own.Card(container.NewVBox(own.Subheading(f.t("watch.title")), own.Caption(f.t("watch.hint")), own.Fields(
		own.Field{Name: f.t("watch.every"), Body: p.every}, own.Field{Name: f.t("watch.until"), Body: p.until},
	), container.NewBorder(nil, nil, nil, p.begin), p.list))
	p.runner.Told(p.load)
	p.load()
	return p
}

// span is an interval in words.
func (p *watches) span(d time.Duration) string {
	if d >= time.Hour {
		return p.t("watch.hours", "n", int(d/time.Hour))
	}
	return p.t("watch.minutes", "n", int(d/time.Minute))
}

// term puts the last day of the order into the form, where it names one.
func (p *watches) term(application string) {
	var last time.Time
	p.Work.Go(func(ctx context.Context) error {
		led, err := p.lives.Life(ctx, application)
		for _, s := range led.Steps {
			if s.Order != nil {
				last = s.Order.TermTo
			}
		}
		return err
	}, func(err error) {
		if err == nil && !last.IsZero() && p.until.Text == "" {
			p.until.SetText(Day(p.Say, last))
		}
	})
}

func (p *watches) load() {
	var list []Watch
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = p.watcher.Watches(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.tell(list)
	})
}

func (p *watches) tell(list []Watch) {
	p.list.RemoveAll()
	open := 0
	for _, a := range list {
		if a.Ended == "" {
			open++
		}
		p.list.Add(p.row(a))
	}
	switch {
	case p.runner.On():
		p.list.Add(container.NewBorder(nil, nil, nil, widget.NewButton(p.t("watch.pause"), p.runner.Stop), own.NewMark("●", p.t("watch.running"), theme.ColorNameSuccess)))
	case open > 0:
		p.list.Add(container.NewBorder(nil, nil, nil, widget.NewButton(p.t("watch.run"), p.runner.Run), own.NewMark("▲", p.t("watch.resting", "n", open), theme.ColorNameWarning)))
	}
	p.list.Refresh()
}

// row is a watch with what came of it; one that goes on can be ended.
func (p *watches) row(a Watch) fyne.CanvasObject {
	state := p.Say.T("watch." + cmp.Or(a.Ended, "on"))
	if a.Ended == "" && !p.runner.On() {
		state = p.t("watch.rests")
	}
	last := ""
	if a.Done > 0 {
		last = p.t("watch.last", "time", Clock(p.Say, a.Last), "exhibit", a.Exhibit)
	}
	until := ""
	if !a.Until.IsZero() {
		until = p.t("watch.to", "day", Day(p.Say, a.Until))
	}
	text := own.Wrapped(told(a.ID, a.Of, p.span(a.Every), until, p.t("watch.done", "n", a.Done), last, state))
	if a.Ended != "" {
		return text
	}
	end := own.Quiet(p.t("watch.end"), func() {
		dialog.Ask(p.Window, p.Say, p.t("watch.end"), p.t("watch.end.ask", "id", a.ID), p.t("watch.end"), func() {
			p.change(false, func(ctx context.Context) error { return p.watcher.EndWatch(ctx, a.ID, "") })
		})
	})
	return container.NewBorder(nil, nil, nil, end, text)
}

// add begins a watch by what the form asks.
func (p *watches) add() {
	id, o, ok := p.asked()
	if !ok {
		return
	}
	every, until := intervals[max(p.every.SelectedIndex(), 0)], strings.TrimSpace(p.until.Text)
	p.begin.Disable()
	p.change(true, func(ctx context.Context) error { return p.watcher.AddWatch(ctx, id, o, every, until) })
}

// change runs what changes the list. Where watches run they go on with the list as it then is; they begin only where a person begins one.
func (p *watches) change(begins bool, job func(context.Context) error) {
	p.Work.Go(job, func(err error) {
		own.Enable(p.begin, strings.TrimSpace(p.until.Text) != "")
		if err != nil {
			p.Fail(err)
			return
		}
		if begins || p.runner.On() {
			p.runner.Run()
		}
		p.load()
	})
}
