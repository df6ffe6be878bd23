// Package packet writes and verifies what leaves a case: a ZIP with one BagIt bag (RFC 8493) that proves itself.
//
// Whoever receives a packet needs no key, no database, no network and not this program. FORMAT.md beside this file
// states every file, what binds it, and what a check does.
//
// # What binds what
//
// Manifests alone prove nothing: whoever changes a file can write them anew. So every byte of a packet follows from
// the custody log. The entry packet.build of the packet lists every payload file with size and SHA-256 (all but
// custody.jsonl and proofs.json, which prove themselves), the numbers of the other entries that travel with it, the
// fields of bag-info.txt, and what was left out. The entry lies under the seal. An exhibit's files must moreover be
// those of its exhibit.admit entry, papers those of their document.render entry. Tag files and the ZIP itself are
// derived from all this, and Verify derives them again and compares bytes. Only a time stamp can be taken away
// without a trace in the bag; a packet without one is reported as not time-stamped.
//
// # Order of building
//
//  1. Admit exhibits, render papers (document.render; the names of its artifacts are paths below data/, such as
//     "01_聲請書.pdf"), decide the gate. All of this is in the log.
//  2. Collect the Files: papers, lists, artifacts (Exhibit), the viewer. Not custody.jsonl, not proofs.json.
//  3. Choose the entries that travel: number 1, the admission of every exhibit, the rendering of every paper, and
//     whatever else concerns the packet.
//  4. Make the entry: action packet.build, object X01, Detail from Build.Detail, Artifacts from Manifest. If the log
//     already has the very same one (Build.Same), use that one with its seal: the same case then gives the same bytes.
//  5. Append it, seal the log, have the seal's text stamped (or go without, and say so).
//  6. Write, with the lines and proofs of all these entries under that seal. Then Verify what was written.
package packet

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// File is one payload file.
type File struct {
	Path   string // below data/, separated by slashes: "證物/W0001/archive.wacz"
	Size   int64  // bytes
	SHA256 string // 64 lower-case hexadecimal digits
	// Open gives the bytes from the start; it is called once.
	Open func() (io.ReadCloser, error)
}

// Stamp is one time stamp over the seal's text: the full RFC 3161 reply as it was received.
type Stamp struct {
	Name  string // file name beside the seal, ending in ".tsr"
	Reply []byte
}

// Packet is all that Write needs. The entry packet.build among Entries says the rest.
type Packet struct {
	Name    string // X01-115偵12345: the one folder in the ZIP
	Files   []File
	Entries [][]byte        // log lines, ascending, without line feeds
	Proofs  []custody.Proof // one for each of Entries, in the same order, under Seal
	Seal    []byte          // the signed note
	Stamps  []Stamp
	// Sign gives the detached signature (CMS, DER) over tagmanifest-sha256.txt, by the certificate that the entry packet.build names (InfoSigner);
	// nil where it names none. It is called once, after everything else is known.
	Sign func(list []byte) ([]byte, error)
	// Progress tells how many bytes have been read of those that will be: each file is read once. May be nil.
	Progress func(done, total int64)
}

// Fixed places in a bag.
const (
	payload     = "data/"
	exhibitsDir = "證物/"
	// EntriesPath holds the log lines, one a line; ProofsPath their inclusion proofs in the same order.
	EntriesPath = "07_監管鏈/custody.jsonl"
	ProofsPath  = "07_監管鏈/proofs.json"
	// ViewerPath is the offline viewer.
	ViewerPath = "08_檢視器.html"
	sealName   = "seal.txt"
	stampExt   = ".tsr"
)

// Build is what the entry packet.build says beside its list of files.
type Build struct {
	Name    string            // of the packet
	Entries []int64           // numbers of the other entries that travel, ascending
	Info    map[string]string // label of bag-info.txt to its text
	LeftOut map[string]string // artifact, as "W0001/cookies.json", to the reason why this recipient does not get it
}

const (
	detailName    = "name"
	detailEntries = "entries"
	detailInfo    = "bag:"
	detailLeftOut = "left-out:"
)

// Detail is b in the form in which the entry keeps it.
func (b Build) Detail() map[string]string {
	d := map[string]string{detailName: b.Name, detailEntries: ranges(b.Entries)}
	for label, text := range b.Info {
		d[detailInfo+label] = text
	}
	for artifact, reason := range b.LeftOut {
		d[detailLeftOut+artifact] = reason
	}
	return d
}

// Same reports whether e already says that b was built of files.
func (b Build) Same(e custody.Entry, files []File) bool {
	made, err := parseBuild(e)
	if err != nil || !slices.Equal(e.Artifacts, Manifest(files)) {
		return false
	}
	again := b.Detail()
	if len(again) != len(made.Detail()) {
		return false
	}
	for key, text := range made.Detail() {
		if again[key] != text {
			return false
		}
	}
	return true
}

// parseBuild reads the entry packet.build; it accepts what Detail writes.
func parseBuild(e custody.Entry) (Build, error) {
	b := Build{Info: map[string]string{}, LeftOut: map[string]string{}}
	if e.Action != custody.PacketBuild {
		return b, fmt.Errorf("entry %d is %s, not %s", e.Number, e.Action, custody.PacketBuild)
	}
	for key, text := range e.Detail {
		label, isInfo := strings.CutPrefix(key, detailInfo)
		artifact, isLeftOut := strings.CutPrefix(key, detailLeftOut)
		switch {
		case key == detailName:
			b.Name = text
		case key == detailEntries:
			numbers, err := parseRanges(text, e.Number)
			if err != nil {
				return b, fmt.Errorf("entry %d: %w", e.Number, err)
			}
			b.Entries = numbers
		case isInfo:
			b.Info[label] = text
		case isLeftOut:
			b.LeftOut[artifact] = text
		default:
			return b, fmt.Errorf("entry %d: unknown detail %q", e.Number, key)
		}
	}
	return b, checkName(b.Name)
}

// Manifest lists files, sorted by path, as the artifacts of the entry packet.build.
func Manifest(files []File) []evidence.Artifact {
	list := make([]evidence.Artifact, 0, len(files))
	for _, f := range files {
		list = append(list, evidence.Artifact{Name: f.Path, Size: f.Size, SHA256: f.SHA256})
	}
	slices.SortFunc(list, func(a, b evidence.Artifact) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// ranges writes ascending numbers as "1,4-7".
func ranges(numbers []int64) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := strconv.FormatInt(numbers[i], 10)
		if j > i {
			part += "-" + strconv.FormatInt(numbers[j], 10)
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// maxEntries bounds the entries of one packet, so that a hostile range cannot fill the memory.
const maxEntries = 1 << 20

// parseRanges reads what ranges wrote; every number lies below limit.
func parseRanges(text string, limit int64) ([]int64, error) {
	var numbers []int64
	for part := range strings.SplitSeq(text, ",") {
		from, to, _ := strings.Cut(part, "-")
		if to == "" {
			to = from
		}
		first, err1 := strconv.ParseInt(from, 10, 64)
		last, err2 := strconv.ParseInt(to, 10, 64)
		if err1 != nil || err2 != nil || first < 1 || last < first || last >= limit || last-first >= maxEntries ||
			len(numbers) >= maxEntries {
			return nil, fmt.Errorf("list of entries %.40q", text)
		}
		for n := first; n <= last; n++ {
			numbers = append(numbers, n)
		}
	}
	if ranges(numbers) != text || !slices.IsSorted(numbers) {
		return nil, fmt.Errorf("list of entries %.40q is not in its canonical form", text)
	}
	return numbers, nil
}
