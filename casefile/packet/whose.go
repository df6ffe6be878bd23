package packet

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/text/unicode/norm"

	"yuzheng/casefile/custody"
)

// Standing is what this machine knows of a packet's key.
type Standing string

// The standings.
const (
	KeyUnknown   Standing = "unknown"  // nobody has added it here
	KeyKnown     Standing = "known"    // added by hand, for this office and case
	KeyMisnamed  Standing = "misnamed" // added by hand, for another office or case
	KeyElsewhere Standing = "other"    // another key is known for this office and case: the packet is refused
)

// detailNumber is where the entry case.create names the case.
const detailNumber = "number"

// The answers about a seal that was kept elsewhere.
const (
	SealWithin    = "within"    // the packet's history begins with what it covers
	SealAfter     = "after"     // it covers more than the packet: the packet is older
	SealUndecided = "undecided" // the packet does not bring the hashes that would tell
	SealBroken    = "rewritten" // it is of another history by the same key
	SealStrange   = "strange"   // it is by another key: of another case, or the packet is somebody else's
)

// The answers about time stamps.
const (
	StampedNot     = "none"      // no time stamp, or none by an authority that is trusted here
	StampedTrusted = "trusted"   // at least one
	stampedUnread  = "unchecked" // nobody here could read them
)

// Whose is what a check says first: who seals, who says so, and what of the history is there.
type Whose struct {
	Fingerprint string   `json:"fingerprint"` // of the key (custody.Fingerprint)
	Key         string   `json:"key"`
	Standing    Standing `json:"standing,omitempty"`     // empty: no key could be read
	KnownAs     string   `json:"known_as,omitempty"`     // office under which a person has added the key here
	Agree       int      `json:"groups_agree,omitempty"` // of KeyElsewhere: groups of the fingerprint that agree with the nearest one listed
	Office      string   `json:"office"`                 // that the packet says it is of
	Number      string   `json:"number"`                 // of the case, as the packet says
	Here        int      `json:"entries_here"`
	Sealed      int64    `json:"entries_sealed"`
	Absent      int64    `json:"entries_not_here"`
	Stamped     string   `json:"stamped,omitempty"`    // empty: the check did not come to the stamps
	StampedBy   []string `json:"stamped_by,omitempty"` // trusted authorities
	Seal        string   `json:"kept_seal,omitempty"`  // the answer about the seal that was given
	SealSize    int64    `json:"kept_seal_size,omitempty"`
}

// KnownKey is a key that a person has added to this machine's list. Without a number it is the only key of its office, beside others that are
// listed for it; with one it is the key of that case.
type KnownKey struct {
	Fingerprint string `json:"fingerprint"`
	Office      string `json:"office"`
	Number      string `json:"number,omitempty"`
}

// folded is a name in the form in which names are compared: people write 臺 and 台, wide and narrow letters, with and without spaces. What shows
// no mark of its own is no letter of a name.
func folded(name string) string {
	unseen := func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}
	return strings.ToLower(strings.ReplaceAll(strings.Map(unseen, norm.NFKC.String(name)), "臺", "台"))
}

// foldedOffice is the name of an office as it is compared: 臺灣臺北地方檢察署 is the 台北地檢署.
func foldedOffice(name string) string {
	name = strings.ReplaceAll(folded(name), "地方檢察署", "地檢署")
	if strings.HasSuffix(name, "地檢署") {
		name = strings.TrimPrefix(name, "台灣")
	}
	return name
}

// caseNumber parts a number of a case: year, kind, number.
var caseNumber = regexp.MustCompile(`^0*([0-9]+)(?:年度?)?(\p{Han}*?)字?第?0*([0-9]+)號?$`)

// foldedNumber is the number of a case as it is compared: 115偵12345 is 115年度偵字第12345號.
func foldedNumber(number string) string {
	return caseNumber.ReplaceAllString(folded(number), "$1 $2 $3")
}

// speaksFor reports whether k is a key that a packet of this office and case would have to carry.
func (k KnownKey) speaksFor(w Whose) bool {
	return foldedOffice(k.Office) == foldedOffice(w.Office) && (k.Number == "" || foldedNumber(k.Number) == foldedNumber(w.Number))
}

// SameOffice reports whether two names are of one office.
func SameOffice(a, b string) bool { return foldedOffice(a) == foldedOffice(b) }

// SameCase reports whether both are keys of one case, which has one key.
func (k KnownKey) SameCase(other KnownKey) bool {
	return k.Number != "" && SameOffice(k.Office, other.Office) && foldedNumber(k.Number) == foldedNumber(other.Number)
}

// agreeing counts the groups of two fingerprints that agree in their places.
func agreeing(a, b string) (n int) {
	groups := strings.Fields(b)
	for i, group := range strings.Fields(a) {
		n += count(i < len(groups) && groups[i] == group)
	}
	return n
}

// whose says who seals, and refuses what is under the name of a known office and not by its key.
func (c *check) whose(context.Context) error {
	w, r := &c.report.Whose, c.report
	w.Here, w.Sealed, w.Absent = r.Entries, r.SealSize, r.Left
	if r.Key == "" { // that is a finding already
		return c.keptSeal()
	}
	w.Key, w.Fingerprint, w.Standing = r.Key, custody.Fingerprint(r.Key), KeyUnknown
	if len(c.log.entries) > 0 {
		w.Office, w.Number = cut(c.log.entries[0].Operator.Office, maxSaid), cut(c.log.entries[0].Detail[detailNumber], maxSaid)
	}
	if r.Operator.Office != "" {
		w.Office = cut(r.Operator.Office, maxSaid)
	}
	var want []string
	for _, k := range c.options.Known {
		speaks := k.speaksFor(*w)
		if speaks {
			want = append(want, k.Fingerprint)
		}
		switch {
		case k.Fingerprint != w.Fingerprint:
		case speaks:
			w.Standing, w.KnownAs = KeyKnown, k.Office
		case w.Standing == KeyUnknown:
			w.Standing, w.KnownAs = KeyMisnamed, strings.TrimSpace(k.Office+" "+k.Number)
		}
	}
	if len(want) > 0 && !slices.Contains(want, w.Fingerprint) {
		w.Standing = KeyElsewhere
		for _, f := range want {
			w.Agree = max(w.Agree, agreeing(f, w.Fingerprint))
		}
		c.found(KeyOther, payload+EntriesPath, "it says that it is of an office whose key is known here, and carries another key", strings.Join(want, ", "), w.Fingerprint)
	}
	return c.keptSeal()
}

// stamped says who stamped, once the stamps were judged. What an authority says that nobody trusts is no stamp.
func (c *check) stamped(context.Context) error {
	w := &c.report.Whose
	if w.Key == "" {
		return nil
	}
	w.Stamped = StampedNot
	for _, s := range c.report.Stamps {
		if s.Trusted && !slices.Contains(w.StampedBy, s.Signer) {
			w.Stamped, w.StampedBy = StampedTrusted, append(w.StampedBy, s.Signer)
		}
	}
	if w.Stamped == StampedNot && slices.ContainsFunc(c.open.list, func(f Finding) bool { return f.Code == stampUnchecked }) {
		w.Stamped = stampedUnread
	}
	return nil
}

// ErrNotSeal is wrapped when what was given as a seal is none.
var ErrNotSeal = errors.New("not a seal")

// maxSeal is how long a seal may be that is given.
const maxSeal = 64 << 10

// keptSeal holds the packet's history against a seal that was kept elsewhere.
func (c *check) keptSeal() error {
	if c.options.Seal == nil {
		return nil
	}
	w := &c.report.Whose
	broken := func(answer, problem, want, got string) {
		w.Seal = answer
		c.found(sealOther, sealName, problem, want, got)
	}
	kept, err := ParseKept(c.options.Seal, c.log.key)
	w.SealSize = kept.Size
	var stranger *note.UnverifiedNoteError
	switch {
	case c.log.key == "" || c.log.seal.Size == 0: // that is a finding already
		w.Seal = SealUndecided
	case errors.As(err, &stranger):
		name, _, _ := strings.Cut(stranger.Note.Text, "\n")
		broken(SealStrange, "the kept seal is not by the packet's key", name, c.log.key)
	case err != nil:
		return err
	case kept.Size > c.log.seal.Size:
		w.Seal = SealAfter
		c.unchecked(sealLater, sealName, fmt.Sprintf("the kept seal covers %d entries, the packet's %d: the packet is older than the kept seal", kept.Size, c.log.seal.Size))
	default:
		root, known := c.log.rootAt(kept.Size)
		switch {
		case !known:
			w.Seal = SealUndecided
			c.unchecked(sealUnclear, sealName, fmt.Sprintf("the packet does not hold what would lead from its seal to the kept one of %d entries", kept.Size))
		case root != kept.Root:
			broken(SealBroken, fmt.Sprintf("the first %d entries are not those of the kept seal: the history was written anew", kept.Size), kept.Root.String(), root.String())
		default:
			w.Seal = SealWithin
		}
	}
	return nil
}

// ParseKept reads a seal as it comes from a file, a picture or a person's typing: with other line ends or spaces around it, or as typed reads it. The
// error of one by another key is a *note.UnverifiedNoteError, of what is none an ErrNotSeal.
func ParseKept(text []byte, public string) (custody.Seal, error) {
	if len(text) > maxSeal {
		return custody.Seal{}, fmt.Errorf("%w: longer than %d bytes", ErrNotSeal, maxSeal)
	}
	plain := strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n")) + "\n"
	var seal custody.Seal
	var err error
	var stranger *note.UnverifiedNoteError
	for _, form := range []string{plain, typed(plain)} {
		if seal, err = custody.ParseSeal([]byte(form), public); err == nil || errors.As(err, &stranger) {
			return seal, err
		}
	}
	return custody.Seal{}, fmt.Errorf("%w: %w", ErrNotSeal, err)
}

// typed puts a seal together that a person typed from paper: in groups, with lines broken anywhere, letters of full width and any dash. Words may
// stand above it, as in what case seal prints. Whether it is one its signature says.
func typed(text string) string {
	words := strings.Fields(norm.NFKC.String(text))
	words = words[max(0, slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, custody.Origin("")) })):]
	dash := slices.IndexFunc(words, func(w string) bool { return strings.Trim(w, "-‐–—―─ー一") == "" })
	if dash < 3 || len(words) < dash+3 {
		return text
	}
	return words[0] + "\n" + words[1] + "\n" + strings.Join(words[2:dash], "") + "\n\n— " + words[dash+1] + " " + strings.Join(words[dash+2:], "") + "\n"
}

// span is a run of entries [from, to), counted from 0.
type span struct{ from, to int64 }

// split parts a run as RFC 6962 does.
func (s span) split() (left, right span) {
	k := int64(1)
	for k*2 < s.to-s.from {
		k *= 2
	}
	return span{s.from, s.from + k}, span{s.from + k, s.to}
}

// rootAt is the root of the first size entries, as far as the proofs lead to it. They do wherever the entry after those (or the last of them)
// travels, as the entry seal.make of each earlier seal does.
func (r *record) rootAt(size int64) (tlog.Hash, bool) {
	if !r.sound {
		return tlog.Hash{}, false
	}
	known := map[span]tlog.Hash{}
	for i, p := range r.proofs {
		learn(known, span{0, r.seal.Size}, p.Number-1, custody.LeafHash(r.lines[i]), p.Hashes)
	}
	return r.hash(known, span{0, size})
}

// learn notes the hashes along the path from an entry to the root s, and gives that of s.
func learn(known map[span]tlog.Hash, s span, leaf int64, hash tlog.Hash, path []tlog.Hash) tlog.Hash {
	if s.to-s.from > 1 {
		left, right := s.split()
		last := len(path) - 1
		if leaf < left.to {
			known[right] = path[last]
			hash = tlog.NodeHash(learn(known, left, leaf, hash, path[:last]), path[last])
		} else {
			known[left] = path[last]
			hash = tlog.NodeHash(path[last], learn(known, right, leaf, hash, path[:last]))
		}
	}
	known[s] = hash
	return hash
}

// hash puts the hash of s together. It looks only where an entry travels: a seal may speak of any number of entries.
func (r *record) hash(known map[span]tlog.Hash, s span) (tlog.Hash, bool) {
	if h, ok := known[s]; ok {
		return h, true
	}
	if s.to-s.from < 2 || !r.near(s) {
		return tlog.Hash{}, false
	}
	left, right := s.split()
	a, ok := r.hash(known, left)
	if !ok {
		return a, false
	}
	b, ok := r.hash(known, right)
	return tlog.NodeHash(a, b), ok
}

// near reports whether an entry of s, or the one after it, travels: below any other run nothing is known.
func (r *record) near(s span) bool {
	i, _ := slices.BinarySearchFunc(r.entries, s.from+1, func(e custody.Entry, n int64) int { return int(min(max(e.Number-n, -1), 1)) })
	return i < len(r.entries) && r.entries[i].Number-1 <= s.to
}
