package judge

import (
	"slices"
	"testing"
	"time"

	"yuzheng/capture/sitetest/wire"
	"yuzheng/casefile/evidence"
)

const address = "http://a.example/x"

// visit is a log of two answers and the exhibit that is right for it.
func visit() ([]wire.Exchange, Exhibit) {
	at := time.Date(2026, 11, 28, 1, 2, 3, 0, time.UTC)
	head := []wire.Field{{Name: "X-B", Value: "\xa7\xeb"}, {Name: "x-a", Value: ""}, {Name: "content-length", Value: "2"}}
	log := []wire.Exchange{
		{Protocol: wire.HTTP1, At: at, Method: "GET", Host: "a.example", Target: "/x", Status: 200, Reason: "OK", Header: head, Body: []byte("AB"), Whole: true},
		{Protocol: wire.HTTP1, At: at, Method: "GET", Host: "a.example", Target: "/x", Status: 200, Reason: "OK", Header: head, Body: []byte("CD"), Whole: true},
	}
	stored := []wire.Field{head[0], head[1], {Name: "X-Archive-Orig-content-length", Value: "2"}, {Name: "Content-Length", Value: "2"}}
	x := Exhibit{Named: map[string]bool{}, Barred: map[string]bool{}, Servers: []string{"http://a.example"}, Main: &mainAnswer{URL: address, Status: 200}}
	for i, body := range []string{"AB", "CD"} {
		x.Records = append(x.Records, warcRecord{
			Kind: "response", URI: address, At: at.Add(time.Duration(i) * time.Millisecond), Address: "127.0.0.1", First: "HTTP/1.1 200 OK", Fields: slices.Clone(stored), Body: []byte(body),
		})
		e := harEntry{Address: "127.0.0.1"}
		e.Request.Method, e.Request.URL, e.Response.Status = "GET", address, 200
		x.Entries = append(x.Entries, e)
	}
	return log, x
}

func TestWhatIsRightIsExact(t *testing.T) {
	r := Compare(visit())
	if r.Answers != 2 || r.Records != 2 || r.Exact != 2 || len(r.Findings) != 0 {
		t.Errorf("%+v", r)
	}
}

// Every kind of difference is found, and as what it is.
func TestEachFaultIsFound(t *testing.T) {
	for _, c := range []struct {
		name string
		want Fault
		make func(log []wire.Exchange, x *Exhibit)
	}{
		{"a byte of a value", wrongHeader, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].Fields[0].Value = "\xa7?" }},
		{"the case of a name", wrongHeader, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].Fields[1].Name = "X-A" }},
		{"the order of two fields", wrongHeader, func(_ []wire.Exchange, x *Exhibit) { f := x.Records[0].Fields; f[0], f[1] = f[1], f[0] }},
		{"a field left out", wrongHeader, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].Fields = x.Records[0].Fields[1:] }},
		{"a field added", wrongHeader, func(_ []wire.Exchange, x *Exhibit) {
			x.Records[0].Fields = slices.Insert(x.Records[0].Fields, 0, wire.Field{Name: "X", Value: ""})
		}},
		{"the status", wrongStatus, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].First = "HTTP/1.1 307 Internal Redirect" }},
		{"a byte of the body", wrongBody, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].Body = []byte("AC") }},
		{"a body cut and not marked", wrongBody, func(_ []wire.Exchange, x *Exhibit) { x.Records[0].Body = []byte("A") }},
		{"broken off", unmarked, func(log []wire.Exchange, _ *Exhibit) { log[0].Whole = false }},
		{"a record left out", unrecorded, func(_ []wire.Exchange, x *Exhibit) { x.Records = x.Records[:1] }},
		{"a record too many", unsaid, func(_ []wire.Exchange, x *Exhibit) { x.Records = append(x.Records, x.Records[0]) }},
		{"a record of another address", unsaid, func(_ []wire.Exchange, x *Exhibit) { x.Records[1].URI += "y" }},
		{"the later answer dated before", wrongOrder, func(_ []wire.Exchange, x *Exhibit) { x.Records[1].At = x.Records[0].At.Add(-1) }},
		{"both dated the same", wrongOrder, func(_ []wire.Exchange, x *Exhibit) { x.Records[1].At = x.Records[0].At }},
		{"an entry too many", unserved, func(_ []wire.Exchange, x *Exhibit) { x.Entries = append(x.Entries, x.Entries[0]) }},
		{"an entry from the cache with an address", unserved, func(_ []wire.Exchange, x *Exhibit) { x.Entries[0].Cache = true }},
		{"an entry of the browser's own with an address", unserved, func(_ []wire.Exchange, x *Exhibit) { x.Entries[0].Own = "HSTS" }},
		{"a hop", unserved, func(_ []wire.Exchange, x *Exhibit) {
			x.Hops = []evidence.Hop{{URL: address, Status: 307, To: "https://a.example/x", By: evidence.LedByServer}}
		}},
		{"a certificate", unserved, func(_ []wire.Exchange, x *Exhibit) { x.Servers = []string{"https://a.example"} }},
		{"the main document", unserved, func(_ []wire.Exchange, x *Exhibit) { x.Main.Status = 307 }},
		{"a request that nobody got", unasked, func(_ []wire.Exchange, x *Exhibit) {
			x.Records = append(x.Records, warcRecord{Kind: "request", URI: address, First: "GET /x HTTP/1.1", Fields: []wire.Field{{Name: "A", Value: "b"}}})
		}},
		{"an address beside no response", unserved, func(_ []wire.Exchange, x *Exhibit) {
			x.Records = append(x.Records, warcRecord{Kind: "request", URI: "https://a.example/", Address: "127.0.0.1"})
		}},
	} {
		log, x := visit()
		c.make(log, &x)
		if r := Compare(log, x); r.Count(c.want) == 0 {
			t.Errorf("%s: %v", c.name, r.Findings)
		}
	}
}

// What is named is not a fault; nor is a hop that is said to be the browser's own.
func TestWhatIsNamedIsNoFault(t *testing.T) {
	log, x := visit()
	x.Records, x.Entries = x.Records[:1], x.Entries[:1]
	x.Named[address] = true
	x.Hops = []evidence.Hop{{URL: address, Status: 307, By: evidence.LedByBrowser}}
	if r := Compare(log, x); len(r.Findings) != 0 || r.Named != 1 {
		t.Errorf("%+v", r)
	}
}
