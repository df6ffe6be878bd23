package devtools

import (
	"context"
	"errors"

	cdpio "github.com/chromedp/cdproto/io"
)

// ErrTooLong says that a stream is longer than it may be.
var ErrTooLong = errors.New("longer than the limit")

// ReadStream hands a stream of the browser on in parts; with limit > 0 it stops after so many bytes with ErrTooLong.
func ReadStream(ctx context.Context, s Session, id cdpio.StreamHandle, limit int64, write func([]byte) (int, error)) error {
	defer Send(s, cdpio.Close, cdpio.CloseParams{Handle: id})
	for n := int64(0); ; {
		r, err := Call(ctx, s, cdpio.Read, cdpio.ReadParams{Handle: id, Size: 1 << 20})
		if err != nil {
			return err
		}
		if n += int64(len(r.Data)); limit > 0 && n > limit {
			return ErrTooLong
		}
		if _, err := write(r.Data); err != nil {
			return err
		}
		if r.EOF {
			return nil
		}
	}
}

// Take decodes an event and hands it on. One that cannot be read is told to unread: it may have been a request.
func Take[E any](unread func(event string, err error), e Event, f func(E)) {
	v, err := Decode[E](e)
	if err != nil {
		unread(e.Method, err)
		return
	}
	f(v)
}
