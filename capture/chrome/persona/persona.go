// Package persona is whom a page believes to have before it, for each view: a kind of browser on a kind of machine, in a place. What a visitor shows is the same
// in every frame and worker, and all of it is written into the exhibit.
package persona

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"

	"yuzheng/capture/chrome/launch"
	"yuzheng/casefile/evidence"
)

// Visitor is whom a page believes to have before it: the same in every frame and worker. Every value is written into the exhibit.
type Visitor struct {
	evidence.Visitor
	Hints *emulation.UserAgentMetadata // nil where none are sent
}

// Told is the visitor as capture.json has it.
func (v Visitor) Told() evidence.Visitor {
	out, h := v.Visitor, v.Hints
	if h == nil {
		return out
	}
	out.Hints = &evidence.ClientHints{
		Brands: named(h.Brands), FullVersionList: named(h.FullVersionList), Platform: h.Platform, PlatformVersion: h.PlatformVersion,
		Architecture: h.Architecture, Model: h.Model, Mobile: h.Mobile, Bitness: h.Bitness, Wow64: h.Wow64, FormFactors: h.FormFactors,
	}
	return out
}

func named(list []*emulation.UserAgentBrandVersion) []evidence.Brand {
	out := make([]evidence.Brand, len(list))
	for i, b := range list {
		out[i] = evidence.Brand{Brand: b.Brand, Version: b.Version}
	}
	return out
}

// Kind is what a visitor brings along: a kind of browser on a kind of machine, in a place. The views that differ only in where the
// visitor comes from share one.
type Kind string

const (
	Desktop  Kind = "desktop"
	phone    Kind = "phone"
	inLine   Kind = "line"     // the browser inside the LINE app
	inFB     Kind = "facebook" // the browser inside the Facebook app
	searcher Kind = "crawler"  // a search engine's robot
)

// personas says as whom each view asks, and where from: a referrer as such a visitor would bring it.
var personas = map[evidence.Persona]struct {
	Kind
	referrer string
}{
	evidence.Desktop:  {Desktop, ""},
	evidence.Mobile:   {phone, ""},
	evidence.Ad:       {phone, "https://l.facebook.com/"},
	evidence.Line:     {inLine, ""}, // a link in a conversation brings none
	evidence.Facebook: {inFB, "http://m.facebook.com/"},
	evidence.Crawler:  {searcher, ""},
}

// KindOf is the kind of browser that a view asks with.
func KindOf(view evidence.Persona) Kind { return personas[view].Kind }

// AtStart is whom a browser of this version shows from its start on, before a page is told more.
func (p Kind) AtStart(version string) launch.Visitor {
	home := p.place()
	major, _, _ := strings.Cut(version, ".")
	return launch.Visitor{Locale: home.locale, Languages: home.languages, TimeZone: home.timeZone, UserAgent: p.userAgent(major, version)}
}

// place is where a visitor is at home.
type place struct{ languages, locale, timeZone string }

func (p Kind) place() place {
	if p == searcher {
		return place{"en-US,en", "en-US", "America/Los_Angeles"}
	}
	return place{"zh-TW,zh,en-US,en", "zh-TW", "Asia/Taipei"}
}

// The versions of the apps whose browsers are imitated, of autumn 2026.
const (
	lineApp     = "Line/15.17.1/IAB"
	facebookApp = "[FB_IAB/FB4A;FBAV/530.0.0.48.76;IABMV/1;]"
)

// New is the visitor of a view, with the version that the browser really has ("156.0.8078.79").
func New(view evidence.Persona, version string) Visitor {
	who := personas[view]
	major, _, _ := strings.Cut(version, ".")
	home := who.place()
	v := Visitor{Hints: who.hints(major, version), Visitor: evidence.Visitor{
		UserAgent: who.userAgent(major, version), Referrer: who.referrer, Languages: home.languages, Locale: home.locale, TimeZone: home.timeZone,
	}}
	switch who.Kind {
	case Desktop:
		v.Platform, v.Width, v.Height, v.ScreenWidth, v.ScreenHeight, v.Scale = "Win32", 1920, 953, 1920, 1080, 1
	case searcher:
		v.Platform, v.Width, v.Height, v.ScreenWidth, v.ScreenHeight, v.Scale = "Linux x86_64", 1024, 1024, 1024, 1024, 1
	default:
		v.Platform, v.Width, v.Height, v.ScreenWidth, v.ScreenHeight, v.Scale = "Linux armv81", 412, 785, 412, 915, 2.625
		v.Mobile, v.TouchPoints = true, 5
	}
	return v
}

// Outside is the script that gives a window its size from outside where the browser has not yet told a new process of it: for that moment it is 0,
// by which pages know machines. A window that has its size is left alone.
func (v Visitor) Outside() string {
	return fmt.Sprintf(`for (const [name, size] of [["outerWidth", %d], ["outerHeight", %d]]) {
	const own = Object.getOwnPropertyDescriptor(window, name);
	if (!own || !own.get || window[name] !== 0) continue;
	own.get = new Proxy(own.get, {apply: (get, self, args) => Reflect.apply(get, self, args) || size});
	Object.defineProperty(window, name, own);
}`, v.ScreenWidth, v.ScreenHeight)
}

// InWorkers is the script that gives a worker what Chrome's overrides reach in pages alone: the platform, and the lack of brands. The getters
// stay the browser's own to whoever looks at them.
func (v Visitor) InWorkers() string {
	const give = `((proto, name, value) => {
		const own = Object.getOwnPropertyDescriptor(proto, name);
		own.get = new Proxy(own.get, {apply: (get, self, args) => { Reflect.apply(get, self, args); return value; }});
		Object.defineProperty(proto, name, own);
	})`
	script := fmt.Sprintf("%s(WorkerNavigator.prototype, \"platform\", %q);", give, v.Platform)
	if v.Hints == nil {
		script += "if (self.NavigatorUAData) " + give + `(NavigatorUAData.prototype, "brands", Object.freeze([]));`
	}
	return script
}

// hints are the client hints of a persona; a search engine's robot sends none.
func (p Kind) hints(major, version string) *emulation.UserAgentMetadata {
	switch p {
	case searcher:
		return nil
	case Desktop:
		return &emulation.UserAgentMetadata{
			Brands: brands("Google Chrome", major, major), FullVersionList: brands("Google Chrome", major, version),
			Platform: "Windows", PlatformVersion: "19.0.0", Architecture: "x86", Bitness: "64", FormFactors: []string{"Desktop"},
		}
	}
	name := "Google Chrome"
	if p != phone {
		name = "Android WebView"
	}
	return &emulation.UserAgentMetadata{
		Brands: brands(name, major, major), FullVersionList: brands(name, major, version),
		Platform: "Android", PlatformVersion: "15.0.0", Model: "Pixel 8", Mobile: true, FormFactors: []string{"Mobile"},
	}
}

// brands is Chrome's list of itself. Chrome deals the same three names in an order, and spoils one of them in a way, that follow from
// its major version (Chromium, components/embedder_support/user_agent_utils.cc), so that sites parse rather than compare.
func brands(name, major, version string) []*emulation.UserAgentBrandVersion {
	seed := 0
	fmt.Sscan(major, &seed)
	odd := []string{" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_"}
	oddVersion := []string{"8", "99", "24"}[seed%3]
	if strings.Contains(version, ".") {
		oddVersion += ".0.0.0"
	}
	order := [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}[seed%6]
	out := make([]*emulation.UserAgentBrandVersion, 3)
	out[order[0]] = &emulation.UserAgentBrandVersion{Brand: "Not" + odd[seed%11] + "A" + odd[(seed+1)%11] + "Brand", Version: oddVersion}
	out[order[1]] = &emulation.UserAgentBrandVersion{Brand: "Chromium", Version: version}
	out[order[2]] = &emulation.UserAgentBrandVersion{Brand: name, Version: version}
	return out
}

// userAgent is what such a browser sends. Chrome on its own has frozen all but the major version; the browsers inside apps have not.
func (p Kind) userAgent(major, version string) string {
	const engine = "AppleWebKit/537.36 (KHTML, like Gecko)"
	webView := fmt.Sprintf("Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/BP1A.250505.005; wv) %s Version/4.0 Chrome/%s Mobile Safari/537.36", engine, version)
	switch p {
	case Desktop:
		return fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) %s Chrome/%s.0.0.0 Safari/537.36", engine, major)
	case phone:
		return fmt.Sprintf("Mozilla/5.0 (Linux; Android 10; K) %s Chrome/%s.0.0.0 Mobile Safari/537.36", engine, major)
	case inLine:
		return webView + " " + lineApp
	case inFB:
		return webView + " " + facebookApp
	case searcher:
		return fmt.Sprintf("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/%s Safari/537.36", version)
	}
	return "" // a kind without a user agent, which TestEveryPersonaIsSomebody finds
}
