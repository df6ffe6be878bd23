package picture

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
func (c *Camera) readCodes() *codes {
	k := &codes{
		tiles: make(chan picture), found: make(chan []evidence.QRCode, 1), looked: make(chan struct{}),
		blanks: blankness{view: float64(c.page.Visitor.Height) * c.page.Visitor.Scale},
	}
	go func() {
		defer close(k.looked)
		finder := qrcode.NewFinder(c.now)
		for t := range k.tiles {
			img, err := png.Decode(bytes.NewReader(t.png))
			if err == nil {
				k.blanks.add(img, t.row)
				err = finder.Add(img, t.row)
			}
			if err != nil {
				c.journal.Warn(evidence.QRCodes.With(err))
			}
		}
		k.found <- finder.Codes()
	}()
	return k
}

// FoundCodes are the codes of the whole picture.
func (c *Camera) FoundCodes() []evidence.QRCode {
	if c.codes == nil {
		return []evidence.QRCode{}
	}
	list := <-c.codes.found
	for _, q := range list {
		if q.Error == "" {
			c.journal.Note(evidence.ByTool, "qr", "read %q, and opened nothing", q.Text)
		}
	}
	return list
}
