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
	zipUnreadable  Code = "zip.unreadable"    // not a ZIP that could be walked at all
	zipMethod      Code = "zip.method"        // encrypted, or packed by a method that is not read here: nothing was checked
	ZIPForm        Code = "zip.form"          // bytes of the ZIP's own structure differ from those that follow from its contents
	zipChecksum    Code = "zip.checksum"      // a member's CRC-32
	tooLarge       Code = "file.large"        // beyond the bounds of what is read: it was not looked at
	CheckBroken    Code = "check.broken"      // a fault of this program ended the check
	pathUnsafe     Code = "path.unsafe"       // a name that leaves the bag, or is another file elsewhere
	pathClash      Code = "path.clash"        // two names that are one file where case is ignored
	pathLink       Code = "path.link"         // neither a file nor a folder
	FileMissing    Code = "file.missing"      // the log lists it, it is not there
	fileAdded      Code = "file.added"        // it is there, nothing lists it
	fileRenamed    Code = "file.renamed"      // it is there, under another name
	FileChanged    Code = "file.changed"      // size or SHA-256 is not the one in the entry packet.build
	manifestForm   Code = "manifest.form"     // a manifest is not in its canonical form
	ManifestDiffer Code = "manifest.mismatch" // a file's hash is not the one in a manifest
	manifestWrong  Code = "manifest.wrong"    // a manifest says of files what is not so, while others speak for the files
	BagForm        Code = "bag.form"          // bagit.txt or bag-info.txt is not what follows from the log
	logForm        Code = "custody.form"      // an entry, or the file of entries or proofs, is not in its canonical form
	logProof       Code = "custody.proof"     // an entry is not under the seal
	logFirst       Code = "custody.first"     // no first entry that names the log's key
	logEntries     Code = "custody.entries"   // the entries are not those that packet.build lists
	sealInvalid    Code = "seal.invalid"      // not a seal by the log's key
	buildMissing   Code = "build.missing"     // no entry packet.build, or more than one, or one that says nothing
	packetName     Code = "packet.name"       // the folder is not named as the entry says
	KeyOther       Code = "key.other"         // the log's key is not the one that was expected, or that is known of the office
	sealOther      Code = "seal.other"        // a seal that was kept elsewhere is of another history
	exhibitUnknown Code = "exhibit.unknown"   // files of an exhibit whose admission is not in the packet
	exhibitMissing Code = "exhibit.missing"   // an artifact is neither there nor declared as left out
	exhibitChanged Code = "exhibit.changed"   // size or SHA-256 is not the one of the admission
	paperChanged   Code = "paper.changed"     // size or SHA-256 is not the one that was rendered
	paperMissing   Code = "paper.missing"     // rendered for this packet, not there
	stampInvalid   Code = "stamp.invalid"     // not a time stamp over this seal
	stampEarly     Code = "stamp.early"       // older than an entry under the seal
	signInvalid    Code = "signature.invalid" // not a signature over this packet's list of tag files
	signOther      Code = "signature.other"   // by another certificate than the log says
	archiveBroken  Code = "archive.broken"    // a WACZ that is not whole in itself
	targetsDiffer  Code = "targets.differ"    // table, list and zone do not name the same targets
	citeUnknown    Code = "cite.unknown"      // an exhibit is cited that the packet does not hold
)

// What could not be checked, and why; never a sign of tampering.
const (
	stampAbsent    Code = "stamp.absent"        // no time stamp came with the seal
	stampUnchecked Code = "stamp.unchecked"     // nobody here can read time stamps
	stampUntrusted Code = "stamp.untrusted"     // its authority leads to none of the trusted roots: it counts for no stamp
	signUnchecked  Code = "signature.unchecked" // nobody here can read signatures
	signUntrusted  Code = "signature.untrusted" // sound, by a certificate that leads to none of the trusted roots
	sealLater      Code = "seal.later"          // a seal that was kept elsewhere covers more entries than the packet
	sealUnclear    Code = "seal.unclear"        // the packet's proofs do not lead to a seal that was kept elsewhere
)

// What is worth knowing and changes nothing about the evidence.
const (
	ZIPRepacked  Code = "zip.repacked"  // another ZIP with equal contents
	SystemFile   Code = "file.system"   // beside the evidence, made by an operating system or an editor
	namesForm    Code = "path.form"     // names in another form of Unicode, as some file systems keep them
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
	Signature *SignatureInfo    `json:"signature,omitempty"` // over the whole packet, where there is one that is sound
	Findings  []Finding         `json:"findings"`
	Notes     []Finding         `json:"notes"`
	Unchecked []Finding         `json:"unchecked"`
	More      map[Code]int      `json:"more,omitempty"` // findings, notes and unchecked that are counted and not kept, by code

	hashes []FileHash
}

// FileHash is a file of a packet with its size and hash, as they were read.
type FileHash struct {
	Path   string `json:"path"` // in the bag
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Hashes lists every file of the packet that was read, sorted by path.
func (r *Report) Hashes() []FileHash { return r.hashes }

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
	return len(r.Findings) == 1 && (r.Findings[0].Code == PacketAbsent || r.Findings[0].Code == zipMethod)
}

// Incomplete reports whether not even the key can be told, as of a file of which a part is gone. What the check did not come to is not said.
func (r *Report) Incomplete() bool {
	gone := func(f Finding) bool {
		return slices.Contains([]Code{zipUnreadable, ZIPForm, zipChecksum, FileMissing, logFirst}, f.Code)
	}
	return r.Whose.Fingerprint == "" && slices.ContainsFunc(r.Findings, gone)
}

// Foreign reports whether the packet agrees with itself and is refused all the same: it is not by the key of its office, or not of the history of
// a seal that was kept elsewhere.
func (r *Report) Foreign() bool {
	return len(r.Findings) > 0 && !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.foreign() })
}

func (f Finding) foreign() bool {
	return (f.Code == KeyOther || f.Code == sealOther) && !slices.ContainsFunc(f.Follows, func(more Finding) bool { return !more.foreign() })
}

// Good reports whether everything that was checked matches.
func (r *Report) Good() bool { return len(r.Findings) == 0 }
