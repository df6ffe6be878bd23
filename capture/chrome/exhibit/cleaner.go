package exhibit

import (
	"encoding/json"
	"path"
	"strings"

	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// Cleaner takes typed passwords out of what an exhibit is to hold, and tells where it did.
type Cleaner struct {
	Secrets func() scrub.Secrets // as they are now: the person goes on typing
	Warn    func(evidence.Remark)
}

// exchange takes them out of an exchange, which is the caller's own copy.
func (c *Cleaner) exchange(h *exchange.Exchange) {
	secrets := c.Secrets()
	if len(secrets) == 0 {
		return
	}
	n, lost := 0, false
	n += scrubTexts(secrets, &h.URL, &h.Initiator, &h.StatusText, &h.Failed, &h.Truncated)
	h.Lost = h.Lost.Changed(func(arg string) string { return Masked(secrets, arg) })
	n += scrubHeaders(secrets, &h.RequestHeader) + scrubHeaders(secrets, &h.ResponseHeader)
	for _, body := range []*[]byte{&h.RequestBody, &h.Body} {
		clean, found := secrets.Bytes(*body)
		*body, lost, n = clean, lost || found < 0, n+max(0, found)
	}
	if lost {
		h.Lost = evidence.Unsearched.With()
		h.Truncated = h.Lost.String()
	}
	if n > 0 {
		c.Warn(evidence.PasswordInExchange.With(h.URL, n))
	}
}

// scrubTexts takes the secrets out of texts where they stand, and counts them.
func scrubTexts(secrets scrub.Secrets, texts ...*string) (n int) {
	for _, text := range texts {
		clean, found := secrets.Text(*text)
		*text, n = clean, n+found
	}
	return n
}

// scrubHeaders does the same with headers, of which it makes a list of its own.
func scrubHeaders(secrets scrub.Secrets, list *[]evidence.Header) (n int) {
	*list = append(make([]evidence.Header, 0, len(*list)), *list...)
	for i := range *list {
		n += scrubTexts(secrets, &(*list)[i].Name, &(*list)[i].Value)
	}
	return n
}

// Masked is a text without them.
func Masked(secrets scrub.Secrets, text string) string {
	scrubTexts(secrets, &text)
	return text
}

// Artifact takes them out of an artifact that is whole in memory. Of our own JSON only the strings are touched, so that it stays JSON.
func (c *Cleaner) Artifact(name string, body []byte) []byte {
	n, secrets := 0, c.Secrets()
	switch ending := path.Ext(name); {
	case len(secrets) == 0:
		return body
	case !strings.Contains(name, "/") && (ending == ".json" || ending == ".jsonl" || ending == ".har"):
		body, n = secrets.JSON(body)
	default:
		body, n = secrets.Bytes(body)
	}
	if n < 0 {
		c.Warn(evidence.ArtifactLeftOut.With(name, evidence.Unsearched.With()))
	} else if n > 0 {
		c.Warn(evidence.PasswordInArtifact.With(name, n))
	}
	return body
}

// Page takes them out of what the archive says of the page.
func (c *Cleaner) Page(x *Exhibit) {
	scrubTexts(c.Secrets(), &x.Request.URL, &x.Main, &x.Says.URL, &x.Says.Title, &x.Says.Text)
}

// Messages takes them out of the messages of a WebSocket, which are the caller's own copies, and counts those that are lost because they could not
// be searched.
func (c *Cleaner) Messages(url string, list []evidence.SocketMessage) (lost int) {
	n, secrets := 0, c.Secrets()
	for i, m := range list {
		if m.Text != nil {
			text := *m.Text
			n += scrubTexts(secrets, &text)
			list[i].Text = &text
		}
		clean, found := secrets.Bytes(m.Binary)
		if list[i].Binary = clean; found < 0 {
			lost++
		}
		n += max(0, found)
	}
	if n > 0 {
		c.Warn(evidence.PasswordInMessages.With(url, n))
	}
	return lost
}

// Result takes them out of what is told to the caller.
func (c *Cleaner) Result(r *evidence.Summary) {
	secrets := c.Secrets()
	data, err := json.Marshal(r)
	if err != nil || len(secrets) == 0 {
		return // no part of a result fails to be JSON
	}
	clean, _ := secrets.JSON(data)
	var out evidence.Summary
	if json.Unmarshal(clean, &out) != nil {
		panic("exhibit: a result that is no JSON any more")
	}
	*r = out
}
