package chrome

import (
	"cmp"
	"mime"
	"slices"
	"strings"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
)

// mainDocument is the last answered exchange for the main document.
type mainDocument struct {
	archive.Exchange
	lost string // why its body is not there
}

// main is the last answered request for the main document, nil without one.
func (r *exchanges) main() *mainDocument {
	frame := r.hooks.main()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range slices.Backward(r.ledger.order) {
		if h.Kind == "document" && h.frame == frame && h.Status > 0 && h.answered && !h.download && !h.moved {
			return &mainDocument{h.Exchange, h.lost}
		}
	}
	return nil
}

// asked tells something of the last request for the main document.
func (r *exchanges) asked(is func(*hop) bool) bool {
	frame := r.hooks.main()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range slices.Backward(r.ledger.order) {
		if h.Kind == "document" && h.frame == frame {
			return is(h)
		}
	}
	return false
}

// documentBroke reports whether the main document broke off after its answer had begun.
func (r *exchanges) documentBroke() bool {
	return r.asked(func(h *hop) bool { return h.done && h.lost != "" })
}

// documentSaved reports whether the main document is a file to be saved.
func (r *exchanges) documentSaved() bool { return r.asked(func(h *hop) bool { return h.download }) }

// documentStatus is the status of the answer to the last request for the main document, 0 without one.
func (r *exchanges) documentStatus() (status int) {
	r.asked(func(h *hop) bool { status = h.Status; return true })
	return status
}

// statusOf is the status of the last answer to a document's address; 0 without one.
func (r *exchanges) statusOf(address string) int {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range slices.Backward(r.ledger.order) {
		if h.URL == address && h.Kind == "document" && h.answered {
			return h.Status
		}
	}
	return 0
}

// judge names every answer that is not there.
func (r *exchanges) judge() {
	if _, full := r.guard.Received(); full {
		r.journal.Limit("bytes", "connections were cut after %d bytes", r.limits.Bytes)
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	stored := map[string]bool{}
	for _, h := range r.ledger.order {
		stored[h.URL] = stored[h.URL] || h.stored
	}
	for _, h := range r.ledger.order {
		r.judgeOne(h, stored[h.URL])
	}
}

func (r *exchanges) judgeOne(h *hop, stored bool) {
	reason := cmp.Or(h.Failed, h.lost)
	if reason == "" && h.hollow && !stored {
		reason = "the browser gave none of its bytes"
	}
	switch {
	case h.barred:
		r.unsent = append(r.unsent, evidence.Missing{What: h.URL, Reason: cmp.Or(h.why, reason)})
	case reason == "":
	case r.unrun(h):
		r.unsent = append(r.unsent, evidence.Missing{What: h.URL, Reason: "a worker that the browser does not run behind such a certificate"})
	case h.given && h.Kind == "eventsource":
		r.journal.Warn("%s: a stream that was still open", h.URL)
	case h.icon():
		r.journal.Warn("%s: the browser's own request for the icon of its tab: %s", h.URL, reason)
	default:
		if why := r.guard.Reason(hostPort(h.URL)); why != "" && h.Failed != "" {
			reason += " (" + why + ")"
		}
		r.journal.Miss(h.URL, reason)
	}
}

// sheetsShown tells of PDFs that the page shows: the browser draws them in a viewer of its own, whose words no reader of the page gets.
func (r *exchanges) sheetsShown() {
	frame := r.hooks.main()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range r.ledger.order {
		media, _, _ := mime.ParseMediaType(header(h.ResponseHeader, "Content-Type"))
		if media != "application/pdf" || h.download || h.moved || !h.stored {
			continue
		}
		shown := "of what lies beyond its first view there is no picture" // nobody scrolls in it
		if h.Kind == "document" && h.frame == frame {
			shown = "the picture shows it"
		}
		r.journal.Warn("%s is a PDF: its words are not in text.txt, and %s; its own bytes stand in the archive", h.URL, shown)
	}
}

// reading says that the page is read from here on: what is under way and may still change it may stand in one artifact and not in another.
func (r *exchanges) reading() { r.unheard = r.ledger.underway() }

// heardLate tells of answers that came only after the first word had been read: what the page made of them came later than its evidence, or in
// the midst of it. What never came is named as missing.
func (r *exchanges) heardLate() {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range r.unheard {
		if h.answered && h.lost == "" && h.Failed == "" && !h.icon() {
			r.journal.Warn("%s was answered whole only after the text had been read: text.txt may lack what the page made of it, and the picture too", h.URL)
		}
	}
}

// traffic counts what passed, and lists the connections that were refused.
func (r *exchanges) traffic() (t evidence.Traffic, refused []evidence.Connection) {
	t.Received, _ = r.guard.Received()
	r.ledger.mu.Lock()
	t.Exchanges = len(r.ledger.order)
	for _, h := range r.ledger.order {
		if h.Failed != "" {
			t.Failed++
		} else if h.stored {
			t.WithBody++
		}
	}
	r.ledger.mu.Unlock()
	r.beside.mu.Lock()
	t.Exchanges += len(r.beside.sockets)
	r.beside.mu.Unlock()
	for _, c := range r.guard.Connections() {
		t.Connections++
		if c.Refused != "" {
			refused = append(refused, c)
		}
	}
	return t, refused
}

// icon reports whether an exchange is one that the page did not ask for: the tool's own, or the browser's for its tab. Its lack is no lack of the page.
func (h *hop) icon() bool {
	return h.Kind == kindIcon || h.Kind == "other" && strings.HasSuffix(h.URL, "/favicon.ico")
}

// kindIcon is the kind of an exchange that the tool itself made for an icon.
const kindIcon = "icon"
