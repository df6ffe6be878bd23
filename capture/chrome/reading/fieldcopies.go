package reading

import (
	"bytes"
	"fmt"
	"io"
	"mime/quotedprintable"
	"regexp"

	"github.com/chromedp/cdproto/cdp"

	"yuzheng/casefile/evidence"
)

// noteStates keeps the states of fields for the copies of the page, of those frames alone in which they differ from the document.
func (r *Reader) noteStates(pages map[cdp.FrameID]*drawn) {
	r.states = map[cdp.FrameID]map[string][]state{}
	for id, d := range pages {
		states := d.states()
		for _, list := range states {
			for _, s := range list {
				if s.differs() {
					r.states[id] = states
				}
			}
		}
	}
}

// stated is the HTML of a frame with the state of its fields written into it.
func (r *Reader) stated(name string, page []byte, frame cdp.FrameID) []byte {
	states := r.states[frame]
	if states == nil {
		return page
	}
	out, unsure := withState(page, states)
	if unsure > 0 {
		r.journal.Warn(evidence.FieldsUnsure.With(name, unsure, evidence.TextTXT))
	}
	return out
}

// mhtmlPart is the head of a frame's HTML in what Chrome writes.
var mhtmlPart = regexp.MustCompile(`(?i)Content-Type: (?:text/html|application/xhtml\+xml)\r\nContent-ID: <frame-([0-9A-F]+)@mhtml\.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\n(?:[^\r\n]+\r\n)*\r\n`)

// StatedMHTML writes the state of fields into the frames of an MHTML file. What cannot be read of it stays as it is.
func (r *Reader) StatedMHTML(data []byte) []byte {
	if r == nil {
		return data // it was never read
	}
	boundary := mhtmlBoundary.FindSubmatch(data)
	if len(r.states) == 0 || boundary == nil {
		return data
	}
	var edits []edit
	for _, m := range mhtmlPart.FindAllSubmatchIndex(data, -1) {
		frame, from := cdp.FrameID(data[m[2]:m[3]]), m[1]
		length := bytes.Index(data[from:], append([]byte("\r\n--"), boundary[1]...))
		if length < 0 || r.states[frame] == nil {
			continue
		}
		page, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(data[from : from+length])))
		if err != nil {
			r.journal.Warn(evidence.FieldsNotWritten.With(evidence.PageMHTML, err))
			continue
		}
		if out := r.stated(evidence.PageMHTML, page, frame); !bytes.Equal(out, page) {
			edits = append(edits, edit{span{from, from + length}, printable(out)})
		}
	}
	return edited(data, edits)
}

var mhtmlBoundary = regexp.MustCompile(`boundary="([^"\r\n]+)"`)

// printable is a part in quoted-printable.
func printable(page []byte) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write(page); err != nil || w.Close() != nil {
		panic(fmt.Sprintf("reading: a buffer that cannot be written: %v", err))
	}
	return b.String()
}
