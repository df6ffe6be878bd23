package packet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// sample is a small case whose packet a test can spoil before or after it is written.
type sample struct {
	t      testing.TB
	key    *custody.Key
	lines  [][]byte
	hashes []custody.Hash
	files  map[string][]byte // payload by path
	begun  time.Time         // of the entries; start where it is zero
	signer string            // certificate that the packet is to be signed by
}

var start = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

const sampleName = "X01-115偵12345"

func newSample(t testing.TB) *sample {
	t.Helper()
	s := &sample{t: t, files: map[string][]byte{}}
	var err error
	s.key, err = custody.NewKey(custody.Origin("0123456789abcdef"), bytes.Repeat([]byte{7}, 32))
	s.must(err)
	s.add(custody.Entry{
		Actor: custody.Person, Action: custody.CaseCreate,
		Detail: map[string]string{"number": "115偵12345", "public_key": s.key.Public()},
	})
	s.admit("W0001", map[string][]byte{"text.txt": []byte("保證獲利\n"), "dom.html": []byte("<p>保證獲利</p>"), "cookies.json": []byte("[]")})
	s.add(custody.Entry{Actor: custody.System, Action: custody.CaseClose}) // does not travel
	s.admit("W0002", map[string][]byte{"text.txt": []byte("加入LINE\n"), "downloads/app.apk": []byte("PK apk")})
	s.render(map[string][]byte{"01_聲請書.pdf": []byte("%PDF-1.4 聲請書"), "01_聲請書.odt": []byte("odt")})
	s.files["08_檢視器.html"] = []byte("<!doctype html>")
	return s
}

func (s *sample) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// ReadHashes makes s the hash reader of its own log.
func (s *sample) ReadHashes(indexes []int64) ([]custody.Hash, error) {
	var list []custody.Hash
	for _, i := range indexes {
		if i >= int64(len(s.hashes)) {
			return nil, errors.New("no such hash")
		}
		list = append(list, s.hashes[i])
	}
	return list, nil
}

var _ tlog.HashReader = (*sample)(nil)

func (s *sample) add(e custody.Entry) {
	s.t.Helper()
	e.Number = int64(len(s.lines)) + 1
	begun := start
	if !s.begun.IsZero() {
		begun = s.begun
	}
	e.Time = custody.At(begun.Add(time.Duration(e.Number) * time.Minute))
	e.Operator = custody.Operator{Name: "王檢察事務官", Office: "臺灣臺北地方檢察署"}
	line, err := custody.MarshalEntry(e)
	s.must(err)
	more, err := custody.Hashes(e.Number, line, s)
	s.must(err)
	s.lines, s.hashes = append(s.lines, line), append(s.hashes, more...)
}

// note is an entry that tells of nothing in the packet.
func (s *sample) note() custody.Entry {
	return custody.Entry{Actor: custody.System, Action: custody.CaseClose}
}

// sealAt is the seal that the log had when it was so many entries long.
func (s *sample) sealAt(size int64) []byte {
	s.t.Helper()
	root, err := custody.Root(size, s)
	s.must(err)
	seal, err := s.key.Seal(size, root)
	s.must(err)
	return seal.Text
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func artifacts(files map[string][]byte) (list []evidence.Artifact) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, evidence.Artifact{Name: name, Size: int64(len(files[name])), SHA256: sum(files[name])})
	}
	return list
}

func (s *sample) admit(exhibit string, files map[string][]byte) {
	s.add(custody.Entry{Actor: custody.Tool, Action: custody.ExhibitAdmit, Object: exhibit, Artifacts: artifacts(files)})
	for name, b := range files {
		s.files["證物/"+exhibit+"/"+name] = b
	}
}

func (s *sample) render(files map[string][]byte) {
	s.add(custody.Entry{Actor: custody.Tool, Action: custody.DocumentRender, Object: "S01", Artifacts: artifacts(files)})
	maps.Copy(s.files, files)
}

func (s *sample) list() (files []File) {
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		b := s.files[path]
		files = append(files, File{Path: path, Size: int64(len(b)), SHA256: sum(b), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(b)), nil
		}})
	}
	return files
}

// packet builds the packet as the package comment says. Entries of closing a case stay behind.
func (s *sample) packet(leftOut map[string]string) Packet {
	s.t.Helper()
	for artifact := range leftOut {
		delete(s.files, "證物/"+artifact)
	}
	var travel []int64
	for i, line := range s.lines {
		if !bytes.Contains(line, []byte(custody.CaseClose)) {
			travel = append(travel, int64(i)+1)
		}
	}
	files := s.list()
	b := Build{Name: sampleName, Entries: travel, Info: map[string]string{"Source-Organization": "臺灣臺北地方檢察署"}, LeftOut: leftOut}
	if s.signer != "" {
		b.Info[InfoSigner] = s.signer
	}
	s.add(custody.Entry{
		Actor: custody.Person, Action: custody.PacketBuild, Object: "X01", Detail: b.Detail(), Artifacts: Manifest(files),
	})
	number := int64(len(s.lines))
	s.add(custody.Entry{Actor: custody.System, Action: custody.SealMake})
	return s.assemble(files, append(travel, number))
}

func (s *sample) assemble(files []File, travel []int64) Packet {
	s.t.Helper()
	size := int64(len(s.lines))
	root, err := custody.Root(size, s)
	s.must(err)
	seal, err := s.key.Seal(size, root)
	s.must(err)
	p := Packet{Name: sampleName, Files: files, Seal: seal.Text, Stamps: []Stamp{{"seal.tsr", fakeStamp(seal.Text, start.Add(time.Hour))}}}
	for _, n := range travel {
		proof, err := custody.Prove(size, n, s)
		s.must(err)
		p.Entries, p.Proofs = append(p.Entries, s.lines[n-1]), append(p.Proofs, proof)
	}
	return p
}

// fakeStamp is a stand-in for a time stamp: the hash of the message and the time.
func fakeStamp(message []byte, at time.Time) []byte {
	return []byte(sum(message) + " " + at.Format(time.RFC3339))
}

func readFakeStamp(message, reply []byte) (StampInfo, error) {
	hash, at, _ := strings.Cut(string(reply), " ")
	when, err := time.Parse(time.RFC3339, at)
	if err == nil && hash != sum(message) {
		err = fmt.Errorf("stamp over %s", hash)
	}
	return StampInfo{Time: when, Signer: "test", Trusted: true}, err
}

func write(t testing.TB, p Packet) []byte {
	t.Helper()
	var b memory
	if err := Write(context.Background(), &b, p); err != nil {
		t.Fatal(err)
	}
	return b
}

// memory is a file in memory.
type memory []byte

func (m *memory) Write(b []byte) (int, error) {
	*m = append(*m, b...)
	return len(b), nil
}

func (m *memory) WriteAt(b []byte, at int64) (int, error) { return copy((*m)[at:], b), nil }

func verifyBytes(t testing.TB, zip []byte) *Report {
	t.Helper()
	r, err := VerifyZIP(context.Background(), bytes.NewReader(zip), int64(len(zip)), Options{Stamp: readFakeStamp})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// good returns a packet that Verify finds whole.
func good(t testing.TB) []byte {
	t.Helper()
	zip := write(t, newSample(t).packet(map[string]string{"W0001/cookies.json": "連線憑證"}))
	if r := verifyBytes(t, zip); !r.Good() {
		t.Fatalf("a fresh packet: %+v", r.Findings)
	}
	return zip
}

// has reports whether a finding, or one that follows from it, is this.
func has(r *Report, code Code, file string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Code == code && f.File == file || has(&Report{Findings: f.Follows}, code, file)
	})
}
