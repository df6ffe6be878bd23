package chrome

import (
	"bytes"
	"image/png"

	"yuzheng/capture/qrcode"
	"yuzheng/casefile/evidence"
)

// codes looks for QR codes in the tiles of a picture, beside the work on the page. What they say is noted; nothing of it is opened.
type codes struct {
	tiles chan picture
	found chan []evidence.QRCode

	blanks blankness
	looked chan struct{} // closed when every tile has been looked at
}

// blankness tells where the whole picture shows nothing.
func (c *codes) blankness() *blankness {
	<-c.looked
	return &c.blanks
}

// picture is a part of the picture, from a row on.
type picture struct {
	png []byte
	row int
}

// readCodes begins to look. Each tile is added; then the codes are found.
func (j *job) readCodes() *codes {
	c := &codes{
		tiles: make(chan picture), found: make(chan []evidence.QRCode, 1), looked: make(chan struct{}),
		blanks: blankness{view: float64(j.page.Visitor.Height) * j.page.Visitor.Scale},
	}
	go func() {
		defer close(c.looked)
		finder := qrcode.NewFinder(j.options.Now)
		for t := range c.tiles {
			img, err := png.Decode(bytes.NewReader(t.png))
			if err == nil {
				c.blanks.add(img, t.row)
				err = finder.Add(img, t.row)
			}
			if err != nil {
				j.journal.Warn("QR codes: %v", err)
			}
		}
		c.found <- finder.Codes()
	}()
	return c
}

// foundCodes are the codes of the whole picture.
func (j *job) foundCodes() []evidence.QRCode {
	if j.codes == nil {
		return []evidence.QRCode{}
	}
	list := <-j.codes.found
	for _, c := range list {
		if c.Error == "" {
			j.journal.Note(evidence.ByTool, "qr", "read %q, and opened nothing", c.Text)
		}
	}
	return list
}
