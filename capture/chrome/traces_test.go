package chrome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// words of the test site's pages that must not be found on any disk.
var words = []string{"YUZHENG-MARKER-7Q4Z", "域證標記", "Y\x00U\x00Z\x00H\x00E\x00N\x00G\x00-\x00M\x00A\x00R\x00K\x00E\x00R"}

// traces lists the files under dirs that hold a word of a page.
func traces(t *testing.T, dirs ...string) (found []string, files int) {
	t.Helper()
	for _, dir := range dirs {
		filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return nil // a file that Chrome removes meanwhile
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			files++
			for _, w := range words {
				if bytes.Contains(body, []byte(w)) {
					found = append(found, path)
				}
			}
			return nil
		})
	}
	return found, files
}

// Nothing of a page comes to the disk: not while its browser runs, not when it is killed, not when it crashes, not after the next start.
func TestNothingIsLeftBehind(t *testing.T) {
	path := browserPath(t)
	s := site(t, sitetest.Options{})
	dir, home := t.TempDir(), t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"} {
		t.Setenv(name, home)
	}
	r, err := New(Options{Path: path, Temp: dir, Software: "yuzheng-test 1"})
	if err != nil {
		t.Fatal(err)
	}
	look := func(when string, profiles bool) {
		t.Helper()
		found, files := traces(t, dir, home, "/dev/shm")
		if len(found) > 0 {
			t.Errorf("%s: traces in %v", when, found)
		}
		if profiles && files == 0 {
			t.Fatalf("%s: nothing was searched", when)
		}
	}
	visit := func(path string, at capture.Step, do func()) {
		t.Helper()
		if _, err := r.Record(context.Background(), quick(s, s.URL("http", "bad", path)), newMemory(), onStep(at, do)); err != nil {
			t.Fatal(err)
		}
	}
	visit("/storage", capture.StepPapers, func() { look("while a page is open", true) })
	visit("/download?n=0", capture.StepDone, func() {})
	look("after captures", true)
	visit("/storage", capture.StepPapers, func() { killAll(t, dir) })
	look("after a kill", false)
	visit("/storage", capture.StepPapers, func() {
		signalAll(t, dir, syscall.SIGSEGV) // with a dump
	})
	look("after a crash", false)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	look("after the end", false)
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	sockets, _ := filepath.Glob(filepath.Join(home, "*org.chromium*"))
	if left = append(left, sockets...); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A missing browser is an error that says what to install.
func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := New(Options{})
	if !errors.Is(err, launch.ErrNoBrowser) || !strings.Contains(err.Error(), "install") {
		t.Errorf("%v", err)
	}
}

// A page reaches nothing private by any way: address, number, redirect, socket, frame, beacon, or WebRTC around the proxy.
func TestPrivateAddressesAreOutOfReach(t *testing.T) {
	t.Parallel()
	s := site(t, sitetest.Options{})
	touched := make(chan string, 100)
	inside := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { touched <- r.URL.Path }))
	defer inside.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	go func() {
		buf := make([]byte, 2048)
		for {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			touched <- fmt.Sprintf("udp %d bytes from %v", n, from)
		}
	}()
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	page := strings.NewReplacer("PORT", port, "STUN", udp.LocalAddr().String()).Replace(`<!doctype html><title>inside</title>
		<img src="http://127.0.0.1:PORT/a"><img src="http://[::1]:PORT/b"><img src="http://2130706433:PORT/c"><img src="http://localhost:PORT/d">
		<img src="http://[::ffff:127.0.0.1]:PORT/e"><img src="http://0.0.0.0:PORT/f"><iframe src="http://127.0.0.1:PORT/g"></iframe>
		<img src="http://inside.example:PORT/h"><link rel=preconnect href="http://127.0.0.1:PORT"><link rel=prefetch href="http://127.0.0.1:PORT/i">
		<img src="/redirect">
		<script>
		new WebSocket("ws://127.0.0.1:PORT/j"); navigator.sendBeacon("http://127.0.0.1:PORT/k", "x");
		fetch("http://127.0.0.1:PORT/l", {mode: "no-cors"}).catch(() => 0); new Worker("data:text/javascript,fetch('http://127.0.0.1:PORT/m',{mode:'no-cors'})");
		const p = new RTCPeerConnection({iceServers: [{urls: "stun:STUN"}]}); p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o));
		</script>`)
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "http://127.0.0.1:"+port+"/n", http.StatusFound)
			return
		}
		fmt.Fprint(w, page)
	}))
	defer outside.Close()
	_, at, _ := net.SplitHostPort(outside.Listener.Addr().String())
	req := quick(s, "http://scam.example:"+at+"/")
	req.AllowPrivate = []string{"scam.example:" + at}
	req.Resolve = map[string]string{"scam.example:" + at: "127.0.0.1", "inside.example:" + port: "127.0.0.1"}
	res, _ := record(t, req)
	if res.Status != http.StatusOK {
		t.Fatalf("%s %v %q", res.Verdict, res.Missing, res.Warnings)
	}
	for _, path := range []string{"/a", "/d", "/g", "/h", "/n"} {
		if !strings.Contains(fmt.Sprint(res.Missing), ":"+port+path) {
			t.Errorf("%s is not named: %v", path, res.Missing)
		}
	}
	select {
	case what := <-touched:
		t.Errorf("the page reached %s", what)
	default:
	}
}

// A capture finds nothing of an earlier one of the same site: no cookie, no storage, and nothing comes out of a cache.
func TestNothingIsCarriedOver(t *testing.T) {
	s := site(t, sitetest.Options{})
	kept := func(path string) string {
		_, sink := record(t, quick(s, s.URL("http", "bad", path)))
		return string(sink.kept[evidence.CookiesJSON])
	}
	if first := kept("/storage"); !strings.Contains(first, "js_cookie") || !strings.Contains(first, `"session"`) {
		t.Errorf("the page has kept nothing: %s", first)
	}
	if second := kept("/landed"); second == "" || strings.Contains(second, "js_cookie") || strings.Contains(second, `"session"`) || strings.Contains(second, `"local"`) {
		t.Errorf("carried over: %s", second)
	}
	asked := len(s.Served())
	if kept("/landed"); len(s.Served()) == asked {
		t.Error("the page came out of a cache")
	}
}
