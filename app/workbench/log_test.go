package workbench

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// entries lists those of an action.
func entries(t *testing.T, c *casefile.Case, action custody.Action) (list []custody.Entry) {
	t.Helper()
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == action {
			list = append(list, e)
		}
	}
	return list
}

func captured1(t *testing.T, w *Workbench, c *casefile.Case, url string) Captured {
	t.Helper()
	r := base()
	r.URL, r.View = url, evidence.Desktop
	got, err := w.captureOne(t.Context(), c, r, "", capture.NoProgress{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestExportInPart has the disk fill up at each artifact in turn: what had left by then, and what of the last, is in the log.
func TestExportInPart(t *testing.T) {
	full := errors.New("disk full")
	for fails, want := range map[int]struct {
		whole int
		part  bool
	}{0: {0, true}, 1: {1, true}, 2: {2, false}} {
		w, c, _, _ := bench(t, whole)
		x := captured1(t, w, c, "https://a.example/")
		n := 0
		list, err := w.Export(t.Context(), c, []string{x.Exhibit}, func(_, _ string, r io.Reader) error {
			if n++; n == fails+1 {
				_, err := io.CopyN(io.Discard, r, 4)
				return errors.Join(err, full)
			}
			_, err := io.Copy(io.Discard, r)
			return err
		})
		logged := entries(t, c, custody.ExhibitExport)
		if len(logged) != 1 || len(list) != want.whole {
			t.Fatalf("fails at %d: %d exported, entries %+v", fails, len(list), logged)
		}
		e := logged[0]
		if failed := e.Detail[casefile.DetailFailed]; len(e.Artifacts) != want.whole || (failed != "") != want.part || strings.HasSuffix(e.Detail["part"], ": 4 bytes") != want.part ||
			(err != nil) != want.part {
			t.Errorf("fails at %d: %v, %+v", fails, err, e)
		}
	}
}

// TestExportOfNothing logs nothing when no byte has left.
func TestExportOfNothing(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	x := captured1(t, w, c, "https://a.example/")
	_, err := w.Export(t.Context(), c, []string{x.Exhibit}, func(string, string, io.Reader) error { return errors.New("there is a file already") })
	if logged := entries(t, c, custody.ExhibitExport); err == nil || len(logged) != 0 {
		t.Errorf("%v %+v", err, logged)
	}
}

// TestBeginNamesItsExhibit captures one address twice, once in vain: each beginning is bound to what came of it.
func TestBeginNamesItsExhibit(t *testing.T) {
	w, c, _, _ := bench(t, func(_ context.Context, _ evidence.Request, nth int) (evidence.Verdict, error) {
		if nth == 2 {
			return "", errors.New("the browser is gone")
		}
		return evidence.Complete, nil
	})
	const url = "https://a.example/"
	first := captured1(t, w, c, url)
	r := base()
	r.URL, r.View = url, evidence.Desktop
	if _, err := w.captureOne(t.Context(), c, r, "", capture.NoProgress{}); err == nil {
		t.Fatal("the second capture went well")
	}
	third := captured1(t, w, c, url)
	begun := entries(t, c, custody.CaptureBegin)
	ends := map[string]string{}
	for _, e := range append(entries(t, c, custody.ExhibitAdmit), entries(t, c, custody.CaptureAbandon)...) {
		ends[e.Detail[casefile.DetailBegin]] = e.Object
	}
	for i, want := range []string{first.Exhibit, "", third.Exhibit} {
		if got, ok := ends[strconv.FormatInt(begun[i].Number, 10)]; !ok || got != want {
			t.Errorf("beginning %d: %q %v, want %q", i, got, ok, want)
		}
	}
}

// TestStory cites one of three captures of an address: its entries travel, the others are counted by kind.
func TestStory(t *testing.T) {
	w, c, _, _ := bench(t, func(_ context.Context, _ evidence.Request, nth int) (evidence.Verdict, error) {
		if nth == 3 {
			return "", errors.New("the browser is gone")
		}
		return evidence.Complete, nil
	})
	const url = "https://a.example/"
	captured1(t, w, c, url)
	cited := captured1(t, w, c, url)
	r := base()
	r.URL, r.View = url, evidence.Desktop
	if _, err := w.captureOne(t.Context(), c, r, "", capture.NoProgress{}); err == nil {
		t.Fatal("the third capture went well")
	}
	b := brief{app: application.Application{ID: "S01", Targets: []string{"D001"}}, targets: []application.Target{{ID: "D001", Exhibits: []string{cited.Exhibit}}}}
	b.exhibits = []application.Exhibit{{ID: "W0001", URL: url}, {ID: cited.Exhibit, URL: url}}
	numbers, left, err := b.concerned(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	begun := entries(t, c, custody.CaptureBegin)
	for i, travels := range []bool{false, true, false} {
		if slices.Contains(numbers, begun[i].Number) != travels {
			t.Errorf("beginning %d travels: %v", i, !travels)
		}
	}
	if left[custody.CaptureBegin] != 2 || left[custody.ExhibitAdmit] != 1 || left[custody.CaptureAbandon] != 1 {
		t.Errorf("left out: %v", left)
	}
	total := 0
	for _, n := range left {
		total += n
	}
	if all := int(c.Info().Entries); total+len(numbers) != all {
		t.Errorf("%d travel, %d left out, of %d", len(numbers), total, all)
	}
	if text := (leftOut{9, left}).String(); !strings.HasPrefix(text, strconv.Itoa(total)+" (entries 1-9): ") || !strings.Contains(text, "capture.begin 2") {
		t.Error(text)
	}
}

// TestStoryOfAnOlderLog has admissions that name no beginning: the last one of the address and view before them is theirs.
func TestStoryOfAnOlderLog(t *testing.T) {
	_, c, _, _ := bench(t, whole)
	const url = "https://a.example/"
	act := func(a custody.Action, detail map[string]string) int64 {
		e, err := c.Log(t.Context(), custody.Entry{Action: a, Object: url, Detail: detail})
		if err != nil {
			t.Fatal(err)
		}
		return e.Number
	}
	desktop := map[string]string{"view": "desktop"}
	admitOld := func() string {
		in, err := c.Receive(t.Context(), casefile.IntakeOptions{})
		if err == nil {
			err = fill(in, "text.txt", "text/plain", strings.NewReader("x"))
		}
		if err != nil {
			t.Fatal(err)
		}
		e, err := in.Admit(t.Context(), []byte("{}"), map[string]string{"url": url, "view": "desktop"}, "")
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	other := act(custody.CaptureBegin, desktop)
	admitOld()
	want := []int64{act(custody.CaptureBegin, desktop), act(custody.NetworkContact, nil)}
	mobile := act(custody.CaptureBegin, map[string]string{"view": "mobile"})
	id := admitOld()
	later := act(custody.CaptureBegin, desktop)
	b := brief{app: application.Application{Targets: []string{"D001"}}, targets: []application.Target{{ID: "D001", Exhibits: []string{id}}}, exhibits: []application.Exhibit{{ID: id, URL: url}}}
	numbers, _, err := b.concerned(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range want {
		if !slices.Contains(numbers, n) {
			t.Errorf("entry %d does not travel: %v", n, numbers)
		}
	}
	for _, n := range []int64{other, mobile, later} {
		if slices.Contains(numbers, n) {
			t.Errorf("entry %d travels: %v", n, numbers)
		}
	}
}

// asking is a recorder that fails after it has asked somebody.
type asking struct{ *teller }

func (asking) Record(context.Context, evidence.Request, capture.Sink, capture.Progress) (evidence.Summary, error) {
	return evidence.Summary{Contacts: []evidence.Contact{{Reason: "dns", Host: "a.example", Count: 2}}}, errors.New("the browser is gone")
}

// TestContactsOfAFailure has whom a recorder asked in the log, though nothing came of it.
func TestContactsOfAFailure(t *testing.T) {
	w, c, b, _ := bench(t, whole)
	w.Config.Browser = func() (Browser, error) { return asking{b}, nil }
	r := base()
	r.URL, r.View = "https://a.example/", evidence.Desktop
	if _, err := w.captureOne(t.Context(), c, r, "", capture.NoProgress{}); err == nil {
		t.Fatal("it went well")
	}
	begun, asked := entries(t, c, custody.CaptureBegin), entries(t, c, custody.NetworkContact)
	if len(asked) != 1 || asked[0].Detail["dns a.example"] != "2" || asked[0].Detail[casefile.DetailBegin] != strconv.FormatInt(begun[0].Number, 10) {
		t.Errorf("%+v", asked)
	}
	if gone := entries(t, c, custody.CaptureAbandon); len(gone) != 1 || gone[0].Detail[casefile.DetailBegin] != strconv.FormatInt(begun[0].Number, 10) {
		t.Errorf("%+v", gone)
	}
}

// TestCrawlRefused ends in the log what it began there, though nothing was crawled.
func TestCrawlRefused(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	n := Crawl{Request: base()}
	n.Options.Start, n.Options.Depth, n.Request.View = "https://a.example/", -1, evidence.Desktop
	_, err := w.BeginCrawl(t.Context(), c, n, capture.NoProgress{}, func(Captured) {})
	begun, ended := entries(t, c, custody.CrawlBegin), entries(t, c, custody.CrawlEnd)
	var refused *RefusedError
	if !errors.As(err, &refused) || len(begun) != 1 || len(ended) != 1 || ended[0].Detail[casefile.DetailFailed] == "" {
		t.Errorf("%v %+v %+v", err, begun, ended)
	}
}
