package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
)

// maxBodyQuery bounds what of a request's body goes into the index, in bytes; replaying programs cut there too.
const maxBodyQuery = 4096

// withQuery is the address under which replaying programs look for the answer to a request that is not a GET: the body
// follows as a query.
func withQuery(address, method, query string) string {
	sign := "?"
	if strings.Contains(address, "?") {
		sign = "&"
	}
	return address + sign + "__wb_method=" + method + "&" + query
}

// bodyQuery writes a request's body as a query, each kind of body in the way that replaying programs do it.
func bodyQuery(contentType string, body []byte) string {
	kind, params, _ := mime.ParseMediaType(contentType)
	var query string
	switch kind {
	case "application/x-www-form-urlencoded":
		query = strings.ToValidUTF8(string(body), "\uFFFD")
	case "application/json", "text/plain":
		query = jsonQuery(body)
	case "multipart/form-data":
		query = formQuery(body, params["boundary"])
	default:
		query = "__wb_post_data=" + base64.StdEncoding.EncodeToString(body)
	}
	if len(query) > maxBodyQuery {
		query = strings.ToValidUTF8(query[:maxBodyQuery], "")
	}
	return query
}

// flatQuery collects parameters in order; a name that recurs gets a number.
type flatQuery struct {
	pairs []string
	seen  map[string]bool
	again map[string]int
}

func (q *flatQuery) add(key, value string) {
	if value == "" {
		return
	}
	name := key
	if q.seen[key] {
		if q.again[key] == 0 {
			q.again[key] = 1
		}
		q.again[key]++
		name = fmt.Sprintf("%s.%d_", key, q.again[key])
	}
	q.seen[name] = true
	q.pairs = append(q.pairs, formEscape(name)+"="+formEscape(value))
}

// formEscape writes as URLSearchParams does: like Go, but for the asterisk and the tilde.
func formEscape(s string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(s))
}

// jsonQuery is empty for what is no JSON.
func jsonQuery(body []byte) string {
	dec := json.NewDecoder(bytes.NewReader(body))
	q := &flatQuery{seen: map[string]bool{}, again: map[string]int{}}
	if err := q.value(dec, "", 0); err != nil {
		return ""
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return ""
	}
	return strings.Join(q.pairs, "&")
}

const maxDepth = 200

// value reads one JSON value in the order in which it is written, which a map would lose.
func (q *flatQuery) value(dec *json.Decoder, key string, depth int) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	switch v := t.(type) {
	case json.Delim:
		return q.inner(dec, v, key, depth)
	case nil:
		q.add(key, "null")
	case float64:
		q.add(key, number(v))
	default:
		q.add(key, fmt.Sprint(v))
	}
	return nil
}

// number writes as JavaScript does (ECMA-262, Number::toString), but for the rare very large and very small.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (q *flatQuery) inner(dec *json.Decoder, open json.Delim, key string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	for dec.More() {
		name := key
		if open == '{' {
			t, err := dec.Token()
			if err != nil {
				return err
			}
			name = t.(string) // the decoder lets nothing else stand here
		}
		if err := q.value(dec, name, depth+1); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

func formQuery(body []byte, boundary string) string {
	q := &flatQuery{seen: map[string]bool{}, again: map[string]int{}}
	if boundary == "" {
		return ""
	}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return strings.Join(q.pairs, "&")
		}
		value, _ := io.ReadAll(io.LimitReader(p, maxBodyQuery))
		first, _, _ := bytes.Cut(value, []byte("\r\n"))
		if name := p.FormName(); name != "" && p.FileName() == "" {
			q.add(name, strings.ToValidUTF8(string(first), "\uFFFD"))
		}
	}
}
