package packet

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/custody"
)

// The tag files of the bag (RFC 8493, 2.2).
const (
	bagitName       = "bagit.txt"
	infoName        = "bag-info.txt"
	manifest256Name = "manifest-sha256.txt"
	manifest512Name = "manifest-sha512.txt"
	tagManifestName = "tagmanifest-sha256.txt"

	bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
)

// digest is what one reading of a file gives.
type digest struct {
	size           int64
	sha256, sha512 string
	crc            uint32
}

// line is one record of a manifest, in the form of sha256sum.
type line struct{ hash, path string }

// manifest lists the digests of those paths that belong, sorted by path.
func manifest(digests map[string]digest, belongs func(path string) bool, hash func(digest) string) []line {
	var list []line
	for path, d := range digests {
		if belongs(path) {
			list = append(list, line{hash(d), path})
		}
	}
	slices.SortFunc(list, func(a, b line) int { return strings.Compare(a.path, b.path) })
	return list
}

func manifestText(list []line) []byte {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(l.hash + "  " + l.path + "\n")
	}
	return []byte(b.String())
}

// parseManifest accepts what manifestText writes of a sorted list.
func parseManifest(text []byte) ([]line, error) {
	if err := fewLines(text, "\n", maxManifest); err != nil {
		return nil, err
	}
	var list []line
	for row := range strings.Lines(string(text)) {
		hash, path, ok := strings.Cut(strings.TrimSuffix(row, "\n"), "  ")
		if !ok || path == "" || strings.Trim(hash, "0123456789abcdef") != "" {
			return nil, fmt.Errorf("line %d is not a hash and a name", len(list)+1)
		}
		list = append(list, line{hash, path})
	}
	for i := range list {
		if i > 0 && list[i-1].path >= list[i].path {
			return nil, fmt.Errorf("%s is out of order", list[i].path)
		}
	}
	if !bytes.Equal(manifestText(list), text) {
		return nil, fmt.Errorf("not in its canonical form")
	}
	return list, nil
}

func isPayload(path string) bool { return strings.HasPrefix(path, payload) }

// isTag reports whether the list of the tag files names path: it names neither itself nor what is signed over it.
func isTag(path string) bool {
	return !isPayload(path) && path != tagManifestName && path != signatureName
}

func hash256(d digest) string { return d.sha256 }

func hash512(d digest) string { return d.sha512 }

// infoText is bag-info.txt, all of which follows from the entry packet.build and the payload.
func infoText(b Build, e custody.Entry, digests map[string]digest) []byte {
	var octets int64
	var streams int
	for path, d := range digests {
		if isPayload(path) {
			octets += d.size
			streams++
		}
	}
	rows := []string{
		"Bagging-Date: " + e.Time.String()[:len("2006-01-02")],
		"External-Identifier: " + b.Name,
		"Payload-Oxum: " + strconv.FormatInt(octets, 10) + "." + strconv.Itoa(streams),
	}
	for label, text := range b.Info {
		rows = append(rows, label+": "+text)
	}
	for artifact, reason := range b.LeftOut {
		rows = append(rows, "Left-Out: "+artifact+": "+reason)
	}
	slices.Sort(rows)
	return []byte(strings.Join(rows, "\n") + "\n")
}

// checkInfo reports a field that bag-info.txt cannot hold on one line of its own.
func checkInfo(b Build) error {
	for _, own := range []string{"Bagging-Date", "External-Identifier", "Payload-Oxum", "Left-Out"} {
		if _, taken := b.Info[own]; taken {
			return fmt.Errorf("bag-info field %s is written by this package", own)
		}
	}
	for label, text := range b.Info {
		if label == "" || strings.ContainsAny(label, ":\r\n \t") || strings.ContainsAny(text, "\r\n") {
			return fmt.Errorf("bag-info field %q does not fit on one line", label)
		}
	}
	for artifact, reason := range b.LeftOut {
		if reason == "" || strings.ContainsAny(artifact+reason, "\r\n") {
			return fmt.Errorf("%s is left out without a reason on one line", artifact)
		}
	}
	return nil
}
