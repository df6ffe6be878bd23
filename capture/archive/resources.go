package archive

import (
	"fmt"
	"io"
	"net/textproto"
)

// Resources gives what an archive holds under addresses of its own, the messages of WebSockets for instance, in the order in which it was
// recorded, each cut after most bytes. An error of fn ends the reading and is returned.
func Resources(r io.ReaderAt, size int64, most int64, fn func(address string, body []byte) error) error {
	return members(r, size, func(head textproto.MIMEHeader, block io.Reader) error {
		if head.Get("WARC-Type") != warcResource {
			return nil
		}
		body, err := io.ReadAll(io.LimitReader(block, most))
		if err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		return fn(head.Get("WARC-Target-URI"), body)
	})
}
