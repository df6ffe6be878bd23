package workbench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	xdraw "golang.org/x/image/draw"

	"yuzheng/capture/qrcode"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
)

// What a picture that was given as a seal can lack. Each is a packet.ErrNotSeal.
var (
	ErrSealPicture = fmt.Errorf("the picture cannot be read: %w", packet.ErrNotSeal)
	ErrNoSealCode  = fmt.Errorf("no QR code can be read in the picture: %w", packet.ErrNotSeal)
	ErrOtherCode   = fmt.Errorf("the QR code in the picture is something else: %w", packet.ErrNotSeal)
	ErrManySeals   = fmt.Errorf("several seals in one picture: %w", packet.ErrNotSeal)
)

const (
	maxSealFile    = 64 << 20         // bytes of a picture
	MaxSealPixels  = 52_000_000       // of a picture: a telephone's 50 million, A4 at 600 dpi; half as many of 16 bits
	sealDecodeTime = 30 * time.Second // that a picture may take to be decoded: a hostile one is slow
)

// sealSides are the sizes at which codes are looked for, in pixels of the longer side: small first, where noise averages out.
var sealSides = []int{800, 1200, 2400, 4000}

// readSeal reads a seal that was kept elsewhere: the seal sheet as a picture or as it was saved, else the seal's text or a packet.
func readSeal(ctx context.Context, path string) ([]byte, error) {
	text, isPicture, err := sealInPicture(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", path, err)
	}
	if isPicture {
		return text, nil
	}
	return packet.ReadSeal(path)
}

// sealInPicture reads the seal out of a file that holds a picture.
func sealInPicture(ctx context.Context, path string) (text []byte, isPicture bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, sealDecodeTime)
	defer cancel()
	r, isPicture := picture(bufio.NewReader(io.LimitReader(while{ctx, f}, maxSealFile)))
	if !isPicture {
		return nil, false, ctx.Err()
	}
	img, err := decodePicture(r)
	if err != nil {
		return nil, true, err
	}
	text, err = sealIn(ctx, img)
	return text, true, err
}

// while reads until its context ends: decoders cannot be stopped but by what they read.
type while struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (w while) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

const (
	pngHead  = "\x89PNG\r\n\x1a\n"
	jpegHead = "\xff\xd8\xff"
	htmlHead = "<!doctype html>"
	htmlPNG  = "data:image/png;base64,"
)

// picture gives the picture that a file is, or that a saved seal sheet has in it.
func picture(r *bufio.Reader) (io.Reader, bool) {
	head, _ := r.Peek(len(htmlHead))
	switch {
	case bytes.HasPrefix(head, []byte(pngHead)), bytes.HasPrefix(head, []byte(jpegHead)):
		return r, true
	case !strings.EqualFold(string(head), htmlHead):
		return nil, false
	}
	page, _ := io.ReadAll(r)
	_, after, _ := bytes.Cut(page, []byte(htmlPNG))
	data, _, _ := bytes.Cut(after, []byte{'"'})
	return base64.NewDecoder(base64.StdEncoding, bytes.NewReader(data)), true
}

// decodePicture reads a PNG or JPEG. What it claims to measure is held against the bound before memory is taken for it.
func decodePicture(r io.Reader) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrSealPicture, p)
		}
	}()
	var head bytes.Buffer
	measure, decode := png.DecodeConfig, png.Decode
	first := bufio.NewReader(r)
	if b, _ := first.Peek(len(jpegHead)); string(b) == jpegHead {
		measure, decode = jpeg.DecodeConfig, jpeg.Decode
	}
	c, err := measure(io.TeeReader(first, &head))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealPicture, err)
	}
	if most := MaxSealPixels / weight(c.ColorModel); c.Width < 1 || c.Height < 1 || c.Width > most/c.Height {
		return nil, fmt.Errorf("%w: %d by %d pixels", ErrSealPicture, c.Width, c.Height)
	}
	if img, err = decode(io.MultiReader(&head, first)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealPicture, err)
	}
	return img, nil
}

// weight is how many times the memory of 8 bits a channel a pixel takes.
func weight(m color.Model) int {
	if m == color.NRGBA64Model || m == color.RGBA64Model || m == color.Gray16Model {
		return 2
	}
	return 1
}

// sealIn finds the one seal of a picture.
func sealIn(ctx context.Context, img image.Image) ([]byte, error) {
	other := false
	for _, side := range sealSides {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		small := within(img, side)
		finder := qrcode.NewFinder(patient())
		_ = finder.Add(small, 0) // what was passed over may be found at another size
		codes := finder.Codes()
		var seals []string
		for _, c := range codes {
			isSeal := strings.HasPrefix(c.Text, custody.Origin(""))
			other = other || c.Error == "" && !isSeal
			if isSeal && !slices.Contains(seals, c.Text) {
				seals = append(seals, c.Text)
			}
		}
		switch {
		case len(seals) > 1:
			return nil, ErrManySeals
		case len(seals) == 1:
			return []byte(seals[0]), nil
		case small == img:
			return nil, lacking(other)
		}
	}
	return nil, lacking(other)
}

// patient is a clock by which a finder may take five times as long as for a page: somebody waits for this one picture, on a busy machine perhaps.
func patient() func() time.Time {
	begin := time.Now()
	return func() time.Time { return begin.Add(time.Since(begin) / 5) }
}

func lacking(other bool) error {
	if other {
		return ErrOtherCode
	}
	return ErrNoSealCode
}

// within is the picture on white, no longer than side; the picture itself where it is not.
func within(img image.Image, side int) image.Image {
	b := img.Bounds()
	longer := max(b.Dx(), b.Dy())
	if longer <= side {
		return img
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*side/longer), max(1, b.Dy()*side/longer)))
	draw.Draw(small, small.Rect, image.White, image.Point{}, draw.Src)
	xdraw.BiLinear.Scale(small, small.Rect, img, b, draw.Over, nil)
	return small
}
