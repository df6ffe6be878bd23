package workbench

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"time"
)

// State is how one part of the environment is.
type State string

// The states of the environment.
const (
	Good    State = "ok"
	Warning State = "warning"
	Bad     State = "bad"
)

// EnvItem is one thing that the environment check looked at. Name is a key: browser, clock, disk, resolver, proxy, fonts.
type EnvItem struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Value string `json:"value"`
}

// Env looks at what a capture depends on. It contacts nobody outside this machine.
func (w *Workbench) Env(ctx context.Context, dir string, proxy func(*url.URL) (*url.URL, error)) []EnvItem {
	return []EnvItem{w.envBrowser(ctx), w.envClock(), envDisk(dir), envResolver(), envProxy(proxy), envFonts(ctx)}
}

func (w *Workbench) envBrowser(ctx context.Context) EnvItem {
	version := ""
	browser, err := w.theBrowser()
	if err == nil {
		version, err = browser.Version(ctx)
	}
	if err != nil {
		return EnvItem{"browser", Bad, err.Error()}
	}
	return EnvItem{"browser", Good, version}
}

func (w *Workbench) envClock() EnvItem {
	now := w.Now()
	state := Good
	if now.Before(released) {
		state = Bad
	}
	return EnvItem{"clock", state, now.UTC().Format(time.RFC3339) + " / " + now.Format(time.RFC3339)}
}

// released is before any build of this program: a clock that shows less is wrong.
var released = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// Below lowDisk a long capture may not fit; below noDisk none should begin.
const (
	lowDisk = 10 << 30
	noDisk  = 1 << 30
)

func envDisk(dir string) EnvItem {
	free, err := freeBytes(dir)
	if err != nil {
		return EnvItem{"disk", Warning, err.Error()}
	}
	state := Good
	switch {
	case free < noDisk:
		state = Bad
	case free < lowDisk:
		state = Warning
	}
	return EnvItem{"disk", state, fmt.Sprintf("%.1f GiB", float64(free)/(1<<30))}
}

// envResolver asks for a name that is answered without leaving the machine.
func envResolver() EnvItem {
	addresses, err := net.LookupHost("localhost")
	if err != nil || len(addresses) == 0 {
		return EnvItem{"resolver", Warning, fmt.Sprint("localhost: ", err)}
	}
	return EnvItem{"resolver", Good, "localhost " + addresses[0]}
}

func envProxy(proxy func(*url.URL) (*url.URL, error)) EnvItem {
	u, err := proxy(&url.URL{Scheme: "https", Host: "example.com"})
	switch {
	case err != nil:
		return EnvItem{"proxy", Warning, err.Error()}
	case u != nil:
		return EnvItem{"proxy", Warning, u.Redacted()}
	}
	return EnvItem{"proxy", Good, "-"}
}

// kaiFaces are the faces that court papers are set in, as the style sheets of the papers name them.
var kaiFaces = []string{"DFKai-SB", "標楷體", "TW-Kai", "AR PL UKai TW"}

// envFonts asks fontconfig for one of them. Windows brings 標楷體 and has no fc-list.
func envFonts(ctx context.Context) EnvItem {
	fc, err := exec.LookPath("fc-list")
	if err != nil {
		return EnvItem{"fonts", Good, "-"}
	}
	for _, face := range kaiFaces {
		if out, err := exec.CommandContext(ctx, fc, ":family="+face, "family").Output(); err == nil && len(out) > 0 {
			return EnvItem{"fonts", Good, face}
		}
	}
	return EnvItem{"fonts", Warning, "fonts-cns11643-kai"}
}
