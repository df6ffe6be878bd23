package chrome

import (
	"context"
	"slices"
	"time"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// isMain reports whether a request is for the main document.
func (j *job) isMain(kind, frame string) bool { return kind == "document" && frame == string(j.pageID) }

// redirectsOf follows the main document from address to address: redirects of servers, and of the page itself (status 0).
func (j *job) redirectsOf(s devtools.Session, e network.EventRequestWillBeSent) {
	if j.sitting != nil {
		j.sitting.asked(e)
		return
	}
	status := j.ledger.statusOf(j.lastAddress())
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.isMain("document", string(e.FrameID)) || e.Type != network.ResourceTypeDocument {
		return
	}
	if e.RedirectResponse != nil {
		j.result.Redirects = append(j.result.Redirects, serverHop(e))
	} else if j.main != "" && j.main != e.Request.URL {
		j.result.Redirects = append(j.result.Redirects, evidence.Hop{URL: j.main, Status: status, To: e.Request.URL, By: evidence.LedByPage})
	}
	j.main = e.Request.URL
	if len(j.result.Redirects) == j.req.Limits.Redirects+1 {
		j.journal.Limit("redirects", "more than %d", j.req.Limits.Redirects)
		devtools.Send(s, page.StopLoading, cdp.Empty{})
		devtools.Send(s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
}

func serverHop(e network.EventRequestWillBeSent) evidence.Hop {
	return evidence.Hop{URL: e.RedirectResponse.URL, Status: int(e.RedirectResponse.Status), To: e.Request.URL, By: evidence.LedByServer}
}

// statusOf is the status of the last answer to a document's address; 0 without one.
func (l *ledger) statusOf(address string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range slices.Backward(l.order) {
		if h.URL == address && h.Kind == "document" && h.answered {
			return h.Status
		}
	}
	return 0
}

// source keeps the body of the latest main document. It is called under archive.
func (j *job) source(h *hop) {
	if j.isMain(h.Kind, h.frame) && h.answered && !h.download && len(h.Body) > 0 {
		j.original, j.originalType = h.Body, header(h.ResponseHeader, "Content-Type")
	}
}

// postBody asks for a request body that was not in its event.
func (j *job) postBody(s devtools.Session, e network.EventRequestWillBeSent) {
	if !e.Request.HasPostData || len(e.Request.PostDataEntries) > 0 {
		return
	}
	answer := s.Start(network.GetRequestPostData.Method, network.GetRequestPostDataParams{RequestID: e.RequestID})
	h := j.ledger.hold(string(e.RequestID))
	j.work.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r, err := devtools.Wait[network.GetRequestPostDataResult](ctx, network.GetRequestPostData.Method, answer)
		if err != nil {
			j.journal.Warn("request body of %s: %v", e.Request.URL, err)
		}
		j.ledger.posted(string(e.RequestID), h, r.PostData)
	})
}

// hold keeps a hop from being archived until its request body is there.
func (l *ledger) hold(id string) *hop {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t := l.threads[id]; t != nil && t.last() != nil {
		t.last().held = true
		return t.last()
	}
	return nil
}

func (l *ledger) posted(id string, h *hop, body []byte) {
	if h == nil {
		return
	}
	l.mu.Lock()
	if !h.sealed {
		h.RequestBody, h.held = body, false
	}
	t := l.threads[id]
	l.mu.Unlock()
	l.offer(t)
}

// watch stops the scripts of a page that takes too much memory. It ends with ctx or with the page.
func (j *job) watch(ctx context.Context) {
	limit := j.req.Limits.Memory
	if limit <= 0 {
		return
	}
	j.work.Go(func() {
		pace := time.NewTicker(time.Second)
		defer pace.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-j.gone:
				return
			case <-j.over:
				return
			case <-pace.C:
			}
			r, err := devtools.Call(ctx, j.page, runtime.GetHeapUsage, cdp.Empty{})
			if err == nil && int64(r.UsedSize+r.BackingStorageSize) > limit {
				j.journal.Limit("memory", "the page's scripts were stopped at %.0f bytes", r.UsedSize+r.BackingStorageSize)
				j.journal.Miss("page", "limit: scripts stopped for their memory")
				j.halt()
				return
			}
		}
	})
}

// halt stops the page's scripts, the one that runs and all that would.
func (j *job) halt() {
	devtools.Send(j.page, runtime.TerminateExecution, cdp.Empty{})
	devtools.Send(j.page, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}
