package archive

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"
)

var someServer = netip.MustParseAddrPort("192.0.2.7:443")

// The bytes of a header are those of the wire, whatever they are, and cannot end the block.
func TestHeaderBytesStand(t *testing.T) {
	e := Exchange{
		URL: "http://a.example/", Method: "GET", Status: 200, StatusText: "\xa7\xeb", Remote: someServer,
		ResponseHeader: []evidence.Header{{Name: "X-Big5", Value: "\xa7\xeb\xb8\xea"}, {Name: "x-latin", Value: "caf\xe9"}, {Name: "Set-Cookie", Value: "a=\xe5\xb0\x8f"}, {Name: "X-Tab", Value: "a\tb"}, {Name: "X-Evil", Value: "a\r\nInjected: 1"}},
		Body:           []byte("x"),
	}
	head := responseHead(e)
	want := "HTTP/1.1 200 \xa7\xeb\r\nX-Big5: \xa7\xeb\xb8\xea\r\nx-latin: caf\xe9\r\nSet-Cookie: a=\xe5\xb0\x8f\r\nX-Tab: a\tb\r\nX-Evil: a \r\nX-Evil: Injected: 1\r\nContent-Length: 1\r\n\r\n"
	if string(head) != want {
		t.Errorf("head\n%q, want\n%q", head, want)
	}
	har, err := json.Marshal(entryOf(e))
	if err != nil || bytes.Contains(har, []byte("\ufffd")) || !bytes.Contains(har, []byte("café")) || !bytes.Contains(har, []byte("小")) {
		t.Errorf("har %s, %v", har, err)
	}
}

// What no server said is no response, has no address and no request, and is told as what it is.
func TestWhatTheBrowserMadeIsNoAnswer(t *testing.T) {
	for name, e := range map[string]Exchange{
		"upgrade": {Status: 307, Own: "HSTS", ResponseHeader: []evidence.Header{{Name: "Location", Value: "https://a.example/"}}, Remote: someServer},
		"viewer":  {Status: 200, Own: "answer", Body: []byte("<embed>"), Remote: someServer},
		"cache":   {Status: 200, FromCache: true, Body: []byte("x")},
		"worker":  {Status: 200, ServiceWorker: true, Body: []byte("x")},
		"nothing": {Failed: "net::ERR_CONNECTION_REFUSED"},
	} {
		e.URL, e.Method = "http://a.example/", "GET"
		list := recordsOf(e)
		for _, r := range list {
			if r.kind == warcResponse || r.kind == warcRequest {
				t.Errorf("%s: a %s record", name, r.kind)
			}
			for _, f := range r.fields {
				if f.Name == "WARC-IP-Address" {
					t.Errorf("%s: %s has an address", name, r.kind)
				}
			}
		}
		if len(list) == 0 || list[len(list)-1].kind != warcMetadata {
			t.Errorf("%s: no record tells of it", name)
		}
		h := entryOf(e)
		if h.ServerAddress != "" {
			t.Errorf("%s: HAR names %s", name, h.ServerAddress)
		}
		if e.Own != "" && (h.Response.Status != 0 || h.Own == "") {
			t.Errorf("%s: HAR has status %d, made by %q", name, h.Response.Status, h.Own)
		}
	}
}

// The same address twice in a second stands in the order of time, whatever the digests are, and the later one last.
func TestIndexIsInOrderOfTime(t *testing.T) {
	at := time.Date(2026, 11, 28, 1, 2, 3, 0, time.UTC)
	var lines []cdxLine
	for i, digest := range []string{"z", "m", "a"} {
		lines = append(lines, indexLine(indexEntry{URL: "http://a.example/", Digest: digest}, at.Add(time.Duration(i)*time.Millisecond)))
	}
	lines[0], lines[2] = lines[2], lines[0] // they come in the order in which they end
	got := string(index(lines))
	z, m, a := strings.Index(got, `"z"`), strings.Index(got, `"m"`), strings.Index(got, `"a"`)
	if z > m || m > a {
		t.Errorf("index\n%s", got)
	}
}

// A cookie's value is what stands there: bytes beyond ASCII, quotes, and names that a strict parser leaves out.
func TestCookiesStand(t *testing.T) {
	e := Exchange{
		URL: "http://a.example/", Method: "GET", Status: 200, Remote: someServer,
		RequestHeader:  []evidence.Header{{Name: "Cookie", Value: "nick=小王; plain=1; odd name=\"a b\"; lone"}},
		ResponseHeader: []evidence.Header{{Name: "Set-Cookie", Value: "nick=小王; Path=/"}, {Name: "Set-Cookie", Value: "b=\xa7\xeb"}},
	}
	h := entryOf(e)
	sent, set := []harPair{{"nick", "小王"}, {"plain", "1"}, {"odd name", "\"a b\""}, {"", "lone"}}, []harPair{{"nick", "小王"}, {"b", "§ë"}}
	for i, want := range sent {
		if i >= len(h.Request.Cookies) || h.Request.Cookies[i] != want {
			t.Errorf("sent %q", h.Request.Cookies)
			break
		}
	}
	for i, want := range set {
		if i >= len(h.Response.Cookies) || h.Response.Cookies[i] != want {
			t.Errorf("set %q", h.Response.Cookies)
			break
		}
	}
}
