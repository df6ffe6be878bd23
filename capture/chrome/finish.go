package chrome

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"yuzheng/capture/chrome/exchange"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// finish seals what there is and judges it. It never gives up on account of the page.
func (j *job) finish(ctx context.Context) evidence.Summary {
	j.progress.Step(capture.StepArchive, 0, 0)
	if j.page != nil {
		j.readConsole(ctx)
	}
	j.endNetLog(ctx)
	const reason = "still open when the capture ended"
	x := j.exchanges
	x.End(reason)
	j.warm.Serve(nil)
	<-j.warm.Conn.Through() // from here on no event starts anything new
	close(j.over)
	j.leave(ctx)
	x.Guard.Close() // what the page sends from here on, as when it is closed, reaches nobody: nobody would record it
	x.Close(reason)
	j.ownHops()
	x.SheetsShown()
	x.HeardLate()
	main := x.Main()
	x.Judge()
	j.camera.JudgePicture()
	x.NameBeacons(x)
	j.facts(ctx, main)
	j.closeArchives()
	j.keepRest()
	r := j.conclude(main)
	if j.cleaner != nil {
		j.cleaner.result(&r)
	}
	return r
}

// leave waits for the bodies that are under way before the rest is given up.
func (j *job) leave(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		j.work.Wait()
		if j.context != nil {
			j.context.Wait()
		}
		j.exchanges.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		j.warm.Conn.Close() // a browser that no longer answers; every wait ends with the connection
		<-done
	}
}

// ownHops marks the redirects of the main document that no server sent.
func (j *job) ownHops() {
	for _, h := range j.exchanges.BrowserHops() {
		for i, r := range j.result.Redirects {
			if r.URL == h.URL && r.By == evidence.LedByServer {
				j.result.Redirects[i].By, j.result.Redirects[i].Status = evidence.LedByBrowser, 0
				j.journal.Warn("%s was not asked: the browser itself went on to %s (%s)", r.URL, r.To, h.Why)
				break
			}
		}
	}
}

func (j *job) closeArchives() {
	if j.cleaner != nil {
		j.cleaner.page(j)
	}
	p := archive.Page{URL: j.finalURL(), Title: j.page0.Title, Text: j.page0.Text, At: j.started}
	if main := j.exchanges.Main(); main != nil {
		p.URL, p.At = withRoute(main.URL, j.finalURL()), main.Started
	}
	j.exchanges.CloseArchives([]archive.Page{p})
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
func (j *job) keepRest() {
	if body, media := j.exchanges.Source(); len(body) > 0 {
		j.keeper.Put(evidence.SourceHTML, cmp.Or(media, "text/html"), body)
	}
	j.keeper.Put(evidence.ConsoleJSONL, "application/jsonl", journal.JSONLines(j.console))
	j.keeper.Put(evidence.Certificates, "application/x-pem-file", j.exchanges.PEM())
	j.keeper.Put(evidence.ActionsJSONL, "application/jsonl", journal.JSONLines(j.journal.Actions()))
}

// conclude judges and writes capture.json.
func (j *job) conclude(main *exchange.Document) evidence.Summary {
	r := &j.result
	if main != nil {
		r.Status = main.Status
		for _, name := range promised {
			if !j.keeper.Has(name) {
				j.promise(name, main)
			}
		}
	} else if why := j.exchanges.Guard.Reason(exchange.HostPort(j.lastAddress())); why != "" {
		j.journal.Warn("%s: %s", j.lastAddress(), why)
	}
	j.tellAccount()
	r.FinalURL, r.Title = j.finalURL(), j.page0.Title
	r.Verdict = j.verdict(main)
	r.Missing = append(r.Missing, j.journal.Missing()...)
	r.Warnings = append(r.Warnings, j.journal.Warnings()...)
	r.Contacts = append(j.contacts, r.Contacts...)
	r.Artifacts = j.keeper.Artifacts()
	r.ElapsedMS = j.options.Now().Sub(r.Started).Milliseconds()
	if err := j.keeper.PutJSON(evidence.CaptureJSON, j.report()); err == nil {
		r.Artifacts = j.keeper.Artifacts()
	}
	j.progress.Step(capture.StepDone, 0, 0)
	return shortened(*r)
}

// maxNamed bounds the missing parts that the summary names; capture.json names all.
const maxNamed = 2000

// shortened bounds what a page can make the summary of its capture say. The summary stands in the log and in papers.
func shortened(r evidence.Summary) evidence.Summary {
	r.FinalURL, r.Title = journal.Cut(r.FinalURL, journal.Said), journal.Cut(r.Title, journal.Said)
	r.Redirects = slices.Clone(r.Redirects)
	for i, h := range r.Redirects {
		r.Redirects[i] = evidence.Hop{URL: journal.Cut(h.URL, journal.Said), Status: h.Status, To: journal.Cut(h.To, journal.Said), By: h.By}
	}
	more := len(r.Missing) - maxNamed
	r.Missing = slices.Clone(r.Missing[:min(len(r.Missing), maxNamed)])
	for i, m := range r.Missing {
		r.Missing[i] = evidence.Missing{What: journal.Cut(m.What, journal.Said), Reason: journal.Cut(m.Reason, journal.Said)}
	}
	if more > 0 {
		r.Missing = append(r.Missing, evidence.Missing{What: fmt.Sprintf("%d more", more), Reason: "named in " + evidence.CaptureJSON})
	}
	return r
}

// promise names an artifact that should be there, unless its lack has been named with its own reason.
func (j *job) promise(name string, main *exchange.Document) {
	for _, m := range j.journal.Missing() {
		if m.What == name {
			return
		}
	}
	if name == evidence.SourceHTML && main.Lost == "" {
		j.journal.Miss(name, "the answer has no body")
		return
	}
	j.journal.Miss(name, "not made")
}

func (j *job) finalURL() string {
	if exchange.OverNetwork(j.page0.URL) {
		return j.page0.URL
	}
	return j.lastAddress()
}

// lastAddress is the last one that the main document was asked from.
func (j *job) lastAddress() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.main != "" {
		return j.main
	}
	return j.address
}

func (j *job) report() evidence.Report {
	traffic, refused := j.exchanges.Traffic()
	return evidence.Report{
		Schema: evidence.Schema, Program: j.options.Software, Browser: j.warm.Product, Request: j.req, Result: j.result, Page: j.pageAsTaken(),
		Overrides: &evidence.Overrides{
			Visitor: j.visitor.Told(), Headless: evidence.Tell(!j.warm.Setup.Visible), Sandbox: evidence.Tell(!j.req.NoSandbox),
			Certificates: evidence.Tell(evidence.Unverified), Flags: j.warm.Flags,
		},
		Bitten: j.journal.Limits(), Browsers: len(j.warm.Own()), Unsent: j.exchanges.Barred(), Session: j.segment.told(),
		Checked: j.journal.Checks(), Documents: j.course.all(),
		Traffic: traffic, Refused: refused,
	}
}

// pageAsTaken is what is told of the page.
func (j *job) pageAsTaken() evidence.Page {
	p := j.page0.Page
	p.Width, p.Height = j.camera.Width, j.camera.Height
	return p
}
