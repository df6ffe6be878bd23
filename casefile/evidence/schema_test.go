package evidence

import (
	"encoding/json"
	"errors"
	"testing"
)

// A document without a version is the oldest, one of this build is read, and a newer one is refused whatever its fields have become.
func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		body  string
		title string
		newer bool
		wrong bool
	}{
		{body: `{"title":"a"}`, title: "a"},
		{body: `{"schema":1,"title":"a"}`, title: "a"},
		{body: `{"schema":2,"title":{"zh":"a"}}`, newer: true},
		{body: `{"schema":"1","title":"a"}`, wrong: true},
		{body: `{"title":1}`, wrong: true},
		{body: `[]`, wrong: true},
		{body: ``, wrong: true},
	} {
		got, err := Decode[Summary]("summary", []byte(tt.body))
		var form *json.UnmarshalTypeError
		if errors.As(err, &form) != (tt.body == `{"title":1}`) {
			t.Errorf("%s: a field of another form is told as %v", tt.body, err)
		}
		if got.Title != tt.title || errors.Is(err, ErrNewer) != tt.newer || (err != nil) != (tt.newer || tt.wrong) {
			t.Errorf("%s is read as %+v, %v", tt.body, got, err)
		}
	}
}

// Every document that stands by itself says its version.
func TestEveryDocumentHasASchema(t *testing.T) {
	for name, doc := range map[string]any{
		"facts": Facts{Schema: Schema}, "report": Report{Schema: Schema}, "summary": Summary{Schema: Schema}, "session": SessionSummary{Schema: Schema},
	} {
		body, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var has struct{ Schema *int }
		if err := json.Unmarshal(body, &has); err != nil || has.Schema == nil || *has.Schema != Schema {
			t.Errorf("%s: %v, %v", name, has.Schema, err)
		}
	}
}
