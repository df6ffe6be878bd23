package crawl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html/charset"
)

// maxDocument is how many bytes of a document are read.
const maxDocument = 16 << 20

// collect makes the collector: depth, scope, skipped patterns and spellings that colly takes for the same address are refused by it once
// more before it asks its transport, which is fetch.
func (c *crawl) collect(ctx context.Context) *colly.Collector {
	k := new(colly.Collector)
	k.Init() // NewCollector would let the environment (COLLY_…) change the settings, among them a folder that pages are written to
	k.Context = ctx
	k.MaxDepth = c.o.Depth + 1 // its first depth is 1
	k.MaxBodySize = 0          // bounded here
	k.URLFilters = []*regexp.Regexp{c.scope.hosts}
	k.DisallowedURLFilters = c.skip
	k.DisableCookies()
	k.SetRequestTimeout(0) // a capture takes as long as its own limits say
	k.WithTransport(roundTrip(c.respond))
	k.OnRequest(func(r *colly.Request) {
		if c.root == nil {
			c.root = r
		}
	})
	k.OnResponse(func(r *colly.Response) { c.now.finder.document(r.Body) })
	return k
}

// request has colly ask for an address. Its rests (LimitRule) are not used: they sleep through the end of ctx, and after recalled pages.
func (c *crawl) request(e entry) error {
	address := forColly(e.url)
	if c.root == nil {
		return c.collector.Visit(address)
	}
	r, err := c.root.New(http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Depth, r.Ctx = e.depth+1, colly.NewContext()
	return r.Do()
}

// forColly escapes each "%" of an address that escapes nothing: browsers take it, Go does not. fetch is given the address as it is.
func forColly(address string) string {
	var b strings.Builder
	for i := range len(address) {
		b.WriteByte(address[i])
		if address[i] == '%' && (i+2 >= len(address) || !isHex(address[i+1]) || !isHex(address[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// refusal gives the reason for which colly did not ask.
func refusal(err error) (Reason, string) {
	var visited *colly.AlreadyVisitedError
	switch {
	case errors.As(err, &visited):
		return whySame, ""
	case errors.Is(err, colly.ErrMaxDepth):
		return whyTooDeep, ""
	case errors.Is(err, colly.ErrNoURLFiltersMatch):
		return whyOutOfScope, ""
	case errors.Is(err, colly.ErrForbiddenURL):
		return whySkipped, ""
	case err != nil:
		return whyMalformed, tidy(err.Error(), maxShown)
	}
	return whyMalformed, ""
}

// respond is colly's way to the network: it captures the address whose turn it is and answers with what was captured. The status is
// always 200, because colly does not read what says otherwise; the true one is in the node.
func (c *crawl) respond(r *http.Request) (*http.Response, error) {
	page, n, err := c.ask(r.Context(), kindPage, c.now.entry)
	if err != nil {
		return nil, err
	}
	c.now.page, c.now.node = page, n
	document, whole := documentOf(page)
	if !whole {
		c.bite(limitDocument, maxDocument, n)
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: io.NopCloser(bytes.NewReader(document)),
		ContentLength: int64(len(document)), Request: r,
		Uncompressed: true, // else colly unpacks, without a bound, what an address that ends in .xml.gz gives
	}, nil
}

// documentOf gives the HTML document of a page in UTF-8, empty if it is none, and whether that is all of it.
func documentOf(p Page) (document []byte, whole bool) {
	kind, _, _ := mime.ParseMediaType(p.MediaType) // of one that is broken it gives what can be read, or nothing
	if kind != "" && kind != "text/html" && kind != "application/xhtml+xml" {
		return nil, true
	}
	document = p.DOM
	if len(document) == 0 {
		document = p.Source
	}
	whole = len(document) <= maxDocument
	document = document[:min(len(document), maxDocument)]
	if len(p.DOM) > 0 {
		return document, whole
	}
	encoding, _, _ := charset.DetermineEncoding(document, p.MediaType)
	if decoded, err := encoding.NewDecoder().Bytes(document); err == nil {
		document = decoded
	}
	return document, whole
}
