package packet

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"unicode/utf8"
)

// Whoever sends a packet decides what it says. These bounds lie far above any packet and far below any memory; FORMAT.md of package casefile
// lists them with those of the other readers.
const (
	maxMembers   = 1 << 18
	maxDirectory = 32 << 20 // bytes, of a ZIP
	maxName      = 1024     // bytes, of a member; a name that is safe has at most 3 × maxPath
	maxInflated  = 16 << 20 // bytes that are unpacked into memory
	maxUnpacked  = 1 << 40  // bytes of all members
	freeUnpacked = 256 << 20
	maxRatio     = 200 // of unpacked to packed bytes, beyond freeUnpacked
	maxStamps    = 64  // that are looked at
	maxTargets   = 100_000
	maxManifest  = maxMembers // lines
	maxKind      = 1000       // findings of one kind
	maxFindings  = 5000
	maxSaid      = 2048 // bytes of one text in a finding
)

// maxText is how long a file may be that is read as a whole: its kind decides, for a hash list grows with the files and a seal does not.
func maxText(path string) int64 {
	switch {
	case path == payload+EntriesPath, path == manifest256Name, path == manifest512Name:
		return 64 << 20
	case path == payload+ProofsPath:
		return 128 << 20
	case path == sealName:
		return 64 << 10
	case strings.HasSuffix(path, stampExt), path == signatureName:
		return 1 << 20
	}
	return 16 << 20
}

// findings keeps so much of each kind that a packet which is wrong throughout can be told of on some pages, and counts the rest.
type findings struct {
	list []Finding
	kept map[string]int // by kind and by what it was held against: each check is cut at the same files
	more map[Code]int
}

func (f *findings) add(one Finding) {
	kind := string(one.Code)
	if len(one.against) > 0 {
		kind += one.against[0]
	}
	if f.full(kind) {
		f.count(one.Code, 1)
		return
	}
	if f.kept == nil {
		f.kept = map[string]int{}
	}
	f.kept[kind]++
	one.File, one.Problem, one.Want, one.Got = cut(one.File, maxName), cut(one.Problem, maxSaid), cut(one.Want, maxSaid), cut(one.Got, maxSaid)
	f.list = append(f.list, one)
}

// full reports whether no more of a kind is kept.
func (f *findings) full(kind string) bool {
	return len(f.list) >= maxFindings || f.kept[kind] >= maxKind
}

func (f *findings) count(code Code, n int) {
	if f.more == nil {
		f.more = map[Code]int{}
	}
	f.more[code] += n
}

// join takes over what another has found.
func (f *findings) join(other findings) {
	for _, one := range other.list {
		f.add(one)
	}
	for code, n := range other.more {
		f.count(code, n)
	}
}

// len counts all, kept or not.
func (f *findings) len() int {
	n := len(f.list)
	for m := range maps.Values(f.more) {
		n += m
	}
	return n
}

// cut shortens a text between two characters, and says so.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	text = text[:most]
	for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return strings.Clone(text[:max(len(text)-1, 0)]) + "…"
}

// errLines is what a list with too many lines comes to.
var errLines = errors.New("more lines than any such file has")

// fewLines reports a text that would take many times its size in memory once it is read line by line.
func fewLines(text []byte, sign string, most int) error {
	n := 0
	for rest := string(text); ; n++ {
		i := strings.Index(rest, sign)
		if i < 0 {
			return nil
		}
		if n == most {
			return fmt.Errorf("%w: %d", errLines, most)
		}
		rest = rest[i+len(sign):]
	}
}

// rows are the lines of a manifest, as many as one may have.
func rows(text []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		n := 0
		for row := range strings.Lines(string(text)) {
			if n++; n > maxManifest || !yield(row) {
				return
			}
		}
	}
}
