package capture

import (
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

func TestWithoutPassword(t *testing.T) {
	for address, want := range map[string]string{
		"http://u:p@a.example/x":                    "http://u:***@a.example/x",
		"https://u:p%40ss:w@rd@a.example:8443/@y":   "https://u:***@a.example:8443/@y",
		"http://u:@a.example/":                      "http://u:@a.example/",
		"http://:p@a.example/":                      "http://:***@a.example/",
		"http://u@a.example/":                       "http://u@a.example/",
		"http://u:***@a.example/":                   "http://u:***@a.example/",
		"https://a.example:8443/@user?x=a:b@c#d:e@": "https://a.example:8443/@user?x=a:b@c#d:e@",
		"https://a.example?q=u:p@b":                 "https://a.example?q=u:p@b",
		`http:\\u:p@a.example\x`:                    `http:\\u:***@a.example\x`,
		"http:u:p@a.example":                        "http:u:***@a.example",
		"socks5://u:p@proxy.example:1080":           "socks5://u:***@proxy.example:1080",
		"http://使用者:密碼@a.example/":                  "http://使用者:***@a.example/",
		"http://u:p@[2001:db8::1]:80/":              "http://u:***@[2001:db8::1]:80/",
		"http://[2001:db8::1]:80/":                  "http://[2001:db8::1]:80/",
		"a.example":                                 "a.example",
		"":                                          "",
	} {
		got, hadOne := WithoutPassword(address)
		if got != want || hadOne != (address != want) {
			t.Errorf("WithoutPassword(%q) = %q, %v, want %q", address, got, hadOne, want)
		}
	}
}

func TestAccount(t *testing.T) {
	for address, want := range map[string]struct {
		Account
		address string
	}{
		"http://u%40x:p%3Aw@a.example/x?y#z": {Account{User: "u@x", Password: "p:w"}, "http://a.example/x?y#z"},
		"http://u@a.example":                 {Account{User: "u"}, "http://a.example"},
		"http://u:***@a.example/@b":          {Account{User: "u", Withheld: true}, "http://a.example/@b"},
		"http://a.example/u:p@b":             {Account{}, "http://a.example/u:p@b"},
		"http://u:p@投資.example/註冊":           {Account{User: "u", Password: "p"}, "http://投資.example/註冊"},
	} {
		a, rest := AccountOf(evidence.Request{URL: address})
		if a != want.Account || rest != want.address {
			t.Errorf("%q: %+v, %q, want %+v", address, a, rest, want)
		}
	}
}

// No error about a request tells a password, whatever is wrong with the address.
func TestErrorsTellNoPassword(t *testing.T) {
	for _, address := range []string{
		"http://u:secret/word@a.example/", "http://u:secret#word@a.example/", "http://u:secret word@a.example/", "http://u:secret%zzword@a.example/",
		"ftp://u:secretword@a.example/", "http://u:secretword@", "http://u:secret\x00word@a.example", `http://u:secret"word@a.example:x/`,
	} {
		for name, r := range map[string]evidence.Request{
			"page": {URL: address, View: evidence.Desktop, Limits: evidence.DefaultLimits()}, "proxy": {URL: "http://a.example/", View: evidence.Desktop, Limits: evidence.DefaultLimits(), Proxy: address},
		} {
			err := Validate(r)
			if err == nil && name == "page" {
				_, rest := AccountOf(r)
				t.Logf("%q is taken: %s", address, rest)
				continue
			}
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "word")) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
