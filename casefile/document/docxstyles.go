package document

import (
	"bytes"
	"fmt"
	"strings"
)

func (d Document) docxStyles() []byte {
	var b bytes.Buffer
	font, latin := xesc(d.Style.Font), xesc(d.Style.Latin)
	b.WriteString(xmlHeadDocx + "<w:styles" + docxNS + ">\n")
	fmt.Fprintf(&b, `<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="%[1]s" w:hAnsi="%[1]s" w:eastAsia="%[3]s" w:cs="%[1]s"/><w:sz w:val="%[2]d"/><w:szCs w:val="%[2]d"/><w:lang w:val="en-US" w:eastAsia="zh-TW"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`+"\n", latin, int(d.Style.Body*2), font)
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` + "\n")
	for _, p := range paragraphStyles(d.Style) {
		p.docx(&b, font, latin)
	}
	b.WriteString("</w:styles>\n")
	return b.Bytes()
}

// docx writes the style. The order of elements is that of the schema (CT_PPr), which Word insists on.
func (p style) docx(b *bytes.Buffer, font, latin string) {
	name := p.name
	if p.outline > 0 {
		name = fmt.Sprintf("heading %d", p.outline)
	}
	fmt.Fprintf(b, `<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, p.name, name)
	if p.next {
		b.WriteString("<w:keepNext/>")
	}
	if p.breakBefore {
		b.WriteString("<w:pageBreakBefore/>")
	}
	if p.tab {
		fmt.Fprintf(b, `<w:tabs><w:tab w:val="left" w:pos="%d"/></w:tabs>`, int(p.left*20))
	}
	// No room of its own between Chinese and Latin text: as the other two formats do.
	b.WriteString(`<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>`)
	line, rule := 240, "auto"
	if p.line > 0 {
		line, rule = int(p.line*20), "exact"
	}
	fmt.Fprintf(b, `<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="%s"/>`, int(p.before*20), int(p.after*20), line, rule)
	first := fmt.Sprintf(`w:firstLine="%d"`, int(p.first*20))
	if p.first < 0 {
		first = fmt.Sprintf(`w:hanging="%d"`, int(-p.first*20))
	}
	fmt.Fprintf(b, `<w:ind w:left="%d" %s/>`, int(p.left*20), first)
	align := "left"
	switch {
	case p.align == alignCenter:
		align = "center"
	case p.align == alignRight:
		align = "right"
	}
	fmt.Fprintf(b, `<w:jc w:val="%s"/>`, align)
	if p.outline > 0 {
		fmt.Fprintf(b, `<w:outlineLvl w:val="%d"/>`, p.outline-1)
	}
	if p.mono {
		latin = monoFont
	}
	fmt.Fprintf(b, `</w:pPr><w:rPr><w:rFonts w:ascii="%[1]s" w:hAnsi="%[1]s" w:eastAsia="%[2]s"/><w:sz w:val="%[3]d"/><w:szCs w:val="%[3]d"/></w:rPr></w:style>`+"\n", latin, font, int(p.size*2))
}

func docxFooter(footer string) []byte {
	const page = `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	pages := strings.Replace(page, "PAGE", "NUMPAGES", 1)
	var b bytes.Buffer
	b.WriteString(xmlHeadDocx + "<w:ftr" + docxNS + ">")
	if footer != "" {
		parts := strings.Split(footer, PageNumber)
		for i, p := range parts {
			parts[i] = docxRuns(Clean(p))
		}
		b.WriteString(docxParagraph("Footer", strings.Join(parts, page)))
	}
	b.WriteString(docxParagraph("Footer", docxRuns("第 ")+page+docxRuns(" 頁，共 ")+pages+docxRuns(" 頁")))
	b.WriteString("</w:ftr>\n")
	return b.Bytes()
}
