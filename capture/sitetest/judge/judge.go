package judge

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"yuzheng/capture/sitetest/wire"
)

// Fault is a kind of difference between what was sent and what was written of it.
type Fault string

// The faults.
const (
	unsaid      Fault = "record of what no server said"
	wrongStatus Fault = "status line"
	wrongHeader Fault = "header"
	wrongBody   Fault = "body"
	unmarked    Fault = "broken off, and not marked"
	unrecorded  Fault = "answer neither recorded nor named"
	wrongOrder  Fault = "order of time"
	unasked     Fault = "request record of what no server was asked so"
	unserved    Fault = "entry, hop, address or certificate without bytes from the network"
)

// Finding is one such difference.
type Finding struct {
	Fault  Fault
	URL    string
	Detail string
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s: %s", f.Fault, f.URL, f.Detail) }

// Report is the outcome.
type Report struct {
	Answers  int // that servers began to send
	Records  int // response records
	Exact    int // of them byte for byte an answer
	Wordless int // of them exact but for the words beside a redirect, which nobody reads
	Named    int // answers without a record that are named
	Requests int // that servers got
	Asked    int // of them with a request record, every field as it was sent, in order
	Findings []Finding
}

func (r *Report) find(f Fault, url, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{f, url, fmt.Sprintf(format, args...)})
}

// Count is how many findings are of a fault.
func (r Report) Count(f Fault) (n int) {
	for _, x := range r.Findings {
		if x.Fault == f {
			n++
		}
	}
	return n
}

// answer is an answer, and the record of it.
type answer struct {
	wire.Exchange
	uri    string
	record *warcRecord
}

// Compare holds an exhibit against the log of the servers.
func Compare(log []wire.Exchange, x Exhibit) Report {
	var r Report
	var answers []*answer
	for _, e := range log {
		if e.Status > 0 {
			answers = append(answers, &answer{Exchange: e, uri: plainURI(e.URL())})
		}
	}
	r.Answers = len(answers)
	r.matchAll(answers, x)
	for _, a := range answers {
		switch {
		case a.record != nil:
			r.compare(a, x)
		case x.Named[a.uri] || x.Barred[a.uri]:
			r.Named++
		default:
			r.find(unrecorded, a.uri, "%s, status %d, %d bytes, to its end: %v", a.Method, a.Status, len(a.Body), a.Whole)
		}
	}
	r.order(answers)
	r.requests(log, x)
	r.rest(answers, log, x)
	return r
}

// matchAll finds the answer of each record: the first that is like it in everything, else the first that is like it at all.
func (r *Report) matchAll(answers []*answer, x Exhibit) {
	var left []*warcRecord
	for _, rec := range responses(x) {
		r.Records++
		if a := free(answers, rec, func(a *answer) bool { return len(differences(a, rec)) == 0 }); a != nil {
			a.record = rec
			continue
		}
		left = append(left, rec)
	}
	for _, rec := range left {
		best := free(answers, rec, func(a *answer) bool {
			return strings.Contains(rec.First, fmt.Sprint(a.Status)) && bytes.Equal(rec.Body, a.decoded())
		})
		for _, like := range []func(*answer) bool{
			func(a *answer) bool { return strings.Contains(rec.First, fmt.Sprint(a.Status)) },
			func(*answer) bool { return true },
		} {
			if best == nil {
				best = free(answers, rec, like)
			}
		}
		if best == nil {
			r.find(unsaid, rec.URI, "%s, %d bytes, address %s", rec.First, len(rec.Body), rec.Address)
			continue
		}
		best.record = rec
	}
}

// responses are the response records in the order of their dates: of answers that are alike the first is then the first.
func responses(x Exhibit) (list []*warcRecord) {
	for i := range x.Records {
		if x.Records[i].Kind == "response" {
			list = append(list, &x.Records[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *warcRecord) int { return a.At.Compare(b.At) })
	return list
}

func free(answers []*answer, rec *warcRecord, like func(*answer) bool) *answer {
	uri := plainURI(rec.URI)
	i := slices.IndexFunc(answers, func(a *answer) bool { return a.record == nil && a.uri == uri && like(a) })
	if i < 0 {
		return nil
	}
	return answers[i]
}

// compare tells how the record of an answer differs from it.
func (r *Report) compare(a *answer, x Exhibit) {
	list := differences(a, a.record)
	if !a.Whole && a.record.Truncated == "" && !x.Named[a.uri] {
		list = append(list, Finding{unmarked, a.uri, fmt.Sprintf("%d bytes", len(a.record.Body))})
	}
	if a.redirect() && len(a.record.Body) == 0 && len(a.Body) > 0 {
		r.Wordless++
		list = slices.DeleteFunc(list, func(f Finding) bool { return f.Fault == wrongBody })
	} else if len(list) == 0 {
		r.Exact++
	}
	r.Findings = append(r.Findings, list...)
}

func (a *answer) redirect() bool {
	return a.Status >= 300 && a.Status < 400 && a.Status != http.StatusNotModified
}

func differences(a *answer, rec *warcRecord) (list []Finding) {
	add := func(f Fault, format string, args ...any) {
		list = append(list, Finding{f, a.uri, fmt.Sprintf(format, args...)})
	}
	if want := strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %03d %s", a.Status, a.Reason)); strings.TrimSpace(rec.First) != want {
		add(wrongStatus, "%q instead of %q", rec.First, want)
	}
	if got, want := sent(*rec), wanted(a.Exchange); !slices.Equal(got, want) {
		add(wrongHeader, "%s", difference(got, want))
	}
	body := a.decoded()
	if value(rec.Fields, "Content-Encoding") != "" {
		body = a.Body // said to stand in its coding, as what cannot be undone does
	}
	cut := rec.Truncated != "" && bytes.HasPrefix(body, rec.Body)
	if !bytes.Equal(body, rec.Body) && !cut {
		add(wrongBody, "%d bytes instead of %d (truncated %q)", len(rec.Body), len(body), rec.Truncated)
	}
	return list
}

func value(list []wire.Field, name string) string {
	for _, f := range list {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// sent gives the fields of a response record as they were sent (METHOD.md, Recording): what a stored body makes untrue stands under another
// name, and the length of the stored body at the end.
func sent(rec warcRecord) []wire.Field {
	const origin = "X-Archive-Orig-"
	list := slices.Clone(rec.Fields)
	if n := len(list); n > 0 && list[n-1].Name == "Content-Length" {
		list = list[:n-1]
	}
	for i, f := range list {
		list[i].Name = strings.TrimPrefix(f.Name, origin)
	}
	return list
}

func wanted(e wire.Exchange) []wire.Field {
	list := make([]wire.Field, len(e.Header))
	for i, f := range e.Header {
		list[i] = wire.Field{Name: f.Name, Value: f.Value}
		if e.Protocol == wire.HTTP2 {
			list[i].Name = strings.ToLower(f.Name)
		}
	}
	return list
}

// difference says where two lists part, and whether but for their order they are the same.
func difference(got, want []wire.Field) string {
	text := func(list []wire.Field) (lines []string) {
		for _, f := range list {
			lines = append(lines, f.Name+": "+f.Value)
		}
		return lines
	}
	a, b := text(got), text(want)
	lacking := slices.DeleteFunc(slices.Clone(b), func(s string) bool { return slices.Contains(a, s) })
	added := slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
	if len(lacking) == 0 && len(added) == 0 {
		return fmt.Sprintf("another order (%d fields)", len(b))
	}
	return fmt.Sprintf("lacks %s, has %s", short(lacking), short(added))
}

func short(list []string) string {
	return fmt.Sprintf("%.400q", strings.Join(list, "\r\n"))
}

// decoded is the body as an archive keeps it: Content-Encoding undone. What cannot be undone stands as it came.
func (a *answer) decoded() []byte {
	if a.Plain != nil {
		return a.Plain
	}
	var open func(io.Reader) (io.Reader, error)
	switch strings.ToLower(a.Value("Content-Encoding")) {
	case "gzip":
		open = func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	case "deflate":
		open = func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }
		if len(a.Body) > 0 && a.Body[0]&0x0f != 8 {
			open = func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil } // as some servers have it
		}
	default:
		return a.Body
	}
	z, err := open(bytes.NewReader(a.Body))
	if err != nil {
		return a.Body
	}
	plain, _ := io.ReadAll(z) // of what was broken off, what there is
	return plain
}

// order holds the records of one address to the order of the answers.
func (r *Report) order(answers []*answer) {
	last := map[string]*answer{}
	for _, a := range answers {
		if a.record == nil {
			continue
		}
		if b := last[a.uri]; b != nil && !a.record.At.After(b.record.At) {
			r.find(wrongOrder, a.uri, "answer of %s dated %s, after one dated %s", a.At.Format("05.000000"), a.record.At.Format("05.000000"), b.record.At.Format("05.000000"))
		}
		last[a.uri] = a
	}
}

// requests finds the request of each request record.
func (r *Report) requests(log []wire.Exchange, x Exhibit) {
	r.Requests = len(log)
	used := make([]bool, len(log))
	for _, rec := range x.Records {
		if rec.Kind != "request" {
			continue
		}
		i := 0
		for i < len(log) && (used[i] || !sameRequest(rec, log[i])) {
			i++
		}
		if i == len(log) {
			r.find(unasked, rec.URI, "%s, %d fields", rec.First, len(rec.Fields))
			continue
		}
		used[i] = true
		r.Asked++
	}
}

func sameRequest(rec warcRecord, e wire.Exchange) bool {
	var want []wire.Field
	if e.Protocol == wire.HTTP2 {
		want = append(want, wire.Field{Name: "Host", Value: e.Host})
	}
	for _, f := range e.Request {
		if !strings.HasPrefix(f.Name, ":") {
			want = append(want, f)
		}
	}
	return plainURI(e.URL()) == plainURI(rec.URI) && strings.HasPrefix(rec.First, e.Method+" ") && slices.Equal(rec.Fields, want)
}

// plainURI is an address as records hold it: without fragment, nothing but ASCII; a WebSocket's is that of its handshake.
func plainURI(address string) string {
	address, _, _ = strings.Cut(address, "#")
	if strings.HasPrefix(address, "ws:") || strings.HasPrefix(address, "wss:") {
		address = "http" + strings.TrimPrefix(address, "ws")
	}
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Faults lists them.
var Faults = []Fault{unsaid, wrongStatus, wrongHeader, wrongBody, unmarked, unrecorded, wrongOrder, unasked, unserved}

// Add adds another report.
func (r *Report) Add(o Report) {
	r.Answers, r.Records, r.Exact, r.Wordless = r.Answers+o.Answers, r.Records+o.Records, r.Exact+o.Exact, r.Wordless+o.Wordless
	r.Named, r.Requests, r.Asked = r.Named+o.Named, r.Requests+o.Requests, r.Asked+o.Asked
	r.Findings = append(r.Findings, o.Findings...)
}
