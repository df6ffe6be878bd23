package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// HAR collects exchanges as an HTTP Archive 1.2. Bodies are named by their SHA-256 (_sha256) and stand in the WACZ.
// Calls come one after the other.
type HAR struct {
	options harCreator
	page    harPage
	entries []HAREntry
}

// HAROptions describes a HAR.
type HAROptions struct {
	Software, Version string // the program
	Browser           string // name and version
	Title             string
	Started           time.Time
}

// NewHAR begins an empty HAR.
func NewHAR(o HAROptions) *HAR {
	return &HAR{
		options: harCreator{Name: o.Software, Version: o.Version, browser: o.Browser},
		page:    harPage{Started: o.Started.UTC(), ID: "page-1", Title: o.Title},
	}
}

// Add appends an exchange.
func (h *HAR) Add(e Exchange) { h.entries = append(h.entries, entryOf(e)) }

// Encode writes the HAR as JSON.
func (h *HAR) Encode(w io.Writer) error {
	name, version, _ := strings.Cut(h.options.browser, "/")
	document := map[string]any{"log": harLog{
		Version: "1.2",
		Creator: h.options,
		Browser: harCreator{Name: name, Version: version},
		Pages:   []harPage{h.page},
		Entries: append([]HAREntry{}, h.entries...),
		Comment: "bodies are in the WACZ of the same capture, found by content._sha256; timings know the whole alone, as wait",
	}}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(document); err != nil {
		return fmt.Errorf("har: %w", err)
	}
	return nil
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Browser harCreator `json:"browser"`
	Pages   []harPage  `json:"pages"`
	Entries []HAREntry `json:"entries"`
	Comment string     `json:"comment"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	browser string
}

type harPage struct {
	Started time.Time `json:"startedDateTime"`
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Timings struct{}  `json:"pageTimings"`
}

// HAREntry is one exchange as a HAR has it; fields with an underscore are this program's own, as the format allows.
type HAREntry struct {
	Page          string        `json:"pageref"`
	Started       harTime       `json:"startedDateTime"`
	Time          float64       `json:"time"` // milliseconds
	Request       harRequest    `json:"request"`
	Response      harResponse   `json:"response"`
	Cache         struct{}      `json:"cache"`
	Timings       harTimings    `json:"timings"`
	ServerAddress string        `json:"serverIPAddress,omitempty"`
	Connection    string        `json:"connection,omitempty"` // the server's port
	Kind          string        `json:"_resourceType,omitempty"`
	Target        string        `json:"_target,omitempty"`
	Initiator     string        `json:"_initiator,omitempty"`
	Failed        string        `json:"_failed,omitempty"`
	Truncated     string        `json:"_truncated,omitempty"`
	FromCache     bool          `json:"_fromCache,omitempty"`
	ServiceWorker bool          `json:"_fromServiceWorker,omitempty"`
	Own           string        `json:"_by,omitempty"` // no server was asked; why
	TLS           *evidence.TLS `json:"_tls,omitempty"`
}

// harTime is an instant; zero where a HAR of others has none, or in another form.
type harTime struct{ time.Time }

// UnmarshalJSON takes anything: a time that cannot be read must not cost the rest of its entry.
func (t *harTime) UnmarshalJSON(b []byte) error {
	if t.Time.UnmarshalJSON(b) != nil {
		t.Time = time.Time{}
	}
	return nil
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	Protocol    string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Query       []harPair `json:"queryString"`
	Post        *harPost  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harPost struct {
	MIMEType string    `json:"mimeType"`
	Params   []harPair `json:"params"`
	Text     string    `json:"text"`
	SHA256   string    `json:"_sha256"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	Protocol    string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	Redirect    string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harContent struct {
	Size     int    `json:"size"`
	MIMEType string `json:"mimeType"`
	SHA256   string `json:"_sha256,omitempty"`
}

const unknownSize = -1 // what HAR 1.2 says for "not known"

func entryOf(e Exchange) HAREntry {
	ms := float64(e.Elapsed) / float64(time.Millisecond)
	entry := HAREntry{
		Page: "page-1", Started: harTime{e.Started.UTC()}, Time: ms, Timings: harTimings{Wait: ms},
		Request: requestOf(e), Response: responseOf(e),
		Kind: e.Kind, Target: e.Target, Initiator: e.Initiator, Failed: e.Failed, Truncated: e.Truncated,
		FromCache: e.FromCache, ServiceWorker: e.ServiceWorker, Own: e.Own, TLS: e.TLS,
	}
	if travelled(e) {
		entry.ServerAddress = e.Remote.Addr().Unmap().String()
		entry.Connection = fmt.Sprint(e.Remote.Port())
	}
	return entry
}

func requestOf(e Exchange) harRequest {
	r := harRequest{
		Method: e.Method, URL: e.URL, Protocol: e.Protocol, Cookies: []harPair{}, Headers: pairs(e.RequestHeader),
		Query: queryPairs(e.URL), HeadersSize: unknownSize, BodySize: len(e.RequestBody),
	}
	r.Cookies = cookiesOf(e.RequestHeader)
	if len(e.RequestBody) > 0 {
		r.Post = &harPost{MIMEType: headerValue(e.RequestHeader, "Content-Type"), Params: []harPair{}, SHA256: hash256(e.RequestBody)}
		if utf8.Valid(e.RequestBody) {
			r.Post.Text = string(e.RequestBody)
		}
	}
	return r
}

func responseOf(e Exchange) harResponse {
	if e.Own != "" {
		return harResponse{
			Protocol: e.Protocol, Cookies: []harPair{}, Headers: []harPair{}, Redirect: readable(headerValue(e.ResponseHeader, "Location")),
			Content: harContent{MIMEType: mimeOf(e)}, HeadersSize: unknownSize, BodySize: unknownSize,
		}
	}
	r := harResponse{
		Status: e.Status, StatusText: readable(e.StatusText), Protocol: e.Protocol, Cookies: []harPair{}, Headers: pairs(e.ResponseHeader),
		Content:  harContent{Size: len(e.Body), MIMEType: mimeOf(e)},
		Redirect: readable(headerValue(e.ResponseHeader, "Location")), HeadersSize: unknownSize, BodySize: unknownSize,
	}
	if e.Status > 0 {
		r.Content.SHA256 = hash256(e.Body)
	}
	for _, h := range headerLines(e.ResponseHeader) {
		if !strings.EqualFold(h.Name, "Set-Cookie") {
			continue
		}
		first, _, _ := strings.Cut(h.Value, ";")
		r.Cookies = append(r.Cookies, cookieOf(first))
	}
	return r
}

func pairs(list []evidence.Header) []harPair {
	out := make([]harPair, 0, len(list))
	for _, h := range Readable(list) {
		out = append(out, harPair(h))
	}
	return out
}

// cookiesOf splits what a browser sends (RFC 6265bis, 5.8.3): whatever stands in a value, as it stands there.
func cookiesOf(list []evidence.Header) []harPair {
	out := []harPair{}
	for _, h := range list {
		if !strings.EqualFold(h.Name, "Cookie") {
			continue
		}
		for part := range strings.SplitSeq(h.Value, ";") {
			out = append(out, cookieOf(part))
		}
	}
	return out
}

func cookieOf(text string) harPair {
	name, value, ok := strings.Cut(readable(text), "=")
	if !ok {
		name, value = "", name // a browser takes a cookie without a name
	}
	return harPair{strings.TrimSpace(name), strings.TrimSpace(value)}
}

func queryPairs(address string) []harPair {
	out := []harPair{}
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return out
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		out = append(out, harPair{unescaped(name), unescaped(value)})
	}
	return out
}

func unescaped(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

func hash256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
