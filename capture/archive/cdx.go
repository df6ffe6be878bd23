package archive

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// indexEntry is the JSON part of a CDXJ line; numbers are text, as the readers in use expect them.
type indexEntry struct {
	URL         string `json:"url"`
	Digest      string `json:"digest"`
	MIME        string `json:"mime"`
	Filename    string `json:"filename"`
	Offset      string `json:"offset"`
	Length      string `json:"length"`
	Status      string `json:"status,omitempty"`
	Method      string `json:"method,omitempty"`
	RequestBody string `json:"requestBody,omitempty"`
}

// span is where a record stands in its file, in bytes.
type span struct{ offset, length int64 }

// cdxLine is one line of a CDXJ index: sort key, time to the second, the rest as JSON. Lines with the same key stand in the order of their times,
// which are finer than what is written: a reader that looks for the last one finds it.
type cdxLine struct {
	key  string
	at   time.Time
	rest []byte
}

const cdxTime = "20060102150405"

func (l cdxLine) String() string {
	return l.key + " " + l.at.UTC().Format(cdxTime) + " " + string(l.rest) + "\n"
}

func indexLine(e indexEntry, at time.Time) cdxLine {
	key := e.URL
	if e.Method != "" {
		key = withQuery(key, e.Method, e.RequestBody)
	}
	return cdxLine{sortKey(key), at, compactJSON(e)}
}

func exchangeEntry(e Exchange, r record, at span) indexEntry {
	entry := resourceEntry(r, mimeOf(e), at)
	entry.Status = strconv.Itoa(e.Status)
	if e.Method != "GET" {
		entry.Method = token(e.Method)
		entry.RequestBody = bodyQuery(headerValue(e.RequestHeader, "Content-Type"), e.RequestBody)
	}
	return entry
}

func resourceEntry(r record, mime string, at span) indexEntry {
	return indexEntry{
		URL: r.uri, Digest: digest(r.body), MIME: mime, Filename: warcName,
		Offset: strconv.FormatInt(at.offset, 10), Length: strconv.FormatInt(at.length, 10),
	}
}

// index joins the lines in the order of the bytes of their keys (LC_ALL=C), and of time.
func index(lines []cdxLine) []byte {
	slices.SortStableFunc(lines, func(a, b cdxLine) int { return cmp.Or(strings.Compare(a.key, b.key), a.at.Compare(b.at)) })
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(l.String())
	}
	return b.Bytes()
}

var www = regexp.MustCompile(`^(https?://)www\d*\.`)

// sortKey is the address in the order in which names are owned ("tw,example)/path?query"), in lower case, parameters
// sorted. Addresses of other schemes stay as they are.
func sortKey(address string) string {
	lower := www.ReplaceAllString(strings.ToLower(address), "$1")
	u, err := url.Parse(lower)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return targetURI(address)
	}
	key := "[" + u.Hostname() + "]"
	if !strings.Contains(u.Hostname(), ":") {
		labels := strings.Split(u.Hostname(), ".")
		slices.Reverse(labels)
		key = strings.Join(labels, ",")
	}
	if port := u.Port(); port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		key += ":" + port
	}
	path, query, _ := strings.Cut(requestTarget(lower), "?")
	key += ")" + path
	if query != "" {
		params := strings.Split(query, "&")
		slices.Sort(params)
		key += "?" + strings.Join(params, "&")
	}
	return key
}

func compactJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("archive: " + err.Error()) // our own structs of text and numbers
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
