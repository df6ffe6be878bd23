package chrome

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"

	"yuzheng/capture"
	"yuzheng/capture/chrome/guard"
	"yuzheng/capture/chrome/guard/wire"
)

const startTime = 60 * time.Second

// launch is what must be settled before a browser starts; browsers with the same launch can be used again.
type launch struct {
	path      string
	temp      string
	version   string // for the user agent; empty where it is still to be learnt
	persona   persona
	noSandbox bool
	visible   bool // with windows, for a person
}

// warm is a running browser that captures use one after the other, each in a browser context of its own.
type warm struct {
	launch  launch
	version string // "156.0.8078.79"
	product string // "Chrome/156.0.8078.79"
	flags   []string
	conn    *conn
	home    *guard.Guard // refuses and counts what Chrome wants for itself
	profile string
	keys    *wire.Keys
	pipe    io.Closer // where the browser tells them
	program *program
	handler atomic.Pointer[func(event)]
}

// targets are the kinds of target that are recorded; browser pages of Chrome itself are not.
var targets = target.Filter{
	{Type: "page"}, {Type: "iframe"}, {Type: "worker"}, {Type: "shared_worker"}, {Type: "service_worker"}, {Exclude: true},
}

// ptr gives the address of v, for optional fields of the protocol.
func ptr[T any](v T) *T { return &v }

// startBrowser starts Chrome with a profile of its own and connects to it.
func startBrowser(ctx context.Context, l launch) (_ *warm, err error) {
	sweepProfiles(l.temp)
	w := &warm{launch: l}
	if w.profile, err = newProfile(l.temp); err != nil {
		return nil, err
	}
	if l.visible {
		if err := furnish(w.profile); err != nil {
			removeProfile(w.profile)
			return nil, err
		}
	}
	if w.home, err = guard.Start(guard.Options{Now: time.Now}); err != nil {
		removeProfile(w.profile)
		return nil, err
	}
	keys, err := w.listen()
	if err != nil {
		w.home.Close()
		removeProfile(w.profile)
		return nil, err
	}
	w.flags = flags(l, w.profile, w.home.Address(), keys)
	if err := w.open(ctx); err != nil {
		w.close()
		return nil, &capture.StartError{Path: l.path, Err: err}
	}
	return w, nil
}

// listen opens the pipe over which the browser tells the keys of its connections, and gives its path.
func (w *warm) listen() (string, error) {
	path, pipe, err := keyPipe(w.profile)
	if err != nil {
		return "", err
	}
	w.keys, w.pipe = wire.NewKeys(), pipe
	go w.keys.ReadFrom(pipe) // ends when the pipe is closed
	return path, nil
}

// open runs the browser, learns its version and attaches to whatever it will run.
func (w *warm) open(ctx context.Context) (err error) {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if w.program, err = run(w.launch.path, append(commandLine(w.flags), "about:blank"), environment(w.launch, w.profile)); err != nil {
		return err
	}
	w.conn = connect(w.program.out, w.program.in, w.handle)
	start, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	v, err := wait[browser.GetVersionResult](start, browser.GetVersion.Method, w.conn.start("", browser.GetVersion.Method, cdp.Empty{}))
	if err != nil {
		return w.program.notStarted(err)
	}
	w.product = v.Product
	_, w.version, _ = strings.Cut(v.Product, "/")
	_, err = call(ctx, w.root(), target.SetAutoAttach, target.SetAutoAttachParams{
		AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: ptr(true), Filter: targets,
	})
	return err
}

func (w *warm) root() session { return session{conn: w.conn} }

func (w *warm) handle(e event) {
	if f := w.handler.Load(); f != nil {
		(*f)(e)
	}
}

func majorOf(version string) string {
	major, _, _ := strings.Cut(version, ".")
	return major
}

// alive reports whether the browser still answers.
func (w *warm) alive() bool {
	select {
	case <-w.conn.closed:
		return false
	default:
		return true
	}
}

// leaveTime is how long a browser has to end by itself. One that was killed leaves helpers behind, which write for a moment longer.
const leaveTime = 5 * time.Second

// close ends the browser and removes its profile.
func (w *warm) close() error {
	if folder := socketFolder(w.profile); folder != "" {
		defer os.RemoveAll(folder) // a browser that ends by itself takes the link to it along, and not always the folder
	}
	if w.conn != nil {
		w.ask()
		w.conn.close()
	}
	if w.program != nil {
		w.program.end()
	}
	w.home.Close()
	w.pipe.Close()
	return removeProfile(w.profile)
}

// ask tells the browser to end, and waits until it has.
func (w *warm) ask() {
	send(w.root(), browser.Close, cdp.Empty{})
	patience := time.NewTimer(leaveTime)
	defer patience.Stop()
	select {
	case <-w.program.ended:
	case <-patience.C:
	}
}

// flags is the whole command line but for the program. The sandbox is named where it is off; it is never off without being asked for.
func flags(l launch, profile, proxy, keys string) []string {
	home := l.persona.place()
	list := []string{
		"no-startup-window", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-breakpad", "disable-client-side-phishing-detection", "disable-component-update",
		"disable-default-apps", "disable-domain-reliability", "disable-extensions", "disable-hang-monitor",
		"disable-quic", "disable-sync", "metrics-recording-only", "no-service-autorun", "use-mock-keychain", "password-store=basic",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
		"disable-features=HttpsUpgrades,HttpsFirstModeV2,HttpsFirstBalancedMode,HttpsFirstBalancedModeAutoEnable,HttpsFirstModeIncognito,WebUIOmniboxPopup,WebUIOmniboxAimPopup,Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication,WebRtcHideLocalIpsWithMdns",
		"disable-blink-features=AutomationControlled", "force-color-profile=srgb",
		"force-webrtc-ip-handling-policy=disable_non_proxied_udp", "webrtc-ip-handling-policy=disable_non_proxied_udp",
		"lang=" + home.locale, "accept-lang=" + home.languages, "user-agent=" + l.persona.userAgent(majorOf(l.version), l.version),
		"crash-dumps-dir=" + profile, "proxy-server=" + proxy, "proxy-bypass-list=<-loopback>", "host-resolver-rules=MAP " + guard.Host + " 127.0.0.1 , MAP * ~NOTFOUND", "user-data-dir=" + profile,
		"ssl-key-log-file=" + keys,
	}
	if l.visible {
		list = append(list, "disable-auto-reload")
	} else {
		list = append(list, "headless", "hide-scrollbars", "mute-audio", "disable-prompt-on-repost", "window-size=1920,1080")
	}
	if l.noSandbox {
		list = append(list, "no-sandbox")
	}
	return append(list, pipeFlags...)
}

// commandLine writes the flags as the program reads them.
func commandLine(flags []string) []string {
	args := make([]string, len(flags))
	for i, f := range flags {
		args[i] = "--" + f
	}
	return args
}

// environment is all that the browser is told by variables: those that it needs, and those that make it the visitor's.
func environment(l launch, profile string) []string {
	names := environmentNames
	if l.visible {
		names = slices.Concat(names, windowNames)
	}
	list := []string{
		"TZ=" + l.persona.place().timeZone, "LANGUAGE=" + l.persona.place().locale, "BREAKPAD_DUMP_LOCATION=" + profile,
		"GOOGLE_API_KEY=no", "GOOGLE_DEFAULT_CLIENT_ID=no", "GOOGLE_DEFAULT_CLIENT_SECRET=no",
	}
	for _, name := range names {
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+value)
		}
	}
	return list
}
