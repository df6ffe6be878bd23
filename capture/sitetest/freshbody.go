package sitetest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"sync"
	"unicode/utf16"
)

// seeded are n bytes of chance, the same for the same seed.
func seeded(seed string, n int) []byte {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed))
	chance := rand.New(rand.NewPCG(h.Sum64(), 2))
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, chance.Uint64())
	}
	return b[:n]
}

// chip is a small picture, another for every seed.
func chip(seed string) []byte {
	const side = 12
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	copy(img.Pix, seeded(seed, len(img.Pix)))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	img.SetNRGBA(0, 0, color.NRGBA{255, 255, 255, 255})
	var b bytes.Buffer
	must(png.Encode(&b, img))
	return b.Bytes()
}

// vendors is the script of three megabytes that frameworks are bundled into.
var vendors = sync.OnceValue(func() []byte {
	var b strings.Builder
	b.WriteString("(window.webpackJsonp = window.webpackJsonp || []).push([[\"chunk-vendors\"], {\n")
	for i := 0; b.Len() < 3<<20; i++ {
		fmt.Fprintf(&b, "%d: function (e) { e.exports = \"%x\"; }, // 模組\n", i, seeded(fmt.Sprint("module", i), 48))
	}
	b.WriteString("}]);\n")
	return []byte(b.String())
})

// addModule is a WebAssembly module that exports add(i32, i32) -> i32.
var addModule = []byte("\x00asm\x01\x00\x00\x00" +
	"\x01\x07\x01\x60\x02\x7f\x7f\x01\x7f" + // type 0
	"\x03\x02\x01\x00" + // function 0 is of type 0
	"\x07\x07\x01\x03add\x00\x00" + // export
	"\x0a\x09\x01\x07\x00\x20\x00\x20\x01\x6a\x0b") // code

// Texts that are not what their readers take them for.
func cutText() []byte {
	return []byte("老師說穩賺不賠 \U0001F600"[:len("老師說穩賺不賠 ")+3])
} // the last character lacks a byte

func nulText() []byte {
	return []byte("2026/11/24\x00 入金 \xff\xfe\xc0\xaf 出金\x00\x1a\r\nend\xe4\xbd\n")
}
func bomText() []byte  { return []byte("\xef\xbb\xbf公告：系統維護\r\n") }
func big5Text() []byte { return big5("許功蓋投資公告：入金後三日出金。\r\n") }
func utf16Text() []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("名單 \U0001F4B0 結束")) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
