package wire

import (
	"bufio"
	"errors"
	"fmt"
	"strconv"
	"strings"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// preface is what a browser says first in HTTP/2 (RFC 9113, 3.4).
const preface = xhttp2.ClientPreface

const (
	maxFrame = 1<<24 - 1
	maxTable = 1 << 20 // of header compression, in bytes; browsers offer 65,536
)

// half is one direction of an HTTP/2 connection.
type half struct {
	tap    *Tap
	up     bool
	fields *hpack.Decoder
	block  []hpack.HeaderField
	size   int
}

// frames reads the frames of one direction.
func (t *Tap) frames(in *bufio.Reader, up bool) error {
	h := &half{tap: t, up: up}
	h.fields = hpack.NewDecoder(4096, h.field)
	h.fields.SetAllowedMaxDynamicTableSize(maxTable)
	framer := xhttp2.NewFramer(nil, in)
	framer.SetMaxReadFrameSize(maxFrame)
	framer.SetReuseFrames()
	for {
		f, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		if err := h.take(framer, f); err != nil {
			return err
		}
	}
}

func (h *half) field(f hpack.HeaderField) {
	if h.size += len(f.Name) + len(f.Value); h.size < maxHead {
		h.block = append(h.block, f)
	}
}

// take reads one frame.
func (h *half) take(framer *xhttp2.Framer, f xhttp2.Frame) error {
	switch f := f.(type) {
	case *xhttp2.HeadersFrame:
		end := f.StreamEnded()
		if err := h.decode(framer, f.HeaderBlockFragment(), f.HeadersEnded()); err != nil {
			return err
		}
		h.head(f.StreamID, end)
	case *xhttp2.PushPromiseFrame:
		return h.decode(framer, f.HeaderBlockFragment(), f.HeadersEnded())
	case *xhttp2.DataFrame:
		h.data(f)
	case *xhttp2.RSTStreamFrame:
		if !h.up || f.ErrCode != xhttp2.ErrCodeNo {
			h.close(f.StreamID, false)
		}
	}
	return nil
}

// decode reads a header block, which may go on in further frames.
func (h *half) decode(framer *xhttp2.Framer, part []byte, ended bool) error {
	h.block, h.size = nil, 0
	for {
		if _, err := h.fields.Write(part); err != nil {
			return fmt.Errorf("header block: %w", err)
		}
		if ended {
			return h.fields.Close()
		}
		f, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		more, ok := f.(*xhttp2.ContinuationFrame)
		if !ok {
			return errors.New("header block that does not go on")
		}
		part, ended = more.HeaderBlockFragment(), more.HeadersEnded()
	}
}

// head takes a whole header block: a request, an answer or a trailer.
func (h *half) head(id uint32, end bool) {
	pseudo, fields := h.divide()
	switch {
	case h.up && pseudo[":method"] != "":
		h.asked(id, pseudo, fields, end)
	case h.up:
		h.sent(id, end)
	default:
		tunnel := h.said(id, pseudo[":status"], fields)
		if end || tunnel {
			h.close(id, true)
		}
	}
}

func (h *half) divide() (pseudo map[string]string, fields []Field) {
	pseudo = map[string]string{}
	for _, f := range h.block {
		if strings.HasPrefix(f.Name, ":") {
			pseudo[f.Name] = f.Value
		} else {
			fields = append(fields, Field{f.Name, f.Value})
		}
	}
	return pseudo, fields
}

func (h *half) asked(id uint32, pseudo map[string]string, fields []Field, end bool) {
	t := h.tap
	e := t.log.begin(t, Exchange{
		Protocol: "h2", Method: pseudo[":method"], Target: pseudo[":path"], Authority: pseudo[":authority"], Request: fields, SentWhole: end,
	})
	t.tell(func() { t.open[id], t.newest = e, max(t.newest, id) })
}

// sent notes the end of a request's body.
func (h *half) sent(id uint32, end bool) {
	h.tap.mu.Lock()
	e := h.tap.open[id]
	h.tap.mu.Unlock()
	if e != nil && end {
		h.tap.log.change(func() { e.SentWhole = e.sent })
	}
}

// said takes the head of an answer, or its trailer. It reports whether the answer makes a tunnel of the stream: what follows in it is no body (RFC 9110,
// 9.3.6), but the conversation of a WebSocket (RFC 8441).
func (h *half) said(id uint32, status string, fields []Field) (tunnel bool) {
	e := h.tap.stream(id)
	code, _ := strconv.Atoi(status)
	if e == nil {
		return false
	}
	l := h.tap.log
	l.change(func() {
		switch {
		case code == 0:
			e.Trailer = fields
		case code < 200:
			e.Early = append(e.Early, code)
		default:
			e.Status, e.Response, e.Answered = code, fields, l.o.Now().UTC()
			tunnel = e.Method == "CONNECT" && code < 300
		}
	})
	return tunnel
}

// stream is the request of a stream, as soon as the browser's side has been read up to it.
func (t *Tap) stream(id uint32) *exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await(t.down, func() bool { return t.newest >= id || t.ended })
	return t.open[id]
}

func (h *half) data(f *xhttp2.DataFrame) {
	t := h.tap
	t.mu.Lock()
	e := t.open[f.StreamID]
	t.mu.Unlock()
	if e == nil || h.up && e.Method == "CONNECT" {
		return
	}
	if h.up {
		t.log.asked(e, f.Data())
		h.sent(f.StreamID, f.StreamEnded())
		return
	}
	t.log.received(e, f.Data())
	if f.StreamEnded() {
		h.close(f.StreamID, true)
	}
}

// close ends a stream.
func (h *half) close(id uint32, whole bool) {
	t := h.tap
	t.mu.Lock()
	e := t.open[id]
	t.mu.Unlock()
	if e == nil {
		return
	}
	t.log.end(e, whole)
	if !h.up {
		t.mu.Lock()
		delete(t.open, id)
		t.mu.Unlock()
	}
}
