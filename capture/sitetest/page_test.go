package sitetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

func run(t *testing.T, o Options) *Site {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask returns status and body of one request, by a client that trusts and finds the site.
func ask(t *testing.T, c *http.Client, method, url string, header map[string]string) (*http.Response, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := c.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, body, err
}

// What Expected promises is what the site serves, on both schemes, and it is at least sixty addresses.
func TestExpectedIsServed(t *testing.T) {
	s := run(t, Options{})
	for _, scheme := range []string{Clear, Secure} {
		c := s.Client()
		list := s.Expected(scheme)
		if len(list) < 60 {
			t.Fatalf("%s: %d resources, want at least 60", scheme, len(list))
		}
		seen := map[string]bool{}
		for _, want := range list {
			if seen[want.Method+want.URL] {
				t.Errorf("%s %s twice", want.Method, want.URL)
			}
			seen[want.Method+want.URL] = true
			if want.Worker || want.Frames != nil {
				continue
			}
			res, body, err := ask(t, c, want.Method, want.URL, nil)
			if err != nil {
				t.Fatalf("%s: %v", want.URL, err)
			}
			if sum := sha256.Sum256(body); res.StatusCode != want.Status || hex.EncodeToString(sum[:]) != want.SHA256 {
				t.Errorf("%s %s: status %d with %d bytes, want %d with %d", want.Method, want.URL, res.StatusCode, len(body), want.Status, want.Size)
			}
		}
		c.CloseIdleConnections()
	}
}

// Two sites give the same bodies: pictures and papers of two runs can be compared.
func TestBodiesAreTheSameInEveryRun(t *testing.T) {
	a, b := run(t, Options{}).Expected(Secure), run(t, Options{}).Expected(Secure)
	for i := range a {
		if a[i].SHA256 != b[i].SHA256 || a[i].URL != b[i].URL {
			t.Errorf("%s differs from %s", a[i].URL, b[i].URL)
		}
	}
}

func TestKilledResourceBreaksInItsMiddle(t *testing.T) {
	const path = "/img/lazy-07.png"
	s := run(t, Options{Kill: path})
	whole := len(pngBody(path))
	for _, scheme := range []string{Clear, Secure} {
		c := s.Client()
		_, body, err := ask(t, c, http.MethodGet, s.URL(scheme, "page", path), nil)
		if err == nil || len(body) >= whole {
			t.Errorf("%s: %d of %d bytes and error %v, want a part and an error", scheme, len(body), whole, err)
		}
		for _, b := range s.Expected(scheme) {
			if strings.HasSuffix(b.URL, path) {
				t.Errorf("%s is killed and expected", b.URL)
			}
		}
		c.CloseIdleConnections()
	}
}

func TestChatSaysItsFrames(t *testing.T) {
	s := run(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	socket, _, err := websocket.Dial(ctx, s.URL(Secure, "page", "/ws"), &websocket.DialOptions{HTTPClient: s.Client()})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	if err := socket.Write(ctx, websocket.MessageText, []byte("哈囉")); err != nil {
		t.Fatal(err)
	}
	for _, want := range ChatFrames {
		if _, got, err := socket.Read(ctx); err != nil || string(got) != want {
			t.Errorf("frame %q, %v; want %q", got, err, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	s := run(t, Options{})
	for host, bad := range map[string]bool{"page.example": false, ExpiredHost: true, SelfSignedHost: true, WrongHost: true} {
		_, body, err := ask(t, s.Client(), http.MethodGet, "https://"+host+"/", nil)
		if bad != (err != nil) {
			t.Errorf("%s: error %v, want one: %v", host, err, bad)
		}
		if !bad && !bytes.Contains(body, []byte(marker)) {
			t.Errorf("%s: the marker is not in the page", host)
		}
	}
}

func TestDeadHostRefuses(t *testing.T) {
	s := run(t, Options{})
	_, _, err := ask(t, s.Client(), http.MethodGet, "https://"+DeadHost+"/", nil)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error %v, want a refused connection", err)
	}
}

// The log is what a test judges the visitor by.
func TestServedTellsHeadersAndBody(t *testing.T) {
	s := run(t, Options{})
	c := s.Client()
	req, err := http.NewRequest(http.MethodPost, s.URL(Clear, "page", "/api/login?x=1"), strings.NewReader("投資"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "tester")
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	log := s.Served()
	if len(log) != 1 || log[0].Path != "/api/login?x=1" || string(log[0].Body) != "投資" || log[0].Header.Get("User-Agent") != "tester" {
		t.Errorf("the log holds %+v", log)
	}
	c.CloseIdleConnections()
}
