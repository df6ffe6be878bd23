// Package capture says what it means to record a page at one moment: which requests are sound, who keeps the artifacts, who is told.
//
// It knows no browser and of the case file nothing but what is stored (package evidence). Package chrome records; whoever calls it gives a Sink that
// keeps the bytes.
// METHOD.md beside this file states what is recorded, in which order, what it shows and what it does not.
package capture

import (
	"errors"
	"io"
)

// ErrFinish is the cause with which the ctx of a capture is cancelled to have it finished at once: what can be had quickly of the page
// as it is is still taken, and the rest is named as missing.
var ErrFinish = errors.New("finished at once on the operator's word")

// Sink keeps the artifacts of one capture. Calls come one after the other; writers may be open at the same time.
type Sink interface {
	// Create opens the artifact name for writing. It is kept when its writer is closed, and dropped when it never is.
	Create(name, mediaType string) (Writer, error)
}

// Writer takes the bytes of one artifact. Cut marks a place where the bytes before and after it are likely to recur
// apart from each other (the body of a recorded response): the store may cut there so that a body is kept once.
type Writer interface {
	io.WriteCloser
	Cut()
}

// Progress is told what a capture is doing; the window and the command line show it in their own words.
// Calls may come from several goroutines.
type Progress interface {
	Step(step Step, done, total int64)
}

// Step names a stage of a capture.
type Step string

// The stages in their order.
const (
	StepStart   Step = "start"
	StepConnect Step = "connect"
	StepLoad    Step = "load"
	StepScroll  Step = "scroll" // done and total in CSS pixels
	StepPicture Step = "picture"
	StepPapers  Step = "papers"
	StepFacts   Step = "facts"
	StepArchive Step = "archive"
	StepDone    Step = "done"
)

// NoProgress tells nobody.
type NoProgress struct{}

// Step implements Progress.
func (NoProgress) Step(Step, int64, int64) {}
