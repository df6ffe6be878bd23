package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// The names inside a WACZ. None of them ever comes from a page.
const (
	warcName        = "data.warc.gz"
	warcPath        = "archive/" + warcName
	indexPath       = "indexes/index.cdx"
	pagesPath       = "pages/pages.jsonl"
	packagePath     = "datapackage.json"
	packageHashPath = "datapackage-digest.json"
)

// Writer takes the bytes of a WACZ. Cut is called before and after the compressed bytes of a body that may recur.
type Writer interface {
	io.Writer
	Cut()
}

// Options describes a WACZ. The same options and exchanges give the same bytes.
type Options struct {
	Software    string // program and versions
	Title       string
	Description string
	MainURL     string
	Started     time.Time         // of the capture: also the time of every file inside
	Note        []evidence.Header // further fields of the warcinfo record: browser, view, overrides
}

// Page is one page that a reader can open.
type Page struct {
	URL   string
	Title string
	At    time.Time // of the exchange that holds it
	Text  string    // visible text, for search; may be empty
}

// WACZ writes a Web Archive Collection Zipped 1.1.1 as its exchanges come, holding no more of them than a line of
// index each. Calls come one after the other. After an error every later call returns that error.
type WACZ struct {
	options Options
	out     Writer
	zip     *zip.Writer
	warc    *warcFile
	member  *memberWriter
	count   int
	lines   []cdxLine
	listed  []resource
	err     error
}

// warcFile counts and hashes what goes into the WARC.
type warcFile struct {
	out  io.Writer
	size int64
	hash hash.Hash
}

// Write implements io.Writer.
func (f *warcFile) Write(p []byte) (int, error) {
	n, err := f.out.Write(p)
	f.size += int64(n)
	f.hash.Write(p[:n])
	return n, err
}

// NewWACZ begins a WACZ. The archive itself is its first file and grows with every exchange.
func NewWACZ(w Writer, o Options) *WACZ { return newWACZ(w, o, infoRecord(o)) }

// newWACZ begins one with the record that describes its file.
func newWACZ(w Writer, o Options, info record) *WACZ {
	z := &WACZ{options: o, out: w, zip: zip.NewWriter(w)}
	entry, err := z.zip.CreateHeader(z.header(warcPath))
	if err != nil {
		z.err = fmt.Errorf("wacz: %w", err)
		return z
	}
	z.warc = &warcFile{out: entry, hash: sha256.New()}
	z.member = newMemberWriter(z.warc, z.cut)
	_, z.err = z.append(info)
	return z
}

// header is stored, not deflated: a reader finds records by their offset in the WACZ.
func (z *WACZ) header(name string) *zip.FileHeader {
	return &zip.FileHeader{Name: name, Method: zip.Store, Modified: z.options.Started.UTC().Truncate(time.Second)}
}

func (z *WACZ) cut() error {
	if err := z.zip.Flush(); err != nil {
		return err
	}
	z.out.Cut()
	return nil
}

func infoRecord(o Options) record {
	fields := []evidence.Header{
		{Name: "software", Value: o.Software},
		{Name: "format", Value: "WARC File Format 1.1"},
		{Name: "conformsTo", Value: "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"},
		{Name: "description", Value: o.Description},
		{Name: "http-bodies", Value: "stored with content and transfer encoding undone; the headers that said so are kept as " + origin + "*, Content-Length is that of the stored body"},
		{Name: "http-status-line", Value: "HTTP/1.1 whatever was spoken; WARC-Protocol has the protocol"},
		{Name: "answers-without-connection", Value: "from a cache, a service worker or the browser itself: no response records; a body stands in a resource record without WARC-IP-Address, a metadata record tells of each"},
	}
	var b strings.Builder
	for _, f := range append(fields, o.Note...) {
		if f.Value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", token(f.Name), oneLine(f.Value))
		}
	}
	return record{
		kind: warcInfo, at: o.Started, mediaType: "application/warc-fields",
		fields: []evidence.Header{{Name: "WARC-Filename", Value: warcName}}, body: []byte(b.String()),
	}
}

// append writes one record as one gzip member.
func (z *WACZ) append(r record) (id string, err error) {
	z.count++
	id = r.id(z.count)
	if err := z.member.write(append(r.header(id), r.head...), r.body, recordTail); err != nil {
		return "", fmt.Errorf("wacz: record of %s: %w", r.uri, err)
	}
	return id, nil
}

// Add writes an exchange: request and answer, or request and the reason why there is none.
func (z *WACZ) Add(e Exchange) error {
	if z.err != nil {
		return z.err
	}
	z.err = z.add(e)
	return z.err
}

func (z *WACZ) add(e Exchange) error {
	first := ""
	for _, r := range recordsOf(e) {
		if first != "" {
			r.fields = append([]evidence.Header{{Name: "WARC-Concurrent-To", Value: first}}, r.fields...)
		}
		offset := z.warc.size
		id, err := z.append(r)
		if err != nil {
			return err
		}
		if first == "" {
			first = id
		}
		if r.kind == warcResponse || r.kind == warcResource {
			z.lines = append(z.lines, indexLine(exchangeEntry(e, r, span{offset, z.warc.size - offset}), e.Started))
		}
	}
	return nil
}

// AddResource writes something that is no exchange under an address of its own: the frames of a WebSocket, the picture of the page.
func (z *WACZ) AddResource(address, mediaType string, at time.Time, body []byte) error {
	if z.err != nil {
		return z.err
	}
	r := record{kind: warcResource, uri: targetURI(address), at: at, mediaType: mediaType, body: body}
	offset := z.warc.size
	if _, z.err = z.append(r); z.err != nil {
		return z.err
	}
	mime := mimeOf(Exchange{MIMEType: mediaType})
	z.lines = append(z.lines, indexLine(resourceEntry(r, mime, span{offset, z.warc.size - offset}), at))
	return nil
}

// Close writes index, pages and package description, and ends the ZIP. The writer stays open.
func (z *WACZ) Close(pages []Page) error {
	if z.err != nil {
		return z.err
	}
	z.err = z.finish(pages)
	if z.err != nil {
		return z.err
	}
	z.err = errClosed
	return nil
}

var errClosed = errors.New("wacz: already closed")

func (z *WACZ) finish(pages []Page) error {
	z.list(warcPath, z.warc.size, z.warc.hash.Sum(nil))
	if err := z.file(indexPath, index(z.lines)); err != nil {
		return err
	}
	if err := z.file(pagesPath, pageLines(pages)); err != nil {
		return err
	}
	description := z.description()
	if err := z.file(packagePath, description); err != nil {
		return err
	}
	stated := compactJSON(map[string]string{"path": packagePath, "hash": digest(description)})
	if err := z.file(packageHashPath, append(stated, '\n')); err != nil {
		return err
	}
	if err := z.zip.Close(); err != nil {
		return fmt.Errorf("wacz: %w", err)
	}
	return nil
}

// file writes a file that is whole in memory, and lists it.
func (z *WACZ) file(name string, body []byte) error {
	w, err := z.zip.CreateHeader(z.header(name))
	if err == nil {
		_, err = w.Write(body)
	}
	if err != nil {
		return fmt.Errorf("wacz: %s: %w", name, err)
	}
	sum := sha256.Sum256(body)
	z.list(name, int64(len(body)), sum[:])
	return nil
}

// resource is a line of the package description.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

func (z *WACZ) list(path string, size int64, sum []byte) {
	name := path[strings.LastIndexByte(path, '/')+1:]
	z.listed = append(z.listed, resource{name, path, "sha256:" + hex.EncodeToString(sum), size})
}

func (z *WACZ) description() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Profile     string     `json:"profile"`
		Version     string     `json:"wacz_version"`
		Software    string     `json:"software"`
		Created     string     `json:"created"`
		Title       string     `json:"title,omitempty"`
		Description string     `json:"description,omitempty"`
		MainURL     string     `json:"mainPageUrl,omitempty"`
		MainDate    string     `json:"mainPageDate,omitempty"`
		Resources   []resource `json:"resources"`
	}{
		"data-package", "1.1.1", z.options.Software, date(z.options.Started), z.options.Title, z.options.Description,
		z.options.MainURL, date(z.options.Started), z.listed,
	})
	if err != nil {
		panic("archive: " + err.Error()) // our own struct of text and numbers
	}
	return b.Bytes()
}

func pageLines(pages []Page) []byte {
	b := append(compactJSON(struct {
		Format string `json:"format"`
		ID     string `json:"id"`
		Title  string `json:"title"`
	}{"json-pages-1.0", "pages", "All Pages"}), '\n')
	for i, p := range pages {
		b = append(append(b, compactJSON(struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			TS    string `json:"ts"`
			Title string `json:"title,omitempty"`
			Text  string `json:"text,omitempty"`
		}{fmt.Sprintf("page-%d", i+1), p.URL, date(p.At), p.Title, p.Text})...), '\n')
	}
	return b
}
