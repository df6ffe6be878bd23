package evidence

import "encoding/json"

// Told is a value that a document may lack, or have in the form of another version: then it is not known, which is not its zero value. In JSON it is
// the value, or null.
type Told[T any] struct{ value *T }

// Tell is a value that is known.
func Tell[T any](v T) Told[T] { return Told[T]{&v} }

// Get is the value; nil where it is not known.
func (t Told[T]) Get() *T { return t.value }

// MarshalJSON implements json.Marshaler.
func (t Told[T]) MarshalJSON() ([]byte, error) { return json.Marshal(t.value) }

// UnmarshalJSON implements json.Unmarshaler. A value of another form is not known, and no error.
func (t *Told[T]) UnmarshalJSON(body []byte) error {
	v := new(T)
	if string(body) == "null" || json.Unmarshal(body, v) != nil {
		v = nil
	}
	t.value = v
	return nil
}
