package crawl

import (
	"context"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

// The right values are a.href as Chromium 156 gives it in a document of that encoding.
func TestQueriesOfLinks(t *testing.T) {
	tests := []struct {
		encoding  Encoding
		raw, want string
	}{
		{"Big5", "/find?q=投資#投", "https://shop.example/find?q=%A7%EB%B8%EA#%E6%8A%95"},
		{"Big5", "/投?q=港😀&q2='<€", "https://shop.example/%E6%8A%95?q=%B4%E4%26%23128512%3B&q2=%27%3C%A3%E1"},
		{"big5-hkscs", "?包晴婷", "https://shop.example/d/?%A5]%B4%B8%B4@"},
		{"Big5", "?À", "https://shop.example/d/?%26%23192%3B"}, // read in a Big5 page, never written
		{"Big5", "/a?b=%A7%EB投+\\", "https://shop.example/a?b=%A7%EB%A7%EB+\\"},
		{"Big5", "/a?only=ascii&'", "https://shop.example/a?only=ascii&%27"},
		{"Shift_JIS", "?表ｱ¥−Ⅰ仡", "https://shop.example/d/?%95\\%B1\\%81|%87T%FAi"},
		{"GBK", "?投资ΩA", "https://shop.example/d/?%CD%B6%D7%CA%A6%B8A"},
		{"gb2312", "?資\u0080", "https://shop.example/d/?%D9Y%26%23128%3B"},
		{"gb18030", "?\u0080", "https://shop.example/d/?%810%810"},
		{"EUC-KR", "?투자", "https://shop.example/d/?%C5%F5%C0%DA"},
		{"EUC-JP", "?投¡", "https://shop.example/d/?%C5%EA%26%23161%3B"},
		{"ISO-2022-JP", "?投資A", "https://shop.example/d/?%1B$BEj;q%1B(BA"},
		{"ISO-2022-JP", "?投ä資｢ﾞ", "https://shop.example/d/?%1B$BEj%1B(B%26%23228%3B%1B$B;q!V!+%1B(B"},
		{"windows-1252", "?é投€", "https://shop.example/d/?%E9%26%2325237%3B%80"},
		{"UTF-16LE", "?投", "https://shop.example/d/?%E6%8A%95"},
		{"UTF-8", "?投", "https://shop.example/d/?%E6%8A%95"},
		{"x-user-defined", "?投", "https://shop.example/d/?%E6%8A%95"},
		{"no such label", "?投", "https://shop.example/d/?%E6%8A%95"},
		{"", "?投", "https://shop.example/d/?%E6%8A%95"},
	}
	for _, tt := range tests {
		t.Run(string(tt.encoding)+" "+tt.raw, func(t *testing.T) {
			c, _, err := begin(DefaultOptions("https://shop.example/d/"), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			own, _ := c.parser.Parse("https://shop.example/d/")
			u, err := c.resolve(base{own, tt.encoding.queries()}, tt.raw)
			if err != nil || u.Href(false) != tt.want {
				t.Errorf("%s, %v, want %s", u, err, tt.want)
			}
		})
	}
}

// A crawl asks for the links of a page in the encoding in which the page is read, however that is known.
func TestLinksInThePagesEncoding(t *testing.T) {
	body := `<body><a href="/find?q=投資">投資</a> <iframe srcdoc="<a href='/inner?q=投'></a>"></iframe> <script>go("/script?q=投")</script>`
	want := []string{"https://shop.example/", "https://shop.example/find?q=%A7%EB%B8%EA", "https://shop.example/inner?q=%E6%8A%95", "https://shop.example/script?q=%A7%EB"}
	big5, _ := htmlindex.Get("big5")
	encoded := func(text string) []byte {
		b, err := big5.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	named := `<!doctype html><meta http-equiv="Content-Type" content="text/html; charset=big5">` + body
	for name, page := range map[string]Page{
		"the browser's word": {MediaType: "text/html", DOM: []byte(body), Source: encoded(body), Encoding: "Big5"},
		"the header":         {MediaType: "text/html; charset=Big5", DOM: []byte(body), Source: encoded(body)},
		"the document":       {MediaType: "text/html", DOM: []byte(named), Source: encoded(named)},
		"the document alone": {MediaType: "text/html", Source: encoded(named)},
	} {
		t.Run(name, func(t *testing.T) {
			page.Status = 200
			s := &site{pages: map[string]Page{want[0]: page}}
			o := DefaultOptions(want[0])
			o.NoRobots, o.Sitemaps, o.Delay = true, 0, 0
			if _, err := Run(context.Background(), o, s.fetch, nil); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.asked, want) {
				t.Errorf("asked\n%s\nwant\n%s", strings.Join(s.asked, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
