package casefile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/kv"
)

var (
	kills = flag.Int("kills", 8, "how often the child of TestKill is killed")
	flips = flag.Int("flips", 60, "how many bits TestFlips turns over")
)

// childCase tells the test binary to be the program that TestKill kills: it takes evidence into the case that this variable names.
const childCase = "YUZHENG_TEST_CHILD_CASE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childCase); dir != "" {
		if err := child(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// child admits exhibits until it is killed, and says which.
func child(dir string) error {
	c, err := Open(context.Background(), dir, Passphrase(phrase), OpenOptions{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	for i := 0; ; i++ {
		x, err := childExhibit(c, byte(i))
		if err != nil {
			return errors.Join(err, c.Close())
		}
		fmt.Println("admitted", x.ID, x.Artifacts[0].SHA256)
		if i%5 == 4 {
			if _, err := c.Seal(context.Background(), nil); err != nil {
				return err
			}
		}
	}
}

func childExhibit(c *Case, seed byte) (Exhibit, error) {
	in, err := c.Receive(context.Background(), IntakeOptions{})
	if err != nil {
		return Exhibit{}, err
	}
	for name, data := range map[string][]byte{"a": noise(seed, 700_000), "b": noise(byte(rand.IntN(256)), 1_500_000+int(seed%3)*9_000_000), "c": noise(7, 400_000)} {
		w, err := in.Create(name, "application/octet-stream")
		if err != nil {
			return Exhibit{}, err
		}
		if _, err := w.Write(data); err != nil {
			return Exhibit{}, errors.Join(err, in.Abandon(context.Background(), "write"))
		}
		if err := w.Close(); err != nil {
			return Exhibit{}, errors.Join(err, in.Abandon(context.Background(), "close"))
		}
	}
	if seed%4 == 3 {
		if err := in.Abandon(context.Background(), "on purpose"); err != nil {
			return Exhibit{}, err
		}
		return childExhibit(c, seed+1)
	}
	return in.Admit(context.Background(), json.RawMessage(`{}`), nil, "")
}

// TestKill kills a process at random instants while it takes evidence in: the case opens, is clean, and has every exhibit that was reported.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("not in the quick lane: it takes long")
	}
	done, exhibits, recoveries, sweeps := 0, 0, 0, 0
	for done < *kills {
		c, dir, _ := newCase(t)
		closeCase(t, c)
		reported := map[string]string{}
		for range min(5, *kills-done) { // a case that only grew would spend the time in its checks
			runChild(t, dir, time.Duration(rand.IntN(500))*time.Millisecond, reported)
			done++
			survived(t, dir, reported)
		}
		exhibits += len(reported)
		c = reopen(t, dir)
		recoveries += count(t, c, custody.CaseRecover)
		sweeps += count(t, c, custody.CaseSweep)
		closeCase(t, c)
	}
	t.Logf("%d kills: %d exhibits admitted, none lost, %d recoveries, %d sweeps", done, exhibits, recoveries, sweeps)
}

// survived opens a case whose session did not end and holds it against what was reported.
func survived(t *testing.T, dir string, reported map[string]string) {
	t.Helper()
	c := reopen(t, dir)
	clean(t, c)
	for id, sum := range reported {
		x, err := c.Exhibit(id)
		if err != nil || x.Artifacts[0].SHA256 != sum {
			t.Fatalf("%s was reported as admitted: %+v, %v", id, x, err)
		}
	}
	closeCase(t, c)
}

func count(t *testing.T, c *Case, action custody.Action) int {
	t.Helper()
	n := 0
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == action {
			n++
		}
	}
	return n
}

// runChild lets the child work for so long after it has opened the case and notes what it reports.
func runChild(t *testing.T, dir string, life time.Duration, reported map[string]string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childCase+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(life+50*time.Millisecond, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) == 3 && f[0] == "admitted":
			reported[f[1]] = f[2]
		case f[0] == "error" && !strings.Contains(lines.Text(), ErrFull.Error()):
			t.Errorf("child: %s", lines.Text())
		}
	}
	_ = cmd.Wait()
}

// failing fails the nth update: before anything is written, or after all of it is.
type failing struct {
	store
	left  *int
	after bool
}

var errInjected = errors.New("injected")

func (f failing) Update(fn func(*kv.Tx) error) error {
	*f.left--
	if *f.left != 0 {
		return f.store.Update(fn)
	}
	if f.after {
		if err := f.store.Update(fn); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %w", kv.ErrCommit, errInjected)
}

// TestFailAtEveryCommit fails each update of a session in turn, once before and once after it took effect.
func TestFailAtEveryCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("not in the quick lane: it takes long")
	}
	for _, after := range []bool{false, true} {
		for n := 1; ; n++ {
			if !failAt(t, n, after) {
				if n < 12 {
					t.Fatalf("the session has only %d commits", n)
				}
				break
			}
		}
	}
}

// failAt reports whether the session had an nth commit that could fail.
func failAt(t *testing.T, n int, after bool) bool {
	t.Helper()
	c, dir, _ := newCase(t)
	admit(t, c, map[string][]byte{"first": noise(1, 100_000)})
	closeCase(t, c)
	left := n
	open := func(o kv.Options) (store, error) {
		s, err := openKV(o)
		return failing{s, &left, after}, err
	}
	admitted, err := session(t, dir, open)
	if left <= 0 && !errors.Is(err, errInjected) {
		t.Errorf("commit %d (after %v) failed unseen: %v", n, after, err)
	}
	c = reopen(t, dir)
	clean(t, c)
	for _, id := range append(admitted, "W0001") {
		if _, err := c.Exhibit(id); err != nil {
			t.Errorf("commit %d (after %v): %s: %v", n, after, id, err)
		}
	}
	closeCase(t, c)
	return left <= 0
}

// session does a bit of everything until something fails, and returns the exhibits that were reported as admitted.
func session(t *testing.T, dir string, open opener) (admitted []string, err error) {
	c, err := openCase(t.Context(), dir, Passphrase(phrase), OpenOptions{Now: fixed, Operator: officer}, open)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for i := range byte(2) {
		in, err := c.Receive(t.Context(), IntakeOptions{})
		if err != nil {
			return admitted, err
		}
		w, err := in.Create("x", "text/plain")
		if err != nil {
			return admitted, err
		}
		if _, err := w.Write(noise(i, 100_000+int(i)*(9<<20))); err != nil {
			return admitted, errors.Join(err, in.Abandon(t.Context(), ""))
		}
		if err := w.Close(); err != nil {
			return admitted, errors.Join(err, in.Abandon(t.Context(), ""))
		}
		if i == 0 {
			if err := in.Abandon(t.Context(), "no"); err != nil {
				return admitted, err
			}
			continue
		}
		x, err := in.Admit(t.Context(), nil, nil, "")
		if x.ID != "" {
			admitted = append(admitted, x.ID)
		}
		if err != nil {
			return admitted, err
		}
	}
	if _, err := c.Put(t.Context(), "note", "", "text", ""); err != nil {
		return admitted, err
	}
	if _, err := c.AddPassphrase(t.Context(), "deputy", "", 10); err != nil {
		return admitted, err
	}
	_, err = c.Seal(t.Context(), []string{"http://tsa.example"})
	return admitted, err
}

// TestFlips turns over single bits of the files of a closed case. Each must be named: by the error of opening, or by a finding of the check.
func TestFlips(t *testing.T) {
	if testing.Short() {
		t.Skip("not in the quick lane: it takes long")
	}
	c, dir, _ := newCase(t)
	furnish(t, c)
	keep(t, c, "A-03", "session")
	for i := range byte(3) {
		closeCase(t, c)
		c = reopen(t, dir)
		admit(t, c, map[string][]byte{"more": noise(20+i, 400_000)})
	}
	closeCase(t, c)
	list, err := files(dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, closedFile))
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, fileSum{Path: closedFile, Size: info.Size()})
	rng := rand.New(rand.NewPCG(1, 2))
	opening, check := 0, 0
	for i := range *flips {
		f := list[rng.IntN(len(list))] // every second one over the files, the others over the bytes
		if i%2 == 0 {
			f = byBytes(list, rng)
		}
		bit := rng.Int64N(f.Size * 8)
		switch flip(t, dir, f.Path, bit) {
		case "open":
			opening++
		case "check":
			check++
		}
	}
	t.Logf("%d flips in %d files: %d named at opening, %d by the check, none unseen", *flips, len(list), opening, check)
}

func byBytes(list []fileSum, rng *rand.Rand) fileSum {
	var total int64
	for _, f := range list {
		total += f.Size
	}
	at := rng.Int64N(total)
	for _, f := range list {
		if at < f.Size {
			return f
		}
		at -= f.Size
	}
	panic("unreachable")
}

// flip turns one bit over in a copy of the case and says who named it.
func flip(t *testing.T, dir, file string, bit int64) string {
	t.Helper()
	bad, err := os.MkdirTemp("", "flip")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(bad)
	if err := os.CopyFS(filepath.Join(bad, "case"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	bad = filepath.Join(bad, "case")
	name := filepath.Join(bad, filepath.FromSlash(file))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[bit/8] ^= 1 << (bit % 8)
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), bad, Passphrase(phrase), OpenOptions{Now: fixed})
	if err != nil {
		if !strings.Contains(err.Error(), file) {
			t.Errorf("bit %d of %s: %v", bit, file, err)
		}
		return "open"
	}
	list := findings(t, c, CheckOptions{})
	closeCase(t, c)
	for _, f := range list {
		if f.Place == file {
			return "check"
		}
	}
	t.Errorf("bit %d of %s is not named: %v", bit, file, list)
	return "unseen"
}

// TestClearWords searches the folder of an open, a killed and a closed case for what it holds.
func TestClearWords(t *testing.T) {
	c, dir, _ := newCase(t)
	words := []string{"vip-invest", "假投資", "12345", "王小明", "a note", "screenshot.png"}
	admit(t, c, map[string][]byte{"screenshot.png": []byte(strings.Repeat("vip-invest 假投資 ", 2000))})
	if _, err := c.Put(t.Context(), "note", "", "a note", ""); err != nil {
		t.Fatal(err)
	}
	search := func(when string) {
		t.Helper()
		err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			for _, w := range words {
				if bytes.Contains(data, []byte(w)) {
					t.Errorf("%s: %s holds %q in clear", when, name, w)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	search("open")
	closeCase(t, c)
	search("closed")
}
