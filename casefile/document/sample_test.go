package document

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"sync"
)

// hostile is what a page may call itself.
const hostile = "<script>alert(1)</script>\"'&{{.}}\x00\x1b[31m\u202eevil\u200b]]>\uFFFE|\nrow: x | y\r\n=cmd()\xff--><!--"

// sample has every kind of block, with text in it.
func sample(text string) Document {
	return Document{
		Title: text, Mark: "密件 " + text, Footer: "案號｜" + text + "｜第" + PageNumber + "頁",
		Blocks: []Block{
			Heading{Text: "臺灣測試地方檢察署檢察官聲請書"},
			Paragraph{Text: "115年度偵字第12345號　平股", Align: alignRight},
			Paragraph{Hang: "應受扣押裁定之人", Text: "不詳 " + text},
			Heading{Level: 1, Numbered: true, Text: "案由"},
			Paragraph{Level: 2, Text: "第一段　" + text},
			Paragraph{Level: 2, Text: "第二段文字很長，用以觀察縮排與換行之情形，用以觀察縮排與換行之情形，用以觀察縮排與換行之情形。"},
			Paragraph{Level: 3, Text: "第三層"},
			Paragraph{Level: 4, Text: "第四層"},
			Paragraph{Level: 1, Text: "第二項"},
			Paragraph{Indent: 2, Text: "縮排"},
			Paragraph{Align: alignCenter, Text: "置中"},
			Table{Caption: "附表", Columns: []Column{{"編號", 1, false}, {"網域名稱", 3, false}, {"雜湊", 2, true}}, Rows: [][]string{{"D001", text, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}, {"D002", "少一格"}}},
			PageBreak{Footer: "第二節｜" + PageNumber},
			Figure{PNG: picture, Width: 8, Height: 4, Alt: text, Caption: "圖一 " + text},
			PageBreak{},
			Paragraph{Text: "末頁"},
		},
	}
}

func picture() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(gradient())), nil }

var gradient = sync.OnceValue(func() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 80, 40))
	for x := range 80 {
		for y := range 40 {
			m.Set(x, y, color.RGBA{uint8(3 * x), uint8(6 * y), 128, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
})
