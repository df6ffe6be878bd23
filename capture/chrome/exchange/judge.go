package exchange

import (
	"cmp"
	"mime"
	"slices"
	"strings"

	"yuzheng/capture/archive"
	"yuzheng/casefile/evidence"
)

// Document is the exchange that the main document came with.
type Document struct {
	archive.Exchange
	Lost     evidence.Remark // why its body is not there
	Departed bool            // another document stands in the window, which came with no answer of its own (blob:, about:blank, an error page)
}

// Main is the exchange of the document in the window: of the one that stands there, to which a page may have gone back, or else the last one that
// was answered; nil without one.
func (r *Recorder) Main() *Document {
	frame, stands := r.hooks.Main(), r.stands()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	var last *Exchange
	for _, h := range slices.Backward(r.ledger.order) {
		if h.Kind != "document" || h.Frame != frame || h.Status == 0 || !h.Answered || h.Download || h.Moved {
			continue
		}
		if stands == "" || h.ID == stands {
			return &Document{h.Exchange, h.Lost, false}
		}
		last = cmp.Or(last, h)
	}
	if last == nil {
		return nil
	}
	return &Document{last.Exchange, last.Lost, true}
}

// stands is the id of the request that the document in the window came with; "" where it is not known.
func (r *Recorder) stands() string {
	if r.hooks.Stands == nil {
		return ""
	}
	return r.hooks.Stands()
}

// asked tells something of the last request for the main document.
func (r *Recorder) asked(is func(*Exchange) bool) bool {
	frame := r.hooks.Main()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range slices.Backward(r.ledger.order) {
		if h.Kind == "document" && h.Frame == frame {
			return is(h)
		}
	}
	return false
}

// DocumentBroke reports whether the main document broke off after its answer had begun.
func (r *Recorder) DocumentBroke() bool {
	return r.asked(func(h *Exchange) bool { return h.done && !h.Lost.Silent() })
}

// DocumentSaved reports whether the main document is a file to be saved.
func (r *Recorder) DocumentSaved() bool { return r.asked(func(h *Exchange) bool { return h.Download }) }

// DocumentStatus is the status of the answer to the last request for the main document, 0 without one.
func (r *Recorder) DocumentStatus() (status int) {
	r.asked(func(h *Exchange) bool { status = h.Status; return true })
	return status
}

// StatusOf is the status of the last answer to a document's address; 0 without one.
func (r *Recorder) StatusOf(address string) int {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range slices.Backward(r.ledger.order) {
		if h.URL == address && h.Kind == "document" && h.Answered {
			return h.Status
		}
	}
	return 0
}

// Judge names every answer that is not there.
func (r *Recorder) Judge() {
	if _, full := r.network.Received(); full {
		r.journal.Limit("bytes", evidence.LimitTraffic.With(r.limits.Bytes))
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

// aborted is the error of a request that who asked has given up.
const aborted = "net::ERR_ABORTED"

// lack is why an exchange is not whole.
func (h *Exchange) lack() evidence.Remark {
	if h.Lost.Silent() {
		return evidence.SaidAs(h.Failed)
	}
	return h.Lost
}

func (r *Recorder) judgeOne(h *Exchange, stored bool) {
	reason := h.lack()
	if reason.Silent() && h.hollow && !stored {
		reason = evidence.BodyNoBytes.With()
	}
	switch {
	case h.barred:
		if !h.why.Silent() {
			reason = h.why
		}
		r.barred = append(r.barred, evidence.Lacking(h.URL, reason))
	case reason.Silent():
	case r.Certificates.unrun(h):
		r.barred = append(r.barred, evidence.Lacking(h.URL, evidence.WorkerNotRun.With()))
	case h.led && h.Failed == aborted && !h.onWire && r.network.Wire().Unread(HostPort(h.URL)) == "":
		r.barred = append(r.barred, evidence.Lacking(h.URL, evidence.RedirectNotFollowed.With()))
	case h.abandoned && h.Stream():
		r.journal.Warn(evidence.StreamOpen.With(h.URL))
	case h.icon():
		r.journal.Warn(evidence.IconFailed.With(h.URL, reason))
	default:
		if why := r.network.Reason(HostPort(h.URL)); why != "" && h.Failed != "" {
			reason = evidence.Raw.With(h.Failed + " (" + why + ")")
		}
		r.journal.Miss(h.URL, reason)
	}
}

// WarnOfSheets tells of PDFs that the page shows: the browser draws them in a viewer of its own, whose words no reader of the page gets.
func (r *Recorder) WarnOfSheets() {
	frame := r.hooks.Main()
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range r.ledger.order {
		media, _, _ := mime.ParseMediaType(Header(h.ResponseHeader, "Content-Type"))
		if media != "application/pdf" || h.Download || h.Moved || !h.stored {
			continue
		}
		shown := "of what lies beyond its first view there is no picture" // nobody scrolls in it
		if h.Kind == "document" && h.Frame == frame {
			shown = "the picture shows it"
		}
		r.journal.Warn(evidence.PDFUnread.With(h.URL, shown))
	}
}

// MarkReading says that the page is read from here on: what is under way and may still change it may stand in one artifact and not in another.
func (r *Recorder) MarkReading() { r.unheard = r.ledger.underway() }

// WarnOfLate tells of answers that came only after the first word had been read: what the page made of them came later than its evidence, or in
// the midst of it. What never came is named as missing.
func (r *Recorder) WarnOfLate() {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, h := range r.unheard {
		if h.Answered && h.Lost.Silent() && h.Failed == "" && !h.icon() {
			r.journal.Warn(evidence.AnsweredLate.With(h.URL))
		}
	}
}

// Traffic counts what passed, and lists the connections that were refused.
func (r *Recorder) Traffic() (t evidence.Traffic, refused []evidence.Connection) {
	t.Received, _ = r.network.Received()
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
	r.sockets.mu.Lock()
	t.Exchanges += len(r.sockets.list)
	r.sockets.mu.Unlock()
	for _, c := range r.network.Connections() {
		t.Connections++
		if c.Refused != "" {
			refused = append(refused, c)
		}
	}
	return t, refused
}

// icon reports whether an exchange is one that the page did not ask for: the tool's own, or the browser's for its tab. Its lack is no lack of the page.
func (h *Exchange) icon() bool {
	return h.Kind == KindIcon || h.Kind == "other" && strings.HasSuffix(h.URL, "/favicon.ico")
}

// KindIcon is the kind of an exchange that the tool itself made for an icon.
const KindIcon = "icon"

// Barred are the answers that came and that the browser kept from the page, as Judge has found them.
func (r *Recorder) Barred() []evidence.Missing { return r.barred }
