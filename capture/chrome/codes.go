package chrome

import (
	"bytes"
	"image/png"

	"yuzheng/capture/qrcode"
)

// codes looks for QR codes in a tile of the picture that begins in row y. What they say is noted; nothing of it is opened.
func (j *job) codes(tile []byte, y int) {
	if j.finder == nil {
		j.finder = qrcode.NewFinder(j.options.Now)
	}
	img, err := png.Decode(bytes.NewReader(tile))
	if err == nil {
		err = j.finder.Add(img, y)
	}
	if err != nil {
		j.journal.warn("QR codes: %v", err)
	}
}

// foundCodes are the codes of the whole picture.
func (j *job) foundCodes() []qrcode.Code {
	if j.finder == nil {
		return []qrcode.Code{}
	}
	list := j.finder.Codes()
	for _, c := range list {
		if c.Error == "" {
			j.journal.note(byTool, "qr", "read %q, and opened nothing", c.Text)
		}
	}
	return list
}
