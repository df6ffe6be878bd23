package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// collected is a Receiver that keeps all it is given.
type collected struct {
	rows    []Row
	clues   []Clue
	skipped []Skipped
	lines   []int // of everything, in order
}

func (c *collected) Address(r Row) error {
	c.rows, c.lines = append(c.rows, r), append(c.lines, r.Line)
	return nil
}

func (c *collected) Clue(k Clue) error {
	c.clues, c.lines = append(c.clues, k), append(c.lines, k.Line)
	return nil
}

func (c *collected) Skip(s Skipped) error {
	c.skipped, c.lines = append(c.skipped, s), append(c.lines, s.Line)
	return nil
}

// brief gives everything in one line each, for tables of expectations.
func (c *collected) brief() []string {
	var out []string
	for _, r := range c.rows {
		s := fmt.Sprintf("%d %s", r.Line, r.URL)
		if r.RecordOnly {
			s += " record-only"
		}
		for _, w := range r.Warnings {
			s += fmt.Sprintf(" %s=%s", w.Code, w.Detail)
		}
		out = append(out, s)
	}
	for _, k := range c.clues {
		out = append(out, fmt.Sprintf("%d %s:%s", k.Line, k.Kind, k.Value))
	}
	for _, s := range c.skipped {
		out = append(out, fmt.Sprintf("%d -%s", s.Line, s.Reason))
	}
	return out
}

func collect(t *testing.T, name, text string) (*collected, Report) {
	t.Helper()
	c := &collected{}
	report, err := Read(context.Background(), name, strings.NewReader(text), Options{}, c)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c, report
}

var errFull = errors.New("full")

var _ io.Reader = (*source)(nil)
