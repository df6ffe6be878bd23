package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"
)

// page reads an HTML page: the addresses that its links lead to and those in its visible text. A table with a column of addresses is
// read as a list. Relative links are left out: what a page is called where it was saved says nothing.
func (r *reading) page(raw *bufio.Reader, enc encoding) error {
	head, _ := raw.Peek(1024)
	var text io.Reader
	if e, name, sure := charset.DetermineEncoding(head, ""); sure && enc.bom == 0 && name != "utf-8" {
		r.report.Encoding = name
		text = e.NewDecoder().Reader(raw)
	} else {
		text = enc.decode(raw)
	}
	return newPage(r, text, 1, false).read()
}

// decodeLabel gives r in UTF-8 by the name of an encoding, or by looking at it where the name is unknown or empty.
func decodeLabel(r io.Reader, label string) io.Reader {
	if e, err := htmlindex.Get(label); label != "" && err == nil {
		if name, _ := htmlindex.Name(e); name != "utf-8" {
			return e.NewDecoder().Reader(r)
		}
	}
	b := bufio.NewReaderSize(r, 16<<10)
	head, _ := b.Peek(16 << 10)
	return sniffEncoding(head).decode(b)
}

// pageReading walks through a page token by token.
type pageReading struct {
	*reading
	tokens *html.Tokenizer
	line   int
	still  bool // the line does not move: the page is a part of something that is encoded
	hidden atom.Atom
	block  strings.Builder // visible text since the last boundary
	begins int             // line at which it does
	grids  []*grid
	deeper int       // tables beyond maxGrids
	rows   int       // rowspan of the tag at hand
	span   [2]string // dates that a heading names for what follows
}

// newPage reads a page that begins at a line of the file; still says that its own lines are not those of the file.
func newPage(r *reading, text io.Reader, line int, still bool) *pageReading {
	p := &pageReading{reading: r, tokens: html.NewTokenizer(text), line: line, begins: line, still: still}
	p.tokens.SetMaxBuf(maxToken)
	return p
}

func (p *pageReading) read() error {
	for {
		kind := p.tokens.Next()
		lines := 0
		if !p.still {
			lines = bytes.Count(p.tokens.Raw(), []byte{'\n'})
		}
		if kind == html.ErrorToken {
			return p.end(p.tokens.Err())
		}
		if err := p.token(kind); err != nil {
			return err
		}
		p.line += lines
	}
}

// end gives what is still open; a row of a list in which the page ends is not whole.
func (p *pageReading) end(err error) error {
	if errors.Is(err, html.ErrBufferExceeded) {
		p.cut(cutBroken, p.line)
		if err := p.skip(p.line, "a tag or a text of more than 1 MiB", whyTooLong); err != nil {
			return err
		}
	}
	for len(p.grids) > 0 {
		g := p.grids[len(p.grids)-1]
		if g.list && g.open {
			p.cut(cutTruncated, g.row)
			p.report.Rows++
			g.open = false
			p.grids = p.grids[:len(p.grids)-1]
			if err := p.skip(g.row, strings.Join(append(g.cells, p.block.String()), " "), whyCutShort); err != nil {
				return err
			}
			p.block.Reset()
			continue
		}
		if err := p.closeGrid(); err != nil {
			return err
		}
	}
	return p.flush()
}

func (p *pageReading) token(kind html.TokenType) error {
	switch kind {
	case html.TextToken:
		return p.text(p.tokens.Text())
	case html.CommentToken:
		if c := string(p.tokens.Text()); strings.Contains(c, "saved from url") {
			return p.mention(Entry{Line: p.line}, c, inCell)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := p.tokens.TagName()
		return p.start(atom.Lookup(name), more)
	case html.EndTagToken:
		name, _ := p.tokens.TagName()
		return p.stop(atom.Lookup(name))
	}
	return nil
}

func (p *pageReading) text(text []byte) error {
	if p.hidden != 0 {
		return nil
	}
	if p.block.Len() == 0 {
		skipped := len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
		p.begins = p.line
		if !p.still {
			p.begins += bytes.Count(text[:skipped], []byte{'\n'})
		}
		text = text[skipped:]
	}
	if p.block.Len()+len(text) > maxCell && p.block.Len() > 0 {
		if err := p.flush(); err != nil {
			return err
		}
		p.begins = p.line
	}
	p.block.Write(text)
	return nil
}

func (p *pageReading) start(tag atom.Atom, more bool) error {
	p.rows = 0
	if more {
		if err := p.attributes(tag); err != nil {
			return err
		}
	}
	if p.hidden != 0 { // in a template
		return nil
	}
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript:
		p.hidden = tag
		return nil
	case atom.Br:
		p.block.WriteByte('\n')
		return nil
	case atom.Table:
		return p.openGrid()
	case atom.Tr:
		return p.openRow()
	case atom.Td, atom.Th:
		return p.openCell()
	}
	return p.boundary(tag)
}

func (p *pageReading) stop(tag atom.Atom) error {
	switch {
	case p.hidden != 0:
		if tag == p.hidden {
			p.hidden = 0
		}
		return nil
	case tag == atom.Table:
		return p.closeGrid()
	case tag == atom.Tr:
		return p.closeRow()
	case tag == atom.Td || tag == atom.Th:
		return p.closeCell()
	}
	return p.boundary(tag)
}

// boundary ends a block of text unless the tag stands inside a line, or inside a cell, where it is a new line.
func (p *pageReading) boundary(tag atom.Atom) error {
	switch tag {
	case 0, atom.A, atom.B, atom.I, atom.U, atom.S, atom.Em, atom.Strong, atom.Span, atom.Font, atom.Small, atom.Big, atom.Code, atom.Mark,
		atom.Wbr, atom.Sub, atom.Sup, atom.Tt, atom.Abbr, atom.Bdi, atom.Bdo, atom.Ins, atom.Del, atom.Img, atom.Label:
		return nil
	}
	if g := p.grid(); g != nil && g.inCell {
		p.block.WriteByte('\n')
		return nil
	}
	return p.flush()
}

// flush reads the block of text at hand.
func (p *pageReading) flush() error {
	text := strings.TrimSpace(p.block.String())
	p.block.Reset()
	if text == "" {
		return nil
	}
	if from, to := isoSpan(shorten(text, maxSkippedRaw)); from != "" {
		p.span = [2]string{from, to}
	}
	return p.mention(Entry{Line: p.begins}, text, inProse)
}

// attributes gives what a tag leads to: where a visitor goes, which pages are brought into this one, and what the page says is its own
// address. Pictures, scripts and styles are left out.
func (p *pageReading) attributes(tag atom.Atom) error {
	values := map[string]string{}
	for more := true; more; {
		var name, value []byte
		name, value, more = p.tokens.TagAttr()
		switch string(name) {
		case "href", "src", "action", "content", "rel", "http-equiv", "property", "rowspan":
			values[string(name)] = string(value)
		}
	}
	p.rows, _ = strconv.Atoi(strings.TrimSpace(values["rowspan"])) // 0 where it is no number
	switch tag {
	case atom.A, atom.Area:
		return p.link(values["href"])
	case atom.Link:
		if strings.EqualFold(values["rel"], "canonical") {
			return p.link(values["href"])
		}
	case atom.Iframe, atom.Frame:
		return p.link(values["src"])
	case atom.Form:
		return p.link(values["action"])
	case atom.Meta:
		if strings.EqualFold(values["http-equiv"], "refresh") || strings.EqualFold(values["property"], "og:url") {
			return p.link(values["content"])
		}
	}
	return nil
}

// link reads one link. In a cell of a list it is kept until it is known whether the cell's text names the address.
func (p *pageReading) link(value string) error {
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "//") {
		value = "https:" + value
	}
	lower := strings.ToLower(value[:min(len(value), 16)])
	if !strings.Contains(value, "://") && !strings.HasPrefix(lower, "mailto:") && !strings.HasPrefix(lower, "tel:") && !strings.HasPrefix(lower, "intent:") {
		return nil
	}
	if g := p.grid(); g != nil && g.list && g.inCell {
		if len(g.link) < maxURL {
			g.link += value + "\n"
		}
		return nil
	}
	return p.mention(Entry{Line: p.line}, value, inCell)
}
