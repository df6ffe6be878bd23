package chrome

import (
	"context"
	"crypto/tls"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/judge"
	"yuzheng/casefile/evidence"
)

var (
	wireAll  = flag.Bool("wire.all", false, "judge every situation and every untuned page too, over each kind of connection")
	wireTell = flag.Bool("wire.tell", false, "tell every finding and fail for none")
)

// connectionKind is what a page comes over.
type connectionKind struct {
	name   string
	scheme string
	wire   sitetest.Wire
	few    bool // the page with every framing stands for the rest
}

var connectionKinds = []connectionKind{
	{name: "http1", scheme: sitetest.Clear},
	{name: "https1", scheme: sitetest.Secure, wire: sitetest.Wire{HTTP1: true}},
	{name: "https1-untrusted", scheme: sitetest.Secure, wire: sitetest.Wire{HTTP1: true, Untrusted: true}},
	{name: "h2", scheme: sitetest.Secure},
	{name: "h2-untrusted", scheme: sitetest.Secure, wire: sitetest.Wire{Untrusted: true}},
	{"tls12-chacha", sitetest.Secure, sitetest.Wire{TLS: tls12(tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256), HTTP1: true}, true},
	{"tls12-aes128", sitetest.Secure, sitetest.Wire{TLS: tls12(tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)}, true},
	{"tls12-aes256", sitetest.Secure, sitetest.Wire{TLS: tls12(tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)}, true},
	{"tls13-asked-again", sitetest.Secure, sitetest.Wire{TLS: &tls.Config{CurvePreferences: []tls.CurveID{tls.CurveP384}}}, true},
	{"tls13-x25519", sitetest.Secure, sitetest.Wire{TLS: &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519}}, HTTP1: true}, true},
}

func tls12(suite uint16) *tls.Config {
	return &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite}}
}

// wirePage is one page to be judged.
type wirePage struct {
	name    string
	url     func(s *sitetest.Site, scheme string) string
	patient bool
	short   bool
}

// wirePages are the pages whose every byte is told, and with -wire.all all others.
func wirePages() (list []wirePage) {
	for _, p := range sitetest.RawPages() {
		list = append(list, wirePage{name: "raw_" + p.Host + p.Path, url: p.URL, short: p.Short})
	}
	if !*wireAll {
		return list
	}
	for _, p := range sitetest.FreshPages() {
		list = append(list, wirePage{"fresh" + p.Path, func(s *sitetest.Site, scheme string) string { return s.URL(scheme, "fresh", p.Path) }, true, false})
	}
	for _, p := range situations {
		list = append(list, wirePage{"bad" + p.path, func(s *sitetest.Site, scheme string) string { return s.URL(scheme, "bad", p.path) }, p.patient, false})
	}
	return list
}

// Every response record is byte for byte an answer that a server sent, and every answer is recorded or named. The servers are our own down to
// the byte: they write down what they send. With -v each page is a line.
func TestWire(t *testing.T) {
	authority, err := sitetest.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r := trusting(t, authority)
	var sums totals
	t.Cleanup(func() { sums.tell(t) })
	for i, kind := range connectionKinds {
		for j, p := range wirePages() {
			if kind.few && !strings.HasSuffix(p.name, "/framings") || !kind.few && !*wireAll && (!p.short || i > 0 && (i+j)%4 != 0) {
				continue
			}
			t.Run(kind.name+"/"+strings.ReplaceAll(p.name, "/", "_"), func(t *testing.T) {
				t.Parallel()
				judged(t, r, authority, kind, p, &sums)
			})
		}
	}
}

func judged(t *testing.T, r *Recorder, authority *sitetest.Authority, kind connectionKind, p wirePage, sums *totals) {
	s := site(t, sitetest.Options{Wire: &kind.wire, Authority: authority})
	req := quick(s, p.url(s, kind.scheme))
	if req.Limits.Time = 50 * time.Second; p.patient {
		req.Limits = evidence.DefaultLimits()
		req.Limits.Idle = 4 * time.Second
	}
	sink := newMemory()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	res, err := r.Record(ctx, req, sink, capture.NoProgress{})
	if err != nil {
		t.Fatal(err)
	}
	exhibit, err := judge.Read(sink.kept)
	if err != nil {
		t.Fatal(err)
	}
	report := judge.Compare(s.Exchanges(), exhibit)
	sums.add(kind.name, report)
	t.Logf("%-45s answers %4d  records %4d  exact %4d  redirects without words %2d  named %2d  asked %4d of %4d  findings %3d  %-11s %5.1f s", p.name, report.Answers,
		report.Records, report.Exact, report.Wordless, report.Named, report.Asked, report.Requests, len(report.Findings), res.Verdict, float64(res.ElapsedMS)/1000)
	tell := t.Errorf
	if *wireTell {
		tell = t.Logf
	}
	for _, f := range report.Findings {
		tell("%v", f)
	}
	checkChat(t, s.Served(), sink)
	if report.Wordless > 0 {
		tell("%d redirects have lost what stood beside them", report.Wordless)
	}
}

// trusting gives a recorder whose browsers trust an authority, by the store that they read in a home of their own.
func trusting(t *testing.T, a *sitetest.Authority) *Recorder {
	t.Helper()
	path := browserPath(t)
	tool, err := exec.LookPath("certutil")
	if err != nil && os.Getenv(needBrowser) == "" {
		t.Skip("no certutil (libnss3-tools): a browser cannot be made to trust a test's own authority")
	}
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	store := filepath.Join(home, ".pki", "nssdb")
	file := filepath.Join(home, "authority.pem")
	if err := os.MkdirAll(store, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, a.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-N", "--empty-password"}, {"-A", "-n", "test", "-t", "C,,", "-i", file}} {
		if out, err := exec.Command(tool, append(args, "-d", "sql:"+store)...).CombinedOutput(); err != nil {
			t.Fatalf("certutil %v: %v: %s", args, err, out)
		}
	}
	t.Setenv("HOME", home)
	r, err := New(Options{Path: path, Temp: temp, Software: "yuzheng-test 1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// totals adds reports up, by the kind of connection.
type totals struct {
	mu   sync.Mutex
	sums map[string]*judge.Report
}

func (s *totals) add(kind string, r judge.Report) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sums == nil {
		s.sums = map[string]*judge.Report{}
	}
	if s.sums[kind] == nil {
		s.sums[kind] = &judge.Report{}
	}
	s.sums[kind].Add(r)
}

func (s *totals) tell(t *testing.T) {
	for _, kind := range connectionKinds {
		r := s.sums[kind.name]
		if r == nil {
			continue
		}
		t.Logf("%-17s answers %5d  records %5d  exact %5d  redirects without words %3d  named %3d  asked %5d of %5d", kind.name,
			r.Answers, r.Records, r.Exact, r.Wordless, r.Named, r.Asked, r.Requests)
		for _, f := range judge.Faults {
			if n := r.Count(f); n > 0 {
				t.Logf("%17s %4d × %s", "", n, f)
			}
		}
	}
}
