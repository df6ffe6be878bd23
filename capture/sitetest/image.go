package sitetest

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
)

// picture draws a coloured field with noise: about 100 kB as PNG, the same for the same seed in every run.
func picture(seed string) *image.NRGBA {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed))
	sum := h.Sum64()
	chance := rand.New(rand.NewPCG(sum, 1))
	img := image.NewNRGBA(image.Rect(0, 0, 320, 240))
	ground := color.NRGBA{uint8(sum), uint8(sum >> 8), uint8(sum >> 16), 255}
	for y := range 240 {
		for x := range 320 {
			noise := chance.Uint32()
			img.SetNRGBA(x, y, color.NRGBA{
				ground.R + uint8(x/4) + uint8(noise&15), ground.G + uint8(y/4) + uint8(noise>>4&15), ground.B + uint8(noise>>8&15), 255,
			})
		}
	}
	return img
}

func pngBody(seed string) []byte {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	must(encoder.Encode(&b, picture(seed)))
	return b.Bytes()
}

func jpegBody(seed string) []byte {
	var b bytes.Buffer
	must(jpeg.Encode(&b, picture(seed), &jpeg.Options{Quality: 85}))
	return b.Bytes()
}

func gifBody() []byte {
	colours := color.Palette{color.White, color.NRGBA{200, 0, 0, 255}}
	frame := func(from int) *image.Paletted {
		p := image.NewPaletted(image.Rect(0, 0, 64, 64), colours)
		for i := range p.Pix {
			p.Pix[i] = uint8((i/8 + from) % 2)
		}
		return p
	}
	var b bytes.Buffer
	must(gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(0), frame(1)}, Delay: []int{50, 50}}))
	return b.Bytes()
}

// must holds what cannot fail: encoding into memory.
func must(err error) {
	if err != nil {
		panic("sitetest: " + err.Error())
	}
}
