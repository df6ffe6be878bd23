package archive

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
)

// Resources gives what an archive holds under addresses of its own, the messages of WebSockets for instance, in the order in which it was
// recorded, each cut after most bytes. An error of fn ends the reading and is returned.
func Resources(r io.ReaderAt, size int64, most int64, fn func(address string, body []byte) error) error {
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
		if err := nextResource(in, most, fn); err != nil {
			return err
		}
	}
}

// nextResource reads one record, which is one gzip member.
func nextResource(in *bufio.Reader, most int64, fn func(string, []byte) error) error {
	g, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	g.Multistream(false)
	member := bufio.NewReader(g)
	defer io.Copy(io.Discard, member)
	if _, err := member.ReadString('\n'); err != nil { // "WARC/1.1"
		return fmt.Errorf("archive: %w", err)
	}
	head, err := textproto.NewReader(member).ReadMIMEHeader()
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	length, err := strconv.ParseInt(head.Get("Content-Length"), 10, 64)
	if err != nil || head.Get("WARC-Type") != warcResource {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(member, min(length, most)))
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return fn(head.Get("WARC-Target-URI"), body)
}
