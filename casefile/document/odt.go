package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const odtType = "application/vnd.oasis.opendocument.text"

// odtNS are the name spaces of OpenDocument 1.3 that are used.
const odtNS = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"` +
	` xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"` +
	` xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"` +
	` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
	` xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"` +
	` xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"` +
	` xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"` +
	` xmlns:xlink="http://www.w3.org/1999/xlink"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.3"`

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// ODT writes the paper as an OpenDocument text.
func ODT(w io.Writer, d Document) error {
	d.Style = d.Style.withDefaults()
	o := &odt{Document: d, pictures: pictures{folder: "Pictures"}}
	sections := d.sections()
	for i, s := range sections {
		if i > 0 {
			fmt.Fprintf(&o.body, "<text:p text:style-name=\"Section%d\"/>\n", i)
		}
		if err := o.blocks(s.blocks); err != nil {
			return err
		}
	}
	parts := []part{
		{name: "mimetype", data: []byte(odtType), stored: true},
		{name: "content.xml", data: o.content(len(sections))},
		{name: "styles.xml", data: d.odtStyles(sections)},
		{name: "meta.xml", data: []byte(xmlHead + "<office:document-meta" + odtNS + "><office:meta><dc:title>" + xesc(Clean(d.Title)) + "</dc:title></office:meta></office:document-meta>\n")},
	}
	parts = append(parts, o.pictures.parts...)
	parts = append(parts, part{name: "META-INF/manifest.xml", data: odtManifest(parts)})
	return pack(w, parts)
}

type odt struct {
	Document
	pictures pictures
	body     bytes.Buffer
	auto     bytes.Buffer // styles of tables
	tables   int
}

func odtManifest(parts []part) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` + "\n")
	fmt.Fprintf(&b, "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"%s\"/>\n", odtType)
	for _, p := range parts[1:] {
		kind := "text/xml"
		if strings.HasSuffix(p.name, ".png") {
			kind = "image/png"
		}
		fmt.Fprintf(&b, "<manifest:file-entry manifest:full-path=\"%s\" manifest:media-type=\"%s\"/>\n", p.name, kind)
	}
	b.WriteString("</manifest:manifest>\n")
	return b.Bytes()
}

func (o *odt) content(sections int) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + "<office:document-content" + odtNS + ">\n<office:automatic-styles>\n")
	for i := 1; i < sections; i++ {
		fmt.Fprintf(&b, `<style:style style:name="Section%d" style:family="paragraph" style:parent-style-name="Thin" style:master-page-name="Section%d"/>`+"\n", i, i)
	}
	b.WriteString(odtCells)
	b.Write(o.auto.Bytes())
	b.WriteString("</office:automatic-styles>\n<office:body><office:text>\n")
	b.Write(o.body.Bytes())
	b.WriteString("</office:text></office:body></office:document-content>\n")
	return b.Bytes()
}

// odtCells are the styles of cells, rows and frames. They must stand in the file that uses them.
const odtCells = `<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.08cm"/></style:style>
<style:style style:name="Head" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.08cm" fo:background-color="#eeeeee"/></style:style>
<style:style style:name="Row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>
<style:style style:name="Frame" style:family="graphic"><style:graphic-properties style:vertical-pos="top" style:vertical-rel="baseline" fo:border="none"/></style:style>
`

func (o *odt) blocks(blocks []Block) error {
	for _, block := range blocks {
		switch v := block.(type) {
		case Heading:
			fmt.Fprintf(&o.body, "<text:h text:style-name=\"Heading%d\" text:outline-level=\"%d\">%s</text:h>\n", min(v.Level, 3), min(v.Level, 3)+1, odtText(v.Text))
		case Paragraph:
			o.paragraph(v)
		case Table:
			o.table(v)
		case PageBreak:
			o.body.WriteString("<text:p text:style-name=\"Break\"/>\n")
		case Figure:
			if err := o.figure(v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *odt) paragraph(p Paragraph) {
	style, text := paragraphStyle(p), odtText(p.Text)
	if p.Hang != "" {
		text = odtText(p.Hang) + "<text:tab/>" + text
	}
	fmt.Fprintf(&o.body, "<text:p text:style-name=\"%s\">%s</text:p>\n", style, text)
}

// paragraphStyle names the style of a paragraph; both office formats define the same ones.
func paragraphStyle(p Paragraph) string {
	name := "Body"
	switch {
	case p.Hang != "":
		return "Hang"
	case p.Level > 0:
		name = fmt.Sprintf("Level%d", min(p.Level, 4))
	case p.Align == alignCenter:
		name = "Center"
	case p.Align == alignRight:
		name = "Right"
	case p.Indent > 0:
		name = fmt.Sprintf("Indent%d", min(p.Indent, maxIndent))
	}
	if p.Keep {
		name += "Kept"
	}
	return name
}

const maxIndent = 8

// odtText escapes text; line feeds and runs of blanks have elements of their own.
func odtText(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("<text:line-break/>")
		}
		for line != "" {
			n := len(line) - len(strings.TrimLeft(line, " "))
			if n > 0 {
				fmt.Fprintf(&b, "<text:s text:c=\"%d\"/>", n)
				line = line[n:]
			}
			end := strings.Index(line, "  ")
			if end < 0 {
				end = len(line)
			}
			b.WriteString(xesc(line[:end]))
			line = line[end:]
		}
	}
	return b.String()
}

func (o *odt) table(t Table) {
	o.tables++
	name := fmt.Sprintf("Table%d", o.tables)
	width := o.Style.textWidth()
	fmt.Fprintf(&o.auto, `<style:style style:name="%s" style:family="table"><style:table-properties style:width="%.3fcm" table:align="margins"/></style:style>`+"\n", name, width)
	if t.Caption != "" {
		fmt.Fprintf(&o.body, "<text:p text:style-name=\"Caption\">%s</text:p>\n", odtText(t.Caption))
	}
	fmt.Fprintf(&o.body, "<table:table table:name=\"%s\" table:style-name=\"%s\">\n", name, name)
	for i, c := range t.Columns {
		fmt.Fprintf(&o.auto, `<style:style style:name="%s.%d" style:family="table-column"><style:table-column-properties style:column-width="%.3fcm"/></style:style>`+"\n", name, i, width*c.Width)
		fmt.Fprintf(&o.body, "<table:table-column table:style-name=\"%s.%d\"/>\n", name, i)
	}
	cell := "Cell"
	if t.Small {
		cell = "SmallCell"
	}
	o.body.WriteString("<table:table-header-rows><table:table-row table:style-name=\"Row\">")
	for _, c := range t.Columns {
		odtCell(&o.body, "Head", cell, c.Title)
	}
	o.body.WriteString("</table:table-row></table:table-header-rows>\n")
	for _, row := range t.Rows {
		o.body.WriteString("<table:table-row table:style-name=\"Row\">")
		for i, text := range row {
			style := cell
			if t.Columns[i].Mono {
				style = "Mono" + cell
			}
			odtCell(&o.body, "Cell", style, text)
		}
		o.body.WriteString("</table:table-row>\n")
	}
	o.body.WriteString("</table:table>\n")
}

func odtCell(b *bytes.Buffer, cell, paragraph, text string) {
	fmt.Fprintf(b, "<table:table-cell table:style-name=\"%s\" office:value-type=\"string\"><text:p text:style-name=\"%s\">%s</text:p></table:table-cell>", cell, paragraph, odtText(text))
}

func (o *odt) figure(f Figure) error {
	name, err := o.pictures.add(f)
	if err != nil {
		return err
	}
	n := len(o.pictures.parts)
	fmt.Fprintf(&o.body, `<text:p text:style-name="Figure"><draw:frame draw:name="picture%d" draw:style-name="Frame" text:anchor-type="as-char" svg:width="%.3fcm" svg:height="%.3fcm">`+
		`<draw:image xlink:href="%s" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/><svg:title>%s</svg:title></draw:frame></text:p>`+"\n", n, f.Width, f.Height, name, xesc(f.Alt))
	if f.Caption != "" {
		fmt.Fprintf(&o.body, "<text:p text:style-name=\"Caption\">%s</text:p>\n", odtText(f.Caption))
	}
	return nil
}
