package chrome

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"

	"yuzheng/capture"
)

// visitor is whom a page believes to have before it: the same in every frame and worker.
type visitor struct {
	UserAgent    string                       `json:"user_agent"`
	Hints        *emulation.UserAgentMetadata `json:"client_hints"`
	Platform     string                       `json:"platform"`
	Languages    string                       `json:"languages"`
	Locale       string                       `json:"locale"`
	TimeZone     string                       `json:"time_zone"`
	Width        int64                        `json:"viewport_width"`
	Height       int64                        `json:"viewport_height"`
	ScreenWidth  int64                        `json:"screen_width"`
	ScreenHeight int64                        `json:"screen_height"`
	Scale        float64                      `json:"device_scale_factor"`
	Mobile       bool                         `json:"mobile"`
	TouchPoints  int64                        `json:"touch_points"`
	Referrer     string                       `json:"referrer,omitempty"`
}

const (
	languages = "zh-TW,zh,en-US,en"
	locale    = "zh-TW"
	timeZone  = "Asia/Taipei"
	referrer  = "https://l.facebook.com/"
)

// newVisitor is the ordinary Taiwanese visitor of a view, with the version that the browser really has ("156.0.8078.79").
func newVisitor(view capture.View, version string) visitor {
	major, _, _ := strings.Cut(version, ".")
	v := visitor{UserAgent: userAgent(major, view != capture.Desktop), Languages: languages, Locale: locale, TimeZone: timeZone}
	hints := &emulation.UserAgentMetadata{Brands: brands(major, major), FullVersionList: brands(major, version)}
	v.Hints = hints
	if view == capture.Desktop {
		v.Platform, v.Width, v.Height, v.ScreenWidth, v.ScreenHeight, v.Scale = "Win32", 1920, 953, 1920, 1080, 1
		hints.Platform, hints.PlatformVersion, hints.Architecture, hints.Bitness = "Windows", "19.0.0", "x86", "64"
		hints.FormFactors = []string{"Desktop"}
		return v
	}
	v.Platform, v.Width, v.Height, v.ScreenWidth, v.ScreenHeight, v.Scale = "Linux armv81", 412, 785, 412, 915, 2.625
	v.Mobile, v.TouchPoints = true, 5
	hints.Platform, hints.PlatformVersion, hints.Model, hints.Mobile = "Android", "15.0.0", "Pixel 8", true
	hints.FormFactors = []string{"Mobile"}
	if view == capture.Ad {
		v.Referrer = referrer
	}
	return v
}

// brands is Chrome's list of itself. Chrome deals the same three names in an order, and spoils one of them in a way, that follow from
// its major version (Chromium, components/embedder_support/user_agent_utils.cc), so that sites parse rather than compare.
func brands(major, version string) []*emulation.UserAgentBrandVersion {
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
	out[order[2]] = &emulation.UserAgentBrandVersion{Brand: "Google Chrome", Version: version}
	return out
}

// userAgent is what Chrome itself sends on that system: all but the major version is frozen.
func userAgent(major string, mobile bool) string {
	system, suffix := "Windows NT 10.0; Win64; x64", ""
	if mobile {
		system, suffix = "Linux; Android 10; K", " Mobile"
	}
	return fmt.Sprintf("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s.0.0.0%s Safari/537.36", system, major, suffix)
}
