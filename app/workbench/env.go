package workbench

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/evidence"
)

// State is how one part of the environment is.
type State string

// The states of the environment.
const (
	Good    State = "ok"
	Warning State = "warning"
	Bad     State = "bad"
	Untried State = "untried" // nobody was to be contacted
)

// EnvItem is one thing that the environment check tried. Name is a key: browser, clock, disk, resolver, proxy, fonts. Code says, below the name,
// what came of it, with Data for its sentence; the faces have the words. Value is the same for a script.
type EnvItem struct {
	Name  string            `json:"name"`
	State State             `json:"state"`
	Code  string            `json:"code"`
	Data  map[string]string `json:"data,omitempty"`
	Value string            `json:"value"`
}

func item(name string, state State, code, value string, pairs ...string) EnvItem {
	i := EnvItem{Name: name, State: state, Code: code, Value: value, Data: map[string]string{}}
	for n := 0; n+1 < len(pairs); n += 2 {
		i.Data[pairs[n]] = pairs[n+1]
	}
	return i
}

// EnvContact is a host that the check is about to contact, and for what: clock, resolver, proxy.
type EnvContact struct{ Name, Host string }

// EnvOptions says what the environment is to be fit for.
type EnvOptions struct {
	Dir       string // where cases are to lie
	NoSandbox bool
	Lookups   evidence.Lookups // the time server and the resolver of captures; empty is what a capture uses
	Proxy     func(*url.URL) (*url.URL, error)

	// Contact lets the check ask the time server, the resolver and the proxy; without it they are told as untried. Tell is told of each
	// before it is contacted.
	Contact bool
	Tell    func(EnvContact)
}

// nationalTime is the time server of captures that name none, and the name that the resolver is asked for: it is Taiwan's own, and harmless to ask.
const nationalTime = "time.stdtime.gov.tw"

// Env tries what a capture depends on: it starts the browser and prints with it, writes to the disk, and asks time server and resolver.
func (w *Workbench) Env(ctx context.Context, o EnvOptions) []EnvItem {
	tell := o.Tell
	o.Tell = func(c EnvContact) {
		if tell != nil {
			tell(c)
		}
	}
	return []EnvItem{w.envBrowser(ctx, o), w.envClock(ctx, o), envDisk(o.Dir), envResolver(ctx, o), envProxy(ctx, o), envFonts(ctx)}
}

// envPatience bounds each thing that is tried.
const envPatience = 30 * time.Second

// envBrowser starts the browser as a capture does and prints a page with it. One that starts without its sandbox alone is told as that.
func (w *Workbench) envBrowser(ctx context.Context, o EnvOptions) EnvItem {
	browser, err := w.theBrowser()
	if err != nil {
		return item("browser", Bad, "absent", err.Error())
	}
	ctx, cancel := context.WithTimeout(ctx, envPatience)
	defer cancel()
	version, err := browser.Try(ctx, o.NoSandbox)
	switch {
	case err == nil && o.NoSandbox:
		return item("browser", Warning, "unboxed", version+", no sandbox", "version", version)
	case err == nil:
		return item("browser", Good, "works", version, "version", version)
	case o.NoSandbox:
		return item("browser", Bad, "fails", err.Error(), "why", err.Error())
	}
	again, cancelAgain := context.WithTimeout(context.WithoutCancel(ctx), envPatience)
	defer cancelAgain()
	if version, unboxed := browser.Try(again, true); unboxed == nil {
		return item("browser", Bad, "sandbox", "starts without its sandbox alone: "+firstOf(err), "version", version, "why", firstOf(err))
	}
	return item("browser", Bad, "fails", err.Error(), "why", firstOf(err))
}

// firstOf is what a browser that did not start had to say, in one line.
func firstOf(err error) string {
	var start *capture.StartError
	if errors.As(err, &start) {
		return start.Why()
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// How far a clock may be off: a warning, and what makes time stamps worthless.
const (
	clockOff   = time.Second
	clockWrong = 5 * time.Minute
)

// released is before any build of this program: a clock that shows less is wrong.
var released = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// envClock asks the time server of captures.
func (w *Workbench) envClock(ctx context.Context, o EnvOptions) EnvItem {
	now, server := w.Now(), cmp.Or(o.Lookups.NTP, nationalTime+":123")
	shown := now.UTC().Format(time.RFC3339)
	switch {
	case now.Before(released):
		return item("clock", Bad, "past", shown, "time", shown)
	case !o.Contact:
		return item("clock", Untried, "untried", shown, "server", server)
	}
	o.Tell(EnvContact{"clock", server})
	dialer := new(net.Dialer)
	found := netfacts.Look(ctx, netfacts.Options{
		Lookups: evidence.Lookups{Clock: true, NTP: server, Resolver: o.Lookups.Resolver}, Now: w.Now, Dial: dialer.DialContext,
	})
	if found.Clock == nil || found.Clock.Error != "" {
		why := "no answer"
		if found.Clock != nil {
			why = found.Clock.Error
		}
		return item("clock", Warning, "unreached", server+" not reached: "+why, "server", server, "why", why, "time", shown)
	}
	offset := time.Duration(found.Clock.OffsetMS * float64(time.Millisecond))
	ms := fmt.Sprintf("%+.1f", found.Clock.OffsetMS)
	state := Good
	switch {
	case offset.Abs() > clockWrong:
		state = Bad
	case offset.Abs() > clockOff:
		state = Warning
	}
	return item("clock", state, "offset", ms+" ms against "+server, "server", server, "ms", ms)
}

// Below lowDisk a long capture may not fit; below noDisk none should begin.
const (
	lowDisk = 10 << 30
	noDisk  = 1 << 30
)

// trialBytes are written to the disk, synchronised and read back.
const trialBytes = 1 << 20

// envDisk writes a file of nothing but random bytes where cases are to lie, reads it back and takes it away.
func envDisk(dir string) EnvItem {
	asked := dir
	dir = existing(dir)
	found := func(state State, code, value string, pairs ...string) EnvItem {
		i := item("disk", state, code, value, append(pairs, "dir", dir)...)
		if asked != dir {
			i.Value, i.Data["absent"] = asked+" is not there, tried "+dir+": "+value, asked
		}
		return i
	}
	if err := tryDisk(dir); err != nil {
		return found(Bad, "unwritable", err.Error(), "why", err.Error())
	}
	free, err := freeBytes(dir)
	if err != nil {
		return found(Warning, "unmeasured", err.Error(), "why", err.Error())
	}
	state, code := Good, "room"
	switch {
	case free < noDisk:
		state, code = Bad, "full"
	case free < lowDisk:
		state, code = Warning, "low"
	}
	size := fmt.Sprintf("%.1f GiB", float64(free)/(1<<30))
	return found(state, code, size, "free", size)
}

// existing is the folder, or the first one above it that is there: cases make their own.
func existing(dir string) string {
	for {
		above := filepath.Dir(dir)
		if info, err := os.Stat(dir); err == nil && info.IsDir() || !errors.Is(err, fs.ErrNotExist) || above == dir {
			return dir
		}
		dir = above
	}
}

func tryDisk(dir string) (err error) {
	f, err := os.CreateTemp(dir, ".yuzheng-check-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	wrote := make([]byte, trialBytes)
	if _, err := rand.Read(wrote); err != nil {
		return err
	}
	if _, err := f.Write(wrote); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	read := make([]byte, trialBytes)
	if _, err := f.ReadAt(read, 0); err != nil {
		return err
	}
	if !bytes.Equal(read, wrote) {
		return fmt.Errorf("%s: what was read back is not what was written", f.Name())
	}
	return nil
}

// envResolver asks the resolver of captures a real question.
func envResolver(ctx context.Context, o EnvOptions) EnvItem {
	resolver := o.Lookups.Resolver
	if !o.Contact {
		return item("resolver", Untried, "untried", "", "resolver", resolver, "name", nationalTime)
	}
	o.Tell(EnvContact{"resolver", strings.TrimSpace(resolver + " " + nationalTime)})
	r := net.DefaultResolver
	if resolver != "" {
		r = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, resolver)
		}}
	}
	ctx, cancel := context.WithTimeout(ctx, envPatience/2)
	defer cancel()
	found, err := r.LookupNetIP(ctx, "ip4", nationalTime+".")
	var answered *net.DNSError
	switch {
	case err == nil && len(found) > 0:
		list := addressTexts(found)
		return item("resolver", Good, "answers", nationalTime+" "+list, "resolver", resolver, "name", nationalTime, "addresses", list)
	case errors.As(err, &answered) && answered.IsNotFound && !answered.IsTimeout && !answered.IsTemporary:
		return item("resolver", Warning, "unknown", err.Error(), "resolver", resolver, "name", nationalTime, "why", err.Error())
	}
	return item("resolver", Warning, "unreached", fmt.Sprint("not reached: ", err), "resolver", resolver, "name", nationalTime, "why", fmt.Sprint(err))
}

func addressTexts(list []netip.Addr) string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = a.Unmap().String()
	}
	return strings.Join(texts, " ")
}

// envProxy connects to the proxy that the system names, where there is one.
func envProxy(ctx context.Context, o EnvOptions) EnvItem {
	if o.Proxy == nil {
		return item("proxy", Good, "none", "-")
	}
	u, err := o.Proxy(&url.URL{Scheme: "https", Host: nationalTime})
	switch {
	case err != nil:
		return item("proxy", Warning, "unread", err.Error(), "why", err.Error())
	case u == nil:
		return item("proxy", Good, "none", "-")
	case !o.Contact:
		return item("proxy", Untried, "untried", u.Redacted(), "proxy", u.Redacted())
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), map[string]string{"https": "443", "socks5": "1080"}[u.Scheme])
		if u.Scheme == "http" {
			host = net.JoinHostPort(u.Hostname(), "80")
		}
	}
	o.Tell(EnvContact{"proxy", host})
	ctx, cancel := context.WithTimeout(ctx, envPatience/3)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return item("proxy", Bad, "unreached", err.Error(), "proxy", u.Redacted(), "why", err.Error())
	}
	if err := conn.Close(); err != nil {
		return item("proxy", Warning, "unreached", err.Error(), "proxy", u.Redacted(), "why", err.Error())
	}
	return item("proxy", Warning, "reached", u.Redacted(), "proxy", u.Redacted())
}

// kaiFaces are the faces that court papers are set in, as the style sheets of the papers name them.
var kaiFaces = []string{"DFKai-SB", "標楷體", "TW-Kai", "AR PL UKai TW"}

// envFonts asks fontconfig for one of them, and Windows for the file in which it brings 標楷體.
func envFonts(ctx context.Context) EnvItem {
	if dir := os.Getenv("WINDIR"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "Fonts", "kaiu.ttf")); err == nil {
			return item("fonts", Good, "found", "kaiu.ttf", "face", "標楷體")
		}
		return item("fonts", Warning, "missing", "kaiu.ttf")
	}
	fc, err := exec.LookPath("fc-list")
	if err != nil {
		return item("fonts", Warning, "unasked", err.Error())
	}
	for _, face := range kaiFaces {
		if out, err := exec.CommandContext(ctx, fc, ":family="+face, "family").Output(); err == nil && len(out) > 0 {
			return item("fonts", Good, "found", face, "face", face)
		}
	}
	return item("fonts", Warning, "missing", "fonts-cns11643-kai")
}
