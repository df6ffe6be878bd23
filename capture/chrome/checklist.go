package chrome

import (
	"fmt"
	"sync"
)

// checkKind is a kind of thing that a capture looks at.
type checkKind string

// The kinds.
const (
	checkDocument   checkKind = "document"   // which one the artifacts are of
	checkWait       checkKind = "wait"       // for what the page was to become
	checkFrame      checkKind = "frame"      // its documents below the main one
	checkScrollable checkKind = "scrollable" // what has more than it shows at once
	checkForm       checkKind = "form"       // how many fields
	checkLayer      checkKind = "layer"      // what lies over the page
	checkPicture    checkKind = "picture"    // whether it shows what the document says
)

// check is one thing that was looked at, and what came of it.
type check struct {
	Kind    checkKind `json:"kind"`
	What    string    `json:"what"`
	Outcome string    `json:"outcome"`
	Good    bool      `json:"good"`
}

// checklist is the proof that a verdict stands on: what is not in it was not looked at.
type checklist struct {
	mu   sync.Mutex
	list []check
}

// good notes that something was looked at and is as it should be.
func (j *job) good(kind checkKind, what, outcome string, args ...any) {
	j.checked(check{kind, what, fmt.Sprintf(outcome, args...), true})
}

// bad notes what was looked at and is not whole. It is named as missing too, so that the capture is not complete.
func (j *job) bad(kind checkKind, what, outcome string, args ...any) {
	c := check{kind, what, fmt.Sprintf(outcome, args...), false}
	j.checked(c)
	j.miss(string(kind)+" "+cutText(what, maxCheckName), c.Outcome)
}

// maxCheckName bounds what a page can make the name of a thing say, in characters.
const maxCheckName = 300

func (j *job) checked(c check) {
	c.What, c.Outcome = cutText(c.What, maxCheckName), cutText(c.Outcome, maxSaid)
	j.checks.mu.Lock()
	defer j.checks.mu.Unlock()
	if len(j.checks.list) < maxActions {
		j.checks.list = append(j.checks.list, c)
	}
}

// checkedSoFar are the checks, never nil.
func (j *job) checkedSoFar() []check {
	j.checks.mu.Lock()
	defer j.checks.mu.Unlock()
	return append([]check{}, j.checks.list...)
}

// waits counts the waits so far.
func (j *job) waits() int {
	n := 0
	for _, c := range j.checkedSoFar() {
		if c.Kind == checkWait {
			n++
		}
	}
	return n
}
