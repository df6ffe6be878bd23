// Package custody is the custody log of a case: entries, the Merkle tree over them, seals and proofs.
//
// It does no I/O and knows no database. One entry is one line of canonical JSON; its leaf hash is that of RFC 6962
// (SHA-256 over 0x00 and the line, without a line feed); the tree is the one of golang.org/x/mod/sumdb/tlog; a seal is
// a signed note in the C2SP tlog-checkpoint form. Everything here can be recomputed by a stranger with those
// specifications and the lines alone. FORMAT.md of package casefile states the rules.
package custody

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// Kind tells who acted: the person, the program, the captured page, or the system around them (clock, disk, kill).
type Kind string

// The kinds of actor. Never renamed: they stand in sealed entries.
const (
	Person Kind = "person"
	Tool   Kind = "tool"
	Page   Kind = "page"
	System Kind = "system"
)

// Operator is the person in whose session an entry was made.
type Operator struct {
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
	Office string `json:"office,omitempty"`
}

// Action says what was done. Values are only ever added, never renamed or reused.
type Action string

// The actions of format 1. Those "not yet written" have their words in papers and viewer already, and no code
// writes them; TestSchemaOfWrittenActions of package app holds that.
const (
	CaseCreate        Action = "case.create"
	CaseOpen          Action = "case.open"
	CaseClose         Action = "case.close"
	CaseRecover       Action = "case.recover" // the last session ended without closing
	CaseSweep         Action = "case.sweep"   // chunks that no entry refers to were removed
	CaseCheck         Action = "case.check"
	CasePack          Action = "case.pack"
	CaseUnpack        Action = "case.unpack" // not yet written: unpacking gives the case, and its log, back to the last byte; stands only for later use
	KeyAdd            Action = "key.add"
	KeyRemove         Action = "key.remove"
	OperatorAdd       Action = "operator.add"
	CaptureBegin      Action = "capture.begin"
	CaptureAbandon    Action = "capture.abandon"
	ExhibitAdmit      Action = "exhibit.admit"
	ExhibitExport     Action = "exhibit.export"
	RecordPut         Action = "record.put" // a new version of a note, tag, target, application …
	DocumentRender    Action = "document.render"
	PacketBuild       Action = "packet.build"
	SealMake          Action = "seal.make"
	StampAdd          Action = "stamp.add"
	NetworkContact    Action = "network.contact"
	RequestSend       Action = "request.send" // not yet written: a letter to a provider was sent (R001); by the use case of requests
	ApplicationStep   Action = "application.step"
	OrderRecord       Action = "order.record"
	ExecutionCheck    Action = "execution.check" // resolvers are asked whether they stop what was ordered to be stopped
	IntakeList        Action = "intake.list"     // not yet written: ExhibitAdmit says that a list came in; stands only for later use
	QueueChange       Action = "queue.change"    // not yet written: RecordPut says what a queue came to; stands only for later use
	CrawlBegin        Action = "crawl.begin"
	CrawlEnd          Action = "crawl.end"
	GateDecide        Action = "gate.decide"
	PacketHand        Action = "packet.hand"     // a packet was given to somebody
	PacketReceipt     Action = "packet.receipt"  // an agency has registered a packet, or signed for it
	RegisterChange    Action = "register.change" // not yet written: a managed case (列管) changed its state; by the use case of the register
	LoginKeep         Action = "login.keep"      // into the case, under a name
	LoginRemove       Action = "login.remove"
	InteractiveBegin  Action = "interactive.begin"
	InteractiveAction Action = "interactive.action"
	InteractiveEnd    Action = "interactive.end"
)

var actions = map[Action]bool{
	CaseCreate: true, CaseOpen: true, CaseClose: true, CaseRecover: true, CaseSweep: true, CaseCheck: true,
	CasePack: true, CaseUnpack: true, KeyAdd: true, KeyRemove: true, OperatorAdd: true, CaptureBegin: true,
	CaptureAbandon: true, ExhibitAdmit: true, ExhibitExport: true, RecordPut: true, DocumentRender: true,
	PacketBuild: true, SealMake: true, StampAdd: true, NetworkContact: true, RequestSend: true, ApplicationStep: true, OrderRecord: true,
	ExecutionCheck: true, IntakeList: true, QueueChange: true, CrawlBegin: true, CrawlEnd: true, GateDecide: true,
	PacketHand: true, PacketReceipt: true, RegisterChange: true, InteractiveBegin: true, InteractiveAction: true, InteractiveEnd: true,
	LoginKeep: true, LoginRemove: true,
}

// Entry is one act. Number counts from 1 without gaps; the leaf index in the tree is Number-1.
type Entry struct {
	Number    int64               `json:"number"`
	Time      Time                `json:"time"`
	Actor     Kind                `json:"actor"`
	Operator  Operator            `json:"operator"`
	Action    Action              `json:"action"`
	Object    string              `json:"object,omitempty"`
	Reason    string              `json:"reason,omitempty"`
	Detail    map[string]string   `json:"detail,omitempty"`
	Artifacts []evidence.Artifact `json:"artifacts,omitempty"`
}

// Time is an instant in UTC, written as RFC 3339 with exactly three decimals and Z.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At makes a Time of t, in UTC and whole milliseconds.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// String is the written form.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalText implements encoding.TextMarshaler.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Time) UnmarshalText(text []byte) error {
	v, err := time.Parse(timeLayout, string(text))
	if err != nil {
		return err
	}
	t.Time = v
	return nil
}

// MarshalJSON overrides the embedded one, which would keep nanoseconds.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalJSON overrides the embedded one.
func (t *Time) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	return t.UnmarshalText([]byte(s))
}

// errNotCanonical is wrapped by the error of ParseEntry for bytes that MarshalEntry would not have written.
var errNotCanonical = errors.New("not the canonical form of an entry")

// MarshalEntry returns the one line, without line feed, that stands for e in the log.
func MarshalEntry(e Entry) ([]byte, error) {
	if err := e.validate(); err != nil {
		return nil, fmt.Errorf("custody entry %d: %w", e.Number, err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("custody entry %d: %w", e.Number, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ParseEntry reads a line of the log. It accepts exactly what MarshalEntry writes, and nothing else.
func ParseEntry(line []byte) (Entry, error) {
	var e Entry
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return Entry{}, fmt.Errorf("custody entry: %w: %w", errNotCanonical, err)
	}
	again, err := MarshalEntry(e)
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(again, line) {
		return Entry{}, fmt.Errorf("custody entry %d: %w", e.Number, errNotCanonical)
	}
	return e, nil
}

func (e Entry) validate() error {
	switch {
	case e.Number < 1:
		return fmt.Errorf("number %d is below 1", e.Number)
	case !actions[e.Action]:
		return fmt.Errorf("unknown action %q", e.Action)
	case e.Actor != Person && e.Actor != Tool && e.Actor != Page && e.Actor != System:
		return fmt.Errorf("unknown actor %q", e.Actor)
	case e.Time.IsZero():
		return errors.New("no time")
	case e.Detail != nil && len(e.Detail) == 0, e.Artifacts != nil && len(e.Artifacts) == 0:
		return errors.New("an empty list is left out, not written")
	}
	for _, s := range []string{e.Operator.Name, e.Operator.Title, e.Operator.Office, e.Object, e.Reason} {
		if !utf8.ValidString(s) {
			return errors.New("text is not UTF-8")
		}
	}
	for k, v := range e.Detail {
		if k == "" || !utf8.ValidString(k) || !utf8.ValidString(v) {
			return fmt.Errorf("detail %q is empty or not UTF-8", k)
		}
	}
	return validateArtifacts(e.Artifacts)
}

func validateArtifacts(list []evidence.Artifact) error {
	seen := map[string]bool{}
	for _, a := range list {
		switch {
		case a.Name == "" || !utf8.ValidString(a.Name) || !utf8.ValidString(a.MediaType):
			return fmt.Errorf("artifact name %q is empty or not UTF-8", a.Name)
		case seen[a.Name]:
			return fmt.Errorf("artifact %q twice", a.Name)
		case a.Size < 0:
			return fmt.Errorf("artifact %q has size %d", a.Name, a.Size)
		case len(a.SHA256) != 64 || strings.Trim(a.SHA256, "0123456789abcdef") != "":
			return fmt.Errorf("artifact %q has no SHA-256", a.Name)
		}
		seen[a.Name] = true
	}
	return nil
}
