package archive

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// dataName is the one WARC file of an archive.
const dataName = "archive/data.warc.gz"

// maxHead bounds the head of a record and that of an answer, in bytes: a gzip member may unpack to a thousand times what it is.
const maxHead = 8 << 20

// Bodies gives the bodies of the recorded answers whose address and media type are wanted, in the order in which they were recorded, each cut
// after most bytes. It reads archives that this package wrote; an error of fn ends the reading and is returned.
func Bodies(r io.ReaderAt, size int64, most int64, wanted func(address, mediaType string) bool, fn func(address string, body []byte) error) error {
	return members(r, size, func(head textproto.MIMEHeader, block io.Reader) error {
		if head.Get("WARC-Type") != warcResponse {
			return nil // nothing that has a body
		}
		return answer(head.Get("WARC-Target-URI"), block, most, wanted, fn)
	})
}

// members gives the head and the block of each record, which is one gzip member, in the order in which it was recorded.
func members(r io.ReaderAt, size int64, fn func(textproto.MIMEHeader, io.Reader) error) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	raw, err := z.Open(dataName)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer raw.Close()
	for in := bufio.NewReader(raw); ; {
		if _, err := in.Peek(1); errors.Is(err, io.EOF) {
			return nil
		}
		if err := nextMember(in, fn); err != nil {
			return err
		}
	}
}

func nextMember(in *bufio.Reader, fn func(textproto.MIMEHeader, io.Reader) error) error {
	g, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	g.Multistream(false)
	within := &io.LimitedReader{R: g, N: maxHead}
	member := bufio.NewReader(within)
	defer io.Copy(io.Discard, member)
	if _, err := member.ReadString('\n'); err != nil { // "WARC/1.1"
		return fmt.Errorf("archive: %w", err)
	}
	head, err := textproto.NewReader(member).ReadMIMEHeader()
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	length, err := strconv.ParseInt(head.Get("Content-Length"), 10, 64)
	if err != nil {
		return nil
	}
	within.N = math.MaxInt64
	return fn(head, io.LimitReader(member, length))
}

func answer(address string, block io.Reader, most int64, wanted func(string, string) bool, fn func(string, []byte) error) error {
	within := &io.LimitedReader{R: block, N: maxHead}
	reader := bufio.NewReader(within)
	if _, err := reader.ReadString('\n'); err != nil { // the status line
		return nil
	}
	fields, err := textproto.NewReader(reader).ReadMIMEHeader()
	if err != nil {
		return nil // a head that no reader takes has no body that one could ask for
	}
	media, _, _ := strings.Cut(http.Header(fields).Get("Content-Type"), ";")
	if !wanted(address, strings.ToLower(strings.TrimSpace(media))) {
		return nil
	}
	within.N = math.MaxInt64
	body, err := io.ReadAll(io.LimitReader(reader, most))
	if err != nil {
		return fmt.Errorf("archive: %s: %w", address, err)
	}
	return fn(address, body)
}
