package workbench

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/assets"
	"yuzheng/capture"
	"yuzheng/capture/crawl"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// driven stands in for a browser that a person drives.
type driven struct {
	*teller
	over chan struct{}
}

func (d driven) Capture(ctx context.Context, s capture.Sink, p capture.Progress) (evidence.Summary, error) {
	return d.Record(ctx, evidence.Request{URL: d.Address(), View: evidence.Desktop}, s, p)
}
func (driven) Address() string                       { return "https://driven.example/" }
func (driven) Login(context.Context) ([]byte, error) { return nil, nil }
func (d driven) Done() <-chan struct{}               { return d.over }
func (d driven) End(context.Context) (evidence.SessionSummary, error) {
	close(d.over)
	return evidence.SessionSummary{URL: "https://driven.example/", View: evidence.Desktop, Started: d.now(), Ended: d.now(), Exhibits: 1}, nil
}

// withSessions is a browser that a person can drive too.
type withSessions struct{ *teller }

func (w withSessions) Sit(context.Context, evidence.Request, capture.SessionOptions) (capture.Session, error) {
	return driven{w.teller, make(chan struct{})}, nil
}

func dataOf(t *testing.T) fs.FS {
	t.Helper()
	lists, err := fs.Sub(assets.Data, "data")
	if err != nil {
		t.Fatal(err)
	}
	return lists
}

// everyKind fills a case with an exhibit of each kind, by the use cases that make them, and tells which is which.
func everyKind(t *testing.T, w *Workbench, c *casefile.Case, b *teller) map[string]evidence.Kind {
	t.Helper()
	ctx, want := t.Context(), map[string]evidence.Kind{}
	must := func(id string, k evidence.Kind, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		want[id] = k
	}
	r := base()
	for _, u := range []string{"https://a.example/", "https://a.example/"} {
		r.URL, r.View = u, evidence.Desktop
		if err := w.Capture(ctx, c, []evidence.Request{r}, capture.NoProgress{}, func(got Captured) { want[got.Exhibit] = evidence.Capture }); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range evidence.Given {
		got, err := w.AddFile(ctx, c, NewFile{Kind: k, MediaType: "image/png", Source: Source{File: string(k) + ".png", From: "林○○", Received: "115年11月20日"}}, strings.NewReader("bytes"))
		must(got.Exhibit, k, err)
	}
	list, err := w.Intake(ctx, c, "list.txt", strings.NewReader("https://b.example/\nno address\n"), IntakeOptions{})
	must(list.Exhibit, evidence.List, err)
	cmp, err := w.Compare(ctx, c, "W0001", "W0002")
	if err == nil {
		cmp, err = w.KeepComparison(ctx, c, cmp, "")
	}
	must(cmp.Exhibit, evidence.Comparison, err)
	w.Config.Browser = func() (Browser, error) { return withSessions{b}, nil }
	w.browser = nil
	s, err := w.Sit(ctx, c, NewSession{Request: r})
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.Capture(ctx, capture.NoProgress{})
	must(page.Exhibit, evidence.Capture, err)
	report, err := s.End(ctx)
	must(report.Exhibit, evidence.Session, err)
	o := crawl.DefaultOptions("https://crawl.example/")
	o.NoRobots, o.Sitemaps, o.Delay = true, 0, 0
	tree, err := w.BeginCrawl(ctx, c, Crawl{Request: r, Options: o}, capture.NoProgress{}, func(got Captured) { want[got.Exhibit] = evidence.Capture })
	must(tree.Exhibit, evidence.Crawl, err)
	return want
}

func whole(context.Context, evidence.Request, int) (evidence.Verdict, error) {
	return evidence.Complete, nil
}

// TestEveryKind says of each kind, in the entry, in the summary and to whoever asks, what it is; nothing but a capture has a verdict.
func TestEveryKind(t *testing.T) {
	w, c, b, _ := bench(t, whole)
	want := everyKind(t, w, c, b)
	list, err := w.Exhibits(c)
	if err != nil || len(list) != len(want) {
		t.Fatalf("%d exhibits, want %d: %v", len(list), len(want), err)
	}
	seen := map[evidence.Kind]bool{}
	for _, e := range list {
		seen[e.Kind] = true
		if e.Kind != want[e.Exhibit] {
			t.Errorf("%s is %q, want %q", e.Exhibit, e.Kind, want[e.Exhibit])
		}
		if (e.Verdict != "") != (e.Kind == evidence.Capture) || (e.Outcome() != "") != (e.Kind == evidence.Capture) {
			t.Errorf("%s, a %s, has the verdict %q", e.Exhibit, e.Kind, e.Verdict)
		}
		if (e.Source != nil) != (e.Kind.Given() || e.Kind == evidence.List) {
			t.Errorf("%s, a %s, comes from %+v", e.Exhibit, e.Kind, e.Source)
		}
		kept, err := c.Exhibit(e.Exhibit)
		if err != nil {
			t.Fatal(err)
		}
		var told struct{ Kind evidence.Kind }
		if err := json.Unmarshal(kept.Summary, &told); err != nil || told.Kind != e.Kind || kept.Detail[evidence.DetailKind] != string(e.Kind) {
			t.Errorf("%s: summary %s, detail %v, %v", e.Exhibit, kept.Summary, kept.Detail, err)
		}
	}
	if len(seen) != len(evidence.Kinds) {
		t.Errorf("only the kinds %v were made", slices.Sorted(maps.Keys(seen)))
	}
	if _, err := w.Compare(t.Context(), c, "W0001", "W0003"); err == nil || !strings.Contains(err.Error(), "exhibit.kind") {
		t.Errorf("a page and a file were compared: %v", err)
	}
	if _, err := w.requestOf(t.Context(), c, "W0003"); err == nil || !strings.Contains(err.Error(), "exhibit.kind") {
		t.Errorf("a file has a way in which it was captured: %v", err)
	}
	if _, err := w.AddFile(t.Context(), c, NewFile{Kind: evidence.Capture, Source: Source{File: "x"}}, strings.NewReader("")); err == nil {
		t.Error("a file came in as a capture")
	}
}

// TestOlderCase reads exhibits as they were kept before there were kinds, with the verdict that was invented for them.
func TestOlderCase(t *testing.T) {
	w, c, _, clock := bench(t, whole)
	ctx := t.Context()
	for i, detail := range []map[string]string{
		{"file": "a.png"},
		{"file": "a.csv", "kind": "table", "addresses": "1", "skipped": "0"},
		{"compared": "W0001 W0002", "conclusion": "same"},
		{"crawl": "C001", "pages": "2", "ended": "done"},
		{"sitting": "I001", "actions": "3"},
		{},
		{"url": "https://a.example/", "final_url": "https://a.example/", "view": "desktop", "verdict": "complete", "job": "I001"},
	} {
		in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit})
		if err != nil {
			t.Fatal(err)
		}
		if err := fill(in, "a.bin", "application/octet-stream", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		summary, err := json.Marshal(evidence.Summary{Title: "a", Verdict: evidence.Complete, Started: clock.now()})
		if err != nil {
			t.Fatal(err)
		}
		e, err := in.Admit(ctx, summary, detail, "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Exhibit(c, e.ID)
		want := []evidence.Kind{evidence.File, evidence.List, evidence.Comparison, evidence.Crawl, evidence.Session, evidence.Unknown, evidence.Capture}[i]
		if err != nil || got.Kind != want || (got.Verdict != "") != (want == evidence.Capture) {
			t.Errorf("%v is %q with verdict %q, %v; want %q", detail, got.Kind, got.Verdict, err, want)
		}
		if want == evidence.Capture && got.Session != "I001" {
			t.Errorf("the page of a session is of %q", got.Session)
		}
	}
}

// A name that is no UTF-8, as Linux allows, is written with its bytes and takes nothing away from the file.
func TestNameThatIsNoText(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	got, err := w.AddFile(t.Context(), c, NewFile{MediaType: "image/png", Source: Source{File: "\xb0T\xc5v.png"}}, strings.NewReader("bytes"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "%B0T%C5v.png"
	if got.Title != want || got.Source.File != want || !slices.ContainsFunc(got.Artifacts, func(a evidence.Artifact) bool { return a.Name == want }) {
		t.Errorf("it is called %q, %q, %v; want %s", got.Title, got.Source.File, got.Artifacts, want)
	}
}

// TestNamesAreNothing: a file from outside that is called like an artifact of a capture is still a file: no picture, no facts, no visit come of it.
func TestNamesAreNothing(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	for _, name := range []string{evidence.Screenshot, evidence.ViewportShot, evidence.FactsJSON, evidence.CaptureJSON, evidence.TextTXT} {
		if _, err := w.AddFile(t.Context(), c, NewFile{MediaType: "image/png", Source: Source{File: name}}, strings.NewReader("no such thing {")); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.evidence(t.Context(), c)
	if err != nil || len(list) != 5 {
		t.Fatalf("%d exhibits, %v", len(list), err)
	}
	if err := visits(t.Context(), c, list, []string{"W0001", "W0002", "W0003", "W0004", "W0005"}); err != nil {
		t.Fatal(err)
	}
	p := &parcel{c: c}
	for _, x := range list {
		if x.Picture != nil || x.Visit.Proxy != nil || x.Facts.Domain != "" || x.Captured() {
			t.Errorf("%s is taken for a page: %+v", x.ID, x)
		}
		shown, err := p.shown(t.Context(), x)
		if err != nil || shown.Thumbnail != nil || shown.Text != "" {
			t.Errorf("%s is shown as a page: %+v, %v", x.ID, shown, err)
		}
	}
}

// TestOtherVersions prints a capture whose capture.json has a field in another form: what cannot be read is not recorded, and stops nothing.
func TestOtherVersions(t *testing.T) {
	w, c, b, _ := bench(t, whole)
	b.also = func(int) map[string]string {
		return map[string]string{evidence.CaptureJSON: `{"browser":"Chrome/150","overrides":{"headless":"yes","sandbox":true,"certificate_errors":false,"visitor":{"user_agent":"UA"}}}`}
	}
	r := base()
	r.URL, r.View = "https://a.example/", evidence.Desktop
	if err := w.Capture(t.Context(), c, []evidence.Request{r}, capture.NoProgress{}, func(Captured) {}); err != nil {
		t.Fatal(err)
	}
	list, err := w.evidence(t.Context(), c)
	if err == nil {
		err = visits(t.Context(), c, list, []string{list[0].ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	if v := list[0].Visit; v.Browser != "Chrome/150" || v.UserAgent != "UA" || v.Headless != nil || v.Sandbox == nil || v.Unverified != nil {
		t.Errorf("%+v", v)
	}
}

// rdap is facts.json of a capture whose registry answers with this registrant.
func rdap(registrant string) string {
	body, err := json.Marshal(map[string]any{"objectClassName": "domain", "entities": []any{map[string]any{
		"roles": []string{"registrant"}, "vcardArray": []any{"vcard", []any{[]any{"version", map[string]any{}, "text", "4.0"}, []any{"fn", map[string]any{}, "text", registrant}}},
	}}})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"network":{"resolver":"192.0.2.53:53","registrable":"a.example","rdap":[{"query":"a.example","kind":"domain","registrar":"Some Registrar",
		"events":[{"action":"registration","date":"2026-10-01T00:00:00Z"}],"bodies":[{"body":%q}]}],
		"clock":{"server":"192.0.2.1:123","offset_ms":12.25}}}`, base64.StdEncoding.EncodeToString(body))
}

// TestOwnerChange: the gate asks for a second look when the registrant that RDAP names has changed between two captures, and at nothing when not.
func TestOwnerChange(t *testing.T) {
	for why, c := range map[string]struct {
		names [2]string
		level application.Level
	}{"another": {[2]string{"甲公司", "乙公司"}, application.Soft}, "the same": {[2]string{"甲公司", "甲公司"}, application.OK}} {
		t.Run(why, func(t *testing.T) {
			w, cs, b, clock := bench(t, whole)
			w.Lists = dataOf(t)
			b.also = func(nth int) map[string]string { return map[string]string{evidence.FactsJSON: rdap(c.names[nth-1])} }
			r := base()
			r.URL, r.View = "https://a.example/", evidence.Desktop
			for range c.names {
				if err := w.Capture(t.Context(), cs, []evidence.Request{r}, capture.NoProgress{}, func(Captured) {}); err != nil {
					t.Fatal(err)
				}
				clock.turn(time.Hour)
			}
			if _, err := w.AddTarget(t.Context(), cs, NewTarget{Name: "a.example", Scope: application.Exact}); err != nil {
				t.Fatal(err)
			}
			gates, err := w.Gate(t.Context(), cs)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(gates[0].Results, func(r application.RuleResult) bool { return r.Rule == "owner" })
			got := gates[0].Results[i]
			if got.Level != c.level || c.level == application.Soft && (!strings.Contains(got.Text, "甲公司") || !strings.Contains(got.Text, "乙公司")) {
				t.Errorf("%s: %s", got.Level, got.Text)
			}
		})
	}
}

// TestRefusals keeps who refused in the queue and in what papers are made of.
func TestRefusals(t *testing.T) {
	w, c, b, _ := bench(t, func(context.Context, evidence.Request, int) (evidence.Verdict, error) { return evidence.Refused, nil })
	want := map[string]evidence.Outcome{
		"https://gone.example/": evidence.NotFound, "https://no.example/": evidence.Forbidden, "https://ill.example/": evidence.ServerError,
		"http://10.0.0.1/": evidence.Guarded,
	}
	status := map[string]int{"https://gone.example/": 404, "https://no.example/": 403, "https://ill.example/": 500}
	b.status = func(u string) int { return status[u] }
	if _, err := w.Enqueue(t.Context(), c, base(), pages(slices.Sorted(maps.Keys(want))...), ""); err != nil {
		t.Fatal(err)
	}
	part, ok := w.RunQueue(t.Context(), c, RunOptions{}).(*PartError) //nolint:errorlint // that and nothing beside it
	if !ok || len(part.Ended) != len(want) {
		t.Fatalf("%v", part)
	}
	for _, o := range want {
		if part.Ended[o] != 1 {
			t.Errorf("%s ended %d visits", o, part.Ended[o])
		}
	}
	jobs, err := w.Jobs(c)
	if err != nil || len(jobs) != len(want) {
		t.Fatalf("%v %v", jobs, err)
	}
	for _, j := range jobs {
		if j.Outcome != want[j.URL] || j.Verdict != evidence.Refused {
			t.Errorf("%s is %q, want %q", j.URL, j.Outcome, want[j.URL])
		}
	}
	for _, e := range mustExhibits(t, w, c) {
		if e.Outcome() != want[e.URL] {
			t.Errorf("%s is %q, want %q", e.URL, e.Outcome(), want[e.URL])
		}
	}
}

func mustExhibits(t *testing.T, w *Workbench, c *casefile.Case) []Captured {
	t.Helper()
	list, err := w.Exhibits(c)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
