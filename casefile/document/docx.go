package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	ooxml    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	ooxmlPkg = "http://schemas.openxmlformats.org/package/2006"
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// docxNS are the name spaces of WordprocessingML (ECMA-376, transitional) that are used.
const docxNS = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="` + ooxml + `"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

const xmlHeadDocx = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// DOCX writes the paper as an Office Open XML text. Fonts are set for East Asian text too (w:eastAsia).
func DOCX(w io.Writer, d Document) error {
	d.Style = d.Style.withDefaults()
	x := &docx{Document: d, pictures: pictures{folder: "word/media"}}
	sections := d.sections()
	for i, s := range sections {
		if err := x.blocks(s.blocks); err != nil {
			return err
		}
		if i < len(sections)-1 {
			fmt.Fprintf(&x.body, `<w:p><w:pPr><w:pStyle w:val="Thin"/>%s</w:pPr></w:p>`+"\n", x.section(i, s))
		}
	}
	x.body.WriteString(x.section(len(sections)-1, sections[len(sections)-1]))
	parts := []part{
		{name: "[Content_Types].xml", data: docxContentTypes(len(sections))},
		{name: "_rels/.rels", data: relationships([]relation{
			{"rId1", ooxml + "/officeDocument", "word/document.xml"},
			{"rId2", ooxmlPkg + "/relationships/metadata/core-properties", "docProps/core.xml"},
		})},
		{name: "docProps/core.xml", data: []byte(xmlHeadDocx + `<cp:coreProperties xmlns:cp="` + ooxmlPkg + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + xesc(Clean(d.Title)) + "</dc:title></cp:coreProperties>\n")},
		{name: "word/document.xml", data: []byte(xmlHeadDocx + "<w:document" + docxNS + "><w:body>\n" + x.body.String() + "</w:body></w:document>\n")},
		{name: "word/styles.xml", data: d.docxStyles()},
		{name: "word/settings.xml", data: []byte(xmlHeadDocx + "<w:settings" + docxNS + `><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-TW"/></w:settings>` + "\n")},
		{name: "word/header1.xml", data: []byte(xmlHeadDocx + "<w:hdr" + docxNS + `>` + docxParagraph("Mark", docxRuns(Clean(d.Mark))) + "</w:hdr>\n")},
		{name: "word/_rels/document.xml.rels", data: relationships(x.relations(len(sections)))},
	}
	for i, s := range sections {
		parts = append(parts, part{name: fmt.Sprintf("word/footer%d.xml", i+1), data: docxFooter(s.footer)})
	}
	return pack(w, append(parts, x.pictures.parts...))
}

type docx struct {
	Document
	pictures pictures
	body     bytes.Buffer
}

type relation struct{ id, kind, target string }

func relationships(list []relation) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHeadDocx + `<Relationships xmlns="` + ooxmlPkg + `/relationships">` + "\n")
	for _, r := range list {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"/>`+"\n", r.id, r.kind, r.target)
	}
	b.WriteString("</Relationships>\n")
	return b.Bytes()
}

func (x *docx) relations(sections int) []relation {
	list := []relation{{"styles", ooxml + "/styles", "styles.xml"}, {"settings", ooxml + "/settings", "settings.xml"}, {"header", ooxml + "/header", "header1.xml"}}
	for i := range sections {
		list = append(list, relation{fmt.Sprintf("footer%d", i+1), ooxml + "/footer", fmt.Sprintf("footer%d.xml", i+1)})
	}
	for i, p := range x.pictures.parts {
		list = append(list, relation{fmt.Sprintf("picture%d", i+1), ooxml + "/image", strings.TrimPrefix(p.name, "word/")})
	}
	return list
}

func docxContentTypes(sections int) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHeadDocx + `<Types xmlns="` + ooxmlPkg + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>` + "\n")
	override := func(name, kind string) {
		fmt.Fprintf(&b, `<Override PartName="%s" ContentType="%s"/>`+"\n", name, kind)
	}
	override("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	override("/word/document.xml", wordType+"document.main+xml")
	for _, name := range []string{"styles", "settings"} {
		override("/word/"+name+".xml", wordType+name+"+xml")
	}
	override("/word/header1.xml", wordType+"header+xml")
	for i := range sections {
		override(fmt.Sprintf("/word/footer%d.xml", i+1), wordType+"footer+xml")
	}
	b.WriteString("</Types>\n")
	return b.Bytes()
}

// section ends section i: its footer, the page and its margins. Lengths are twentieths of a point.
func (x *docx) section(i int, sec section) string {
	w, h, side := x.Style.pageOf(sec)
	orient := ""
	if w > h {
		orient = ` w:orient="landscape"`
	}
	return fmt.Sprintf(`<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer%d"/><w:type w:val="nextPage"/><w:pgSz w:w="%d" w:h="%d"%s/>`+
		`<w:pgMar w:top="%[5]d" w:right="%[7]d" w:bottom="%[5]d" w:left="%[7]d" w:header="%[6]d" w:footer="%[6]d" w:gutter="0"/></w:sectPr>`+"\n", i+1, twips(w), twips(h), orient, twips(x.Style.Margin), twips(1.2), twips(side))
}

// twips converts centimetres.
func twips(cm float64) int { return int(cm/2.54*1440 + .5) }

func (x *docx) blocks(blocks []Block) error {
	for _, block := range blocks {
		switch v := block.(type) {
		case Heading:
			x.body.WriteString(docxParagraph(fmt.Sprintf("Heading%d", min(v.Level, 3)), docxRuns(v.Text)))
		case Paragraph:
			runs := docxRuns(v.Text)
			if v.Hang != "" {
				runs = docxRuns(v.Hang) + "<w:r><w:tab/></w:r>" + runs
			}
			x.body.WriteString(docxParagraph(paragraphStyle(v), runs))
		case Table:
			x.table(v)
		case PageBreak:
			x.body.WriteString(docxParagraph("Break", ""))
		case Figure:
			if err := x.figure(v); err != nil {
				return err
			}
		}
	}
	return nil
}

func docxParagraph(style, runs string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>%s</w:p>`+"\n", style, runs)
}

func docxRuns(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		b.WriteString("<w:r>")
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		b.WriteString(`<w:t xml:space="preserve">` + xesc(line) + "</w:t></w:r>")
	}
	return b.String()
}

func (x *docx) table(t Table) {
	b := &x.body
	if t.Caption != "" {
		b.WriteString(docxParagraph("Caption", docxRuns(t.Caption)))
	}
	width := twips(x.Style.textWidth())
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, width)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, c := range t.Columns {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, int(float64(width)*c.Width))
	}
	b.WriteString("</w:tblGrid>\n")
	style := "Cell"
	if t.Small {
		style = "SmallCell"
	}
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for _, c := range t.Columns {
		docxCell(b, int(float64(width)*c.Width), `<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>`, style, c.Title)
	}
	b.WriteString("</w:tr>\n")
	for _, row := range t.Rows {
		b.WriteString("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
		for i, text := range row {
			s := style
			if t.Columns[i].Mono {
				s = "Mono" + style
			}
			docxCell(b, int(float64(width)*t.Columns[i].Width), "", s, text)
		}
		b.WriteString("</w:tr>\n")
	}
	// A paragraph must stand between a table and what follows.
	b.WriteString("</w:tbl>\n" + docxParagraph("Thin", ""))
}

func docxCell(b *bytes.Buffer, width int, shade, style, text string) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr>%s</w:tc>`, width, shade, strings.TrimSuffix(docxParagraph(style, docxRuns(text)), "\n"))
}

func (x *docx) figure(f Figure) error {
	if _, err := x.pictures.add(f); err != nil {
		return err
	}
	n := len(x.pictures.parts)
	const emu = 360_000 // in a centimetre
	cx, cy := int(f.Width*emu), int(f.Height*emu)
	runs := fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="picture%[3]d" descr="%[4]s"/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="picture%[3]d"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="picture%[3]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		cx, cy, n, xesc(f.Alt))
	x.body.WriteString(docxParagraph("Figure", runs))
	if f.Caption != "" {
		x.body.WriteString(docxParagraph("Caption", docxRuns(f.Caption)))
	}
	return nil
}
