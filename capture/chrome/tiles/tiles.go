// Package tiles joins PNG pictures of equal width, one below the other, into one PNG without ever holding the pixels of the whole.
//
// Rows are taken over as they are filtered (PNG, third edition, 9): only the first row of each tile refers to nothing above it and
// is made to say so. So no pixel is decoded and encoded again, and none can change.
package tiles

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// ErrFormat is wrapped by errors about a tile that is not a picture this package joins: 8 bits, grey, RGB or with alpha, not interlaced.
var ErrFormat = errors.New("not a PNG tile")

const signature = "\x89PNG\r\n\x1a\n"

// maxChunk is the size of the compressed parts that are written.
const maxChunk = 64 << 10

// Filter types of PNG.
const (
	filterNone    = 0
	filterSub     = 1
	filterUp      = 2
	filterAverage = 3
	filterPaeth   = 4
)

// Header is what the tiles have in common, and the height of one.
type Header struct {
	Width, Height int
	Colour        byte // PNG colour type: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA
}

// bytesPerPixel at 8 bits a channel; 0 where the colour type cannot be joined.
func (h Header) bytesPerPixel() int { return map[byte]int{0: 1, 2: 3, 4: 2, 6: 4}[h.Colour] }

// Join writes one picture. Add its tiles from top to bottom, then Close.
type Join struct {
	out   io.Writer
	head  Header
	total int
	rows  int
	chunk *chunkWriter
	zip   *zlib.Writer
}

// NewJoin begins a picture of total rows as wide and coloured as the tiles will be.
func NewJoin(out io.Writer, first Header, total int) (*Join, error) {
	if first.bytesPerPixel() == 0 || first.Width <= 0 || total <= 0 {
		return nil, fmt.Errorf("%w: %d by %d pixels, colour type %d", ErrFormat, first.Width, total, first.Colour)
	}
	j := &Join{out: out, head: first, total: total}
	if _, err := io.WriteString(out, signature); err != nil {
		return nil, err
	}
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(first.Width))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(total))
	ihdr = append(ihdr, 8, first.Colour, 0, 0, 0)
	if err := writeChunk(out, "IHDR", ihdr); err != nil {
		return nil, err
	}
	j.chunk = &chunkWriter{out: out}
	j.zip, _ = zlib.NewWriterLevel(j.chunk, zlib.BestSpeed) // the level is a valid one
	return j, nil
}

// Add takes a tile over for the next height rows: a row too many is left out, one too few is the last one again
// (a page may be a fraction of a pixel high). It reports whether all those rows look the same, as those of a blank tile do.
func (j *Join) Add(tile []byte, height int) (uniform bool, err error) {
	head, data, err := parse(tile)
	if err != nil {
		return false, err
	}
	if head.Width != j.head.Width || head.Colour != j.head.Colour {
		return false, fmt.Errorf("%w: %d wide, colour type %d, among tiles %d wide, colour type %d", ErrFormat, head.Width, head.Colour, j.head.Width, j.head.Colour)
	}
	rows, err := zlib.NewReader(io.MultiReader(data...))
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return j.copyRows(rows, head.Height, height)
}

func (j *Join) copyRows(rows io.Reader, have, want int) (uniform bool, err error) {
	uniform = true
	bpp := j.head.bytesPerPixel()
	row := make([]byte, 1+j.head.Width*bpp)
	for i := range min(have, want) {
		if _, err := io.ReadFull(rows, row); err != nil {
			return false, fmt.Errorf("%w: row %d: %w", ErrFormat, i, err)
		}
		if i == 0 {
			uniform = alone(row, bpp) == nil && plain(row, bpp)
			if row[0] > filterPaeth {
				return false, fmt.Errorf("%w: filter type %d", ErrFormat, row[0])
			}
		} else if uniform {
			uniform = sameAsAbove(row, bpp)
		}
		if err := j.row(row); err != nil {
			return false, err
		}
	}
	for range want - have {
		clear(row)
		row[0] = filterUp
		if err := j.row(row); err != nil {
			return false, err
		}
	}
	return uniform, nil
}

// Blank adds rows without a picture, in place of a tile that could not be had.
func (j *Join) Blank(height int) error {
	row := make([]byte, 1+j.head.Width*j.head.bytesPerPixel())
	for range height {
		if err := j.row(row); err != nil {
			return err
		}
	}
	return nil
}

func (j *Join) row(row []byte) error {
	if j.rows++; j.rows > j.total {
		return fmt.Errorf("%w: more than %d rows", ErrFormat, j.total)
	}
	_, err := j.zip.Write(row)
	return err
}

// Close ends the picture. The writer stays open.
func (j *Join) Close() error {
	if j.rows < j.total {
		return fmt.Errorf("%w: %d of %d rows", ErrFormat, j.rows, j.total)
	}
	if err := j.zip.Close(); err != nil {
		return err
	}
	if err := j.chunk.flush(); err != nil {
		return err
	}
	return writeChunk(j.out, "IEND", nil)
}

// alone makes the first row of a tile independent of the row above it, which for the tile was all zero and now is not.
func alone(row []byte, bpp int) error {
	switch row[0] {
	case filterUp:
		row[0] = filterNone
	case filterPaeth: // with nothing above, the predictor is the pixel to the left
		row[0] = filterSub
	case filterAverage:
		for i := 1 + bpp; i < len(row); i++ {
			row[i] += row[i-bpp] / 2
		}
		row[0] = filterNone
	}
	return nil
}

// plain reports whether a first row, made independent, is of one colour.
func plain(row []byte, bpp int) bool {
	for i := 1 + bpp; i < len(row); i++ {
		left := byte(0)
		if row[0] == filterNone {
			left = row[1+(i-1)%bpp]
		}
		if row[i] != left {
			return false
		}
	}
	return true
}

// sameAsAbove reports whether a later row repeats a row of one colour. Up, and with it Paeth and Sub of equal pixels, then hold zeros
// but for the first pixel; anything else counts as a picture, which at worst leaves a blank tile unnoticed.
func sameAsAbove(row []byte, bpp int) bool {
	switch row[0] {
	case filterNone:
		return plain(row, bpp)
	case filterSub, filterUp, filterPaeth:
		return bytes.Count(row[1+bpp:], []byte{0}) == len(row)-1-bpp
	}
	return false
}

// Size reads the header of a tile.
func Size(tile []byte) (Header, error) {
	h, _, err := parse(tile)
	return h, err
}

// Part gives some rows of a tile as a tile of its own, and its header. Its pixels are those of the tile.
func Part(tile []byte, skip, rows int) ([]byte, Header, error) {
	img, err := png.Decode(bytes.NewReader(tile))
	if err != nil {
		return nil, Header{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	cut, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	})
	box := img.Bounds()
	if !ok || skip < 0 || rows <= 0 || skip >= box.Dy() {
		return nil, Header{}, fmt.Errorf("%w: %d rows from %d of %d", ErrFormat, rows, skip, box.Dy())
	}
	box.Min.Y, box.Max.Y = box.Min.Y+skip, min(box.Max.Y, box.Min.Y+skip+rows)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, cut.SubImage(box)); err != nil {
		return nil, Header{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	head, err := Size(out.Bytes())
	return out.Bytes(), head, err
}

// parse gives the header and the compressed parts of a PNG.
func parse(tile []byte) (Header, []io.Reader, error) {
	var head Header
	rest, ok := bytes.CutPrefix(tile, []byte(signature))
	if !ok {
		return head, nil, fmt.Errorf("%w: no signature", ErrFormat)
	}
	var data []io.Reader
	for len(rest) >= 12 {
		size := uint64(binary.BigEndian.Uint32(rest))
		if uint64(len(rest)) < 12+size {
			break
		}
		kind, body := string(rest[4:8]), rest[8:8+size]
		if crc32.ChecksumIEEE(rest[4:8+size]) != binary.BigEndian.Uint32(rest[8+size:]) {
			return head, nil, fmt.Errorf("%w: checksum of %s", ErrFormat, kind)
		}
		rest = rest[12+size:]
		switch kind {
		case "IHDR":
			if len(body) != 13 || body[8] != 8 || body[12] != 0 {
				return head, nil, fmt.Errorf("%w: depth or interlace", ErrFormat)
			}
			head = Header{int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:])), body[9]}
		case "IDAT":
			data = append(data, bytes.NewReader(body))
		case "IEND":
			if head.bytesPerPixel() == 0 || head.Width <= 0 || head.Height <= 0 || len(data) == 0 {
				return head, nil, fmt.Errorf("%w: %+v", ErrFormat, head)
			}
			return head, data, nil
		}
	}
	return head, nil, fmt.Errorf("%w: cut short", ErrFormat)
}

// chunkWriter gathers compressed bytes into IDAT chunks.
type chunkWriter struct {
	out io.Writer
	buf []byte
}

// Write implements io.Writer.
func (c *chunkWriter) Write(p []byte) (int, error) {
	c.buf = append(c.buf, p...)
	for len(c.buf) >= maxChunk {
		if err := writeChunk(c.out, "IDAT", c.buf[:maxChunk]); err != nil {
			return 0, err
		}
		c.buf = append(c.buf[:0], c.buf[maxChunk:]...)
	}
	return len(p), nil
}

func (c *chunkWriter) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	return writeChunk(c.out, "IDAT", c.buf)
}

func writeChunk(out io.Writer, kind string, body []byte) error {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 12+len(body)), uint32(len(body)))
	b = append(append(b, kind...), body...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	_, err := out.Write(b)
	return err
}
