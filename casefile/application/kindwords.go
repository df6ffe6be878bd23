package application

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"yuzheng/casefile/evidence"
)

// Making is how an exhibit that is no capture came about, and in which session one that is was made; what is not told is empty.
type Making struct {
	Session    string   `json:"session,omitempty"`  // in which a person drove the browser
	File       string   `json:"file,omitempty"`     // as it was named
	From       string   `json:"from,omitempty"`     // who gave it
	Received   string   `json:"received,omitempty"` // when it was given
	Reference  string   `json:"reference,omitempty"`
	Start      string   `json:"start,omitempty"` // where a crawl began
	Pages      string   `json:"pages,omitempty"`
	Addresses  string   `json:"addresses,omitempty"` // read in
	Skipped    string   `json:"skipped,omitempty"`
	Actions    string   `json:"actions,omitempty"` // noted in a session
	Sides      []string `json:"sides,omitempty"`   // exhibits that were compared
	Conclusion string   `json:"conclusion,omitempty"`
	Names      string   `json:"names,omitempty"`     // targets of which resolvers were asked whether they are stopped
	Resolvers  string   `json:"resolvers,omitempty"` // that were asked, and the control
	Stopped    string   `json:"stopped,omitempty"`   // N/M, of M pairs of the two
	Original   string   `json:"original,omitempty"`  // exhibit of which it is a redacted copy
	Rules      string   `json:"rules,omitempty"`     // entry of the log that holds by which rules
}

// Outcome is how the visit of a capture ended; "" for everything else.
func (e Exhibit) Outcome() evidence.Outcome {
	if e.Kind != evidence.Capture {
		return ""
	}
	return evidence.OutcomeOf(evidence.Verdict(e.Verdict), e.Status)
}

// Captured reports whether the exhibit is a page, so that it has a verdict.
func (e Exhibit) Captured() bool { return e.Kind == evidence.Capture }

// checksExecution reports whether the exhibit is a check that the program made, and no record that somebody gave.
func (e Exhibit) checksExecution() bool {
	return e.Kind == evidence.Execution && e.Making.Resolvers != ""
}

// arrived reports whether a server answered the visit.
func (e Exhibit) arrived() bool { return e.Outcome().Answered() }

// Kind is the word for what an exhibit is.
func (v *view) Kind(e Exhibit) string { return v.Lists.word("kind", string(e.Kind)) }

// Final is where a visit ended, or that it arrived nowhere; "" for what is no visit.
func (v *view) Final(e Exhibit) string {
	switch {
	case !e.Captured():
		return ""
	case !e.arrived():
		return v.Lists.word("arrival", string(e.Outcome()))
	}
	return cmp.Or(e.FinalURL, e.URL)
}

// Shot says what the picture of a capture shows: where no server answered, the browser's own error page.
func (v *view) Shot(e Exhibit) string {
	name := map[bool]string{true: "shot.whole", false: "shot.window"}[e.PictureName == "screenshot.png"]
	if !e.arrived() {
		name = "shot.error"
	}
	return v.Lists.word("arrival", name)
}

// Name is what the list of evidence calls an exhibit: what a page calls itself, the name of a file, or what was made.
func (v *view) Name(e Exhibit) string {
	switch {
	case e.Captured():
		return v.Or(e.Title, "（無標題）")
	case e.Making.File != "":
		return e.Making.File
	}
	return v.fill("name", e.sort(), e)
}

// sort is the kind of what is no capture; a copy that the program made has words of its own.
func (e Exhibit) sort() string {
	if e.Making.Original != "" {
		return string(e.Kind) + ".redacted"
	}
	return string(e.Kind)
}

// Method says how an exhibit was obtained, and nothing that is not so of its kind and outcome.
func (v *view) Method(e Exhibit) string {
	key := e.sort()
	if e.Captured() {
		key = "capture"
		switch {
		case e.Outcome() == "unreachable" || e.Outcome() == evidence.Guarded:
			key += "." + string(e.Outcome())
		case strings.HasPrefix(string(e.Outcome()), "refused."):
			key += ".refused"
		}
		if e.Making.Session != "" {
			key = "session." + key
		}
	}
	if e.checksExecution() {
		key += ".check"
	}
	text := v.fill("method", key, e)
	if e.Making.Reference != "" {
		text += "來源說明：" + e.Making.Reference
	}
	if n := len(e.Visit.Mapped); n > 0 {
		text += fmt.Sprintf("連線位址由操作者指定、非由 DNS 查得（%d 筆，逐筆載於附件冊及技術說明）。", n)
	}
	return text
}

// When is the instant of an exhibit, and of what: a file has that of its admission.
func (v *view) When(e Exhibit) string {
	switch {
	case e.Captured():
		return stamp(e.Started)
	case (e.Kind.Given() && !e.checksExecution() || e.Kind == evidence.List) && e.Making.Original == "":
		return stamp(e.Started) + "（入案）"
	}
	return stamp(e.Started) + "（作成）"
}

// Whole is how far an exhibit is what it promises; of what is no capture its kind, for it promises nothing.
func (v *view) Whole(e Exhibit) string {
	if e.Captured() {
		return v.Verdict(e)
	}
	return v.Kind(e)
}

// unrecorded stands for what was not written down.
const unrecorded = "未記錄"

// fill puts what is known of an exhibit into the words of a kind.
func (v *view) fill(table, key string, e Exhibit) string {
	m := e.Making
	given := cmp.Or(m.File, unrecorded)
	size, hash := unrecorded, unrecorded
	for _, a := range e.Artifacts {
		if a.Name == m.File || len(e.Artifacts) == 1 {
			size, hash = strconv.FormatInt(a.Size, 10), shortHash(a.SHA256)
		}
	}
	sides := make([]string, len(m.Sides))
	for i, s := range m.Sides {
		sides[i] = "證" + s
	}
	or := func(s string) string { return cmp.Or(s, unrecorded) }
	return strings.NewReplacer(
		"{view}", v.View(e), "{outcome}", v.Verdict(e), "{status}", strconv.Itoa(e.Status), "{session}", or(m.Session), "{file}", given,
		"{from}", or(m.From), "{received}", or(m.Received), "{size}", size, "{hash}", hash,
		"{addresses}", or(m.Addresses), "{skipped}", or(m.Skipped), "{start}", or(m.Start), "{pages}", or(m.Pages), "{actions}", or(m.Actions),
		"{sides}", or(strings.Join(sides, "、")), "{operator}", or(e.Operator), "{names}", or(m.Names), "{resolvers}", or(m.Resolvers), "{stopped}", or(m.Stopped),
		"{original}", "證"+m.Original, "{rules}", or(m.Rules),
	).Replace(v.Lists.word(table, key))
}
