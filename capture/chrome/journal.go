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

// What a page can make the record say about it is bounded: in lines, and in characters of each.
const (
	maxActions = 2000
	maxSaid    = 4096
)

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
		j.actions = append(j.actions, action{j.now().UTC(), actor, what, cutText(fmt.Sprintf(format, args...), maxSaid)})
	}
}

// warn tells something that a reader of the exhibit must know; the same only once.
func (j *journal) warn(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if text := cutText(fmt.Sprintf(format, args...), maxSaid); !slices.Contains(j.warnings, text) && len(j.warnings) < maxActions {
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

// cutText is the beginning of a text, n characters of it, and how long it is.
func cutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for at := range text {
		if n--; n < 0 {
			return fmt.Sprintf("%s… (%d bytes)", text[:at], len(text))
		}
	}
	return text
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
