package chrome

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"yuzheng/capture/chrome/persona"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/launch"
)

const startTime = 60 * time.Second

// setup is what must be settled before a browser starts; browsers with the same setup can be used again.
type setup struct {
	path      string
	temp      string
	version   string // for the user agent; empty where it is still to be learnt
	persona   persona.Kind
	noSandbox bool
	visible   bool // with windows, for a person
}

// warm is a running browser that captures use one after the other, each in a browser context of its own.
type warm struct {
	launch  setup
	version string // "156.0.8078.79"
	product string // "Chrome/156.0.8078.79"
	flags   []string
	conn    *devtools.Conn
	home    *guard.Guard // refuses and counts what Chrome wants for itself
	keys    *wire.Keys
	browser *launch.Browser
	handler atomic.Pointer[func(devtools.Event)]
}

// targets are the kinds of target that are recorded; browser pages of Chrome itself are not.
var targets = target.Filter{
	{Type: "page"}, {Type: "iframe"}, {Type: "worker"}, {Type: "shared_worker"}, {Type: "service_worker"}, {Exclude: true},
}

// hosts has the browser resolve the guard's name and nothing else.
const hosts = "MAP " + guard.Host + " 127.0.0.1 , MAP * ~NOTFOUND"

// startBrowser starts Chrome with a profile of its own and connects to it.
func startBrowser(ctx context.Context, l setup) (*warm, error) {
	home, err := guard.Start(guard.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	w := &warm{launch: l, home: home, keys: wire.NewKeys()}
	w.browser, err = launch.Start(ctx, launch.Options{
		Path: l.path, Temp: l.temp, NoSandbox: l.noSandbox, Visible: l.visible, Visitor: l.persona.AtStart(l.version),
		Proxy: home.Address(), Hosts: hosts, Keys: w.keys,
	})
	if err != nil {
		home.Close()
		return nil, err
	}
	w.flags = w.browser.Flags
	if err := w.open(ctx); err != nil {
		w.close()
		return nil, &capture.StartError{Path: l.path, Err: err}
	}
	return w, nil
}

// open connects to the browser, learns its version and attaches to whatever it will run.
func (w *warm) open(ctx context.Context) error {
	w.conn = devtools.Connect(w.browser.Answers, w.browser.Orders, w.handle)
	start, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	v, err := devtools.Wait[browser.GetVersionResult](start, browser.GetVersion.Method, w.root().Start(browser.GetVersion.Method, cdp.Empty{}))
	if err != nil {
		return w.browser.Explain(err)
	}
	w.product = v.Product
	_, w.version, _ = strings.Cut(v.Product, "/")
	_, err = devtools.Call(ctx, w.root(), target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true), Filter: targets,
	})
	return err
}

func (w *warm) root() devtools.Session { return w.conn.Session("") }

func (w *warm) handle(e devtools.Event) {
	if f := w.handler.Load(); f != nil {
		(*f)(e)
	}
}

// alive reports whether the browser still answers.
func (w *warm) alive() bool {
	select {
	case <-w.conn.Closed():
		return false
	default:
		return true
	}
}

// close ends the browser and removes its profile.
func (w *warm) close() error {
	err := w.browser.Close(func() { devtools.Send(w.root(), browser.Close, cdp.Empty{}) })
	w.home.Close()
	return err
}
