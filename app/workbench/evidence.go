package workbench

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"yuzheng/app/faults"
	"yuzheng/capture/compare"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// paperLang is the language of papers.
const paperLang = "zh-TW"

// evidence gives the exhibits of a case as the gate, the checks and the papers want them.
func (w *Workbench) evidence(ctx context.Context, c *casefile.Case) ([]application.Exhibit, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	texts, err := shown(c)
	if err != nil {
		return nil, err
	}
	list := make([]application.Exhibit, 0, len(exhibits))
	for _, e := range exhibits {
		x, err := w.exhibit(ctx, c, e)
		if err != nil {
			return nil, err
		}
		x.Shows = texts[e.ID]
		list = append(list, x)
	}
	return list, nil
}

func (w *Workbench) exhibit(ctx context.Context, c *casefile.Case, e casefile.Exhibit) (application.Exhibit, error) {
	got, err := captured(e)
	if err != nil {
		return application.Exhibit{}, err
	}
	x := application.Exhibit{
		ID: got.Exhibit, Kind: got.Kind, Making: making(e, got), URL: got.URL, FinalURL: got.FinalURL, View: string(got.View), Title: got.Title, Verdict: string(got.Verdict),
		Status: got.Status, Started: got.Started, Ended: got.Started.Add(time.Duration(got.ElapsedMS) * time.Millisecond),
	}
	for _, h := range got.Redirects {
		x.Redirects = append(x.Redirects, h.URL, h.To)
	}
	told := func(said, raw string) string {
		if said != raw {
			x.Raw = append(x.Raw, raw)
		}
		return said
	}
	for _, m := range got.Missing {
		x.Missing = append(x.Missing, faults.Say(paperLang, m.What)+"："+told(faults.Missing(paperLang, m), m.Reason))
	}
	for i, said := range faults.Warnings(paperLang, got.Cautions) {
		x.Warnings = append(x.Warnings, told(said, got.Warnings[i]))
	}
	x.Artifacts = append(x.Artifacts, got.Artifacts...)
	if x.Operator, err = admittedBy(c, e.Entry); err != nil {
		return x, err
	}
	open := func(name string) (io.ReadCloser, error) { return c.OpenArtifact(ctx, e.Entry, name) }
	if got.Kind != evidence.Capture {
		return x, nil
	}
	for _, name := range []string{evidence.Screenshot, evidence.ViewportShot} {
		if has(e, name) {
			x.PictureName, x.Picture = name, func() (io.ReadCloser, error) { return open(name) }
			break
		}
	}
	if !has(e, evidence.FactsJSON) {
		return x, nil
	}
	facts, err := readDocument[evidence.Facts](ctx, c, e, evidence.FactsJSON)
	if err != nil {
		return x, err
	}
	tellFacts(facts, &x)
	if !has(e, evidence.CaptureJSON) || len(x.Facts.Addresses) == 0 {
		return x, nil
	}
	report, err := readDocument[evidence.Report](ctx, c, e, evidence.CaptureJSON)
	x.Facts.Prescribed = prescribed(report.Request)
	return x, err
}

// making is how the exhibit came about, from what its entry says.
func making(e casefile.Exhibit, got Captured) application.Making {
	d := e.Detail
	m := application.Making{Session: got.Session, Conclusion: d["conclusion"], Sides: strings.Fields(d["compared"])}
	if s := got.Source; s != nil {
		m.File, m.From, m.Received, m.Reference = s.File, s.From, s.Received, s.Reason
	}
	switch got.Kind {
	case evidence.List:
		m.Addresses, m.Skipped = d["addresses"], d["skipped"]
	case evidence.Crawl:
		m.Start, m.Pages = d["start"], d["pages"]
	case evidence.Session:
		m.Actions = d["actions"]
	case evidence.Execution:
		m.Names, m.Stopped, m.Resolvers = d["names"], d["stopped"], strings.Join(strings.Fields(d["resolvers"]+" "+d["control"]), "、")
	case evidence.Copy:
		m.Original, m.Rules = d[evidence.DetailOriginal], d[evidence.DetailRulesEntry]
	}
	return m
}

func admittedBy(c *casefile.Case, entry int64) (string, error) {
	e, err := entryAt(c, entry)
	return e.Operator.Name, err
}

// entryAt is the entry of a number.
func entryAt(c *casefile.Case, number int64) (custody.Entry, error) {
	for e, err := range c.Entries(number) {
		return e, err
	}
	return custody.Entry{}, fmt.Errorf("entry %d: %w", number, casefile.ErrNotFound)
}

func has(e casefile.Exhibit, name string) bool {
	for _, a := range e.Artifacts {
		if a.Name == name {
			return true
		}
	}
	return false
}

// tellFacts takes out of the facts what gate and papers use: what the network said, and how the program asked it.
func tellFacts(file evidence.Facts, x *application.Exhibit) {
	x.Facts = application.Facts{Addresses: addressesIn(file.Connections), Names: namesIn(file.Servers)}
	if file.Network == nil {
		return
	}
	x.Facts.MX = mailServers(file.Network.DNS)
	if h, told := compare.HolderOf(*file.Network); told {
		x.Facts.Source, x.Facts.Domain, x.Facts.Registrar, x.Facts.Registrant = h.Source, h.Domain, h.Registrar, h.Registrant
		x.Facts.NameServers, x.Facts.Registered = h.Servers, h.Created
	}
	x.Visit.Resolver = file.Network.Resolver
	if c := file.Network.Clock; c != nil {
		x.Visit.ClockServer, x.Visit.ClockFailure = c.Server, faults.Say(paperLang, c.Error)
		if c.Error == "" {
			x.Visit.ClockOffset = &c.OffsetMS
		}
	}
}

// addressesIn are the addresses that each host was reached at.
func addressesIn(connections []evidence.Connection) map[string][]string {
	list := map[string][]string{}
	for _, c := range connections {
		name, _, _ := net.SplitHostPort(c.Host)
		if c.Refused != "" || !c.Remote.IsValid() {
			continue
		}
		if address := c.Remote.Addr().String(); !slices.Contains(list[name], address) {
			list[name] = append(list[name], address)
		}
	}
	return list
}

// mailServers has a name for every MX question that was decided, with no server where there is none.
func mailServers(answers []evidence.DNSAnswer) map[string][]string {
	list := map[string][]string{}
	for _, a := range answers {
		if a.Type != "MX" || !a.Decided() {
			continue
		}
		list[a.Name] = []string{}
		for _, r := range a.Records {
			if r.Section == "answer" && r.Type == "MX" && !nullMX(r.Value) {
				list[a.Name] = append(list[a.Name], r.Value)
			}
		}
	}
	return list
}

// nullMX reports whether a record, a preference and a name, says that the name takes no mail: the name is the root's (RFC 7505, 3).
func nullMX(value string) bool { return strings.HasSuffix(value, " .") }

// namesIn are the hosts in the certificates that were shown.
func namesIn(servers []evidence.Server) []string {
	var list []string
	for _, s := range servers {
		for _, c := range s.Chain {
			list = append(list, c.Names...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
