// Package script is the script of the training case: data, like everything that a court could read.
package script

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"

	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Script says what is captured, named and applied for, and by whom.
type Script struct {
	application.Source
	Case        struct{ Number, Title string } `json:"case"`
	Operator    custody.Operator               `json:"operator"`
	Captures    []capture                      `json:"captures"`
	Targets     []target                       `json:"targets"`
	Complaint   complaint                      `json:"complaint"`
	Application application.Application        `json:"application"`
}

// capture is one address and the personas by which it is captured, in order.
type capture struct {
	URL   string             `json:"url"`
	Views []evidence.Persona `json:"views"`
}

// complaint is a table of what victims lost, as the line 165 would hand it over.
type complaint struct {
	File     string     `json:"file"`
	From     string     `json:"from"`
	Received string     `json:"received"`
	Headings []string   `json:"headings"`
	Rows     [][]string `json:"rows"`
}

// CSV is the table as a file.
func (c complaint) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(append([][]string{c.Headings}, c.Rows...)) // a buffer takes everything
	return b.Bytes()
}

// target is a name that is to be seized.
type target struct {
	Name        string            `json:"name"`
	Scope       application.Scope `json:"scope"`
	ScopeReason string            `json:"scope_reason"`
	SiteKind    string            `json:"site_kind"`
	Victims     int               `json:"victims"`
	Amount      int64             `json:"amount"` // new Taiwan dollars
}

// Read reads it from the lists of the program: training.json. An unknown member is an error.
func Read(lists fs.FS) (s Script, err error) {
	data, err := fs.ReadFile(lists, "training.json")
	if err != nil {
		return s, fmt.Errorf("training case: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return s, fmt.Errorf("training case: %w", err)
	}
	return s, nil
}
