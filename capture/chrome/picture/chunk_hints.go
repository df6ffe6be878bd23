package picture

import "bytes"

// Chrome writes the moment into every PDF and a boundary of its own into every MHTML. What stands between is the same when the page is the same;
// so it is told to the sink where that begins and ends.

// cutMHTML marks the beginning of each part's body and of the line that ends it (RFC 2046, 5.1.1).
func cutMHTML(body []byte, write func([]byte) error, cut func()) error {
	_, rest, found := bytes.Cut(body[:min(len(body), 4<<10)], []byte(`boundary="`))
	boundary, _, closed := bytes.Cut(rest, []byte(`"`))
	if !found || !closed {
		return write(body)
	}
	line := append([]byte("\r\n--"), boundary...)
	for {
		head := bytes.Index(body, line)
		if head < 0 {
			return write(body)
		}
		end := bytes.Index(body[head+len(line):], []byte("\r\n\r\n")) // of the part's own header
		if end < 0 {
			end = len(body) - head - len(line)
		} else {
			end += len("\r\n\r\n")
		}
		for _, part := range [][]byte{body[:head], body[head : head+len(line)+end]} {
			if err := write(part); err != nil {
				return err
			}
			cut()
		}
		body = body[head+len(line)+end:]
	}
}

// cutPDF marks the end of the first object of a stream that comes in parts: it holds the dates.
func cutPDF(write func([]byte) (int, error), cut func()) func([]byte) (int, error) {
	begun := false
	return func(p []byte) (int, error) {
		end := bytes.Index(p[:min(len(p), 4<<10)], []byte("endobj\n"))
		if begun || end < 0 {
			begun = true
			return write(p)
		}
		begun = true
		n, err := write(p[:end])
		if err != nil {
			return n, err
		}
		cut()
		m, err := write(p[end:])
		return n + m, err
	}
}
