package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// standing is the queue of a case as its records and exhibits tell it, all of them read: what operators said in the order in which they said it,
// each job's and batch's last word alone, and then what the exhibits show.
func standing(t *testing.T, c *casefile.Case) []evidence.Job {
	t.Helper()
	records := func(kind string) []casefile.Record {
		list, err := c.List(kind)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(list, func(a, b casefile.Record) int { return cmp.Compare(a.Entry, b.Entry) })
		return list
	}
	read := func(r casefile.Record, into any) {
		if err := json.Unmarshal(r.Value, into); err != nil {
			t.Fatal(err)
		}
	}
	jobs := []evidence.Job{}
	for _, r := range records(kindQueue) {
		var b evidence.Batch
		read(r, &b)
		jobs = append(jobs, jobsOf(b, r.ID)...)
	}
	for _, r := range records(kindJob) {
		var d evidence.Decision
		read(r, &d)
		for i := range jobs {
			if jobs[i].ID == r.ID || jobs[i].Batch == r.ID {
				jobs[i].State = d.State
			}
		}
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exhibits {
		i := slices.IndexFunc(jobs, func(j evidence.Job) bool { return j.ID == e.Detail[detailJob] })
		if i < 0 {
			continue
		}
		got, err := captured(e)
		if err != nil {
			t.Fatal(err)
		}
		seal(&jobs[i], e.ID, got.Verdict, got.Outcome(), len(got.Missing), got.Interrupted)
	}
	return jobs
}

// TestQueueIsReadOnce: whatever happens to a queue in whatever order, and whoever does it, the queue that is read bit by bit is the one that all
// its records and exhibits tell; and where nothing has happened nothing is read.
func TestQueueIsReadOnce(t *testing.T) {
	chance := rand.New(rand.NewPCG(14, 14))
	verdicts := []evidence.Verdict{evidence.Complete, evidence.Partial, evidence.Unreachable, evidence.Challenge, evidence.Refused}
	tell := func(ctx context.Context, _ evidence.Request, _ int) (evidence.Verdict, error) {
		return verdicts[chance.IntN(len(verdicts))], nil
	}
	w, c, _, _ := bench(t, tell)
	elsewhere, err := casefile.Open(t.Context(), newCase(t, w), casefile.Passphrase("x"), casefile.OpenOptions{Now: w.Now})
	if err != nil {
		t.Fatal(err)
	}
	other := New(w.Config) // who writes into the case without w's knowledge
	who := func() *Workbench { return []*Workbench{w, other}[chance.IntN(2)] }
	for n := range 150 {
		jobs := standing(t, c)
		id := ""
		if len(jobs) > 0 {
			j := jobs[chance.IntN(len(jobs))]
			id = []string{j.ID, j.Batch}[chance.IntN(2)]
		}
		switch act := chance.IntN(6); {
		case id == "" || act == 0:
			_, err = who().Enqueue(t.Context(), c, base(), pages(fmt.Sprintf("https://a%d.example/", n), fmt.Sprintf("https://b%d.example/", n)), "")
		case act == 1: // refused where nothing of it waits
			_ = who().CancelJobs(t.Context(), c, "", id)
		case act == 2:
			_ = who().RestoreJobs(t.Context(), c, "", id)
		case act == 3:
			_, err = who().RetryJobs(t.Context(), c)
		case act == 4:
			ctx, cancel := context.WithCancel(t.Context())
			if chance.IntN(2) == 0 { // interrupted: it is sealed, and still waits
				cancel()
			}
			j := jobs[chance.IntN(len(jobs))]
			_, err = who().captureOne(ctx, c, evidence.Request{URL: j.URL, View: j.View}, j.ID, nil)
			cancel()
		default:
			_, err = w.Jobs(elsewhere)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Jobs(c)
		if want := standing(t, c); err != nil || !slices.Equal(got, want) {
			t.Fatalf("after %d acts: %v\n%+v, want\n%+v", n+1, err, got, want)
		}
	}
	seen := map[evidence.JobState]bool{}
	for _, j := range standing(t, c) {
		seen[j.State] = true
	}
	if len(seen) < 4 {
		t.Errorf("only jobs that are %v came about", seen)
	}
	if n := testing.AllocsPerRun(10, func() { _, _ = w.Jobs(c) }); n > 10 {
		t.Errorf("a list of what is known takes %v allocations", n)
	}
	if jobs, err := w.Jobs(elsewhere); err != nil || len(jobs) != 0 {
		t.Errorf("the queue of another case is %v, %v", jobs, err)
	}
	if err := elsewhere.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Jobs(elsewhere); err == nil {
		t.Error("the queue of a case that is closed was listed")
	}
}
