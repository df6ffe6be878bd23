package evidence

import "time"

// Actor says who did something in an interactive session.
type Actor string

// The actors.
const (
	ByPerson Actor = "person"
	ByTool   Actor = "tool"
	ByPage   Actor = "page" // by itself, or its server
)

// Act is one thing that happened. Its JSON form is a line of actions.jsonl.
type Act struct {
	At     time.Time `json:"at"`
	Actor  Actor     `json:"actor"`
	Action string    `json:"action"` // click, fill, submit, key, scroll, navigate, window, dialog, held back, confirmed, picture …
	Detail string    `json:"detail,omitempty"`
}

// Window is one window or tab of an interactive session.
type Window struct {
	URL    string    `json:"url"` // what it showed last
	By     Actor     `json:"opened_by"`
	Opened time.Time `json:"opened"`
	Closed time.Time `json:"closed,omitzero"` // zero where it was open to the end
}

// SessionSummary is what an interactive session came to: sitting.json.
type SessionSummary struct {
	Schema int `json:"schema"`

	URL      string    `json:"url"` // where it began
	View     Persona   `json:"view"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"`
	Exhibits int       `json:"exhibits"` // sealed in it
	Unsealed int       `json:"unsealed"` // exchanges since the last of them, which no exhibit holds
	Actions  []Act     `json:"actions"`
	Windows  []Window  `json:"windows"`
	Contacts []Contact `json:"contacts"` // that no exhibit has told
	Cautions
}
