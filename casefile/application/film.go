package application

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
)

// film cuts slices out of pictures. It holds one decoded picture at a time: slices are asked for in order.
type film struct {
	id    string
	image image.Image
}

type subImager interface {
	image.Image
	SubImage(r image.Rectangle) image.Image
}

func (f *film) slice(l leaf) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		whole, err := f.load(l.exhibit)
		if err != nil {
			return nil, fmt.Errorf("picture of %s: %w", l.exhibit.ID, err)
		}
		part := whole.SubImage(l.part.Add(whole.Bounds().Min))
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		if err := enc.Encode(&b, part); err != nil {
			return nil, fmt.Errorf("picture of %s: %w", l.exhibit.ID, err)
		}
		return io.NopCloser(&b), nil
	}
}

func (f *film) load(e Exhibit) (subImager, error) {
	if f.id != e.ID {
		f.id, f.image = "", nil
		r, err := e.Picture()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		if f.image, err = png.Decode(r); err != nil {
			return nil, err
		}
		f.id = e.ID
	}
	whole, ok := f.image.(subImager)
	if !ok {
		return nil, errors.New("it cannot be cut")
	}
	return whole, nil
}
