package page

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Info names the open case and who works on it.
type Info struct {
	Dir, Number, Title string
	Operator           custody.Operator
	Joined             bool // the operator was not one of the case before
}

// Shelf is where the exhibits of the case stand.
type Shelf interface {
	// Exhibits lists them in the order of their numbers.
	Exhibits(ctx context.Context) ([]Exhibit, error)
}

// Log is the custody log.
type Log interface {
	// Entries are all acts, oldest first.
	Entries(ctx context.Context) ([]custody.Entry, error)
	// Details are what an entry says beside who, when and what, in words of a language ("zh-TW" or "en").
	Details(lang string, e custody.Entry) ([]string, error)
	// Check re-derives everything; no finding means that all of it matches. It may take minutes.
	Check(ctx context.Context, progress func(done, total int64)) ([]Finding, error)
}

// OverviewNeeds is what the overview needs.
type OverviewNeeds struct {
	Info             Info
	Shelf            Shelf
	Log              Log
	Capture, HandOut func()
	Exhibits         func()
}

// Overview says what the case is, how far it has come and what was done last (S05).
type Overview struct{ frame }

// NewOverview makes the page.
func NewOverview(r Room, needs OverviewNeeds) *Overview {
	p := &Overview{frame{Room: r}}
	counts, last := container.NewVBox(own.Caption(p.t("loading"))), container.NewVBox(own.Caption(p.t("loading")))
	next := container.NewHBox(own.Primary(p.t("overview.capture"), needs.Capture), widget.NewButton(p.t("overview.exhibits"), needs.Exhibits),
		widget.NewButton(p.t("overview.handover"), needs.HandOut))
	head := container.NewVBox(own.Heading(needs.Info.Title), own.Fields(
		own.Field{Name: p.t("create.number"), Body: own.Label(needs.Info.Number)},
		own.Field{Name: p.t("overview.operator"), Body: own.Label(person(needs.Info.Operator))},
		own.Field{Name: p.t("create.dir"), Body: own.NewMiddle(needs.Info.Dir, theme.ColorNameForeground, false)},
	))
	p.object = container.NewVScroll(container.NewVBox(own.Card(container.NewVBox(head, next)),
		own.Card(container.NewVBox(own.Subheading(p.t("overview.counts")), counts)),
		own.Card(container.NewVBox(own.Subheading(p.t("overview.last")), last))))
	p.loadCounts(needs.Shelf, counts)
	p.loadLast(needs.Log, last)
	return p
}

func (p *Overview) loadCounts(shelf Shelf, box *fyne.Container) {
	var list []Exhibit
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = shelf.Exhibits(ctx)
		return err
	}, func(err error) {
		box.RemoveAll()
		if err != nil {
			p.Fail(err)
			return
		}
		p.showCounts(list, box)
	})
}

func (p *Overview) showCounts(list []Exhibit, box *fyne.Container) {
	if len(list) == 0 {
		box.Add(own.Caption(p.t("overview.none")))
		return
	}
	outcomes, kinds := map[evidence.Outcome]int{}, map[evidence.Kind]int{}
	for _, e := range list {
		outcomes[e.Outcome()]++
		kinds[e.Kind]++
	}
	pages, others := container.NewHBox(own.Label(p.t("overview.total", "n", len(list)))), container.NewHBox()
	add := func(row *fyne.Container, n int, mark func(*own.Mark)) {
		if n > 0 {
			m := own.NewMark("", "", theme.ColorNameForeground)
			mark(m)
			row.Add(container.NewHBox(m, own.Label(fmt.Sprint(n))))
		}
	}
	for _, o := range evidence.Outcomes {
		add(pages, outcomes[o], func(m *own.Mark) { markOutcome(m, p.Say, o) })
	}
	for _, k := range append([]evidence.Kind{evidence.Unknown}, evidence.Kinds[1:]...) {
		add(others, kinds[k], func(m *own.Mark) { markExhibit(m, p.Say, Exhibit{Kind: k}) })
	}
	box.Add(container.NewHScroll(pages))
	if len(others.Objects) > 0 {
		box.Add(container.NewHScroll(others))
	}
}

// lastEntries is how many acts the overview shows.
const lastEntries = 8

func (p *Overview) loadLast(log Log, box *fyne.Container) {
	var list []custody.Entry
	p.Work.Go(func(ctx context.Context) (err error) {
		list, err = log.Entries(ctx)
		return err
	}, func(err error) {
		box.RemoveAll()
		if err != nil {
			p.Fail(err)
			return
		}
		for i := len(list) - 1; i >= max(0, len(list)-lastEntries); i-- {
			row := newEntryRow()
			fillEntryRow(p.Say, row, list[i])
			box.Add(row)
		}
	})
}
