package schematest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// heard is a test that takes down what it is told.
type heard struct {
	testing.TB
	said []string
}

func (h *heard) Helper()                         {}
func (h *heard) Error(args ...any)               { h.said = append(h.said, fmt.Sprint(args...)) }
func (h *heard) Errorf(form string, args ...any) { h.said = append(h.said, fmt.Sprintf(form, args...)) }

const sample = `
## Documents

### a.json

Written by ` + "`schematest.written`" + `.

| Field | Form | Since | Meaning |
|---|---|---|---|
| at | ` + "`time`" + ` | 0 | |
| kind | ` + "`colour?`" + ` | 0 | |
| late | ` + "`string`" + ` | 0 (2026-11-28) | |
| inner | ` + "`list of object or null`" + ` | 0 | |
| inner[].n | ` + "`integer`" + ` | 0 | |
| inner[]…Shared | | 0 | |

## Objects that several documents hold

### Shared

Go
type ` + "`schematest.shares`" + `.

| Field | Form | Since | Meaning |
|---|---|---|---|
| x | ` + "`number or null`" + ` | 0 | |
| free | ` + "`map of bytes?`" + ` | 0 | |

## Details of entries

| Action | Key | Form | Since | Meaning |
|---|---|---|---|---|
| ` + "`act.one`" + ` | name | ` + "`string`" + ` | 0 | |
| | bag:LABEL | ` + "`string?`" + ` | 0 | |
| | WHY WHOM [WHERE] | ` + "`string?`" + ` | 0 | |
| ` + "`act.two`, `act.three`" + ` | | | 0 | nothing |

## Closed lists

| List | Go type | Values |
|---|---|---|
| colour | ` + "`schematest.colour`" + ` | ` + "`red`, `blue`" + ` |
`

type colour string

type shares struct {
	X    *float64          `json:"x"`
	Free map[string][]byte `json:"free,omitempty"`
}

type inner struct {
	N int `json:"n"`
	shares
}

type written struct {
	At    time.Time `json:"at"`
	Kind  colour    `json:"kind,omitempty"`
	Late  string    `json:"late"`
	Inner []inner   `json:"inner"`
	none  int
}

func read(t *testing.T, text string) *Schema {
	t.Helper()
	s := &Schema{sections: map[string]*section{}, owners: map[string]string{}, details: map[string][]key{}, Sentences: map[string]string{}}
	if err := s.parse(text); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestType says that a table of just the fields of a type is right, and that each other one is wrong by a word that names the field.
func TestType(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"", "", ""},
		{"| at | `time` | 0 | |\n", "", "writes at (time), which SCHEMA.md does not have"},
		{"| at | `time`", "| at | `string`", `at is "string"`},
		{"`colour?`", "`colour`", `kind is "colour"`},
		{"`number or null`", "`number`", `x is "number"`},
		{"`list of object or null`", "`list of object`", ""}, // that it is never null its writer knows
		{"| inner[]…Shared | | 0 | |\n", "", "inner[]…Shared"},
		{"| late |", "| later |", "later, which"},
		{"schematest.written", "other", "does not say that it is schematest.written"},
		{"schematest.colour", "other", "no closed list"},
	} {
		s := read(t, strings.Replace(sample, c.was, c.is, 1))
		h := &heard{TB: t}
		s.Type(h, "a.json", written{none: 1})
		s.Type(h, "Shared", shares{})
		said := strings.Join(h.said, "\n")
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%q for %q: %s", c.is, c.was, said)
		}
	}
}

// TestDocument says the same of documents.
func TestDocument(t *testing.T) {
	for text, want := range map[string]string{
		`{"at":"2026-11-29T00:00:00Z","kind":"red","late":"","inner":[{"n":1,"x":null},{"n":2,"x":0.5,"free":{"a":"AA=="}}]}`: "",
		`{"at":"2026-11-29T00:00:00Z","inner":null}`:                             "",
		`{"at":"yesterday","inner":null}`:                                        "no time",
		`{"inner":null}`:                                                         "at is not there",
		`{"at":"2026-11-29T00:00:00Z","kind":"green","inner":null}`:              "green is no colour",
		`{"at":"2026-11-29T00:00:00Z","inner":[{"n":1.5,"x":1}]}`:                "no integer",
		`{"at":"2026-11-29T00:00:00Z","inner":[{"n":1,"x":1,"free":{"a":"?"}}]}`: "no bytes",
		`{"at":"2026-11-29T00:00:00Z","inner":[{"n":1}]}`:                        "x is not there",
		`{"at":"2026-11-29T00:00:00Z","inner":[{"n":null,"x":1}]}`:               "null where integer is due",
		`{"at":"2026-11-29T00:00:00Z","inner":[{"n":1,"x":1,"y":1}]}`:            "y is not described",
		`{"at":"2026-11-29T00:00:00Z","inner":{}}`:                               "where a list is due",
		`[]`: "where an object is due",
		`{`:  "unexpected EOF",
	} {
		h := &heard{TB: t}
		read(t, sample).Lines(h, "a.json", []byte(text+"\n"))
		said := strings.Join(h.said, "\n")
		if want == "" && said != "" || !strings.Contains(said, want) {
			t.Errorf("%s: %s", text, said)
		}
	}
}

// TestDetail says the same of the details of entries.
func TestDetail(t *testing.T) {
	for _, c := range []struct {
		action string
		detail map[string]string
		want   string
	}{
		{"act.one", map[string]string{"name": "", "bag:Any-Label": "", "page a.example:443 192.0.2.1:443": "1", "dns resolver": "2"}, ""},
		{"act.one", map[string]string{"name": "", "page": "1"}, `"page" is not described`},
		{"act.one", nil, "no detail"},
		{"act.three", nil, ""},
		{"act.two", map[string]string{"name": ""}, `"name" is not described`},
		{"act.four", nil, "are not described"},
	} {
		h := &heard{TB: t}
		read(t, sample).Detail(h, c.action, c.detail)
		said := strings.Join(h.said, "\n")
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s %v: %s", c.action, c.detail, said)
		}
	}
}

// TestTables refuses tables that are not in their form.
func TestTables(t *testing.T) {
	for was, is := range map[string]string{
		"| at | `time` | 0 | |":  "| at | `time` | 0 |",
		"| at | `time` | 0 ":     "| at | `time` | today ",
		"| at | `time` ":         "| at | time ",
		"| late |":               "| at |",
		"### Shared":             "### a.json",
		"| name | `string` | 0 ": "| name | string | 0 ",
	} {
		s := &Schema{sections: map[string]*section{}, owners: map[string]string{}, details: map[string][]key{}, Sentences: map[string]string{}}
		if err := s.parse(strings.Replace(sample, was, is, 1)); err == nil {
			t.Errorf("%q is taken for %q", is, was)
		}
	}
}
