package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// part is one file of an office document.
type part struct {
	name   string
	data   []byte
	stored bool
}

// pack writes the parts as a ZIP whose bytes follow from the parts alone: order as given, every time 1980-01-01. Stored
// parts have neither a data descriptor nor extra fields (OpenDocument 1.3 part 2, 3.3 asks that of mimetype).
func pack(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		if err := packOne(z, p); err != nil {
			return fmt.Errorf("write %s: %w", p.name, err)
		}
	}
	return z.Close()
}

func packOne(z *zip.Writer, p part) error {
	//lint:ignore SA1019 Modified would add an extra field, which OpenDocument forbids at mimetype
	h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, ModifiedDate: 1<<5 | 1}
	if !p.stored {
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = f.Write(p.data)
		return err
	}
	h.Method = zip.Store
	h.CRC32 = crc32.ChecksumIEEE(p.data)
	h.CompressedSize64, h.UncompressedSize64 = uint64(len(p.data)), uint64(len(p.data))
	f, err := z.CreateRaw(h)
	if err != nil {
		return err
	}
	_, err = f.Write(p.data)
	return err
}

// xesc escapes clean text for XML, in content and in attributes.
func xesc(s string) string {
	var b bytes.Buffer
	// Writing to a buffer cannot fail.
	_ = xml.EscapeText(&b, []byte(s))
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

// pictures collects the figures of a paper under the names picture1.png, picture2.png …
type pictures struct {
	folder string
	parts  []part
}

func (p *pictures) add(f Figure) (name string, err error) {
	data, err := f.read()
	if err != nil {
		return "", err
	}
	name = fmt.Sprintf("%s/picture%d.png", p.folder, len(p.parts)+1)
	p.parts = append(p.parts, part{name: name, data: data, stored: true})
	return name, nil
}
