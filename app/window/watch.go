package window

import (
	"cmp"
	"context"
	"time"

	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/capture"
)

// Watches implements page.Watcher.
func (f *file) Watches(context.Context) ([]page.Watch, error) {
	list, err := f.bench.Watches(f.c)
	var all []page.Watch
	for _, a := range list {
		w := page.Watch{ID: a.ID, Of: cmp.Or(a.Application, a.Exhibit), Every: a.Every, Until: a.Until, Done: len(a.Captures), Last: a.Last, Ended: string(a.Ended)}
		if n := len(a.Captures); n > 0 {
			w.Exhibit = a.Captures[n-1]
		}
		all = append(all, w)
	}
	return all, err
}

// AddWatch implements page.Watcher.
func (f *file) AddWatch(ctx context.Context, id string, o page.Asking, every time.Duration, lastDay string) error {
	until, err := workbench.LastDay(lastDay)
	if err != nil {
		return err
	}
	check := execution(o)
	_, err = f.bench.AddWatch(ctx, f.c, workbench.Watch{Application: id, Check: &check, Every: every, Until: until})
	return err
}

// EndWatch implements page.Watcher.
func (f *file) EndWatch(ctx context.Context, id, reason string) error {
	return f.bench.EndWatch(ctx, f.c, id, reason)
}

// RunWatches implements control.Case.
func (f *file) RunWatches(ctx context.Context, each func()) error {
	return f.bench.RunWatches(ctx, f.c, false, capture.NoProgress{}, func(workbench.Watched) { each() })
}
