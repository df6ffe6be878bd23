package application

import (
	"cmp"
	"slices"
	"strings"
)

// FieldKind says what a field of an application holds, and how it is checked.
type FieldKind string

// The kinds of fields.
const (
	LineField    FieldKind = ""            // one line
	TextField    FieldKind = "text"        // paragraphs
	FactsField   FieldKind = "facts"       // paragraphs whose every sentence rests on an exhibit or on the applicant's word
	ReasonField  FieldKind = "reason"      // the same, or on a view of the law, or on a paper of the application
	TargetsField FieldKind = "targets"     // numbers of targets
	SpanField    FieldKind = "span"        // a stretch of days
	EarlierField FieldKind = "application" // the number of an earlier application
)

// Long reports whether a field of the kind holds paragraphs.
func (k FieldKind) Long() bool { return k == TextField || k == FactsField || k == ReasonField }

// Field is one thing that an application of a type must or may state, and the rule that asks for it.
type Field struct {
	Name     string    `json:"name"`
	Label    string    `json:"label"`
	LabelEN  string    `json:"label_en"`
	Source   string    `json:"source"`
	Required bool      `json:"required"`
	Kind     FieldKind `json:"kind,omitempty"`
}

// Type is a kind of application: what it states, which papers it has, which steps its life takes, which deadlines run. All of it is data.
type Type struct {
	ID        string            `json:"id"`
	Label     string            `json:"label"`
	LabelEN   string            `json:"label_en"`
	Complete  bool              `json:"complete"` // its papers can be made
	Statutes  []string          `json:"statutes"`
	Fields    []Field           `json:"fields"`
	Drafts    map[string]string `json:"drafts,omitempty"` // first words for fields that are still empty; see Lists.Draft
	Papers    []string          `json:"papers"`           // by their names in the file, in the order of the packet
	Steps     []StepKind        `json:"steps"`            // in their order; see Life
	Deadlines []DeadlineRule    `json:"deadlines,omitempty"`
	// Supplement is the type of an application that adds targets to one of this type; empty where there is none.
	Supplement string `json:"supplement,omitempty"`
	Restores   bool   `json:"restores,omitempty"` // names are let go: nothing is stopped, and the gate has no say
	Order      string `json:"order,omitempty"`    // what its order is called, from whose day spans are counted; empty is a court's (裁定)
}

const courtOrder = "裁定"

func (t Type) order() string { return cmp.Or(t.Order, courtOrder) }

// Field gives the field of that name.
func (t Type) Field(name string) (Field, bool) {
	return find(t.Fields, name, func(f Field) string { return f.Name })
}

// Set sets a field of plain text, as a form or a command line does. It reports whether the type has one of that name, or every type.
func (t Type) Set(a *Application, name, value string) bool {
	if p := a.text(name); p != nil {
		*p = value
		return true
	}
	f, ok := t.Field(name)
	if !ok || f.Kind == TargetsField || f.Kind == SpanField {
		return false
	}
	if a.More == nil {
		a.More = map[string]string{}
	}
	a.More[name] = value
	return true
}

// Earlier is the number of the application that one of the type goes with; "" for none.
func (t Type) Earlier(a Application) string {
	for _, f := range t.Fields {
		if id := a.Field(f.Name); f.Kind == EarlierField && id != a.ID {
			return id
		}
	}
	return ""
}

// texts are the fields of the type that are text and not empty, in their order.
func (t Type) texts(a Application) (fields []Field, texts []string) {
	for _, f := range t.Fields {
		if f.Kind == TargetsField || f.Kind == SpanField || f.Kind == EarlierField {
			continue
		}
		if text := a.Field(f.Name); text != "" {
			fields, texts = append(fields, f), append(texts, text)
		}
	}
	return fields, texts
}

// Recipient is who gets a packet.
type Recipient string

// The recipients. A recipient gets what that reader may have, and the rest is not in the file at all.
const (
	ForCourt   Recipient = "court"
	ForTWNIC   Recipient = "twnic"
	ForPolice  Recipient = "police"
	ForDefence Recipient = "defence"
	ForPublic  Recipient = "public"
)

// Papers is whose papers a recipient gets: the police have those of the court, as they were approved.
func (r Recipient) Papers() Recipient {
	if r == "" || r == ForPolice {
		return ForCourt
	}
	return r
}

// Masked reports whether a recipient gets redacted copies in place of exhibits.
func (r Recipient) Masked() bool { return r == ForDefence || r == ForPublic }

// Recipients lists all of them.
var Recipients = []Recipient{ForCourt, ForTWNIC, ForPolice, ForDefence, ForPublic}

// paperForm is one paper of a type: its path in a packet without the ending, the template it is printed of in some formats, the lists that stand
// beside it as data, who may have it, and whether the office signs it.
type paperForm struct {
	File     string      `json:"file"`
	What     string      `json:"what"` // in a word, for who opens the packet
	Template string      `json:"template"`
	Formats  []Format    `json:"formats"`
	Data     []Format    `json:"data"`
	For      []Recipient `json:"for"`
	Signed   bool        `json:"signed,omitempty"` // by the office that hands the packet over, where it signs
}

// papers are the forms of a type's papers that a recipient may have.
func (l *Lists) papers(t Type, to Recipient) (names []string, forms []paperForm) {
	for _, name := range t.Papers {
		if f, ok := l.Types.Papers[name]; ok && slices.Contains(f.For, to.Papers()) {
			names, forms = append(names, name), append(forms, f)
		}
	}
	return names, forms
}

// Signed lists the papers of a type, as printed, that a recipient may have and the office signs.
func (l *Lists) Signed(t Type, to Recipient) (files []string) {
	_, forms := l.papers(t, to)
	for _, f := range forms {
		if f.Signed && slices.Contains(f.Formats, PDF) {
			files = append(files, f.File+"."+string(PDF))
		}
	}
	return files
}

// hasPaper reports whether a type has a paper whose file begins with that number.
func (l *Lists) hasPaper(t Type, number string) bool {
	return slices.ContainsFunc(t.Papers, func(name string) bool {
		return strings.HasPrefix(l.Types.Papers[name].File, number+"_")
	})
}
