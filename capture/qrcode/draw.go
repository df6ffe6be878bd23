package qrcode

import (
	"fmt"
	"image"
	"image/color"

	"github.com/makiuchi-d/gozxing"
	writer "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Draw gives the code of a text with its white border of four modules, at so many pixels a module. Three tenths of it may be lost (level H): it is for
// paper that is folded, stamped on and photographed.
func Draw(text string, module int) (*image.Gray, error) {
	hints := map[gozxing.EncodeHintType]any{
		gozxing.EncodeHintType_ERROR_CORRECTION: decoder.ErrorCorrectionLevel_H, gozxing.EncodeHintType_CHARACTER_SET: "UTF-8",
	}
	bits, err := writer.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, hints)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	img := image.NewGray(image.Rect(0, 0, bits.GetWidth()*module, bits.GetHeight()*module))
	for y := range img.Rect.Max.Y {
		for x := range img.Rect.Max.X {
			if !bits.Get(x/module, y/module) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return img, nil
}
