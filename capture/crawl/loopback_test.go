package crawl

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"yuzheng/casefile/evidence"
)

// TestServer: over a real server and an ordinary client, each address is asked for once, loops of redirects end, and a sitemap that is
// packed is read. The only connections are those of the client.
func TestServer(t *testing.T) {
	var mu sync.Mutex
	count := map[string]int{}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<a href="/loop">x</a><a href="/moved">x</a><a href="/moved?utm_source=x">x</a><a href="/page#part">x</a><a href="/days/1">x</a><a href="/logout">x</a>`)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/page", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<a href="/">x</a>`) })
	mux.HandleFunc("/days/{n}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<a href="%s1">next</a><a href="/days/%d">x</a>`, r.URL.Path, len(r.URL.Path))
	})
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "Sitemap: http://%s/map.xml.gz", r.Host) })
	mux.HandleFunc("/map.xml.gz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		fmt.Fprint(z, "<urlset><url><loc>/listed</loc></url></urlset>")
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("User-Agent"), "Go-http-client") {
			t.Errorf("asked by %s", r.Header.Get("User-Agent"))
		}
		mu.Lock()
		count[r.RequestURI]++
		mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	defer server.Close()
	o := DefaultOptions(server.URL)
	o.Delay, o.Depth, o.Alike = 0, 50, 4
	tree, err := Run(t.Context(), o, func(ctx context.Context, address string) (Page, error) { return visited(ctx, server.Client(), address) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range tree.Nodes {
		got = append(got, strings.TrimPrefix(n.URL, server.URL))
	}
	same(t, "nodes", got, []string{"/", "/robots.txt", "/map.xml.gz", "/loop", "/moved", "/days/1", "/listed", "/days/11", "/days/7", "/days/111"})
	for uri, n := range count {
		if n != 1 && uri != "/loop" || uri == "/logout" { // the client itself goes round the loop
			t.Errorf("%s is asked %d times", uri, n)
		}
	}
}

// visited is what a client without a browser sees of an address.
func visited(ctx context.Context, client *http.Client, address string) (Page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Page{}, err
	}
	res, err := client.Do(r)
	if err != nil {
		return Page{Verdict: evidence.Unreachable}, ctx.Err()
	}
	body, err := io.ReadAll(res.Body)
	return Page{
		Exhibit: address, FinalURL: res.Request.URL.String(), Status: res.StatusCode, MediaType: res.Header.Get("Content-Type"), Source: body, Verdict: evidence.Complete,
	}, errors.Join(err, res.Body.Close())
}
