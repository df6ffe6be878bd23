package workbench

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

const (
	kindQueue = "queue"
	kindJob   = "job"
	perBatch  = 1000 // pages in one record, so that none grows beyond a transaction

	detailJob         = "job" // in the entry that admits the exhibit
	detailInterrupted = "interrupted"
	detailMissing     = "missing"
	detailStatus      = "status"
)

// Enqueue puts pages at the end of the queue. All share the settings of base; each must be a page that can be captured.
func (w *Workbench) Enqueue(ctx context.Context, c *casefile.Case, base evidence.Request, pages []evidence.QueuedPage, reason string) ([]evidence.Job, error) {
	for _, p := range pages {
		if err := capture.Validate(asked(p, base)); err != nil {
			return nil, err
		}
	}
	base.URL, base.View = "", ""
	base = w.passwords.withhold(base)
	pages = slices.Clone(pages)
	for i := range pages {
		pages[i].URL = w.passwords.withhold(evidence.Request{URL: pages[i].URL}).URL
	}
	var jobs []evidence.Job
	for part := range slices.Chunk(pages, perBatch) {
		r, err := c.Put(ctx, kindQueue, "", evidence.Batch{Request: base, Pages: part}, reason)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, jobsOf(evidence.Batch{Request: base, Pages: part}, r.ID)...)
	}
	return jobs, nil
}

func asked(p evidence.QueuedPage, base evidence.Request) evidence.Request {
	base.URL, base.View = p.URL, p.View
	return base
}

func jobsOf(b evidence.Batch, id string) []evidence.Job {
	jobs := make([]evidence.Job, len(b.Pages))
	for i, p := range b.Pages {
		jobs[i] = evidence.Job{
			ID: jobID(id, i+1), URL: p.URL, View: p.View, Source: p.Source, Again: p.Again, State: evidence.JobWaiting, Batch: id,
		}
	}
	return jobs
}

func jobID(batch string, n int) string { return fmt.Sprintf("%s-%04d", batch, n) }

// Jobs lists the queue in its order.
func (w *Workbench) Jobs(c *casefile.Case) ([]evidence.Job, error) { return w.queue.jobs(c) }

// outcomeOf is how the visit of a capture ended. The summary is read only where the entry, an older one, does not tell the status.
func outcomeOf(c *casefile.Case, e custody.Entry) (evidence.Outcome, error) {
	verdict := evidence.Verdict(e.Detail["verdict"])
	if status, err := strconv.Atoi(e.Detail[detailStatus]); err == nil || verdict != evidence.Refused {
		return evidence.OutcomeOf(verdict, status), nil
	}
	x, err := c.Exhibit(e.Object)
	if err != nil {
		return "", err
	}
	got, err := captured(x)
	return got.Outcome(), err
}

func placesOf(jobs []evidence.Job) map[string]int {
	place := make(map[string]int, len(jobs))
	for i, j := range jobs {
		place[j.ID] = i
	}
	return place
}

// named are the places of the job, or of the jobs of the batch, that id names.
func named(jobs []evidence.Job, place map[string]int, id string) []int {
	if i, ok := place[id]; ok {
		return []int{i}
	}
	first, ok := place[jobID(id, 1)]
	if !ok {
		return nil
	}
	var list []int
	for i := first; i < len(jobs) && jobs[i].Batch == id; i++ {
		list = append(list, i)
	}
	return list
}

// seal notes an exhibit of the job. One that was interrupted does not end it, unless an operator took the job off.
func seal(j *evidence.Job, exhibit string, v evidence.Verdict, o evidence.Outcome, missing int, interrupted bool) {
	j.Exhibit, j.Verdict, j.Outcome, j.Missing = exhibit, v, o, missing
	switch {
	case interrupted:
	case v == evidence.Challenge || v == evidence.Login:
		j.State = evidence.JobPerson
	default:
		j.State = evidence.JobSealed
	}
}

// CancelJobs takes jobs that still wait off the queue; RestoreJobs puts them back. A batch stands for those of its jobs that this concerns.
func (w *Workbench) CancelJobs(ctx context.Context, c *casefile.Case, reason string, ids ...string) error {
	return w.decideJobs(ctx, c, evidence.JobWaiting, evidence.JobCancelled, reason, ids)
}

// RestoreJobs puts cancelled jobs back.
func (w *Workbench) RestoreJobs(ctx context.Context, c *casefile.Case, reason string, ids ...string) error {
	return w.decideJobs(ctx, c, evidence.JobCancelled, evidence.JobWaiting, reason, ids)
}

func (w *Workbench) decideJobs(ctx context.Context, c *casefile.Case, from, to evidence.JobState, reason string, ids []string) error {
	jobs, err := w.queue.jobs(c)
	if err != nil {
		return err
	}
	place := placesOf(jobs)
	for _, id := range ids {
		list := named(jobs, place, id)
		if len(list) == 0 {
			return fmt.Errorf("job %s: %w", id, casefile.ErrNotFound)
		}
		if !slices.ContainsFunc(list, func(i int) bool { return jobs[i].State == from }) {
			words := stateWords[jobs[list[0]].State]
			return refuse("job "+id, "job.state", id, "這個工作現在是「"+words[0]+"」，無法如此處理。", "The job is "+words[1]+" now.")
		}
	}
	for _, id := range ids {
		if _, err := c.Put(ctx, kindJob, id, evidence.Decision{State: to}, reason); err != nil {
			return err
		}
	}
	return nil
}

var stateWords = map[evidence.JobState][2]string{
	evidence.JobWaiting: {"排隊中", "waiting"}, evidence.JobSealed: {"已封存", "sealed"}, evidence.JobPerson: {"需人工", "one for a person"}, evidence.JobCancelled: {"已取消", "cancelled"},
}

// RetryJobs queues again what did not come whole: jobs whose exhibit has one of the verdicts, or, with none given, partial, viewport and
// unreachable ones. What was retried already is not queued once more.
func (w *Workbench) RetryJobs(ctx context.Context, c *casefile.Case, verdicts ...evidence.Verdict) ([]evidence.Job, error) {
	if len(verdicts) == 0 {
		verdicts = []evidence.Verdict{evidence.Partial, evidence.Viewport, evidence.Unreachable}
	}
	jobs, err := w.queue.jobs(c)
	if err != nil {
		return nil, err
	}
	again := map[string]bool{}
	for _, j := range jobs {
		again[j.Again] = true
	}
	pages := map[string][]evidence.QueuedPage{}
	for _, j := range jobs {
		if j.Exhibit != "" && j.State != evidence.JobWaiting && slices.Contains(verdicts, j.Verdict) && !again[j.Exhibit] {
			pages[j.Batch] = append(pages[j.Batch], evidence.QueuedPage{URL: j.URL, View: j.View, Source: j.Source, Again: j.Exhibit})
		}
	}
	queued := []evidence.Job{}
	for _, id := range slices.Sorted(maps.Keys(pages)) {
		settings, err := w.queue.settings(c, id)
		if err != nil {
			return queued, err
		}
		list, err := w.Enqueue(ctx, c, settings, pages[id], "retry of "+strings.Join(verdictWords(verdicts), ", "))
		if err != nil {
			return queued, err
		}
		queued = append(queued, list...)
	}
	return queued, nil
}
