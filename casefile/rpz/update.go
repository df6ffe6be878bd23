package rpz

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Freed lists what comes off a zone when some of its rules are let go, and what has to stand in it from then on: a name that a wider one among them
// covered had no line of its own.
func Freed(before, gone []Rule) (off, on []Rule) {
	after := slices.DeleteFunc(slices.Clone(before), func(r Rule) bool {
		return slices.ContainsFunc(gone, func(g Rule) bool { return g.Name == r.Name })
	})
	listed := Uncovered(before)
	for _, r := range gone {
		if i := slices.IndexFunc(listed, func(l Rule) bool { return l.Name == r.Name }); i >= 0 {
			off = append(off, listed[i])
		}
	}
	for _, r := range Uncovered(after) {
		if !slices.Contains(listed, r) {
			on = append(on, r)
		}
	}
	return off, on
}

// maxUpdates bounds the changes of one message: one of DNS has 64 KiB.
const maxUpdates = 100

// WriteUpdate writes what Freed says as commands of nsupdate (RFC 2136), for who keeps the zone: what has to stand comes first, then goes whatever
// stands at the names that are let go.
func (z Zone) WriteUpdate(w io.Writer, before, gone []Rule) error {
	z = z.withDefaults()
	before, err := Canonical(before)
	if err != nil {
		return err
	}
	if gone, err = Canonical(gone); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, line := range z.Comment {
		fmt.Fprintf(&b, "; %s\n", clean(line))
	}
	fmt.Fprintf(&b, "zone %s\n", z.Origin)
	off, on := Freed(before, gone)
	var lines []string
	for _, r := range on {
		for _, owner := range owners(r) {
			lines = append(lines, z.additions(owner)...)
		}
	}
	for _, r := range off {
		for _, owner := range owners(r) {
			lines = append(lines, fmt.Sprintf("update delete %s.%s.\n", owner, z.Origin))
		}
	}
	for part := range slices.Chunk(lines, maxUpdates) {
		b.WriteString(strings.Join(part, "") + "send\n")
	}
	_, err = w.Write(b.Bytes())
	return err
}

// additions are the commands that put an owner into a zone.
func (z Zone) additions(owner string) (lines []string) {
	answer := z.answer(owner)
	if len(answer) == 0 {
		lines = append(lines, fmt.Sprintf("update add %s.%s. %d IN CNAME .\n", owner, z.Origin, z.TTL))
	}
	for _, a := range answer {
		lines = append(lines, fmt.Sprintf("update add %s.%s. %d IN %s %s\n", owner, z.Origin, z.TTL, kindOf(a), a))
	}
	return lines
}

// owners are the names under which a rule stands in a zone.
func owners(r Rule) []string {
	if r.Subdomains {
		return []string{r.Name, "*." + r.Name}
	}
	return []string{r.Name}
}
