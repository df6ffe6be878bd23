package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

var errForm = errors.New("not a HAR")

// HAREntries hands on each element of log.entries, one at a time and in the order of the file. What stands behind the list is not read. It
// reads HARs of other programs too: a field that they lack, or have in another form, is left at zero, and what is theirs alone is passed over.
// (Only in _tls, which nobody else writes, a time that is none costs what stands behind it in the entry.) One entry is held in memory; whoever
// does not trust the file bounds r. An error of take ends the reading and is returned.
func HAREntries(r io.Reader, take func(HAREntry) error) error {
	dec := json.NewDecoder(r)
	for _, key := range []string{"log", "entries"} {
		if err := enter(dec, key); err != nil {
			return fmt.Errorf("har: %w", err)
		}
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return fmt.Errorf("har: %w: entries are no list (%w)", errForm, err)
	}
	for dec.More() {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fmt.Errorf("har: %w", err)
		}
		var e HAREntry
		_ = json.Unmarshal(raw, &e) // it is JSON; what has another form is not filled in
		if err := take(e); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("har: %w", err)
	}
	return nil
}

// enter goes to the value of a key of the object that begins here.
func enter(dec *json.Decoder, key string) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("%w: no object with %s (%w)", errForm, key, err)
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		if name == key {
			return nil
		}
		var other json.RawMessage
		if err := dec.Decode(&other); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: no %s", errForm, key)
}
