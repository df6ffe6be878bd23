package compare

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

func steps(t testing.TB, pages ...page) []Step {
	t.Helper()
	var list []Side
	for _, p := range pages {
		list = append(list, p.side(t))
	}
	got, err := Steps(t.Context(), list)
	if err != nil || len(got) != len(pages) {
		t.Fatal(len(got), err)
	}
	return got
}

func read(t testing.TB, s Side, name string) []byte {
	t.Helper()
	r, err := s.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recorded is a capture whose HAR holds one request alone.
func recorded(t testing.TB, method, address string, headers ...evidence.Header) page {
	t.Helper()
	h := archive.NewHAR(archive.HAROptions{Started: noon})
	h.Add(archive.Exchange{URL: address, Method: method, Kind: "document", Target: "page", Started: noon, Status: 200, RequestHeader: headers})
	var b bytes.Buffer
	if err := h.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return page{asked: address, instead: map[string][]byte{evidence.NetworkHAR: b.Bytes()}}
}

func TestStepsSayInWhatVisitorsDiffer(t *testing.T) {
	got := steps(t, page{text: shop}, page{view: evidence.Mobile, text: invest}, page{view: evidence.Ad, text: invest})
	differ := func(s Step) (list []string) {
		for _, h := range s.Headers {
			if h.Differs {
				list = append(list, h.Name)
			}
		}
		return list
	}
	agent := []string{"User-Agent", "sec-ch-ua-mobile"}
	for i, want := range [][]string{agent, agent, {"User-Agent", "sec-ch-ua-mobile", "Referer"}} {
		if s := got[i]; !slices.Equal(differ(s), want) || s.View != evidence.Personas[i] || s.Server != "192.0.2.7" || s.Status != 200 {
			t.Errorf("step %d: %v differ, want %v; %+v", i, differ(s), want, s)
		}
	}
	if !slices.Contains(got[2].Curl, "Referer: https://l.facebook.com/") || !strings.HasSuffix(got[2].Shell, "'--url' '"+asked+"'") {
		t.Errorf("arguments %q", got[2].Curl)
	}
}

func TestStepsAreHonestAboutWhatCannotBeRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		page page
		want StepCode
	}{
		"no recording":        {page{without: []string{evidence.NetworkHAR}}, stepNoRequest},
		"a broken recording":  {page{instead: map[string][]byte{evidence.NetworkHAR: []byte("{")}}, stepNoRequest},
		"a form":              {recorded(t, "POST", asked), stepOtherThan},
		"a file":              {recorded(t, "GET", "file:///etc/passwd"), stepBadAddress},
		"an option":           {recorded(t, "GET", "-o/etc/passwd"), stepBadAddress},
		"two lines":           {recorded(t, "GET", "https://site.example/\nurl = file:///etc/passwd"), stepBadAddress},
		"somebody's password": {recorded(t, "GET", "https://user:word@site.example/"), stepBadAddress},
	} {
		s := steps(t, c.page)[0]
		if s.Missing != c.want || s.Curl != nil || s.Shell != "" || s.Config != "" {
			t.Errorf("%s: %q %q, want %q", name, s.Missing, s.Curl, c.want)
		}
	}
	s := steps(t, recorded(t, "GET", asked, []evidence.Header{
		{Name: "Cookie", Value: "session=1"},
		{Name: ":path", Value: "/"},
		{Name: "Referer", Value: "https://a.example/\r\nX-Evil: 1"},
		{Name: "@/etc/passwd", Value: ""},
		{Name: "sec-ch-ua-x y", Value: "1"},
	}...))[0]
	if want := []string{"Cookie", "Referer", "@/etc/passwd", "sec-ch-ua-x y"}; !slices.Equal(s.LeftOut, want) || len(s.Headers) != 0 {
		t.Errorf("left out %q, want %q", s.LeftOut, want)
	}
}

// hostile are addresses and headers that try to get out of their quotes.
var hostile = []string{
	`https://site.example/'; touch pwned; '`, `https://site.example/$(touch pwned)`, "https://site.example/`touch pwned`",
	`https://site.example/"&touch%20pwned&"`, `https://site.example/\'$IFS;touch$IFS'pwned`, `https://site.example/{a,b}[1-9999999]`,
	`https://site.example/a|touch>pwned;#`, `https://site.example/!!%PATH%\`,
	`https://site.example/'"'"'`, `https://site.example/\"\n`, `https://site.example/ÿ漢`,
}

// A shell that is given the line starts curl with exactly the arguments, and nothing else.
func TestHostileAddressesStayInTheirQuotes(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell here")
	}
	for _, address := range hostile {
		address = strings.ReplaceAll(address, " ", "%20")
		s := steps(t, recorded(t, "GET", address, evidence.Header{Name: "Referer", Value: address}))[0]
		if len(s.Curl) == 0 {
			t.Errorf("%s: %s", address, s.Missing)
			continue
		}
		dir := t.TempDir()
		stub := "curl() { printf '%s\\0' curl \"$@\"; }\n"
		run := exec.Command(shell, "-c", stub+s.Shell)
		run.Dir = dir
		out, err := run.Output()
		if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || !slices.Equal(got, s.Curl) {
			t.Errorf("%s: %v\n%q\n%q", address, err, got, s.Curl)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: left %v", address, left)
		}
	}
}

// curl itself sends what the browser sent, by arguments and by file.
func TestCurlSendsTheRequestAgain(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("no curl here")
	}
	heard := make(chan *http.Request, 64) // more than curl asks for where a quote fails
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { heard <- r }))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server.Listener = listener
	server.Start()
	defer server.Close()
	address := server.URL + `/'{a,b}[1-3]/../x?q="$(id)'\`
	s := steps(t, recorded(t, "GET", address, []evidence.Header{
		{Name: "User-Agent", Value: `Mozilla/5.0 "K" \ 'x' $HOME`},
		{Name: "Referer", Value: "https://l.facebook.com/"},
		{Name: "sec-ch-ua", Value: `"Not:A-Brand";v="8"`},
		{Name: "Sec-Fetch-User", Value: ""},
	}...))[0]
	dir := t.TempDir()
	file := filepath.Join(dir, "step.txt")
	if err := os.WriteFile(file, []byte(s.Config), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, arguments := range map[string][]string{"arguments": s.Curl[1:], "file": {"--disable", "--config", file}} {
		run := exec.CommandContext(t.Context(), curl, arguments...)
		run.Dir, run.Env = dir, []string{"no_proxy=*"}
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", name, err, out)
		}
		r := <-heard
		if len(heard) > 0 {
			t.Fatalf("%s: %d requests more than one", name, len(heard))
		}
		if r.RequestURI != strings.TrimPrefix(address, server.URL) {
			t.Errorf("%s: asked for %s", name, r.RequestURI)
		}
		for _, h := range s.Headers {
			if got, sent := r.Header[http.CanonicalHeaderKey(h.Name)]; !sent || got[0] != h.Value {
				t.Errorf("%s: %s is %q, want %q", name, h.Name, got, h.Value)
			}
		}
		if _, sent := r.Header["Accept"]; sent {
			t.Errorf("%s: an Accept of curl's own", name)
		}
	}
}

// FuzzQuoting reads the line and the file again, as their readers do.
func FuzzQuoting(f *testing.F) {
	for _, address := range hostile {
		f.Add(address, address)
	}
	f.Add("https://site.example/", `"`)
	f.Fuzz(func(t *testing.T, address, referrer string) {
		s := steps(t, recorded(t, "GET", address, evidence.Header{Name: "Referer", Value: referrer}))[0]
		if s.Missing != "" {
			return
		}
		if got := unquotedLine(s.Shell); !slices.Equal(got, s.Curl) {
			t.Errorf("line: %q, want %q", got, s.Curl)
		}
		var want []string
		for i, a := range s.Curl[2:] {
			if !strings.HasPrefix(a, "--") || s.Curl[i+1] == "--header" || s.Curl[i+1] == "--url" {
				want = append(want, a)
			}
		}
		if got := unquotedFile(s.Config); !slices.Equal(got, want) {
			t.Errorf("file: %q, want %q", got, want)
		}
	})
}

// unquotedLine splits a line of words in single quotes and of quotes behind a backslash.
func unquotedLine(line string) []string {
	var list []string
	var word []byte
	inside := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\'':
			inside = !inside
		case inside:
			word = append(word, c)
		case c == '\\':
			i++
			word = append(word, line[i])
		case c == ' ':
			list, word = append(list, string(word)), nil
		default:
			return nil // something outside of quotes
		}
	}
	return append(list, string(word))
}

// unquotedFile reads the values of a config file.
func unquotedFile(file string) []string {
	var list []string
	for line := range strings.Lines(file) {
		_, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ` = "`)
		if !ok {
			continue
		}
		var word []byte
		closed := false
		for i := 0; i < len(value) && !closed; i++ {
			switch value[i] {
			case '\\':
				i++
				word = append(word, value[i])
			case '"':
				closed = i == len(value)-1
			default:
				word = append(word, value[i])
			}
		}
		if !closed {
			return nil
		}
		list = append(list, string(word))
	}
	return list
}
