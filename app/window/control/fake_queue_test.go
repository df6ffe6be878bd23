package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"yuzheng/app/window/page"
	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// fakeQueue is a queue in memory that does one job after the other. Each waits at its first step for go ahead, if there is a gate.
type fakeQueue struct {
	admit func(evidence.Request) page.Exhibit
	gate  chan struct{} // nil lets captures pass at once

	qmu    sync.Mutex
	jobs   []page.Job
	ended  map[string]context.CancelCauseFunc // of the jobs that run
	acts   []string                           // what the page had done
	paused bool
	runs   bool
}

func (q *fakeQueue) Jobs(context.Context) ([]page.Job, error) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	return slices.Clone(q.jobs), nil
}

func (q *fakeQueue) Enqueue(_ context.Context, requests []evidence.Request) (ids []string, err error) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	for _, r := range requests {
		j := page.Job{ID: fmt.Sprintf("Q001-%04d", len(q.jobs)+1), URL: r.URL, View: r.View, State: page.JobWaiting}
		q.jobs = append(q.jobs, j)
		ids = append(ids, j.ID)
	}
	return ids, nil
}

func (q *fakeQueue) TakeIn(ctx context.Context, l page.List) (page.Taken, error) {
	data, err := io.ReadAll(l.File)
	if err != nil || strings.Contains(string(data), "\x00") {
		return page.Taken{}, errors.Join(err, errors.New("no list"))
	}
	t := page.Taken{Exhibit: "W0077"}
	for line := range strings.Lines(string(data)) {
		for _, v := range l.Views {
			r := l.Base
			r.URL, r.View = strings.TrimSpace(line), v
			if _, err := q.Enqueue(ctx, []evidence.Request{r}); err != nil {
				return t, err
			}
			t.Queued++
		}
		t.Rows++
	}
	return t, nil
}

func (q *fakeQueue) Retry(context.Context) ([]string, error) { q.did("retry"); return nil, nil }

func (q *fakeQueue) Cancel(_ context.Context, job string) error {
	q.did("cancel " + job)
	q.set(job, page.JobCancelled)
	q.end(job, context.Canceled)
	return nil
}

func (q *fakeQueue) Restore(_ context.Context, job string) error {
	q.did("restore " + job)
	q.set(job, page.JobWaiting)
	return nil
}

func (q *fakeQueue) Clear(context.Context) error {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	for i := range q.jobs {
		if q.jobs[i].State == page.JobWaiting && q.ended[q.jobs[i].ID] == nil {
			q.jobs[i].State = page.JobCancelled
		}
	}
	return nil
}

func (q *fakeQueue) set(job string, s page.JobState) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	i := slices.IndexFunc(q.jobs, func(j page.Job) bool { return j.ID == job })
	q.jobs[i].State = s
}

func (q *fakeQueue) did(what string) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	q.acts = append(q.acts, what)
}

func (q *fakeQueue) end(job string, cause error) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	if end := q.ended[job]; end != nil {
		end(cause)
	}
}

func (q *fakeQueue) Finish(job string) {
	q.did("finish " + job)
	q.end(job, capture.ErrFinish)
}

func (q *fakeQueue) Pause(on bool) {
	q.did(fmt.Sprint("pause ", on))
	q.qmu.Lock()
	defer q.qmu.Unlock()
	q.paused = on
}

func (q *fakeQueue) Add(jobs []string) (bool, error) {
	q.did("add " + strings.Join(jobs, " "))
	q.qmu.Lock()
	defer q.qmu.Unlock()
	return q.runs, nil
}

// next takes the first job that waits.
func (q *fakeQueue) next(ctx context.Context, only []string) (page.Job, context.Context, bool) {
	q.qmu.Lock()
	defer q.qmu.Unlock()
	for _, j := range q.jobs {
		if j.State == page.JobWaiting && (only == nil || slices.Contains(only, j.ID)) {
			ctx, end := context.WithCancelCause(ctx)
			q.ended = map[string]context.CancelCauseFunc{j.ID: end}
			q.runs = true
			return j, ctx, true
		}
	}
	q.runs = false
	return page.Job{}, nil, false
}

func (q *fakeQueue) Run(ctx context.Context, o page.RunOptions) error {
	for {
		j, jobCtx, ok := q.next(ctx, o.Only)
		if !ok || ctx.Err() != nil {
			return ctx.Err()
		}
		o.Changed(j, true)
		o.Step(j.ID, capture.StepScroll, 100, 1000)
		q.wait(jobCtx)
		j = q.seal(jobCtx, j)
		o.Changed(j, false)
	}
}

func (q *fakeQueue) wait(ctx context.Context) {
	if q.gate == nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-q.gate:
	}
}

func (q *fakeQueue) seal(ctx context.Context, j page.Job) page.Job {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return j
	}
	e := q.admit(evidence.Request{URL: j.URL, View: j.View})
	q.qmu.Lock()
	defer q.qmu.Unlock()
	i := slices.IndexFunc(q.jobs, func(k page.Job) bool { return k.ID == j.ID })
	j.Exhibit, j.Verdict, j.Outcome, j.Missing, j.State = e.Number, e.Verdict, e.Outcome(), len(e.Missing), page.JobSealed
	if e.Verdict == evidence.Challenge || e.Verdict == evidence.Login {
		j.State = page.JobPerson
	}
	q.jobs[i] = j
	delete(q.ended, j.ID)
	return j
}
