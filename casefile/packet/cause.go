package packet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// One wrong file shows in many checks: in its hash, in the list that names the hash, in what is derived from it. Each check
// tells which files it held against each other; the one at fault is among them. A file for which a witness speaks (the sealed
// log, a manifest, the text that follows from the log) is not at fault; among the others the file that explains most is. What
// a file at fault explains stands below it (Finding.Follows).

// witnesses say which files are what they should be, and which are listed under another name.
type witnesses struct {
	cleared map[string]bool
	sealed  map[string]bool   // of those, what the sealed log speaks for: lists can be made anew, that cannot
	renamed map[string]string // the name of a file that nothing lists to the name under which its hash is listed
}

// causes gathers findings under the files that are at fault for them.
func causes(found []Finding, w witnesses) []Finding {
	left := make([]dispute, len(found))
	for i, f := range found {
		left[i] = dispute{f, w.suspects(f)}
	}
	out := []Finding{}
	weights := weigh(left)
	for len(left) > 0 {
		at := fault(weights, len(left))
		var its, rest []dispute
		for _, d := range left {
			if slices.Contains(d.suspects, at) {
				its = append(its, d)
				weights.put(d, -1)
			} else {
				rest = append(rest, d)
			}
		}
		out, left = append(out, w.gather(at, its)), rest
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return strings.Compare(a.File, b.File) })
	return out
}

// dispute is a finding and the files that can be at fault for it.
type dispute struct {
	Finding
	suspects []string
}

func (w witnesses) suspects(f Finding) []string {
	if is, other := w.renamed[f.File]; other {
		return []string{is}
	}
	cleared := func(path string) bool { return w.cleared[path] }
	list := slices.DeleteFunc(append([]string{f.File}, f.against...), cleared)
	if near(f.Want, f.Got) {
		if listed := slices.DeleteFunc(slices.Clone(f.against), cleared); len(listed) > 0 {
			return listed
		}
	}
	if len(list) == 0 { // somebody made lists anew: what is sealed is not at fault
		list = slices.DeleteFunc(append([]string{f.File}, f.against...), func(path string) bool { return w.sealed[path] })
	}
	if len(list) == 0 {
		return []string{f.File}
	}
	for i, path := range list {
		if is, other := w.renamed[path]; other {
			list[i] = is
		}
	}
	return list
}

// near reports whether two hashes share most of their digits: one of them was miswritten, for hashes of two files differ throughout.
func near(a, b string) bool {
	if len(a) < 64 || len(b) < 64 || strings.ContainsFunc(a[:64]+b[:64], func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }) {
		return false
	}
	differ := 0
	for i := range 64 {
		if a[i] != b[i] {
			differ++
		}
	}
	return differ < 16
}

// weight says for how many findings a file can be at fault, and for how many of them alone.
type weight struct{ all, alone int }

type weights map[string]weight

func weigh(left []dispute) weights {
	w := weights{}
	for _, d := range left {
		w.put(d, 1)
	}
	return w
}

// put adds a finding, or takes it out again.
func (w weights) put(d dispute, n int) {
	for _, s := range d.suspects {
		is := w[s]
		is.all += n
		if len(d.suspects) == 1 {
			is.alone += n
		}
		if w[s] = is; is.all == 0 {
			delete(w, s)
		}
	}
}

// fault is the file to be named next: one that alone can be at fault for something, else the one that explains most; of equal ones
// a file of the payload before the lists.
func fault(w weights, left int) string {
	best, most := "", -1
	for path, is := range w {
		n := is.all + is.alone*left
		if n < most || n == most && before(best, path) {
			continue
		}
		best, most = path, n
	}
	return best
}

// before orders files that explain as much.
func before(a, b string) bool {
	if list(a) != list(b) {
		return list(a) < list(b)
	}
	return a < b
}

func list(path string) int {
	if path == manifest256Name || path == manifest512Name || path == tagManifestName {
		return 1
	}
	return 0
}

// rank orders the findings about one file: the first of these names the cause best.
var rank = []Code{
	KeyOther, sealOther, PacketAbsent, zipUnreadable, zipMethod, pathUnsafe, pathClash, pathLink, exhibitChanged, exhibitMissing, exhibitUnknown, paperChanged, paperMissing,
	fileRenamed, FileChanged, FileMissing, fileAdded, sealInvalid, stampInvalid, stampEarly, signInvalid, signOther, logForm, logFirst, logProof, logEntries, buildMissing,
	packetName, BagForm, manifestForm, ManifestDiffer, manifestWrong, archiveBroken, targetsDiffer, citeUnknown, zipChecksum, ZIPForm,
}

// gather makes one finding of all that the file at explains.
func (w witnesses) gather(at string, its []dispute) Finding {
	best := -1
	for i, d := range its {
		if d.File == at && (best < 0 || slices.Index(rank, d.Code) < slices.Index(rank, its[best].Code)) {
			best = i
		}
	}
	cause := Finding{Code: FileChanged, File: at, Problem: "what is held against it does not match"}
	if list(at) == 1 {
		cause.Code, cause.Problem = manifestWrong, "says of files what is not so"
	}
	for name, is := range w.renamed {
		if is == at {
			cause = Finding{Code: fileRenamed, File: at, Problem: "its bytes lie under another name", Want: at, Got: name}
			best = -1
		}
	}
	if best >= 0 {
		cause = its[best].Finding
		its = slices.Delete(its, best, best+1)
	}
	for _, d := range its {
		cause.Follows = append(cause.Follows, d.Finding)
	}
	return cause
}

// witnesses hears the log and the manifests.
func (c *check) witnesses(context.Context) (witnesses, error) {
	w := witnesses{cleared: map[string]bool{}, sealed: map[string]bool{}, renamed: map[string]string{}}
	if c.log.sound {
		for _, path := range []string{payload + EntriesPath, payload + ProofsPath, sealName} {
			w.cleared[path], w.sealed[path] = true, true
		}
	}
	listed := map[string]string{} // hash to name, of what is not there
	for _, m := range manifests {
		text, err := c.text(m.name)
		if err != nil {
			return w, err
		}
		if text == nil {
			continue
		}
		w.cleared[m.name] = w.cleared[m.name] || bytes.Equal(text, manifestText(manifest(c.digests, m.belongs, m.hash)))
		for row := range rows(text) {
			hash, path, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "  ")
			if d, there := c.digests[path]; !there {
				listed[hash] = path
			} else if m.hash(d) == hash {
				w.cleared[path] = true
			}
		}
	}
	if s := c.report.Signature; s != nil && s.Certificate == c.signer() {
		w.cleared[tagManifestName] = true
	}
	if c.log.sound && c.log.built {
		for _, a := range c.log.build.Artifacts {
			path := payload + a.Name
			d, there := c.digests[path]
			same := there && d.sha256 == a.SHA256 && d.size == a.Size
			if w.cleared[path], w.sealed[path] = same, same; !there {
				listed[a.SHA256] = path
			}
		}
	}
	if _, there := c.digests[tagManifestName]; !there { // nothing lists it, but it follows from the others
		text := manifestText(manifest(c.digests, func(path string) bool { return isTag(path) && tagFile(path) }, hash256))
		sum := sha256.Sum256(text)
		listed[hex.EncodeToString(sum[:])] = tagManifestName
	}
	return w, c.rename(w, listed)
}

// rename finds what is listed, and not there, among the files that nothing lists.
func (c *check) rename(w witnesses, missing map[string]string) error {
	listed, err := c.listed()
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, f := range c.all.list {
		is, away := missing[c.digests[f.File].sha256]
		unknown := f.Code == fileAdded && !listed[f.File] && !tagFile(f.File)
		if away && unknown && !taken[is] {
			w.renamed[f.File], taken[is] = is, true
		}
	}
	return nil
}
