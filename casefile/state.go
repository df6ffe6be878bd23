package casefile

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/custody"
)

// WayInfo is one way into a case, as the log knows it. File is its name in keys/; Kind is passphrase, recovery or recipient.
type WayInfo struct {
	File  string `json:"file"`
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
}

// state is what follows from the log. It is stored with every entry so that opening need not read the log; the check derives it again.
type state struct {
	Size      int64              `json:"size"`
	Exhibits  int                `json:"exhibits"`
	Operators []custody.Operator `json:"operators"`
	Ways      []WayInfo          `json:"ways"`
	Logins    []LoginInfo        `json:"logins,omitempty"`
	Last      map[string]int     `json:"last"` // the last number given, by kind
	Open      bool               `json:"open"` // a session began and has not ended
}

// numbered are the kinds whose names are a letter and a number.
var numbered = map[string]struct {
	letter string
	digits int
}{
	"exhibit": {"W", 4}, "target": {"D", 3}, "application": {"S", 2}, "request": {"R", 3}, "packet": {"X", 2},
	"note": {"N", 4}, "tag": {"T", 4}, "clue": {"E", 4}, "queue": {"Q", 3}, "crawl": {"C", 3}, "watch": {"M", 3}, "sitting": {"I", 3},
}

// next is the name that the next thing of a numbered kind gets.
func (s state) next(kind string) (string, error) {
	n, ok := numbered[kind]
	if !ok {
		return "", fmt.Errorf("a new %s needs a name: its kind is not numbered", kind)
	}
	return fmt.Sprintf("%s%0*d", n.letter, n.digits, s.Last[kind]+1), nil
}

// after is the state once e is in the log. It never changes s.
func (s state) after(e custody.Entry) state {
	s.Size = e.Number
	switch e.Action {
	case custody.CaseCreate:
		s.Operators, s.Open = []custody.Operator{e.Operator}, true
	case custody.CaseOpen:
		s.Open = true
	case custody.CaseClose:
		s.Open = false
	case custody.OperatorAdd:
		s.Operators = append(slices.Clone(s.Operators), operatorIn(e.Detail))
	case custody.KeyAdd:
		s.Ways = append(slices.Clone(s.Ways), WayInfo{e.Detail["file"], e.Detail["kind"], e.Detail["label"]})
	case custody.KeyRemove:
		s.Ways = slices.DeleteFunc(slices.Clone(s.Ways), func(w WayInfo) bool { return w.File == e.Detail["file"] })
	case custody.LoginKeep:
		s.Logins = s.withLogin(LoginInfo{e.Object, e.Detail["file"], e.Detail["url"]})
	case custody.LoginRemove:
		s.Logins = s.withoutLogin(e.Object)
	case custody.ExhibitAdmit:
		s.Exhibits++
		s.Last = given(s.Last, "exhibit", e.Object)
	case custody.RecordPut:
		s.Last = given(s.Last, e.Detail["kind"], e.Object)
	}
	return s
}

func operatorIn(d map[string]string) custody.Operator {
	return custody.Operator{Name: d["name"], Title: d["title"], Office: d["office"]}
}

// given notes that id is taken, where it is a number of its kind.
func given(last map[string]int, kind, id string) map[string]int {
	rest, ok := strings.CutPrefix(id, numbered[kind].letter)
	n, err := strconv.Atoi(rest)
	if _, known := numbered[kind]; !known || !ok || err != nil || n <= last[kind] {
		return last
	}
	out := maps.Clone(last)
	if out == nil {
		out = map[string]int{}
	}
	out[kind] = n
	return out
}

func (v view) state() (state, error) {
	var s state
	data, err := v.get(key("state"))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return state{}, fmt.Errorf("state of the case: %w", err)
	}
	return s, nil
}

func (v view) setState(s state) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("state of the case: %w", err)
	}
	return v.set(key("state"), data)
}
