package crawl

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nlnwa/whatwg-url/url"
)

// FuzzDocument: whatever stands on a page, the crawl ends, asks nothing twice and nothing outside, keeps its bounds and says each
// address once; and colly refuses nothing of what we would ask but other spellings of the same address.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`<base href="//shop.example/a/"><a href="b?utm_x=1#/c">登出</a><meta http-equiv=refresh content="1;url='x'">`), []byte(`"https:\/\/shop.example\/x" '/y' "#/z"`), "https://shop.example/%")
	f.Add([]byte(`<iframe srcdoc="<a href=&quot;/x%&quot;>"><a href="https://a:b@shop.example:8443/{x}|y^z">`), []byte("`//cdn.example/`"), "http://")
	f.Add([]byte(`<a href="#/%E4%"><a href='/"'><a href="https://shop.example/a b">`), []byte(`'h'"`), "chrome-error://x/")
	inside := regexp.MustCompile(`^https?://(?:[^/?#@:]*\.)?shop\.example\.?(?::\d+)?(?:[/?#]|$)`)
	f.Fuzz(func(t *testing.T, document, script []byte, final string) {
		p := Page{Status: 200, MediaType: "text/html", DOM: document, Scripts: [][]byte{script}, FinalURL: final}
		tree, asked := crawled(t, &site{any: func(string) Page { return p }}, func(o *Options) {
			o.Pages, o.Links, o.Addresses = 10, 20, 50
		})
		once(t, asked)
		follows(t, tree)
		for _, a := range asked {
			if !inside.MatchString(a) || len(a) > maxAddress {
				t.Errorf("asked %q", a)
			}
		}
		for _, found := range tree.Found {
			if found.Reason == whyMalformed && found.Detail != "" {
				t.Errorf("colly refuses %q: %s", found.URL, found.Detail)
			}
			if !utf8.ValidString(found.URL) || len(found.URL) > maxAddress || len(found.Text) > maxText || strings.ContainsAny(found.URL, "\n\r") {
				t.Errorf("found %q %q", found.URL, found.Text)
			}
		}
		if len(tree.Found) > 50 {
			t.Errorf("%d found", len(tree.Found))
		}
		if _, err := json.Marshal(tree); err != nil {
			t.Error(err)
		}
	})
}

// FuzzAddress: the form of an address is its own form, and so is its key.
func FuzzAddress(f *testing.F) {
	for _, a := range []string{
		"HTTPS://a:b@Shop.Example:443/x/../y;jsessionid=1/z?utm_a=1&b=2&sid=0123456789abcdef#/r?fbclid=1", "http://商店.example/a b|c#!x", "https://shop.example/?#part",
		"https://[2001:DB8::1]:8080/%zz?%#/%", "http://0x7f.1/", "https://shop.example/a?b=1&&c",
	} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		parser := url.NewParser()
		u, err := parser.Parse(raw)
		if err != nil || !isWeb(u) {
			return
		}
		address := canonical(u)
		key := keyOf(u)
		again, err := parser.Parse(address)
		if err != nil {
			t.Fatalf("%q gives %q: %v", raw, address, err)
		}
		if got := canonical(again); got != address {
			t.Errorf("%q gives %q and then %q", raw, address, got)
		}
		if got := keyOf(again); got != key {
			t.Errorf("%q has key %q and then %q", raw, key, got)
		}
		shapeOf(key)
		grows(again)
		changingWord(again, raw)
	})
}
