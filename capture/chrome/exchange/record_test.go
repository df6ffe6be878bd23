package exchange_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

var record = flag.Bool("corpus.record", false, "record the corpus anew with an installed browser")

// recorded are the pages of the corpus.
var recorded = []struct{ name, scheme, host, path string }{
	{"single-page", "https", "bad", "/spa"},
	{"account-wanted", "http", "bad", "/basic"},
	{"led-by-header", "http", "bad", "/meta-refresh"},
	{"led-by-script", "https", "bad", "/js-redirect"},
	{"redirects-without-end", "http", "bad", "/loop"},
	{"cut-in-the-document", "http", "bad", "/reset"},
	{"goes-away", "http", "bad", "/vanish"},
	{"event-stream", "http", "bad", "/events"},
	{"service-worker", "https", "bad", "/sw-takes-over"},
	{"drawing", "https", "bad", "/poster.svg"},
	{"not-found", "http", "bad", "/404"},
	{"strict", "https", "bad", "/csp"},
	{"by-every-way", "http", "bad", "/private"},
	{"login", "https", "bad", "/member"},
}

// TestRecordCorpus records the corpus.
func TestRecordCorpus(t *testing.T) {
	if !*record {
		t.Skip("only with -corpus.record")
	}
	path, err := launch.Find()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sitetest.Start(sitetest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, p := range recorded {
		c := recordOne(t, path, s, s.URL(p.scheme, p.host, p.path))
		f, err := os.Create(filepath.Join("testdata", p.name+".corpus.gz"))
		if err != nil {
			t.Fatal(err)
		}
		z, _ := gzip.NewWriterLevel(f, gzip.BestCompression)
		if err := json.NewEncoder(z).Encode(c); err != nil {
			t.Fatal(err)
		}
		z.Close()
		f.Close()
	}
}

// driver lets everything run, and notes what it tells.
type driver struct {
	context *browsing.Context
	ready   chan struct{}

	mu sync.Mutex
	c  corpus
}

func (d *driver) Dress(devtools.Session)  {}
func (d *driver) Closed(devtools.Session) {}

func (d *driver) Opened(s devtools.Session, _ *target.Info) {
	if d.context.First(s) {
		d.context.LetPageGo(s, func() { close(d.ready) })
		return
	}
	devtools.Send(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
}

// handle notes what belongs to exchanges.
func (d *driver) handle(e devtools.Event) {
	switch e.Method {
	case "Target.attachedToTarget":
		if v, err := devtools.Decode[target.EventAttachedToTarget](e); err == nil {
			d.context.Attached(e.Session, v)
		}
	case "Fetch.requestPaused":
		if v, err := devtools.Decode[fetch.EventRequestPaused](e); err == nil {
			s, _ := d.context.Session(e.Session)
			devtools.Send(s, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: v.RequestID})
		}
	}
	s, known := d.context.Session(e.Session)
	if !known || !strings.HasPrefix(e.Method, "Network.") || e.Long != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.c.Events = append(d.c.Events, told{e.Session, s.Kind, s.Owner, e.Method, json.RawMessage(slices.Clone(e.Params))})
}

func recordOne(t *testing.T, path string, s *sitetest.Site, url string) corpus {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	b, err := browsing.Start(ctx, browsing.Setup{Path: path, Temp: t.TempDir(), Persona: persona.Desktop, NoSandbox: os.Getuid() == 0})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	limits := evidence.DefaultLimits()
	g, err := guard.Start(guard.Options{
		AllowPrivate: slices.Sorted(maps.Values(s.Resolve())), Resolve: s.Resolve(), Bytes: limits.Bytes, Body: limits.Body, Patience: 10 * time.Second,
		Now: time.Now, Keys: b.Keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	d := &driver{ready: make(chan struct{})}
	d.c.Answers, d.c.Unread = map[string]json.RawMessage{}, map[string]string{}
	d.context, err = browsing.Open(ctx, g.Address(), browsing.Options{
		Conn: b.Conn, Journal: journal.New(time.Now), Visitor: persona.New(evidence.Desktop, b.Version), Limits: limits, Driver: d,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Serve(func(e devtools.Event) {
		if e.Method == "Network.requestWillBeSent" {
			if v, err := devtools.Decode[network.EventRequestWillBeSent](e); err == nil && exchange.OverNetwork(v.Request.URL) {
				g.Ask(exchange.HostPort(v.Request.URL))
			}
		}
		d.handle(e)
	})
	if _, err := devtools.Call(ctx, b.Root(), target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: d.context.ID}); err != nil {
		t.Fatal(err)
	}
	<-d.ready
	p := d.context.Opened()
	d.c.Main = string(p.Frame)
	devtools.Call(ctx, p.Session, page.Navigate, page.NavigateParams{URL: url})
	p.Pause(ctx, 4*time.Second) // nothing here waits for silence: what is open then is open in the corpus too
	<-b.Conn.Through()
	d.ask(ctx, p.Session)
	b.Serve(nil)
	g.Close()
	g.Wire().Idle(time.Second)
	d.c.Wire, d.c.Connections = g.Wire().Rest(func(wire.Exchange) bool { return true }), g.Connections()
	return d.c
}

// ask asks for everything that a recorder might ask for.
func (d *driver) ask(ctx context.Context, s devtools.Session) {
	seen := map[string]bool{}
	for _, e := range d.c.Events {
		var v struct {
			RequestID network.RequestID `json:"requestId"`
			Request   struct {
				URL         string `json:"url"`
				HasPostData bool   `json:"hasPostData"`
			} `json:"request"`
		}
		if json.Unmarshal(e.Params, &v) != nil || v.RequestID == "" || seen[string(v.RequestID)] {
			continue
		}
		seen[string(v.RequestID)] = true
		where, _ := d.context.Session(e.Session)
		d.answered(where, network.GetResponseBody.Method, string(v.RequestID), network.GetResponseBodyParams{RequestID: v.RequestID})
		if v.Request.HasPostData {
			d.answered(where, network.GetRequestPostData.Method, string(v.RequestID), network.GetRequestPostDataParams{RequestID: v.RequestID})
		}
		if origin := exchange.Origin(v.Request.URL); strings.HasPrefix(origin, "https:") {
			d.answered(s, network.GetCertificate.Method, origin, network.GetCertificateParams{Origin: origin})
		}
	}
}

func (d *driver) answered(s devtools.Session, method, what string, params any) {
	if r := <-s.Start(method, params); r.Err == nil {
		d.c.Answers[method+" "+what] = json.RawMessage(slices.Clone(r.Result))
	}
}
