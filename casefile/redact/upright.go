package redact

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// turned is how the rows of a picture are stored, as its camera says (Exif 2.32, 4.6.4, Orientation): 1 is upright.
type turned int

// across reports whether rows are stored as columns.
func (t turned) across() bool { return t >= 5 }

// stored gives where a pixel of the upright picture is stored, in a picture of w columns and h rows.
func (t turned) stored(x, y, w, h int) (int, int) {
	switch t {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

// size gives columns and rows of the upright picture.
func (t turned) size(w, h int) (int, int) {
	if t.across() {
		return h, w
	}
	return w, h
}

// upright draws a picture as people see it. One row at a time is read, so that no second picture lies in memory.
func (t turned) upright(from image.Image) *image.NRGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if t == 1 {
		drawn := image.NewNRGBA(image.Rect(0, 0, w, h))
		draw.Draw(drawn, drawn.Rect, from, b.Min, draw.Src)
		return drawn
	}
	width, height := t.size(w, h)
	drawn, row := image.NewNRGBA(image.Rect(0, 0, width, height)), image.NewNRGBA(image.Rect(0, 0, w, 1))
	for y := range h {
		draw.Draw(row, row.Rect, from, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		for x := range w {
			toX, toY := t.back().stored(x, y, width, height)
			copy(drawn.Pix[drawn.PixOffset(toX, toY):][:4], row.Pix[4*x:4*x+4])
		}
	}
	return drawn
}

// back is the turn that undoes a turn: a quarter undoes the other quarter, and each of the rest itself.
func (t turned) back() turned {
	switch t {
	case 6:
		return 8
	case 8:
		return 6
	}
	return t
}

// turn reads how a picture is turned, in whatever its form keeps that: JPEG in APP1, PNG in eXIf, WebP in EXIF, TIFF in itself. What cannot be read
// is upright, as browsers have it (HTML, CSS Images 3, image-orientation); false where two say two things, or one says what no viewer reads alike.
func turn(data []byte) (turned, bool) {
	seen := turned(0)
	for _, block := range exif(data) {
		t, ok := orientation(block)
		if !ok || seen != 0 && seen != t {
			return 1, false
		}
		seen = t
	}
	return max(seen, 1), true
}

// exif gives the blocks of Exif in a picture, each from its byte order on.
func exif(data []byte) (list [][]byte) {
	add := func(block []byte) { list = append(list, bytes.TrimPrefix(block, []byte("Exif\x00\x00"))) }
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8}):
		segments(data, func(mark byte, body []byte) {
			if mark == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00")) && len(body) > 6 {
				list = append(list, body[6:]) // its sixth byte is a filling one
			}
		})
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		for at := 8; at+12 <= len(data); {
			size := int(binary.BigEndian.Uint32(data[at:]))
			if size > len(data)-at-12 {
				break
			}
			switch string(data[at+4 : at+8]) {
			case "eXIf":
				add(data[at+8 : at+8+size])
			case "IEND":
				return list
			}
			at += 12 + size
		}
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		for at := 12; at+8 <= len(data); {
			size := int(binary.LittleEndian.Uint32(data[at+4:]))
			if size > len(data)-at-8 {
				break
			}
			if string(data[at:at+4]) == "EXIF" {
				add(data[at+8 : at+8+size])
			}
			at += 8 + size + size%2
		}
	default:
		list = append(list, data)
	}
	return list
}

// segments tells those of a JPEG before its pixels (ITU-T T.81, B.1.1).
func segments(data []byte, told func(mark byte, body []byte)) {
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff || data[at+1] == 0xff || data[at+1] == 0 {
			at++ // filling bytes, and what decoders pass over
			continue
		}
		mark := data[at+1]
		if mark == 0xda || mark == 0xd9 {
			return
		}
		if at += 2; mark == 0x01 || mark >= 0xd0 && mark <= 0xd8 { // they have no body
			continue
		}
		size := int(binary.BigEndian.Uint16(data[at:]))
		if size < 2 || size > len(data)-at {
			return
		}
		told(mark, data[at+2:at+size])
		at += size
	}
}

// The tag, and the two types of which a number of 1 to 8 may be (TIFF 6.0, section 2).
const (
	tagOrientation = 0x0112
	typeShort      = 3
	typeLong       = 4
)

// orientation reads the first directory of a block; 1 where nothing is said, false where it is said in a way that is not read alike.
func orientation(block []byte) (turned, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(block, []byte("II*\x00")):
		return 1, true
	}
	if len(block) < 8 {
		return 1, true
	}
	at := int64(order.Uint32(block[4:]))
	if at+2 > int64(len(block)) {
		return 1, true
	}
	entries := block[at+2:]
	for range order.Uint16(block[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == tagOrientation {
			return oriented(order, entries[:12])
		}
		entries = entries[12:]
	}
	return 1, true
}

func oriented(order binary.ByteOrder, entry []byte) (turned, bool) {
	value, known := uint32(order.Uint16(entry[8:])), true
	switch order.Uint16(entry[2:]) {
	case typeShort:
	case typeLong:
		value = order.Uint32(entry[8:])
		known = value <= 1 // browsers read a short number alone, others both
	default:
		return 1, false
	}
	if order.Uint32(entry[4:]) != 1 {
		return 1, false
	}
	if value < 1 || value > 8 {
		return 1, known
	}
	return turned(value), known
}
