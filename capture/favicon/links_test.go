package favicon_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"yuzheng/capture/favicon"
)

func TestLinks(t *testing.T) {
	const base = "https://www.shop.example:8443/a/b.html?c#d"
	const last = "https://www.shop.example:8443/favicon.ico"
	for document, want := range map[string][]string{
		"":                                       {last},
		`<link rel=icon href=i.png>`:             {"https://www.shop.example:8443/a/i.png", last},
		`<LINK REL="Shortcut Icon" HREF=/i.ico>`: {"https://www.shop.example:8443/i.ico", last},
		`<link rel="apple-touch-icon" href="//cdn.example/t.png#x"><link rel="icon" href="/i.svg">`: {
			"https://cdn.example/t.png", "https://www.shop.example:8443/i.svg", last,
		},
		`<link rel="alternate icon" href="x"/><link rel=icon href="x"><link rel=icon href=/favicon.ico>`:    {"https://www.shop.example:8443/a/x", last},
		`<base href="https://other.example/z/"><base href="https://no.example/"><link rel=icon href=i.png>`: {"https://other.example/z/i.png", last},
		`<base href="javascript:1"><link rel=icon href=i.png>`:                                              {"https://www.shop.example:8443/a/i.png", last},
		`<link rel=icon href=" i
			.png "><link rel=icon href="data:image/png;base64,AA==">`: {"https://www.shop.example:8443/a/i.png", "data:image/png;base64,AA==", last},
		`<link rel=icon href=a rel=stylesheet href=b>`:                                                                  {"https://www.shop.example:8443/a/a", last},
		`<!-- <link rel=icon href=a> --><script>"<link rel=icon href=b>"</script>`:                                      {last},
		`<title><link rel=icon href=c></title>`:                                                                         {last},
		`<link rel=stylesheet href=a><link rel=iconic href=b><link rel=icon><link rel=icon href=""><a rel=icon href=c>`: {last},
		`<link rel=icon href="javascript:alert(1)"><link rel=icon href="http://%zz/">`:                                  {last},
		`<link rel=icon href="file:///etc/passwd">`:                                                                     {last},
		`<noscript><link rel=icon href=n.png></noscript><link rel=icon href=cut`:                                        {last},
		"<link rel=icon href=\"\xa4\xa4.png\">":                                                                         {"https://www.shop.example:8443/a/%A4%A4.png", last},
	} {
		if got := favicon.Links([]byte(document), base); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", document, got, want)
		}
	}
	for _, base := range []string{"", "data:text/html,x", "about:blank", "/a", "https://", "http://%zz", "file:///a"} {
		if got := favicon.Links([]byte(`<link rel=icon href="https://shop.example/i.png">`), base); len(got) != 0 {
			t.Errorf("%q: %q", base, got)
		}
	}
}

func TestLinksAreBounded(t *testing.T) {
	var document strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&document, "<link rel=icon href=%d.png>", i)
	}
	if got := favicon.Links([]byte(document.String()), "https://shop.example/"); len(got) != 33 || got[32] != "https://shop.example/favicon.ico" {
		t.Errorf("%d links", len(got))
	}
	long := `<link rel=icon href="data:image/png;base64,` + strings.Repeat("A", 70_000) + `"><link rel=icon href=i.png>`
	got := favicon.Links([]byte(long), "https://shop.example/")
	if !slices.Equal(got, []string{"https://shop.example/i.png", "https://shop.example/favicon.ico"}) {
		t.Errorf("behind a long one: %.200q", got)
	}
}

func FuzzLinks(f *testing.F) {
	f.Add([]byte(`<base href=/x/><link rel="shortcut icon" href="i.ico">`), "https://shop.example/a")
	f.Add([]byte(`<link rel=icon href="data:,`), "http://[::1]:80/")
	f.Add([]byte("<link rel=icon href='//\x00/'>"), "http://a")
	f.Fuzz(func(t *testing.T, document []byte, base string) {
		for _, link := range favicon.Links(document, base) {
			u, err := url.Parse(link)
			data := strings.HasPrefix(strings.ToLower(link), "data:")
			if !data && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
				t.Errorf("%q: %v", link, err)
			}
		}
	})
}
