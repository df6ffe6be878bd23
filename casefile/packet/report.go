package packet

import (
	"slices"
	"time"

	"yuzheng/casefile/custody"
)

// Code names what a finding is about. Codes are never renamed; words for them belong to whoever shows a report.
type Code string

// What does not match.
const (
	PacketAbsent   Code = "packet.absent"     // nothing that is there is a file of a packet
	ZIPUnreadable  Code = "zip.unreadable"    // not a ZIP that could be walked at all
	ZIPMethod      Code = "zip.method"        // encrypted, or packed by a method that is not read here: nothing was checked
	ZIPForm        Code = "zip.form"          // bytes of the ZIP's own structure differ from those that follow from its contents
	ZIPChecksum    Code = "zip.checksum"      // a member's CRC-32
	TooLarge       Code = "file.large"        // beyond the bounds of what is read: it was not looked at
	CheckBroken    Code = "check.broken"      // a fault of this program ended the check
	PathUnsafe     Code = "path.unsafe"       // a name that leaves the bag, or is another file elsewhere
	PathClash      Code = "path.clash"        // two names that are one file where case is ignored
	PathLink       Code = "path.link"         // neither a file nor a folder
	FileMissing    Code = "file.missing"      // the log lists it, it is not there
	FileAdded      Code = "file.added"        // it is there, nothing lists it
	FileRenamed    Code = "file.renamed"      // it is there, under another name
	FileChanged    Code = "file.changed"      // size or SHA-256 is not the one in the entry packet.build
	ManifestForm   Code = "manifest.form"     // a manifest is not in its canonical form
	ManifestDiffer Code = "manifest.mismatch" // a file's hash is not the one in a manifest
	ManifestWrong  Code = "manifest.wrong"    // a manifest says of files what is not so, while others speak for the files
	BagForm        Code = "bag.form"          // bagit.txt or bag-info.txt is not what follows from the log
	LogForm        Code = "custody.form"      // an entry, or the file of entries or proofs, is not in its canonical form
	LogProof       Code = "custody.proof"     // an entry is not under the seal
	LogFirst       Code = "custody.first"     // no first entry that names the log's key
	LogEntries     Code = "custody.entries"   // the entries are not those that packet.build lists
	SealInvalid    Code = "seal.invalid"      // not a seal by the log's key
	BuildMissing   Code = "build.missing"     // no entry packet.build, or more than one, or one that says nothing
	PacketName     Code = "packet.name"       // the folder is not named as the entry says
	KeyOther       Code = "key.other"         // the log's key is not the one that was expected, or that is known of the office
	SealOther      Code = "seal.other"        // a seal that was kept elsewhere is of another history
	ExhibitUnknown Code = "exhibit.unknown"   // files of an exhibit whose admission is not in the packet
	ExhibitMissing Code = "exhibit.missing"   // an artifact is neither there nor declared as left out
	ExhibitChanged Code = "exhibit.changed"   // size or SHA-256 is not the one of the admission
	PaperChanged   Code = "paper.changed"     // size or SHA-256 is not the one that was rendered
	PaperMissing   Code = "paper.missing"     // rendered for this packet, not there
	StampInvalid   Code = "stamp.invalid"     // not a time stamp over this seal
	StampEarly     Code = "stamp.early"       // older than an entry under the seal
	ArchiveBroken  Code = "archive.broken"    // a WACZ that is not whole in itself
	TargetsDiffer  Code = "targets.differ"    // table, list and zone do not name the same targets
	CiteUnknown    Code = "cite.unknown"      // an exhibit is cited that the packet does not hold
)

// What could not be checked, and why; never a sign of tampering.
const (
	StampAbsent    Code = "stamp.absent"    // no time stamp came with the seal
	StampUnchecked Code = "stamp.unchecked" // nobody here can read time stamps
	StampUntrusted Code = "stamp.untrusted" // its authority leads to none of the trusted roots: it counts for no stamp
	SealLater      Code = "seal.later"      // a seal that was kept elsewhere covers more entries than the packet
	SealUnclear    Code = "seal.unclear"    // the packet's proofs do not lead to a seal that was kept elsewhere
)

// What is worth knowing and changes nothing about the evidence.
const (
	ZIPRepacked  Code = "zip.repacked"  // another ZIP with equal contents
	SystemFile   Code = "file.system"   // beside the evidence, made by an operating system or an editor
	NamesForm    Code = "path.form"     // names in another form of Unicode, as some file systems keep them
	StampExpired Code = "stamp.expired" // stamped while the authority's certificate was valid; it has ended since
)

// Finding is one thing that a check has to report. Want and Got are hashes, sizes or texts, whichever the code is about.
type Finding struct {
	Code    Code   `json:"code"`
	File    string `json:"file,omitempty"` // path in the bag; empty is the packet as a whole
	Problem string `json:"problem"`        // English, for the expert
	Want    string `json:"want,omitempty"`
	Got     string `json:"got,omitempty"`
	// Follows are the findings that this one explains: one wrong file shows in many checks.
	Follows []Finding `json:"follows,omitempty"`

	against []string // the files that File was held against; the one at fault is among them and File
}

// StampInfo is what a time stamp says once it has been found sound.
type StampInfo struct {
	File    string    `json:"file"`
	Time    time.Time `json:"time"`
	Signer  string    `json:"signer"`
	Trusted bool      `json:"trusted"` // leads to a trusted root
	// Until is when the first certificate between signer and root ends; afterwards the stamp is judged at its own time.
	Until time.Time `json:"until,omitzero"`
}

// Report is what a check of a packet found. It is good if Findings is empty. Findings has one for each file at fault; Notes change
// nothing about the evidence.
type Report struct {
	Whose     Whose             `json:"whose"`
	Name      string            `json:"name"`
	Origin    string            `json:"origin,omitempty"` // of the log
	Key       string            `json:"key,omitempty"`    // of the log, as its first entry names it
	Root      string            `json:"root,omitempty"`   // of the seal, base64
	SealSize  int64             `json:"seal_size"`        // entries under the seal
	Entries   int               `json:"entries"`          // entries that travel
	Left      int64             `json:"entries_left_out"` // entries under the seal that do not travel
	Files     int               `json:"files"`            // in the bag, tag files included
	Bytes     int64             `json:"bytes"`
	Built     time.Time         `json:"built,omitzero"`
	Operator  custody.Operator  `json:"operator"`
	Exhibits  []string          `json:"exhibits"`
	LeftOut   map[string]string `json:"left_out,omitempty"`
	Stamps    []StampInfo       `json:"stamps"`
	Findings  []Finding         `json:"findings"`
	Notes     []Finding         `json:"notes"`
	Unchecked []Finding         `json:"unchecked"`
	More      map[Code]int      `json:"more,omitempty"` // findings, notes and unchecked that are counted and not kept, by code
}

// Following counts the findings that follow from the causes.
func (r *Report) Following() int {
	n := 0
	for _, f := range r.Findings {
		n += len(f.Follows)
	}
	return n
}

// Absent reports whether there was no packet that could be checked.
func (r *Report) Absent() bool {
	return len(r.Findings) == 1 && (r.Findings[0].Code == PacketAbsent || r.Findings[0].Code == ZIPMethod)
}

// Incomplete reports whether not even the key can be told, as of a file of which a part is gone. What the check did not come to is not said.
func (r *Report) Incomplete() bool {
	gone := func(f Finding) bool {
		return slices.Contains([]Code{ZIPUnreadable, ZIPForm, ZIPChecksum, FileMissing, LogFirst}, f.Code)
	}
	return r.Whose.Fingerprint == "" && slices.ContainsFunc(r.Findings, gone)
}

// Foreign reports whether the packet agrees with itself and is refused all the same: it is not by the key of its office, or not of the history of
// a seal that was kept elsewhere.
func (r *Report) Foreign() bool {
	return len(r.Findings) > 0 && !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.foreign() })
}

func (f Finding) foreign() bool {
	return (f.Code == KeyOther || f.Code == SealOther) && !slices.ContainsFunc(f.Follows, func(more Finding) bool { return !more.foreign() })
}

// Good reports whether everything that was checked matches.
func (r *Report) Good() bool { return len(r.Findings) == 0 }
