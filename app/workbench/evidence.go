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
		x.Facts, err = readFacts(open, hostOf(got.FinalURL))
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
	Main struct {
		TLS struct{ SANs []string } `json:"tls"`
	} `json:"main_document"`
}

func readFacts(open func(string) (io.ReadCloser, error), host string) (application.Facts, error) {
	r, err := open(capture.FactsJSON)
	if err != nil {
		return application.Facts{}, err
	}
	defer r.Close()
	var file factsFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return application.Facts{}, fmt.Errorf("facts.json: %w", err)
	}
	return file.facts(host), nil
}

func (f factsFile) facts(host string) application.Facts {
	facts := application.Facts{Addresses: map[string][]string{}, Names: slices.Clone(f.Main.TLS.SANs)}
	for _, c := range f.Connections {
		name, _, _ := net.SplitHostPort(c.Host)
		address, _, _ := net.SplitHostPort(c.Remote)
		if c.Refused == "" && address != "" && !slices.Contains(facts.Addresses[name], address) {
			facts.Addresses[name] = append(facts.Addresses[name], address)
		}
	}
	return facts
}
