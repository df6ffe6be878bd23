package exchange

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

// archives are the two of a capture, and the sources of its main documents, which are bodies of theirs.
type archives struct {
	mu      sync.Mutex
	warn    func(evidence.Remark)
	wacz    *archive.WACZ
	file    *keep.File
	har     *archive.HAR
	sources map[string]source // by the request that the document came with: a page may go back to an earlier one
	latest  string            // of them
}

// source is the body of a main document, and its media type as its server said.
type source struct {
	body  []byte
	media string
}

// OpenArchives begins both. Its error is the keeper's.
func (r *Recorder) OpenArchives(o archive.Options, h archive.HAROptions) error {
	f, err := r.keeper.Create(evidence.ArchiveWACZ, "application/wacz")
	if err != nil {
		return err
	}
	r.archives = &archives{warn: r.journal.Warn, wacz: archive.NewWACZ(f, o), file: f, har: archive.NewHAR(h), sources: map[string]source{}}
	return nil
}

// add writes an exchange into both, and lets go of its body.
func (a *archives) add(h *Exchange, main bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.wacz == nil {
		return
	}
	if main && h.Answered && !h.Download && !h.Moved && len(h.Body) > 0 {
		a.sources[h.ID], a.latest = source{h.Body, Header(h.ResponseHeader, "Content-Type")}, h.ID
	}
	if err := a.wacz.Add(h.Exchange); err != nil {
		a.warn(evidence.ArchiveFailed.With(err))
	}
	a.har.Add(h.Exchange)
	h.stored = len(h.Body) > 0
	h.Body = nil
}

func (a *archives) resource(address, media string, at time.Time, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wacz.AddResource(address, media, at, body)
}

// CloseArchives ends both.
func (r *Recorder) CloseArchives(pages []archive.Page) {
	a := r.archives
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.wacz.Close(pages)
	switch {
	case !r.answered():
		// An archive of nothing is none: the HAR has what failed, and a writer that is never closed is dropped.
	case err != nil:
		r.journal.Warn(evidence.ArchiveFailed.With(err))
		r.journal.Miss(evidence.ArchiveWACZ, evidence.Said(err))
	default:
		a.file.Close()
	}
	a.wacz = nil
	f, err := r.keeper.Create(evidence.NetworkHAR, "application/json")
	if err == nil && a.har.Encode(f) == nil {
		f.Close()
	}
}

// answered reports whether any request got an answer.
func (r *Recorder) answered() bool {
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	return slices.ContainsFunc(r.ledger.order, func(h *Exchange) bool { return h.Status > 0 })
}

// Source is the body of the document in the window and its media type, as its server said; empty where there is none.
func (r *Recorder) Source() (body []byte, media string) {
	id := r.stands()
	r.archives.mu.Lock()
	defer r.archives.mu.Unlock()
	s := r.archives.sources[cmp.Or(id, r.archives.latest)]
	return s.body, s.media
}

// resource puts something beside the exchanges into the archive.
func (r *Recorder) resource(address, media string, at time.Time, body []byte) {
	r.archives.resource(address, media, at, body)
}
