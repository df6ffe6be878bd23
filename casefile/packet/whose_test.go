package packet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/custody"
)

// verifyWith checks a packet with what its reader knows beside it.
func verifyWith(t *testing.T, zip []byte, o Options) *Report {
	t.Helper()
	if o.Stamp == nil {
		o.Stamp = readFakeStamp
	}
	r, err := VerifyZIP(context.Background(), bytes.NewReader(zip), int64(len(zip)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// remade is a sample under the same names with another key of the same log, as somebody who copies an office makes it.
func remade(t *testing.T) *sample {
	t.Helper()
	key, err := custody.NewKey(custody.Origin("0123456789abcdef"), bytes.Repeat([]byte{9}, 32))
	if err != nil {
		t.Fatal(err)
	}
	own := newSample(t)
	s := &sample{t: t, key: key, files: own.files}
	for i, line := range own.lines {
		e, err := custody.ParseEntry(line)
		s.must(err)
		if i == 0 {
			e.Detail["public_key"] = key.Public()
		}
		s.add(e)
	}
	return s
}

// TestRemadeWithAnotherKey: a packet that somebody made whole, under an office's name, agrees with itself. It is said that the key is not known;
// where the office's own is known it is refused, however the office is written.
func TestRemadeWithAnotherKey(t *testing.T) {
	own, forged := write(t, newSample(t).packet(nil)), write(t, remade(t).packet(nil))
	print := verifyBytes(t, own).Whose.Fingerprint
	if r := verifyBytes(t, forged); !r.Good() || r.Whose.Standing != KeyUnknown || r.Whose.Fingerprint == print || r.Whose.Office != "臺灣臺北地方檢察署" {
		t.Errorf("nobody knows the key: %+v %+v", r.Whose, r.Findings)
	}
	for _, known := range []KnownKey{
		{Fingerprint: print, Office: "臺灣臺北地方檢察署"},
		{Fingerprint: print, Office: "台灣 台北地方檢察署", Number: "１１５偵１２３４５"},
		{Fingerprint: print, Office: "臺北地檢署", Number: "115年度偵字第12345號"},
	} {
		r := verifyWith(t, forged, Options{Known: []KnownKey{known}})
		if !has(r, KeyOther, payload+EntriesPath) || len(r.Findings) != 1 || r.Findings[0].Code != KeyOther || !r.Foreign() || r.Whose.Standing != KeyElsewhere {
			t.Errorf("%+v is known: %+v %+v", known, r.Whose, r.Findings)
		}
		if r := verifyWith(t, own, Options{Known: []KnownKey{known}}); !r.Good() || r.Whose.Standing != KeyKnown || r.Whose.KnownAs != known.Office {
			t.Errorf("%+v is known, the office's own packet: %+v %+v", known, r.Whose, r.Findings)
		}
	}
	mistyped := "00000 " + print[6:]
	if w := verifyWith(t, own, Options{Known: []KnownKey{{Fingerprint: mistyped, Office: "臺灣臺北地方檢察署"}}}).Whose; w.Standing != KeyElsewhere || w.Agree != 7 {
		t.Errorf("a key that was listed with a wrong group: %+v", w)
	}
	spoiled := bytes.Clone(forged)
	spoiled[len(spoiled)/2] ^= 1
	if r := verifyWith(t, spoiled, Options{Known: []KnownKey{{Fingerprint: print, Office: "臺灣臺北地方檢察署"}}}); r.Good() || r.Foreign() {
		t.Errorf("a spoiled one is said to agree with itself: %+v", r.Findings)
	}
	for _, known := range []KnownKey{{Fingerprint: print, Office: "臺灣高雄地方檢察署"}, {Fingerprint: print, Office: "臺灣臺北地方檢察署", Number: "115偵1"}} {
		if r := verifyWith(t, forged, Options{Known: []KnownKey{known}}); !r.Good() || r.Whose.Standing != KeyUnknown {
			t.Errorf("a key of another office or case speaks against it: %+v %+v", r.Whose, r.Findings)
		}
	}
}

// TestKnownUnderAnotherName: a key that is known of another office does not speak for this one.
func TestKnownUnderAnotherName(t *testing.T) {
	b := good(t)
	print := verifyBytes(t, b).Whose.Fingerprint
	for _, known := range []KnownKey{{Fingerprint: print, Office: "臺灣高雄地方檢察署"}, {Fingerprint: print, Office: "臺灣臺北地方檢察署", Number: "115偵1"}} {
		if w := verifyWith(t, b, Options{Known: []KnownKey{known}}).Whose; w.Standing != KeyMisnamed || w.KnownAs == "" {
			t.Errorf("%+v", w)
		}
	}
}

// TestNamesFolded: one office and one case are one, however people write them; others are others.
func TestNamesFolded(t *testing.T) {
	others := map[string]string{}
	for _, c := range []struct {
		fold func(string) string
		same []string
	}{
		{foldedOffice, []string{"臺灣臺北地方檢察署", "台灣台北地方檢察署", "臺北地檢署", "臺灣 臺北　地檢署", "台北\u200b地方檢察署"}},
		{foldedOffice, []string{"臺灣高雄地方檢察署", "高雄地檢署"}},
		{foldedOffice, []string{"臺灣高等檢察署"}},
		{foldedNumber, []string{"115偵12345", "115年偵字第12345號", "115年度偵字第12345號", "１１５ 年度 偵字 第１２３４５號", "115偵字第012345號", "115偵\u200b12345"}},
		{foldedNumber, []string{"115他12345", "115年度他字第12345號"}},
		{foldedNumber, []string{"115偵緝12345"}},
		{foldedNumber, []string{"114偵12345"}},
		{foldedNumber, []string{"115偵1234"}},
		{foldedNumber, []string{"11偵512345"}},
		{foldedNumber, []string{"練習"}},
		{foldedNumber, []string{""}},
	} {
		seen := c.fold(c.same[0])
		for _, name := range c.same {
			if got := c.fold(name); got != seen {
				t.Errorf("%q is %q, %q is %q", name, got, c.same[0], seen)
			}
		}
		if other, is := others[seen]; is {
			t.Errorf("%q and %q are one", c.same[0], other)
		}
		others[seen] = c.same[0]
	}
}

// TestExhibitsLeftOutBeforeSealing: what was never packed cannot be missed, but that entries are not here is said in number.
func TestExhibitsLeftOutBeforeSealing(t *testing.T) {
	s := newSample(t)
	delete(s.files, "證物/W0002/text.txt")
	delete(s.files, "證物/W0002/downloads/app.apk")
	files := s.list()
	travel := []int64{1, 2, 5} // neither the closing of the case nor W0002
	b := Build{Name: sampleName, Entries: travel, Info: map[string]string{}}
	s.add(custody.Entry{Actor: custody.Person, Action: custody.PacketBuild, Object: "X01", Detail: b.Detail(), Artifacts: Manifest(files)})
	s.add(custody.Entry{Actor: custody.System, Action: custody.SealMake})
	r := verifyBytes(t, write(t, s.assemble(files, append(travel, 6))))
	if w := r.Whose; !r.Good() || w.Here != 4 || w.Sealed != 7 || w.Absent != 3 {
		t.Errorf("%+v %+v", r.Whose, r.Findings)
	}
}

// TestSelfMadeAuthority: what an authority says that nobody trusts is no stamp, and is not told of as one.
func TestSelfMadeAuthority(t *testing.T) {
	b := good(t)
	if w := verifyBytes(t, b).Whose; w.Stamped != StampedTrusted || !slices.Equal(w.StampedBy, []string{"test"}) {
		t.Errorf("a trusted stamp: %+v", w)
	}
	r := verifyWith(t, b, Options{Stamp: func(message, reply []byte) (StampInfo, error) {
		info, err := readFakeStamp(message, reply)
		info.Trusted, info.Until = false, info.Time.Add(time.Hour)
		return info, err
	}})
	untrusted := slices.ContainsFunc(r.Unchecked, func(f Finding) bool { return f.Code == stampUntrusted })
	if !r.Good() || r.Whose.Stamped != StampedNot || r.Whose.StampedBy != nil || !untrusted || len(r.Notes) > 0 {
		t.Errorf("a self-made one: %+v %+v %+v", r.Whose, r.Unchecked, r.Notes)
	}
}

// seals makes a seal of every size of the sample's log, by the entries as they stand.
func (s *sample) seals() (list []custody.Seal) {
	for size := int64(1); size <= int64(len(s.lines)); size++ {
		root, err := custody.Root(size, s)
		s.must(err)
		seal, err := s.key.Seal(size, root)
		s.must(err)
		list = append(list, seal)
	}
	return list
}

// TestKeptSeal holds a packet against seals that were kept elsewhere: of its own history, of a history that was written anew by the key's holder,
// of a longer one, of another key; and texts that are none.
func TestKeptSeal(t *testing.T) {
	s := newSample(t)
	zip := write(t, s.packet(nil))
	sealed := int64(len(s.lines))
	within := 0
	for _, seal := range s.seals() {
		r := verifyWith(t, zip, Options{Seal: seal.Text})
		if !r.Good() || r.Whose.Seal != SealWithin && r.Whose.Seal != SealUndecided {
			t.Errorf("own seal of %d: %+v %+v", seal.Size, r.Whose, r.Findings)
		}
		if r.Whose.Seal == SealWithin {
			within++
		}
	}
	if within < 5 {
		t.Errorf("only %d of %d seals were decided", within, sealed)
	}
	anew := newSample(t)
	e, err := custody.ParseEntry(anew.lines[0])
	s.must(err)
	again := &sample{t: t, key: anew.key, files: anew.files, begun: start.Add(time.Second)}
	again.add(e)
	for _, line := range anew.lines[1:] {
		e, err := custody.ParseEntry(line)
		s.must(err)
		again.add(e)
	}
	rewritten := write(t, again.packet(nil))
	broken := 0
	for _, seal := range s.seals() {
		r := verifyWith(t, rewritten, Options{Seal: seal.Text})
		if r.Whose.Seal == SealWithin {
			t.Errorf("a history that was written anew contains the seal of %d", seal.Size)
		}
		if r.Whose.Seal == SealBroken && has(r, sealOther, sealName) {
			broken++
		}
	}
	if broken != within {
		t.Errorf("%d seals tell of the new history, %d lie in the own", broken, within)
	}
	for range 3 {
		s.add(custody.Entry{Actor: custody.System, Action: custody.CaseClose})
	}
	all := s.seals()
	if r := verifyWith(t, zip, Options{Seal: all[len(all)-1].Text}); !r.Good() || r.Whose.Seal != SealAfter || r.Whose.SealSize != sealed+3 {
		t.Errorf("a later seal: %+v %+v", r.Whose, r.Findings)
	}
	other := remade(t).seals()
	if r := verifyWith(t, zip, Options{Seal: other[2].Text}); r.Whose.Seal != SealStrange || !has(r, sealOther, sealName) {
		t.Errorf("a seal by another key: %+v %+v", r.Whose, r.Findings)
	}
	windows := []byte("\ufeff" + strings.ReplaceAll(string(all[sealed-1].Text), "\n", "\r\n") + "\r\n\r\n")
	if r := verifyWith(t, zip, Options{Seal: windows}); r.Whose.Seal != SealWithin {
		t.Errorf("as an editor keeps it: %+v", r.Whose)
	}
	for _, text := range typings(string(all[sealed-1].Text)) {
		if r := verifyWith(t, zip, Options{Seal: []byte(text)}); r.Whose.Seal != SealWithin {
			t.Errorf("as a person types it from paper, %q: %+v", text, r.Whose)
		}
	}
	spoiled := bytes.Replace(all[sealed-1].Text, []byte("\n7\n"), []byte("\n6\n"), 1)
	for _, text := range [][]byte{{}, []byte("hello\n"), []byte("a b c - d e"), []byte("- - - - - - -"), spoiled, bytes.Repeat([]byte("a"), maxSeal+1)} {
		_, err := VerifyZIP(context.Background(), bytes.NewReader(zip), int64(len(zip)), Options{Stamp: readFakeStamp, Seal: text})
		if !errors.Is(err, ErrNotSeal) {
			t.Errorf("%.40q is taken for a seal: %v", text, err)
		}
	}
}

// typings are ways in which people type a seal: in groups, in lines of their own, with another dash, in letters of full width.
func typings(seal string) []string {
	var groups []string
	for word := range strings.FieldsSeq(seal) {
		if len(word) > 40 && !strings.HasPrefix(word, "yuzheng") {
			for part := range slices.Chunk([]byte(word), 4) {
				groups = append(groups, string(part))
			}
			continue
		}
		groups = append(groups, word)
	}
	grouped := strings.Join(groups, " ")
	printed := "Sealed 7 entries — root abc=; 0 time stamps.\nKeep the seal (the lines below) - yuzheng verify --seal FILE:\n\n  " + strings.ReplaceAll(seal, "\n", "\n  ")
	list := []string{printed, strings.ReplaceAll(printed, "\n  — ", "\n  - "), grouped, strings.Join(groups, "\n"), strings.ReplaceAll(seal, "\n\n", "\n")}
	for _, dash := range []string{"-", "--", "–", "──", "ー", "－"} {
		list = append(list, strings.Replace(grouped, "—", dash, 1))
	}
	return append(list, strings.NewReplacer("+", "＋", "/", "／", "=", "＝", "A", "Ａ", "1", "１", " ", "\u3000").Replace(grouped))
}

// TestRootAt checks every root that the proofs of some entries of a longer log lead to, and that the entry after a seal always does.
func TestRootAt(t *testing.T) {
	s := newSample(t)
	for len(s.lines) < 67 {
		s.add(custody.Entry{Actor: custody.System, Action: custody.CaseClose})
	}
	roots := s.seals()
	for at := int64(1); at <= 67; at++ {
		p := s.assemble(nil, []int64{at})
		e, err := custody.ParseEntry(p.Entries[0])
		s.must(err)
		r := &record{entries: []custody.Entry{e}, lines: p.Entries, proofs: p.Proofs, seal: roots[66], sound: true}
		for size := int64(1); size <= 67; size++ {
			got, ok := r.rootAt(size)
			if ok && got != roots[size-1].Root {
				t.Fatalf("root of %d by entry %d is wrong", size, at)
			}
			if !ok && (size == at-1 || size == at || size == 67) {
				t.Errorf("entry %d does not lead to the root of %d", at, size)
			}
		}
	}
	r := &record{entries: []custody.Entry{{Number: 1}}, lines: [][]byte{{}}, proofs: []custody.Proof{{Number: 1, Hashes: make([]custody.Hash, 62)}}, seal: custody.Seal{Size: 1 << 62}, sound: true}
	if _, ok := r.rootAt(int64(binary.BigEndian.Uint64([]byte{0x3f, 255, 255, 255, 255, 255, 255, 1}))); ok {
		t.Error("a root out of nothing")
	}
}

// TestExpectedKey: a packet carries the key that was named, by itself or by its fingerprint, or is refused.
func TestExpectedKey(t *testing.T) {
	b := good(t)
	w := verifyBytes(t, b).Whose
	for _, key := range []string{w.Key, w.Fingerprint} {
		if r := verifyWith(t, b, Options{Key: key}); !r.Good() {
			t.Errorf("%s: %+v", key, r.Findings)
		}
		if r := verifyWith(t, write(t, remade(t).packet(nil)), Options{Key: key}); !r.Foreign() {
			t.Errorf("%s, another's packet: %+v", key, r.Findings)
		}
	}
}

// TestIncomplete: of a packet of which a part is gone, key and stamps with it, nothing is said about them, and that contents are equal is said of
// none that does not match.
func TestIncomplete(t *testing.T) {
	b := good(t)
	files := contents(t, b)
	delete(files, payload+EntriesPath)
	for name, spoiled := range map[string][]byte{"half": b[:len(b)/2], "without the end": b[:len(b)-200], "without its log": plain(t, files)} {
		r := verifyWith(t, spoiled, Options{Known: []KnownKey{{Fingerprint: "1", Office: "臺灣臺北地方檢察署"}}})
		if w := r.Whose; !r.Incomplete() || r.Good() || r.Foreign() || w.Standing != "" || w.Stamped != "" || w.Fingerprint != "" {
			t.Errorf("%s: %+v %+v", name, w, r.Findings)
		}
	}
	files = contents(t, b)
	if r := verifyBytes(t, repacked(t, b, zip.Deflate, nil)); !r.Good() || r.Incomplete() || !slices.ContainsFunc(r.Notes, func(f Finding) bool { return f.Code == ZIPRepacked }) {
		t.Errorf("packed again: %+v %+v", r.Notes, r.Findings)
	}
	files["bagit.txt"] = append(files["bagit.txt"], '\n')
	if r := verifyBytes(t, repacked(t, plain(t, files), zip.Deflate, nil)); r.Good() || r.Incomplete() || slices.ContainsFunc(r.Notes, func(f Finding) bool { return f.Code == ZIPRepacked }) {
		t.Errorf("packed again and altered: %+v %+v", r.Notes, r.Findings)
	}
}
