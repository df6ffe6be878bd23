package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/compare"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// teller stands in for the recorder: it says of each address what the test wants. The recorder itself is tested with real pages.
type teller struct {
	mu    sync.Mutex
	asked map[string]int
	tell  func(ctx context.Context, r evidence.Request, nth int) (evidence.Verdict, error)
	now   func() time.Time

	also   func(nth int) map[string]string // further artifacts
	status func(url string) int            // 200 where it is nil
}

func (b *teller) Record(ctx context.Context, r evidence.Request, s capture.Sink, _ capture.Progress) (evidence.Summary, error) {
	b.mu.Lock()
	b.asked[r.URL]++
	nth := b.asked[r.URL]
	b.mu.Unlock()
	v, err := b.tell(ctx, r, nth)
	if err != nil {
		return evidence.Summary{}, err
	}
	r = capture.Told(r) // as a recorder does
	res := evidence.Summary{URL: r.URL, FinalURL: r.URL, View: r.View, Verdict: v, Status: 200, Started: b.now().UTC(), Interrupted: errors.Is(context.Cause(ctx), context.Canceled)}
	report, err := json.Marshal(map[string]any{"request": r})
	if err != nil {
		return res, err
	}
	if b.status != nil {
		res.Status = b.status(r.URL)
	}
	artifacts := map[string]string{evidence.CaptureJSON: string(report), evidence.TextTXT: "保證獲利，每日分潤。" + r.URL}
	if b.also != nil {
		maps.Copy(artifacts, b.also(nth))
	}
	for name, body := range artifacts {
		w, err := s.Create(name, "text/plain")
		if err != nil {
			return res, err
		}
		if _, err := w.Write([]byte(body)); err != nil {
			return res, err
		}
		if err := w.Close(); err != nil {
			return res, err
		}
	}
	return res, nil
}

func (*teller) Print(context.Context, iter.Seq[func() ([]byte, error)], bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { yield(nil, errors.New("prints nothing")) }
}
func (*teller) Try(context.Context, bool) (string, error) { return "teller", nil }

func (*teller) Version(context.Context) (string, error) { return "teller", nil }
func (*teller) Sit(context.Context, evidence.Request, capture.SessionOptions) (capture.Session, error) {
	return nil, capture.ErrNoDisplay
}

func (*teller) Close() error { return nil }

// clockwork is a clock that a test turns.
type clockwork struct {
	mu sync.Mutex
	at time.Time
}

func (c *clockwork) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clockwork) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func bench(t testing.TB, tell func(context.Context, evidence.Request, int) (evidence.Verdict, error)) (*Workbench, *casefile.Case, *teller, *clockwork) {
	t.Helper()
	clock := &clockwork{at: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)}
	b := &teller{asked: map[string]int{}, tell: tell, now: clock.now}
	w := New(Config{Browser: func() (Browser, error) { return b, nil }, Now: clock.now})
	c, err := casefile.Open(t.Context(), newCase(t, w), casefile.Passphrase("x"), casefile.OpenOptions{Now: clock.now})
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
	return w, c, b, clock
}

func newCase(t testing.TB, w *Workbench) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	c, _, err := casefile.Create(t.Context(), dir, casefile.CreateOptions{
		Number: "115偵1", Title: "佇列", Passphrase: "x", Operator: custody.Operator{Name: "王○○"}, Now: w.Now, Work: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func base() evidence.Request { return evidence.Request{Limits: evidence.DefaultLimits()} }

func pages(urls ...string) []evidence.QueuedPage {
	list := make([]evidence.QueuedPage, len(urls))
	for i, u := range urls {
		list[i] = evidence.QueuedPage{URL: u, View: evidence.Desktop}
	}
	return list
}

func states(t *testing.T, w *Workbench, c *casefile.Case) []evidence.JobState {
	t.Helper()
	jobs, err := w.Jobs(c)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]evidence.JobState, len(jobs))
	for i, j := range jobs {
		out[i] = j.State
	}
	return out
}

// What needs a person blocks nobody; what failed is tried again as often as allowed, each try an exhibit; what did not come whole is queued
// again once, on the operator's word.
func TestQueueVerdicts(t *testing.T) {
	w, c, b, _ := bench(t, func(_ context.Context, r evidence.Request, nth int) (evidence.Verdict, error) {
		switch {
		case r.URL == "https://wall.example/":
			return evidence.Challenge, nil
		case r.URL == "https://dead.example/", r.URL == "https://late.example/" && nth == 1:
			return evidence.Unreachable, nil
		case r.URL == "https://half.example/" && nth == 1:
			return evidence.Partial, nil
		}
		return evidence.Complete, nil
	})
	if _, err := w.Enqueue(t.Context(), c, base(), pages("https://wall.example/", "https://dead.example/", "https://late.example/", "https://half.example/", "https://good.example/"), ""); err != nil {
		t.Fatal(err)
	}
	o := RunOptions{Retries: 1, Pause: func(context.Context, time.Duration) error { return nil }}
	if err := w.RunQueue(t.Context(), c, o); !errors.Is(err, ErrInPart) {
		t.Errorf("%v", err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobPerson, evidence.JobSealed, evidence.JobSealed, evidence.JobSealed, evidence.JobSealed}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	if b.asked["https://dead.example/"] != 2 || b.asked["https://late.example/"] != 2 || b.asked["https://good.example/"] != 1 {
		t.Errorf("asked %v", b.asked)
	}
	again, err := w.RetryJobs(t.Context(), c)
	if err != nil || len(again) != 2 {
		t.Errorf("%d jobs queued again: %+v %v", len(again), again, err)
	}
	if twice, err := w.RetryJobs(t.Context(), c); err != nil || len(twice) != 0 {
		t.Errorf("queued a second time: %+v %v", twice, err)
	}
	if err := w.RunQueue(t.Context(), c, o); !errors.Is(err, ErrInPart) || b.asked["https://half.example/"] != 2 {
		t.Errorf("%v, asked %v", err, b.asked)
	}
}

// A queue that is ended leaves what it interrupted waiting; a job that is finished at once is done; one that is cancelled stays off.
func TestQueueControl(t *testing.T) {
	began := make(chan string, 4)
	w, c, b, _ := bench(t, func(ctx context.Context, r evidence.Request, nth int) (evidence.Verdict, error) {
		if nth == 1 {
			began <- r.URL
			<-ctx.Done()
		}
		if errors.Is(context.Cause(ctx), capture.ErrFinish) {
			return evidence.Partial, nil
		}
		return evidence.Complete, nil
	})
	jobs, err := w.Enqueue(t.Context(), c, base(), pages("https://a.example/", "https://b.example/", "https://c.example/"), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	q, err := w.StartQueue(ctx, c, RunOptions{Parallel: 2})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	<-began
	q.Pause()
	if err := q.Cancel(t.Context(), jobs[2].ID, "不必了"); err != nil {
		t.Error(err)
	}
	if !q.Finish(jobs[0].ID) || q.Finish("Q009-0001") {
		t.Error("finish at once")
	}
	cancel()
	if err := q.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobSealed, evidence.JobWaiting, evidence.JobCancelled}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	if err := w.RunQueue(t.Context(), c, RunOptions{}); err != nil {
		t.Errorf("%v", err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobSealed, evidence.JobSealed, evidence.JobCancelled}; !slices.Equal(got, want) || b.asked["https://c.example/"] != 0 {
		t.Errorf("%v instead of %v, asked %v", got, want, b.asked)
	}
}

// What is queued while a queue runs is captured before what waited; a batch is taken off and put back as one; what runs of it comes to its end.
func TestQueueGrows(t *testing.T) {
	began, on := make(chan string), make(chan struct{})
	w, c, b, _ := bench(t, func(_ context.Context, r evidence.Request, _ int) (evidence.Verdict, error) {
		began <- r.URL
		<-on
		return evidence.Complete, nil
	})
	if _, err := w.Enqueue(t.Context(), c, base(), pages("https://a.example/", "https://b.example/", "https://c.example/"), ""); err != nil {
		t.Fatal(err)
	}
	q, err := w.StartQueue(t.Context(), c, RunOptions{Parallel: 1})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	urgent, err := w.Enqueue(t.Context(), c, base(), pages("https://now.example/"), "")
	if err != nil {
		t.Fatal(err)
	}
	if taken, err := q.Add(urgent[0].ID); !taken || err != nil {
		t.Errorf("added: %v %v", taken, err)
	}
	if err := q.Cancel(t.Context(), "Q001", "錯的清單"); err != nil {
		t.Error(err)
	}
	var refused *RefusedError
	if err := q.Cancel(t.Context(), "Q001", ""); !errors.As(err, &refused) {
		t.Errorf("taken off twice: %v", err)
	}
	on <- struct{}{}
	if got := <-began; got != "https://now.example/" {
		t.Errorf("next is %s", got)
	}
	on <- struct{}{}
	if err := q.Wait(); err != nil {
		t.Error(err)
	}
	if taken, err := q.Add(urgent[0].ID); taken || err != nil {
		t.Errorf("a queue at its end takes more: %v", err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobSealed, evidence.JobCancelled, evidence.JobCancelled, evidence.JobSealed}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	restore(t, w, c, b)
}

// restore puts a batch back and takes one job of it off again.
func restore(t *testing.T, w *Workbench, c *casefile.Case, b *teller) {
	t.Helper()
	if err := w.RestoreJobs(t.Context(), c, "", "Q001"); err != nil {
		t.Error(err)
	}
	if err := w.CancelJobs(t.Context(), c, "", "Q001-0002"); err != nil {
		t.Error(err)
	}
	for _, id := range []string{"Q009", "Q001-0009", "", "Q001-"} {
		if err := w.CancelJobs(t.Context(), c, "", id); !errors.Is(err, casefile.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	b.tell = func(context.Context, evidence.Request, int) (evidence.Verdict, error) { return evidence.Complete, nil }
	if err := w.RunQueue(t.Context(), c, RunOptions{}); err != nil {
		t.Error(err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobSealed, evidence.JobCancelled, evidence.JobSealed, evidence.JobSealed}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	var refused *RefusedError
	if err := w.CancelJobs(t.Context(), c, "", "Q001-0001"); !errors.As(err, &refused) || refused.Reasons[0].Text != "這個工作現在是「已封存」，無法如此處理。" {
		t.Errorf("a sealed job: %v", err)
	}
}

// A paused queue begins nothing, goes on when told, and does not wait for ever for nothing.
func TestQueuePaused(t *testing.T) {
	began, on := make(chan string, 4), make(chan struct{}, 4)
	w, c, _, _ := bench(t, func(_ context.Context, r evidence.Request, _ int) (evidence.Verdict, error) {
		began <- r.URL
		<-on
		return evidence.Complete, nil
	})
	if _, err := w.Enqueue(t.Context(), c, base(), pages("https://a.example/", "https://b.example/"), ""); err != nil {
		t.Fatal(err)
	}
	ended := make(chan bool, 4)
	q, err := w.StartQueue(t.Context(), c, RunOptions{Parallel: 1, Changed: func(_ evidence.Job, running bool) {
		if !running {
			ended <- true
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	q.Pause()
	on <- struct{}{}
	<-ended
	if len(began) != 0 {
		t.Error("a paused queue began another")
	}
	q.Resume()
	<-began
	q.Pause()
	on <- struct{}{}
	if err := q.Wait(); err != nil {
		t.Error(err)
	}
}

// A machine that fails ends the queue and loses nothing: what waits goes on at the next run.
func TestQueueMachineFails(t *testing.T) {
	w, c, b, _ := bench(t, func(_ context.Context, r evidence.Request, nth int) (evidence.Verdict, error) {
		if r.URL == "https://b.example/" && nth == 1 {
			return "", errors.New("browser does not start")
		}
		return evidence.Complete, nil
	})
	if _, err := w.Enqueue(t.Context(), c, base(), pages("https://a.example/", "https://b.example/", "https://c.example/"), ""); err != nil {
		t.Fatal(err)
	}
	if err := w.RunQueue(t.Context(), c, RunOptions{Parallel: 1}); err == nil || errors.Is(err, ErrInPart) {
		t.Errorf("%v", err)
	}
	full := RunOptions{Guard: func(context.Context, *casefile.Case) error { return ErrDiskLow }}
	if err := w.RunQueue(t.Context(), c, full); !errors.Is(err, ErrDiskLow) {
		t.Errorf("%v", err)
	}
	if err := w.RunQueue(t.Context(), c, RunOptions{}); err != nil {
		t.Errorf("%v", err)
	}
	if got, want := states(t, w, c), []evidence.JobState{evidence.JobSealed, evidence.JobSealed, evidence.JobSealed}; !slices.Equal(got, want) || b.asked["https://a.example/"] != 1 {
		t.Errorf("%v instead of %v, asked %v", got, want, b.asked)
	}
}

// A watch captures what is due, keeps what a comparison shows, and ends by its rule.
func TestWatch(t *testing.T) {
	gone := false
	w, c, _, clock := bench(t, func(context.Context, evidence.Request, int) (evidence.Verdict, error) {
		if gone {
			return evidence.Unreachable, nil
		}
		return evidence.Complete, nil
	})
	r := base()
	r.URL, r.View = "https://a.example/", evidence.Desktop
	if err := w.Capture(t.Context(), c, []evidence.Request{r}, capture.NoProgress{}, func(Captured) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddWatch(t.Context(), c, Watch{Exhibit: "W0001", Every: time.Hour}); err == nil {
		t.Error("a watch without an end is taken")
	}
	if _, err := w.AddWatch(t.Context(), c, Watch{Exhibit: "W0001", Every: time.Hour, Stop: []compare.Recaptured{compare.IsGone}}); err != nil {
		t.Fatal(err)
	}
	var seen []string
	once := func() {
		t.Helper()
		if err := w.RunWatches(t.Context(), c, true, capture.NoProgress{}, func(got Watched) { seen = append(seen, got.Comparison.Conclusion()) }); err != nil {
			t.Error(err)
		}
	}
	once() // nothing is due
	clock.turn(time.Hour)
	once()
	gone = true
	clock.turn(time.Hour)
	once()
	clock.turn(time.Hour)
	once() // it has ended
	if want := []string{string(compare.Unchanged), string(compare.IsGone)}; !slices.Equal(seen, want) {
		t.Errorf("%v instead of %v", seen, want)
	}
	list, err := w.Watches(c)
	if err != nil || len(list) != 1 || list[0].Ended != watchFound || len(list[0].Captures) != 2 {
		t.Errorf("%+v %v", list, err)
	}
}
