package workbench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/crawl"
	"yuzheng/casefile"
	"yuzheng/casefile/evidence"
)

// The password of an address and of a proxy reaches the recorder, and neither the log nor a record. What a later run of the program
// knows is that there was one.
func TestPasswordsAreNotWrittenDown(t *testing.T) {
	const page, proxy, hidden = "http://member:pass-word@a.example/in", "http://office:pass-word@proxy.example:3128", "pass-word"
	var mu sync.Mutex
	var given []evidence.Request
	w, c, _, _ := bench(t, func(_ context.Context, r evidence.Request, _ int) (evidence.Verdict, error) {
		mu.Lock()
		defer mu.Unlock()
		given = append(given, r)
		return evidence.Complete, nil
	})
	base := evidence.Request{URL: page, View: evidence.Desktop, Proxy: proxy, Limits: evidence.DefaultLimits()}
	if err := w.Capture(t.Context(), c, []evidence.Request{base}, capture.NoProgress{}, func(Captured) {}); err != nil {
		t.Fatal(err)
	}
	jobs, err := w.Enqueue(t.Context(), c, base, []evidence.QueuedPage{{URL: page, View: evidence.Mobile}}, "")
	if err != nil || jobs[0].URL != "http://member:***@a.example/in" {
		t.Fatalf("%v %+v", err, jobs)
	}
	if err := w.RunQueue(t.Context(), c, RunOptions{Guard: func(context.Context, *casefile.Case) error { return nil }}); err != nil {
		t.Fatal(err)
	}
	var refused *RefusedError
	_, err = w.BeginCrawl(t.Context(), c, Crawl{Request: base, Options: crawl.DefaultOptions(page)}, capture.NoProgress{}, func(Captured) {})
	if !errors.As(err, &refused) || strings.Contains(fmt.Sprint(err), hidden) {
		t.Errorf("a crawl with an account: %v", err)
	}
	if len(given) != 2 {
		t.Errorf("%d captures", len(given))
	}
	for _, r := range given {
		if r.URL != page || r.Proxy != proxy {
			t.Errorf("the recorder was given %s over %s", r.URL, r.Proxy)
		}
	}
	for e, err := range c.Entries(1) {
		if said := fmt.Sprintf("%+v", e); err != nil || strings.Contains(said, hidden) {
			t.Errorf("%v %s", err, said)
		}
	}
	for _, kind := range []string{kindQueue, kindCrawl} {
		list, err := c.List(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if strings.Contains(string(r.Value), hidden) {
				t.Errorf("%s: %s", kind, r.Value)
			}
		}
	}
	if r := New(Config{}).passwords.complete(evidence.Request{URL: jobs[0].URL}); r.URL != jobs[0].URL {
		t.Errorf("another run knows %s", r.URL)
	}
}
