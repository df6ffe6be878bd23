package browsing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/persona"
	"yuzheng/casefile/evidence"
)

// Page is one page of a browser context, as it is looked at: its own session, and those of the frames of other sites in it.
type Page struct {
	Session devtools.Session
	Frame   cdp.FrameID // of its document
	Visitor persona.Visitor
	Context *Context
	Journal *journal.Journal

	owner string          // session of the page whose frames are its own; "" where all are
	deaf  map[string]bool // sessions of frames that give no answer
}

// View gives a page of a context as an exhibit looks at it, which keeps a journal of its own.
func (b *Context) View(s devtools.Session, j *journal.Journal) *Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.pageLocked(s, s.ID)
	p.Journal = j
	return p
}

// pageLocked is called under mu.
func (b *Context) pageLocked(s devtools.Session, owner string) *Page {
	return &Page{
		Session: s, Frame: cdp.FrameID(s.Target), Visitor: b.Visitor, Context: b, Journal: b.Journal, owner: owner, deaf: map[string]bool{},
	}
}

// Sessions are those of the page: its own first, and those of the frames of other sites, and where all are its own, of workers and windows too.
func (p *Page) Sessions() []devtools.Session {
	p.Context.mu.Lock()
	defer p.Context.mu.Unlock()
	list := []devtools.Session{p.Session}
	for _, s := range p.Context.sessions {
		if s.ID != p.Session.ID && (p.owner == "" || s.Owner == p.owner && (s.Kind == "page" || s.Kind == "iframe")) {
			list = append(list, s)
		}
	}
	return list
}

// Roots are the sessions in which the frames of the page are: its own, and those of other sites' frames.
func (p *Page) Roots() []devtools.Session {
	return slices.DeleteFunc(p.Sessions(), func(s devtools.Session) bool { return s.ID != p.Session.ID && s.Kind != "iframe" })
}

// Foreign reports whether the page holds frames of other sites, which run in processes of their own.
func (p *Page) Foreign() bool { return len(p.Roots()) > 1 }

// Frame is one frame and the session that it answers in.
type Frame struct {
	Session devtools.Session
	ID      cdp.FrameID
	Deep    bool // in a frame of another site
}

// Frames lists the frames of the page, the main one first, in the page's own session and in those of other sites' frames.
func (p *Page) Frames(ctx context.Context) []Frame {
	out := []Frame{{Session: p.Session, ID: p.Frame}}
	near := map[cdp.FrameID]bool{p.Frame: true} // what the page's own process holds
	for _, s := range p.Roots() {
		tree, err := p.tree(ctx, s)
		if err != nil {
			continue // the frame has gone in between, or gives no answer, which is told
		}
		walkTree(tree, func(f *cdp.Frame) {
			own := s.ID == p.Session.ID
			near[f.ID] = near[f.ID] || own
			if !own || f.ParentID != "" {
				out = append(out, Frame{s, f.ID, !own && !near[f.ParentID]})
			}
		})
	}
	return out
}

func walkTree(t *page.FrameTree, f func(*cdp.Frame)) {
	f(t.Frame)
	for _, c := range t.ChildFrames {
		walkTree(c, f)
	}
}

// hearTime is how long a frame of another site may take to say what frames it holds.
const hearTime = 4 * time.Second

// tree asks a page or frame for the frames that it holds. A frame of another site runs in a process of its own: one whose scripts never
// end would cost every command its whole bound. Its scripts are stopped, and that is told; if it then still says nothing, it is asked no more.
func (p *Page) tree(ctx context.Context, s devtools.Session) (*page.FrameTree, error) {
	if s.ID == p.Session.ID {
		r, err := devtools.Call(ctx, s, page.GetFrameTree, cdp.Empty{})
		return r.FrameTree, err
	}
	if p.deaf[s.ID] {
		return nil, errDeaf
	}
	tree, err := heard(ctx, s)
	if !errors.Is(err, errDeaf) {
		return tree, err
	}
	Halt(s)
	tree, err = heard(ctx, s)
	outcome := evidence.FrameStopped
	if err != nil {
		p.deaf[s.ID] = true
		outcome = evidence.FrameDeaf
	}
	p.Journal.Bad(evidence.CheckFrame, p.addressOf(ctx, s), outcome.With())
	return tree, err
}

var errDeaf = errors.New("the frame gives no answer")

func heard(ctx context.Context, s devtools.Session) (*page.FrameTree, error) {
	short, cancel := context.WithTimeoutCause(ctx, hearTime, errDeaf)
	defer cancel()
	r, err := devtools.Call(short, s, page.GetFrameTree, cdp.Empty{})
	return r.FrameTree, err
}

// Halt stops the scripts of a page or frame, the one that runs and all that would.
func Halt(s devtools.Session) {
	devtools.Send(s, runtime.TerminateExecution, cdp.Empty{})
	devtools.Send(s, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// addressOf is the address of a session's target, as the browser itself knows it.
func (p *Page) addressOf(ctx context.Context, s devtools.Session) string {
	r, err := devtools.Call(ctx, p.Context.root(), target.GetTargetInfo, target.GetTargetInfoParams{TargetID: s.Target})
	if err != nil || r.TargetInfo == nil {
		return string(s.Target)
	}
	return r.TargetInfo.URL
}

// Pause waits, unless the page is lost or ctx ends before; then its error says so.
func (p *Page) Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-p.Context.end:
		return devtools.ErrGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Eval runs an expression in a world of our own in the page's main frame: the same document, but none of the page's scripts.
func Eval[T any](ctx context.Context, p *Page, expression string) (T, error) {
	return EvalIn[T](ctx, p.Session, p.Frame, expression)
}

// EvalIn does so in any frame.
func EvalIn[T any](ctx context.Context, s devtools.Session, frame cdp.FrameID, expression string) (T, error) {
	return EvalWith[T](ctx, s, frame, runtime.EvaluateParams{Expression: expression})
}

// overtaken is what Chromium says of a world whose document has gone between the making and the asking.
const overtaken = "Cannot find context with specified id"

// worldTries is how often a document may go so, before the frame is given up.
const worldTries = 3

// EvalWith does so with parameters of its own; a promise is waited for. Where the document goes before it is asked, the next one is.
func EvalWith[T any](ctx context.Context, s devtools.Session, frame cdp.FrameID, p runtime.EvaluateParams) (T, error) {
	var v T
	var r runtime.EvaluateResult
	for n := 1; ; n++ {
		world, err := devtools.Call(ctx, s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "reader"})
		if err != nil {
			return v, err
		}
		p.ContextID, p.ReturnByValue, p.AwaitPromise = world.ExecutionContextID, new(true), new(true)
		if r, err = devtools.Call(ctx, s, runtime.Evaluate, p); err == nil {
			break
		}
		if n == worldTries || !strings.Contains(err.Error(), overtaken) {
			return v, err
		}
	}
	if r.ExceptionDetails != nil {
		return v, errors.New("script: " + r.ExceptionDetails.Text)
	}
	if len(r.Result.Value) == 0 {
		return v, nil
	}
	return v, devtools.Unmarshal(r.Result.Value, &v)
}
