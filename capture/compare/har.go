package compare

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

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
	headers           []Header
}

// traffic are the exchanges of a capture in the order in which they began.
type traffic struct{ exchanges []exchange }

// Header is one line of a request's head.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harEntry is the shape of an entry as package archive writes it.
type harEntry struct {
	Started string `json:"startedDateTime"`
	Request struct {
		Method  string   `json:"method"`
		URL     string   `json:"url"`
		Headers []Header `json:"headers"`
	} `json:"request"`
	Response struct {
		Status  int `json:"status"`
		Content struct {
			SHA256 string `json:"_sha256"`
			Media  string `json:"mimeType"`
		} `json:"content"`
	} `json:"response"`
	Address string `json:"serverIPAddress"`
	Kind    string `json:"_resourceType"`
	Target  string `json:"_target"`
}

const kindDocument = "document"

func (e harEntry) exchange() exchange {
	at, _ := time.Parse(time.RFC3339Nano, e.Started) // without one it began before all others
	x := exchange{
		method: e.Request.Method, url: e.Request.URL, kind: e.Kind, started: at, status: e.Response.Status, address: e.Address,
		hash: e.Response.Content.SHA256, media: e.Response.Content.Media, page: e.Target == "page" || e.Target == "",
	}
	if e.Kind == kindDocument {
		x.headers = e.Request.Headers
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
	err = entries(src, func(e harEntry) error {
		if len(r.traffic.exchanges) >= maxEntries {
			return errMany
		}
		r.traffic.exchanges = append(r.traffic.exchanges, e.exchange())
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

var (
	errMany = errors.New("more entries than are considered")
	errForm = errors.New("not a HAR")
)

// entries hands on each element of log.entries. What stands behind the list is not read.
func entries(r io.Reader, take func(harEntry) error) error {
	dec := json.NewDecoder(r)
	for _, key := range []string{"log", "entries"} {
		if err := enter(dec, key); err != nil {
			return err
		}
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return fmt.Errorf("%w: entries are no list (%w)", errForm, err)
	}
	for dec.More() {
		var e harEntry
		err := dec.Decode(&e)
		var wrong *json.UnmarshalTypeError
		if err != nil && !errors.As(err, &wrong) {
			return err
		}
		if err := take(e); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// enter goes to the value of a key of the object that begins here.
func enter(dec *json.Decoder, key string) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("%w: no object with %s (%w)", errForm, key, err)
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		if name == key {
			return nil
		}
		var other json.RawMessage
		if err := dec.Decode(&other); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: no %s", errForm, key)
}

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
