package intake

import "strings"

const (
	maxGrids   = 16   // tables in tables; the text of deeper ones is part of the cell around them
	maxRowspan = 1000 // rows that a cell goes over
)

// grid is an open table of a page.
type grid struct {
	table
	list   bool // a heading has named a column of addresses
	row    int  // line of the row at hand
	open   bool // a row is
	inCell bool
	cells  []string
	begins []int    // lines of the cells
	links  []string // of the cells
	link   string
	rows   int     // that the cell at hand goes over
	carry  []carry // by column: cells of earlier rows that go on
}

type carry struct {
	text string
	left int
}

func (p *pageReading) grid() *grid {
	if len(p.grids) == 0 {
		return nil
	}
	return p.grids[len(p.grids)-1]
}

func (p *pageReading) openGrid() error {
	if err := p.endText(); err != nil {
		return err
	}
	if len(p.grids) == maxGrids {
		p.deeper++
		return nil
	}
	p.grids = append(p.grids, &grid{table: table{reading: p.reading}})
	return nil
}

func (p *pageReading) closeGrid() error {
	if p.deeper > 0 {
		p.deeper--
		return nil
	}
	if err := p.closeRow(); err != nil {
		return err
	}
	if n := len(p.grids); n > 0 {
		p.grids = p.grids[:n-1]
	}
	return p.flush()
}

// endText reads the text at hand, which belongs to no cell of a list.
func (p *pageReading) endText() error {
	if g := p.grid(); g != nil && g.list && g.inCell {
		return nil // stays in the cell
	}
	return p.flush()
}

func (p *pageReading) openRow() error {
	if err := p.closeRow(); err != nil {
		return err
	}
	if g := p.grid(); g != nil {
		g.open, g.row, g.cells, g.begins, g.links = true, p.line, nil, nil, nil
	}
	return nil
}

func (p *pageReading) openCell() error {
	if err := p.closeCell(); err != nil {
		return err
	}
	g := p.grid()
	if g == nil {
		return nil
	}
	if err := p.flush(); err != nil { // text between cells
		return err
	}
	if !g.open {
		g.open, g.row = true, p.line
	}
	g.inCell, g.rows = true, p.rows
	return nil
}

func (p *pageReading) closeCell() error {
	g := p.grid()
	if g == nil || !g.inCell {
		return nil
	}
	g.inCell = false
	text := strings.TrimSpace(p.block.String())
	p.block.Reset()
	link := g.link
	g.link = ""
	if len(g.cells) == maxHeaders {
		return p.mention(Entry{Line: p.begins}, text, inProse)
	}
	g.carryInto()
	g.put(text, p.begins, link)
	return nil
}

// carryInto puts cells of earlier rows that go on where the next cell would stand.
func (g *grid) carryInto() {
	for i := len(g.cells); i < min(len(g.carry), maxHeaders) && g.carry[i].left > 0; i++ {
		g.carry[i].left--
		g.cells, g.begins, g.links = append(g.cells, g.carry[i].text), append(g.begins, g.row), append(g.links, "")
	}
}

func (g *grid) put(text string, begins int, link string) {
	i := len(g.cells) // at most maxHeaders
	for len(g.carry) <= i {
		g.carry = append(g.carry, carry{})
	}
	if g.rows > 1 {
		g.carry[i] = carry{shorten(text, maxPiece), min(g.rows-1, maxRowspan)}
	}
	g.cells, g.begins, g.links = append(g.cells, text), append(g.begins, begins), append(g.links, link)
}

func (p *pageReading) closeRow() error {
	if err := p.closeCell(); err != nil {
		return err
	}
	g := p.grid()
	if g == nil || !g.open {
		return nil
	}
	g.open = false
	g.carryInto()
	if !g.list {
		return p.plainRow(g)
	}
	g.span = p.span
	p.report.Rows++
	n, why, err := g.table.row(g.row, g.cells)
	if err != nil || n > 0 {
		return err
	}
	return p.linked(g, why)
}

// linked reads what the links of a row lead to, where its text names no address.
func (p *pageReading) linked(g *grid, why Reason) error {
	if why != whyHeader {
		for _, link := range g.links {
			n, _, err := p.cell(g.entry(g.row, g.cells), link, inCell)
			if err != nil || n > 0 {
				return err
			}
		}
	}
	return p.skip(g.row, strings.Join(g.cells, " "), why)
}

// plainRow reads a row of a table that is no list so far, and sees whether it is the heading of one.
func (p *pageReading) plainRow(g *grid) error {
	if c, ok := heading(g.cells); ok {
		g.list = true
		g.adopt(c)
		p.report.Rows++
		return p.skip(g.row, strings.Join(g.cells, " "), whyHeader)
	}
	for i, cell := range g.cells {
		if from, to := isoSpan(shorten(cell, maxSkippedRaw)); from != "" {
			p.span = [2]string{from, to}
		}
		if err := p.mention(Entry{Line: g.begins[i]}, cell, inProse); err != nil {
			return err
		}
	}
	return nil
}
