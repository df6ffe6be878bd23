package capture

import (
	"errors"
	"testing"

	"yuzheng/casefile/evidence"
)

func TestValidate(t *testing.T) {
	good := evidence.Request{URL: "https://vip-invest.example/h5/", View: evidence.Mobile, Limits: evidence.DefaultLimits()}
	with := func(change func(*evidence.Request)) evidence.Request {
		r := good
		change(&r)
		return r
	}
	tests := []struct {
		name    string
		request evidence.Request
		ok      bool
	}{
		{"good", good, true},
		{"mapped to a port", with(func(r *evidence.Request) { r.Resolve = map[string]string{"a.example:80": "127.0.0.1:8080"} }), true},
		{"mapped to IPv6", with(func(r *evidence.Request) { r.Resolve = map[string]string{"a.example:80": "[::1]"} }), true},
		{"mapped to a name", with(func(r *evidence.Request) { r.Resolve = map[string]string{"a.example:80": "b.example"} }), false},
		{"file", with(func(r *evidence.Request) { r.URL = "file:///etc/passwd" }), false},
		{"javascript", with(func(r *evidence.Request) { r.URL = "javascript:alert(1)" }), false},
		{"no scheme", with(func(r *evidence.Request) { r.URL = "vip-invest.example" }), false},
		{"no host", with(func(r *evidence.Request) { r.URL = "https:///x" }), false},
		{"control character", with(func(r *evidence.Request) { r.URL = "https://a.example/\x00" }), false},
		{"unknown view", with(func(r *evidence.Request) { r.View = "tv" }), false},
		{"private without port", with(func(r *evidence.Request) { r.AllowPrivate = []string{"127.0.0.1"} }), false},
		{"private with an empty port", with(func(r *evidence.Request) { r.AllowPrivate = []string{"127.0.0.1:"} }), false},
		{"private with a port too high", with(func(r *evidence.Request) { r.AllowPrivate = []string{"127.0.0.1:70000"} }), false},
		{"private as an address of the web", with(func(r *evidence.Request) { r.AllowPrivate = []string{"http://127.0.0.1:80"} }), false},
		{"private IPv6", with(func(r *evidence.Request) { r.AllowPrivate = []string{"[::1]:80"} }), true},
		{"mapped name beyond ASCII", with(func(r *evidence.Request) { r.Resolve = map[string]string{"投資.example:80": "127.0.0.1"} }), true},
		{"mapped name with a space", with(func(r *evidence.Request) { r.Resolve = map[string]string{"a b.example:80": "127.0.0.1"} }), false},
		{"mapped wildcard", with(func(r *evidence.Request) { r.Resolve = map[string]string{"*.example:80": "127.0.0.1"} }), false},
		{"mapped port that is none", with(func(r *evidence.Request) { r.Resolve = map[string]string{"a.example:https": "127.0.0.1"} }), false},
		{"proxy", with(func(r *evidence.Request) { r.Proxy = "http://user:password@proxy.example:3128" }), true},
		{"proxy over SOCKS", with(func(r *evidence.Request) { r.Proxy = "socks5://[::1]:1080/" }), true},
		{"proxy that is none", with(func(r *evidence.Request) { r.Proxy = "bad" }), false},
		{"proxy without a scheme", with(func(r *evidence.Request) { r.Proxy = "proxy.example:3128" }), false},
		{"proxy without a port", with(func(r *evidence.Request) { r.Proxy = "http://proxy.example" }), false},
		{"proxy of another kind", with(func(r *evidence.Request) { r.Proxy = "https://proxy.example:443" }), false},
		{"proxy with a path", with(func(r *evidence.Request) { r.Proxy = "http://proxy.example:80/x" }), false},
		{"resolver without a port", with(func(r *evidence.Request) { r.Lookups.Resolver = "127.0.0.1" }), false},
		{"resolver by name", with(func(r *evidence.Request) { r.Lookups.Compare = "dns.example:53" }), false},
		{"time server without a port", with(func(r *evidence.Request) { r.Lookups.NTP = "time.example" }), false},
		{"WHOIS server without a port", with(func(r *evidence.Request) { r.Lookups.WHOISServer = "whois.example" }), false},
		{"RDAP server that is none", with(func(r *evidence.Request) { r.Lookups.RDAPBase = "bad" }), false},
		{"RDAP server with an account", with(func(r *evidence.Request) { r.Lookups.RDAPBase = "https://u:p@rdap.example/" }), false},
		{"RDAP server", with(func(r *evidence.Request) { r.Lookups.RDAPBase = "https://rdap.example/x/" }), true},
		{"no time", with(func(r *evidence.Request) { r.Limits.Time = 0 }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Validate(tt.request)
			if (err == nil) != tt.ok {
				t.Errorf("Validate() = %v, want ok %v", err, tt.ok)
			}
			if err != nil && !errors.Is(err, ErrRequest) {
				t.Errorf("Validate() = %v, want an ErrRequest", err)
			}
		})
	}
}

func TestHostPort(t *testing.T) {
	for place, want := range map[string]string{
		"投資.tw:443": "xn--oru425g.tw:443", "XN--ORU425G.TW:443": "xn--oru425g.tw:443", "Shop.Example:80": "shop.example:80", "ｓｈｏｐ。example:80": "shop.example:80",
		"a_b.example:80": "a_b.example:80", "[::1]:80": "[::1]:80", "[2001:DB8::0:1]:80": "[2001:db8::1]:80", "127.0.0.1:80": "127.0.0.1:80",
		"bücher.example:8080": "xn--bcher-kva.example:8080", "faß.example:80": "xn--fa-hia.example:80", "r3---sn.example:80": "r3---sn.example:80",
		"a.example": "", ":80": "", "a.example:": "", "a.example:0": "", "a b:80": "", "a/b:80": "", "u@a:80": "", "*.a.example:80": "",
	} {
		got, err := HostPort(place)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("HostPort(%q) = %q, %v, want %q", place, got, err, want)
		}
	}
}
