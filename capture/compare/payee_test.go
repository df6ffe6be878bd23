package compare

import (
	"slices"
	"testing"

	"yuzheng/capture/archive"

	"yuzheng/casefile/evidence"
)

// Each thing that tells of another payee is enough to keep two captures from being the same, alone.
func TestOneDifferenceIsEnough(t *testing.T) {
	type change = func(*page)
	document := func(markup string) change {
		return func(p *page) { p.source = "<html><body>" + shop + markup + "</body></html>" }
	}
	answer := func(kind, body string) change {
		return func(p *page) {
			p.requests = []archive.Exchange{{URL: "https://site.example/part", Kind: kind, Status: 200, Body: []byte(body)}}
		}
	}
	for _, c := range []struct {
		name          string
		before, after change
		code          SignCode
	}{
		{"a name among many words", func(p *page) { p.text += "\n戶名 王小明" }, func(p *page) { p.text += "\n戶名 李大華" }, ChangedText},
		{"digits of an account", func(p *page) { p.text += "\n帳號 007-1234567" }, func(p *page) { p.text += "\n帳號 007-7654321" }, ChangedIdentifiers},
		{"last digits", func(p *page) { p.text += "\n帳號末五碼 12345" }, func(p *page) { p.text += "\n帳號末五碼 54321" }, ChangedIdentifiers},
		{"digits without a word", func(p *page) { p.text += "\n8080001234567" }, func(p *page) { p.text += "\n8225550001112" }, ChangedIdentifiers},
		{"a click", document(`<b onclick="pay('007-1234567')">`), document(`<b onclick="pay('007-7654321')">`), ChangedBehind},
		{"a link", document(`<a href="https://pay.example/a">`), document(`<a href="https://pay.example/b">`), ChangedLinks},
		{"a form", document(`<form action="https://a.example/">`), document(`<form action="https://b.example/">`), ChangedLinks},
		{"a refresh", document(`<meta http-equiv=refresh content="9; URL=https://a.example/">`), document(`<meta http-equiv=refresh content="9; URL=https://b.example/">`), ChangedLinks},
		{"a picture's bytes", answer("image", "one"), answer("image", "two"), ChangedResources},
		{"a binary answer", answer("fetch", "\x00one"), answer("fetch", "\x00two"), ChangedResources},
		{"a file", func(p *page) { p.downloads = map[string]string{"a.doc": "1"} }, func(p *page) { p.downloads = map[string]string{"a.doc": "2"} }, ChangedDownloads},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := ours.page(shop), ours.page(shop)
			c.before(&before)
			c.after(&after)
			r, v := times(t, before, after), views(t, before, after)
			if r.Conclusion != Changed || !slices.Contains(codes(r.Signs), c.code) || r.Percent == nil || *r.Percent == 0 {
				t.Errorf("%s %v: %v", r.Conclusion, r.Percent, r.Signs)
			}
			if v.Conclusion != minor || v.Percent == nil || *v.Percent == 0 || !slices.Contains(codes(v.Pairs[0].Signs), c.code) {
				t.Errorf("views: %s %v: %s", v.Conclusion, v.Percent, brief(v))
			}
		})
	}
}

// A clock is no other page, but not the same either.
func TestNumbersAreAMinorDifference(t *testing.T) {
	before, after := ours.page("現在 10:03:11，2026-11-28，線上 12 人\n"+shop), ours.page("現在 8:59:02，2026-11-29，線上 1,345 人\n"+shop)
	if r, v := times(t, before, after), views(t, before, after); r.Conclusion != Unchanged || v.Conclusion != minor {
		t.Errorf("%s %v, %s %s", r.Conclusion, r.Signs, v.Conclusion, brief(v))
	}
}

// What is no account is not taken for one.
func TestAccounts(t *testing.T) {
	for text, want := range map[string]string{
		"帳號：012-345678": "012345678", "入金帳號 (808) 0001234567890": "0001234567890", "銀行帳號：\u00a0808 0001234567890": "8080001234567890", "匯款 30,000 元": "",
		"轉帳至 0012345678901": "0012345678901", "Account No. 123-456-7890-12": "123456789012", "822-555000111222": "822555000111222",
		"1764367562": "", "1764367562123": "", "入金 2026-11-28 開始": "", "電話 0912345678": "", "第 123456789 號訂單": "123456789", "3.141592653589": "", "a123456789": "",
		"帳號末五碼 12345": "12345", "１２３－４５６７８９０": "1234567890",
	} {
		got := ""
		for _, c := range differ(t, page{text: shop}, page{text: shop + "\n" + text}).Text.Identifiers {
			if c.Kind == evidence.IdentifierAccount {
				got = c.Added.List[0]
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
