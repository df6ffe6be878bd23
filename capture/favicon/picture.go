package favicon

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

const (
	maxSide    = 4096    // pixels
	maxArea    = 4 << 20 // pixels
	maxEntries = 64      // pictures of an ICO that are looked at
)

var (
	errNoPicture = errors.New("picture: of no kind that can be read")
	errCut       = errors.New("picture: cut short")
	errNoEntry   = errors.New("picture: an ICO without a picture")
)

// kind is a format with its first bytes; "?" stands for any.
type kind struct {
	name, magic string
	config      func(io.Reader) (image.Config, error)
	decode      func(io.Reader) (image.Image, error)
}

// kinds are named here and not left to package image, whose list is everybody's.
var kinds = []kind{
	{"png", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"jpeg", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode},
	{"gif", "GIF8?a", gif.DecodeConfig, gif.Decode},
	{"webp", "RIFF????WEBPVP8", webp.DecodeConfig, webp.Decode},
	{"bmp", "BM", bmp.DecodeConfig, bmp.Decode},
}

// decode reads a picture whose size it looked at before. The name of the format is given with an error, too.
func decode(body []byte) (image.Image, string, error) {
	if bytes.HasPrefix(body, []byte("\x00\x00\x01\x00")) {
		inner, err := largest(body)
		if err != nil {
			return nil, "ico", err
		}
		img, _, err := decode(inner)
		return img, "ico", err
	}
	i := slices.IndexFunc(kinds, func(k kind) bool { return matches(body, k.magic) })
	if i < 0 {
		return nil, "", errNoPicture
	}
	k := kinds[i]
	size, err := k.config(bytes.NewReader(body))
	if err != nil {
		return nil, k.name, fmt.Errorf("picture: %w", err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxSide || size.Height > maxSide || size.Width*size.Height > maxArea {
		return nil, k.name, fmt.Errorf("picture: %d by %d pixels", size.Width, size.Height)
	}
	img, err := k.decode(bytes.NewReader(body))
	if err != nil {
		return nil, k.name, fmt.Errorf("picture: %w", err)
	}
	return img, k.name, nil
}

func matches(body []byte, magic string) bool {
	if len(body) < len(magic) {
		return false
	}
	for i := range magic {
		if magic[i] != '?' && magic[i] != body[i] {
			return false
		}
	}
	return true
}

// entry is a line of an ICO's directory.
type entry struct {
	width, height, bits int
	data                []byte
}

// largest gives the largest picture of an ICO as a file of its own: a PNG as it stands there, a bitmap with the head that it lacks. What
// is transparent in a bitmap counts by the colour that stands there.
func largest(ico []byte) ([]byte, error) {
	if len(ico) < 6 {
		return nil, errCut
	}
	var list []entry
	for i := range min(int(binary.LittleEndian.Uint16(ico[4:])), maxEntries) {
		if len(ico) < 6+16*(i+1) {
			return nil, errCut
		}
		line := ico[6+16*i:]
		size, offset := uint64(binary.LittleEndian.Uint32(line[8:])), uint64(binary.LittleEndian.Uint32(line[12:]))
		if offset+size > uint64(len(ico)) || size < 8 {
			continue
		}
		side := func(b byte) int { return (int(b)+255)%256 + 1 } // 0 is 256
		list = append(list, entry{side(line[0]), side(line[1]), int(binary.LittleEndian.Uint16(line[6:])), ico[offset : offset+size]})
	}
	if len(list) == 0 {
		return nil, errNoEntry
	}
	best := slices.MaxFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.width*a.height, b.width*b.height), cmp.Compare(a.bits, b.bits))
	})
	if matches(best.data, kinds[0].magic) {
		return best.data, nil
	}
	return withHead(best.data)
}

// withHead makes a bitmap (BITMAPINFOHEADER, colours, pixels, mask; the height counts pixels and mask) a file of its own.
func withHead(dib []byte) ([]byte, error) {
	if len(dib) < 40 {
		return nil, errCut
	}
	out := append(make([]byte, 14), dib...)
	info, height := binary.LittleEndian.Uint32(dib), int32(binary.LittleEndian.Uint32(dib[8:]))
	bits, colours := binary.LittleEndian.Uint16(dib[14:]), binary.LittleEndian.Uint32(dib[32:])
	if bits <= 8 && colours == 0 {
		colours = 1 << bits
	}
	if bits > 8 {
		colours = 0
	}
	copy(out, "BM")
	binary.LittleEndian.PutUint32(out[2:], uint32(len(out)))
	binary.LittleEndian.PutUint32(out[10:], 14+info+4*colours)
	binary.LittleEndian.PutUint32(out[14+8:], uint32(height/2))
	return out, nil
}
