package packet

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The files that list the targets: the table (as data and as a sheet), the list and the zone for execution.
const (
	tableJSONPath = "02_附表一_扣押標的.json"
	tableCSVPath  = "02_附表一_扣押標的.csv"
	domainsPath   = "06_執行/domains.csv"
	zonePath      = "06_執行/rpz.zone"
)

// scopes maps the words for a scope to whether sub-domains are meant.
var scopes = map[string]bool{"exact": false, "subdomains": true, "僅本名": false, "含子網域": true}

// names are the targets of one file: A-label to whether sub-domains are meant.
type names map[string]bool

func (n names) add(name, scope string) error {
	sub, known := scopes[scope]
	if _, twice := n[name]; twice || !known || name == "" {
		return fmt.Errorf("target %q with scope %q", name, scope)
	}
	n[name] = sub
	return nil
}

func (n names) String() string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(n)) {
		if n[name] {
			name += " (+)"
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// stops reports whether the zone of these names is that of the list: it names nothing else, with no other scope, and what it does
// not name lies below a name whose sub-domains it stops.
func (n names) stops(list names) bool {
	for name, sub := range n {
		if listed, known := list[name]; !known || listed != sub {
			return false
		}
	}
	for name := range list {
		if _, named := n[name]; !named && !n.covers(name) {
			return false
		}
	}
	return true
}

// covers reports whether a name lies below one whose sub-domains are meant.
func (n names) covers(name string) bool {
	for _, above, more := strings.Cut(name, "."); more; _, above, more = strings.Cut(above, ".") {
		if n[above] {
			return true
		}
	}
	return false
}

// targets checks that all files that list targets list the same, the zone those that no wildcard covers, and that the exhibits they cite are there.
func (c *check) targets(context.Context) error {
	var first names
	var firstPath string
	for _, f := range []struct {
		path string
		read func([]byte) (names, error)
	}{{tableJSONPath, c.table}, {tableCSVPath, sheet}, {domainsPath, sheet}, {zonePath, zone}} {
		text, err := c.text(payload + f.path)
		if err != nil {
			return err
		}
		if text == nil {
			continue
		}
		list, err := f.read(text)
		switch {
		case err != nil:
			c.found(targetsDiffer, payload+f.path, err.Error(), "", "")
		case first == nil:
			first, firstPath = list, f.path
		case f.path == zonePath && list.stops(first):
		case !maps.Equal(first, list):
			c.found(targetsDiffer, payload+f.path, "not the targets of "+firstPath, first.String(), list.String(), payload+firstPath)
		}
	}
	return nil
}

// table reads the table's data: a list of targets, or an object with one under "targets".
func (c *check) table(text []byte) (names, error) {
	type target struct {
		Name     string   `json:"name"`
		Scope    string   `json:"scope"`
		Exhibits []string `json:"exhibits"`
	}
	var whole struct {
		Targets []target `json:"targets"`
	}
	if err := fewLines(text, "{", maxTargets); err != nil {
		return nil, err
	}
	err := json.Unmarshal(text, &whole.Targets)
	if err != nil {
		err = json.Unmarshal(text, &whole)
	}
	if err != nil {
		return nil, err
	}
	list, there := names{}, map[string]bool{}
	for _, e := range c.report.Exhibits {
		there[e] = true
	}
	for _, t := range whole.Targets {
		if err := list.add(t.Name, t.Scope); err != nil {
			return nil, err
		}
		for _, e := range t.Exhibits {
			if len(there) > 0 && !there[e] && c.all.full(string(citeUnknown)+payload+EntriesPath) {
				c.all.count(citeUnknown, 1)
			} else if len(there) > 0 && !there[e] {
				c.found(citeUnknown, payload+tableJSONPath, t.Name+" rests on an exhibit that is not in the packet", e, "", c.missingOf(e)...)
			}
		}
	}
	return list, nil
}

// missingOf lists what could be the fault if an exhibit is not there: its files, or the log that should tell of them.
func (c *check) missingOf(exhibit string) []string {
	paths := []string{payload + EntriesPath}
	if c.missing == nil {
		c.missing = map[string][]string{}
		for path := range c.vouchedFor() {
			in, ok := strings.CutPrefix(path, payload+exhibitsDir)
			if _, there := c.digests[path]; !there && ok {
				owner, _, _ := strings.Cut(in, "/")
				c.missing[owner] = append(c.missing[owner], path)
			}
		}
	}
	paths = append(paths, c.missing[exhibit]...)
	slices.Sort(paths)
	return paths[:min(len(paths), maxKind)]
}

// sheet reads a CSV by its headings: the A-label stands under one that says ASCII, or under 網域名稱; the scope under 範圍.
func sheet(text []byte) (names, error) {
	if err := fewLines(text, "\n", maxTargets); err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("no headings")
	}
	column := func(word string) int {
		return slices.IndexFunc(rows[0], func(h string) bool { return strings.Contains(h, word) })
	}
	name, scope := column("ASCII"), column("範圍")
	if name < 0 {
		name = column("網域名稱")
	}
	if name < 0 || scope < 0 {
		return nil, errors.New("no heading for name or scope")
	}
	list := names{}
	for _, row := range rows[1:] {
		if err := list.add(row[name], row[scope]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// zone reads a response policy zone as package rpz writes it: one record a line, owners relative, a wildcard after its name.
func zone(text []byte) (names, error) {
	if err := fewLines(text, "\n", 2*maxTargets+100); err != nil {
		return nil, err
	}
	list := names{}
	for row := range strings.Lines(string(text)) {
		fields := strings.Fields(row)
		if len(fields) == 0 || row[0] == ';' || fields[0] == "$TTL" || fields[0] == "@" {
			continue
		}
		if len(fields) != 4 || fields[1] != "IN" || strings.TrimLeft(row, " \t") != row {
			return nil, fmt.Errorf("record %.80q", row)
		}
		name, wild := strings.CutPrefix(fields[0], "*.")
		if _, known := list[name]; wild && !known {
			return nil, fmt.Errorf("wildcard without its name: %.80q", row)
		}
		list[name] = list[name] || wild
	}
	return list, nil
}
