package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/compare"
	"yuzheng/casefile"
)

// Watch is an exhibit whose address is captured again at an interval, until something happens, or an application whose execution is checked. What came
// of it follows from the exhibits.
type Watch struct {
	ID      string               `json:"watch"`   // M001
	Exhibit string               `json:"exhibit"` // the one that it began with, whose settings each capture has; empty of an application
	Every   time.Duration        `json:"every"`
	Until   time.Time            `json:"until,omitzero"` // none begins after it
	Times   int                  `json:"times,omitempty"`
	Stop    []compare.Recaptured `json:"stop,omitempty"` // conclusions that end it

	Application string            `json:"application,omitempty"` // whose execution is checked
	Check       *ExecutionOptions `json:"check,omitempty"`       // how

	Captures []string           `json:"captures"` // so far, in their order, or checks
	Last     time.Time          `json:"last"`     // when the last one, or the first exhibit, was taken
	Found    compare.Recaptured `json:"found,omitempty"`
	Ended    WatchEnd           `json:"ended,omitempty"`
}

// WatchEnd says why a watch has ended.
type WatchEnd string

// The ends.
const (
	watchFound WatchEnd = "found" // one of the conclusions that end it
	watchTimes WatchEnd = "times"
	watchUntil WatchEnd = "until"
	watchOff   WatchEnd = "off" // by an operator
)

const (
	kindWatch = "watch"
	minEvery  = time.Minute

	detailWatch = "watch" // in the entry that admits a comparison
)

// due is when the next capture is to be taken.
func (a Watch) due() time.Time { return a.Last.Add(a.Every) }

// AddWatch begins to watch the address of an exhibit, or the execution of an application.
func (w *Workbench) AddWatch(ctx context.Context, c *casefile.Case, n Watch) (Watch, error) {
	of := cmp.Or(n.Application, n.Exhibit)
	if n.Check != nil {
		if _, err := w.newCheck(c, n.Application, *n.Check); err != nil {
			return n, err
		}
	} else if _, err := w.requestOf(ctx, c, n.Exhibit); err != nil {
		return n, err
	}
	if n.Every < minEvery {
		return n, refuse("watch of "+of, "watch.every", of, "間隔至少一分鐘。", "The interval is a minute at least.")
	}
	if n.Times == 0 && n.Until.IsZero() && len(n.Stop) == 0 {
		return n, refuse("watch of "+of, "watch.stop", of, "請設定停止條件：次數、期限或比對結果。", "It needs a rule to stop by: times, a date or a conclusion.")
	}
	n.Captures, n.Found, n.Ended = nil, "", ""
	r, err := c.Put(ctx, kindWatch, "", n, "")
	n.ID = r.ID
	return n, err
}

// EndWatch ends a watch on an operator's word.
func (w *Workbench) EndWatch(ctx context.Context, c *casefile.Case, id, reason string) error {
	r, err := c.Get(kindWatch, id)
	if err != nil {
		return err
	}
	var a Watch
	if err := json.Unmarshal(r.Value, &a); err != nil {
		return fmt.Errorf("watch %s: %w", id, err)
	}
	a.Ended = watchOff
	_, err = c.Put(ctx, kindWatch, id, a, reason)
	return err
}

// Watches lists the watches of a case with what came of them.
func (w *Workbench) Watches(c *casefile.Case) ([]Watch, error) {
	list, err := records(c, kindWatch, func(a *Watch, id string) { a.ID = id })
	if err != nil {
		return nil, err
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].follow(exhibits, w.Now()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// follow fills in what the exhibits show.
func (a *Watch) follow(exhibits []casefile.Exhibit, now time.Time) error {
	a.Captures = []string{}
	for _, e := range exhibits {
		switch {
		case e.Detail[detailJob] == a.ID && (e.Detail[detailInterrupted] == "" || a.Check != nil):
			a.Captures = append(a.Captures, e.ID)
		case e.Detail[detailWatch] == a.ID:
			a.Found = compare.Recaptured(e.Detail["conclusion"])
			continue
		case e.ID != a.Exhibit:
			continue
		}
		got, err := captured(e)
		if err != nil {
			return err
		}
		a.Last = got.Started
	}
	switch {
	case a.Ended != "":
	case slices.Contains(a.Stop, a.Found):
		a.Ended = watchFound
	case a.Times > 0 && len(a.Captures) >= a.Times:
		a.Ended = watchTimes
	case !a.Until.IsZero() && (now.After(a.Until) || a.due().After(a.Until)):
		a.Ended = watchUntil
	}
	return nil
}

// Watched is one capture of a watch and what it showed, or one check of execution.
type Watched struct {
	Watch      string     `json:"watch"`
	Captured   Captured   `json:"captured,omitzero"`
	Comparison Comparison `json:"comparison,omitzero"`
	Execution  *Execution `json:"execution,omitempty"`
}

// RunWatches captures what is due and, unless once is set, waits for what comes due, until every watch has ended or ctx does. A comparison that
// shows anything but an unchanged page becomes an exhibit.
func (w *Workbench) RunWatches(ctx context.Context, c *casefile.Case, once bool, p capture.Progress, each func(Watched)) error {
	for {
		list, err := w.Watches(c)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(a Watch) bool { return a.Ended != "" })
		slices.SortStableFunc(list, func(a, b Watch) int { return a.due().Compare(b.due()) })
		if len(list) == 0 || once && list[0].due().After(w.Now()) {
			return w.seal(context.WithoutCancel(ctx), c)
		}
		if err := w.until(ctx, list[0].due()); err != nil {
			return errors.Join(w.seal(context.WithoutCancel(ctx), c), err)
		}
		next := w.watch
		if list[0].Check != nil {
			next = w.watchExecution
		}
		got, err := next(ctx, c, list[0], p)
		if err != nil {
			return err
		}
		each(got)
	}
}

func (w *Workbench) until(ctx context.Context, at time.Time) error {
	t := time.NewTimer(at.Sub(w.Now()))
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// watch takes one capture and compares it with the one before.
func (w *Workbench) watch(ctx context.Context, c *casefile.Case, a Watch, p capture.Progress) (Watched, error) {
	r, err := w.requestOf(ctx, c, a.Exhibit)
	if err != nil {
		return Watched{}, err
	}
	got, err := w.captureOne(ctx, c, r, a.ID, p)
	if err != nil {
		return Watched{}, err
	}
	before := a.Exhibit
	if n := len(a.Captures); n > 0 {
		before = a.Captures[n-1]
	}
	out := Watched{Watch: a.ID, Captured: got}
	settle := context.WithoutCancel(ctx)
	if out.Comparison, err = w.Compare(settle, c, before, got.Exhibit); err != nil || out.Comparison.Conclusion() == string(compare.Unchanged) {
		return out, err
	}
	out.Comparison, err = w.keepComparison(settle, c, out.Comparison, map[string]string{detailWatch: a.ID}, "")
	return out, err
}

// watchExecution makes one check. That not everything is stopped is what it is made for, and ends nothing.
func (w *Workbench) watchExecution(ctx context.Context, c *casefile.Case, a Watch, p capture.Progress) (Watched, error) {
	o := *a.Check
	o.job = a.ID
	got, err := w.CheckExecution(ctx, c, a.Application, o, func(done, total int) { p.Step(capture.StepFacts, int64(done), int64(total)) })
	if errors.Is(err, ErrInPart) {
		err = nil
	}
	return Watched{Watch: a.ID, Execution: &got}, err
}
