package app

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"filippo.io/age"
	"golang.org/x/sys/unix"

	"yuzheng/capture/sitetest/screen"
	"yuzheng/casefile/legible"
)

// forged is a name that draws a check mark over what stands on the screen, colours, names the window, turns round and hides.
const forged = "a\x1b[2J\x1b[1;1H\u2714內容完整\u009b31m\x1b]0;x\a\u202egnp.exe\u2066\u200b\U000E0041\x7f\b\rb"

// recorder runs the program on a terminal of its own and reads what it writes there.
type recorder struct {
	*queueRig
	ran    map[string]bool // commands
	seen   int             // runs that had to show something forged, and made it visible
	loaded chan struct{}
	office []string // the option that opens the case with an office key, which takes no time
}

// on runs the program on a terminal that adds nothing of its own. It gives what was written and the exit code.
// Keys are pressed once the page says that it is loaded.
func (r *recorder) on(keys []string, args ...string) (string, int) {
	r.t.Helper()
	terminal, end := pseudo(r.t)
	defer terminal.Close()
	if slices.Contains(args, r.dir) {
		args = append(args, r.office...)
	}
	cmd := r.command(args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = r.temp, end, end, end
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	end.Close()
	go func() {
		for _, k := range keys {
			<-r.loaded
			_, _ = io.WriteString(terminal, k) // what is not typed is missed below
		}
	}()
	text, err := io.ReadAll(terminal)
	if err != nil && !errors.Is(err, syscall.EIO) { // what Linux says when the other end is closed
		r.t.Fatal(err)
	}
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		r.t.Fatal(err)
	}
	r.check(args, string(text))
	return string(text), cmd.ProcessState.ExitCode()
}

// check looks for anything but text, line feeds and tabs.
func (r *recorder) check(args []string, text string) {
	r.t.Helper()
	if !utf8.ValidString(text) {
		r.t.Errorf("%q writes what is no UTF-8: %q", args, text)
	}
	for i, c := range text {
		if c != '\n' && c != '\t' && legible.Hidden(c) {
			r.t.Errorf("%q writes U+%04X: %q", args, c, text[max(0, i-80):min(len(text), i+80)])
			return
		}
	}
}

// run runs a command.
func (r *recorder) run(command string, args ...string) (text string) {
	r.t.Helper()
	text, _ = r.on(nil, append(strings.Fields(command), args...)...)
	r.ran[command] = true
	return text
}

// shows runs a command that has to show something forged.
func (r *recorder) shows(command string, args ...string) string {
	r.t.Helper()
	text := r.run(command, args...)
	if !strings.Contains(text, "[U+202E]") && !strings.Contains(text, `\u202e`) { // as everything is shown, or as Go quotes
		r.t.Errorf("%s shows nothing of what was forged: %q", command, text)
	}
	r.seen++
	return text
}

// exact runs a command for programs: JSON on a terminal is text too, and its values are to the bit what was typed.
func (r *recorder) exact(args ...string) {
	r.t.Helper()
	text, _ := r.on(nil, append(args, "--json")...)
	found := false
	for line := range strings.Lines(text) {
		if !strings.ContainsAny(line[:1], "{[") {
			continue // of standard error
		}
		var value any
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			r.t.Errorf("%q: %v in %q", args, err, line)
		}
		found = found || holds(value, forged)
	}
	if !found {
		r.t.Errorf("%q has not the value that was typed: %q", args, text)
	}
}

// holds reports whether text is part of a value somewhere in JSON.
func holds(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(v, text)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return holds(e, text) })
	case map[string]any:
		for _, e := range v {
			if holds(e, text) {
				return true
			}
		}
	}
	return false
}

// pseudo opens a terminal: the one end for the recorder, the other for the program.
func pseudo(t *testing.T) (terminal, end *os.File) {
	t.Helper()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	fd := int(terminal.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		end, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	how, err := unix.IoctlGetTermios(int(end.Fd()), unix.TCGETS)
	if err == nil {
		how.Oflag &^= unix.OPOST
		how.Lflag &^= unix.ECHO
		err = unix.IoctlSetTermios(int(end.Fd()), unix.TCSETS, how)
	}
	if err != nil {
		t.Fatal(err)
	}
	return terminal, end
}

// commands are those that the program's help names.
func (r *recorder) commands() (list []string) {
	help, _ := r.on(nil, "--help")
	for line := range strings.Lines(help) {
		if m := regexp.MustCompile(`^  ([a-z]+(?: [a-z]+)*) {2,}\S`).FindStringSubmatch(line); m != nil {
			list = append(list, m[1])
		}
	}
	return list
}

// forgedZIP is a ZIP whose names are forged.
func forgedZIP(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"X01/bagit.txt", "X01/data/" + forged, "X01/" + forged + ".tsr", "X01/manifest-sha256.txt", "X01/seal.txt"} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"+forged+"\n")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestTerminal runs every command on a terminal over hostile names: titles and addresses of a page, files, ZIP members, cells of lists, tags,
// notes, what operators typed, paths, options. Nothing but text, line feeds and tabs is written.
func TestTerminal(t *testing.T) {
	needBrowser(t)
	screen.Open(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	rig := newQueueRig(t)
	rig.dir = filepath.Join(filepath.Dir(rig.dir), "case"+strings.ReplaceAll(forged, "/", ""))
	r := &recorder{queueRig: rig, ran: map[string]bool{}, loaded: make(chan struct{}, 1)}
	all := r.commands()
	if len(all) < 40 {
		t.Fatalf("only %d commands: %q", len(all), all)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch q.URL.Path {
		case "/loaded":
			select {
			case r.loaded <- struct{}{}:
			default: // it was loaded again
			}
		case "/sit":
			fmt.Fprint(w, "<script>onload = () => fetch('/loaded')</script>")
		}
		fmt.Fprintf(w, "<!doctype html><title>%s</title><p>%s<a href=\"/next\">next</a>", forged, forged)
	}))
	defer page.Close()
	r.case_()
	r.captures(page)
	r.queue()
	r.outside()
	r.ends()
	for _, c := range all {
		if !r.ran[c] {
			t.Errorf("%q was not run", c)
		}
	}
	t.Logf("%d commands, %d of them had to show what was forged", len(all), r.seen)
}

func (r *recorder) file(name, text string) string {
	r.t.Helper()
	path := filepath.Join(r.temp, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

func (r *recorder) case_() {
	office, err := age.GenerateX25519Identity()
	if err != nil {
		r.t.Fatal(err)
	}
	r.shows("case new", r.dir, "--number", "1"+forged, "--title", forged, "--operator", forged, "--office", forged, "--operator-title", forged, "--recipient", office.Recipient().String())
	r.office = []string{"--open-with", r.file("office", office.String()+"\n")}
	r.shows("case info", r.dir)
	reply := r.file("reply"+forged+".txt", "函覆")
	r.shows("exhibit add", r.dir, reply, "--kind", "reply", "--from", forged, "--received", forged, "--reason", forged)
	r.shows("exhibit note", r.dir, "W0001", forged+"\n"+forged)
	r.shows("exhibit tag", r.dir, "W0001", forged)
	r.shows("exhibit shows", r.dir, "W0001", forged)
	r.shows("exhibit show", r.dir, "W0001")
	r.shows("exhibit list", r.dir)
	r.shows("case log", r.dir)
	r.exact("case", "info", r.dir)
	r.exact("case", "log", r.dir)
	r.exact("exhibit", "list", r.dir)
	r.exact("exhibit", "show", r.dir, "W0001")
	r.run("exhibit redact", r.dir, "W0001")
	r.run("exhibit export", r.dir, "-o", filepath.Join(r.temp, "out"+forged))
	r.shows("case keys add", r.dir, "--new-file", r.file("new"+forged, "another long horse battery"), "--label", forged)
	r.shows("case keys list", r.dir)
	r.shows("case keys remove", r.dir, forged, "--reason", forged)
	r.run("case seal", r.dir, "--tsa", "http://127.0.0.1:1/"+forged)
	r.run("case stamps", r.dir)
	r.run("case check", r.dir)
	r.shows("case pack", r.dir, "-o", filepath.Join(r.temp, "packed"+forged))
	r.shows("case unpack", filepath.Join(r.temp, "packed"+forged), filepath.Join(r.temp, "un"+forged))
}

func (r *recorder) captures(page *httptest.Server) {
	how := []string{"--no-dns", "--no-rdap", "--no-clock", "--allow-private", strings.TrimPrefix(page.URL, "http://")}
	if os.Getuid() == 0 {
		how = append(how, "--no-sandbox")
	}
	r.shows("capture", append(how, r.dir, page.URL+"/"+forged)...)
	r.shows("capture", append(how, r.dir, page.URL+"/one", page.URL+"/one")...) // W0002 and W0003
	r.shows("compare", r.dir, "W0002"+forged, "W0003"+forged)
	r.run("compare", r.dir, "W0002", "W0003")
	r.run("watch add", r.dir, "W0002", "--times", "1", "--every", "1m")
	r.run("watch list", r.dir)
	r.run("watch run", r.dir, "--once")
	r.shows("watch end", r.dir, forged, "--reason", forged)
	r.shows("crawl", append(how, r.dir, page.URL+"/crawl", "--pages", "1", "--delay", "0s", "--sitemaps", "0")...)
	r.run("login list", r.dir)
	r.shows("login remove", r.dir, forged, "--reason", forged)
	r.shows("sit", append(how, r.dir, page.URL, "--login", forged)...)
	if text, _ := r.on([]string{"\nq\n"}, append(append([]string{"sit"}, how...), r.dir, page.URL+"/sit")...); !strings.Contains(text, "I001") || !strings.Contains(text, "[U+202E]") {
		r.t.Errorf("sit shows %q", text)
	}
	r.run("env", "--offline", "--no-sandbox", filepath.Join(r.temp, forged))
}

func (r *recorder) queue() {
	list := r.file("list"+forged+".csv", "網域,性質\n"+forged+","+forged+"\nhttp://127.0.0.1:1/"+forged+",x\n")
	r.shows("intake", r.dir, list, "--reason", forged)
	r.run("queue list", r.dir)
	r.shows("queue cancel", r.dir, forged, "--reason", forged)
	r.shows("queue restore", r.dir, forged, "--reason", forged)
	r.shows("queue retry", r.dir, "--verdict", forged)
	r.run("queue run", r.dir)
}

func (r *recorder) outside() {
	r.shows("target add", r.dir, forged, "--reason", forged, "--site-kind", forged, "--note", forged)
	r.shows("target drop", r.dir, forged, "--why", forged)
	r.shows("target set", r.dir, forged, "--why", forged, "--note", forged)
	r.run("target list", r.dir)
	r.shows("target gate", r.dir, forged)
	r.shows("loss import", r.dir, filepath.Join(r.temp, "no"+forged))
	r.run("loss import", r.dir, r.file("losses.csv", "被害人,日期,金額,標的\nA,"+forged+",1,D001\n"))
	r.shows("loss import", r.dir, r.file("columns.csv", "被害人,日期,"+forged+"\nA,115/11/02,1\n"))
	r.shows("loss drop", r.dir, forged, "--reason", forged)
	r.run("loss list", r.dir)
	r.run("target propose", r.dir)
	r.shows("target override", r.dir, forged, "--rule", forged, "--person", forged, "--reason", forged)
	r.shows("application new", r.dir, "-s", "court="+forged, "-s", "facts="+forged)
	r.run("application show", r.dir, "S01")
	r.shows("application set", r.dir, "S01", "--reason", forged, "-s", "number="+forged)
	r.run("application lint", r.dir, "S01")
	r.run("application types")
	r.run("application list", r.dir)
	r.run("application deadlines", r.dir)
	r.shows("application supplement", r.dir, "S01", "--target", forged)
	r.shows("application accept", r.dir, forged, forged)
	for _, step := range []string{"approve", "file", "order", "issue", "execute", "release", "correct", "withdraw"} {
		r.shows("application "+step, r.dir, forged, "--person", forged)
		r.shows("application "+step, r.dir, "S01", "--at", forged, "--note", forged)
	}
	r.shows("application render", r.dir, forged)
	r.shows("packet build", r.dir, forged, "-o", filepath.Join(r.temp, forged+".zip"))
	r.run("packet build", r.dir, "S01", "-o", filepath.Join(r.temp, forged+".zip"))
	r.run("packet list", r.dir)
	r.shows("packet hand", r.dir, forged, filepath.Join(r.temp, "no"+forged), "--to", forged, "--means", forged)
	r.shows("packet receipt", r.dir, forged, "--number", forged, "--at", forged, "--by", forged)
	r.shows("packet hashes", filepath.Join(r.temp, "no"+forged))
	r.shows("execution check", r.dir, forged, "--resolver", "127.0.0.1:1")
	r.shows("execution check", r.dir, "S01", "--resolver", forged)
	r.shows("execution watch", r.dir, forged, "--times", "1")
	r.shows("execution list", r.dir, forged)
	r.run("execution list", r.dir)
}

func (r *recorder) ends() {
	zipped := filepath.Join(r.temp, "X"+forged+".zip")
	forgedZIP(r.t, zipped)
	r.shows("verify", zipped)
	r.exact("verify", zipped)
	r.run("verify", r.dir)
	r.shows("verify", filepath.Join(r.temp, "no"+forged))
	occupied := filepath.Join(r.temp, "demo"+forged)
	if err := os.MkdirAll(filepath.Join(occupied, "x"), 0o700); err != nil {
		r.t.Fatal(err)
	}
	r.shows("demo", occupied)
	key := strings.Repeat("12345", 8)
	r.shows("keys known add", key, "--office", forged)
	r.shows("keys known list")
	r.run("keys known remove", key)
	r.shows("law list", "--data", filepath.Join(r.temp, forged))
	r.shows("law show", forged)
	for _, args := range [][]string{{forged}, {"case", forged}, {"case", "info", r.dir, "--" + forged}, {"exhibit", "show", r.dir, forged}} {
		if text, _ := r.on(nil, args...); !strings.Contains(text, "[U+202E]") && !strings.Contains(text, `\u202e`) {
			r.t.Errorf("%q shows nothing of it: %q", args, text)
		}
	}
}
