package sitetest

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Answer is one answer of the "fresh" and "widget" hosts, as it left the site.
type Answer struct {
	Method, URL string
	Status      int
	Body        []byte // Content-Encoding undone; empty for HEAD
	Whole       bool   // sent to its end, to a visitor who was still there
}

// Answers returns the answers so far, in the order in which they were asked for. It waits for those that are being given.
func (s *Site) Answers() []Answer {
	f := s.hosts["fresh.example"].(*freshSite)
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.running > 0 {
		f.idle.Wait()
	}
	list := make([]Answer, len(f.answers))
	for i, a := range f.answers {
		list[i] = *a
	}
	return list
}

// pen writes one answer and remembers what it wrote.
type pen struct {
	http.ResponseWriter
	answer *Answer
	coder  io.WriteCloser // compresses; nil where nothing does
	failed bool
}

func (f *freshSite) begin(w http.ResponseWriter, r *http.Request) *pen {
	p := &pen{ResponseWriter: w, answer: &Answer{Method: r.Method, URL: base(r) + r.RequestURI}}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running++
	f.answers = append(f.answers, p.answer)
	return p
}

func (f *freshSite) end(p *pen, r *http.Request) {
	if p.coder != nil && p.coder.Close() != nil {
		p.failed = true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p.answer.Whole = !p.failed && r.Context().Err() == nil
	if r.Method == http.MethodHead {
		p.answer.Body = nil
	}
	if p.answer.Status == 0 {
		p.answer.Status = http.StatusOK
	}
	f.running--
	f.idle.Broadcast()
}

// encode compresses what follows, if the visitor takes it: "gzip", "deflate" (zlib, as RFC 9110 has it) or "raw" (deflate without zlib, as
// some servers have it).
func (p *pen) encode(r *http.Request, how string) {
	name := strings.Replace(how, "raw", "deflate", 1)
	if !strings.Contains(r.Header.Get("Accept-Encoding"), name) {
		return
	}
	p.Header().Set("Content-Encoding", name)
	p.Header().Add("Vary", "Accept-Encoding")
	switch how {
	case "gzip":
		p.coder = gzip.NewWriter(p.ResponseWriter)
	case "deflate":
		p.coder = zlib.NewWriter(p.ResponseWriter)
	case "raw":
		w, err := flate.NewWriter(p.ResponseWriter, flate.BestSpeed)
		must(err)
		p.coder = w
	}
}

// send writes a whole body.
func (p *pen) send(mime string, body []byte) {
	if mime != "" {
		p.Header().Set("Content-Type", mime)
	}
	if p.coder == nil {
		p.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	_, _ = p.Write(body) // remembered
}

// WriteHeader implements http.ResponseWriter.
func (p *pen) WriteHeader(status int) {
	if status >= 200 {
		p.answer.Status = status
	}
	p.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (p *pen) Write(b []byte) (int, error) {
	p.answer.Body = append(p.answer.Body, b...)
	to := io.Writer(p.ResponseWriter)
	if p.coder != nil {
		to = p.coder
	}
	n, err := to.Write(b)
	p.failed = p.failed || err != nil
	return n, err
}

// flush sends what was written so far.
func (p *pen) flush() {
	if p.coder != nil {
		return // what compresses keeps its own pace
	}
	_ = http.NewResponseController(p.ResponseWriter).Flush()
}
