package packet

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"yuzheng/casefile/stamp"
)

var (
	mutatedPacket  = flag.String("mutations.packet", "", "packet that the tests of mutations change, in place of a small one of their own")
	mutatedOther   = flag.String("mutations.other", "", "signed packet of the same case, with another seal")
	mutatedProgram = flag.String("mutations.program", "", "program that judges, in place of this package")
	mutatedRoots   = flag.String("mutations.roots", "", "file of roots of its time stamps")
	mutatedTimes   = flag.Int("mutations.times", 150, "how many random mutations TestRandomMutations makes")
	mutatedSeed    = flag.Uint64("mutations.seed", 1, "chance of the random mutations")
)

// victim is a packet that the tests of mutations change, with who judges it.
type victim struct {
	raw, signed []byte
	files       map[string][]byte // of raw
	other       map[string][]byte
	options     Options
}

// officeFile is a document of an office program as far as its text goes.
func officeFile(t testing.TB, part, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(part)
	if err == nil {
		_, err = f.Write([]byte("<p>" + text + "</p>"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// courtSample is a small case with every kind of file that a court's packet has.
func courtSample(t testing.TB) *sample {
	t.Helper()
	archive, err := os.ReadFile("testdata/small.wacz") // of package wacz's own tests
	if err != nil {
		t.Fatal(err)
	}
	page, err := Viewer(viewerParts, ViewerData{Name: sampleName})
	if err != nil {
		t.Fatal(err)
	}
	s := newSample(t)
	s.admit("W0004", map[string][]byte{"archive.wacz": archive})
	const prose = "聲請扣押 vip.example 等 1 個網域名稱，被害人 12 人，民國115年11月23日"
	s.render(map[string][]byte{
		"01_聲請書.pdf": []byte("%PDF-1.4 聲請書 12"), "01_聲請書.odt": officeFile(t, "content.xml", prose), "01_聲請書.docx": officeFile(t, "word/document.xml", prose),
		"02_附表一_扣押標的.pdf": []byte("%PDF-1.4 附表 1"), "06_執行/執行單.pdf": []byte("%PDF-1.4 執行單"),
		"02_附表一_扣押標的.json":  []byte(`[{"name":"vip.example","scope":"exact","exhibits":["W0001"]}]`),
		"02_附表一_扣押標的.csv":   []byte("編號,網域名稱,範圍\n1,vip.example,僅本名\n"),
		"06_執行/domains.csv": []byte("網域名稱,範圍\nvip.example,僅本名\n"),
		"06_執行/rpz.zone":    []byte("$TTL 60\nvip.example IN CNAME sinkhole.example.\n"),
	})
	s.files["08_檢視器.html"] = page
	return s
}

// victimOf is the packet that the flags name, or a small one.
func victimOf(t *testing.T) victim {
	t.Helper()
	if *mutatedPacket != "" {
		return given(t)
	}
	s := courtSample(t)
	begun := int64(len(s.lines))
	s.add(s.note())
	p := s.packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	reply, root := stampedBy(t, p.Seal)
	p.Stamps[0].Reply = reply
	signer := operator(t)
	v := victim{raw: write(t, p), options: Options{
		Stamp: judgeOfStamps(root), Signature: signer.judge, Now: func() time.Time { return start.Add(24 * time.Hour) },
	}}
	other := courtSample(t)
	other.render(map[string][]byte{"01_聲請書.pdf": []byte("%PDF-1.4 追加聲請書")})
	v.other = contents(t, write(t, other.packet(map[string]string{"W0001/cookies.json": "連線憑證"})))
	v.other[sealName] = s.sealAt(begun)
	also := courtSample(t)
	also.signer = signer.Certificate().Fingerprint
	sp := also.packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	sp.Stamps = nil
	sp.Sign = func(list []byte) ([]byte, error) { return signer.Detached(list, time.Now()) }
	v.signed, v.files = write(t, sp), clipped(contents(t, v.raw))
	return v
}

func judgeOfStamps(root []byte) func(message, reply []byte) (StampInfo, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	return func(message, reply []byte) (StampInfo, error) {
		info, err := stamp.Verify(message, reply, roots)
		return StampInfo{Time: info.Time, Signer: info.Signer, Trusted: info.Trusted, Until: info.Until}, err
	}
}

func given(t testing.TB) victim {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	v := victim{raw: read(*mutatedPacket), signed: read(*mutatedOther)}
	v.files, v.other = clipped(contents(t, v.raw)), clipped(contents(t, v.signed))
	v.options = Options{Stamp: judgeOfStamps(read(*mutatedRoots)), Signature: operator(t).judge}
	return v
}

// forger gives somebody his own copies of it.
func (v victim) forger(t testing.TB) *forger {
	t.Helper()
	members, err := readDirectory(bytes.NewReader(v.raw), int64(len(v.raw)))
	if err != nil {
		t.Fatal(err)
	}
	folder, _, _ := strings.Cut(members[0].name, "/")
	return &forger{t: t, folder: folder, raw: v.raw, files: maps.Clone(v.files), other: v.other, signed: clipped(contents(t, v.signed))}
}

// clipped leaves no room behind the bytes of files: who appends to one writes elsewhere.
func clipped(files map[string][]byte) map[string][]byte {
	for path, b := range files {
		files[path] = slices.Clip(b)
	}
	return files
}

// judged is what a judge says of a packet: how the program ends, and what it names.
type judged struct {
	exit     int
	Findings []Finding `json:"findings"`
	Notes    []Finding `json:"notes"`
}

// exitDiffers is the exit code for evidence that does not match (app/exit.go).
const exitDiffers = 5

// judge asks the program, where the flags name one, or this package.
func (v victim) judge(t testing.TB, packet []byte) (j judged) {
	t.Helper()
	if *mutatedProgram == "" {
		r, err := VerifyZIP(context.Background(), bytes.NewReader(packet), int64(len(packet)), v.options)
		if err != nil {
			t.Fatal(err)
		}
		if j = (judged{Findings: r.Findings, Notes: r.Notes}); !r.Good() {
			j.exit = exitDiffers
		}
		return j
	}
	name := filepath.Join(t.TempDir(), "packet.zip")
	if err := os.WriteFile(name, packet, 0o600); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(name)
	out, err := exec.Command(*mutatedProgram, "verify", name, "--json", "--roots", *mutatedRoots).Output()
	if exit, ended := errors.AsType[*exec.ExitError](err); ended {
		j.exit = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if len(out) > 0 {
		if err := json.Unmarshal(out, &j); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

// theLog are the files of which each follows from the others: that one is wrong shows in the three alone.
var theLog = []string{payload + EntriesPath, payload + ProofsPath, sealName}

// tells reports whether file is among those named. Empty is any.
func tells(named []string, file string) bool {
	return len(named) > 0 && (file == "" || slices.Contains(named, file) || slices.Contains(theLog, file) && slices.ContainsFunc(named, func(f string) bool { return slices.Contains(theLog, f) }))
}

// filesOf lists the files of findings, and of what follows from them.
func filesOf(list []Finding) (files []string) {
	for _, f := range list {
		files = append(append(files, f.File), filesOf(f.Follows)...)
	}
	return files
}

// TestCleverMutations: whatever somebody without the case's key makes of a packet, with everything made anew that he can, is found, and the file is
// named; by the viewer too, opened from the disk with the network off.
func TestCleverMutations(t *testing.T) {
	v := victimOf(t)
	if j := v.judge(t, v.raw); j.exit != 0 || len(j.Findings)+len(j.Notes) != 0 {
		t.Fatalf("the packet itself: %+v", j)
	}
	if f := v.forger(t); !bytes.Equal(f.whole(), v.raw) || !bytes.Equal(zipped(f.slots(), nil, ""), v.raw) {
		t.Fatal("a packet that is made anew without a change is another packet")
	}
	mutants, files := map[string][]byte{}, map[string]string{}
	for _, m := range clever {
		mutant, file := m.make(v.forger(t))
		if _, twice := mutants[m.name]; twice || bytes.Equal(mutant, v.raw) {
			t.Fatalf("%s: twice, or no change", m.name)
		}
		mutants[m.name], files[m.name] = mutant, file
		if j := v.judge(t, mutant); j.exit != exitDiffers || !tells(filesOf(j.Findings), file) {
			t.Errorf("%s: exit %d, not named %q: %+v", m.name, j.exit, file, j.Findings)
		}
	}
	t.Logf("%d clever mutations", len(mutants))
	if testing.Short() {
		return
	}
	view := openViewer(t, v.raw)
	if s := view.check(t, v.raw); s.State != "good" {
		t.Fatalf("the viewer, of the packet itself: %+v", s)
	}
	seen := 0
	for _, m := range clever {
		s := view.check(t, mutants[m.name])
		switch file := files[m.name]; {
		case s.State != "bad":
			t.Errorf("%s: the viewer says %+v", m.name, s)
		case s.Refusal == "" && !tells(s.Files, file):
			t.Errorf("%s: the viewer does not name %q: %+v", m.name, file, s)
		default:
			seen++
		}
	}
	t.Logf("%d of them found by the viewer", seen)
}

// TestRandomMutations changes a packet at random: its bytes, or its files with everything made anew. Each is found, and where a file was changed it
// is named.
func TestRandomMutations(t *testing.T) {
	v := victimOf(t)
	chance := rand.New(rand.NewPCG(*mutatedSeed, 0))
	var view *viewer
	if !testing.Short() && *mutatedProgram != "" {
		view = openViewer(t, v.raw)
	}
	figures := map[string]int{}
	for i := range *mutatedTimes {
		mutant, kind, file := v.mutate(t, chance)
		j := v.judge(t, mutant)
		if j.exit != exitDiffers || !tells(filesOf(j.Findings), file) {
			t.Fatalf("mutation %d (%s of %q): exit %d, %+v", i, kind, file, j.exit, j.Findings)
		}
		figures[kind]++
		if view == nil {
			continue
		}
		if s := view.check(t, mutant); s.State != "bad" || s.Refusal == "" && !tells(s.Files, file) {
			t.Errorf("mutation %d (%s of %q): the viewer says %+v", i, kind, file, s)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(figures)) {
		t.Logf("%5d %s", figures[kind], kind)
	}
}

// mutate changes the bytes of the ZIP, or the files in it, until it is another packet. file is the one that must be named, where it is known.
func (v victim) mutate(t testing.TB, chance *rand.Rand) (mutant []byte, kind, file string) {
	t.Helper()
	if chance.IntN(2) == 0 {
		for mutant = v.raw; bytes.Equal(mutant, v.raw); {
			i := chance.IntN(len(spoilers))
			kind, mutant = "bytes "+spoilers[i].name, spoilers[i].spoil(chance, v.raw)
		}
		return mutant, kind, ""
	}
	for {
		f := v.forger(t)
		paths := slices.DeleteFunc(slices.Sorted(maps.Keys(f.files)), func(p string) bool {
			return strings.HasSuffix(p, stampExt) || slices.Contains([]string{manifest256Name, manifest512Name, tagManifestName}, p) // nothing vouches for a stamp; the lists are made anew
		})
		i, at := chance.IntN(len(changes)), paths[chance.IntN(len(paths))]
		file = changes[i].change(chance, f, at)
		if slices.Contains([]string{manifest256Name, manifest512Name, tagManifestName}, file) || maps.EqualFunc(f.files, v.files, bytes.Equal) {
			continue
		}
		if chance.IntN(4) == 0 {
			mutant, kind = f.again(nil), "files "+changes[i].name+", packed again"
		} else {
			mutant, kind = f.whole(), "files "+changes[i].name
		}
		if !maps.EqualFunc(f.files, v.files, bytes.Equal) {
			return mutant, kind, file
		}
	}
}

// spoilers change the bytes of a ZIP.
var spoilers = []struct {
	name  string
	spoil func(chance *rand.Rand, b []byte) []byte
}{
	{"flipped", func(chance *rand.Rand, b []byte) []byte {
		b = bytes.Clone(b)
		b[chance.IntN(len(b))] ^= 1 << chance.IntN(8)
		return b
	}},
	{"overwritten", func(chance *rand.Rand, b []byte) []byte {
		b = bytes.Clone(b)
		from, to := stretch(chance, len(b))
		copy(b[from:to], noise(chance, to-from))
		return b
	}},
	{"zeroed", func(chance *rand.Rand, b []byte) []byte {
		b = bytes.Clone(b)
		from, to := stretch(chance, len(b))
		clear(b[from:to])
		return b
	}},
	{"removed", func(chance *rand.Rand, b []byte) []byte {
		from, to := stretch(chance, len(b))
		return slices.Concat(b[:from], b[to:])
	}},
	{"inserted", func(chance *rand.Rand, b []byte) []byte {
		at := chance.IntN(len(b))
		return slices.Concat(b[:at], noise(chance, 1+chance.IntN(64)), b[at:])
	}},
	{"repeated", func(chance *rand.Rand, b []byte) []byte {
		from, to := stretch(chance, len(b))
		return slices.Concat(b[:to], b[from:])
	}},
	{"copied elsewhere", func(chance *rand.Rand, b []byte) []byte {
		b = bytes.Clone(b)
		from, to := stretch(chance, len(b))
		copy(b[chance.IntN(len(b)):], bytes.Clone(b[from:to]))
		return b
	}},
	{"cut off", func(chance *rand.Rand, b []byte) []byte { return b[:len(b)-1-chance.IntN(len(b)/2)] }},
}

// changes change one file of the bag, or two, and name the one at fault.
var changes = []struct {
	name   string
	change func(chance *rand.Rand, f *forger, at string) (file string)
}{
	{"flipped", func(chance *rand.Rand, f *forger, at string) string {
		if b := bytes.Clone(f.files[at]); len(b) > 0 {
			b[chance.IntN(len(b))] ^= 1 << chance.IntN(8)
			f.files[at] = b
		}
		return at
	}},
	{"cut off", func(chance *rand.Rand, f *forger, at string) string {
		f.files[at] = f.files[at][:chance.IntN(len(f.files[at])+1)]
		return at
	}},
	{"lengthened", func(chance *rand.Rand, f *forger, at string) string {
		f.files[at] = append(bytes.Clone(f.files[at]), noise(chance, 1+chance.IntN(64))...)
		return at
	}},
	{"of another", func(chance *rand.Rand, f *forger, at string) string {
		f.files[at] = f.files[some(chance, f)]
		return at
	}},
	{"swapped", func(chance *rand.Rand, f *forger, at string) string {
		other := some(chance, f)
		f.files[at], f.files[other] = f.files[other], f.files[at]
		if slices.Contains(theLog, other) {
			return other // without it nothing vouches for the other one
		}
		return at
	}},
	{"removed", func(_ *rand.Rand, f *forger, at string) string {
		delete(f.files, at)
		return at
	}},
	{"renamed", func(chance *rand.Rand, f *forger, at string) string {
		f.files[fmt.Sprintf("%s.%d", at, chance.IntN(100))] = f.files[at]
		delete(f.files, at)
		return at
	}},
	{"added", func(chance *rand.Rand, f *forger, at string) string {
		at = fmt.Sprintf("%s.%d", at, chance.IntN(100))
		f.files[at] = noise(chance, chance.IntN(100))
		return at
	}},
}

func some(chance *rand.Rand, f *forger) string {
	paths := slices.Sorted(maps.Keys(f.files))
	return paths[chance.IntN(len(paths))]
}

// stretch is a place in so many bytes: mostly a short one, now and then a long one.
func stretch(chance *rand.Rand, size int) (from, to int) {
	most := 64
	if chance.IntN(4) == 0 {
		most = size / 8
	}
	from = chance.IntN(size - 1)
	return from, min(size, from+1+chance.IntN(most))
}

func noise(chance *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(chance.Uint32())
	}
	return b
}

// viewer is the offline viewer of a packet in a browser, opened from the disk with the network off.
type viewer struct {
	page context.Context
	file string // that it is given
}

// shown is what the viewer says of a packet.
type shown struct {
	State   string   // good, open, bad
	Refusal string   // why it was not checked
	Files   []string // that are named, with those that follow
	Codes   []string
}

// openViewer lays the packet's own viewer on the disk and opens it.
func openViewer(t *testing.T, packet []byte) *viewer {
	t.Helper()
	path, dir := browser(t), t.TempDir()
	page := filepath.Join(dir, "08.html")
	if err := os.WriteFile(page, contents(t, packet)[payload+"08_檢視器.html"], 0o600); err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.ProxyServer("socks5://127.0.0.1:1"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the only page that is opened is the program's own
	}
	all, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, end := chromedp.NewContext(all)
	t.Cleanup(end)
	offline := func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}},
		})
		return chromedp.Void{}, err
	}
	if err := chromedp.Do(tab, offline, chromedp.Navigate("file://"+page), chromedp.Evaluate[chromedp.Void](`go("check")`)); err != nil {
		t.Fatal(err)
	}
	return &viewer{tab, filepath.Join(dir, "packet.zip")}
}

// said is what the page has to say once it has ended a check.
const said = `at.checking === "" && (at.result || at.refusal) ? (() => {
  const r = at.result, all = (list) => list.flatMap((p) => [p, ...all(p.follows || [])]), problems = r ? all(r.problems) : [];
  return { State: r ? verdict() : "bad", Refusal: at.refusal, Files: problems.map((p) => p.file), Codes: problems.map((p) => p.code + " " + p.file).concat(r ? r.unchecked.map((p) => p.code) : []) };
})() : null`

// check hands the viewer a packet as a person does, by the field for it.
func (v *viewer) check(t *testing.T, packet []byte) (s shown) {
	t.Helper()
	if err := os.WriteFile(v.file, packet, 0o600); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Do(v.page, chromedp.Evaluate[chromedp.Void](`at.result = null; at.refusal = ""`), chromedp.SetUploadFiles("#zip", []string{v.file}))
	if err == nil {
		s, err = chromedp.Run(v.page, chromedp.Poll[shown](said, chromedp.WithPollingTimeout(time.Minute)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}
