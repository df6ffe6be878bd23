package compare

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
)

// exchange is what comparing needs of one entry of a HAR.
type exchange struct {
	method, url, kind string
	started           time.Time
	status            int
	address           string // of the server
	hash              string // SHA-256 of the body
	media             string // media type of the body
	page              bool   // asked by the page itself, not by a worker or a frame of another site
	headers           []requestHeader
}

// traffic are the exchanges of a capture in the order in which they began.
type traffic struct{ exchanges []exchange }

// requestHeader is one line of a request's head.
type requestHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const kindDocument = "document"

// exchangeOf takes out of an entry what is compared. Without a time it began before all others.
func exchangeOf(e archive.HAREntry) exchange {
	x := exchange{
		method: e.Request.Method, url: e.Request.URL, kind: e.Kind, started: e.Started.Time, status: e.Response.Status, address: e.ServerAddress,
		hash: e.Response.Content.SHA256, media: e.Response.Content.MIMEType, page: e.Target == "page" || e.Target == "",
	}
	if e.Kind == kindDocument {
		for _, h := range e.Request.Headers {
			x.headers = append(x.headers, requestHeader(h))
		}
	}
	return x
}

// readTraffic reads network.har as a stream. What comes before a break is kept.
func (r *reading) readTraffic(ctx context.Context, _ *dictionary) error {
	src, err := r.side.open(ctx, evidence.NetworkHAR, maxHAR)
	if err != nil {
		return err
	}
	if src == nil {
		r.lack(evidence.NetworkHAR, lackAbsent)
		return nil
	}
	defer src.Close()
	r.traffic = &traffic{}
	err = archive.HAREntries(src, func(e archive.HAREntry) error {
		if len(r.traffic.exchanges) >= maxEntries {
			return errMany
		}
		r.traffic.exchanges = append(r.traffic.exchanges, exchangeOf(e))
		return nil
	})
	switch {
	case src.fault != nil:
		return src.fault
	case src.cut || errors.Is(err, errMany):
		r.lack(evidence.NetworkHAR, lackCut)
	case err != nil:
		r.lack(evidence.NetworkHAR, lackBroken)
	}
	slices.SortStableFunc(r.traffic.exchanges, func(a, b exchange) int {
		return cmp.Or(a.started.Compare(b.started), strings.Compare(a.url, b.url))
	})
	return nil
}

var errMany = errors.New("more entries than are considered")

// main is the first request for the address that was asked for; where there is none, that for the first document. nil if there is none either.
func (t *traffic) main(asked string) *exchange {
	if t == nil {
		return nil
	}
	var first *exchange
	for i := range t.exchanges {
		e := &t.exchanges[i]
		if e.kind != kindDocument || !e.page {
			continue
		}
		if sameAddress(e.url, asked) {
			return e
		}
		if first == nil {
			first = e
		}
	}
	return first
}
