package application

import (
	"fmt"
	"image/png"
	"strings"

	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
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
	from    int // first row of pixels
	to      int // row after the last
	width   int // of the whole picture, in pixels
	weight  int64
}

// What fits. Lengths are centimetres on an A4 page with margins of 2.5.
const (
	indexRows   = 14     // lines of the index on one page
	sliceHeight = 23.4   // leaves room for a caption
	wideSlice   = 16.0   // of a desktop page
	phoneSlice  = 9.0    // of a phone's page
	bookBytes   = 50e6   // limit of a volume
	pdfGrowth   = 1.5    // a picture in a PDF against the same as PNG, at most (0.9 on a page of text and gradients)
	leafBytes   = 60_000 // fonts and text of a page of facts
	maxPixels   = 250_000_000
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
	width, height, size, err := measure(e)
	if err != nil {
		return nil, err
	}
	rows := int(sliceHeight / sliceWidth(e) * float64(width))
	n := (height + rows - 1) / rows
	for i := range n {
		l := leaf{exhibit: e, slice: i + 1, slices: n, from: i * rows, to: min((i+1)*rows, height), width: width}
		l.weight = int64(float64(size) * pdfGrowth * float64(l.to-l.from) / float64(height))
		leaves = append(leaves, l)
	}
	return leaves, nil
}

func sliceWidth(e Exhibit) float64 {
	if evidence.Persona(e.View).Phone() {
		return phoneSlice
	}
	return wideSlice
}

// measure reads the size of a picture in pixels and in bytes.
func measure(e Exhibit) (width, height int, size int64, err error) {
	r, err := e.Picture()
	if err != nil {
		return 0, 0, 0, fmt.Errorf("picture of %s: %w", e.ID, err)
	}
	defer r.Close()
	c, err := png.DecodeConfig(r)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("picture of %s: %w", e.ID, err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPixels {
		return 0, 0, 0, fmt.Errorf("picture of %s: %d by %d pixels cannot be printed", e.ID, c.Width, c.Height)
	}
	for _, a := range e.Artifacts {
		if a.Name == e.PictureName {
			size = a.Size
		}
	}
	return c.Width, c.Height, size, nil
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
		d.Blocks = append(append(d.Blocks, document.PageBreak{Footer: p.footer(l.exhibit)}), blocks...)
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
		width, what := sliceWidth(l.exhibit), p.view.Shot(l.exhibit)
		return []document.Block{document.Figure{
			PNG: f.slice(l), Width: width, Height: width * float64(l.to-l.from) / float64(l.width),
			Alt:     fmt.Sprintf("證%s %s 第 %d／%d 片", l.exhibit.ID, what, l.slice, l.slices),
			Caption: fmt.Sprintf("證%s　%s　第 %d／%d 片（第 %d 至 %d 列像素）", l.exhibit.ID, what, l.slice, l.slices, l.from+1, l.to),
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
