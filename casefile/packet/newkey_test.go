package packet

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"yuzheng/casefile/custody"
)

// anew makes tree, proofs and seal over changed entries by a key of the forger's own. Of the entries that he has not got he needs the hashes alone, and
// those stand in the proofs.
func (f *forger) anew() {
	f.t.Helper()
	lines, proofs := f.lines()
	r, _ := readLog(f.other[payload+EntriesPath], f.other[payload+ProofsPath], f.other[sealName]) // as they were
	known := map[span]tlog.Hash{}
	for i, p := range r.proofs {
		learn(known, span{0, r.seal.Size}, p.Number-1, custody.LeafHash(r.lines[i]), p.Hashes)
	}
	leaves := map[int64]tlog.Hash{}
	for i, p := range proofs {
		leaves[p.Number-1] = custody.LeafHash(lines[i])
	}
	var over func(s span) tlog.Hash
	over = func(s span) tlog.Hash {
		travels := slices.ContainsFunc(proofs, func(p custody.Proof) bool { return p.Number-1 >= s.from && p.Number-1 < s.to })
		if !travels {
			return known[s]
		}
		if s.to-s.from == 1 {
			return leaves[s.from]
		}
		left, right := s.split()
		return tlog.NodeHash(over(left), over(right))
	}
	whole := span{0, r.seal.Size}
	for i, p := range proofs {
		proofs[i].Hashes = nil
		for s := whole; s.to-s.from > 1; {
			its, beside := s.split()
			if p.Number-1 >= its.to {
				its, beside = beside, its
			}
			proofs[i].Hashes = slices.Insert(proofs[i].Hashes, 0, over(beside))
			s = its
		}
	}
	seal, err := f.strange().Seal(r.seal.Size, over(whole))
	f.must(err)
	f.put(lines, proofs)
	f.files[sealName] = seal.Text
}

// TestNewKey: somebody with a key of his own, and nothing of the case but its packet, makes one that agrees with itself and names another domain. What
// tells it from the true one is told: its fingerprint, a key that is known or given, a seal that was kept, the time stamp that is not over his seal.
// Lists that do not agree are found in it all the same.
func TestNewKey(t *testing.T) {
	v := victimOf(t)
	forge := func(lists ...string) []byte {
		f := v.forger(t)
		f.other = maps.Clone(f.files)
		name := f.name()
		for _, p := range lists {
			f.files[payload+p] = bytes.ReplaceAll(f.files[payload+p], []byte(name), []byte("innocent.example"))
			f.vouch(payload + p)
		}
		f.entry(func(e custody.Entry) bool { return e.Number == 1 }, func(e *custody.Entry) { e.Detail[detailKey] = f.strange().Public() })
		f.anew()
		delete(f.files, "seal.tsr")
		return f.whole()
	}
	o := v.options
	own := verifySigned(t, v.raw, o)
	packet := forge(tableJSONPath, tableCSVPath, domainsPath, zonePath)
	r := verifySigned(t, packet, o)
	if !r.Good() || r.Whose.Fingerprint == own.Whose.Fingerprint || r.Whose.Standing != KeyUnknown || len(r.Unchecked) != 1 || r.Unchecked[0].Code != stampAbsent {
		t.Fatalf("a packet by another key: %+v %+v", r.Whose, r)
	}
	office := r.Whose.Office
	for what, with := range map[string]func(o *Options){
		"the office's key is known":          func(o *Options) { o.Known = []KnownKey{{Fingerprint: own.Whose.Fingerprint, Office: office}} },
		"the key was given over the phone":   func(o *Options) { o.Key = own.Whose.Fingerprint },
		"a seal of the true packet was kept": func(o *Options) { o.Seal = v.files[sealName] },
	} {
		o := v.options
		with(&o)
		if r := verifySigned(t, packet, o); r.Good() || !r.Foreign() {
			t.Errorf("%s: %+v", what, r.Findings)
		}
		if r := verifySigned(t, v.raw, o); !r.Good() {
			t.Errorf("%s, the true packet: %+v", what, r.Findings)
		}
	}
	f := &forger{t: t, folder: v.forger(t).folder, files: contents(t, packet)}
	f.files["seal.tsr"] = v.files["seal.tsr"]
	if r := verifySigned(t, f.whole(), o); !has(r, stampInvalid, "seal.tsr") {
		t.Errorf("the true packet's stamp: %+v", r.Findings)
	}
	if r := verifySigned(t, forge(zonePath), o); !has(r, targetsDiffer, payload+zonePath) {
		t.Errorf("a zone with another name than the lists: %+v", r.Findings)
	}
}
