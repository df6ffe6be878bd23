package page

import (
	"context"
	"io"

	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// Queue is the queue of the open case, and the work on it.
type Queue interface {
	// Jobs is the whole of it in its order.
	Jobs(ctx context.Context) ([]Job, error)
	// Enqueue puts pages into it, all with the settings of the first, and gives the numbers of their jobs.
	Enqueue(ctx context.Context, requests []evidence.Request) ([]string, error)
	// TakeIn puts the addresses of a list into it; the list becomes an exhibit.
	TakeIn(ctx context.Context, l List) (Taken, error)
	// Retry queues again what did not come whole, and gives the numbers of the new jobs.
	Retry(ctx context.Context) ([]string, error)
	// Cancel takes a job off; what is known of one that runs is sealed. Restore puts it back. Clear takes off all that wait.
	Cancel(ctx context.Context, job string) error
	Restore(ctx context.Context, job string) error
	Clear(ctx context.Context) error
	// Run works through what waits, or through the jobs that are named. What is partial says so in its verdict; an error means that the
	// machine failed or ctx ended, and what waits is still in the queue.
	Run(ctx context.Context, o RunOptions) error

	// Add has the run under way take jobs before the others; false means that there is none, or that it was at its end.
	Add(jobs []string) (bool, error)
	// Pause has it begin nothing new, or go on.
	Pause(on bool)
	// Finish has it end a job with what there is of the page.
	Finish(job string)
}

// RunOptions say how a queue is worked through. The functions are called from any goroutine.
type RunOptions struct {
	Parallel int      // 0 is as many as the machine bears
	Only     []string // nil is all
	Step     func(job string, s capture.Step, done, total int64)
	Changed  func(j Job, running bool)
}

// Job is one page in one view that is to be captured, or was.
type Job struct {
	ID, URL string
	View    evidence.Persona
	State   JobState
	Exhibit string // the last one
	Verdict evidence.Verdict
	Outcome evidence.Outcome // finer than the verdict: who refused
	Missing int              // parts that the exhibit lacks
}

// JobState is how far a job is.
type JobState string

// The states of a job.
const (
	JobWaiting   JobState = "waiting"
	JobSealed    JobState = "sealed"
	JobPerson    JobState = "person"
	JobCancelled JobState = "cancelled"
)

// List is a list of addresses to be read: a file, or what was pasted.
type List struct {
	Name  string // of the file; empty for what was pasted
	File  io.Reader
	Views []evidence.Persona // in which each address is queued
	Base  evidence.Request   // settings of the captures
}

// Taken is what a list came to.
type Taken struct {
	Exhibit             string
	Rows, Queued, Known int
	Skipped             int
}
