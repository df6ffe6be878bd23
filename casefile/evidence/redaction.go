package evidence

// RedactionRules say what is masked in a copy. They are kept in the case (record redaction) and are in no copy: they name whom it hides.
type RedactionRules struct {
	Schema      int                       `json:"schema"`
	Kinds       []RedactionKind           `json:"kinds"`                 // of RedactionBuiltIn; absent is all of them, an empty list none
	Words       []string                  `json:"words,omitempty"`       // names and the like, two characters at least
	Expressions []string                  `json:"expressions,omitempty"` // RE2 (https://github.com/google/re2/wiki/Syntax), in any case of letters
	LeaveOut    []string                  `json:"leave_out,omitempty"`   // names of artifacts that are not to be in the copy, and the like
	Pictures    map[string][]RedactionBox `json:"pictures,omitempty"`    // that a person has looked at, by artifact, or by address within an archive
}

// RedactionBox is a part of a picture that is covered, in its pixels from its top left corner: of the picture as people see it, after the turn that its
// Exif asks for. It lies wholly inside.
type RedactionBox struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// RedactionKind says what was masked. Values are only ever added, never renamed.
type RedactionKind string

// The kinds.
const (
	RedactID         RedactionKind = "id"         // 國民身分證統一編號
	RedactResidence  RedactionKind = "residence"  // 統一證號 of a foreigner, of both forms
	RedactPhone      RedactionKind = "phone"      // of Taiwan
	RedactCard       RedactionKind = "card"       // of payment (ISO/IEC 7812)
	RedactAccount    RedactionKind = "account"    // of a bank
	RedactEmail      RedactionKind = "email"      //
	RedactWord       RedactionKind = "word"       // that a person gave
	RedactExpression RedactionKind = "expression" // what a regular expression of a person found
	RedactHash       RedactionKind = "hash"       // of something that was masked, or may have been
	RedactFile       RedactionKind = "file"       // in a text, as Base64
	RedactBox        RedactionKind = "box"        // of a picture, by the rules
)

// RedactionKinds lists every kind in the order in which they are shown.
var RedactionKinds = []RedactionKind{
	RedactID, RedactResidence, RedactPhone, RedactCard, RedactAccount, RedactEmail, RedactWord, RedactExpression, RedactHash, RedactFile,
	RedactBox,
}

// RedactionBuiltIn are the kinds that rules can choose; hashes and files in texts go always.
var RedactionBuiltIn = []RedactionKind{RedactID, RedactResidence, RedactPhone, RedactCard, RedactAccount, RedactEmail}

// RedactionReason says why something is not in a copy. Values are only ever added, never renamed.
type RedactionReason string

// The reasons.
const (
	LeftPicture    RedactionReason = "picture"    // what it shows is not known, and no person has looked at it
	LeftPDF        RedactionReason = "pdf"        // what it shows need not stand in its text
	LeftFormat     RedactionReason = "format"     // of a kind that cannot be masked
	LeftCharset    RedactionReason = "charset"    // a text that is not in UTF-8
	LeftLarge      RedactionReason = "large"      // too large to be masked as a whole
	LeftDamaged    RedactionReason = "damaged"    // it cannot be read, or not to its end
	LeftEmbedded   RedactionReason = "embedded"   // a document with other files in it
	LeftUnmaskable RedactionReason = "unmaskable" // after masking something was found again, or it was no longer what it had been
	LeftByRule     RedactionReason = "rule"       // the rules say so
)

// RedactionReasons lists every reason in the order in which they are shown.
var RedactionReasons = []RedactionReason{
	LeftPicture, LeftPDF, LeftFormat, LeftCharset, LeftLarge, LeftDamaged, LeftEmbedded, LeftUnmaskable, LeftByRule,
}

// Redaction is redaction.json: of what an exhibit is a redacted copy, and how it was made. It travels with the copy, so that no masked value,
// no rule with names and no hash of the original stands in it.
type Redaction struct {
	Schema    int                 `json:"schema"`
	Original  string              `json:"original"`       // exhibit
	Entry     int64               `json:"original_entry"` // of the log, that admitted it
	Rules     int64               `json:"rules_entry"`    // of the log, that holds the rules
	Artifacts []RedactionArtifact `json:"artifacts"`      // of the original, in their order
}

// RedactionArtifact is what became of an artifact.
type RedactionArtifact struct {
	Name    string                `json:"name"` // in the copy
	Masked  map[RedactionKind]int `json:"masked,omitempty"`
	LeftOut RedactionReason       `json:"left_out,omitempty"` // not empty: it is not in the copy
	Left    []RedactionLeft       `json:"left,omitempty"`     // parts of it that are not
	More    int                   `json:"left_more,omitempty"`
}

// RedactionLeft is a part of an artifact that is not in the copy.
type RedactionLeft struct {
	Place  string          `json:"place"` // name or address, itself masked
	Reason RedactionReason `json:"reason"`
}
