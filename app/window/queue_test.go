package window

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// slow stands in for the recorder: a page is there when the test lets it be, and partial when it is finished before.
type slow struct{ began, on chan string }

func (b *slow) Record(ctx context.Context, r evidence.Request, _ capture.Sink, p capture.Progress) (evidence.Summary, error) {
	p.Step(capture.StepScroll, 1, 2)
	b.began <- r.URL
	res := evidence.Summary{URL: r.URL, FinalURL: r.URL, View: r.View, Verdict: evidence.Complete}
	select {
	case <-b.on:
	case <-ctx.Done():
		res.Verdict, res.Missing = evidence.Partial, []evidence.Missing{{What: "the end", Reason: "finished at once"}}
	}
	return res, nil
}

func (*slow) Try(context.Context, bool) (string, error) { return "slow", nil }
func (*slow) Print(context.Context, iter.Seq[func() ([]byte, error)], bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { yield(nil, context.Canceled) }
}
func (*slow) Version(context.Context) (string, error) { return "slow", nil }
func (*slow) Close() error                            { return nil }
func (*slow) Sit(context.Context, evidence.Request, capture.SessionOptions) (capture.Session, error) {
	return nil, capture.ErrNoDisplay
}

func newQueue(t *testing.T) (*queue, *slow) {
	t.Helper()
	b := &slow{make(chan string), make(chan string)}
	bench := workbench.New(workbench.Config{Browser: func() (workbench.Browser, error) { return b, nil }, Now: time.Now})
	dir := t.TempDir() + "/case"
	c, _, err := bench.CreateCase(t.Context(), workbench.NewCase{Dir: dir, Number: "115偵1", Title: "佇列", Passphrase: "x", Operator: custody.Operator{Name: "王○○"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for f, err := range c.Check(context.Background(), casefile.CheckOptions{}) {
			t.Errorf("case: %v %v", f, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return &queue{bench: bench, c: c}, b
}

// TestQueueOnARealCase drives the page's own calls: what is added runs first, what is finished is sealed, the rest of a list is cleared.
func TestQueueOnARealCase(t *testing.T) {
	q, b := newQueue(t)
	list := page.List{File: strings.NewReader("hxxps://a[.]example/ 與 b.example，另見 c.example/x。"), Views: []evidence.Persona{evidence.Desktop}, Base: evidence.Request{Limits: evidence.DefaultLimits()}}
	taken, err := q.TakeIn(t.Context(), list)
	if err != nil || taken.Queued != 3 || taken.Exhibit != "W0001" {
		t.Fatalf("%+v %v", taken, err)
	}
	if added, err := q.Add([]string{"Q001-0001"}); added || err != nil {
		t.Errorf("added to nothing: %v %v", added, err)
	}
	var mu sync.Mutex
	var told []string
	over := make(chan error)
	go func() {
		over <- q.Run(t.Context(), page.RunOptions{
			Parallel: 1, Step: func(string, capture.Step, int64, int64) {},
			Changed: func(j page.Job, running bool) {
				mu.Lock()
				defer mu.Unlock()
				if !running {
					told = append(told, j.ID+" "+string(j.Verdict))
				}
			},
		})
	}()
	<-b.began
	now := list.Base
	now.URL, now.View = "https://now.example/", evidence.Mobile
	ids, err := q.Enqueue(t.Context(), []evidence.Request{now})
	if err != nil {
		t.Fatal(err)
	}
	if added, err := q.Add(ids); !added || err != nil {
		t.Errorf("%v %v", added, err)
	}
	q.Pause(true)
	q.Finish("Q001-0001")
	q.Pause(false)
	if got := <-b.began; got != now.URL {
		t.Errorf("next is %s", got)
	}
	if err := q.Clear(t.Context()); err != nil {
		t.Error(err)
	}
	b.on <- ""
	if err := <-over; err != nil {
		t.Error(err)
	}
	if want := []string{"Q001-0001 partial", "Q002-0001 complete"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	afterwards(t, q)
}

// afterwards checks what the case says, with no run under way.
func afterwards(t *testing.T, q *queue) {
	t.Helper()
	jobs, err := q.Jobs(t.Context())
	if err != nil || len(jobs) != 4 {
		t.Fatalf("%+v %v", jobs, err)
	}
	if j := jobs[0]; j.State != page.JobSealed || j.Missing != 1 || j.Exhibit != "W0002" {
		t.Errorf("the finished one is %+v", j)
	}
	for _, j := range jobs[1:3] {
		if j.State != page.JobCancelled {
			t.Errorf("%s is %s after clearing", j.ID, j.State)
		}
	}
	if err := q.Restore(t.Context(), "Q001-0002"); err != nil {
		t.Error(err)
	}
	if err := q.Cancel(t.Context(), "Q001-0002"); err != nil {
		t.Error(err)
	}
	if ids, err := q.Retry(t.Context()); err != nil || len(ids) != 1 {
		t.Errorf("queued again: %v %v", ids, err)
	}
	q.Pause(true) // with nothing under way
	q.Finish("Q001-0001")
}
