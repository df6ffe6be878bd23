package chrome

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Actors of an action. What the operator did stands in the custody log.
const (
	byTool = "tool"
	byPage = "page"
)

// action is one line of actions.jsonl.
type action struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Action string    `json:"action"`
	Detail string    `json:"detail,omitempty"`
}

// maxActions bounds what a page can make the record say about it.
const maxActions = 2000

// journal collects actions and warnings of one capture.
type journal struct {
	now func() time.Time

	mu       sync.Mutex
	actions  []action
	warnings []string
	bitten   []string // limits
}

func (j *journal) note(actor, what, format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.actions) < maxActions {
		j.actions = append(j.actions, action{j.now().UTC(), actor, what, fmt.Sprintf(format, args...)})
	}
}

// warn tells something that a reader of the exhibit must know; the same only once.
func (j *journal) warn(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if text := fmt.Sprintf(format, args...); !slices.Contains(j.warnings, text) && len(j.warnings) < maxActions {
		j.warnings = append(j.warnings, text)
	}
}

// limit tells that a limit has bitten.
func (j *journal) limit(name, format string, args ...any) {
	j.mu.Lock()
	if !slices.Contains(j.bitten, name) {
		j.bitten = append(j.bitten, name)
	}
	j.mu.Unlock()
	j.warn("limit "+name+": "+format, args...)
}

func (j *journal) lines() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return jsonLines(j.actions)
}

func jsonLines[T any](list []T) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if enc.Encode(v) != nil {
			panic("chrome: a line that is no JSON")
		}
	}
	return b.Bytes()
}
