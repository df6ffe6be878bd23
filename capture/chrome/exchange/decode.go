package exchange

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard/wire"
)

// errCoding says that a body is not what its Content-Encoding says.
var errCoding = errors.New("not in the coding that its header names")

// decoded takes the content coding off a body (RFC 9110, 8.4): what is longer than limit gives devtools.ErrTooLong.
func decoded(body []byte, fields []wire.Field, limit int64) ([]byte, error) {
	var codings []string
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Content-Encoding") {
			for coding := range strings.SplitSeq(f.Value, ",") {
				codings = append(codings, strings.ToLower(strings.TrimSpace(coding)))
			}
		}
	}
	for _, coding := range slices.Backward(codings) {
		if len(body) == 0 {
			return nil, nil
		}
		var err error
		if body, err = uncoded(body, coding, limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func uncoded(body []byte, coding string, limit int64) ([]byte, error) {
	in := bytes.NewReader(body)
	var r io.Reader
	var err error
	switch coding {
	case "", "identity":
		return body, nil
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(in)
	case "deflate":
		r, err = inflate(in)
	case "br":
		r = brotli.NewReader(in)
	case "zstd":
		var d *zstd.Decoder
		if d, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20)); err == nil {
			defer d.Close()
			r = d
		}
	default:
		return nil, fmt.Errorf("%w: unknown %q", errCoding, coding)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCoding, err)
	}
	if limit > 0 {
		r = io.LimitReader(r, limit+1)
	}
	out, err := io.ReadAll(r)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errCoding, err)
	case limit > 0 && int64(len(out)) > limit:
		return nil, devtools.ErrTooLong
	}
	return out, nil
}

// inflate reads what servers call deflate: zlib's form, and as often the bare one.
func inflate(in *bytes.Reader) (io.Reader, error) {
	b := bufio.NewReader(in)
	if head, err := b.Peek(2); err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}
