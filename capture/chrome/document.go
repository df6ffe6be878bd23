package chrome

import (
	"context"
	"time"

	"yuzheng/capture/chrome/browsing"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// redirectsOf follows the main document from address to address: redirects of servers, and of the page itself (status 0).
func (j *job) redirectsOf(s devtools.Session, e network.EventRequestWillBeSent) {
	if e.Type != network.ResourceTypeDocument || string(e.FrameID) != j.context.MainFrame() {
		return
	}
	status := j.exchanges.StatusOf(j.lastAddress())
	j.mu.Lock()
	defer j.mu.Unlock()
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
			case <-j.context.Gone():
				return
			case <-j.over:
				return
			case <-pace.C:
			}
			r, err := devtools.Call(ctx, j.page.Session, runtime.GetHeapUsage, cdp.Empty{})
			if err == nil && int64(r.UsedSize+r.BackingStorageSize) > limit {
				j.journal.Limit("memory", "the page's scripts were stopped at %.0f bytes", r.UsedSize+r.BackingStorageSize)
				j.journal.Miss("page", "limit: scripts stopped for their memory")
				browsing.Halt(j.page.Session)
				return
			}
		}
	})
}
