// Package journal holds what a capture says of itself: what was done and by whom, what a reader must be warned of, which limits have bitten, what is
// missing, and what was looked at and found good. It knows neither browser nor page.
//
// A page can make a record say much about it, so actions, warnings and checks are bounded in number and in length (Lines, Said); what is beyond is cut or
// left out. What is missing is never left out: it is named in full, and bounded where it is summed up. The same is warned of, or missed, once.
package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"yuzheng/casefile/evidence"
)

// The bounds of what a page can make the record say about it.
const (
	Lines   = 2000 // of actions, of warnings, of checks
	Said    = 4096 // characters of one
	maxName = 300  // characters of the name of a thing that was looked at
)

// Journal is that of one capture. It is safe for concurrent use, and lives as long as the capture.
type Journal struct {
	now func() time.Time

	mu       sync.Mutex
	actions  []evidence.Act
	warnings []evidence.Remark
	limits   []string
	missing  []evidence.Missing
	checks   []evidence.Check
}

// New gives an empty one. Now tells the time of what is noted.
func New(now func() time.Time) *Journal { return &Journal{now: now} }

// Note takes down that something was done.
func (j *Journal) Note(by evidence.Actor, what, format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.actions) < Lines {
		j.actions = append(j.actions, evidence.Act{At: j.now().UTC(), Actor: by, Action: what, Detail: Cut(fmt.Sprintf(format, args...), Said)})
	}
}

// Warn tells something that a reader of the exhibit must know; the same only once.
func (j *Journal) Warn(r evidence.Remark) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r = bounded(r); !slices.ContainsFunc(j.warnings, r.Same) && len(j.warnings) < Lines {
		j.warnings = append(j.warnings, r)
	}
}

// bounded cuts what stands in the places of a remark.
func bounded(r evidence.Remark) evidence.Remark {
	return r.Changed(func(arg string) string { return Cut(arg, Said) })
}

// Unread warns of an event of the browser that could not be read.
func (j *Journal) Unread(event string, err error) { j.Warn(evidence.EventUnread.With(event, err)) }

// Limit tells that a limit has bitten, by its name and by the remark on it.
func (j *Journal) Limit(name string, r evidence.Remark) {
	j.mu.Lock()
	if !slices.Contains(j.limits, name) {
		j.limits = append(j.limits, name)
	}
	j.mu.Unlock()
	j.Warn(r)
}

// Miss names something that is not there and should be, and why. A capture that misses something is not complete.
func (j *Journal) Miss(what string, reason evidence.Remark) {
	j.mu.Lock()
	defer j.mu.Unlock()
	m := evidence.Lacking(what, reason)
	if !slices.ContainsFunc(j.missing, m.Same) {
		j.missing = append(j.missing, m)
	}
}

// Lack names an artifact that could not be made. Where ctx has ended, that is why.
func (j *Journal) Lack(ctx context.Context, name string, err error) {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	j.Miss(name, evidence.Said(err))
}

// Good notes that something was looked at and is as it should be. What is not in the list of checks was not looked at.
func (j *Journal) Good(kind evidence.CheckKind, what, outcome string, args ...any) {
	j.check(evidence.Check{Kind: kind, What: what, Outcome: fmt.Sprintf(outcome, args...), Good: true})
}

// Bad notes what was looked at and is not whole. It is named as missing too.
func (j *Journal) Bad(kind evidence.CheckKind, what string, outcome evidence.Remark) {
	j.check(evidence.Check{Kind: kind, What: what, Outcome: outcome.String()})
	j.Miss(string(kind)+" "+Cut(what, maxName), outcome)
}

func (j *Journal) check(c evidence.Check) {
	c.What, c.Outcome = Cut(c.What, maxName), Cut(c.Outcome, Said)
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.checks) < Lines {
		j.checks = append(j.checks, c)
	}
}

// Actions are what was done, in order.
func (j *Journal) Actions() []evidence.Act { return copied(j, &j.actions) }

// Warnings are what was warned of.
func (j *Journal) Warnings() []evidence.Remark { return copied(j, &j.warnings) }

// Limits are the names of those that have bitten.
func (j *Journal) Limits() []string { return copied(j, &j.limits) }

// Missing is what is not there.
func (j *Journal) Missing() []evidence.Missing { return copied(j, &j.missing) }

// Checks are what was looked at, never nil.
func (j *Journal) Checks() []evidence.Check {
	return append([]evidence.Check{}, copied(j, &j.checks)...)
}

func copied[T any](j *Journal, list *[]T) []T {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(*list)
}

// Move puts what another journal holds before what this one does, and leaves the other empty but for its checks: an exhibit of an interactive session
// takes what has gathered since the one before. What was done is left to the caller, who has more to put between.
func (j *Journal) Move(from *Journal) {
	from.mu.Lock()
	warnings, limits, missing := from.warnings, from.limits, from.missing
	from.warnings, from.limits, from.missing = nil, nil, nil
	from.mu.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.warnings, j.limits, j.missing = append(warnings, j.warnings...), append(limits, j.limits...), append(missing, j.missing...)
}

// SetActions puts others in place of what was done.
func (j *Journal) SetActions(list []evidence.Act) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.actions = list
}

// TakeActions gives what was done, and begins anew.
func (j *Journal) TakeActions() []evidence.Act {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := j.actions
	j.actions = nil
	return list
}

// Cut is the beginning of a text, n characters of it, and how long it is.
func Cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for at := range text {
		if n--; n < 0 {
			return fmt.Sprintf("%s… (%d bytes)", text[:at], len(text))
		}
	}
	return text
}

// JSONLines gives one line of JSON for each value.
func JSONLines[T any](list []T) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if enc.Encode(v) != nil {
			panic("journal: a line that is no JSON")
		}
	}
	return b.Bytes()
}
