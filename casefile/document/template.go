package document

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// A template is a text file for text/template whose output is one block a line, written as WORD: TEXT. Empty lines and
// lines that begin with // are skipped. The words:
//
//	title       title of the paper, as its first heading too
//	mark        密件 …, at the top of every page
//	landscape   the paper lies (no text)
//	h1 h2 h3    heading                  #1 #2 #3   numbered heading
//	1 2 3 4     numbered paragraph       p          paragraph
//	p1 … p8     paragraph that stands in by so many characters
//	center right                         paragraph so aligned
//	1+ p+ center+ …                      such a paragraph that belongs to what follows: never the last of a page
//	hang        LABEL | TEXT             a label and what stands right of it
//	table small CAPTION                  a table (small: 10 points) of the lines that follow:
//	col         TITLE | WIDTH | mono     a column; width is a share, mono may be left out
//	row         CELL | CELL …            a row
//	page        begins a new page
//
// Whatever a template inserts is data: it is cleaned, its line feeds break a line within the block, and it can neither
// begin a block nor a cell.

// dataBreak and dataBar stand for line feeds and bars of data until the lines are parsed. Clean leaves none in data.
const (
	dataBreak = "\x1e"
	dataBar   = "\x1f"
)

var templateFuncs = template.FuncMap{
	"data": func(v any) string {
		return strings.NewReplacer("\n", dataBreak, "|", dataBar).Replace(Clean(fmt.Sprint(v)))
	},
	// lines cuts text into its lines, without blank ones.
	"lines": func(text string) []string {
		var list []string
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, line)
			}
		}
		return list
	},
	"date":  Date,
	"clock": Clock,
	"add":   func(a, b int) int { return a + b },
	"join":  func(list []string) string { return strings.Join(list, "、") },
}

// FromTemplate makes a document of the template NAME.paper and data.
func FromTemplate(templates fs.FS, name string, data any) (Document, error) {
	text, err := fs.ReadFile(templates, name+".paper")
	if err != nil {
		return Document{}, fmt.Errorf("template of a paper: %w", err)
	}
	t, err := parseTemplate(name, string(text))
	if err != nil {
		return Document{}, err
	}
	if err := parts(t, templates); err != nil {
		return Document{}, fmt.Errorf("template of a paper: %w", err)
	}
	for _, each := range t.Templates() {
		if each.Tree != nil {
			escape(each.Tree, each.Root)
		}
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return Document{}, fmt.Errorf("template of a paper: %w", err)
	}
	d, err := parseBlocks(b.String())
	if err != nil {
		return Document{}, fmt.Errorf("template %s: %w", name, err)
	}
	return d, nil
}

// parts reads what several papers share: the definitions in the files NAME.parts, each called NAME.something, so that it hides no paper.
func parts(t *template.Template, templates fs.FS) error {
	names, err := fs.Glob(templates, "*.parts")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(templates, name)
		if err != nil {
			return err
		}
		if _, err := t.New(name).Parse(string(text)); err != nil {
			return err
		}
	}
	return nil
}

// TemplateFiles lists the files of templates and of what they share.
func TemplateFiles(templates fs.FS) ([]string, error) {
	papers, err := fs.Glob(templates, "*.paper")
	if err != nil {
		return nil, err
	}
	shared, err := fs.Glob(templates, "*.parts")
	return append(papers, shared...), err
}

// CheckTemplate reports whether a text has the form of a template. Whether what it inserts is there is seen when it is filled.
func CheckTemplate(name, text string) error {
	_, err := parseTemplate(name, text)
	return err
}

func parseTemplate(name, text string) (*template.Template, error) {
	t, err := template.New(name).Funcs(templateFuncs).Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("template of a paper: %w", err)
	}
	return t, nil
}

// escape puts the function data at the end of every pipeline that prints, as html/template does with its own.
func escape(tree *parse.Tree, n parse.Node) {
	switch v := n.(type) {
	case *parse.ListNode:
		if v == nil {
			return
		}
		for _, each := range v.Nodes {
			escape(tree, each)
		}
	case *parse.ActionNode:
		if len(v.Pipe.Decl) == 0 {
			id := parse.NewIdentifier("data").SetTree(tree).SetPos(v.Pos)
			v.Pipe.Cmds = append(v.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: v.Pos, Args: []parse.Node{id}})
		}
	case *parse.IfNode:
		escape(tree, v.List)
		escape(tree, v.ElseList)
	case *parse.RangeNode:
		escape(tree, v.List)
		escape(tree, v.ElseList)
	case *parse.WithNode:
		escape(tree, v.List)
		escape(tree, v.ElseList)
	}
}

func parseBlocks(text string) (Document, error) {
	var d Document
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		word, rest, ok := strings.Cut(line, ":")
		if !ok {
			return d, fmt.Errorf("line %d has no word and colon: %.40q", i+1, line)
		}
		if err := d.line(word, strings.TrimSpace(rest)); err != nil {
			return d, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return d, nil
}

// restore gives data its line feeds and bars back.
var restore = strings.NewReplacer(dataBreak, "\n", dataBar, "|").Replace

// kept are the words of paragraphs that belong to what follows.
var kept = regexp.MustCompile(`^(?:[1-4]|p[1-8]?|center|right)\+$`)

func (d *Document) line(word, text string) error {
	keep := kept.MatchString(word)
	if keep {
		word = word[:len(word)-1]
	}
	add := func(b Block) { d.Blocks = append(d.Blocks, b) }
	switch word {
	case "title":
		d.Title = restore(text)
		add(Heading{Text: d.Title})
	case "mark":
		d.Mark = restore(text)
	case "landscape":
		d.Style.Landscape = true
	case "h1", "h2", "h3", "#1", "#2", "#3":
		level, _ := strconv.Atoi(word[1:])
		add(Heading{Level: level, Numbered: word[0] == '#', Text: restore(text)})
	case "1", "2", "3", "4":
		level, _ := strconv.Atoi(word)
		add(Paragraph{Level: level, Text: restore(text), Keep: keep})
	case "p", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8":
		indent, _ := strconv.Atoi(word[1:])
		add(Paragraph{Indent: indent, Text: restore(text), Keep: keep})
	case "center", "right":
		add(Paragraph{Align: alignment(word), Text: restore(text), Keep: keep})
	case "hang":
		label, rest, _ := strings.Cut(text, "|")
		add(Paragraph{Hang: restore(strings.TrimSpace(label)), Text: restore(strings.TrimSpace(rest))})
	case "table", "small":
		add(Table{Caption: restore(text), Small: word == "small"})
	case "page":
		add(PageBreak{})
	case "col", "row":
		return d.tableLine(word, strings.Split(text, "|"))
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

// tableLine adds a column or a row to the table that was begun last.
func (d *Document) tableLine(word string, cells []string) error {
	last := len(d.Blocks) - 1
	if last < 0 {
		return fmt.Errorf("%s without a table", word)
	}
	t, ok := d.Blocks[last].(Table)
	if !ok {
		return fmt.Errorf("%s without a table", word)
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if word == "col" {
		c := Column{Title: restore(cells[0])}
		if len(cells) > 1 {
			width, err := strconv.ParseFloat(cells[1], 64)
			if err != nil || width <= 0 {
				return fmt.Errorf("width %q of a column", cells[1])
			}
			c.Width = width
		}
		c.Mono = len(cells) > 2 && cells[2] == "mono"
		t.Columns = append(t.Columns, c)
	} else {
		for i := range cells {
			cells[i] = restore(cells[i])
		}
		if len(cells) != len(t.Columns) {
			return fmt.Errorf("row of %d cells in a table of %d columns", len(cells), len(t.Columns))
		}
		t.Rows = append(t.Rows, cells)
	}
	d.Blocks[last] = t
	return nil
}
