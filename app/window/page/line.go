package page

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"yuzheng/app/window/dialog"
	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/capture"
)

// line is the queue on its page: what is done with all of it, how far it is, and its jobs.
type line struct {
	Room
	CaptureNeeds
	bar, body fyne.CanvasObject

	toggle, stop, retry, clear *widget.Button
	parallel, filter           *widget.Select
	counts                     *own.Middle
	list                       *widget.List
	nothing                    fyne.CanvasObject

	jobs   []*job
	byID   map[string]*job
	turn   int            // counts what the run has told
	told   map[string]int // the turn in which a job was told of last
	rows   []*job         // those that are listed; nil stands for the waiting ones that are folded away
	folded int
	run    *run // nil when nothing is under way
}

// run is the work on the queue that is under way.
type run struct {
	cancel context.CancelFunc
	only   map[string]bool // nil is all
	late   []string        // came when it was at its end
	paused bool
	began  time.Time
	sealed int
}

// shownWaiting is how many of the waiting jobs are listed among the others; the rest is one row.
const shownWaiting = 5

// atOnce is the choice of how many captures run at the same time; the first is left to the machine.
var atOnce = []string{"", "1", "2", "3", "4", "6", "8"}

func newLine(r Room, n CaptureNeeds) *line {
	l := &line{Room: r, CaptureNeeds: n, byID: map[string]*job{}, told: map[string]int{}}
	l.toggle, l.stop = widget.NewButton("", l.switchRun), widget.NewButton(l.t("queue.stop"), l.askStop)
	l.retry, l.clear = widget.NewButton(l.t("queue.retry"), l.tryAgain), widget.NewButton(l.t("queue.clear"), l.askClear)
	choices := slices.Clone(atOnce)
	choices[0] = l.t("queue.parallel.machine")
	l.parallel = widget.NewSelect(own.Options(choices), nil)
	l.parallel.SetSelectedIndex(0)
	l.counts = own.NewMiddle("", look.Secondary, false)
	l.list = widget.NewList(func() int { return len(l.rows) }, l.newRow, l.fillRow)
	l.list.OnSelected = l.selected
	l.nothing = own.Alone(l.t("capture.empty"))
	var filters []string
	for _, f := range lineFilters {
		filters = append(filters, l.t("queue.filter."+f))
	}
	l.filter = widget.NewSelect(own.Options(filters), func(string) { l.changed() })
	l.filter.Selected = filters[0]
	l.bar = container.NewVBox(
		container.NewBorder(nil, nil, container.NewHBox(l.toggle, l.stop, l.retry, l.clear), container.NewHBox(
			own.Label(l.t("queue.parallel")), l.parallel, l.filter)),
		l.counts)
	l.body = container.NewStack(l.nothing, l.list)
	l.changed()
	return l
}

func (l *line) busy() bool { return l.run != nil }

// load reads the queue anew. What the run tells meanwhile is newer than what is read.
func (l *line) load() {
	since := l.turn
	var list []Job
	l.Work.Go(func(ctx context.Context) (err error) {
		list, err = l.Queue.Jobs(ctx)
		return err
	}, func(err error) {
		if err != nil {
			l.Fail(err)
			return
		}
		l.jobs = l.jobs[:0]
		for _, j := range list {
			if known := l.byID[j.ID]; known == nil || l.told[j.ID] <= since {
				l.put(j)
			}
			l.jobs = append(l.jobs, l.byID[j.ID])
		}
		l.changed()
	})
}

// put notes what is known of a job.
func (l *line) put(j Job) *job {
	known := l.byID[j.ID]
	if known == nil {
		known = &job{}
		l.byID[j.ID] = known
	}
	known.Job = j
	return known
}

// enter has jobs put into the queue and then does something with them.
func (l *line) enter(act func(context.Context) ([]string, error), then func(ids []string)) {
	var ids []string
	l.Work.Go(func(ctx context.Context) (err error) {
		ids, err = act(ctx)
		return err
	}, func(err error) {
		l.load()
		if err != nil {
			l.Fail(err)
		}
		then(ids)
	})
}

// do changes a job or the queue.
func (l *line) do(act func(context.Context) error) {
	l.Work.Go(act, func(err error) {
		if err != nil {
			l.Fail(err)
		}
		l.load()
	})
}

// goOn has jobs captured at once: by the run under way, by the one that follows it, or by a new one.
func (l *line) goOn(ids []string) {
	if len(ids) == 0 {
		return
	}
	if !l.busy() {
		l.start(ids)
		return
	}
	under, taken := l.run, false
	l.Work.Go(func(context.Context) (err error) {
		taken, err = l.Queue.Add(ids)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			l.Fail(err)
		case taken && under.only != nil:
			for _, id := range ids {
				under.only[id] = true
			}
		case !taken && l.busy():
			l.run.late = append(l.run.late, ids...)
		case !taken:
			l.start(ids)
		}
		l.changed()
	})
}

// start works through the named jobs, or through all that wait.
func (l *line) start(only []string) {
	o := RunOptions{Parallel: l.chosenParallel(), Only: only}
	progress := &steps{show: l.Work.Show, paint: l.stepped}
	o.Step = progress.tell
	o.Changed = func(j Job, running bool) { l.Work.Show(func() { l.tell(j, running) }) }
	l.run = &run{began: l.Now()}
	if only != nil {
		l.run.only = map[string]bool{}
		for _, id := range only {
			l.run.only[id] = true
		}
	}
	l.run.cancel = l.Work.Go(func(ctx context.Context) error { return l.Queue.Run(ctx, o) }, l.ended)
	l.Work.Every(time.Second, func() bool { // so that waiting does not look like standing still
		l.list.Refresh()
		l.tellCounts()
		return l.busy()
	})
	l.changed()
}

func (l *line) chosenParallel() int {
	n, _ := strconv.Atoi(l.parallel.Selected) // the machine's own choice is a word
	return n
}

// tell notes that a job has begun or ended.
func (l *line) tell(j Job, running bool) {
	l.turn++
	l.told[j.ID] = l.turn
	if l.byID[j.ID] == nil {
		l.jobs = append(l.jobs, l.put(j))
	}
	known := l.put(j)
	known.running, known.ending = running, false
	known.began, known.step, known.done, known.total = l.Now(), capture.StepStart, 0, 0
	switch {
	case running:
	case j.State == JobWaiting: // was interrupted; the case knows why
		l.load()
	case l.busy():
		l.run.sealed++
	}
	l.changed()
}

func (l *line) stepped(id string, s capture.Step, done, total int64) {
	if j := l.byID[id]; j != nil {
		j.step, j.done, j.total = s, done, total
		l.list.Refresh()
	}
}

func (l *line) ended(err error) {
	late := l.run.late
	l.run = nil
	l.load()
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil:
		l.Fail(err)
	case len(late) > 0:
		l.start(late)
	}
	l.changed()
}

// switchRun begins, pauses or goes on.
func (l *line) switchRun() {
	if !l.busy() {
		l.start(nil)
		return
	}
	l.run.paused = !l.run.paused
	l.Queue.Pause(l.run.paused)
	l.changed()
}

func (l *line) askStop() {
	if l.busy() {
		l.run.cancel()
		for _, j := range l.jobs {
			j.ending = j.running
		}
		l.changed()
	}
}

func (l *line) tryAgain() {
	l.enter(l.Queue.Retry, func(ids []string) {
		if len(ids) == 0 {
			dialog.Tell(l.Window, l.Say, l.t("queue.retry"), l.t("queue.retry.none"))
		}
		l.goOn(ids)
	})
}

func (l *line) askClear() {
	n := l.count(func(j *job) bool { return !j.running && j.State == JobWaiting })
	dialog.Ask(l.Window, l.Say, l.t("queue.clear"), l.t("queue.clear.ask", "n", n), l.t("queue.clear.yes"), func() { l.do(l.Queue.Clear) })
}

func (l *line) selected(i widget.ListItemID) {
	l.list.UnselectAll()
	if j := l.rows[i]; j == nil {
		l.filter.SetSelectedIndex(slices.Index(lineFilters, "waiting"))
	} else if j.Exhibit != "" {
		l.Show(j.Exhibit)
	}
}

var jobWidths = []float32{140, 0, 120, 60, 190, 190}

func (l *line) newRow() fyne.CanvasObject {
	plain := func() fyne.CanvasObject { return own.NewMiddle("", theme.ColorNameForeground, false) }
	end := container.NewStack(container.New(layout.NewCustomPaddedLayout(0, 0, 8, 8), own.NewBar()), plain())
	acts := container.NewHBox(layout.NewSpacer(), own.Quiet("", nil), own.Quiet("", nil))
	return own.Columns(jobWidths, own.NewMark("", "", theme.ColorNameForeground), plain(), plain(), plain(), end, acts)
}

func (l *line) fillRow(i widget.ListItemID, o fyne.CanvasObject) {
	row, j := o.(*fyne.Container).Objects, l.rows[i]
	mark, text := row[0].(*own.Mark), func(n int, t string) { row[n].(*own.Middle).SetText(t) }
	fold := j == nil
	if fold {
		j = &job{}
		mark.Set("…", l.t("queue.folded", "n", l.folded), look.Secondary)
	} else {
		j.mark(mark, l.Say)
	}
	text(1, j.URL)
	text(2, "")
	if !fold {
		text(2, viewWord(l.Say, j.View))
	}
	text(3, j.clock(l.Now()))
	end := row[4].(*fyne.Container).Objects
	share, known := j.share()
	end[0].(*fyne.Container).Objects[0].(*own.Bar).Set(share)
	shown(end[0], known)
	end[1].(*own.Middle).SetText(j.outcome(l.Say))
	buttons := row[5].(*fyne.Container).Objects[1:]
	for n, a := range l.actions(j) {
		b := buttons[n].(*widget.Button)
		b.OnTapped = a.do
		b.SetText(a.word)
		shown(b, a.do != nil)
	}
}

func shown(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// action is something that can be done with a job; one that does nothing is not shown.
type action struct {
	word string
	do   func()
}

func (l *line) actions(j *job) [2]action {
	cancel := action{l.t("queue.cancel"), func() {
		j.ending = j.running
		l.do(func(ctx context.Context) error { return l.Queue.Cancel(ctx, j.ID) })
		l.list.Refresh()
	}}
	switch {
	case j.ID == "" || j.ending:
		return [2]action{}
	case j.running:
		return [2]action{{l.t("queue.finish"), func() { j.ending = true; l.Queue.Finish(j.ID); l.list.Refresh() }}, cancel}
	case j.State == JobWaiting:
		return [2]action{{}, cancel}
	case j.State == JobCancelled:
		return [2]action{{}, {l.t("queue.restore"), func() { l.putBack(j.ID) }}}
	case j.State == JobPerson:
		return [2]action{{}, {l.t("queue.person"), func() { l.Person(j.URL, j.View) }}}
	}
	return [2]action{}
}

func (l *line) putBack(id string) {
	l.enter(func(ctx context.Context) ([]string, error) { return []string{id}, l.Queue.Restore(ctx, id) }, func(ids []string) {
		if l.busy() {
			l.goOn(ids)
		}
	})
}
