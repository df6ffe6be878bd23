package qrcode_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"testing"

	qr "github.com/skip2/go-qrcode"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// code draws a code at module pixels a module, with its white border of four modules.
func code(t testing.TB, text string, level qr.RecoveryLevel, module int) *image.RGBA {
	t.Helper()
	q, err := qr.New(text, level)
	if err != nil {
		t.Fatal(err)
	}
	img := q.Image(-module)
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Src)
	return out
}

// page is a white page with pictures on it.
func page(width, height int, background color.Color) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(p, p.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return p
}

func put(p *image.RGBA, img image.Image, x, y int) {
	draw.Draw(p, img.Bounds().Sub(img.Bounds().Min).Add(image.Pt(x, y)), img, img.Bounds().Min, draw.Over)
}

func colours(img *image.RGBA, dark, light color.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := light
			if img.RGBAAt(x, y).R < 128 {
				c = dark
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

func scaled(img *image.RGBA, width int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, width, width))
	xdraw.BiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// moved draws a picture through an affine map around its middle, on white.
func moved(img *image.RGBA, a, b, c, d float64) *image.RGBA {
	n := 3 * img.Bounds().Dx() / 2
	out := page(n, n, color.White)
	half, middle := float64(img.Bounds().Dx())/2, float64(n)/2
	xdraw.BiLinear.Transform(out, f64.Aff3{a, b, middle - a*half - b*half, c, d, middle - c*half - d*half}, img, img.Bounds(), draw.Over, nil)
	return out
}

func turned(img *image.RGBA, degrees float64) *image.RGBA {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return moved(img, cos, -sin, sin, cos)
}

func mirrored(img *image.RGBA) *image.RGBA { return moved(img, -1, 0, 0, 1) }

func lossy(t testing.TB, img image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// covered puts a white square with a green one in it over the middle, a share of the side wide, as LINE does.
func covered(img *image.RGBA, share float64) *image.RGBA {
	out := page(img.Bounds().Dx(), img.Bounds().Dy(), color.White)
	put(out, img, 0, 0)
	n := int(share * float64(img.Bounds().Dx()))
	at := (img.Bounds().Dx() - n) / 2
	draw.Draw(out, image.Rect(at, at, at+n, at+n), image.White, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(at+n/8, at+n/8, at+n-n/8, at+n-n/8), image.NewUniform(color.RGBA{6, 199, 85, 255}), image.Point{}, draw.Src)
	return out
}

// dotted draws each module as a disc, but the marks.
func dotted(t testing.TB, text string, level qr.RecoveryLevel, module int) *image.RGBA {
	t.Helper()
	q, err := qr.New(text, level)
	if err != nil {
		t.Fatal(err)
	}
	bits := q.Bitmap()
	out := page(len(bits)*module, len(bits)*module, color.White)
	for y, row := range bits {
		for x, black := range row {
			if !black {
				continue
			}
			n, inner := len(bits), func(v int) bool { return v < 11 || v >= len(bits)-11 }
			square := inner(x) && inner(y) && !(x >= n-11 && y >= n-11)
			for i := range module {
				for j := range module {
					dx, dy := float64(i)-float64(module-1)/2, float64(j)-float64(module-1)/2
					if square || math.Hypot(dx, dy) <= 0.45*float64(module) {
						out.Set(x*module+i, y*module+j, color.Black)
					}
				}
			}
		}
	}
	return out
}
