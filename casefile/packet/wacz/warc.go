package wacz

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxHead bounds the head of a record or of an HTTP message, in bytes.
const maxHead = 1 << 20

// place is where a record stands: the WARC without its folder, and the byte at which its gzip member begins.
type place struct {
	file   string
	offset int64
}

// recordInfo is what an index must say of a record.
type recordInfo struct {
	length  int64 // of the gzip member
	uri     string
	at      time.Time
	payload string // the digest as stated
	status  string // of an HTTP response
	indexed int
}

// warc reads every record of a WARC. It may hold no response: a page that nobody answered for is evidence as well.
func (c *check) warc(e entry) {
	if !strings.HasSuffix(e.name, ".warc.gz") || e.method != methodStore {
		c.report(Finding{File: e.name, Problem: "is no stored .warc.gz"})
		return
	}
	counted := &counter{r: c.content(e)}
	in := bufio.NewReaderSize(counted, 64<<10)
	for {
		offset := counted.n - int64(in.Buffered())
		if _, err := in.Peek(1); errors.Is(err, io.EOF) {
			return
		}
		info, kind, err := c.member(e, in, offset)
		if err != nil {
			c.report(Finding{File: e.name, Problem: fmt.Sprintf("the record at byte %d is damaged: %v", offset, err)})
			return
		}
		if kind != "response" && kind != "resource" && kind != "revisit" {
			continue
		}
		if c.kept += len(info.uri) + len(info.payload) + len(info.status); c.kept > maxKept || len(c.records) == maxRecords {
			c.report(Finding{File: e.name, Problem: "holds more records than are checked"})
			return
		}
		info.length = counted.n - int64(in.Buffered()) - offset
		c.records[place{strings.TrimPrefix(e.name, "archive/"), offset}] = info
	}
}

type counter struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// member reads one gzip member, which holds one record.
func (c *check) member(e entry, in *bufio.Reader, offset int64) (*recordInfo, string, error) {
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		return nil, "", err
	}
	unpacked.Multistream(false)
	text := bufio.NewReader(c.bounded(unpacked))
	head, err := readHead(text)
	if err != nil {
		return nil, "", err
	}
	if head.first != "WARC/1.1" && head.first != "WARC/1.0" {
		return nil, "", errors.New("it does not begin as a record")
	}
	info := &recordInfo{uri: head.get("WARC-Target-URI"), payload: head.get("WARC-Payload-Digest")}
	if info.at, err = time.Parse(time.RFC3339Nano, head.get("WARC-Date")); err != nil {
		return nil, "", err
	}
	length, err := strconv.ParseInt(head.get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil, "", errors.New("it states no length")
	}
	if err := c.block(e, offset, head, info, io.LimitReader(text, length), length); err != nil {
		return nil, "", err
	}
	tail, err := io.ReadAll(io.LimitReader(text, 5))
	if err != nil {
		return nil, "", err
	}
	if string(tail) != "\r\n\r\n" {
		return nil, "", errors.New("it is not as long as it says")
	}
	return info, head.get("WARC-Type"), nil
}

// block reads a record's block and compares both digests with those that the record states.
func (c *check) block(e entry, offset int64, head *header, info *recordInfo, in io.Reader, length int64) error {
	whole, payload := sha256.New(), sha256.New()
	counted := &counter{r: io.TeeReader(in, whole)}
	rest := bufio.NewReader(counted)
	if strings.HasPrefix(head.get("Content-Type"), "application/http") {
		message, err := readHead(rest)
		if err != nil {
			return err
		}
		if fields := strings.Fields(message.first); head.get("WARC-Type") == "response" && len(fields) > 1 {
			info.status = fields[1]
		}
	}
	if _, err := io.Copy(payload, rest); err != nil {
		return err
	}
	if counted.n != length {
		return errors.New("it is shorter than it says")
	}
	stated := head.get("WARC-Block-Digest")
	if stated == "" {
		c.report(Finding{File: e.name, Problem: at(offset, info) + "states no block digest"})
	}
	c.compare(e, at(offset, info)+"has another block digest", stated, whole)
	c.compare(e, at(offset, info)+"has another payload digest", info.payload, payload)
	return nil
}

func at(offset int64, info *recordInfo) string {
	return fmt.Sprintf("the record at byte %d (%s) ", offset, info.uri)
}

// compare accepts the two spellings of SHA-256 that are in use: hexadecimal and base32.
func (c *check) compare(e entry, problem, stated string, sum hash.Hash) {
	got := sum.Sum(nil)
	if stated == "" || stated == "sha256:"+hex.EncodeToString(got) || stated == "sha256:"+base32.StdEncoding.EncodeToString(got) {
		return
	}
	c.report(Finding{e.name, problem, stated, "sha256:" + hex.EncodeToString(got)})
}

// header is a first line and the fields after it.
type header struct {
	first  string
	fields map[string]string // names in lower case; the first of each
}

func (h *header) get(name string) string { return h.fields[strings.ToLower(name)] }

// readHead reads lines up to and with the empty one.
func readHead(in *bufio.Reader) (*header, error) {
	h := &header{fields: map[string]string{}}
	for size := 0; ; {
		line, err := readLine(in, maxHead-size)
		if err != nil {
			return nil, err
		}
		size += len(line) + 2
		switch {
		case line == "":
			return h, nil
		case h.first == "":
			h.first = line
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if key := strings.ToLower(name); ok && h.fields[key] == "" {
			h.fields[key] = strings.TrimSpace(value)
		}
	}
}

// readLine reads a line that ends in CR LF and is no longer than limit.
func readLine(in *bufio.Reader, limit int) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return "", errors.New("its head is too long")
		}
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", errors.New("its head has no end")
		}
	}
	text, ok := strings.CutSuffix(string(line), "\r\n")
	if !ok {
		return "", errors.New("a line of its head does not end in CR LF")
	}
	return text, nil
}
