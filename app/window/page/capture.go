package page

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	own "yuzheng/app/window/widget"
	"yuzheng/capture"
)

// Recorder takes captures into the open case.
type Recorder interface {
	// Capture records the requests one after the other and tells each exhibit once it is sealed, whatever its verdict.
	// An error means that the machine failed or ctx ended; what was sealed before stays. P and each are called from
	// any goroutine.
	Capture(ctx context.Context, requests []capture.Request, p capture.Progress, each func(Exhibit)) error
}

// Capture is the page that takes addresses and captures them (S08). It may be out of sight while it works.
type Capture struct {
	frame
	recorder Recorder
	show     func(exhibit string)
	running  func(n int)

	addresses   *widget.Entry
	views       map[capture.View]*widget.Check
	advanced    advanced
	begin, stop *widget.Button
	complaint   *widget.RichText
	jobs        []*job
	list        *widget.List
	cancel      context.CancelFunc // nil when nothing is under way
	started     time.Time          // of the job under way
	nothing     fyne.CanvasObject
}

// NewCapture makes the page. Show opens an exhibit; running is told how many captures are still to come.
func NewCapture(r Room, recorder Recorder, show func(exhibit string), running func(n int)) *Capture {
	p := &Capture{frame: frame{Room: r}, recorder: recorder, show: show, running: running}
	p.addresses = widget.NewMultiLineEntry()
	p.addresses.SetPlaceHolder(p.t("capture.addresses.hint"))
	p.addresses.SetMinRowsVisible(3)
	p.addresses.OnChanged = func(string) { p.judge() }
	p.begin, p.stop = own.Primary(p.t("capture.begin"), p.start), widget.NewButton(p.t("cancel"), p.askStop)
	p.stop.Disable()
	p.complaint = own.Caption("")
	p.advanced = newAdvanced(r.Say, func() { p.judge() })
	p.list = widget.NewList(func() int { return len(p.jobs) }, p.newRow, p.fillRow)
	p.list.OnSelected = p.selected
	p.nothing = own.Alone(p.t("capture.empty"))
	form := own.Card(container.NewVBox(own.Caption(p.t("capture.addresses")), p.addresses,
		container.NewBorder(nil, nil, p.viewChecks(), container.NewHBox(p.stop, p.begin), p.complaint), p.advanced.object))
	p.object = container.NewBorder(container.NewVBox(own.Heading(p.t("capture.title")), form), nil, nil, nil,
		container.NewStack(p.nothing, p.list))
	p.judge()
	return p
}

// Busy reports whether captures are under way.
func (p *Capture) Busy() bool { return p.cancel != nil }

func (p *Capture) viewChecks() fyne.CanvasObject {
	p.views = map[capture.View]*widget.Check{}
	box := container.NewHBox(widget.NewLabel(p.t("capture.views")))
	for _, v := range capture.Views {
		c := widget.NewCheck(viewWord(p.Say, v), func(bool) { p.judge() })
		c.Checked = v == capture.Desktop || v == capture.Mobile
		p.views[v] = c
		box.Add(c)
	}
	return box
}

// judge says what the form would do, or why it can't.
func (p *Capture) judge() {
	if p.begin == nil || p.complaint == nil || p.advanced.object == nil {
		return
	}
	list, err := p.requests()
	var bad *badInput
	switch {
	case errors.As(err, &bad):
		own.SetText(p.complaint, p.t(bad.key, "line", bad.line), theme.ColorNameError)
	case len(list) == 0:
		own.SetText(p.complaint, "", theme.ColorNameForeground)
	default:
		own.SetText(p.complaint, p.t("capture.count", "n", len(list)), theme.ColorNameForeground)
	}
	own.Enable(p.begin, err == nil && len(list) > 0 && !p.Busy())
}

func (p *Capture) start() {
	list, err := p.requests()
	if err != nil || len(list) == 0 || p.Busy() {
		return
	}
	p.jobs = append(newJobs(list), p.jobs...)
	p.nothing.Hide()
	batch := p.jobs[:len(list)]
	p.addresses.SetText("")
	progress := &latest{show: p.Work.Show}
	progress.paint = func(s capture.Step, done, total int64) { p.stepped(batch, s, done, total) }
	p.started = p.Now()
	batch[0].state = jobRunning
	p.cancel = p.Work.Go(func(ctx context.Context) error {
		return p.recorder.Capture(ctx, list, progress, func(e Exhibit) { p.Work.Show(func() { p.sealed(batch, e) }) })
	}, func(err error) { p.ended(batch, err) })
	p.tick()
	p.changed(batch)
}

// tick counts the seconds of the job under way, so that waiting does not look like standing still.
func (p *Capture) tick() {
	p.Work.Go(func(ctx context.Context) error {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-t.C:
			}
			over := make(chan bool, 1)
			p.Work.Show(func() { p.list.Refresh(); over <- !p.Busy() })
			select {
			case <-ctx.Done():
				return nil
			case end := <-over:
				if end {
					return nil
				}
			}
		}
	}, func(error) {})
}

func (p *Capture) stepped(batch []*job, s capture.Step, done, total int64) {
	if i := current(batch); i < len(batch) {
		batch[i].step, batch[i].done, batch[i].total = s, done, total
		p.list.Refresh()
	}
}

func (p *Capture) sealed(batch []*job, e Exhibit) {
	i := current(batch)
	if i == len(batch) {
		return
	}
	batch[i].state, batch[i].exhibit = jobSealed, e
	if i+1 < len(batch) {
		batch[i+1].state, p.started = jobRunning, p.Now()
	}
	p.changed(batch)
}

func (p *Capture) ended(batch []*job, err error) {
	p.cancel = nil
	for _, j := range batch[current(batch):] {
		if j.state = jobFailed; errors.Is(err, context.Canceled) {
			j.state = jobCancelled
		}
	}
	p.changed(batch)
	if err != nil && !errors.Is(err, context.Canceled) {
		p.Fail(err)
	}
}

// changed brings everything in line with the jobs.
func (p *Capture) changed(batch []*job) {
	own.Enable(p.stop, p.Busy())
	p.judge()
	p.running(len(batch) - current(batch))
	p.list.Refresh()
}

func (p *Capture) askStop() {
	if p.cancel != nil {
		p.cancel()
	}
}

func (p *Capture) selected(i widget.ListItemID) {
	p.list.UnselectAll()
	if p.jobs[i].state == jobSealed {
		p.show(p.jobs[i].exhibit.Number)
	}
}

var jobWidths = []float32{180, 0, 120, 60, 190}

func (p *Capture) newRow() fyne.CanvasObject {
	plain := func() fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, false) }
	end := container.NewStack(container.New(layout.NewCustomPaddedLayout(0, 0, 8, 8), own.NewBar()), plain())
	return own.Columns(jobWidths, own.NewMark("", "", theme.ColorNameForeground), plain(), plain(), plain(), end)
}

func (p *Capture) fillRow(i widget.ListItemID, o fyne.CanvasObject) {
	row, j := o.(*fyne.Container).Objects, p.jobs[i]
	j.mark(row[0].(*own.Mark), p.Say)
	row[1].(*own.Middle).SetText(j.request.URL)
	row[2].(*own.Middle).SetText(viewWord(p.Say, j.request.View))
	row[3].(*own.Middle).SetText(j.clock(p.Now().Sub(p.started)))
	end := row[4].(*fyne.Container).Objects
	if share, known := j.share(); known {
		end[0].(*fyne.Container).Objects[0].(*own.Bar).Set(share)
		end[0].Show()
	} else {
		end[0].Hide()
	}
	end[1].(*own.Middle).SetText(j.outcome(p.Say))
}
