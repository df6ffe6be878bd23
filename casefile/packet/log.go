package packet

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yuzheng/casefile/custody"
)

// record is what custody.jsonl, proofs.json and seal.txt say.
type record struct {
	entries []custody.Entry
	lines   [][]byte // of entries
	proofs  []custody.Proof
	key     string // of the log
	seal    custody.Seal
	build   custody.Entry
	made    Build
	built   bool // build and made hold something
	sound   bool // entries, proofs and seal agree throughout
}

// detailKey is where the entry case.create names the log's public key; the key itself names the log (custody.Origin).
const detailKey = "public_key"

func entriesText(lines [][]byte) []byte {
	return append(bytes.Join(lines, []byte("\n")), '\n')
}

func proofsText(proofs []custody.Proof) ([]byte, error) {
	rows := make([][]byte, len(proofs))
	for i, p := range proofs {
		if p.Hashes == nil {
			p.Hashes = []custody.Hash{}
		}
		row, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("proof of entry %d: %w", p.Number, err)
		}
		rows[i] = row
	}
	return slices.Concat([]byte("[\n"), bytes.Join(rows, []byte(",\n")), []byte("\n]\n")), nil
}

func parseProofs(text []byte) ([]custody.Proof, error) {
	if err := fewLines(text, "{", maxEntries); err != nil {
		return nil, err
	}
	var proofs []custody.Proof
	if err := json.Unmarshal(text, &proofs); err != nil {
		return nil, err
	}
	if err := canonicalProofs(proofs, text); err != nil {
		return nil, err
	}
	return proofs, nil
}

// canonicalProofs reports whether text is proofsText of proofs, without making it: it may be long.
func canonicalProofs(proofs []custody.Proof, text []byte) error {
	rest, ok := bytes.CutPrefix(text, []byte("[\n"))
	for i, p := range proofs {
		end := ",\n"
		if i == len(proofs)-1 {
			end = "\n]\n"
		}
		row, err := proofsText([]custody.Proof{p})
		if err != nil {
			return err
		}
		row = row[len("[\n") : len(row)-len("\n]\n")]
		if rest, ok = bytes.CutPrefix(rest, append(row, end...)); !ok {
			break
		}
	}
	if !ok || len(rest) > 0 || len(proofs) == 0 {
		return errors.New("not in its canonical form")
	}
	return nil
}

// readLog checks entries, proofs and seal against each other. What it returns is as much as could be read.
func readLog(entries, proofs, seal []byte) (*record, findings) {
	var found findings
	add := func(code Code, file string, err error, against ...string) {
		found.add(Finding{Code: code, File: file, Problem: err.Error(), against: against})
	}
	r := &record{}
	lines, err := r.parse(entries)
	if err != nil {
		add(logForm, payload+EntriesPath, err)
	}
	if err := r.first(); err != nil {
		add(logFirst, payload+EntriesPath, err)
	}
	if err := r.findBuild(); err != nil {
		add(buildMissing, payload+EntriesPath, err)
	} else if err := r.complete(); err != nil {
		add(logEntries, payload+EntriesPath, err)
	}
	list, err := parseProofs(proofs)
	if err != nil {
		add(logForm, payload+ProofsPath, err)
	}
	if err := r.openSeal(seal); err != nil {
		add(sealInvalid, sealName, err, payload+EntriesPath) // which names the key
		return r, found
	}
	r.lines, r.proofs = lines, list
	r.prove(lines, list, &found)
	r.sound = found.len() == 0
	return r, found
}

// parse reads the lines up to the first that is not an entry.
func (r *record) parse(text []byte) ([][]byte, error) {
	body, ended := bytes.CutSuffix(text, []byte("\n"))
	if !ended {
		return nil, errors.New("does not end with a line feed")
	}
	var lines [][]byte
	for row := range bytes.SplitSeq(body, []byte("\n")) {
		if len(lines) == maxEntries {
			return lines, fmt.Errorf("line %d: %w", len(lines)+1, errLines)
		}
		e, err := custody.ParseEntry(row)
		if err != nil {
			return lines, fmt.Errorf("line %d: %w", len(lines)+1, err)
		}
		if n := len(r.entries); n > 0 && r.entries[n-1].Number >= e.Number {
			return lines, fmt.Errorf("line %d: entry %d after entry %d", n+1, e.Number, r.entries[n-1].Number)
		}
		lines = append(lines, row)
		r.entries = append(r.entries, e)
	}
	return lines, nil
}

func (r *record) first() error {
	if len(r.entries) == 0 || r.entries[0].Number != 1 || r.entries[0].Action != custody.CaseCreate {
		return errors.New("the first entry of the log is not there")
	}
	r.key = r.entries[0].Detail[detailKey]
	if r.key == "" {
		return errors.New("the first entry does not name the log's key")
	}
	return nil
}

func (r *record) findBuild() error {
	at := -1
	for i, e := range r.entries {
		if e.Action != custody.PacketBuild {
			continue
		}
		if at >= 0 {
			return fmt.Errorf("entries %d and %d both say that a packet was built", r.entries[at].Number, e.Number)
		}
		at = i
	}
	if at < 0 {
		return errors.New("no entry says that this packet was built")
	}
	made, err := parseBuild(r.entries[at])
	if err == nil {
		err = checkInfo(made)
	}
	if err != nil {
		return err
	}
	r.build, r.made, r.built = r.entries[at], made, true
	return nil
}

// complete compares the entries that travel with those that packet.build lists.
func (r *record) complete() error {
	var others []int64
	for _, e := range r.entries {
		if e.Number != r.build.Number {
			others = append(others, e.Number)
		}
	}
	if want, got := ranges(r.made.Entries), ranges(others); want != got {
		return fmt.Errorf("entry %d lists entries %s, the packet holds %s", r.build.Number, want, got)
	}
	return nil
}

func (r *record) openSeal(text []byte) error {
	seal, err := custody.ParseSeal(text, r.key)
	if err != nil {
		return err
	}
	if err := canonicalSeal(text); err != nil {
		return err
	}
	r.seal = seal
	return nil
}

// canonicalSeal refuses the other ways to write the same signature, which the form of a signed note would let pass.
func canonicalSeal(text []byte) error {
	rows := strings.Split(string(text), "\n")
	if len(rows) != 6 { // three of the checkpoint, an empty one, the signature, the end
		return fmt.Errorf("seal of %d lines", len(rows)-1)
	}
	_, sig, _ := strings.Cut(strings.TrimPrefix(rows[4], "— "), " ")
	raw, err := base64.StdEncoding.Strict().DecodeString(sig)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != sig {
		return errors.New("signature is not in its canonical form")
	}
	return nil
}

// prove leads every entry to the seal's root.
func (r *record) prove(lines [][]byte, proofs []custody.Proof, found *findings) {
	if len(proofs) != len(lines) {
		found.add(Finding{
			Code: logProof, File: payload + ProofsPath, against: []string{payload + EntriesPath},
			Problem: fmt.Sprintf("%d proofs for %d entries", len(proofs), len(lines)),
		})
		return
	}
	for i, p := range proofs {
		err := p.Check(lines[i], r.seal)
		if p.Number != r.entries[i].Number {
			err = fmt.Errorf("proof of entry %d stands where that of entry %d belongs", p.Number, r.entries[i].Number)
		}
		if err != nil {
			leaf := custody.LeafHash(lines[i])
			found.add(Finding{
				Code: logProof, File: payload + EntriesPath, Problem: err.Error(),
				against: []string{payload + ProofsPath, sealName},
				Want:    "root " + hex.EncodeToString(r.seal.Root[:]),
				Got:     "leaf " + hex.EncodeToString(leaf[:]),
			})
		}
	}
}
