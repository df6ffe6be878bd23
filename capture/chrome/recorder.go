// Package chrome records a page with an installed Chrome: it starts the browser, stands between page and network, follows
// every request over a DevTools connection of its own, and prints the project's own papers. It and what lies below it alone import chromedp and cdproto.
package chrome

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/chrome/report"
	"yuzheng/capture/chrome/session"
	"yuzheng/capture/chrome/visit"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// maxWarm is how many idle browsers are kept for the next captures.
const maxWarm = 4

// Blocked is what is known of pages that answer in place of a name whose resolution was stopped.
type Blocked = report.Blocked

// Options of a Recorder.
type Options struct {
	Path     string // of Chrome; empty asks launch.Find
	Temp     string // folder for Chrome's profile; empty is the system's
	Software string // name and version of the program, written into the archive
	Now      func() time.Time
	Blocked  Blocked

	Networks   *netfacts.ASNTable // to whom addresses belong; nil knows none
	Inspectors []string           // words in the issuers of products that open connections in between
}

// ofExhibits are the options of each exhibit.
func (o Options) ofExhibits() exhibit.Options {
	return exhibit.Options{Software: o.Software, Now: o.Now, Blocked: o.Blocked, Networks: o.Networks, Inspectors: o.Inspectors}
}

// Recorder captures pages. It keeps browsers warm between captures; each capture has a browser context of its own in a
// browser that no other capture uses at that time. It is safe for concurrent use.
type Recorder struct {
	options Options

	mu     sync.Mutex
	idle   []*browsing.Browser
	closed bool
	known  string // version of the installed browser, once it has told
}

// New gives a Recorder. No browser is started before the first capture.
func New(o Options) (*Recorder, error) {
	if o.Path == "" {
		path, err := launch.Find()
		if err != nil {
			return nil, err
		}
		o.Path = path
	}
	if o.Temp == "" {
		o.Temp = os.TempDir()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Recorder{options: o}, nil
}

// Close ends the idle browsers. Captures that run end theirs when they are done.
func (r *Recorder) Close() error {
	r.mu.Lock()
	idle := r.idle
	r.idle, r.closed = nil, true
	r.mu.Unlock()
	var errs []error
	for _, w := range idle {
		errs = append(errs, w.Close())
	}
	return errors.Join(errs...)
}

// Record captures one page. A page that fails, a time-out and a cancelled ctx still give a Result and every artifact that could be
// made; only a wrong request, a browser that does not run and a sink that does not keep give an error.
func (r *Recorder) Record(ctx context.Context, req evidence.Request, sink capture.Sink, progress capture.Progress) (evidence.Summary, error) {
	if err := capture.Validate(req); err != nil {
		return evidence.Summary{}, err
	}
	progress.Step(capture.StepStart, 0, 0)
	w, err := r.take(ctx, browsing.Setup{Path: r.options.Path, Temp: r.options.Temp, Persona: persona.KindOf(req.View), NoSandbox: req.NoSandbox})
	if err != nil {
		return evidence.Summary{}, err
	}
	defer r.give(w)
	g, err := exhibit.StartGuard(r.options.Now, req, w.Keys)
	if err != nil {
		return evidence.Summary{}, err
	}
	return visit.New(exhibit.New(r.options.ofExhibits(), w, req, sink, progress), g).Run(ctx)
}

// take gives a browser that nobody else uses, a warm one if there is.
func (r *Recorder) take(ctx context.Context, l browsing.Setup) (*browsing.Browser, error) {
	r.mu.Lock()
	l.Version = r.known
	for i, w := range r.idle {
		if w.Setup == l && w.Alive() {
			r.idle = append(r.idle[:i:i], r.idle[i+1:]...)
			r.mu.Unlock()
			return w, nil
		}
	}
	r.mu.Unlock()
	return r.start(ctx, l)
}

// takeAny gives a browser that nobody else uses, for what no server sees: its user agent may lack the version.
func (r *Recorder) takeAny(ctx context.Context, l browsing.Setup) (*browsing.Browser, error) {
	r.mu.Lock()
	for i, w := range r.idle {
		if l.Version = w.Setup.Version; w.Setup == l && w.Alive() {
			r.idle = append(r.idle[:i:i], r.idle[i+1:]...)
			r.mu.Unlock()
			return w, nil
		}
	}
	l.Version = r.known
	r.mu.Unlock()
	w, err := browsing.Start(ctx, l)
	if err == nil {
		r.learn(w.Version)
	}
	return w, err
}

// learn keeps the version of the browser.
func (r *Recorder) learn(version string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known = version
}

// start gives a new browser.
func (r *Recorder) start(ctx context.Context, l browsing.Setup) (*browsing.Browser, error) {
	r.mu.Lock()
	l.Version = r.known
	r.mu.Unlock()
	w, err := browsing.Start(ctx, l)
	if err != nil || w.Version == l.Version {
		return w, err
	}
	// The first start only tells the version, which the user agent on the command line needs.
	l.Version = w.Version
	r.learn(w.Version)
	if err := w.Close(); err != nil {
		return nil, err
	}
	return browsing.Start(ctx, l)
}

// give keeps a browser for the next capture, or ends it.
func (r *Recorder) give(w *browsing.Browser) {
	w.Serve(nil)
	r.mu.Lock()
	var extra *browsing.Browser
	switch {
	case r.closed || !w.Alive():
		extra = w
	default:
		r.idle = append(r.idle, w)
		if len(r.idle) > maxWarm {
			extra, r.idle = r.idle[0], r.idle[1:]
		}
	}
	r.mu.Unlock()
	if extra != nil {
		extra.Close()
	}
}

// Sit starts a visible browser of its own, opens req.URL in it and leaves it to a person. It needs a display. Nothing is scrolled, pressed or
// answered by the tool. Of the limits, Time and Bytes are those of one exhibit. Without a display it gives capture.ErrNoDisplay.
func (r *Recorder) Sit(ctx context.Context, req evidence.Request, o capture.SessionOptions) (capture.Session, error) {
	if err := capture.Validate(req); err != nil {
		return nil, err
	}
	s, err := session.Start(ctx, r.options.ofExhibits(), req, o, func(ctx context.Context) (*browsing.Browser, error) {
		return r.start(ctx, browsing.Setup{
			Path: r.options.Path, Temp: r.options.Temp, Persona: persona.KindOf(req.View), NoSandbox: req.NoSandbox, Visible: true,
		})
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}
