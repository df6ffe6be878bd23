// Package judge compares what a recorder wrote of a visit with what the servers of the visit wrote down that they had sent. It reads archives
// by itself, without the code that writes them.
package judge

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"yuzheng/capture/sitetest/wire"
	"yuzheng/casefile/evidence"
)

// warcRecord is one WARC record. For a response and a request, First, Fields and Body are its block taken apart; else Body is the block.
type warcRecord struct {
	Kind, URI, Address, Truncated string
	At                            time.Time
	Protocols                     []string
	First                         string // status line or request line
	Fields                        []wire.Field
	Body                          []byte
}

// harEntry is one entry of the HAR.
type harEntry struct {
	Request  struct{ Method, URL string }
	Response struct{ Status int }
	Address  string `json:"serverIPAddress"`
	Own      string `json:"_by"` // why, where no server was asked
	Cache    bool   `json:"_fromCache"`
	Worker   bool   `json:"_fromServiceWorker"`
}

// Exhibit is what a capture says of the network.
type Exhibit struct {
	Records []warcRecord
	Entries []harEntry
	Hops    []evidence.Hop
	Named   map[string]bool // addresses named as missing
	Barred  map[string]bool // and those that the browser kept from the page
	Servers []string        // origins with a certificate
	Main    *mainAnswer
}

// mainAnswer is what facts.json says of the main document's answer.
type mainAnswer struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	Remote string `json:"remote"`
}

// Read takes the artifacts of a capture by their names.
func Read(files map[string][]byte) (Exhibit, error) {
	x := Exhibit{Named: map[string]bool{}, Barred: map[string]bool{}}
	var report struct {
		Result struct {
			Missing   []evidence.Missing
			Redirects []evidence.Hop
		}
		Unsent []evidence.Missing `json:"kept_from_the_page_by_the_browser"`
	}
	var har struct{ Log struct{ Entries []harEntry } }
	var facts struct {
		Main    *mainAnswer `json:"main_document"`
		Servers []struct{ Origin string }
	}
	err := errors.Join(
		json.Unmarshal(files[evidence.CaptureJSON], &report), json.Unmarshal(files[evidence.NetworkHAR], &har), json.Unmarshal(files[evidence.FactsJSON], &facts))
	if err != nil {
		return x, fmt.Errorf("judge: %w", err)
	}
	for _, m := range report.Result.Missing {
		x.Named[plainURI(m.What)] = true
	}
	for _, m := range report.Unsent {
		x.Barred[plainURI(m.What)] = true
	}
	for _, s := range facts.Servers {
		x.Servers = append(x.Servers, s.Origin)
	}
	x.Entries, x.Hops, x.Main = har.Log.Entries, report.Result.Redirects, facts.Main
	if archive := files[evidence.ArchiveWACZ]; archive != nil { // none where nothing answered
		x.Records, err = records(archive)
	}
	return x, err
}

func records(wacz []byte) ([]warcRecord, error) {
	z, err := zip.NewReader(bytes.NewReader(wacz), int64(len(wacz)))
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	f, err := z.Open("archive/data.warc.gz")
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	defer f.Close()
	all, err := gzip.NewReader(f) // every member, one after the other
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	in := bufio.NewReader(all)
	var list []warcRecord
	for {
		if _, err := in.Peek(1); errors.Is(err, io.EOF) {
			return list, nil
		}
		r, err := next(in)
		if err != nil {
			return list, fmt.Errorf("judge: record %d: %w", len(list)+1, err)
		}
		list = append(list, r)
	}
}

var errForm = errors.New("not as ISO 28500 has it")

func next(in *bufio.Reader) (r warcRecord, err error) {
	length := -1
	for first := true; ; first = false {
		line, err := in.ReadString('\n')
		if err != nil || !strings.HasSuffix(line, "\r\n") || first && line != "WARC/1.1\r\n" {
			return r, errors.Join(errForm, err)
		}
		if line == "\r\n" {
			break
		}
		if name, v, ok := strings.Cut(strings.TrimSuffix(line, "\r\n"), ":"); ok && !first {
			length = r.named(strings.ToLower(name), strings.TrimSpace(v), length)
		}
	}
	if length < 0 {
		return r, errForm
	}
	block := make([]byte, length+4)
	if _, err := io.ReadFull(in, block); err != nil || !bytes.HasSuffix(block, []byte("\r\n\r\n")) {
		return r, errors.Join(errForm, err)
	}
	return r, r.open(block[:length])
}

// named takes one named field, and gives the length of the block as it is known then.
func (r *warcRecord) named(name, v string, length int) int {
	switch name {
	case "warc-type":
		r.Kind = v
	case "warc-target-uri":
		r.URI = v
	case "warc-ip-address":
		r.Address = v
	case "warc-truncated":
		r.Truncated = v
	case "warc-protocol":
		r.Protocols = append(r.Protocols, v)
	case "warc-date":
		r.At, _ = time.Parse(time.RFC3339Nano, v) // the zero time is out of order, and told
	case "content-length":
		if n, err := strconv.Atoi(v); err == nil {
			return n
		}
	}
	return length
}

func (r *warcRecord) open(block []byte) error {
	r.Body = block
	if r.Kind != "response" && r.Kind != "request" {
		return nil
	}
	head, body, ok := bytes.Cut(block, []byte("\r\n\r\n"))
	if !ok {
		return errForm
	}
	r.Body = body
	for i, line := range strings.Split(string(head), "\r\n") {
		name, v, ok := strings.Cut(line, ":")
		switch {
		case i == 0:
			r.First = line
		case !ok:
			return errForm
		default:
			r.Fields = append(r.Fields, wire.Field{Name: name, Value: strings.Trim(v, " \t")})
		}
	}
	return nil
}
