package page

import (
	"fmt"
	"sync"
	"time"

	"fyne.io/fyne/v2/theme"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// job is a row of the queue.
type job struct {
	Job
	running     bool
	ending      bool // was told to finish or to end
	began       time.Time
	step        capture.Step
	done, total int64
}

func (j *job) mark(m *own.Mark, s own.Words) {
	switch {
	case j.ending:
		m.Set("○", s.T("window.job.ending"), theme.ColorNamePrimary)
	case j.running:
		m.Set("○", s.T("step."+string(j.step)), theme.ColorNamePrimary)
	case j.State == JobCancelled:
		m.Set("–", s.T("window.job.cancelled"), look.Secondary)
	case j.State == JobWaiting:
		m.Set("…", s.T("window.job.waiting"), look.Secondary)
	default:
		markOutcome(m, s, j.Outcome)
	}
}

// short reports whether the job is sealed and its exhibit is not whole.
func (j *job) short() bool { return j.State == JobSealed && j.Verdict != evidence.Complete }

// share is how much of the present step is done, where that is known.
func (j *job) share() (float64, bool) {
	if !j.running || j.total <= 0 {
		return 0, false
	}
	return min(float64(j.done)/float64(j.total), 1), true
}

// clock is how long the job under way has taken.
func (j *job) clock(now time.Time) string {
	if !j.running {
		return ""
	}
	elapsed := now.Sub(j.began)
	return fmt.Sprintf("%d:%02d", int(elapsed.Minutes()), int(elapsed.Seconds())%60)
}

// outcome names the exhibit that the job has come to.
func (j *job) outcome(s own.Words) string {
	switch {
	case j.running || j.Exhibit == "":
		return ""
	case j.State == JobWaiting:
		return s.T("window.job.interrupted", "exhibit", j.Exhibit)
	case j.Missing > 0:
		return s.T("window.job.sealed.missing", "exhibit", j.Exhibit, "n", j.Missing)
	}
	return s.T("window.job.sealed", "exhibit", j.Exhibit)
}

// steps brings only the newest step of each job to the window, however often it is told.
type steps struct {
	show  func(func())
	paint func(job string, step capture.Step, done, total int64)

	mu      sync.Mutex
	newest  map[string]stepped
	pending bool
}

type stepped struct {
	step        capture.Step
	done, total int64
}

// tell notes a step of a job.
func (l *steps) tell(job string, step capture.Step, done, total int64) {
	l.mu.Lock()
	if l.newest == nil {
		l.newest = map[string]stepped{}
	}
	l.newest[job] = stepped{step, done, total}
	told := l.pending
	l.pending = true
	l.mu.Unlock()
	if !told {
		l.show(l.deliver)
	}
}

// Step implements capture.Progress, where there is but one job.
func (l *steps) Step(step capture.Step, done, total int64) { l.tell("", step, done, total) }

func (l *steps) deliver() {
	l.mu.Lock()
	newest := l.newest
	l.newest, l.pending = nil, false
	l.mu.Unlock()
	for job, s := range newest {
		l.paint(job, s.step, s.done, s.total)
	}
}
