package evidence

import "time"

// Note is a remark or a tag that stands beside an exhibit; the exhibit itself never changes.
type Note struct {
	ID      string    `json:"id"` // N0001, T0001
	Exhibit string    `json:"exhibit"`
	Text    string    `json:"text"`
	Time    time.Time `json:"time"`
	Person  string    `json:"person"`
}

// Shows is what an exhibit is to prove (待證事實), as a person put it.
type Shows struct {
	Text   string    `json:"text"`
	Time   time.Time `json:"time"`
	Person string    `json:"person"`
}

// Settings is the record that holds what an operator chose for a case.
type Settings struct {
	TSA []string `json:"tsa"`
}

// PacketRecord is what the case keeps of a packet beside its entry.
type PacketRecord struct {
	Application string `json:"application"`
	Name        string `json:"name"`
	For         string `json:"for,omitempty"` // court, twnic, police, defence, public; empty in packets of before 2026-11-30
}

// Rendering is the summary of a set of papers: what they were made of, so that nothing is made twice.
type Rendering struct {
	Inputs string `json:"inputs"` // SHA-256 over the application and what it rests on
	Data   string `json:"data"`   // SHA-256 over the law, lists and templates that the papers were made with; "" in older ones, of which Inputs holds them
	Serial uint32 `json:"serial"` // of the zone
	// Signer is the certificate that papers of the set are signed by, SHA-256 of its DER; empty: none is.
	Signer string `json:"signer,omitempty"`
	// Unsigned is how many bytes each of those papers has without its signature.
	Unsigned map[string]int64 `json:"unsigned,omitempty"`
}
