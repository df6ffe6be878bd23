package casefile

import (
	"encoding/json"
	"errors"
	"fmt"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Exhibit is a set of artifacts that an entry of the log vouches for: an exhibit, or the papers of an object.
type Exhibit struct {
	ID        string              `json:"id"`
	Entry     int64               `json:"entry"`
	Time      custody.Time        `json:"time"`
	Action    custody.Action      `json:"action"`
	Actor     custody.Kind        `json:"actor"`
	Operator  custody.Operator    `json:"operator"`
	Reason    string              `json:"reason,omitempty"`
	Detail    map[string]string   `json:"detail,omitempty"`
	Summary   json.RawMessage     `json:"summary,omitempty"`
	Artifacts []evidence.Artifact `json:"artifacts"`
}

func exhibitOf(e custody.Entry, summary []byte) Exhibit {
	return Exhibit{
		ID: e.Object, Entry: e.Number, Time: e.Time, Action: e.Action, Actor: e.Actor, Operator: e.Operator, Reason: e.Reason,
		Detail: e.Detail, Summary: summary, Artifacts: e.Artifacts,
	}
}

// Exhibits lists the exhibits in the order of their names.
func (c *Case) Exhibits() ([]Exhibit, error) {
	return c.sets(key("set"), custody.ExhibitAdmit)
}

// Exhibit returns the exhibit with this number, or ErrNotFound.
func (c *Case) Exhibit(id string) (Exhibit, error) { return c.last(id, custody.ExhibitAdmit) }

// Papers returns the latest rendered documents of an object such as S01, or ErrNotFound.
func (c *Case) Papers(object string) (Exhibit, error) { return c.last(object, custody.DocumentRender) }

func (c *Case) last(object string, action custody.Action) (Exhibit, error) {
	list, err := c.sets(key("set", object, "\x00"), action)
	if err != nil {
		return Exhibit{}, err
	}
	if len(list) == 0 {
		return Exhibit{}, fmt.Errorf("%s: %w", object, ErrNotFound)
	}
	return list[len(list)-1], nil
}

// sets reads the sets under prefix that action admitted.
func (c *Case) sets(prefix []byte, action custody.Action) ([]Exhibit, error) {
	numbers, err := c.setNumbers(prefix)
	if err != nil {
		return nil, err
	}
	list := []Exhibit{}
	for _, n := range numbers {
		e, err := c.entry(n)
		if err != nil {
			return nil, err
		}
		if e.Action != action {
			continue
		}
		summary, err := c.summary(n)
		if err != nil {
			return nil, err
		}
		list = append(list, exhibitOf(e, summary))
	}
	return list, nil
}

func (c *Case) setNumbers(prefix []byte) ([]int64, error) {
	var numbers []int64
	err := c.meta.view(func(v view) error {
		return v.keys(prefix, func(k []byte) error {
			if _, err := v.get(k); err != nil { // a key that nobody sealed is not an exhibit
				return err
			}
			numbers = append(numbers, tail(k))
			return nil
		})
	})
	return numbers, err
}

// summary returns nil for a set without one.
func (c *Case) summary(n int64) ([]byte, error) {
	var data []byte
	err := c.meta.view(func(v view) (err error) {
		data, err = v.get(key("summary", n))
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return data, err
}
