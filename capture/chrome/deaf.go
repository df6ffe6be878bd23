package chrome

import (
	"context"
	"errors"
	"time"

	"yuzheng/casefile/evidence"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
)

// hearTime is how long a frame of another site may take to say what frames it holds.
const hearTime = 4 * time.Second

// frameTree asks a page or frame for the frames that it holds. A frame of another site runs in a process of its own: one whose scripts never
// end would cost every command its whole bound. Its scripts are stopped, and that is told; if it then still says nothing, it is asked no more.
func (j *job) frameTree(ctx context.Context, s devtools.Session) (*page.FrameTree, error) {
	if s.ID == j.page.ID {
		r, err := devtools.Call(ctx, s, page.GetFrameTree, cdp.Empty{})
		return r.FrameTree, err
	}
	if j.deaf[s.ID] {
		return nil, errDeaf
	}
	tree, err := heard(ctx, s)
	if !errors.Is(err, errDeaf) {
		return tree, err
	}
	devtools.Send(s, runtime.TerminateExecution, cdp.Empty{})
	devtools.Send(s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tree, err = heard(ctx, s)
	outcome := "limit: its scripts did not end, and were stopped"
	if err != nil {
		j.deaf[s.ID] = true
		outcome = "it gives no answer, and was not looked at"
	}
	j.journal.Bad(evidence.CheckFrame, j.addressOf(ctx, s), "%s", outcome)
	return tree, err
}

var errDeaf = errors.New("the frame gives no answer")

func heard(ctx context.Context, s devtools.Session) (*page.FrameTree, error) {
	short, cancel := context.WithTimeoutCause(ctx, hearTime, errDeaf)
	defer cancel()
	r, err := devtools.Call(short, s, page.GetFrameTree, cdp.Empty{})
	return r.FrameTree, err
}

// addressOf is the address of a session's target, as the browser itself knows it.
func (j *job) addressOf(ctx context.Context, s devtools.Session) string {
	r, err := devtools.Call(ctx, j.warm.root(), target.GetTargetInfo, target.GetTargetInfoParams{TargetID: s.Target})
	if err != nil || r.TargetInfo == nil {
		return string(s.Target)
	}
	return r.TargetInfo.URL
}
