package document

import (
	"bytes"
	"fmt"
	"strings"
)

// odtStyles writes the named styles, the page layout, and one master page for each section.
func (d Document) odtStyles(sections []section) []byte {
	s := d.Style
	var b bytes.Buffer
	b.WriteString(xmlHead + "<office:document-styles" + odtNS + ">\n<office:font-face-decls>")
	for _, font := range []string{s.Font, s.Latin, monoFont} {
		fmt.Fprintf(&b, `<style:font-face style:name="%s" svg:font-family="'%s'"/>`, xesc(font), xesc(font))
	}
	b.WriteString("</office:font-face-decls>\n<office:styles>\n")
	fmt.Fprintf(&b, `<style:default-style style:family="paragraph"><style:paragraph-properties fo:line-height="%[1]gpt" fo:margin-top="0pt" fo:margin-bottom="0pt" style:text-autospace="none" fo:orphans="2" fo:widows="2"/>`+
		`<style:text-properties style:font-name="%[4]s" style:font-name-asian="%[2]s" style:font-name-complex="%[4]s" fo:font-size="%[3]gpt" style:font-size-asian="%[3]gpt" style:font-size-complex="%[3]gpt" fo:language="en" fo:country="US" style:language-asian="zh" style:country-asian="TW"/></style:default-style>`+"\n",
		s.Line, xesc(s.Font), s.Body, xesc(s.Latin))
	for _, p := range paragraphStyles(s) {
		p.odt(&b)
	}
	b.WriteString("</office:styles>\n<office:automatic-styles>\n")
	s.odtPage(&b, "Page", section{})
	s.odtPage(&b, "Turned", section{turned: true})
	b.WriteString("</office:automatic-styles>\n<office:master-styles>\n")
	for i, sec := range sections {
		name := "Standard"
		if i > 0 {
			name = fmt.Sprintf("Section%d", i)
		}
		layout := "Page"
		if sec.turned {
			layout = "Turned"
		}
		fmt.Fprintf(&b, `<style:master-page style:name="%s" style:page-layout-name="%s"><style:header><text:p text:style-name="Mark">%s</text:p></style:header><style:footer>%s</style:footer></style:master-page>`+"\n",
			name, layout, odtText(Clean(d.Mark)), odtFooter(sec.footer))
	}
	b.WriteString("</office:master-styles></office:document-styles>\n")
	return b.Bytes()
}

// odtPage is the layout of the pages of a section.
func (s Style) odtPage(b *bytes.Buffer, name string, sec section) {
	w, h, side := s.pageOf(sec)
	orientation := "portrait"
	if w > h {
		orientation = "landscape"
	}
	const foot = 1.2 // height of header and footer, taken out of the margins, in centimetres
	fmt.Fprintf(b, `<style:page-layout style:name="%s"><style:page-layout-properties fo:page-width="%gcm" fo:page-height="%gcm" style:print-orientation="%s" fo:margin-left="%[5]gcm" fo:margin-right="%[5]gcm" fo:margin-top="%[6]gcm" fo:margin-bottom="%[6]gcm"/>`+
		`<style:header-style><style:header-footer-properties svg:height="%[7]gcm" style:dynamic-spacing="false"/></style:header-style><style:footer-style><style:header-footer-properties svg:height="%[7]gcm" style:dynamic-spacing="false"/></style:footer-style></style:page-layout>`+"\n",
		name, w, h, orientation, side, s.Margin-foot, foot)
}

const monoFont = "Consolas"

func odtFooter(footer string) string {
	var b strings.Builder
	if footer != "" {
		parts := strings.Split(footer, PageNumber)
		for i, p := range parts {
			parts[i] = odtText(Clean(p))
		}
		fmt.Fprintf(&b, `<text:p text:style-name="Footer">%s</text:p>`, strings.Join(parts, `<text:page-number text:select-page="current"/>`))
	}
	b.WriteString(`<text:p text:style-name="Footer">第 <text:page-number text:select-page="current"/> 頁，共 <text:page-count/> 頁</text:p>`)
	return b.String()
}

// style is a named paragraph style of both office formats. Lengths are points; a line of 0 is as high as its content.
type style struct {
	name        string
	size, line  float64
	left, first float64
	align       alignment
	tab         bool // a tab stop at left, which OpenDocument has of itself
	mono        bool
	before      float64
	after       float64
	outline     int // 1 to 4 for headings
	breakBefore bool
	next        bool // stays with the next paragraph
}

func paragraphStyles(s Style) []style {
	list := []style{
		{name: "Body", size: s.Body, line: s.Line},
		{name: "Center", size: s.Body, line: s.Line, align: alignCenter},
		{name: "Right", size: s.Body, line: s.Line, align: alignRight},
	}
	for level := 1; level <= 4; level++ {
		left, first := Paragraph{Level: level}.hang()
		list = append(list, style{name: fmt.Sprintf("Level%d", level), size: s.Body, line: s.Line, left: left * s.Body, first: first * s.Body})
	}
	for n := 1; n <= maxIndent; n++ {
		list = append(list, style{name: fmt.Sprintf("Indent%d", n), size: s.Body, line: s.Line, left: float64(n) * s.Body})
	}
	for _, kept := range list {
		kept.name, kept.next = kept.name+"Kept", true
		list = append(list, kept)
	}
	for level := 1; level <= 3; level++ {
		list = append(list, style{name: fmt.Sprintf("Heading%d", level), size: s.Body, line: s.Line, before: s.Line / 4, outline: level + 1, next: true})
	}
	table := min(s.Line, s.Table*1.45)
	return append(list, []style{
		{name: "Heading0", size: s.Body + 4, line: s.Line + 5, align: alignCenter, after: s.Line / 2, outline: 1, next: true},
		{name: "Hang", size: s.Body, line: s.Line, left: hangLabel * s.Body, first: -hangLabel * s.Body, tab: true},
		{name: "Cell", size: s.Table, line: table},
		{name: "SmallCell", size: 10, line: 14},
		{name: "MonoCell", size: s.Table * .85, line: table, mono: true},
		{name: "MonoSmallCell", size: 8.5, line: 14, mono: true},
		{name: "Caption", size: s.Table, line: table, next: true, before: s.Line / 4},
		{name: "Figure", size: s.Body, align: alignCenter},
		{name: "Mark", size: 10, line: 14, align: alignRight},
		{name: "Footer", size: 10, line: 14, align: alignCenter},
		{name: "Thin", size: 1, line: 1},
		{name: "Break", size: 1, line: 1, breakBefore: true},
	}...)
}

func (p style) odt(b *bytes.Buffer) {
	fmt.Fprintf(b, `<style:style style:name="%s" style:family="paragraph"`, p.name)
	if p.outline > 0 {
		fmt.Fprintf(b, ` style:default-outline-level="%d"`, p.outline)
	}
	b.WriteString(`><style:paragraph-properties`)
	if p.line > 0 {
		fmt.Fprintf(b, ` fo:line-height="%gpt"`, p.line)
	} else {
		b.WriteString(` fo:line-height="100%"`)
	}
	align := "start"
	switch {
	case p.align == alignCenter:
		align = "center"
	case p.align == alignRight:
		align = "end"
	}
	fmt.Fprintf(b, ` fo:text-align="%s" fo:margin-left="%gpt" fo:text-indent="%gpt" fo:margin-top="%gpt" fo:margin-bottom="%gpt"`, align, p.left, p.first, p.before, p.after)
	if p.breakBefore {
		b.WriteString(` fo:break-before="page"`)
	}
	if p.next {
		b.WriteString(` fo:keep-with-next="always"`)
	}
	fmt.Fprintf(b, `/><style:text-properties fo:font-size="%[1]gpt" style:font-size-asian="%[1]gpt" style:font-size-complex="%[1]gpt" fo:font-weight="normal"`, p.size)
	if p.mono {
		fmt.Fprintf(b, ` style:font-name="%s"`, monoFont)
	}
	b.WriteString("/></style:style>\n")
}
