package intake

import (
	"crypto/sha256"
	"fmt"

	"yuzheng/casefile/evidence"
)

// key stands for a text in the tally: 128 bits of its SHA-256, so that a million addresses take tens of megabytes and nobody can make
// two of them collide.
type key [16]byte

func keyOf(kind, text string) key {
	sum := sha256.Sum256([]byte(kind + "\x00" + text))
	return key(sum[:16])
}

// tally counts what is found, tells what is there for the second time, and hands on.
type tally struct {
	stopped func() error
	to      Receiver
	seen    map[key]int // line that gave it first
	hosts   map[key]struct{}
	given   int
	report  Report
}

func newTally(stopped func() error, to Receiver) tally {
	return tally{stopped: stopped, to: to, seen: map[key]int{}, hosts: map[key]struct{}{}, report: Report{Schema: evidence.Schema, Skipped: map[Reason]int{}}}
}

func (t *tally) address(row Row) error {
	if again, err := t.duplicate(keyOf("", row.URL), row.Entry); again || err != nil {
		return err
	}
	if err := t.give(row.Line); err != nil {
		return err
	}
	t.report.Addresses++
	if row.RecordOnly {
		t.report.RecordOnly++
	}
	if row.Host != "" {
		host := keyOf("", row.Host)
		if _, known := t.hosts[host]; known {
			t.report.SameHost++
		}
		t.hosts[host] = struct{}{}
	}
	return t.to.Address(row)
}

func (t *tally) clue(c Clue) error {
	if again, err := t.duplicate(keyOf(string(c.Kind), c.Value), c.Entry); again || err != nil {
		return err
	}
	if err := t.give(c.Line); err != nil {
		return err
	}
	t.report.Clues++
	return t.to.Clue(c)
}

func (t *tally) duplicate(k key, e Entry) (bool, error) {
	if err := t.stopped(); err != nil {
		return false, err
	}
	first, known := t.seen[k]
	if !known {
		t.seen[k] = e.Line
		return false, nil
	}
	t.report.Duplicates++
	return true, t.pass(Skipped{Line: e.Line, Raw: e.Raw, Reason: whyDuplicate, First: first, Words: fmt.Sprintf("%s %d", whyDuplicate.words(), first)})
}

func (t *tally) skip(line int, raw string, why Reason) error {
	if err := t.stopped(); err != nil {
		return err
	}
	return t.pass(Skipped{Line: line, Raw: raw, Reason: why, Words: why.words()})
}

// give counts what is handed on; errMany once that is enough.
func (t *tally) give(line int) error {
	if t.given == maxGiven {
		t.cut(cutMany, line)
		return errMany
	}
	t.given++
	return nil
}

func (t *tally) pass(s Skipped) error {
	if err := t.give(s.Line); err != nil {
		return err
	}
	s.Raw = shorten(s.Raw, maxSkippedRaw)
	t.report.Skipped[s.Reason]++
	return t.to.Skip(s)
}

// cut notes that the file was not read to its end; the first cause stands.
func (t *tally) cut(how Cut, line int) {
	if t.report.Cut == "" {
		t.report.Cut, t.report.CutLine = how, line
	}
}
