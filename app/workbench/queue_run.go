package workbench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// RunOptions say how a queue is worked through. The functions may be nil; they are called from several goroutines, one after the other.
type RunOptions struct {
	Parallel int                                                     // captures at the same time; 0 is as many as the machine bears
	Only     []string                                                // jobs; nil is all that wait
	Retries  int                                                     // further tries of a page that could not be reached, each sealed
	Changed  func(j evidence.Job, running bool)                      // a job has begun or has ended
	Step     func(j evidence.Job, s capture.Step, done, total int64) // of a job that runs
	Sealed   func(j evidence.Job, got Captured)                      // an exhibit stands
	Pause    func(ctx context.Context, d time.Duration) error        // waits; nil is a timer
	Guard    func(ctx context.Context, c *casefile.Case) error       // asked before each job; nil is the machine's own (disk, battery)
	seals    int                                                     // exhibits between two seals; 0 is sealEvery
}

// sealEvery is how many exhibits of a queue share a seal and its time stamp.
const sealEvery = 50

// Queue is a queue at work. Its methods may be called from any goroutine.
type Queue struct {
	w    *Workbench
	c    *casefile.Case
	o    RunOptions
	done chan struct{}

	mu      sync.Mutex
	wake    *sync.Cond
	waiting []evidence.Job
	running map[string]context.CancelCauseFunc
	paused  bool
	stopped bool
	parts   ended
	sealed  int
	err     error

	tell sync.Mutex // one call of the caller's functions at a time
}

// RunQueue works through the queue and returns when nothing is left, when ctx ends, or when the machine fails. It is a *PartError if not everything is whole.
func (w *Workbench) RunQueue(ctx context.Context, c *casefile.Case, o RunOptions) error {
	q, err := w.StartQueue(ctx, c, o)
	if err != nil {
		return err
	}
	return q.Wait()
}

// StartQueue begins to work through what waits. Whoever starts a queue must Wait for it.
func (w *Workbench) StartQueue(ctx context.Context, c *casefile.Case, o RunOptions) (*Queue, error) {
	jobs, err := w.queue.jobs(c)
	if err != nil {
		return nil, err
	}
	if o.Parallel <= 0 {
		o.Parallel = bearable()
	}
	if o.seals == 0 {
		o.seals = sealEvery
	}
	if o.Guard == nil {
		o.Guard = machineGuard
	}
	q := &Queue{
		w: w, c: c, o: o, done: make(chan struct{}), running: map[string]context.CancelCauseFunc{}, parts: ended{},
	}
	q.wake = sync.NewCond(&q.mu)
	q.waiting = wanted(jobs, o.Only)
	go q.run(ctx)
	return q, nil
}

// bearable is how many captures this machine takes at the same time: one for each processor and one more, since every capture also waits.
func bearable() int { return runtime.GOMAXPROCS(0) + 1 }

// wanted are the jobs that wait, or those of them that are named.
func wanted(jobs []evidence.Job, only []string) []evidence.Job {
	chosen := map[string]bool{}
	for _, id := range only {
		chosen[id] = true
	}
	var list []evidence.Job
	for _, j := range jobs {
		if j.State == evidence.JobWaiting && (only == nil || chosen[j.ID]) {
			list = append(list, j)
		}
	}
	return list
}

// Wait returns when the queue has come to its end.
func (q *Queue) Wait() error {
	<-q.done
	return q.err
}

func (q *Queue) run(ctx context.Context) {
	defer close(q.done)
	release := context.AfterFunc(ctx, q.stop)
	defer release()
	var workers sync.WaitGroup
	for range q.o.Parallel {
		workers.Go(func() { q.work(ctx) })
	}
	workers.Wait()
	if err := q.w.seal(context.WithoutCancel(ctx), q.c); err != nil {
		q.fail(err)
	}
	switch {
	case q.err != nil:
	case ctx.Err() != nil:
		q.err = fmt.Errorf("queue ended with %d pages waiting: %w", len(q.waiting), context.Cause(ctx))
	default:
		q.err = q.parts.err()
	}
}

// work does one job after the other.
func (q *Queue) work(ctx context.Context) {
	for {
		j, jobCtx, ok := q.next(ctx)
		if !ok {
			return
		}
		q.changed(j, true)
		err := q.o.Guard(ctx, q.c)
		if err == nil {
			err = q.do(jobCtx, &j)
		}
		q.leave(j)
		q.changed(j, false)
		if err != nil {
			q.fail(err)
			return
		}
	}
}

// next takes the next job, once the queue is not paused; ok is false when there is none to do. While a job runs, others may still be added.
func (q *Queue) next(ctx context.Context) (j evidence.Job, jobCtx context.Context, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped && (q.paused && len(q.waiting) > 0 || len(q.waiting) == 0 && len(q.running) > 0) {
		q.wake.Wait()
	}
	if q.stopped || len(q.waiting) == 0 {
		q.stopped = true
		q.wake.Broadcast()
		return evidence.Job{}, nil, false
	}
	j, q.waiting = q.waiting[0], q.waiting[1:]
	jobCtx, cancel := context.WithCancelCause(ctx)
	q.running[j.ID] = cancel
	return j, jobCtx, true
}

func (q *Queue) leave(j evidence.Job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running[j.ID](nil)
	delete(q.running, j.ID)
	q.wake.Broadcast()
}

// Add takes jobs that wait in the case into the work, before the others. It reports false when the queue has come to its end; they wait
// for the next one then.
func (q *Queue) Add(ids ...string) (bool, error) {
	jobs, err := q.w.queue.jobs(q.c)
	if err != nil {
		return false, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return false, nil
	}
	var added []evidence.Job
	for _, j := range wanted(jobs, ids) {
		if _, runs := q.running[j.ID]; !runs && !slices.ContainsFunc(q.waiting, func(w evidence.Job) bool { return w.ID == j.ID }) {
			added = append(added, j)
		}
	}
	q.waiting = append(added, q.waiting...)
	q.wake.Broadcast()
	return true, nil
}

// do captures a page, and again if it could not be reached and may be tried again.
func (q *Queue) do(ctx context.Context, j *evidence.Job) error {
	settings, err := q.w.queue.settings(q.c, j.Batch)
	if err != nil {
		return err
	}
	request := asked(evidence.QueuedPage{URL: j.URL, View: j.View}, settings)
	for try := 0; ; try++ {
		got, err := q.w.captureOne(ctx, q.c, request, j.ID, stepper{q, *j})
		if err != nil {
			return fmt.Errorf("capture of %s: %w", j.URL, err)
		}
		seal(j, got.Exhibit, got.Verdict, got.Outcome(), len(got.Missing), got.Interrupted)
		if err := q.note(ctx, *j, got); err != nil {
			return err
		}
		if got.Verdict != evidence.Unreachable || try >= q.o.Retries || q.pause(ctx, backOff<<try) != nil {
			return nil
		}
	}
}

// backOff is the pause before the second try; it doubles with each.
const backOff = 5 * time.Second

func (q *Queue) pause(ctx context.Context, d time.Duration) error {
	if q.o.Pause != nil {
		return q.o.Pause(ctx, d)
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// note tells of an exhibit, and seals the log now and then.
func (q *Queue) note(ctx context.Context, j evidence.Job, got Captured) error {
	q.mu.Lock()
	q.sealed++
	due := q.sealed%q.o.seals == 0
	q.parts.count(got)
	q.mu.Unlock()
	if q.o.Sealed != nil {
		q.tell.Lock()
		q.o.Sealed(j, got)
		q.tell.Unlock()
	}
	if due {
		return q.w.seal(context.WithoutCancel(ctx), q.c)
	}
	return nil
}

func (q *Queue) changed(j evidence.Job, running bool) {
	if q.o.Changed != nil {
		q.tell.Lock()
		defer q.tell.Unlock()
		q.o.Changed(j, running)
	}
}

// fail ends the queue: nothing new begins, what runs comes to its end.
func (q *Queue) fail(err error) {
	q.mu.Lock()
	q.err = errors.Join(q.err, err)
	q.mu.Unlock()
	q.stop()
}

// stop begins nothing new. What runs comes to its end; what waits stays in the queue.
func (q *Queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	q.wake.Broadcast()
}

// Pause begins nothing new until Resume.
func (q *Queue) Pause() { q.setPaused(true) }

// Resume goes on after Pause.
func (q *Queue) Resume() { q.setPaused(false) }

func (q *Queue) setPaused(paused bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.paused = paused
	q.wake.Broadcast()
}

// Finish has a job that runs finished at once, with what there is of the page. It reports whether the job was running.
func (q *Queue) Finish(job string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	cancel, ok := q.running[job]
	if ok {
		cancel(capture.ErrFinish)
	}
	return ok
}

// Cancel takes a job off the queue, or what waits of a batch. A job that runs and is named itself is interrupted: what was received of it
// is sealed and says so.
func (q *Queue) Cancel(ctx context.Context, id, reason string) error {
	if err := q.w.CancelJobs(ctx, q.c, reason, id); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = slices.DeleteFunc(q.waiting, func(j evidence.Job) bool { return j.ID == id || j.Batch == id })
	if cancel, ok := q.running[id]; ok {
		cancel(context.Canceled)
	}
	return nil
}

// stepper tells the steps of one job.
type stepper struct {
	q *Queue
	j evidence.Job
}

// Step implements capture.Progress.
func (s stepper) Step(step capture.Step, done, total int64) {
	if s.q.o.Step == nil {
		return
	}
	s.q.tell.Lock()
	defer s.q.tell.Unlock()
	s.q.o.Step(s.j, step, done, total)
}

func verdictWords(list []evidence.Verdict) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
