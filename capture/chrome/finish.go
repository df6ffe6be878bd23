package chrome

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
	"yuzheng/casefile/evidence"
)

// finish seals what there is and judges it. It never gives up on account of the page.
func (j *job) finish(ctx context.Context) evidence.Summary {
	j.progress.Step(capture.StepArchive, 0, 0)
	if j.page.ID != "" {
		j.readConsole(ctx)
	}
	j.endNetLog(ctx)
	j.ledger.giveUp("still open when the capture ended")
	j.warm.handler.Store(nil)
	<-j.warm.conn.Through() // from here on no event starts anything new
	close(j.over)
	j.leave(ctx)
	if j.sitting == nil {
		j.guard.Close() // what the page sends from here on, as when it is closed, reaches nobody: nobody would record it
	}
	j.ledger.close("still open when the capture ended")
	j.work.Wait()
	j.closeSockets()
	j.unasked(func(wire.Exchange) bool { return true })
	j.unread()
	j.ownHops()
	j.sheetsShown()
	j.heardLate()
	main := j.mainHop()
	j.judgeBodies()
	j.judgePicture()
	j.nameBeacons(j.ledger)
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
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		j.warm.conn.Close() // a browser that no longer answers; every wait ends with the connection
		<-done
	}
}

// mainHop is the last answered request for the main document.
func (j *job) mainHop() *hop {
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	var main *hop
	for _, h := range j.ledger.order {
		if j.isMain(h.Kind, h.frame) && h.Status > 0 && h.answered && !h.download && !h.moved {
			main = h
		}
	}
	return main
}

// judgeBodies names every answer that is not there.
func (j *job) judgeBodies() {
	if _, full := j.guard.Received(); full {
		j.journal.Limit("bytes", "connections were cut after %d bytes", j.req.Limits.Bytes)
	}
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	stored := map[string]bool{}
	for _, h := range j.ledger.order {
		stored[h.URL] = stored[h.URL] || h.stored
	}
	for _, h := range j.ledger.order {
		reason := h.Failed
		if reason == "" {
			reason = h.lost
		}
		if reason == "" && h.hollow && !stored[h.URL] {
			reason = "the browser gave none of its bytes"
		}
		switch {
		case h.barred:
			j.unsent = append(j.unsent, evidence.Missing{What: h.URL, Reason: cmp.Or(h.why, reason)})
		case reason == "":
		case j.unrun(h):
			j.unsent = append(j.unsent, evidence.Missing{What: h.URL, Reason: "a worker that the browser does not run behind such a certificate"})
		case h.given && h.Kind == "eventsource":
			j.journal.Warn("%s: a stream that was still open", h.URL)
		case h.icon():
			j.journal.Warn("%s: the browser's own request for the icon of its tab: %s", h.URL, reason)
		default:
			if why := j.guard.Reason(hostPort(h.URL)); why != "" && h.Failed != "" {
				reason += " (" + why + ")"
			}
			j.journal.Miss(h.URL, reason)
		}
	}
}

func (j *job) closeSockets() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, k := range j.sockets {
		if !k.hop.answered {
			if k.hop.Failed == "" {
				k.hop.Failed = "no answer to the handshake"
			}
			j.journal.Miss(k.hop.URL, k.hop.Failed)
		}
		j.keep(k.hop)
		if len(k.frames) > 0 {
			j.archive.Lock()
			j.wacz.AddResource("urn:yuzheng:websocket:"+id+":"+k.hop.URL, "application/jsonl", k.hop.Started, journal.JSONLines(k.frames))
			j.archive.Unlock()
		}
	}
}

func (j *job) closeArchives() {
	j.archive.Lock()
	defer j.archive.Unlock()
	if j.cleaner != nil {
		j.cleaner.page(j)
	}
	pages := []archive.Page{{URL: j.finalURL(), Title: j.page0.Title, Text: j.page0.Text, At: j.started}}
	if main := j.mainHop(); main != nil {
		pages[0].URL, pages[0].At = withRoute(main.URL, j.finalURL()), main.Started
	}
	err := j.wacz.Close(pages)
	switch {
	case !j.answered():
		// An archive of nothing is none: the HAR has what failed, and a writer that is never closed is dropped.
	case err != nil:
		j.journal.Warn("archive: %v", err)
		j.journal.Miss(evidence.ArchiveWACZ, err.Error())
	default:
		j.wfile.Close()
	}
	j.wacz = nil
	f, err := j.keeper.Create(evidence.NetworkHAR, "application/json")
	if err == nil && j.har.Encode(f) == nil {
		f.Close()
	}
}

// withRoute gives the address that a document was asked from with the fragment at which the page ended, which may be its route: a reader opens
// the page there. It is of the same document only if all before it is the same.
func withRoute(asked, ended string) string {
	if before, _, ok := strings.Cut(ended, "#"); ok && before == asked {
		return ended
	}
	return asked
}

// answered reports whether any request got an answer.
func (j *job) answered() bool {
	j.ledger.mu.Lock()
	defer j.ledger.mu.Unlock()
	return slices.ContainsFunc(j.ledger.order, func(h *hop) bool { return h.Status > 0 })
}

// keepRest writes what was gathered over the whole capture.
func (j *job) keepRest() {
	if len(j.original) > 0 {
		media := j.originalType
		if media == "" {
			media = "text/html"
		}
		j.keeper.Put(evidence.SourceHTML, media, j.original)
	}
	j.keeper.Put(evidence.ConsoleJSONL, "application/jsonl", journal.JSONLines(j.console))
	j.keeper.Put(evidence.Certificates, "application/x-pem-file", j.chains.pem())
	j.keeper.Put(evidence.ActionsJSONL, "application/jsonl", journal.JSONLines(j.journal.Actions()))
}

// conclude judges and writes capture.json.
func (j *job) conclude(main *hop) evidence.Summary {
	r := &j.result
	if main != nil {
		r.Status = main.Status
		for _, name := range promised {
			if !j.keeper.Has(name) {
				j.promise(name, main)
			}
		}
	} else if why := j.guard.Reason(hostPort(j.lastAddress())); why != "" {
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
func (j *job) promise(name string, main *hop) {
	for _, m := range j.journal.Missing() {
		if m.What == name {
			return
		}
	}
	if name == evidence.SourceHTML && main.lost == "" {
		j.journal.Miss(name, "the answer has no body")
		return
	}
	j.journal.Miss(name, "not made")
}

func (j *job) finalURL() string {
	if recorded(j.page0.URL) {
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
	received, _ := j.guard.Received()
	rep := evidence.Report{
		Schema: evidence.Schema, Program: j.options.Software, Browser: j.warm.product, Request: j.req, Result: j.result, Page: j.page0.Page,
		Overrides: &evidence.Overrides{
			Visitor: j.visitor.told(), Headless: evidence.Tell(!j.warm.launch.visible), Sandbox: evidence.Tell(!j.req.NoSandbox),
			Certificates: evidence.Tell(evidence.Unverified), Flags: j.warm.flags,
		},
		Bitten: j.journal.Limits(), Browsers: len(j.warm.home.Connections()), Unsent: j.unsent, Session: j.segment.told(),
		Checked: j.journal.Checks(), Documents: j.course.all(),
		Traffic: evidence.Traffic{Received: received, Exchanges: len(j.ledger.order) + len(j.sockets)},
	}
	for _, h := range j.ledger.order {
		if h.Failed != "" {
			rep.Traffic.Failed++
		} else if h.stored {
			rep.Traffic.WithBody++
		}
	}
	for _, c := range j.guard.Connections() {
		rep.Traffic.Connections++
		if c.Refused != "" {
			rep.Refused = append(rep.Refused, c)
		}
	}
	return rep
}
