package document

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

// HTML writes the paper as one HTML file without references to anything outside, for a browser to print as PDF: the page
// size, margins, marks, footers and page numbers are in its style sheet (CSS Paged Media). More CSS, such as fonts, may
// be given.
func HTML(w io.Writer, d Document, css string) error {
	d.Style = d.Style.withDefaults()
	sections := d.sections()
	var b bytes.Buffer
	lang := d.Lang
	if lang == "" {
		lang = "zh-TW"
	}
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=%q>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>\n", lang, esc(Clean(d.Title)))
	b.WriteString(strings.ReplaceAll(css+d.css(sections), "</", `<\/`))
	b.WriteString("</style>\n</head>\n<body>\n")
	for i, s := range sections {
		fmt.Fprintf(&b, "<section class=\"s%d\">\n", i)
		if err := d.htmlBlocks(&b, s.blocks); err != nil {
			return err
		}
		b.WriteString("</section>\n")
	}
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func esc(s string) string { return html.EscapeString(s) }

func (d Document) htmlBlocks(b *bytes.Buffer, blocks []Block) error {
	for _, block := range blocks {
		switch v := block.(type) {
		case Heading:
			tag := fmt.Sprintf("h%d", min(v.Level, 3)+1)
			fmt.Fprintf(b, "<%s>%s</%s>\n", tag, wholeNames(v.Text), tag)
		case Paragraph:
			htmlParagraph(b, v)
		case Table:
			htmlTable(b, v)
		case PageBreak:
			b.WriteString("<div class=\"break\"></div>\n")
		case Figure:
			if err := htmlFigure(b, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func htmlParagraph(b *bytes.Buffer, p Paragraph) {
	if p.Hang != "" {
		fmt.Fprintf(b, "<div class=\"hang\"><div>%s</div><div>%s</div></div>\n", wholeNames(p.Hang), wholeNames(p.Text))
		return
	}
	style := ""
	if left, first := p.hang(); left != 0 || first != 0 {
		style = fmt.Sprintf(" style=\"margin-left:%gem;text-indent:%gem\"", left, first)
	}
	class := string(p.Align)
	if p.Keep {
		class += " kept"
	}
	fmt.Fprintf(b, "<p class=%q%s>%s</p>\n", class, style, wholeNames(p.Text))
}

func htmlTable(b *bytes.Buffer, t Table) {
	class := ""
	if t.Small {
		class = " class=\"small\""
	}
	fmt.Fprintf(b, "<table%s>\n", class)
	if t.Caption != "" {
		fmt.Fprintf(b, "<caption>%s</caption>\n", wholeNames(t.Caption))
	}
	b.WriteString("<colgroup>")
	for _, c := range t.Columns {
		fmt.Fprintf(b, "<col style=\"width:%.2f%%\">", c.Width*100)
	}
	b.WriteString("</colgroup>\n<thead><tr>")
	for _, c := range t.Columns {
		fmt.Fprintf(b, "<th scope=\"col\">%s</th>", esc(c.Title))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			if t.Columns[i].Mono {
				fmt.Fprintf(b, "<td class=\"mono\">%s</td>", wholeNames(cell))
			} else {
				fmt.Fprintf(b, "<td>%s</td>", wholeNames(cell))
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n")
}

func htmlFigure(b *bytes.Buffer, f Figure) error {
	png, err := f.read()
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "<figure><img alt=\"%s\" style=\"width:%.3fcm;height:%.3fcm\" src=\"data:image/png;base64,", esc(f.Alt), f.Width, f.Height)
	enc := base64.NewEncoder(base64.StdEncoding, b)
	if _, err := enc.Write(png); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	b.WriteString("\">")
	if f.Caption != "" {
		fmt.Fprintf(b, "<figcaption>%s</figcaption>", wholeNames(f.Caption))
	}
	b.WriteString("</figure>\n")
	return nil
}

func (f Figure) read() ([]byte, error) {
	r, err := f.PNG()
	if err != nil {
		return nil, fmt.Errorf("open figure %q: %w", f.Alt, err)
	}
	data, err := io.ReadAll(r)
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, fmt.Errorf("read figure %q: %w", f.Alt, err)
	}
	return data, nil
}

// css is the style sheet: one named page for each section, so that each has its own footer.
func (d Document) css(sections []section) string {
	s := d.Style
	var b strings.Builder
	fonts := fmt.Sprintf(`Latin,%s,"DFKai-SB","TW-Kai","TW-Kai-Ext-B","TW-Kai-Plus","BiauKai","AR PL UKai TW",serif`, cssString(s.Font))
	fmt.Fprintf(&b, "@font-face{font-family:Latin;src:local(%s),local(\"Liberation Serif\"),local(\"DejaVu Serif\");unicode-range:U+20-24F}\n", cssString(s.Latin))
	margin := fmt.Sprintf("font:10pt/14pt %s;white-space:pre", fonts)
	for i, sec := range sections {
		w, h, side := s.pageOf(sec)
		fmt.Fprintf(&b, "@page s%d{size:%gcm %gcm;margin:%gcm %gcm;@bottom-center{content:%s;%s}", i, w, h, s.Margin, side, cssFooter(sec.footer), margin)
		if d.Mark != "" {
			fmt.Fprintf(&b, "@top-right{content:%s;%s}", cssString(Clean(d.Mark)), margin)
		}
		fmt.Fprintf(&b, "}\n.s%d{page:s%d}\n", i, i)
	}
	fmt.Fprintf(&b, "html{font:%gpt/%gpt %s}\n", s.Body, s.Line, fonts)
	fmt.Fprintf(&b, "h1{font-size:%gpt;line-height:%gpt;text-align:center;margin:0 0 %gpt}\n", s.Body+4, s.Line+5, s.Line/2)
	fmt.Fprintf(&b, "h2,h3,h4{font-size:%gpt;margin:%gpt 0 0}\n", s.Body, s.Line/4)
	fmt.Fprintf(&b, "table{font-size:%gpt;line-height:%gpt;margin:%gpt 0}\n", s.Table, min(s.Line, s.Table*1.45), s.Line/4)
	fmt.Fprintf(&b, ".hang{display:grid;grid-template-columns:%dem 1fr}\n", hangLabel)
	b.WriteString(plainCSS)
	return b.String()
}

// plainCSS is the part of the style sheet that does not depend on the style.
const plainCSS = `body{margin:0}
h1,h2,h3,h4,th{font-weight:normal}
h2,h3,h4{break-after:avoid}
p,.hang>div,td,th,caption,figcaption,h1,h2,h3,h4{white-space:pre-wrap;overflow-wrap:anywhere}
.n{display:inline-block;max-width:100%;text-indent:0}
p{margin:0;orphans:2;widows:2}
p.kept{break-after:avoid}
p.center{text-align:center}
p.right{text-align:right}
table{width:100%;table-layout:fixed;border-collapse:collapse}
caption{text-align:left}
thead{display:table-header-group}
th,td{border:.5pt solid #000;padding:1pt 3pt;vertical-align:top;text-align:left}
th{background:#eee}
tr{break-inside:avoid}
caption,thead{break-after:avoid}
tbody tr:first-child,tbody tr:last-child{break-before:avoid}
table.small{font-size:10pt;line-height:14pt}
.mono{font-family:Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK TC",monospace;font-size:.85em;text-align:left}
.break{break-before:page}
figure{margin:0;text-align:center;break-inside:avoid}
figure img{display:block;box-sizing:border-box;margin:0 auto;border:.5pt solid #888}
figcaption{font-size:10pt;line-height:14pt}
`

func cssFooter(footer string) string {
	number := `"第 " counter(page) " 頁，共 " counter(pages) " 頁"`
	if footer == "" {
		return number
	}
	var parts []string
	for i, part := range strings.Split(footer, PageNumber) {
		if i > 0 {
			parts = append(parts, "counter(page)")
		}
		parts = append(parts, cssString(Clean(part)))
	}
	return strings.Join(parts, " ") + ` "\A " ` + number
}

// cssString quotes text for CSS: everything but letters, digits and what lies beyond ASCII is written as its number.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r >= 0x80, r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r == ' ':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "\\%X ", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
