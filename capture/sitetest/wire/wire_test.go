package wire

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"testing"
)

// serve gives a server's address, its log and a client for it.
func serve(t *testing.T, p Protocol, h http.Handler) (string, *Log, *http.Client) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	model := httptest.NewUnstartedServer(nil) // for its certificate and a client that trusts it
	model.EnableHTTP2 = p == HTTP2
	model.StartTLS()
	t.Cleanup(model.Close)
	address, listener, client := "http://"+l.Addr().String(), l, &http.Client{}
	if p == HTTP2 {
		listener = tls.NewListener(l, &tls.Config{Certificates: model.TLS.Certificates, NextProtos: []string{"h2"}})
		address, client = "https://"+l.Addr().String(), model.Client()
	}
	s := &Server{Handler: h, Log: NewLog()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(listener) // until l is closed
	}()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		l.Close()
		<-done
		s.Close()
	})
	return address, s.Log, client
}

var protocols = []Protocol{HTTP1, HTTP2}

// What a handler says arrives, whatever its size and framing, and stands in the log; so does what it was asked.
func TestHandlersAreServed(t *testing.T) {
	big := bytes.Repeat([]byte("大"), 400_000)
	for _, p := range protocols {
		address, log, client := serve(t, p, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("X-Got", string(body))
			if r.URL.Path == "/gone" {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			z := gzip.NewWriter(w)
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = z.Write(big)
			_ = z.Close()
			_, _ = w.Write(nil)
		}))
		for _, path := range []string{"/a", "/b", "/c", "/d", "/gone"} {
			res, err := client.Post(address+path, "text/plain", strings.NewReader("asked "+path))
			if err != nil {
				t.Fatalf("%s: %v", p, err)
			}
			got, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || path != "/gone" && !bytes.Equal(got, big) || res.Header.Get("X-Got") != "asked "+path {
				t.Errorf("%s %s: %d bytes, %v, %v", p, path, len(got), res.Header, err)
			}
		}
		list := log.Exchanges()
		if len(list) != 5 {
			t.Fatalf("%s: %d exchanges", p, len(list))
		}
		for _, e := range list {
			if !e.Whole || e.Method != http.MethodPost || e.Protocol != p || e.Value("x-got") != "asked "+e.Target || e.URL() != address+e.Target {
				t.Errorf("%s: %+v", p, e)
			}
		}
	}
}

// An answer goes out with its fields in order, with what comes before and after it, in every framing.
func TestAnswersAreAsGiven(t *testing.T) {
	want := Answer{
		Status: 201, Reason: "Made", Header: []Field{{Name: "X-B", Value: "\xa7\xeb"}, {Name: "X-A", Value: "投資"}, {Name: "X-B", Value: ""}}, Body: []byte("body"),
		Interim: []Interim{{Status: 103, Header: []Field{{Name: "Link", Value: "</a>"}}}}, Trailer: []Field{{Name: "X-End", Value: "尾"}},
	}
	for _, p := range protocols {
		for _, framing := range []Framing{ByLength, Chunked, ByClose} {
			want.Framing = framing
			address, log, client := serve(t, p, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = Send(w, want) }))
			hinted := 0
			trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { hinted++; return nil }}
			r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, address, nil)
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || string(body) != "body" || res.StatusCode != 201 || hinted != 1 || !slices.Equal(res.Header["X-B"], []string{"\xa7\xeb", ""}) {
				t.Errorf("%s, framing %d: %q %v %v, %d hints", p, framing, body, res.Header, err, hinted)
			}
			if framing == Chunked && res.Trailer.Get("X-End") != "尾" {
				t.Errorf("%s: trailer %v", p, res.Trailer)
			}
			e := log.Exchanges()[0]
			if !slices.Equal(e.Header[:3], want.Header) || !e.Whole || string(e.Body) != "body" {
				t.Errorf("%s: %+v", p, e)
			}
		}
	}
}

// The bytes of a head are its maker's, odd lines and all.
func TestHeadIsByteForByte(t *testing.T) {
	address, _, _ := serve(t, HTTP1, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = Send(w, Answer{Status: 200, Header: []Field{{Name: "x-Odd", Value: "v", Line: "x-Odd:\t v \n"}, {Name: "B", Value: "\xff"}}, Body: []byte("z")})
	}))
	c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const want = "HTTP/1.1 200\r\nx-Odd:\t v \nB: \xff\r\nContent-Length: 1\r\n\r\nz"
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
}

// What is broken off arrives as broken off, and stands so in the log; so does what a visitor left.
func TestBrokenOff(t *testing.T) {
	for _, p := range protocols {
		left := make(chan struct{})
		address, log, client := serve(t, p, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/left" {
				_, _ = w.Write([]byte("begin"))
				<-r.Context().Done()
				close(left)
				return
			}
			_ = Send(w, Answer{Status: 200, Body: make([]byte, 100), Cut: 40})
		}))
		res, err := client.Get(address + "/cut")
		if err == nil {
			_, err = io.ReadAll(res.Body)
			res.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: a whole body", p)
		}
		res, err = client.Get(address + "/left")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		<-left
		if list := log.Exchanges(); len(list) != 2 || list[0].Whole || len(list[0].Body) != 40 || list[1].Whole {
			t.Errorf("%s: %+v", p, list)
		}
	}
}
