package workbench

import (
	"context"
	"fmt"
	"testing"

	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// benchQueued is how many addresses wait, and benchSealed how many of them are captured already.
const benchQueued, benchSealed = 5000, 500

// longQueue is a case with a long queue, of which a part is done, at rest.
func longQueue(b *testing.B) (*Workbench, *casefile.Case) {
	b.Helper()
	w, c, _, _ := bench(b, whole)
	list := make([]evidence.QueuedPage, benchQueued)
	for i := range list {
		list[i] = evidence.QueuedPage{URL: fmt.Sprintf("https://site%04d.example/", i), View: evidence.Desktop}
	}
	jobs, err := w.Enqueue(b.Context(), c, base(), list, "")
	if err != nil {
		b.Fatal(err)
	}
	only := make([]string, benchSealed)
	for i := range only {
		only[i] = jobs[i].ID
	}
	noGuard := func(context.Context, *casefile.Case) error { return nil }
	if err := w.RunQueue(b.Context(), c, RunOptions{Only: only, Guard: noGuard}); err != nil {
		b.Fatal(err)
	}
	return w, c
}

// BenchmarkFirstJobs lists a long queue in a program that has not read it yet, as every run of the command does.
func BenchmarkFirstJobs(b *testing.B) {
	w, c := longQueue(b)
	for b.Loop() {
		if jobs, err := New(w.Config).Jobs(c); err != nil || len(jobs) != benchQueued {
			b.Fatal(len(jobs), err)
		}
	}
}

// BenchmarkJobs lists it again, as the window does after every act.
func BenchmarkJobs(b *testing.B) {
	w, c := longQueue(b)
	for b.Loop() {
		if jobs, err := w.Jobs(c); err != nil || len(jobs) != benchQueued {
			b.Fatal(len(jobs), err)
		}
	}
}

// BenchmarkAdd puts one more address into a long queue and takes it into a run, as the window does with each address that a person types.
func BenchmarkAdd(b *testing.B) {
	w, c := longQueue(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	q, err := w.StartQueue(ctx, c, RunOptions{Guard: func(ctx context.Context, _ *casefile.Case) error { <-ctx.Done(); return ctx.Err() }})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		jobs, err := w.Enqueue(b.Context(), c, base(), pages("https://one.example/"), "")
		if err != nil {
			b.Fatal(err)
		}
		if more, err := q.Add(jobs[0].ID); err != nil || !more {
			b.Fatal(more, err)
		}
	}
	b.StopTimer()
	cancel()
	_ = q.Wait() // it was cancelled
}
