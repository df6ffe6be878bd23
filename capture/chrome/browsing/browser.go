package browsing

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/chrome/persona"
	"yuzheng/casefile/evidence"
)

const startTime = 60 * time.Second

// Setup is what must be settled before a browser starts; browsers with the same setup can be used again.
type Setup struct {
	Path      string
	Temp      string
	Version   string // for the user agent; empty where it is still to be learnt
	Persona   persona.Kind
	NoSandbox bool
	Visible   bool // with windows, for a person
}

// Browser is a running browser that captures use one after the other, each in a browser context of its own.
type Browser struct {
	Setup   Setup
	Version string // "156.0.8078.79"
	Product string // "Chrome/156.0.8078.79"
	Flags   []string
	Conn    *devtools.Conn
	home    *guard.Guard // refuses and counts what Chrome wants for itself
	Keys    *wire.Keys
	browser *launch.Browser
	handler atomic.Pointer[func(devtools.Event)]
}

// targets are the kinds of target that are recorded; browser pages of Chrome itself are not.
var targets = target.Filter{
	{Type: "page"}, {Type: "iframe"}, {Type: "worker"}, {Type: "shared_worker"}, {Type: "service_worker"}, {Exclude: true},
}

// hosts has the browser resolve the guard's name and nothing else.
const hosts = "MAP " + guard.Host + " 127.0.0.1 , MAP * ~NOTFOUND"

// Start starts Chrome with a profile of its own and connects to it.
func Start(ctx context.Context, l Setup) (*Browser, error) {
	home, err := guard.Start(guard.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	w := &Browser{Setup: l, home: home, Keys: wire.NewKeys()}
	w.browser, err = launch.Start(ctx, launch.Options{
		Path: l.Path, Temp: l.Temp, NoSandbox: l.NoSandbox, Visible: l.Visible, Visitor: l.Persona.AtStart(l.Version),
		Proxy: home.Address(), Hosts: hosts, Keys: w.Keys,
	})
	if err != nil {
		home.Close()
		return nil, err
	}
	w.Flags = w.browser.Flags
	if err := w.open(ctx); err != nil {
		w.Close()
		return nil, &capture.StartError{Path: l.Path, Err: err}
	}
	return w, nil
}

// open connects to the browser, learns its version and attaches to whatever it will run.
func (w *Browser) open(ctx context.Context) error {
	w.Conn = devtools.Connect(w.browser.Answers, w.browser.Orders, w.handle)
	start, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	v, err := devtools.Wait[browser.GetVersionResult](start, browser.GetVersion.Method, w.Root().Start(browser.GetVersion.Method, cdp.Empty{}))
	if err != nil {
		return w.browser.Explain(err)
	}
	w.Product = v.Product
	_, w.Version, _ = strings.Cut(v.Product, "/")
	_, err = devtools.Call(ctx, w.Root(), target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true), Filter: targets,
	})
	return err
}

// Root is the session of the browser itself.
func (w *Browser) Root() devtools.Session { return w.Conn.Session("") }

// Serve gives the browser's events to f from now on, one after the other; nil takes none.
func (w *Browser) Serve(f func(devtools.Event)) {
	if f == nil {
		w.handler.Store(nil)
		return
	}
	w.handler.Store(&f)
}

// Served is who takes the browser's events; nil where nobody does.
func (w *Browser) Served() func(devtools.Event) {
	if f := w.handler.Load(); f != nil {
		return *f
	}
	return nil
}

// Profile is the folder of its profile.
func (w *Browser) Profile() string { return w.browser.Profile }

// Own are the connections that the browser wanted for itself, all of them refused.
func (w *Browser) Own() []evidence.Connection { return w.home.Connections() }

func (w *Browser) handle(e devtools.Event) {
	if f := w.handler.Load(); f != nil {
		(*f)(e)
	}
}

// Alive reports whether the browser still answers.
func (w *Browser) Alive() bool {
	select {
	case <-w.Conn.Closed():
		return false
	default:
		return true
	}
}

// Close ends the browser and removes its profile.
func (w *Browser) Close() error {
	err := w.browser.Close(func() { devtools.Send(w.Root(), browser.Close, cdp.Empty{}) })
	w.home.Close()
	return err
}
