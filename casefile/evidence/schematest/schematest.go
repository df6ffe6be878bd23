// Package schematest holds Go types, and documents that were written, against SCHEMA.md of package evidence. Tests alone use it.
package schematest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Schema is SCHEMA.md as it was read.
type Schema struct {
	// Root is the folder of the module, as a path from where the test runs.
	Root string
	// Names are the headings of all documents and objects, in their order.
	Names []string
	// Lists are the closed lists.
	Lists []List
	// Sentences are those of the closed list "remark", by code.
	Sentences map[string]string

	sections map[string]*section
	owners   map[string]string // of a Go type: the object that describes it
	details  map[string][]key  // by action
}

// List is a closed list: the Go type whose constants it has, or the variable that holds them.
type List struct {
	Name, Type string
	Values     []string
}

// section is one document, or one object that several documents hold.
type section struct {
	name  string
	intro string // what stands before the table
	rows  []row
}

// row is one field. Form is what stands in code: "list of string?". One that came after the first version 0 may lack in what is stored.
type row struct {
	field, form string
	later       bool
}

// key is one key of the details of an action.
type key struct {
	name     *regexp.Regexp
	optional bool
}

// shared is the heading below which objects are described that others refer to.
const shared = "Objects that several documents hold"

// Read reads SCHEMA.md from the module that the test runs in.
func Read(t testing.TB) *Schema {
	t.Helper()
	root := "."
	for range 8 {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Join(root, "..")
	}
	text, err := os.ReadFile(filepath.Join(root, "casefile", "evidence", "SCHEMA.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := &Schema{Root: root, sections: map[string]*section{}, owners: map[string]string{}, details: map[string][]key{}, Sentences: map[string]string{}}
	if err := s.parse(string(text)); err != nil {
		t.Fatalf("SCHEMA.md: %v", err)
	}
	return s
}

// code is a piece of a cell that stands in code.
var code = regexp.MustCompile("`([^`]*)`")

func spans(cell string) (list []string) {
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		list = append(list, m[1])
	}
	return list
}

func (s *Schema) parse(text string) error {
	chapter, action := "", []string(nil)
	var at *section
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		cells, isRow := cells(line)
		switch {
		case strings.HasPrefix(line, "## "):
			chapter, at = strings.TrimPrefix(line, "## "), nil
		case strings.HasPrefix(line, "### "):
			at = &section{name: strings.TrimPrefix(line, "### ")}
			if s.sections[at.name] != nil {
				return fmt.Errorf("%s stands twice", at.name)
			}
			s.sections[at.name] = at
			s.Names = append(s.Names, at.name)
		case !isRow && at != nil && len(at.rows) == 0:
			at.intro += line + "\n"
		case !isRow:
		case chapter == "Details of entries":
			if named := spans(cells[0]); len(named) > 0 {
				action = named
			}
			if err := s.detail(action, cells); err != nil {
				return err
			}
		case chapter == "Closed lists":
			if len(cells) != 3 {
				return fmt.Errorf("closed list %q has %d cells", cells[0], len(cells))
			}
			s.Lists = append(s.Lists, List{cells[0], strings.Trim(cells[1], "`"), spans(cells[2])})
		case chapter == "Remarks":
			if err := s.remark(cells); err != nil {
				return err
			}
		case at != nil:
			if err := at.add(cells); err != nil {
				return fmt.Errorf("%s: %w", at.name, err)
			}
		}
		if at != nil && chapter == shared {
			s.own(at)
		}
	}
	return nil
}

// remark takes a row of the table of remarks, which stands behind the closed lists: a code that its list need not name, and its sentence.
func (s *Schema) remark(cells []string) error {
	code, list := spans(cells[0]), slices.IndexFunc(s.Lists, func(l List) bool { return l.Name == "remark" })
	if len(cells) != 2 || len(code) != 1 || list < 0 {
		return fmt.Errorf("remark %q: not a code of the list \"remark\" and a sentence", cells[0])
	}
	if !slices.Contains(s.Lists[list].Values, code[0]) {
		s.Lists[list].Values = append(s.Lists[list].Values, code[0])
	}
	s.Sentences[code[0]] = cells[1]
	return nil
}

// cells are those of a row of a table that is neither its head nor what stands below that.
func cells(line string) (list []string, ok bool) {
	if !strings.HasPrefix(line, "|") {
		return nil, false
	}
	for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
		list = append(list, strings.TrimSpace(cell))
	}
	heads := []string{"Field", "Action", "List", "Code", "form"}
	return list, !slices.Contains(heads, list[0]) && !strings.HasPrefix(list[0], "--")
}

// version is what stands under Since: with a day the field came later than the version.
var version = regexp.MustCompile(`^\d+( \(\d{4}-\d\d-\d\d\))?$`)

func (at *section) add(cells []string) error {
	if len(cells) != 4 {
		return fmt.Errorf("%q has %d cells, not 4", cells[0], len(cells))
	}
	r := row{field: cells[0], later: cells[2] != "0"}
	if form := spans(cells[1]); len(form) > 0 {
		r.form = form[0]
	}
	switch {
	case !version.MatchString(cells[2]):
		return fmt.Errorf("%s: since %q", r.field, cells[2])
	case (r.form == "") != strings.Contains(r.field, "…"):
		return fmt.Errorf("%s: form %q", r.field, cells[1])
	case slices.ContainsFunc(at.rows, func(o row) bool { return o.field == r.field }):
		return fmt.Errorf("%s stands twice", r.field)
	}
	at.rows = append(at.rows, r)
	return nil
}

// own notes the Go types that an object describes.
func (s *Schema) own(at *section) {
	_, types, found := strings.Cut(strings.Join(strings.Fields(at.intro), " "), "Go type")
	if !found {
		return
	}
	for _, name := range spans(types) {
		s.owners[name] = at.name
	}
}

// free is free text in a key.
var free = regexp.MustCompile(`[A-Z]{2,}`)

func (s *Schema) detail(actions, cells []string) error {
	if len(cells) != 5 || !version.MatchString(cells[3]) {
		return fmt.Errorf("details of %v: %q", actions, cells)
	}
	for _, a := range actions {
		if cells[1] == "" {
			s.details[a] = []key{}
			continue
		}
		form := spans(cells[2])
		if len(form) != 1 {
			return fmt.Errorf("details of %s: %s has the form %q", a, cells[1], cells[2])
		}
		pattern := free.ReplaceAllString(regexp.QuoteMeta(cells[1]), ".+")
		pattern = strings.ReplaceAll(pattern, ` \[.+\]`, `( .+)?`)
		optional := strings.HasSuffix(form[0], "?") || strings.Contains(cells[3], "(")
		s.details[a] = append(s.details[a], key{regexp.MustCompile("^" + pattern + "$"), optional})
	}
	return nil
}

// Actions are those whose details are described.
func (s *Schema) Actions() map[string]bool {
	all := map[string]bool{}
	for a := range s.details {
		all[a] = true
	}
	return all
}

// Detail checks the detail of an entry: each key is described, and those are there that are always there.
func (s *Schema) Detail(t testing.TB, action string, detail map[string]string) {
	t.Helper()
	keys, known := s.details[action]
	if !known {
		t.Errorf("details of %s are not described", action)
	}
	for name := range detail {
		if !slices.ContainsFunc(keys, func(k key) bool { return k.name.MatchString(name) }) {
			t.Errorf("%s: the detail %q is not described", action, name)
		}
	}
	for _, k := range keys {
		there := false
		for name := range detail {
			there = there || k.name.MatchString(name)
		}
		if !there && !k.optional {
			t.Errorf("%s: no detail %s in %v", action, k.name, detail)
		}
	}
}

// values are those of a closed list.
func (s *Schema) values(name string) ([]string, bool) {
	i := slices.IndexFunc(s.Lists, func(l List) bool { return l.Name == name })
	if i < 0 {
		return nil, false
	}
	return s.Lists[i].Values, true
}
