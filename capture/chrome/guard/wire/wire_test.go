package wire

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// passing copies a connection as the guard does, and tells a Tap of it.
func passing(t *testing.T, l *Log, to string) string {
	t.Helper()
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	go func() {
		for {
			client, err := front.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				t.Error(err)
				return
			}
			tap := l.Open(to, netip.MustParseAddrPort(to))
			up, down := make(chan bool), make(chan bool)
			go func() {
				io.Copy(io.MultiWriter(feed(tap.Sent), server), client)
				server.(*net.TCPConn).CloseWrite()
				close(up)
			}()
			go func() {
				io.Copy(io.MultiWriter(feed(tap.Received), client), server)
				tap.Finished()
				client.Close()
				close(down)
			}()
			go func() { <-up; <-down; tap.End() }()
		}
	}()
	return front.Addr().String()
}

type feed func([]byte)

func (f feed) Write(p []byte) (int, error) { f(p); return len(p), nil }

func newLog(keys *Keys) *Log {
	return NewLog(Options{Keys: keys, Body: 4 << 20, Room: 32 << 20, Now: time.Now})
}

// site answers with what was asked, in every framing of a body.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/plain", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "plain "+r.URL.RawQuery) })
	mux.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-After")
		for i := range 5 {
			fmt.Fprint(w, strings.Repeat(fmt.Sprint(i), 1000))
			w.(http.Flusher).Flush()
		}
		w.Header().Set("X-After", "done")
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/early", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		io.WriteString(w, "late")
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
	})
	return mux
}

// ask asks for every page and gives what came.
func ask(t *testing.T, c *http.Client, base string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range []string{"/plain?a=1", "/chunks", "/none", "/early", "/plain?a=2"} {
		r, err := c.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		out["GET "+path] = string(body)
	}
	sent := strings.Repeat("說", 50_000)
	r, err := c.Post(base+"/echo", "text/plain", strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body.Close()
	out["POST /echo"] = string(body)
	if head, err := c.Head(base + "/plain?h"); err == nil {
		head.Body.Close()
		out["HEAD /plain?h"] = ""
	}
	return out
}

// Over HTTP/1 and HTTP/2, in clear and under every kind of TLS that a browser speaks, what is read is what was asked and what came.
func TestWhatCameIsRead(t *testing.T) {
	suites := []uint16{
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
	}
	type way struct {
		name    string
		secure  bool
		version uint16
		suite   uint16
		h2      bool
		server  []tls.CurveID // another hello is asked for where the browser's first one is for another curve
	}
	ways := []way{
		{name: "clear"},
		{name: "1.3", secure: true, version: tls.VersionTLS13},
		{name: "1.3 asked again", secure: true, version: tls.VersionTLS13, server: []tls.CurveID{tls.CurveP384}},
		{name: "1.3 h2", secure: true, version: tls.VersionTLS13, h2: true},
	}
	for _, s := range suites {
		ways = append(ways, way{name: tls.CipherSuiteName(s), secure: true, version: tls.VersionTLS12, suite: s})
	}
	ways = append(ways, way{name: "1.2 h2", secure: true, version: tls.VersionTLS12, suite: suites[0], h2: true})
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			keys := NewKeys()
			told, tell := io.Pipe()
			go keys.ReadFrom(told)
			l := newLog(keys)
			s := httptest.NewUnstartedServer(site())
			s.EnableHTTP2 = w.h2
			if w.secure {
				s.TLS = &tls.Config{MaxVersion: w.version, CipherSuites: []uint16{w.suite}, CurvePreferences: w.server}
				s.StartTLS()
			} else {
				s.Start()
			}
			defer s.Close()
			front := passing(t, l, s.Listener.Addr().String())
			trust := x509.NewCertPool()
			base := "http://" + front
			if w.secure {
				base = "https://" + front
				trust.AddCert(s.Certificate())
			}
			transport := &http.Transport{DisableCompression: true, TLSClientConfig: &tls.Config{
				RootCAs: trust, KeyLogWriter: tell, ServerName: "example.com", MaxVersion: w.version, CipherSuites: []uint16{w.suite}, InsecureSkipVerify: true,
			}}
			transport.Protocols = new(http.Protocols)
			transport.Protocols.SetHTTP1(!w.h2)
			transport.Protocols.SetHTTP2(w.h2)
			want := ask(t, &http.Client{Transport: transport}, base)
			transport.CloseIdleConnections()
			if !l.Idle(10 * time.Second) {
				t.Fatal("never idle")
			}
			for name, body := range want {
				method, path, _ := strings.Cut(name, " ")
				e, ok := l.Claim(method, base+path, func(Exchange) int { return 0 })
				if !ok {
					t.Errorf("%s is not there: %v", name, l.Exchanges())
					continue
				}
				if string(e.Body) != body || !e.Kept || !e.Whole || e.Size != int64(len(body)) {
					t.Errorf("%s: %d bytes of %d, kept %v, whole %v", name, len(e.Body), len(body), e.Kept, e.Whole)
				}
				if (e.Protocol == "h2") != w.h2 || e.Secure != w.secure || e.Remote.String() != s.Listener.Addr().String() {
					t.Errorf("%s: %s, secure %v, %s", name, e.Protocol, e.Secure, e.Remote)
				}
				switch {
				case method == "POST" && (string(e.Sent) != body || !e.SentWhole):
					t.Errorf("%s: %d bytes sent of %d", name, len(e.Sent), len(body))
				case path == "/early" && !reflect.DeepEqual(e.Early, []int{103}):
					t.Errorf("early answers %v", e.Early)
				case w.secure && (len(e.Certificates) == 0 || !bytes.Equal(e.Certificates[0], s.Certificate().Raw)):
					t.Errorf("%s: %d certificates", name, len(e.Certificates))
				}
			}
			if rest := l.Rest(every); len(rest) != 0 {
				t.Errorf("besides: %v", rest)
			}
		})
	}
}

// Names and values are the bytes of the wire, in their order, whatever they are.
func TestFieldsAreTheBytesOfTheWire(t *testing.T) {
	l := newLog(nil)
	tap := l.Open("shop.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
	tap.Sent([]byte("GET /a HTTP/1.1\r\nHost: Shop.example\r\nX-B:  \xa7\xeb\t\r\n\r\nGET /b HTTP/1.1\r\nhost: shop.example:80\r\n\r\n"))
	tap.Received([]byte("HTTP/1.0 200\r\nx-lower: 1\r\nX-Big5: \xa7\xeb\xb8\xea\r\nSet-Cookie: a=1\r\nX-Latin: caf\xe9\r\nset-cookie: b=2\r\nno colon\r\nX-Folded: one\r\n  two\r\nContent-Length: 2\r\n\r\nok"))
	tap.Received([]byte("HTTP/1.1 404 Not\x20\xe6\x89\xbe\n\n"))
	tap.End()
	l.Wait()
	got := l.Rest(every)
	if len(got) != 2 {
		t.Fatal(got)
	}
	want := []Field{
		{"x-lower", "1"},
		{"X-Big5", "\xa7\xeb\xb8\xea"},
		{"Set-Cookie", "a=1"},
		{"X-Latin", "caf\xe9"},
		{"set-cookie", "b=2"},
		{"", "no colon"},
		{"X-Folded", "one two"},
		{"Content-Length", "2"},
	}
	if !reflect.DeepEqual(got[0].Response, want) || string(got[0].Body) != "ok" || got[0].Protocol != "http/1.0" {
		t.Errorf("got %+v", got[0])
	}
	if !reflect.DeepEqual(got[0].Request, []Field{{"Host", "Shop.example"}, {"X-B", "\xa7\xeb"}}) || got[0].URL() != "http://shop.example/a" {
		t.Errorf("request %q %s", got[0].Request, got[0].URL())
	}
	if got[1].Status != 404 || got[1].Reason != "Not \xe6\x89\xbe" || got[1].URL() != "http://shop.example/b" {
		t.Errorf("got %+v", got[1])
	}
}

// A server that says what it must not, or nothing that it must, holds nobody up.
func TestHostileHelloHoldsNobodyUp(t *testing.T) {
	client, near := net.Pipe()
	go tls.Client(client, &tls.Config{InsecureSkipVerify: true}).Handshake() // ends with the pipe
	hello := make([]byte, 1<<16)
	n, err := near.Read(hello)
	near.Close()
	if err != nil {
		t.Fatal(err)
	}
	spec := []byte{recordCipherSpec, 3, 3, 0, 1, 1}
	for _, said := range [][]byte{spec, append(bytes.Clone(spec), 22, 3, 3, 0, 4, 14, 0, 0, 0), {recordData, 3, 3, 0, 1, 0}, {22, 3, 3, 0, 0}} {
		l := newLog(NewKeys())
		tap := l.Open("a.example:443", netip.MustParseAddrPort("192.0.2.1:443"))
		tap.Sent(hello[:n])
		tap.Received(said)
		tap.Sent(spec)
		tap.End()
		l.Wait()
		if rest := l.Rest(every); len(rest) != 0 {
			t.Errorf("read %v", rest)
		}
	}
}

// A browser that leaves on account of the certificate has been told nothing: what the server says ahead (session tickets) is nothing that could not
// be read.
func TestLeftForTheCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(site())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	keys := NewKeys()
	told, tell := io.Pipe()
	go keys.ReadFrom(told)
	l := newLog(keys)
	front := passing(t, l, s.Listener.Addr().String())
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{KeyLogWriter: tell, RootCAs: x509.NewCertPool(), ClientSessionCache: tls.NewLRUClientSessionCache(1)}}}
	if _, err := c.Get("https://" + front); err == nil {
		t.Fatal("an unknown authority is trusted")
	}
	if !l.Idle(keyTime / 2) {
		t.Error("waits for keys that nobody has")
	}
	if why := l.Unread(s.Listener.Addr().String()); why != "" {
		t.Errorf("said %q", why)
	}
}

// What cannot be read is said, and holds nobody up.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	s := httptest.NewTLSServer(site())
	defer s.Close()
	l := newLog(nil)
	front := passing(t, l, s.Listener.Addr().String())
	r, err := s.Client().Get("https://" + front + "/plain")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	s.Client().CloseIdleConnections()
	if !l.Idle(10 * time.Second) {
		t.Fatal("never idle")
	}
	if why := l.Unread(s.Listener.Addr().String()); why != errNoKeys.Error() {
		t.Errorf("said %q", why)
	}
	if rest := l.Rest(every); len(rest) != 0 {
		t.Errorf("read %v", rest)
	}
}

// A body is kept up to the limits, and its length is known all the same.
func TestBodiesAreBounded(t *testing.T) {
	l := NewLog(Options{Body: 1000, Room: 1500, Now: time.Now})
	tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
	for _, size := range []int{900, 1001, 700} {
		tap.Sent([]byte("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"))
		tap.Received(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size)))
	}
	tap.End()
	l.Wait()
	var kept []bool
	for _, e := range l.Rest(every) {
		kept = append(kept, e.Kept)
		if !e.Whole || e.Kept != (len(e.Body) > 0) {
			t.Errorf("%d bytes: whole %v, kept %v", e.Size, e.Whole, e.Kept)
		}
	}
	if !reflect.DeepEqual(kept, []bool{true, false, false}) {
		t.Errorf("kept %v", kept)
	}
	if l.room != 1500 {
		t.Errorf("%d bytes of room", l.room)
	}
}

// A connection that breaks off in an answer gives what came, and says that it is not whole.
func TestBrokenOff(t *testing.T) {
	for _, c := range []struct {
		said string
		size int64
	}{
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", 3},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", 5},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 2},
		{"HTTP/1.1 200 OK\r\nConte", 0},
		{"HTTP/1.0 200 OK\r\n\r\nto the end", 10},
		{"", 0},
	} {
		l := newLog(nil)
		tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
		tap.Sent([]byte("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"))
		tap.Received([]byte(c.said))
		tap.End()
		l.Wait()
		e := l.Rest(every)[0]
		if e.Whole || e.Size != c.size || !e.Kept {
			t.Errorf("%q: whole %v, size %d, kept %v", c.said, e.Whole, e.Size, e.Kept)
		}
	}
}

// FuzzTap: nothing that two sides say ends or hangs the reader.
func FuzzTap(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"))
	f.Add([]byte(preface+"\x00\x00\x00\x04\x00\x00\x00\x00\x00"), []byte("\x00\x00\x00\x04\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"), []byte("\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00"))
	f.Fuzz(func(t *testing.T, up, down []byte) {
		keys := NewKeys()
		keys.ReadFrom(strings.NewReader(""))
		l := newLog(keys)
		tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
		tap.Sent(up)
		tap.Received(down)
		tap.End()
		l.Wait()
		if l.busy != 0 {
			t.Fatalf("%d directions are still busy", l.busy)
		}
		l.Rest(every)
		if l.room != 32<<20 {
			t.Fatalf("%d bytes of room", l.room)
		}
	})
}

func every(Exchange) bool { return true }

// oneStream gives what both sides say in one stream of HTTP/2: a head, some data.
func oneStream(asked, said []hpack.HeaderField, sent, received string) (up, down *bytes.Buffer) {
	up, down = bytes.NewBufferString(preface), new(bytes.Buffer)
	one := func(to *bytes.Buffer, fields []hpack.HeaderField, data string) {
		var block bytes.Buffer
		e := hpack.NewEncoder(&block)
		for _, f := range fields {
			e.WriteField(f)
		}
		framer := xhttp2.NewFramer(to, nil)
		framer.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true})
		framer.WriteData(1, false, []byte(data))
	}
	one(up, asked, sent)
	one(down, said, received)
	return up, down
}

// What goes through a stream that has become a tunnel (a WebSocket in HTTP/2, RFC 8441) is neither the body of an answer nor that of a request.
func TestTunnelHasNoBody(t *testing.T) {
	up, down := oneStream(
		[]hpack.HeaderField{{Name: ":method", Value: "CONNECT"}, {Name: ":protocol", Value: "websocket"}, {Name: ":path", Value: "/chat"}},
		[]hpack.HeaderField{{Name: ":status", Value: "200"}}, "a frame", "another")
	l := newLog(nil)
	tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
	tap.Sent(up.Bytes())
	tap.Received(down.Bytes())
	l.Idle(10 * time.Second)
	list := l.Rest(func(e Exchange) bool { return !e.Ended.IsZero() })
	if len(list) != 1 || list[0].Status != 200 || !list[0].Whole || list[0].Size != 0 || len(list[0].Sent) != 0 {
		t.Errorf("read %+v", list)
	}
	tap.End()
	l.Wait()
}

// A stream that the browser gives up has the whole answer where all came that was announced, and only there.
func TestGivenUpAtTheEnd(t *testing.T) {
	for length, whole := range map[string]bool{"4": true, "5": false} {
		up, down := oneStream([]hpack.HeaderField{{Name: ":method", Value: "GET"}, {Name: ":path", Value: "/"}},
			[]hpack.HeaderField{{Name: ":status", Value: "200"}, {Name: "content-length", Value: length}}, "", "body")
		l := newLog(nil)
		tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
		tap.Sent(up.Bytes())
		tap.Received(down.Bytes())
		l.Idle(10 * time.Second)
		up.Reset()
		xhttp2.NewFramer(up, nil).WriteRSTStream(1, xhttp2.ErrCodeCancel)
		tap.Sent(up.Bytes())
		tap.End()
		l.Wait()
		if list := l.Rest(every); len(list) != 1 || list[0].Whole != whole || string(list[0].Body) != "body" {
			t.Errorf("announced %s, read %+v", length, list)
		}
	}
}

// What comes and belongs to nothing that was asked (a server that gives an idle connection up, RFC 9110, 15.5.9), and a question without an answer
// so far, hold nobody up.
func TestNobodyWaitsForWhatMayNeverCome(t *testing.T) {
	const asked, answer = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	const late = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct{ up, down string }{
		"nothing was asked":             {"", late},
		"nothing more was asked":        {asked, answer + late},
		"another protocol is asked for": {"GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n", ""},
	} {
		l := newLog(nil)
		tap := l.Open("a.example:80", netip.MustParseAddrPort("192.0.2.1:80"))
		tap.Sent([]byte(c.up))
		for i := range len(c.down) {
			tap.Received([]byte(c.down[i : i+1]))
		}
		if !l.Idle(keyTime) {
			t.Errorf("%s: never idle", name)
		}
		if list := l.Exchanges(); c.up == asked && (len(list) != 1 || !list[0].Whole) {
			t.Errorf("%s: read %+v", name, list)
		}
		tap.End()
		l.Wait()
	}
}
