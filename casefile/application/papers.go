package application

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/document"
	"yuzheng/casefile/rpz"
)

// Paper is one paper of a packet, as a document to be written in some formats, or as data, or both.
type Paper struct {
	File     string // path in the packet without its ending, e.g. 01_聲請書
	Document document.Document
	Formats  []Format          // in which Document is written
	Data     map[Format][]byte // finished files
}

// Format is the ending of a file.
type Format string

// The formats.
const (
	PDF  Format = "pdf" // HTML that a browser prints
	ODT  Format = "odt"
	DOCX Format = "docx"
	HTML Format = "html"
	CSV  Format = "csv"
	JSON Format = "json"
	ZONE Format = "zone"
	NSUP Format = "nsupdate"
)

// PaperInput is all that the papers of a packet are made of.
type PaperInput struct {
	Application Application
	Targets     []Target
	Gates       []GateResult
	Exhibits    []Exhibit      // of the case; those that are cited get into the papers
	Custody     []CustodyLine  // that concern this packet, in order
	CustodyLeft []CustodyCount // entries that do not, by action, as of the rendering
	Versions    []Version      // program, browser, libraries
	Lists       *Lists
	Operator    string // who applies
	Contact     string // of the operator's office, for the sheet to TWNIC; may be empty
	Serial      uint32 // of the zone
	Time        time.Time
	Style       document.Style

	Losses  []Loss    // that were reported, of the case
	Life    Life      // of the application
	Earlier *Earlier  // the application that this one goes with; nil for none
	For     Recipient // who gets the papers; "" is the court
}

// Earlier is an application that another one supplements or lets go.
type Earlier struct {
	Application Application
	Targets     []Target
	Life        Life
}

// CustodyCount is how many entries of one action do not travel.
type CustodyCount struct {
	Action string
	Count  int
}

// CustodyLine is one entry of the custody log, to be printed.
type CustodyLine struct {
	Number   int64
	Time     time.Time
	Actor    string // person, tool, page, system
	Operator string
	Action   string
	Object   string
	Detail   string
	Hash     string // leaf hash, hexadecimal
}

// Version names one part of what made the evidence or the papers.
type Version struct{ Name, Value string }

// RefusedError says that papers are not made because the check has findings.
type RefusedError struct{ Findings []Finding }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("papers refused: %d findings, first %s %s", len(e.Findings), e.Findings[0].Code, e.Findings[0].Object)
}

// Papers makes all papers of a packet, in the order of their names, or none: an application with findings gives a
// *RefusedError, and lists that do not read back alike give rpz.ErrReadBack. The same input gives the same papers.
func Papers(in PaperInput, templates fs.FS) ([]Paper, error) {
	findings := Lint(in.Application, CaseData{in.Exhibits, in.Targets, in.Gates, in.Operator, in.Lists, in.Losses, in.Earlier})
	if len(findings) > 0 {
		return nil, &RefusedError{findings}
	}
	v, err := newView(in)
	if err != nil {
		return nil, err
	}
	if v.templates, err = templateSources(templates); err != nil {
		return nil, err
	}
	p := &press{view: v, templates: templates}
	t, _ := in.Lists.Type(in.Application.Type)
	names, forms := in.Lists.papers(t, in.For)
	for i, form := range forms {
		p.make(names[i], form)
	}
	return p.papers, p.err
}

// make makes one paper of a type: printed, with its lists beside it, or the volumes of exhibits.
func (p *press) make(name string, form paperForm) {
	if name == volumesPaper {
		p.volumes(form.File)
		return
	}
	if form.Template != "" {
		p.print(form.File, form.Template, form.Formats...)
	} else {
		p.file(form.File)
	}
	for _, f := range form.Data {
		content, ok := p.view.data(name, f)
		if !ok && p.err == nil {
			p.err = fmt.Errorf("paper %s: there is no list %s as %s", form.File, name, f)
		}
		p.data(content, f)
	}
}

// volumesPaper is the name of the form that stands for the volumes of exhibits.
const volumesPaper = "volumes"

// data is a list that stands beside a paper.
func (v *view) data(name string, f Format) (content []byte, ok bool) {
	type list struct {
		paper  string
		format Format
	}
	content, ok = map[list][]byte{
		{"annex", CSV}: v.annexCSV, {"annex", JSON}: v.annexJSON, {"evidence", CSV}: v.evidenceCSV, {"gate", JSON}: v.gateJSON,
		{"domains", CSV}: v.domainsCSV, {"zone", ZONE}: v.zone, {"removal", NSUP}: v.update,
	}[list{name, f}]
	return content, ok
}

// Cited lists the exhibits that the targets and the words of an application rest on, and those that report what was lost by its targets.
func Cited(a Application, targets []Target, losses []Loss) []string {
	var ids []string
	for _, l := range losses {
		if slices.Contains(a.Targets, l.Target) {
			ids = append(ids, l.Exhibit)
		}
	}
	for _, id := range a.Targets {
		if t, ok := findTarget(targets, id); ok {
			ids = append(ids, t.Exhibits...)
		}
	}
	texts := []string{
		a.Facts, a.Method, a.Remarks, a.Reasons.Suspicion, a.Reasons.Confiscation, a.Reasons.Relation, a.Reasons.Necessity,
		a.Reasons.Proportionality, a.Reasons.Urgency,
	}
	for _, name := range slices.Sorted(maps.Keys(a.More)) {
		texts = append(texts, a.More[name])
	}
	for _, text := range texts {
		for _, p := range ParseFacts(text) {
			for _, s := range p.Sentences {
				for _, r := range s.Refs {
					ids = append(ids, r.Exhibit)
				}
			}
		}
	}
	return distinct(ids)
}

// press makes papers one after the other until something fails.
type press struct {
	view      *view
	templates fs.FS
	papers    []Paper
	err       error
}

func (p *press) file(name string) *press {
	p.papers = append(p.papers, Paper{File: name, Data: map[Format][]byte{}})
	return p
}

func (p *press) print(name, template string, formats ...Format) {
	p.file(name)
	if p.err != nil {
		return
	}
	d, err := document.FromTemplate(p.templates, template, p.view)
	if err != nil {
		p.err = fmt.Errorf("paper %s: %w", name, err)
		return
	}
	last := &p.papers[len(p.papers)-1]
	last.Document, last.Formats = p.styled(d), formats
}

func (p *press) styled(d document.Document) document.Document {
	landscape := d.Style.Landscape
	d.Style = p.view.Style
	d.Style.Landscape = landscape
	return d
}

// data adds a finished file to the paper that was begun last.
func (p *press) data(content []byte, format Format) *press {
	p.papers[len(p.papers)-1].Data[format] = content
	return p
}

// chosen gives the targets of the application in its order, and the exhibits that are cited, by their numbers.
func chosen(in PaperInput) (targets []Target, exhibits []Exhibit) {
	for _, id := range in.Application.Targets {
		if t, ok := findTarget(in.Targets, id); ok {
			targets = append(targets, t)
		}
	}
	cited := Cited(in.Application, in.Targets, in.Losses)
	for _, e := range in.Exhibits {
		if slices.Contains(cited, e.ID) {
			exhibits = append(exhibits, e)
		}
	}
	slices.SortFunc(exhibits, func(a, b Exhibit) int { return strings.Compare(a.ID, b.ID) })
	return targets, exhibits
}

func rules(targets []Target) []rpz.Rule {
	list := make([]rpz.Rule, len(targets))
	for i, t := range targets {
		list[i] = t.rule()
	}
	return list
}
