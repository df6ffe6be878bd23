package chrome

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// guarded is a site that asks who is there, and says what it was told.
type guarded struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // path and account
}

func newGuarded(t *testing.T, user, password, words string) *guarded {
	g := new(guarded)
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, p, _ := r.BasicAuth()
		g.mu.Lock()
		g.asked = append(g.asked, r.URL.Path+" "+u+":"+p)
		g.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch {
		case r.URL.Path == "/open":
			fmt.Fprint(w, "<!doctype html><title>open</title><link rel=icon href=data:,><p>open to all")
		case u != user || p != password:
			w.Header().Set("WWW-Authenticate", `Basic realm="members", charset="UTF-8"`)
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, "<!doctype html><title>who?</title><link rel=icon href=data:,><p>members only, says the server")
		default:
			fmt.Fprintf(w, `<!doctype html><title>inside</title><p>inside %s</p><p id="p"></p>
				<script>p.textContent = document.URL + " " + document.baseURI; fetch("/part?" + encodeURIComponent(document.URL))</script>`, words)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *guarded) capture(t *testing.T, account, path string) (evidence.Summary, *memory) {
	t.Helper()
	at, _ := url.Parse(g.URL)
	return record(t, evidence.Request{
		URL: "http://" + account + at.Host + path, View: evidence.Desktop, AllowPrivate: []string{at.Host}, NoSandbox: os.Getuid() == 0,
		Limits: evidence.DefaultLimits(), NetLog: true,
	})
}

// formsOf are the ways in which a password may stand in a file.
func formsOf(user, password string) []string {
	list := []string{password, url.QueryEscape(password), url.PathEscape(password), url.UserPassword("u", password).String()[2:]}
	for _, text := range []string{user + ":" + password, password} {
		list = append(list, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(text)), "="), fmt.Sprintf("%x", text))
	}
	escaped, _ := json.Marshal(password)
	return append(list, strings.Trim(string(escaped), `"`))
}

// The password of an address is sent to the server that asks for it, and stands nowhere in what is kept.
func TestPasswordInAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, user, password, words string }{
		{"long", "us@er", "Gehäim!wort9", ""},
		{"said back", "member", "kx7:&q2<Lp", "hello kx7:&amp;q2&lt;Lp"},
		{"short", "member", "zq~", ""},
		{"numbers", "member", "90210734", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := newGuarded(t, tt.user, tt.password, tt.words)
			res, sink := g.capture(t, url.UserPassword(tt.user, tt.password).String()+"@", "/in")
			if res.Verdict != evidence.Complete || res.Title != "inside" || !contains(res.Warnings, "the password is not kept") {
				t.Errorf("%s %q %v %q", res.Verdict, res.Title, res.Missing, res.Warnings)
			}
			if want := url.User(tt.user).String() + ":" + capture.Withheld + "@"; !strings.Contains(res.URL, want) {
				t.Errorf("address %s", res.URL)
			}
			if !slices.Contains(g.asked, "/in "+tt.user+":"+tt.password) || !slices.Contains(g.asked, "/part "+tt.user+":"+tt.password) {
				t.Errorf("asked %q", g.asked)
			}
			summary, err := json.Marshal(res)
			if err != nil {
				t.Fatal(err)
			}
			sink.kept["the result"] = summary
			for name, body := range sink.kept {
				holdsNone(t, name, body, tt.user, tt.password)
			}
			if !bytes.Contains(sink.kept[evidence.NetworkHAR], []byte("Basic "+scrub.Removed)) {
				t.Error("nothing says that an Authorization header was sent")
			}
		})
	}
}

func holdsNone(t *testing.T, name string, body []byte, user, password string) {
	t.Helper()
	compressed := strings.HasSuffix(name, ".png") || name == evidence.PagePDF
	if name == evidence.ArchiveWACZ {
		body = unpacked(t, body)
	}
	for _, form := range formsOf(user, password) {
		if i := bytes.Index(body, []byte(form)); i >= 0 && (len(form) > 3 || !compressed) {
			t.Errorf("%s holds %q: %q", name, form, body[max(0, i-40):min(len(body), i+40)])
		}
	}
}

// unpacked is every file of a WACZ, records and all.
func unpacked(t *testing.T, wacz []byte) (all []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		var r io.Reader = in
		if strings.HasSuffix(f.Name, ".gz") {
			if r, err = gzip.NewReader(in); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}

// A server that asks for an account and gets none, or a wrong one, is recorded with what it says then. Whom nobody asks is told nothing.
func TestServerAsksForAccount(t *testing.T) {
	t.Parallel()
	g := newGuarded(t, "member", "right password", "")
	for _, account := range []string{"", "member:wrong-password@", "member@", "member:" + capture.Withheld + "@"} {
		res, sink := g.capture(t, account, "/in")
		if res.Status != http.StatusUnauthorized || !strings.Contains(string(sink.kept[evidence.TextTXT]), "members only, says the server") || res.Verdict != evidence.Login {
			t.Errorf("%q: %d %s %v %q", account, res.Status, res.Verdict, res.Missing, sink.kept[evidence.TextTXT])
		}
		if told := contains(res.Warnings, "kept nowhere"); told != strings.Contains(account, capture.Withheld) {
			t.Errorf("%q: %q", account, res.Warnings)
		}
	}
	if slices.Contains(g.asked, "/in member:"+capture.Withheld) {
		t.Error("the mark of a password that nobody has was sent as one")
	}
	g.asked = nil
	res, _ := g.capture(t, "member:right%20password@", "/open")
	if res.Verdict != evidence.Complete || !contains(res.Warnings, "no server asked") || slices.ContainsFunc(g.asked, func(s string) bool { return strings.Contains(s, "right") }) {
		t.Errorf("%s %q, asked %q", res.Verdict, res.Warnings, g.asked)
	}
}

// A route behind # is in the list of pages of the archive, and is where the page is opened again.
func TestRouteIsListed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>spa</title><link rel=icon href=data:,><p id="m"></p><script>m.textContent = "route " + location.hash; if (!location.hash) location.hash = "#/first"</script>`)
	}))
	defer server.Close()
	at, _ := url.Parse(server.URL)
	for _, route := range []string{"#/deposit?code=8888", "#!/about", "#/%E5%85%A5%E9%87%91", ""} {
		_, sink := record(t, evidence.Request{
			URL: server.URL + "/spa" + route, View: evidence.Desktop, AllowPrivate: []string{at.Host}, NoSandbox: os.Getuid() == 0, Limits: evidence.DefaultLimits(),
		})
		want := route
		if want == "" {
			want = "#/first" // to which the page goes by itself
		}
		if pages := unpacked(t, sink.kept[evidence.ArchiveWACZ]); !bytes.Contains(pages, []byte(`"url":"`+server.URL+"/spa"+want+`"`)) {
			t.Errorf("%q is no page of the archive", want)
		}
	}
}

// A name beyond ASCII is mapped, and let through, in the form in which the browser asks for it.
func TestMappedNameBeyondASCII(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>投資</title><link rel=icon href=data:,><p>", r.Host)
	}))
	defer server.Close()
	at, _ := url.Parse(server.URL)
	place := "投資王.example:" + at.Port()
	res, _ := record(t, evidence.Request{
		URL: "http://" + place + "/", View: evidence.Desktop, NoSandbox: os.Getuid() == 0, Limits: evidence.DefaultLimits(),
		Resolve: map[string]string{place: at.Host}, AllowPrivate: []string{"投資王.Example:" + at.Port()},
	})
	if res.Verdict != evidence.Complete || res.Title != "投資" {
		t.Errorf("%s %q %v %q", res.Verdict, res.Title, res.Missing, res.Warnings)
	}
}
