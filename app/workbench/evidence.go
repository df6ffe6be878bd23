package workbench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

// evidence gives the exhibits of a case as the gate, the checks and the papers want them.
func (w *Workbench) evidence(ctx context.Context, c *casefile.Case) ([]application.Exhibit, error) {
	exhibits, err := c.Exhibits()
	if err != nil {
		return nil, err
	}
	list := make([]application.Exhibit, 0, len(exhibits))
	for _, e := range exhibits {
		x, err := w.exhibit(ctx, c, e)
		if err != nil {
			return nil, err
		}
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
		ID: got.Exhibit, URL: got.URL, FinalURL: got.FinalURL, View: string(got.View), Title: got.Title, Verdict: string(got.Verdict),
		Status: got.Status, Started: got.Started, Ended: got.Started.Add(time.Duration(got.ElapsedMS) * time.Millisecond),
		Warnings: got.Warnings,
	}
	for _, h := range got.Redirects {
		x.Redirects = append(x.Redirects, h.URL, h.To)
	}
	for _, m := range got.Missing {
		x.Missing = append(x.Missing, m.What+"："+m.Reason)
	}
	for _, a := range got.Artifacts {
		x.Artifacts = append(x.Artifacts, application.Artifact(a))
	}
	if x.Operator, err = admittedBy(c, e.Entry); err != nil {
		return x, err
	}
	open := func(name string) (io.ReadCloser, error) { return c.OpenArtifact(ctx, e.Entry, name) }
	if has(e, capture.Screenshot) {
		x.Picture = func() (io.ReadCloser, error) { return open(capture.Screenshot) }
	}
	if has(e, capture.FactsJSON) {
		x.Facts, err = readFacts(open)
	}
	return x, err
}

func admittedBy(c *casefile.Case, entry int64) (string, error) {
	for e, err := range c.Entries(entry) {
		return e.Operator.Name, err
	}
	return "", fmt.Errorf("entry %d: %w", entry, casefile.ErrNotFound)
}

func has(e casefile.Exhibit, name string) bool {
	for _, a := range e.Artifacts {
		if a.Name == name {
			return true
		}
	}
	return false
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// factsFile is the part of facts.json that the gate and the papers use. METHOD.md of package capture has all of it.
type factsFile struct {
	Connections []struct {
		Host    string `json:"host"`   // HOST:PORT
		Remote  string `json:"remote"` // ADDRESS:PORT
		Refused string `json:"refused"`
	} `json:"connections"`
	Servers []struct {
		Certificates []struct {
			Names []string `json:"names"`
		} `json:"certificates"`
	} `json:"servers"`
	Network netfacts.Facts `json:"network"`
}

func readFacts(open func(string) (io.ReadCloser, error)) (application.Facts, error) {
	r, err := open(capture.FactsJSON)
	if err != nil {
		return application.Facts{}, err
	}
	defer r.Close()
	var file factsFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return application.Facts{}, fmt.Errorf("facts.json: %w", err)
	}
	facts := application.Facts{Addresses: file.addresses(), MX: file.mailServers(), Names: file.names()}
	for _, reg := range file.Network.Registration {
		if reg.Kind == "domain" && reg.Error == "" {
			facts.Domain, facts.Registrar, facts.NameServers = reg.Query, reg.Registrar, reg.Servers
			facts.Registered = registered(reg.Events)
		}
	}
	return facts, nil
}

func (f factsFile) addresses() map[string][]string {
	list := map[string][]string{}
	for _, c := range f.Connections {
		name, _, _ := net.SplitHostPort(c.Host)
		address, _, _ := net.SplitHostPort(c.Remote)
		if c.Refused == "" && address != "" && !slices.Contains(list[name], address) {
			list[name] = append(list[name], address)
		}
	}
	return list
}

// mailServers has a name for every MX question that was answered, with no server where there is none.
func (f factsFile) mailServers() map[string][]string {
	list := map[string][]string{}
	for _, a := range f.Network.DNS {
		if a.Type != "MX" || a.Error != "" {
			continue
		}
		list[a.Name] = []string{}
		for _, r := range a.Records {
			if r.Section == "answer" && r.Type == "MX" {
				list[a.Name] = append(list[a.Name], r.Value)
			}
		}
	}
	return list
}

// names are the hosts in the certificates that were shown.
func (f factsFile) names() []string {
	var list []string
	for _, s := range f.Servers {
		for _, c := range s.Certificates {
			list = append(list, c.Names...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// registered is when the registry says that the name was registered (RFC 9083, 4.5); zero when it does not say.
func registered(events []netfacts.Event) time.Time {
	for _, e := range events {
		if t, ok := e.Time(); ok && e.Action == "registration" {
			return t
		}
	}
	return time.Time{}
}
