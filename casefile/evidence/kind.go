// Package evidence holds the words of what is stored: what an exhibit is, and how the visit that it records ended.
//
// It is a leaf: values and pure functions, no I/O, nothing else of this module. Whoever shows an exhibit (a paper, a list, a window, the
// viewer of a packet) switches on these values and has words for each of them.
package evidence

import (
	"slices"
	"strings"
)

// Kind says what an exhibit is. Values are only ever added, never renamed: they stand in sealed entries.
type Kind string

// The kinds.
const (
	Capture    Kind = "capture"    // a page, opened by the program or driven to by a person, and sealed
	File       Kind = "file"       // a file that somebody gave: a victim's picture, a record
	Reply      Kind = "reply"      // the answer of an office or a company to a request
	Complaint  Kind = "complaint"  // a victim's report: a complaint, a record of the line 165; losses are read out of it
	List       Kind = "list"       // a list of addresses, read in from a file
	Crawl      Kind = "crawl"      // the tree of pages that a crawl went through; each page is a capture of its own
	Comparison Kind = "comparison" // what captures say about each other
	Session    Kind = "session"    // all that was done while a person drove a browser; each page sealed then is a capture of its own
	Copy       Kind = "copy"       // a copy of something that exists elsewhere: a paper, another exhibit
	Execution  Kind = "execution"  // what shows that an order was carried out
)

// Unknown is the kind of an exhibit whose entry does not tell. It is never taken for a capture.
const Unknown Kind = ""

// Kinds lists every kind in the order in which they are shown.
var Kinds = []Kind{Capture, File, Reply, Complaint, List, Crawl, Comparison, Session, Copy, Execution}

// Given are the kinds of files that a person brings; everything else the program makes.
var Given = []Kind{File, Reply, Complaint, Copy, Execution}

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// Given reports whether a person brought it as a file.
func (k Kind) Given() bool { return slices.Contains(Given, k) }

// The keys of the detail of an entry that admits an exhibit.
const (
	DetailKind     = "kind"     // Kind
	DetailSession  = "session"  // the session, I001, in which a person drove the browser
	DetailFile     = "file"     // the name of a file as it was given
	DetailFrom     = "from"     // who gave it
	DetailReceived = "received" // when it was given, as the operator says

	DetailOriginal      = "original"       // of a redacted copy: the exhibit that it is of
	DetailOriginalEntry = "original_entry" // the entry that admitted that
	DetailRulesEntry    = "rules_entry"    // the entry that holds by which rules
)

// KindOf tells the kind from the detail of the entry that admitted an exhibit. Entries of before kinds were written are told apart by what
// they say of the act; one that says nothing is Unknown.
func KindOf(detail map[string]string) Kind {
	if k := Kind(detail[DetailKind]); k.Known() {
		return k
	}
	has := func(key string) bool { _, ok := detail[key]; return ok }
	switch {
	case has("verdict") && has("view"):
		return Capture
	case has("compared"):
		return Comparison
	case has("sitting"):
		return Session
	case has("crawl") && has("pages"):
		return Crawl
	case has("addresses") && has("skipped"):
		return List
	case has(DetailFile):
		return File
	}
	return Unknown
}

// SessionOf is the session in which a person drove the browser to a page that was sealed; "" where the program opened it. Entries of before
// the session was written tell it as their job.
func SessionOf(detail map[string]string) string {
	if s := detail[DetailSession]; s != "" {
		return s
	}
	if s := detail["sitting"]; s != "" {
		return s
	}
	if job := detail["job"]; strings.HasPrefix(job, "I") {
		return job
	}
	return ""
}
