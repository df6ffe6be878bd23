package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Schema is the version in which this build writes every document; SCHEMA.md says what each version has. A document without one is version 0.
// What an older version has is never given another meaning: fields are only added.
const Schema = 1

// ErrNewer refuses a document of a version that this build does not know: half of it would be read as if it were the whole.
var ErrNewer = errors.New("written by a newer program")

// CheckSchema is ErrNewer for a version above Schema. What is the document's name in the error.
func CheckSchema(what string, schema int) error {
	if schema > Schema {
		return fmt.Errorf("%s: %w: schema %d, this one reads up to %d", what, ErrNewer, schema, Schema)
	}
	return nil
}

// Decode reads a document, whose name what is in the error: ErrNewer for one of a newer version, else what is wrong with its JSON. Of a field in
// another form the error is a *json.UnmarshalTypeError, and the rest of the document is given; of what is no object with a version that can be read
// it is never one, for nothing is known of that.
func Decode[T any](what string, body []byte) (T, error) {
	var doc T
	var version struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(body, &version); err != nil {
		return doc, fmt.Errorf("%s: %v", what, err) //nolint:errorlint // a caller who passes over a field must not pass over the whole
	}
	if err := CheckSchema(what, version.Schema); err != nil {
		return doc, err
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		return doc, fmt.Errorf("%s: %w", what, err)
	}
	return doc, nil
}
