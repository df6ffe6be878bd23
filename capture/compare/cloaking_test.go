package compare

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

func TestViewsConclude(t *testing.T) {
	const d, m, ad, line, fb, robot = evidence.Desktop, evidence.Mobile, evidence.Ad, evidence.Line, evidence.Facebook, evidence.Crawler
	shows := func(v evidence.Persona, title, text string, more ...string) page {
		return page{view: v, title: title, text: text, code: more}
	}
	shopOn := func(v evidence.Persona) page { return shows(v, "小山手工皂", shop) }
	investOn := func(v evidence.Persona) page {
		return shows(v, "鼎盛投資", invest, "/h5.js", "/h5.css", "/chart.js", "/sign.css")
	}
	fails := func(v evidence.Persona, verdict evidence.Verdict, status int) page {
		return page{view: v, verdict: verdict, status: status, title: "！", text: "請完成驗證", code: []string{}}
	}
	led := func(p page, to string) page {
		p.hops, p.final = []evidence.Hop{{URL: asked, Status: 302, To: to}}, to
		return p
	}
	for _, c := range []struct {
		name  string
		pages []page
		want  Conclusion
		way   Way
		sign  SignCode // among those of the first pair
		why   WhyCode  // likewise
	}{
		{name: "everybody gets the shop", pages: []page{shopOn(d), shopOn(m), shopOn(ad), shopOn(robot)}, want: Same},
		{
			name: "phones get another page", pages: []page{shopOn(d), investOn(m), investOn(ad)}, want: cloakingSuspected,
			way: byUserAgent, sign: signOtherText,
		},
		{
			name: "clicks from an advertisement get another page", pages: []page{shopOn(d), shopOn(m), investOn(ad)}, want: cloakingSuspected,
			way: byReferrer,
		},
		{
			name: "phones and clicks each get another page", pages: []page{shopOn(d), investOn(m), shows(ad, "garden", article)},
			want: cloakingSuspected, way: byBoth,
		},
		{
			name: "only the app of LINE gets another page", pages: []page{shopOn(m), investOn(line)}, want: cloakingSuspected,
			way: byUserAgent,
		},
		{name: "two views that differ in two traits", pages: []page{shopOn(d), investOn(ad)}, want: cloakingSuspected, way: byUnknown},
		{name: "two apps", pages: []page{shopOn(line), investOn(fb)}, want: cloakingSuspected, way: byUnknown},
		{
			name: "the same visitor twice gets different pages", pages: []page{shopOn(d), investOn(m), {name: "second", view: d, text: invest}},
			want: cloakingSuspected, way: byUnknown,
		},

		{
			name: "a robot led to another site", pages: []page{shopOn(d), led(shows(robot, "blog", article), "https://garden.blogspot.com/p")},
			want: cloakingSuspected, way: byUserAgent, sign: signOtherSite,
		},
		{
			name:  "led to another site that does not answer",
			pages: []page{shopOn(d), led(fails(m, evidence.Unreachable, 0), "https://elsewhere.example.net/")}, want: cloakingSuspected,
			way: byUserAgent, sign: signOtherSite, why: whyUnreachable,
		},
		{name: "led to the site's own edition for phones", pages: []page{shopOn(d), led(shopOn(m), "https://m.site.example/h5/")}, want: minor},
		{
			name: "forbidden to one", pages: []page{fails(d, evidence.Refused, 403), investOn(m)}, want: cloakingSuspected,
			way: byUserAgent, sign: signOneRefused, why: whyRefused,
		},
		{
			name: "not found by one", pages: []page{fails(m, evidence.Refused, 404), investOn(ad)}, want: cloakingSuspected,
			way: byReferrer, sign: signOneRefused,
		},
		{
			name: "forbidden to a false robot", pages: []page{shopOn(d), fails(robot, evidence.Refused, 403)}, want: notComparable,
			sign: signOneRefused, why: whyRefused,
		},
		{
			name: "not found by a robot", pages: []page{shopOn(d), fails(robot, evidence.Refused, 404)}, want: cloakingSuspected,
			way: byUserAgent, sign: signOneRefused,
		},
		{
			name: "forbidden to both", pages: []page{fails(d, evidence.Refused, 403), fails(m, evidence.Refused, 403)}, want: notComparable,
			why: whyRefused,
		},

		{name: "unreachable", pages: []page{shopOn(d), fails(m, evidence.Unreachable, 0)}, want: notComparable, why: whyUnreachable},
		{name: "a test for people", pages: []page{shopOn(d), fails(m, evidence.Challenge, 403)}, want: notComparable, why: whyChallenge},
		{
			name: "a test for people elsewhere", pages: []page{shopOn(d), led(fails(m, evidence.Challenge, 200), "https://www.google.com/sorry/")},
			want: notComparable, why: whyChallenge,
		},
		{
			name: "a stopped name", pages: []page{shopOn(d), led(fails(m, evidence.Blocked, 200), "https://landing.example.org/")},
			want: notComparable, why: whyBlocked,
		},
		{
			name: "our guard", pages: []page{shopOn(d), {view: m, verdict: evidence.Refused, status: none}}, want: notComparable,
			why: whyGuard,
		},
		{name: "a busy server", pages: []page{shopOn(d), fails(m, evidence.Refused, 429)}, want: notComparable, why: whyServer},
		{name: "a broken server", pages: []page{shopOn(d), fails(m, evidence.Refused, 502)}, want: notComparable, why: whyServer},
		{name: "a login by HTTP", pages: []page{shopOn(d), fails(m, evidence.Login, 401)}, want: notComparable, why: whyLogin},
		{
			name: "another page that asks for a password", pages: []page{shopOn(d), {view: m, verdict: evidence.Login, title: "鼎盛投資", text: invest}},
			want: cloakingSuspected, way: byUserAgent, sign: signOtherText,
		},
		{
			name: "ended by the operator", pages: []page{shopOn(d), {view: m, text: invest, stopped: true}}, want: notComparable,
			why: whyInterrupted,
		},
		{
			name: "a verdict of another program", pages: []page{shopOn(d), {view: m, text: invest, verdict: "wonderful"}}, want: notComparable,
			why: whyVerdict,
		},
		{name: "one fails, the others agree", pages: []page{shopOn(d), shopOn(m), fails(ad, evidence.Unreachable, 0)}, want: Same},
		{
			name: "one fails, the others differ", pages: []page{shopOn(d), investOn(m), fails(ad, evidence.Challenge, 403)},
			want: cloakingSuspected, way: byUserAgent,
		},
		{
			name: "an hour apart", pages: []page{shopOn(d), {view: m, text: invest, started: noon.Add(3 * time.Hour)}}, want: notComparable,
			why: whyApart,
		},
		{
			name:  "a file instead of a page",
			pages: []page{shopOn(d), {view: m, downloads: map[string]string{"app.apk": "PK"}, without: []string{evidence.TextTXT}}},
			want:  cloakingSuspected, way: byUserAgent, sign: signOneDownload, why: whyNothing,
		},
		{
			name:  "no text, windows of two sizes",
			pages: []page{{view: d, without: []string{evidence.TextTXT}}, {view: m, without: []string{evidence.TextTXT}}}, want: notComparable,
			why: whyNothing,
		},
		{
			name:  "an edition in English, of the same scripts",
			pages: []page{shopOn(d), {view: robot, title: "Hill soap", text: article, source: "<html>" + shop}}, want: minor,
			sign: signOtherText,
		},
		{
			name:  "an English blog with scripts of its own",
			pages: []page{shopOn(d), shows(robot, "blog", article, "/wp.js", "/wp.css", "/b.js", "/c.js")}, want: cloakingSuspected,
			way: byUserAgent, sign: signOtherText,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := views(t, c.pages...)
			if got.Conclusion != c.want || got.Way != c.way {
				t.Errorf("%s by %q, want %s by %q: %s", got.Conclusion, got.Way, c.want, c.way, brief(got))
			}
			if c.sign != "" && !slices.Contains(codes(got.Pairs[0].Signs), c.sign) {
				t.Errorf("no sign %s: %s", c.sign, brief(got))
			}
			if c.why != "" && !slices.ContainsFunc(got.Pairs[0].Why, func(w Why) bool { return w.Code == c.why }) {
				t.Errorf("no reason %s: %s", c.why, brief(got))
			}
		})
	}
}

func brief(c Cloaking) string {
	s := ""
	for _, p := range c.Pairs {
		s += fmt.Sprintf("\n%d-%d %s %v %v", p.A, p.B, p.Conclusion, p.Signs, p.Why)
	}
	return s
}

// What is missing from a partial capture decides whether its words count.
func TestPartialCapturesDoNotCloak(t *testing.T) {
	script := archive.Exchange{URL: "https://site.example/api/list", Kind: "xhr", Failed: "net::ERR_TIMED_OUT"}
	picture := archive.Exchange{URL: "https://site.example/a.jpg", Kind: "image", Failed: "net::ERR_ABORTED"}
	icon := archive.Exchange{URL: "https://site.example/favicon.ico", Kind: "other", Failed: "net::ERR_ABORTED"}
	lack := func(what ...string) (list []evidence.Missing) {
		for _, w := range what {
			list = append(list, evidence.Missing{What: w, Reason: "not there"})
		}
		return list
	}
	for _, c := range []struct {
		name    string
		missing []evidence.Missing
		want    Conclusion
	}{
		{"a picture", lack(picture.URL), cloakingSuspected},
		{"a picture, the icon and the paper", lack(picture.URL, icon.URL, evidence.PagePDF), cloakingSuspected},
		{"what fetches the words", lack(picture.URL, script.URL), notComparable},
		{"something that nobody knows", lack("https://site.example/unknown"), notComparable},
		{"the text", lack(evidence.TextTXT), notComparable},
		{"nothing that is named", nil, notComparable},
	} {
		t.Run(c.name, func(t *testing.T) {
			half := page{view: evidence.Mobile, verdict: evidence.Partial, missing: c.missing, text: invest, requests: []archive.Exchange{script, picture, icon}}
			if got := views(t, page{text: shop}, half); got.Conclusion != c.want {
				t.Errorf("%s, want %s: %s", got.Conclusion, c.want, brief(got))
			}
		})
	}
}

// Noise of every kind, at a hundred moments and in every layout, is never called cloaking, and stays as far from it as limits.go says.
func TestNoiseIsNoCloaking(t *testing.T) {
	for _, content := range []string{shop, invest} {
		for n := range 100 {
			first := page{view: evidence.Desktop, title: "小山手工皂 (1)", text: moment(content, 0)}
			again := page{view: evidence.Desktop, name: "again", title: fmt.Sprintf("小山手工皂 (%d)", n), text: moment(content, n)}
			phone := page{view: evidence.Mobile, title: "小山手工皂", text: onPhone(content)}
			got := views(t, first, again, phone)
			if got.Conclusion == cloakingSuspected || got.Compared != 3 {
				t.Fatalf("moment %d: %s", n, brief(got))
			}
			for _, p := range got.Pairs {
				least := 0.8
				if p.B == 2 {
					least = 0.6
				}
				if s := p.Difference.Text.Steady; s < least {
					t.Errorf("moment %d, pair %d-%d: steady %v, limits.go promises %v", n, p.A, p.B, s, least)
				}
			}
		}
	}
	for _, other := range []string{invest, article} {
		if d := differ(t, page{text: shop}, page{text: other}); d.Text.Steady >= 0.2 {
			t.Errorf("unrelated pages: %v, limits.go promises less than 0.2", d.Text.Steady)
		}
	}
}

// An edition for phones has other markup and other scripts; with most of the words it is the same page, with half of them no cloaking yet.
func TestEditionForPhonesIsNoCloaking(t *testing.T) {
	desktop := page{title: "小山手工皂", text: moment(shop, 1) + "\n" + article}
	phone := page{view: evidence.Mobile, title: "小山手工皂", text: onPhone(shop), source: "<m-app></m-app>" + invest}
	phone.code = []string{"/m.js", "/m.css", "/v.js", "/w.js"}
	got := views(t, desktop, phone)
	if s := got.Pairs[0].Difference.Text.Steady; s >= 0.6 || s < 0.35 {
		t.Fatalf("steady %v: the pages are not half the same", s)
	}
	if got.Conclusion != minor || !slices.Contains(codes(got.Pairs[0].Signs), signHalfText) {
		t.Errorf("%s: %s", got.Conclusion, brief(got))
	}
	phone.title = "鼎盛投資"
	if got := views(t, desktop, phone); got.Conclusion != cloakingSuspected {
		t.Errorf("with another title as well: %s", brief(got))
	}
}

// Where most words are the same, nothing else makes another page of it.
func TestMostWordsOutweighAllOtherSigns(t *testing.T) {
	one := page{view: evidence.Mobile, title: "小山手工皂", text: moment(shop, 1), picture: window(200, 300, "spring", "shop")}
	other := page{view: evidence.Ad, title: "鼎盛投資", text: moment(shop, 1) + "\n客服LINE：@abc88", source: article}
	other.code, other.picture = []string{"/a.js", "/b.js", "/c.js", "/d.js"}, blank(200, 300)
	other.downloads = map[string]string{"app.apk": "PK"}
	got := views(t, one, other)
	want := []SignCode{signOtherSource, signOtherCode, signOtherTitle, signOtherPicture, signOneContact, signOneDownload}
	if got.Conclusion != minor || !slices.Equal(codes(got.Pairs[0].Signs), want) {
		t.Errorf("%s: %s", got.Conclusion, brief(got))
	}
}

// A contact that only one side shows is a sign; one that was exchanged for another of the same service is none, whatever form that has.
func TestOneContact(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"客服LINE：@abc88", "", true},
		{"客服LINE：@abc88", "客服LINE：@vip66", false},
		{"客服LINE：@abc88", "加好友 https://lin.ee/AbC12", false},
		{"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "0x52908400098527886E0F7030069857D2E4169EE7", false},
		{"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "客服LINE：@abc88", true},
		{"電話 0912-345-678", "+886 912 345 678", false}, // one number
	} {
		got := views(t, page{view: evidence.Mobile, text: shop + "\n" + c.a}, page{view: evidence.Ad, text: shop + "\n" + c.b})
		if slices.Contains(codes(got.Pairs[0].Signs), signOneContact) != c.want {
			t.Errorf("%s | %s: %s", c.a, c.b, brief(got))
		}
	}
}

func TestViewsRefuseWhatIsNoSetOfViews(t *testing.T) {
	one := page{}.side(t)
	for name, list := range map[string][]Side{
		"none":          nil,
		"one":           {one},
		"two addresses": {one, page{view: evidence.Mobile, asked: "https://site.example/other"}.side(t)},
	} {
		if _, err := Views(t.Context(), list); !errors.Is(err, ErrSides) {
			t.Errorf("%s: %v", name, err)
		}
	}
	click := page{view: evidence.Ad, asked: asked + "?fbclid=x", text: shop}
	if got := views(t, page{text: shop}, click); got.Conclusion != Same {
		t.Errorf("a click's number in the query: %s", brief(got))
	}
}
