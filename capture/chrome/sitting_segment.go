package chrome

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yuzheng/capture/chrome/browsing"

	"yuzheng/capture/chrome/exchange"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/tiles"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// segment is what an exhibit of a sitting covers: everything between two exhibits, and one page as it was at the end.
type segment struct {
	evidence.Segment
	shown bool // the page shows a typed password
}

// told is the segment as capture.json has it; nil in a capture without one.
func (g *segment) told() *evidence.Segment {
	if g == nil {
		return nil
	}
	return &g.Segment
}

const typedNote = "a password that is typed is kept nowhere; where it occurs, in any usual encoding, it is replaced by " + scrub.Removed + " and a warning names the place"

// notes are what the archive of an exhibit says of itself because it is one of a sitting.
func (g *segment) notes() []evidence.Header {
	if g == nil {
		return nil
	}
	return []evidence.Header{{Name: "exchanges-since", Value: g.Since.Format(time.RFC3339Nano)}, {Name: "typed-passwords", Value: g.Typed}}
}

// secrets are what the person has typed so far and nothing may hold.
func (s *sitting) secrets() scrub.Secrets {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.typed.secrets()
}

// Capture implements capture.Sitting.
func (s *sitting) Capture(ctx context.Context, sink capture.Sink, progress capture.Progress) (evidence.Summary, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.ended {
		return evidence.Summary{}, capture.ErrSittingOver
	}
	progress.Step(capture.StepStart, 0, 0)
	x, front := s.exhibit(sink, progress)
	if err := x.openArchives(); err != nil {
		s.number--
		return evidence.Summary{}, err
	}
	timed, cancel := context.WithTimeoutCause(ctx, s.live.req.Limits.Time, errTimeUp)
	defer cancel()
	s.broke(ctx, timed, x, s.look(timed, x, front))
	rest, stop := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer stop()
	since := s.since
	s.seal(rest, x, front)
	if err := x.keeper.Failure(); err != nil {
		s.putBack()
		s.since = since
		return evidence.Summary{}, machineError("sink", err)
	}
	return x.result, nil
}

// exhibit begins the job of an exhibit: of the tab in front, with what it needs of the sitting's own.
func (s *sitting) exhibit(sink capture.Sink, progress capture.Progress) (*exhibit, *tab) {
	j := s.live
	s.mu.Lock()
	defer s.mu.Unlock()
	front := tab{address: j.req.URL, asked: j.req.URL}
	if t := s.tabs[s.front]; t != nil {
		front = *t
		front.hops = slices.Clone(t.hops)
	}
	s.number++
	covers := &segment{Segment: evidence.Segment{Number: s.number, Session: s.started, Since: s.since, Tabs: len(s.tabs), Typed: typedNote}}
	x := j.part(cmp.Or(front.asked, front.address), front.session, covers, sink, progress)
	x.main = front.address
	x.result.Redirects = append(x.result.Redirects, front.hops...)
	x.cleaner = &cleaner{secrets: s.secrets, warn: x.journal.Warn}
	x.keeper.Clean = x.cleaner.artifact
	return x, &front
}

// look takes the page as it is. Its error says why there is less of it than there should be.
func (s *sitting) look(ctx context.Context, x *exhibit, front *tab) error {
	switch {
	case s.over():
		return errNoWindow
	case !exchange.OverNetwork(front.address):
		return fmt.Errorf("%s is no page of a site", front.address)
	case front.crashed:
		return errCrashed
	case front.dialog != "":
		x.camera.FirstView(ctx)
		return errDialog
	}
	x.progress.Step(capture.StepLoad, 0, 0)
	x.lookUp(ctx)
	uncover := s.cover(ctx, x)
	x.camera.FirstView(ctx)
	uncover()
	if err := s.live.settled(ctx, patience); err != nil {
		return err
	}
	tree, err := devtools.Call(ctx, x.page.Session, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return err
	}
	front.document = string(tree.FrameTree.Frame.LoaderID)
	if err := x.measure(ctx); err != nil {
		return err
	}
	x.look(ctx)
	uncover = s.cover(ctx, x)
	defer uncover()
	x.camera.Pictures(ctx)
	x.sheets(ctx)
	s.readConsole(ctx, x)
	return context.Cause(ctx)
}

// Why an exhibit has no page.
var (
	errNoWindow = errors.New("the window had been closed")
	errCrashed  = errors.New("the page's process had crashed")
	errDialog   = errors.New("a dialog was open")
)

// patience is how long an exhibit waits for the network to be quiet: the person has seen the page already.
const patience = 5 * time.Second

// over reports whether there is no window any more.
func (s *sitting) over() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// broke notes why the page could not be taken whole.
func (s *sitting) broke(ctx, timed context.Context, x *exhibit, err error) {
	switch {
	case err == nil:
	case errors.Is(context.Cause(ctx), capture.ErrFinish):
		x.journal.Note(evidence.ByTool, "finish", "at once, on the operator's word")
		x.journal.Miss("capture", capture.ErrFinish.Error())
	case ctx.Err() != nil:
		x.cut, x.result.Interrupted = true, true
		x.journal.Warn("interrupted before the end: %v", context.Cause(ctx))
		x.journal.Miss("capture", "interrupted before the end")
	case timed.Err() != nil:
		x.journal.Limit("time", "ended after %v", x.req.Limits.Time)
		x.journal.Miss("capture", fmt.Sprintf("limit: not finished within %v", x.req.Limits.Time))
	default:
		x.cut = true
		x.journal.Warn("%v", err)
		x.journal.Miss("page", err.Error())
	}
}

// window is what a page says of the window that it is in.
type window struct {
	Width        int64 `json:"width"`
	Height       int64 `json:"height"`
	ScreenWidth  int64 `json:"screen_width"`
	ScreenHeight int64 `json:"screen_height"`
}

// measure reads the window's real size, and how many pixels of a picture a pixel of the page is.
func (x *exhibit) measure(ctx context.Context) error {
	if x.visitor.Mobile {
		return nil // the view's own
	}
	w, err := browsing.Eval[window](ctx, x.page, `({width: innerWidth, height: innerHeight, screen_width: screen.width, screen_height: screen.height})`)
	if err != nil {
		return err
	}
	v := &x.page.Visitor
	v.Width, v.Height, v.ScreenWidth, v.ScreenHeight = w.Width, w.Height, w.ScreenWidth, w.ScreenHeight
	const sample = 400
	r, err := devtools.Call(ctx, x.page.Session, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: new(true), Clip: &page.Viewport{Width: sample, Height: sample, Scale: 1},
	})
	if err != nil {
		return err
	}
	if head, err := tiles.Size(r.Data); err == nil {
		v.Scale = float64(head.Width) / sample
	}
	x.visitor = *v
	return nil
}

// sheets makes the papers. A PDF would hold a typed password that the page shows as text; then there is none.
func (x *exhibit) sheets(ctx context.Context) {
	if !x.segment.shown {
		x.print(ctx)
		return
	}
	if err := x.camera.MHTML(ctx, x.words.StatedMHTML); err != nil {
		x.journal.Lack(ctx, evidence.PageMHTML, err)
	}
	x.journal.Miss(evidence.PagePDF, "the page shows a typed password, which a PDF would hold: hide it and capture again")
}

// readConsole asks every session of the tab for what Chrome has kept of its messages, and falls silent again.
func (s *sitting) readConsole(ctx context.Context, x *exhibit) {
	x.console.read(ctx, x.page, x.warm.Conn.Through)
	for _, p := range x.page.Sessions() {
		devtools.Send(p, runtime.Disable, cdp.Empty{})
	}
}

// seal puts everything since the last exhibit into this one.
func (s *sitting) seal(ctx context.Context, x *exhibit, front *tab) {
	x.progress.Step(capture.StepArchive, 0, 0)
	s.settled(ctx)
	now := s.live.options.Now().UTC()
	s.gatherExchanges(x, front)
	s.live.exchanges.MoveSockets(x.exchanges, func(address string, list []evidence.SocketMessage) {
		if x.cleaner.messages(address, list) > 0 {
			x.journal.Miss(address, unsearched)
		}
	})
	s.gatherSilent(x)
	s.gatherRest(x, now)
	main := x.exchanges.Main()
	x.exchanges.Judge()
	x.facts(ctx, main)
	x.contacts = s.fresh(x.contacts)
	x.closeArchives()
	x.journal.SetActions(s.gather(x.journal.TakeActions()))
	x.keepRest()
	x.conclude(main)
	x.cleaner.result(&x.result)
	s.since = now
}
