// Package favicon tells the icon of a site by numbers that others know it by, and finds where a page says its icon is.
//
// Sites that are made from one kit carry the same icon. Bytes that are equal are told by SHA-256 and by the number that Shodan and its
// like search by; a picture that was drawn anew, scaled or encoded again is told by two hashes of what is seen.
package favicon

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"yuzheng/casefile/evidence"

	"github.com/corona10/goimagehash"
	"github.com/twmb/murmur3"
)

// Of gives the numbers of an icon as it was received.
func Of(body []byte) evidence.IconHashes {
	sum := sha256.Sum256(body)
	h := evidence.IconHashes{SHA256: hex.EncodeToString(sum[:]), MMH3: mmh3(body)}
	if err := look(&h, body); err != nil {
		h.Error = err.Error()
	}
	return h
}

// mmh3 hashes base64 in lines of 76 characters, each with its end (RFC 2045, 6.8), as Python's base64.encodebytes writes it.
func mmh3(body []byte) int32 {
	const inLine = 57 // bytes
	sum := murmur3.New32()
	for len(body) > 0 {
		n := min(len(body), inLine)
		_, _ = sum.Write(append(base64.StdEncoding.AppendEncode(nil, body[:n]), '\n')) // a hash takes everything
		body = body[n:]
	}
	return int32(sum.Sum32())
}

// look hashes what is seen. The decoders' panics are errors.
func look(h *evidence.IconHashes, body []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			h.DHash, h.PHash = "", ""
			err = fmt.Errorf("picture: panic: %v", r)
		}
	}()
	img, format, err := decode(body)
	h.Format = format
	if err != nil {
		return err
	}
	h.Width, h.Height = img.Bounds().Dx(), img.Bounds().Dy()
	seen := overGrey(img)
	if single(seen) {
		return nil
	}
	d, err := goimagehash.DifferenceHash(seen)
	if err != nil {
		return err
	}
	p, err := goimagehash.PerceptionHash(seen)
	if err != nil {
		return err
	}
	h.DHash, h.PHash = fmt.Sprintf("%016x", d.GetHash()), fmt.Sprintf("%016x", p.GetHash())
	return nil
}

func overGrey(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	return out
}

// single says whether all pixels are of one colour.
func single(img *image.RGBA) bool {
	for i := 4; i < len(img.Pix); i += 4 {
		if [4]byte(img.Pix[i:i+4]) != [4]byte(img.Pix[:4]) {
			return false
		}
	}
	return true
}
