package exhibit

import (
	"cmp"
	"strings"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/report"
	"yuzheng/casefile/evidence"
)

// MarkOwnHops marks the redirects of the main document that no server sent.
func (x *Exhibit) MarkOwnHops() {
	for _, h := range x.Exchanges.BrowserHops() {
		for i, r := range x.Result.Redirects {
			if r.URL == h.URL && r.By == evidence.LedByServer {
				x.Result.Redirects[i].By, x.Result.Redirects[i].Status = evidence.LedByBrowser, 0
				x.Journal.Warn(evidence.BrowserWentOn.With(r.URL, r.To, h.Why))
				break
			}
		}
	}
}

// CloseArchives ends both archives, with the page that they are about.
func (x *Exhibit) CloseArchives() {
	if x.Cleaner != nil {
		x.Cleaner.Page(x)
	}
	p := archive.Page{URL: x.finalURL(), Title: x.Says.Title, Text: x.Says.Text, At: x.started}
	if main := x.Exchanges.Main(); main != nil {
		p.URL, p.At = withRoute(main.URL, x.finalURL()), main.Started
	}
	x.Exchanges.CloseArchives([]archive.Page{p})
}

// withRoute gives the address that a document was asked from with the fragment at which the page ended, which may be its route: a reader opens
// the page there. It is of the same document only if all before it is the same.
func withRoute(asked, ended string) string {
	if before, _, ok := strings.Cut(ended, "#"); ok && before == asked {
		return ended
	}
	return asked
}

// KeepRest writes what was gathered over the whole capture.
func (x *Exhibit) KeepRest() {
	if body, media := x.Exchanges.Source(); len(body) > 0 {
		x.Keeper.Put(evidence.SourceHTML, cmp.Or(media, "text/html"), body)
	}
	x.Keeper.Put(evidence.ConsoleJSONL, "application/jsonl", journal.JSONLines(x.Console.all()))
	x.Keeper.Put(evidence.Certificates, "application/x-pem-file", x.Exchanges.Certificates.PEM())
	x.Keeper.Put(evidence.ActionsJSONL, "application/jsonl", journal.JSONLines(x.Journal.Actions()))
}

// Conclude judges and writes capture.json.
func (x *Exhibit) Conclude(main *exchange.Document) evidence.Summary {
	r := &x.Result
	if main != nil {
		r.Status = main.Status
		for _, name := range report.Promised {
			if !x.Keeper.Has(name) {
				x.promise(name, main)
			}
		}
	} else if why := x.Guard.Reason(exchange.HostPort(x.LastAddress())); why != "" {
		x.Journal.Warn(evidence.PageFailed.With(x.LastAddress(), why))
	}
	x.tellAccount()
	r.FinalURL, r.Title = x.finalURL(), x.Says.Title
	r.Verdict = report.Verdict(x.findings(main))
	r.Missing = append(r.Missing, x.Journal.Missing()...)
	r.Warn(x.Journal.Warnings()...)
	r.Contacts = append(x.Contacts, r.Contacts...)
	r.Artifacts = x.Keeper.Artifacts()
	r.ElapsedMS = x.Options.Now().Sub(r.Started).Milliseconds()
	if err := x.Keeper.PutJSON(evidence.CaptureJSON, x.report()); err == nil {
		r.Artifacts = x.Keeper.Artifacts()
	}
	x.Progress.Step(capture.StepDone, 0, 0)
	return report.Shortened(*r)
}

// promise names an artifact that should be there, unless its lack has been named with its own reason.
func (x *Exhibit) promise(name string, main *exchange.Document) {
	for _, m := range x.Journal.Missing() {
		if m.What == name {
			return
		}
	}
	switch {
	case name == evidence.SourceHTML && main.Departed:
		x.Journal.Miss(name, evidence.DocumentUnserved.With(cmp.Or(x.Says.URL, "which was not read"), main.URL))
	case name == evidence.SourceHTML && main.Lost.Silent():
		x.Journal.Miss(name, evidence.AnswerEmpty.With())
	default:
		x.Journal.Miss(name, evidence.NotMade.With())
	}
}

func (x *Exhibit) finalURL() string {
	if exchange.OverNetwork(x.Says.URL) {
		return x.Says.URL
	}
	return x.LastAddress()
}

// LastAddress is the last one that the main document was asked from.
func (x *Exhibit) LastAddress() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.Main != "" {
		return x.Main
	}
	return x.Address
}

func (x *Exhibit) report() evidence.Report {
	traffic, refused := x.Exchanges.Traffic()
	return evidence.Report{
		Schema: evidence.Schema, Program: x.Options.Software, Browser: x.Browser.Product, Request: x.Request, Result: x.Result, Page: x.pageAsTaken(),
		Overrides: &evidence.Overrides{
			Visitor: x.Visitor.Told(), Headless: evidence.Tell(!x.Browser.Setup.Visible), Sandbox: evidence.Tell(!x.Request.NoSandbox),
			Certificates: evidence.Tell(evidence.Unverified), Flags: x.Browser.Flags,
		},
		Bitten: x.Journal.Limits(), Browsers: len(x.Browser.Own()), Unsent: x.Exchanges.Barred(), Session: x.Segment.told(),
		Checked: x.Journal.Checks(), Documents: x.Documents,
		Traffic: traffic, Refused: refused,
	}
}

// pageAsTaken is what is told of the page.
func (x *Exhibit) pageAsTaken() evidence.Page {
	p := x.Says.Page
	p.Width, p.Height = x.Camera.Width, x.Camera.Height
	return p
}

// findings are what the verdict stands on.
func (x *Exhibit) findings(main *exchange.Document) report.Findings {
	says := x.Says
	return report.Findings{
		Asked: x.Request.URL, Main: main, Redirects: x.Result.Redirects, Missing: x.Journal.Missing(), Artifacts: x.Keeper.Artifacts(),
		Forbidden: x.Guard.Forbids(exchange.HostPort(x.LastAddress())), Cut: x.Cut,
		Password: says.Password, Marks: says.Marks, Chars: says.Chars, Blocked: x.Options.Blocked,
	}
}
