package sitetest

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"time"
)

// maxLogged bounds the part of a request's body that the log keeps.
const maxLogged = 64 << 10

// Served is one request as the site saw it.
type Served struct {
	At     time.Time
	Scheme string // http or https
	Host   string // as sent, with port
	Method string
	Path   string // with query
	Proto  string
	Remote string
	Header http.Header
	Body   []byte // the first 64 KiB
}

// Served returns what was asked for so far, in the order in which it came.
func (s *Site) Served() []Served {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Served(nil), s.served...)
}

func (s *Site) front(scheme string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(scheme, r)
		if !s.wait(r, s.latency) {
			return
		}
		handler := s.hosts[hostName(r.Host)]
		if handler == nil {
			http.Error(w, "no such host here", http.StatusMisdirectedRequest)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

func (s *Site) note(scheme string, r *http.Request) {
	var body []byte
	if r.Method != http.MethodConnect { // whose body is a conversation
		body, _ = io.ReadAll(io.LimitReader(r.Body, maxLogged))
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served = append(s.served, Served{
		At: time.Now().UTC(), Scheme: scheme, Host: r.Host, Method: r.Method, Path: r.URL.RequestURI(),
		Proto: r.Proto, Remote: r.RemoteAddr, Header: r.Header.Clone(), Body: body,
	})
}

// wait reports whether the time passed while visitor and site were still there.
func (s *Site) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// base is the site's own address as the visitor wrote it.
func base(r *http.Request) string {
	if r.TLS != nil {
		return Secure + "://" + r.Host
	}
	return Clear + "://" + r.Host
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
