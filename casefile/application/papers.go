package application

import (
	"fmt"
	"io/fs"
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
	findings := Lint(in.Application, CaseData{in.Exhibits, in.Targets, in.Gates, in.Operator, in.Lists})
	if len(findings) > 0 {
		return nil, &RefusedError{findings}
	}
	v, err := newView(in)
	if err != nil {
		return nil, err
	}
	p := &press{view: v, templates: templates}
	p.print("00_請先閱讀", "readme", PDF, HTML)
	p.print("01_聲請書", "application", PDF, ODT, DOCX)
	p.print("02_附表一_扣押標的", "annex", PDF)
	p.data(v.annexCSV, CSV).data(v.annexJSON, JSON)
	p.print("03_證據清單", "evidence", PDF)
	p.data(v.evidenceCSV, CSV)
	p.volumes()
	p.print("05_誤傷檢查", "gate", PDF)
	p.data(v.gateJSON, JSON)
	p.print("06_執行/執行單", "execution", PDF)
	p.file("06_執行/domains").data(v.domainsCSV, CSV)
	p.file("06_執行/rpz").data(v.zone, ZONE)
	p.print("07_監管鏈", "custody", PDF)
	p.print("09_技術說明", "technical", PDF)
	return p.papers, p.err
}

// Cited lists the exhibits that the targets and the words of an application rest on.
func Cited(a Application, targets []Target) []string {
	var ids []string
	for _, id := range a.Targets {
		if t, ok := findTarget(targets, id); ok {
			ids = append(ids, t.Exhibits...)
		}
	}
	for _, text := range []string{
		a.Facts, a.Method, a.Remarks, a.Reasons.Suspicion, a.Reasons.Confiscation, a.Reasons.Relation, a.Reasons.Necessity,
		a.Reasons.Proportionality, a.Reasons.Urgency,
	} {
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
	cited := Cited(in.Application, in.Targets)
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
