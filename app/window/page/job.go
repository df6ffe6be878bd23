package page

import (
	"fmt"
	"sync"
	"time"

	"fyne.io/fyne/v2/theme"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/capture"
)

type jobState string

const (
	jobWaiting   jobState = "waiting"
	jobRunning   jobState = "running"
	jobSealed    jobState = "sealed"
	jobFailed    jobState = "failed"
	jobCancelled jobState = "cancelled"
)

// job is one capture in the list: an address in a view.
type job struct {
	request     capture.Request
	state       jobState
	step        capture.Step
	done, total int64
	exhibit     Exhibit
}

func newJobs(list []capture.Request) []*job {
	jobs := make([]*job, len(list))
	for i, r := range list {
		jobs[i] = &job{request: r, state: jobWaiting, step: capture.StepStart}
	}
	return jobs
}

// current is the index of the first job that has not come to its end, or len(batch).
func current(batch []*job) int {
	for i, j := range batch {
		if j.state == jobWaiting || j.state == jobRunning {
			return i
		}
	}
	return len(batch)
}

func (j *job) mark(m *own.Mark, s own.Words) {
	switch j.state {
	case jobSealed:
		markVerdict(m, s, j.exhibit.Verdict)
	case jobRunning:
		m.Set("○", s.T("step."+string(j.step)), theme.ColorNamePrimary)
	case jobFailed:
		m.Set("×", s.T("window.job.failed"), theme.ColorNameError)
	case jobCancelled:
		m.Set("–", s.T("window.job.cancelled"), look.Secondary)
	default:
		m.Set("…", s.T("window.job.waiting"), look.Secondary)
	}
}

// share is how much of the present step is done, where that is known.
func (j *job) share() (float64, bool) {
	if j.state != jobRunning || j.total <= 0 {
		return 0, false
	}
	return min(float64(j.done)/float64(j.total), 1), true
}

// clock is how long the job under way has taken.
func (j *job) clock(elapsed time.Duration) string {
	if j.state != jobRunning {
		return ""
	}
	return fmt.Sprintf("%d:%02d", int(elapsed.Minutes()), int(elapsed.Seconds())%60)
}

// outcome names the exhibit that the job has come to.
func (j *job) outcome(s own.Words) string {
	switch n := len(j.exhibit.Missing); {
	case j.state != jobSealed:
		return ""
	case n > 0:
		return s.T("window.job.sealed.missing", "exhibit", j.exhibit.Number, "n", n)
	}
	return s.T("window.job.sealed", "exhibit", j.exhibit.Number)
}

// latest is a capture.Progress that brings only the newest state to the window, however often it is told.
type latest struct {
	show  func(func())
	paint func(step capture.Step, done, total int64)

	mu          sync.Mutex
	step        capture.Step
	done, total int64
	pending     bool
}

// Step implements capture.Progress.
func (l *latest) Step(step capture.Step, done, total int64) {
	l.mu.Lock()
	l.step, l.done, l.total = step, done, total
	told := l.pending
	l.pending = true
	l.mu.Unlock()
	if !told {
		l.show(l.deliver)
	}
}

func (l *latest) deliver() {
	l.mu.Lock()
	step, done, total := l.step, l.done, l.total
	l.pending = false
	l.mu.Unlock()
	l.paint(step, done, total)
}
