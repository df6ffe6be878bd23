package workbench

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"weak"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// queueRead is the queue of the case that was asked for last, as far as its log was read. Everything that a queue is made of has an entry there:
// batches, what operators decide, exhibits. So each entry is read once, and the next reading reads what came since, whoever wrote it. A case
// that is closed is not held by it.
type queueRead struct {
	mu   sync.Mutex
	of   weak.Pointer[casefile.Case]
	line *jobLine
}

// jobs gives the jobs in their order, as they stand. They are the caller's.
func (q *queueRead) jobs(c *casefile.Case) ([]evidence.Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.follow(c); err != nil {
		return nil, err
	}
	return append([]evidence.Job{}, q.line.jobs...), nil
}

// settings gives what the pages of a batch are captured with.
func (q *queueRead) settings(c *casefile.Case, batch string) (evidence.Request, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.follow(c); err != nil {
		return evidence.Request{}, err
	}
	r, ok := q.line.settings[batch]
	if !ok {
		return r, fmt.Errorf("queue %s: %w", batch, casefile.ErrNotFound)
	}
	return r, nil
}

// follow brings the line up to the log's last entry. After an error it goes on where it stopped.
func (q *queueRead) follow(c *casefile.Case) error {
	if q.line == nil || q.of.Value() != c {
		q.of, q.line = weak.Make(c), newJobLine()
	}
	for e, err := range c.Entries(q.line.entries + 1) {
		if err == nil {
			err = q.line.take(c, e)
		}
		if err != nil {
			return err
		}
		q.line.entries = e.Number
	}
	return nil
}

// jobLine is a queue after the first so many entries of a log.
type jobLine struct {
	entries  int64
	jobs     []evidence.Job
	place    map[string]int // in jobs, by their numbers
	settings map[string]evidence.Request
}

func newJobLine() *jobLine {
	return &jobLine{place: map[string]int{}, settings: map[string]evidence.Request{}}
}

// detailRecord is in the entry of a record: its kind.
const detailRecord = "kind"

// take takes in the next entry.
func (l *jobLine) take(c *casefile.Case, e custody.Entry) error {
	switch kind := e.Detail[detailRecord]; {
	case e.Action == custody.RecordPut && kind == kindQueue:
		return l.enqueue(c, e.Object)
	case e.Action == custody.RecordPut && kind == kindJob:
		return l.decide(c, e.Object)
	case e.Action == custody.ExhibitAdmit:
		return l.seal(c, e)
	}
	return nil
}

func (l *jobLine) enqueue(c *casefile.Case, id string) error {
	b, err := newest[evidence.Batch](c, kindQueue, id)
	if err != nil {
		return err
	}
	l.settings[id] = b.Request
	for _, j := range jobsOf(b, id) {
		l.place[j.ID] = len(l.jobs)
		l.jobs = append(l.jobs, j)
	}
	return nil
}

// decide takes in what an operator said of a job or of a batch. It changes nothing about a job that is captured. Where the same was decided again
// later, the later word counts at once, and once more at its own entry.
func (l *jobLine) decide(c *casefile.Case, id string) error {
	d, err := newest[evidence.Decision](c, kindJob, id)
	if err != nil {
		return err
	}
	for _, i := range named(l.jobs, l.place, id) {
		if s := l.jobs[i].State; s != evidence.JobSealed && s != evidence.JobPerson {
			l.jobs[i].State = d.State
		}
	}
	return nil
}

// seal takes in an exhibit of a job.
func (l *jobLine) seal(c *casefile.Case, e custody.Entry) error {
	i, ok := l.place[e.Detail[detailJob]]
	if !ok {
		return nil
	}
	outcome, err := outcomeOf(c, e)
	if err != nil {
		return err
	}
	missing, _ := strconv.Atoi(e.Detail[detailMissing]) // absent where nothing is
	seal(&l.jobs[i], e.Object, evidence.Verdict(e.Detail["verdict"]), outcome, missing, e.Detail[detailInterrupted] != "")
	return nil
}

// newest reads the newest version of a record.
func newest[T any](c *casefile.Case, kind, id string) (v T, err error) {
	r, err := c.Get(kind, id)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(r.Value, &v); err != nil {
		return v, fmt.Errorf("%s %s: %w", kind, id, err)
	}
	return v, nil
}
