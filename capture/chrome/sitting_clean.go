package chrome

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// cleaner takes typed passwords out of what an exhibit is to hold, and tells where it did.
type cleaner struct {
	secrets func() []secret // as they are now: the person goes on typing
	warn    func(format string, args ...any)
}

// unsearched is the reason why something is left out of which nobody can say that it holds no password.
const unsearched = "could not be searched for typed passwords"

// exchange takes them out of an exchange, which is the caller's own copy.
func (c *cleaner) exchange(h *hop) {
	secrets := c.secrets()
	if len(secrets) == 0 {
		return
	}
	n, lost := 0, false
	for _, text := range []*string{&h.URL, &h.Initiator, &h.StatusText, &h.Failed, &h.Truncated, &h.lost} {
		*text = maskText(secrets, *text, &n)
	}
	h.RequestHeader, h.ResponseHeader = maskHeaders(secrets, h.RequestHeader, &n), maskHeaders(secrets, h.ResponseHeader, &n)
	for _, body := range []*[]byte{&h.RequestBody, &h.Body} {
		clean, found := mask(wanted(secrets, *body), *body)
		*body, lost, n = clean, lost || found < 0, n+max(0, found)
	}
	if lost {
		h.lost, h.Truncated = unsearched, unsearched
	}
	if n > 0 {
		c.warn("%s: a typed password was taken out of this exchange in %d places; for the rest it is as it was", h.URL, n)
	}
}

// maskText is mask of a text, which adds to a count. What could not be searched is gone as a whole.
func maskText(secrets []secret, text string, n *int) string {
	out, found := mask(secrets, []byte(text))
	if found < 0 {
		return removed
	}
	*n += found
	return string(out)
}

func maskHeaders(secrets []secret, list []evidence.Header, n *int) []evidence.Header {
	out := make([]evidence.Header, len(list))
	for i, h := range list {
		out[i] = evidence.Header{Name: maskText(secrets, h.Name, n), Value: maskText(secrets, h.Value, n)}
	}
	return out
}

// textual is how far data is looked at to tell text from anything else, which holds zeros.
const textual = 8 << 10

// wanted are the secrets that are looked for in data: in what is no text, short ones would be found by chance.
func wanted(secrets []secret, data []byte) []secret {
	if bytes.IndexByte(data[:min(len(data), textual)], 0) < 0 {
		return secrets
	}
	var list []secret
	for _, s := range secrets {
		if !s.alone {
			list = append(list, s)
		}
	}
	return list
}

// artifact takes them out of an artifact that is whole in memory. Of our own JSON only the strings are touched, so that it stays JSON.
func (c *cleaner) artifact(name string, body []byte) []byte {
	n, secrets := 0, c.secrets()
	switch ending := path.Ext(name); {
	case len(secrets) == 0:
		return body
	case !strings.Contains(name, "/") && (ending == ".json" || ending == ".jsonl" || ending == ".har"):
		body, n = maskJSON(secrets, body)
	default:
		body, n = mask(wanted(secrets, body), body)
	}
	if n < 0 {
		c.warn("%s: left out, because it %s", name, unsearched)
	} else if n > 0 {
		c.warn("%s: a typed password was taken out in %d places", name, n)
	}
	return body
}

// page takes them out of what the archive says of the page.
func (c *cleaner) page(j *job) {
	n, secrets := 0, c.secrets()
	for _, text := range []*string{&j.req.URL, &j.main, &j.page0.URL, &j.page0.Title, &j.page0.Text} {
		*text = maskText(secrets, *text, &n)
	}
}

// messages takes them out of the messages of a WebSocket, which are the caller's own copies.
func (c *cleaner) messages(url string, list []message) {
	n, secrets := 0, c.secrets()
	for i, m := range list {
		if m.Text != nil {
			text := maskText(secrets, *m.Text, &n)
			list[i].Text = &text
		}
		clean, found := mask(wanted(secrets, m.Binary), m.Binary)
		list[i].Binary, n = clean, n+max(0, found)
	}
	if n > 0 {
		c.warn("%s: a typed password was taken out of its messages in %d places", url, n)
	}
}

// result takes them out of what is told to the caller.
func (c *cleaner) result(r *evidence.Summary) {
	secrets := c.secrets()
	data, err := json.Marshal(r)
	if err != nil || len(secrets) == 0 {
		return // no part of a result fails to be JSON
	}
	clean, _ := maskJSON(secrets, data)
	var out evidence.Summary
	if json.Unmarshal(clean, &out) != nil {
		panic("chrome: a result that is no JSON any more")
	}
	*r = out
}

// cleaned reports whether an artifact is one that is searched for passwords when it is whole. Pictures and print have been seen to before they
// were made, and an archive before it was written.
func cleaned(name string) bool {
	switch name {
	case evidence.Screenshot, evidence.ViewportShot, evidence.PagePDF, evidence.ArchiveWACZ:
		return false
	}
	return true
}

// maskJSON is mask for the strings of JSON. The names of members, most of which are ours, lose only what stands alone in them.
func maskJSON(secrets []secret, data []byte) (out []byte, n int) {
	at, inNames := 0, make([]secret, 0, len(secrets))
	for _, s := range secrets {
		if utf8.RuneCountInString(s.text) >= wordTyped {
			inNames = append(inNames, secret{s.text, true})
		}
	}
	for {
		from, to := nextString(data, at)
		if from < 0 {
			return append(out, data[at:]...), n
		}
		out = append(out, data[at:from]...)
		list := secrets
		if rest := bytes.TrimLeft(data[min(len(data), to+1):], " \t\r\n"); bytes.HasPrefix(rest, []byte(":")) {
			list = inNames
		}
		text, found := maskString(list, data[from:to])
		out, at, n = append(out, text...), to, n+found
		if at < len(data) { // the closing quote
			out, at = append(out, '"'), at+1
		}
	}
}

// maskString is mask for the inside of a string of JSON, which is read before and written again after.
func maskString(secrets []secret, text []byte) (out []byte, n int) {
	var plain string
	if json.Unmarshal(slices.Concat([]byte{'"'}, text, []byte{'"'}), &plain) != nil {
		return text, 0 // no JSON; ours always is
	}
	clean := maskText(secrets, plain, &n)
	if clean == plain {
		return text, 0
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(clean) != nil {
		panic("chrome: a string that is no JSON")
	}
	return b.Bytes()[1 : b.Len()-2], max(n, 1) // without its quotes and the end of the line
}

// nextString gives where the inside of the next string begins and ends; -1 where there is none.
func nextString(data []byte, at int) (from, to int) {
	open := bytes.IndexByte(data[at:], '"')
	if open < 0 {
		return -1, -1
	}
	from = at + open + 1
	for to = from; to < len(data) && data[to] != '"'; to++ {
		if data[to] == '\\' {
			to++
		}
	}
	return from, min(to, len(data))
}
