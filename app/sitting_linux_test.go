package app

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
)

// sitter is a session that a test drives from outside: lines into the program, keys into the browser's window.
type sitter struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines io.WriteCloser
	out   *bufio.Scanner
	said  said
}

// said is what the program tells beside its results.
type said struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *said) count(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Count(s.Bytes(), []byte(text))
}

func (r *queueRig) sits(args ...string) *sitter {
	r.t.Helper()
	s := &sitter{t: r.t, cmd: r.command(append([]string{"sit", r.dir}, args...)...)}
	s.cmd.Stderr = &s.said
	var err error
	if s.lines, err = s.cmd.StdinPipe(); err != nil {
		r.t.Fatal(err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	s.out = bufio.NewScanner(out)
	s.out.Buffer(nil, 8<<20)
	if err := s.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	return s
}

// tells gives the program a line and reads what it prints.
func (s *sitter) tells(line string, into any) {
	s.t.Helper()
	if _, err := io.WriteString(s.lines, line+"\n"); err != nil {
		s.t.Fatal(err)
	}
	if !s.out.Scan() {
		s.t.Fatalf("%q: nothing said; %s", line, s.said.Bytes())
	}
	if err := json.Unmarshal(s.out.Bytes(), into); err != nil {
		s.t.Fatalf("%q: %v in %s", line, err, s.out.Bytes())
	}
}

func (s *sitter) types(keys ...string) {
	for _, k := range keys {
		if name, ok := strings.CutPrefix(k, "key:"); ok {
			screen.Hands(s.t, "key", name)
		} else {
			screen.Hands(s.t, "type", "--delay", "20", k)
		}
	}
}

// logsIn types name and password, again where the browser was not yet listening.
func (s *sitter) logsIn(site *sitetest.Site) {
	s.t.Helper()
	screen.Front(s.t, "會員登入")
	for end := time.Now().Add(time.Minute); ; s.types("key:ctrl+r") {
		s.types("key:Tab", sitetest.SitUser, "key:Tab", sitetest.SitPassword, "key:Return")
		if asked(site, "/sit-club", 5*time.Second) {
			break
		}
		if time.Now().After(end) {
			s.t.Fatal("not logged in")
		}
	}
	screen.Front(s.t, "會員專區")
}

// joins gives a reason to the question that has been asked, again where the browser was not yet listening: what it then heard was no reason.
func (s *sitter) joins(site *sitetest.Site) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		s.types("115-12345", "key:Return")
		if asked(site, "/pressed/join", 5*time.Second) {
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the group was not joined")
		}
		if s.said.count("held back") == s.said.count("guard  asked") {
			s.types("key:Return") // 加入群組
		}
	}
}

// asked waits for a page to be asked for.
func asked(site *sitetest.Site, path string, patience time.Duration) bool {
	return eventually(patience, func() bool {
		return slices.ContainsFunc(site.Served(), func(served sitetest.Served) bool { return served.Path == path })
	})
}

// eventually waits for something to be so.
func eventually(patience time.Duration, is func() bool) bool {
	pace := time.NewTicker(20 * time.Millisecond)
	defer pace.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-pace.C {
		if is() {
			return true
		}
	}
	return false
}

// sat is what `sit --json` prints.
type sat struct {
	Exhibit, Verdict, Title, Sitting string
	Exhibits                         []string
	Actions                          []struct{ Actor, Action, Detail string }
}

// A person logs in by hand, joins a group once a reason is given, and captures twice: exhibits, log and list are in the case, the password is
// nowhere in it. The login that was kept opens the page in a later session, until it is taken away.
func TestSitting(t *testing.T) {
	needBrowser(t)
	screen.Program(t, "xdotool")
	screen.Open(t)
	r, site := newQueueRig(t), testSite(t)
	r.must("case", "new", r.dir, "--number", "115偵1", "--title", "互動擷取")
	how := append([]string{"--json", "--no-dns", "--no-rdap", "--no-clock"}, siteArgs(site, "bad")...)
	s := r.sits(append(how, site.URL("http", "bad", "/sit-login"), "--keep", "公務帳號 A-03", "--reason", "115偵1 指揮書")...)
	s.logsIn(site)
	var first, second, report sat
	s.tells("", &first)
	s.types("key:Tab", "key:Return") // 加入群組
	if !eventually(30*time.Second, func() bool { return s.said.count("guard  asked") > 0 }) {
		t.Fatalf("nobody was asked: %s", s.said.Bytes())
	}
	s.joins(site)
	s.tells("", &second)
	s.tells("q", &report)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, s.said.Bytes())
	}
	if first.Exhibit != "W0001" || first.Verdict != "complete" || first.Title != "會員專區" || second.Exhibit != "W0002" || second.Verdict != "complete" {
		t.Errorf("exhibits %+v %+v", first, second)
	}
	if report.Sitting != "I001" || report.Exhibit != "W0003" || len(report.Exhibits) != 2 {
		t.Errorf("report %+v", report)
	}
	for _, want := range [][3]string{{"tool", "navigate", "/sit-login"}, {"person", "fill", "not recorded"}, {"tool", "guard", "加入群組"}, {"person", "confirmed", "115-12345"}} {
		if !did(report, want) {
			t.Errorf("%v is not in the list %v", want, report.Actions)
		}
	}
	r.must("case", "check", r.dir)
	r.holdsNo(sitetest.SitPassword, s.said.Bytes())

	s = r.sits(append(how, site.URL("http", "bad", "/sit-club"), "--login", "公務帳號 A-03")...)
	screen.Front(s.t, "會員專區")
	s.tells("", &first)
	screen.Front(s.t, "會員專區")
	s.types("key:ctrl+w") // the person closes the window
	if !s.out.Scan() || json.Unmarshal(s.out.Bytes(), &report) != nil || report.Sitting != "I002" || s.cmd.Wait() != nil || first.Title != "會員專區" {
		t.Errorf("with the login: %+v %+v %s", first, report, s.said.Bytes())
	}
	r.must("login", "remove", r.dir, "公務帳號 A-03", "--reason", "帳號已歸還")
	err := r.command(append([]string{"sit", r.dir, site.URL("http", "bad", "/sit-club"), "--login", "公務帳號 A-03"}, how...)...).Run()
	if failed, ok := err.(*exec.ExitError); !ok || failed.ExitCode() != codePerson {
		t.Errorf("with a login that was taken away: %v", err)
	}
	r.must("case", "check", r.dir)
	r.checkNothingLeft()
}

func did(r sat, want [3]string) bool {
	for _, a := range r.Actions {
		if a.Actor == want[0] && a.Action == want[1] && strings.Contains(a.Detail, want[2]) {
			return true
		}
	}
	return false
}

// holdsNo looks for a password in everything that the case gives out in clear: exhibits, also inside their archives, and the log.
func (r *queueRig) holdsNo(password string, said []byte) {
	r.t.Helper()
	r.must("exhibit", "export", r.dir, "-o", r.out)
	if err := os.WriteFile(filepath.Join(r.out, "said"), said, 0o600); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.out, "log"), r.must("case", "log", r.dir, "--json"), 0o600); err != nil {
		r.t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(r.out, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".wacz") {
			data = inArchive(r.t, data)
		}
		for _, form := range []string{password, url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(password))} {
			if bytes.Contains(data, []byte(form)) {
				r.t.Errorf("%s holds %q", name, form)
			}
		}
		return nil
	})
	if err != nil || files < 20 {
		r.t.Errorf("%d files: %v", files, err)
	}
}

// inArchive unpacks every gzip member of a WACZ, whose ZIP does not compress them.
func inArchive(t *testing.T, data []byte) []byte {
	t.Helper()
	var plain bytes.Buffer
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte{0x1f, 0x8b, 8})
		if next < 0 {
			break
		}
		at += next
		if z, err := gzip.NewReader(bytes.NewReader(data[at:])); err == nil {
			z.Multistream(false)
			_, _ = io.Copy(&plain, z) // what is no member gives nothing
		}
	}
	if !bytes.Contains(plain.Bytes(), []byte("WARC/1.1")) {
		t.Error("no record was found in an archive")
	}
	return append(plain.Bytes(), data...)
}
