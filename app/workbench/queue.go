package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// JobState is how far a job of the queue is.
type JobState string

// The states of a job. What is sealed follows from the exhibits alone, so that a kill at any moment neither loses a page nor does one twice.
const (
	JobWaiting   JobState = "waiting"
	JobSealed    JobState = "sealed"    // an exhibit stands for it, whatever its verdict
	JobPerson    JobState = "person"    // sealed, and a person must take over: a challenge or a login stood in the way
	JobCancelled JobState = "cancelled" // taken off by an operator
)

// Job is one page in one view that is to be captured, or was.
type Job struct {
	ID      string           `json:"job"` // Q001-0001: the batch and the place in it
	URL     string           `json:"url"`
	View    evidence.Persona `json:"view"`
	Source  string           `json:"source,omitempty"` // where the address comes from, e.g. "W0003 line 417"
	Again   string           `json:"again,omitempty"`  // the exhibit that is to be made up for
	State   JobState         `json:"state"`
	Exhibit string           `json:"exhibit,omitempty"` // the last one, where a job was tried several times
	Verdict evidence.Verdict `json:"verdict,omitempty"`
	Outcome evidence.Outcome `json:"outcome,omitempty"` // finer than the verdict: who refused
	Missing int              `json:"missing,omitempty"` // parts that the exhibit lacks
	Batch   string           `json:"-"`                 // the first part of ID
}

// Page is what is put into the queue.
type Page struct {
	URL    string           `json:"url"`
	View   evidence.Persona `json:"view"`
	Source string           `json:"source,omitempty"`
	Again  string           `json:"again,omitempty"`
}

// batch is the record of pages that were queued in one act, all with the same settings.
type batch struct {
	Request evidence.Request `json:"request"` // without address and view
	Pages   []Page           `json:"pages"`
}

// decision is the record of what an operator decided on a job.
type decision struct {
	State JobState `json:"state"` // JobCancelled, or JobWaiting to take that back
}

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
func (w *Workbench) Enqueue(ctx context.Context, c *casefile.Case, base evidence.Request, pages []Page, reason string) ([]Job, error) {
	for _, p := range pages {
		if err := capture.Validate(p.request(base)); err != nil {
			return nil, err
		}
	}
	base.URL, base.View = "", ""
	base = w.passwords.withhold(base)
	pages = slices.Clone(pages)
	for i := range pages {
		pages[i].URL = w.passwords.withhold(evidence.Request{URL: pages[i].URL}).URL
	}
	var jobs []Job
	for part := range slices.Chunk(pages, perBatch) {
		r, err := c.Put(ctx, kindQueue, "", batch{base, part}, reason)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, batch{base, part}.jobs(r.ID)...)
	}
	return jobs, nil
}

func (p Page) request(base evidence.Request) evidence.Request {
	base.URL, base.View = p.URL, p.View
	return base
}

func (b batch) jobs(id string) []Job {
	jobs := make([]Job, len(b.Pages))
	for i, p := range b.Pages {
		jobs[i] = Job{
			ID: jobID(id, i+1), URL: p.URL, View: p.View, Source: p.Source, Again: p.Again, State: JobWaiting, Batch: id,
		}
	}
	return jobs
}

func jobID(batch string, n int) string { return fmt.Sprintf("%s-%04d", batch, n) }

// Jobs lists the queue in its order.
func (w *Workbench) Jobs(c *casefile.Case) ([]Job, error) {
	jobs, _, err := readQueue(c)
	return jobs, err
}

// readQueue gives the jobs, and the settings of each batch.
func readQueue(c *casefile.Case) ([]Job, map[string]evidence.Request, error) {
	list, err := c.List(kindQueue)
	if err != nil {
		return nil, nil, err
	}
	var jobs []Job
	settings := map[string]evidence.Request{}
	for _, r := range list {
		var b batch
		if err := json.Unmarshal(r.Value, &b); err != nil {
			return nil, nil, fmt.Errorf("queue %s: %w", r.ID, err)
		}
		settings[r.ID] = b.Request
		jobs = append(jobs, b.jobs(r.ID)...)
	}
	if len(jobs) == 0 {
		return []Job{}, settings, nil
	}
	return jobs, settings, decide(c, jobs)
}

// decide fills in what became of the jobs: what operators said, and then what the exhibits show.
func decide(c *casefile.Case, jobs []Job) error {
	place := placesOf(jobs)
	decisions, err := c.List(kindJob)
	if err != nil {
		return err
	}
	slices.SortFunc(decisions, func(a, b casefile.Record) int { return cmp.Compare(a.Entry, b.Entry) })
	for _, r := range decisions {
		var d decision
		if err := json.Unmarshal(r.Value, &d); err != nil {
			return fmt.Errorf("job %s: %w", r.ID, err)
		}
		for _, i := range named(jobs, place, r.ID) {
			jobs[i].State = d.State
		}
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		return err
	}
	for _, e := range exhibits {
		if i, ok := place[e.Detail[detailJob]]; ok {
			missing, _ := strconv.Atoi(e.Detail[detailMissing]) // absent where nothing is
			outcome, err := outcomeOf(e)
			if err != nil {
				return err
			}
			jobs[i].sealed(e.ID, evidence.Verdict(e.Detail["verdict"]), outcome, missing, e.Detail[detailInterrupted] != "")
		}
	}
	return nil
}

// outcomeOf is how the visit of a capture ended. The summary is read only where the entry, an older one, does not tell the status.
func outcomeOf(e casefile.Exhibit) (evidence.Outcome, error) {
	verdict := e.Detail["verdict"]
	if status, err := strconv.Atoi(e.Detail[detailStatus]); err == nil || verdict != string(evidence.Refused) {
		return evidence.OutcomeOf(verdict, status), nil
	}
	got, err := captured(e)
	return got.Outcome(), err
}

func placesOf(jobs []Job) map[string]int {
	place := make(map[string]int, len(jobs))
	for i, j := range jobs {
		place[j.ID] = i
	}
	return place
}

// named are the places of the job, or of the jobs of the batch, that id names.
func named(jobs []Job, place map[string]int, id string) []int {
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

// sealed notes an exhibit of the job. One that was interrupted does not end it, unless an operator took the job off.
func (j *Job) sealed(exhibit string, v evidence.Verdict, o evidence.Outcome, missing int, interrupted bool) {
	j.Exhibit, j.Verdict, j.Outcome, j.Missing = exhibit, v, o, missing
	switch {
	case interrupted:
	case v == evidence.Challenge || v == evidence.Login:
		j.State = JobPerson
	default:
		j.State = JobSealed
	}
}

// CancelJobs takes jobs that still wait off the queue; RestoreJobs puts them back. A batch stands for those of its jobs that this concerns.
func (w *Workbench) CancelJobs(ctx context.Context, c *casefile.Case, reason string, ids ...string) error {
	return w.decideJobs(ctx, c, JobWaiting, JobCancelled, reason, ids)
}

// RestoreJobs puts cancelled jobs back.
func (w *Workbench) RestoreJobs(ctx context.Context, c *casefile.Case, reason string, ids ...string) error {
	return w.decideJobs(ctx, c, JobCancelled, JobWaiting, reason, ids)
}

func (w *Workbench) decideJobs(ctx context.Context, c *casefile.Case, from, to JobState, reason string, ids []string) error {
	jobs, _, err := readQueue(c)
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
		if _, err := c.Put(ctx, kindJob, id, decision{to}, reason); err != nil {
			return err
		}
	}
	return nil
}

var stateWords = map[JobState][2]string{
	JobWaiting: {"排隊中", "waiting"}, JobSealed: {"已封存", "sealed"}, JobPerson: {"需人工", "one for a person"}, JobCancelled: {"已取消", "cancelled"},
}

// RetryJobs queues again what did not come whole: jobs whose exhibit has one of the verdicts, or, with none given, partial, viewport and
// unreachable ones. What was retried already is not queued once more.
func (w *Workbench) RetryJobs(ctx context.Context, c *casefile.Case, verdicts ...evidence.Verdict) ([]Job, error) {
	if len(verdicts) == 0 {
		verdicts = []evidence.Verdict{evidence.Partial, evidence.Viewport, evidence.Unreachable}
	}
	jobs, settings, err := readQueue(c)
	if err != nil {
		return nil, err
	}
	again := map[string]bool{}
	for _, j := range jobs {
		again[j.Again] = true
	}
	pages := map[string][]Page{}
	for _, j := range jobs {
		if j.Exhibit != "" && j.State != JobWaiting && slices.Contains(verdicts, j.Verdict) && !again[j.Exhibit] {
			pages[j.Batch] = append(pages[j.Batch], Page{j.URL, j.View, j.Source, j.Exhibit})
		}
	}
	queued := []Job{}
	for _, id := range slices.Sorted(maps.Keys(pages)) {
		list, err := w.Enqueue(ctx, c, settings[id], pages[id], "retry of "+strings.Join(verdictWords(verdicts), ", "))
		if err != nil {
			return queued, err
		}
		queued = append(queued, list...)
	}
	return queued, nil
}
