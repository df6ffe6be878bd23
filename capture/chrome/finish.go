package chrome

import (
	"cmp"
	"strings"

	"yuzheng/capture/chrome/report"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// ownHops marks the redirects of the main document that no server sent.
func (x *exhibit) ownHops() {
	for _, h := range x.exchanges.BrowserHops() {
		for i, r := range x.result.Redirects {
			if r.URL == h.URL && r.By == evidence.LedByServer {
				x.result.Redirects[i].By, x.result.Redirects[i].Status = evidence.LedByBrowser, 0
				x.journal.Warn("%s was not asked: the browser itself went on to %s (%s)", r.URL, r.To, h.Why)
				break
			}
		}
	}
}

func (x *exhibit) closeArchives() {
	if x.cleaner != nil {
		x.cleaner.page(x)
	}
	p := archive.Page{URL: x.finalURL(), Title: x.page0.Title, Text: x.page0.Text, At: x.started}
	if main := x.exchanges.Main(); main != nil {
		p.URL, p.At = withRoute(main.URL, x.finalURL()), main.Started
	}
	x.exchanges.CloseArchives([]archive.Page{p})
}

// withRoute gives the address that a document was asked from with the fragment at which the page ended, which may be its route: a reader opens
// the page there. It is of the same document only if all before it is the same.
func withRoute(asked, ended string) string {
	if before, _, ok := strings.Cut(ended, "#"); ok && before == asked {
		return ended
	}
	return asked
}

// keepRest writes what was gathered over the whole capture.
func (x *exhibit) keepRest() {
	if body, media := x.exchanges.Source(); len(body) > 0 {
		x.keeper.Put(evidence.SourceHTML, cmp.Or(media, "text/html"), body)
	}
	x.keeper.Put(evidence.ConsoleJSONL, "application/jsonl", journal.JSONLines(x.console.all()))
	x.keeper.Put(evidence.Certificates, "application/x-pem-file", x.exchanges.PEM())
	x.keeper.Put(evidence.ActionsJSONL, "application/jsonl", journal.JSONLines(x.journal.Actions()))
}

// conclude judges and writes capture.json.
func (x *exhibit) conclude(main *exchange.Document) evidence.Summary {
	r := &x.result
	if main != nil {
		r.Status = main.Status
		for _, name := range report.Promised {
			if !x.keeper.Has(name) {
				x.promise(name, main)
			}
		}
	} else if why := x.exchanges.Guard.Reason(exchange.HostPort(x.lastAddress())); why != "" {
		x.journal.Warn("%s: %s", x.lastAddress(), why)
	}
	x.tellAccount()
	r.FinalURL, r.Title = x.finalURL(), x.page0.Title
	r.Verdict = report.Verdict(x.findings(main))
	r.Missing = append(r.Missing, x.journal.Missing()...)
	r.Warnings = append(r.Warnings, x.journal.Warnings()...)
	r.Contacts = append(x.contacts, r.Contacts...)
	r.Artifacts = x.keeper.Artifacts()
	r.ElapsedMS = x.options.Now().Sub(r.Started).Milliseconds()
	if err := x.keeper.PutJSON(evidence.CaptureJSON, x.report()); err == nil {
		r.Artifacts = x.keeper.Artifacts()
	}
	x.progress.Step(capture.StepDone, 0, 0)
	return report.Shortened(*r)
}

// promise names an artifact that should be there, unless its lack has been named with its own reason.
func (x *exhibit) promise(name string, main *exchange.Document) {
	for _, m := range x.journal.Missing() {
		if m.What == name {
			return
		}
	}
	if name == evidence.SourceHTML && main.Lost == "" {
		x.journal.Miss(name, "the answer has no body")
		return
	}
	x.journal.Miss(name, "not made")
}

func (x *exhibit) finalURL() string {
	if exchange.OverNetwork(x.page0.URL) {
		return x.page0.URL
	}
	return x.lastAddress()
}

// lastAddress is the last one that the main document was asked from.
func (x *exhibit) lastAddress() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.main != "" {
		return x.main
	}
	return x.address
}

func (x *exhibit) report() evidence.Report {
	traffic, refused := x.exchanges.Traffic()
	return evidence.Report{
		Schema: evidence.Schema, Program: x.options.Software, Browser: x.warm.Product, Request: x.req, Result: x.result, Page: x.pageAsTaken(),
		Overrides: &evidence.Overrides{
			Visitor: x.visitor.Told(), Headless: evidence.Tell(!x.warm.Setup.Visible), Sandbox: evidence.Tell(!x.req.NoSandbox),
			Certificates: evidence.Tell(evidence.Unverified), Flags: x.warm.Flags,
		},
		Bitten: x.journal.Limits(), Browsers: len(x.warm.Own()), Unsent: x.exchanges.Barred(), Session: x.segment.told(),
		Checked: x.journal.Checks(), Documents: x.documents,
		Traffic: traffic, Refused: refused,
	}
}

// pageAsTaken is what is told of the page.
func (x *exhibit) pageAsTaken() evidence.Page {
	p := x.page0.Page
	p.Width, p.Height = x.camera.Width, x.camera.Height
	return p
}

// findings are what the verdict stands on.
func (x *exhibit) findings(main *exchange.Document) report.Findings {
	says := x.page0
	return report.Findings{
		Asked: x.req.URL, Main: main, Redirects: x.result.Redirects, Missing: x.journal.Missing(), Artifacts: x.keeper.Artifacts(),
		Forbidden: x.exchanges.Guard.Forbids(exchange.HostPort(x.lastAddress())), Cut: x.cut,
		Password: says.Password, Marks: says.Marks, Chars: says.Chars, Blocked: x.options.Blocked,
	}
}
