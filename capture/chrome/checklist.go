package chrome

import (
	"fmt"
	"sync"

	"yuzheng/casefile/evidence"
)

// checklist is the proof that a verdict stands on: what is not in it was not looked at.
type checklist struct {
	mu   sync.Mutex
	list []evidence.Check
}

// good notes that something was looked at and is as it should be.
func (j *job) good(kind evidence.CheckKind, what, outcome string, args ...any) {
	j.checked(evidence.Check{Kind: kind, What: what, Outcome: fmt.Sprintf(outcome, args...), Good: true})
}

// bad notes what was looked at and is not whole. It is named as missing too, so that the capture is not complete.
func (j *job) bad(kind evidence.CheckKind, what, outcome string, args ...any) {
	c := evidence.Check{Kind: kind, What: what, Outcome: fmt.Sprintf(outcome, args...)}
	j.checked(c)
	j.miss(string(kind)+" "+cutText(what, maxCheckName), c.Outcome)
}

// maxCheckName bounds what a page can make the name of a thing say, in characters.
const maxCheckName = 300

func (j *job) checked(c evidence.Check) {
	c.What, c.Outcome = cutText(c.What, maxCheckName), cutText(c.Outcome, maxSaid)
	j.checks.mu.Lock()
	defer j.checks.mu.Unlock()
	if len(j.checks.list) < maxActions {
		j.checks.list = append(j.checks.list, c)
	}
}

// checkedSoFar are the checks, never nil.
func (j *job) checkedSoFar() []evidence.Check {
	j.checks.mu.Lock()
	defer j.checks.mu.Unlock()
	return append([]evidence.Check{}, j.checks.list...)
}

// waits counts the waits so far.
func (j *job) waits() int {
	n := 0
	for _, c := range j.checkedSoFar() {
		if c.Kind == evidence.CheckWait {
			n++
		}
	}
	return n
}
