package chrome

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yuzheng/capture"
	"yuzheng/capture/chrome/persona"
	"yuzheng/capture/sitetest"
	"yuzheng/casefile/evidence"
)

// report is what the test site's page says of its visitor, from the page, a frame, a worker and a service worker.
type selfReport struct {
	Where        string    `json:"where"`
	UserAgent    string    `json:"userAgent"`
	Languages    []string  `json:"languages"`
	Platform     string    `json:"platform"`
	Webdriver    any       `json:"webdriver"`
	Brands       []string  `json:"brands"`
	Mobile       *bool     `json:"mobile"`
	HintPlatform *string   `json:"hintPlatform"`
	Touch        *float64  `json:"touch"`
	Zone         string    `json:"zone"`
	Locale       string    `json:"locale"`
	Screen       []float64 `json:"screen"`
	Inner        []float64 `json:"inner"`
	Ratio        *float64  `json:"ratio"`
	Referrer     *string   `json:"referrer"`
}

// The visitor is the same in every frame and worker and in every header, and nothing says that it is a machine.
func TestVisitorIsOneAndTheSame(t *testing.T) {
	for _, view := range evidence.Personas {
		t.Run(string(view), func(t *testing.T) {
			t.Parallel()
			s := site(t, sitetest.Options{})
			req := quick(s, s.URL("http", "bad", "/visitor"))
			req.View = view
			res, _ := record(t, req)
			if res.Verdict != evidence.Complete {
				t.Errorf("%s %v", res.Verdict, res.Missing)
			}
			v := persona.New(view, known(t))
			checkHeaders(t, s.Served(), v)
			seen := map[string]bool{}
			for _, r := range s.Served() {
				if r.Path != "/visitor/report" {
					continue
				}
				var got selfReport
				if err := json.Unmarshal(r.Body, &got); err != nil {
					t.Fatal(err)
				}
				seen[got.Where] = true
				checkSelf(t, got, v)
			}
			for _, where := range []string{"page", "frame", "worker", "service_worker"} {
				if !seen[where] {
					t.Errorf("no report from the %s", where)
				}
			}
		})
	}
}

func checkHeaders(t *testing.T, served []sitetest.Served, v persona.Visitor) {
	t.Helper()
	for _, r := range served {
		if got := r.Header.Get("User-Agent"); got != v.UserAgent {
			t.Errorf("%s: User-Agent %q", r.Path, got)
		}
		if got, l := r.Header.Get("Accept-Language"), strings.Split(v.Languages, ","); !strings.HasPrefix(got, l[0]+","+l[1]+";q=0.9") {
			t.Errorf("%s: Accept-Language %q", r.Path, got)
		}
		if hint := r.Header.Get("Sec-Ch-Ua"); v.Hints == nil && hint != "" || v.Hints != nil && hint != "" && !strings.Contains(hint, brandsOf(v)[2][:8]) {
			t.Errorf("%s: Sec-CH-UA %q", r.Path, hint)
		}
		if r.Path == "/visitor" && r.Header.Get("Referer") != v.Referrer {
			t.Errorf("Referer %q instead of %q", r.Header.Get("Referer"), v.Referrer)
		}
	}
}

// brandsOf are the brands as navigator.userAgentData gives them.
func brandsOf(v persona.Visitor) []string {
	out := []string{}
	if v.Hints == nil {
		return out
	}
	for _, b := range v.Hints.Brands {
		out = append(out, b.Brand+"/"+b.Version)
	}
	return out
}

func checkSelf(t *testing.T, got selfReport, v persona.Visitor) {
	t.Helper()
	check := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v instead of %v", what, got, want)
		}
	}
	w := got.Where
	check(w+" userAgent", got.UserAgent, v.UserAgent)
	check(w+" languages", got.Languages, strings.Split(v.Languages, ","))
	check(w+" platform", got.Platform, v.Platform)
	check(w+" zone", got.Zone, v.TimeZone)
	check(w+" locale", got.Locale, v.Locale)
	if got.Brands != nil {
		check(w+" brands", got.Brands, brandsOf(v))
	}
	if got.HintPlatform != nil && v.Hints != nil {
		check(w+" hint platform", *got.HintPlatform, v.Hints.Platform)
	}
	if w != "page" && w != "frame" {
		return
	}
	check(w+" webdriver", got.Webdriver, false)
	check(w+" screen", got.Screen, []int64{v.ScreenWidth, v.ScreenHeight})
	check(w+" touch", *got.Touch, v.TouchPoints)
	check(w+" ratio", *got.Ratio, v.Scale)
	if w == "page" && !v.Mobile { // a phone lays a page that names no width out as if it were wider
		check(w+" window", got.Inner, []int64{v.Width, v.Height})
	}
	if w == "page" {
		check(w+" referrer", *got.Referrer, v.Referrer)
	}
}

// A request that is wrong is refused before any browser is started.
func TestWrongRequest(t *testing.T) {
	r := &Recorder{}
	for _, url := range []string{"file:///etc/passwd", "chrome://version", "", "javascript:1"} {
		_, err := r.Record(context.Background(), evidence.Request{URL: url, View: evidence.Desktop, Limits: evidence.DefaultLimits()}, newMemory(), capture.NoProgress{})
		if err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}
