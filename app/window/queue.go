package window

import (
	"context"
	"errors"
	"slices"
	"sync"

	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// queue is the queue of an open case in the words of its page.
type queue struct {
	bench *workbench.Workbench
	c     *casefile.Case

	mu     sync.Mutex
	run    *workbench.Queue // nil when nothing is under way
	paused bool             // what was said before the run stood
}

func (q *queue) running() *workbench.Queue {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.run
}

// Jobs implements page.Queue.
func (q *queue) Jobs(context.Context) ([]page.Job, error) {
	jobs, err := q.bench.Jobs(q.c)
	list := make([]page.Job, len(jobs))
	for i, j := range jobs {
		list[i] = pageJob(j)
	}
	return list, err
}

func pageJob(j evidence.Job) page.Job {
	return page.Job{
		ID: j.ID, URL: j.URL, View: j.View, State: page.JobState(j.State), Exhibit: j.Exhibit, Verdict: j.Verdict, Outcome: j.Outcome, Missing: j.Missing,
	}
}

// Enqueue implements page.Queue.
func (q *queue) Enqueue(ctx context.Context, requests []evidence.Request) ([]string, error) {
	pages := make([]evidence.QueuedPage, len(requests))
	for i, r := range requests {
		pages[i] = evidence.QueuedPage{URL: r.URL, View: r.View}
	}
	return numbers(q.bench.Enqueue(ctx, q.c, requests[0], pages, ""))
}

func numbers(jobs []evidence.Job, err error) ([]string, error) {
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
	}
	return ids, err
}

// TakeIn implements page.Queue.
func (q *queue) TakeIn(ctx context.Context, l page.List) (page.Taken, error) {
	r, err := q.bench.Intake(ctx, q.c, l.Name, l.File, workbench.IntakeOptions{Views: l.Views, Base: l.Base})
	t := page.Taken{Exhibit: r.Exhibit, Rows: r.Report.Rows, Queued: r.Queued, Known: r.Known}
	for _, n := range r.Report.Skipped {
		t.Skipped += n
	}
	return t, err
}

// Retry implements page.Queue.
func (q *queue) Retry(ctx context.Context) ([]string, error) {
	return numbers(q.bench.RetryJobs(ctx, q.c))
}

// Cancel implements page.Queue.
func (q *queue) Cancel(ctx context.Context, job string) error {
	if run := q.running(); run != nil {
		return run.Cancel(ctx, job, "")
	}
	return q.bench.CancelJobs(ctx, q.c, "", job)
}

// Restore implements page.Queue.
func (q *queue) Restore(ctx context.Context, job string) error {
	return q.bench.RestoreJobs(ctx, q.c, "", job)
}

// Clear implements page.Queue.
func (q *queue) Clear(ctx context.Context) error {
	jobs, err := q.bench.Jobs(q.c)
	if err != nil {
		return err
	}
	var batches []string
	for _, j := range jobs {
		if j.State == evidence.JobWaiting && !slices.Contains(batches, j.Batch) {
			batches = append(batches, j.Batch)
		}
	}
	for _, id := range batches {
		err = errors.Join(err, q.Cancel(ctx, id))
	}
	return err
}

// Run implements page.Queue.
func (q *queue) Run(ctx context.Context, o page.RunOptions) error {
	defer q.hold(nil)
	run, err := q.bench.StartQueue(ctx, q.c, workbench.RunOptions{
		Parallel: o.Parallel, Only: o.Only,
		Step:    func(j evidence.Job, s capture.Step, done, total int64) { o.Step(j.ID, s, done, total) },
		Changed: func(j evidence.Job, running bool) { o.Changed(pageJob(j), running) },
	})
	if err != nil {
		return err
	}
	q.hold(run)
	if err := run.Wait(); !errors.Is(err, workbench.ErrInPart) {
		return err
	}
	return nil
}

func (q *queue) hold(run *workbench.Queue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.run = run
	if run != nil && q.paused {
		run.Pause()
	}
	q.paused = false
}

// Add implements page.Queue.
func (q *queue) Add(jobs []string) (bool, error) {
	if run := q.running(); run != nil {
		return run.Add(jobs...)
	}
	return false, nil
}

// Pause implements page.Queue.
func (q *queue) Pause(on bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.run == nil:
		q.paused = on
	case on:
		q.run.Pause()
	default:
		q.run.Resume()
	}
}

// Finish implements page.Queue.
func (q *queue) Finish(job string) {
	if run := q.running(); run != nil {
		run.Finish(job)
	}
}
