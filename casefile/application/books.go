package application

import (
	"fmt"
	"image"
	"image/png"
	"strings"

	"yuzheng/casefile/document"
)

// book is one volume of the exhibit book: an index, then for each exhibit a page of facts and its picture in slices.
// Every page is counted, so that the index, the printed number and the page of the PDF are the same.
type book struct {
	Number int
	Index  []indexLine
	Pages  int
	leaves []leaf
}

// indexLine says on which page an exhibit begins; Continued in a later volume than its first.
type indexLine struct {
	Exhibit   Exhibit
	Page      int
	Continued bool
}

// leaf is one page: the facts of an exhibit, or one slice of its picture.
type leaf struct {
	exhibit Exhibit
	slice   int // 0 is the page of facts
	slices  int
	part    image.Rectangle // of the picture, in its pixels
	whole   image.Point     // its size
	overlap int             // pixels that neighbours share
	perCM   float64         // pixels on a centimetre of paper
	turned  bool
	weight  int64
}

const (
	indexRows = 14     // lines of the index on one page
	bookBytes = 50e6   // limit of a volume
	pdfGrowth = 1.5    // a picture in a PDF against the same as PNG, at most (0.9 on a page of text and gradients)
	leafBytes = 60_000 // fonts and text of a page of facts
	maxPixels = 250_000_000
)

// bind lays out the volumes. Pictures are only measured here.
func bind(exhibits []Exhibit) ([]book, error) {
	var leaves []leaf
	for _, e := range exhibits {
		list, err := cutExhibit(e)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, list...)
	}
	var books []book
	weight := int64(bookBytes)
	for _, l := range leaves {
		if weight += l.weight; len(books) == 0 || weight > bookBytes {
			books, weight = append(books, book{Number: len(books) + 1}), l.weight
		}
		b := &books[len(books)-1]
		b.leaves = append(b.leaves, l)
	}
	for i := range books {
		books[i].count()
	}
	return books, nil
}

// count numbers the pages of a volume: first those of the index, as many as it needs.
func (b *book) count() {
	for _, l := range b.leaves {
		if n := len(b.Index); n == 0 || b.Index[n-1].Exhibit.ID != l.exhibit.ID {
			b.Index = append(b.Index, indexLine{Exhibit: l.exhibit, Continued: l.slice > 0})
		}
	}
	page := (len(b.Index) + indexRows - 1) / indexRows
	line := -1
	for _, l := range b.leaves {
		page++
		if line < 0 || b.Index[line].Exhibit.ID != l.exhibit.ID {
			line++
			b.Index[line].Page = page
		}
	}
	b.Pages = page
}

func cutExhibit(e Exhibit) ([]leaf, error) {
	leaves := []leaf{{exhibit: e, weight: leafBytes}}
	if e.Picture == nil {
		return leaves, nil
	}
	size, bytes, err := measure(e)
	if err != nil {
		return nil, err
	}
	cuts := slice(size, e.Visit.Scale)
	for i, l := range cuts {
		l.exhibit, l.slice, l.slices = e, i+1, len(cuts)
		l.weight = int64(float64(bytes) * pdfGrowth * float64(l.part.Dx()) * float64(l.part.Dy()) / float64(size.X) / float64(size.Y))
		leaves = append(leaves, l)
	}
	return leaves, nil
}

// measure reads the size of a picture in pixels and in bytes.
func measure(e Exhibit) (size image.Point, bytes int64, err error) {
	r, err := e.Picture()
	if err != nil {
		return size, 0, fmt.Errorf("picture of %s: %w", e.ID, err)
	}
	defer r.Close()
	c, err := png.DecodeConfig(r)
	if err != nil {
		return size, 0, fmt.Errorf("picture of %s: %w", e.ID, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPixels {
		return size, 0, fmt.Errorf("picture of %s: %d by %d pixels cannot be printed", e.ID, c.Width, c.Height)
	}
	for _, a := range e.Artifacts {
		if a.Name == e.PictureName {
			bytes = a.Size
		}
	}
	return image.Pt(c.Width, c.Height), bytes, nil
}

// volumes makes one paper of each book, named after file.
func (p *press) volumes(file string) {
	if p.err != nil {
		return
	}
	f := &film{}
	for _, b := range p.view.Books {
		d, err := p.volume(b, f)
		if err != nil {
			p.err = fmt.Errorf("volume %d of the exhibits: %w", b.Number, err)
			return
		}
		p.file(fmt.Sprintf("%s_第%d冊", file, b.Number))
		last := &p.papers[len(p.papers)-1]
		last.Document, last.Formats = p.styled(d), []Format{PDF}
	}
}

func (p *press) volume(b book, f *film) (document.Document, error) {
	var d document.Document
	for from := 0; from < len(b.Index); from += indexRows {
		part := b
		part.Index = b.Index[from:min(from+indexRows, len(b.Index))]
		index, err := document.FromTemplate(p.templates, "volume", struct {
			*view
			Book  book
			First bool
		}{p.view, part, from == 0})
		if err != nil {
			return d, err
		}
		if from == 0 {
			d = index
			continue
		}
		d.Blocks = append(append(d.Blocks, document.PageBreak{}), index.Blocks...)
	}
	for _, l := range b.leaves {
		blocks, err := p.leaf(l, f)
		if err != nil {
			return d, err
		}
		d.Blocks = append(append(d.Blocks, document.PageBreak{Footer: p.footer(l.exhibit), Turned: l.turned}), blocks...)
	}
	return d, nil
}

// footer is the line under every page of an exhibit: 案號｜證物編號｜頁次｜檔名及其雜湊｜時間. The hash, its beginning, is that of the picture,
// or of the first artifact where there is none; the page of facts has it whole.
func (p *press) footer(e Exhibit) string {
	hash := "—"
	for _, a := range e.Artifacts {
		if a.Name == e.PictureName || hash == "—" {
			hash = clip(a.Name, 16) + " " + clip(a.SHA256, 9)
		}
	}
	clean := func(s string) string { return clip(document.Clean(s), 40) }
	return strings.Join([]string{
		clean(p.view.App.Number), "證" + clean(e.ID), "第 " + document.PageNumber + " 頁", document.Clean(hash), strings.TrimSuffix(stamp(e.Started), "（+08:00）"),
	}, "｜")
}

func (p *press) leaf(l leaf, f *film) ([]document.Block, error) {
	if l.slice > 0 {
		said := "證" + l.exhibit.ID + "　" + p.view.Shot(l.exhibit) + "　" + l.place()
		return []document.Block{document.Figure{
			PNG: f.slice(l), Width: float64(l.part.Dx()) / l.perCM, Height: float64(l.part.Dy()) / l.perCM, Alt: said, Caption: said,
		}}, nil
	}
	d, err := document.FromTemplate(p.templates, "exhibit", struct {
		*view
		E Exhibit
	}{p.view, l.exhibit})
	if err != nil {
		return nil, err
	}
	return fit(d.Blocks), nil
}
