package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/evidence"
)

// Edit says how an archive is rewritten.
type Edit struct {
	// Text gives a line or a few, a name, an address, as it is to stand.
	Text func(string) string
	// Body gives a body as it is to stand; where it reports false the record that holds it is left out. A body is cut after Most bytes and one.
	Body func(address, mediaType string, body []byte) ([]byte, bool)
	Most int64
}

// Rewrite writes an archive of this package anew, each text and body as edit has it: digests, lengths, index and descriptions are those of what is
// written. Headers that tell a hash of the body are left out (ETag, Digest, Content-MD5 …). The same archive and edits give the same bytes.
func Rewrite(r io.ReaderAt, size int64, w Writer, edit Edit) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	x := rewriting{edit: edit, out: w, ids: map[string]string{}}
	if err := x.describe(z); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if err := members(r, size, x.record); err != nil {
		return err
	}
	if x.wacz == nil {
		return errors.New("archive: no record")
	}
	return x.wacz.Close(x.pages)
}

// rewriting is one call of Rewrite.
type rewriting struct {
	edit    Edit
	out     Writer
	options Options
	pages   []Page
	entries []indexEntry // of the old index, in the order of the records
	wacz    *WACZ
	ids     map[string]string // of records: what each is called now
}

// maxDescription bounds what an archive says of itself, in bytes.
const maxDescription = 64 << 20

// describe reads what stands beside the records.
func (x *rewriting) describe(z *zip.Reader) error {
	var said struct {
		Software    string    `json:"software"`
		Created     time.Time `json:"created"`
		Title       string    `json:"title"`
		Description string    `json:"description"`
		MainURL     string    `json:"mainPageUrl"`
	}
	data, err := inside(z, packagePath)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return fmt.Errorf("%s: %w", packagePath, err)
	}
	text := x.edit.Text
	x.options = Options{
		Software: said.Software, Title: text(said.Title), Description: text(said.Description), MainURL: text(said.MainURL), Started: said.Created,
	}
	if x.pages, err = x.readPages(z); err != nil {
		return err
	}
	x.entries, err = readIndex(z)
	return err
}

func inside(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDescription+1))
	if err == nil && len(data) > maxDescription {
		err = fmt.Errorf("%s: more than %d bytes", name, maxDescription)
	}
	return data, err
}

func (x *rewriting) readPages(z *zip.Reader) ([]Page, error) {
	data, err := inside(z, pagesPath)
	if err != nil {
		return nil, err
	}
	var pages []Page
	for line := range bytes.Lines(data) {
		var p struct {
			URL   string    `json:"url"`
			TS    time.Time `json:"ts"`
			Title string    `json:"title"`
			Text  string    `json:"text"`
		}
		if err := json.Unmarshal(line, &p); err != nil {
			return nil, fmt.Errorf("%s: %w", pagesPath, err)
		}
		if p.URL != "" { // the first line describes the others
			pages = append(pages, Page{URL: x.edit.Text(p.URL), At: p.TS, Title: x.edit.Text(p.Title), Text: x.edit.Text(p.Text)})
		}
	}
	return pages, nil
}

// readIndex gives the lines of the index in the order of their records.
func readIndex(z *zip.Reader) ([]indexEntry, error) {
	data, err := inside(z, indexPath)
	if err != nil {
		return nil, err
	}
	at := map[int64]indexEntry{}
	for line := range bytes.Lines(data) {
		_, rest, _ := bytes.Cut(line, []byte(" "))
		_, rest, _ = bytes.Cut(rest, []byte(" "))
		var e indexEntry
		if err := json.Unmarshal(rest, &e); err != nil {
			return nil, fmt.Errorf("%s: %w", indexPath, err)
		}
		offset, err := strconv.ParseInt(e.Offset, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", indexPath, err)
		}
		at[offset] = e
	}
	var list []indexEntry
	for _, offset := range slices.Sorted(maps.Keys(at)) {
		list = append(list, at[offset])
	}
	return list, nil
}

// kept are the fields of a record that stay, in the order in which they are written.
var kept = []string{"WARC-IP-Address", "WARC-Protocol", "WARC-Cipher-Suite", "WARC-Truncated"}

// record rewrites one.
func (x *rewriting) record(head textproto.MIMEHeader, block io.Reader) error {
	at, err := time.Parse(time.RFC3339Nano, head.Get("WARC-Date"))
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	r := record{kind: head.Get("WARC-Type"), uri: targetURI(x.edit.Text(head.Get("WARC-Target-URI"))), at: at, mediaType: head.Get("Content-Type")}
	if r.kind == warcInfo {
		return x.begin(r, block)
	}
	if x.wacz == nil {
		return errors.New("archive: a record before the one that describes the file")
	}
	if old := x.ids[head.Get("WARC-Concurrent-To")]; old != "" {
		r.fields = append(r.fields, evidence.Header{Name: "WARC-Concurrent-To", Value: old})
	}
	for _, name := range kept {
		for _, value := range head.Values(name) {
			r.fields = append(r.fields, evidence.Header{Name: name, Value: value})
		}
	}
	var entry *indexEntry
	if r.kind == warcResponse || r.kind == warcResource {
		if len(x.entries) == 0 {
			return errors.New("archive: a record without a line in the index")
		}
		entry, x.entries = &x.entries[0], x.entries[1:]
	}
	ok, err := x.block(&r, head.Get("WARC-Target-URI"), block)
	if err != nil || !ok {
		return err
	}
	return x.write(r, head.Get("WARC-Record-ID"), entry)
}

// begin begins the archive with the record that describes it.
func (x *rewriting) begin(r record, block io.Reader) error {
	body, err := io.ReadAll(io.LimitReader(block, maxHead))
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	r.uri, r.body = "", x.lines(body, false)
	r.fields = []evidence.Header{{Name: "WARC-Filename", Value: warcName}}
	x.wacz = newWACZ(x.out, x.options, r)
	return x.wacz.err
}

// block rewrites what a record holds, and reports whether it may stand.
func (x *rewriting) block(r *record, address string, block io.Reader) (bool, error) {
	in := bufio.NewReader(block)
	media := r.mediaType
	if r.kind == warcResponse || r.kind == warcRequest {
		head, err := headOf(in)
		if err != nil {
			return false, fmt.Errorf("archive: %s: %w", address, err)
		}
		r.head = x.lines(head, true)
		media = fieldOf(head, "Content-Type")
	}
	body, err := io.ReadAll(io.LimitReader(in, x.edit.Most+1))
	if err != nil {
		return false, fmt.Errorf("archive: %s: %w", address, err)
	}
	switch {
	case r.kind == warcMetadata:
		r.body = x.lines(body, false)
	case len(body) > 0:
		var ok bool
		if r.body, ok = x.edit.Body(address, media, body); !ok {
			return false, nil
		}
	}
	r.head = withLength(r.head, len(r.body))
	return true, nil
}

// headOf reads the head of a message of HTTP up to and with its empty line.
func headOf(in *bufio.Reader) ([]byte, error) {
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		head = append(head, line...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(head) < maxHead:
			continue
		case err != nil:
			return nil, err
		case len(head) > maxHead:
			return nil, bufio.ErrBufferFull
		case bytes.HasSuffix(head, []byte("\r\n\r\n")):
			return head, nil
		}
	}
}

func fieldOf(head []byte, name string) string {
	for line := range strings.Lines(string(head)) {
		if n, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// lines rewrites each line by itself. Headers that tell a hash are left out.
func (x *rewriting) lines(text []byte, http bool) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if field := strings.TrimPrefix(strings.TrimPrefix(line, "http-header: "), "trailer: "); (http || field != line) && tellsHash(field) {
			continue
		}
		b.WriteString(lineBytes(x.edit.Text(readable(line))) + "\r\n")
	}
	return b.Bytes()
}

// hashField is a part of the names of such headers.
var hashField = regexp.MustCompile(`etag|md5|digest|hash|checksum|none-match|if-match`)

func tellsHash(field string) bool {
	name, _, ok := strings.Cut(strings.ToLower(field), ":")
	return ok && hashField.MatchString(name)
}

// withLength says the length of the body in a head that says one.
func withLength(head []byte, length int) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(head)) {
		if name, _, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "Content-Length") {
			line = name + ": " + strconv.Itoa(length) + "\r\n"
		}
		b.WriteString(line)
	}
	return b.Bytes()
}

// write writes a record, with its line of the index where it had one.
func (x *rewriting) write(r record, was string, old *indexEntry) error {
	offset := x.wacz.warc.size
	id, err := x.wacz.append(r)
	if err != nil {
		return err
	}
	x.ids[was] = id
	if old == nil {
		return nil
	}
	e := resourceEntry(r, x.edit.Text(old.MIME), span{offset, x.wacz.warc.size - offset})
	e.Status, e.Method, e.RequestBody = old.Status, old.Method, x.edit.Text(old.RequestBody)
	x.wacz.lines = append(x.wacz.lines, indexLine(e, r.at))
	return nil
}
