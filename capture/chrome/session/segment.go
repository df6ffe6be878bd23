package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/tiles"
	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

const typedNote = "a password that is typed is kept nowhere; where it occurs, in any usual encoding, it is replaced by " + scrub.Removed + " and a warning names the place"

// secrets are what the person has typed so far and nothing may hold.
func (s *Session) secrets() scrub.Secrets {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.typed.secrets()
}

// Capture implements capture.Session.
func (s *Session) Capture(ctx context.Context, sink capture.Sink, progress capture.Progress) (evidence.Summary, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.ended {
		return evidence.Summary{}, capture.ErrSessionOver
	}
	progress.Step(capture.StepStart, 0, 0)
	x, front := s.exhibit(sink, progress)
	if err := x.OpenArchives(); err != nil {
		s.number--
		return evidence.Summary{}, err
	}
	timed, cancel := context.WithTimeoutCause(ctx, s.Live.Request.Limits.Time, exhibit.ErrTimeUp)
	defer cancel()
	s.broke(ctx, timed, x, s.look(timed, x, front))
	rest, stop := context.WithTimeout(context.WithoutCancel(ctx), exhibit.FinishTime)
	defer stop()
	since := s.since
	s.seal(rest, x, front)
	if err := x.Keeper.Failure(); err != nil {
		s.putBack()
		s.since = since
		return evidence.Summary{}, exhibit.MachineError("sink", err)
	}
	return x.Result, nil
}

// exhibit begins an exhibit: of the tab in front, with what it needs of the session's own.
func (s *Session) exhibit(sink capture.Sink, progress capture.Progress) (*exhibit.Exhibit, *tab) {
	j := s.Live
	s.mu.Lock()
	defer s.mu.Unlock()
	front := tab{address: j.Request.URL, asked: j.Request.URL}
	if t := s.tabs[s.front]; t != nil {
		front = *t
		front.hops = slices.Clone(t.hops)
	}
	s.number++
	covers := &exhibit.Segment{Segment: evidence.Segment{Number: s.number, Session: s.started, Since: s.since, Tabs: len(s.tabs), Typed: typedNote}}
	x := j.Part(cmp.Or(front.asked, front.address), front.session, covers, sink, progress)
	x.Main = front.address
	x.Result.Redirects = append(x.Result.Redirects, front.hops...)
	x.Cleaner = &exhibit.Cleaner{Secrets: s.secrets, Warn: x.Journal.Warn}
	x.Keeper.Clean = x.Cleaner.Artifact
	return x, &front
}

// look takes the page as it is. Its error says why there is less of it than there should be.
func (s *Session) look(ctx context.Context, x *exhibit.Exhibit, front *tab) error {
	switch {
	case s.over() || front.session.ID == "": // closed, and perhaps not yet told so
		return errNoWindow
	case !exchange.OverNetwork(front.address):
		return fmt.Errorf("%s is no page of a site", front.address)
	case front.crashed:
		return errCrashed
	case front.dialog != "":
		x.Camera.FirstView(ctx)
		return errDialog
	}
	x.Progress.Step(capture.StepLoad, 0, 0)
	x.LookUp(ctx)
	uncover := s.cover(ctx, x)
	x.Camera.FirstView(ctx)
	uncover()
	if err := s.Live.Settled(ctx, patience); err != nil {
		return err
	}
	tree, err := devtools.Call(ctx, x.Page.Session, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return err
	}
	front.document = string(tree.FrameTree.Frame.LoaderID)
	if err := measure(ctx, x); err != nil {
		return err
	}
	x.Look(ctx)
	uncover = s.cover(ctx, x)
	defer uncover()
	x.Camera.Pictures(ctx)
	sheets(ctx, x)
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
func (s *Session) over() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// broke notes why the page could not be taken whole.
func (s *Session) broke(ctx, timed context.Context, x *exhibit.Exhibit, err error) {
	switch {
	case err == nil:
	case errors.Is(context.Cause(ctx), capture.ErrFinish):
		x.Journal.Note(evidence.ByTool, "finish", "at once, on the operator's word")
		x.Journal.Miss("capture", evidence.Said(capture.ErrFinish))
	case ctx.Err() != nil:
		x.Cut, x.Result.Interrupted = true, true
		x.Journal.Warn(evidence.InterruptedBy.With(context.Cause(ctx)))
		x.Journal.Miss("capture", evidence.Interrupted.With())
	case timed.Err() != nil:
		x.Journal.Limit("time", evidence.LimitTime.With(x.Request.Limits.Time))
		x.Journal.Miss("capture", evidence.Unfinished.With(x.Request.Limits.Time))
	default:
		x.Cut = true
		x.Journal.Warn(evidence.Said(err))
		x.Journal.Miss("page", evidence.Said(err))
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
func measure(ctx context.Context, x *exhibit.Exhibit) error {
	if x.Visitor.Mobile {
		return nil // the view's own
	}
	w, err := browsing.Eval[window](ctx, x.Page, `({width: innerWidth, height: innerHeight, screen_width: screen.width, screen_height: screen.height})`)
	if err != nil {
		return err
	}
	v := &x.Page.Visitor
	v.Width, v.Height, v.ScreenWidth, v.ScreenHeight = w.Width, w.Height, w.ScreenWidth, w.ScreenHeight
	const sample = 400
	r, err := devtools.Call(ctx, x.Page.Session, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: new(true), Clip: &page.Viewport{Width: sample, Height: sample, Scale: 1},
	})
	if err != nil {
		return err
	}
	if head, err := tiles.Size(r.Data); err == nil {
		v.Scale = float64(head.Width) / sample
	}
	x.Visitor = *v
	return nil
}

// sheets makes the papers. A PDF would hold a typed password that the page shows as text; then there is none.
func sheets(ctx context.Context, x *exhibit.Exhibit) {
	if !x.Segment.Shown {
		x.Print(ctx)
		return
	}
	if err := x.Camera.MHTML(ctx, x.Reader.StatedMHTML); err != nil {
		x.Journal.Lack(ctx, evidence.PageMHTML, err)
	}
	x.Journal.Miss(evidence.PagePDF, evidence.PasswordShown.With())
}

// readConsole asks every session of the tab for what Chrome has kept of its messages, and falls silent again.
func (s *Session) readConsole(ctx context.Context, x *exhibit.Exhibit) {
	x.Console.Read(ctx, x.Page, x.Browser.Conn.Through)
	for _, p := range x.Page.Sessions() {
		devtools.Send(p, runtime.Disable, cdp.Empty{})
	}
}

// seal puts everything since the last exhibit into this one.
func (s *Session) seal(ctx context.Context, x *exhibit.Exhibit, front *tab) {
	x.Progress.Step(capture.StepArchive, 0, 0)
	s.settled(ctx)
	now := s.Live.Options.Now().UTC()
	s.gatherExchanges(x, front)
	s.Live.Exchanges.MoveSockets(x.Exchanges, func(address string, list []evidence.SocketMessage) {
		if x.Cleaner.Messages(address, list) > 0 {
			x.Journal.Miss(address, evidence.Unsearched.With())
		}
	})
	s.gatherSilent(x)
	s.gatherRest(x, now)
	main := x.Exchanges.Main()
	x.Exchanges.Judge()
	x.Facts(ctx, main)
	x.Contacts = s.fresh(x.Contacts)
	x.CloseArchives()
	x.Journal.SetActions(s.gather(x.Journal.TakeActions()))
	x.KeepRest()
	x.Conclude(main)
	x.Cleaner.Result(&x.Result)
	s.since = now
}
