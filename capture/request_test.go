package capture

import (
	"errors"
	"testing"
)

func TestValidate(t *testing.T) {
	good := Request{URL: "https://vip-invest.example/h5/", View: Mobile, Limits: DefaultLimits()}
	with := func(change func(*Request)) Request {
		r := good
		change(&r)
		return r
	}
	tests := []struct {
		name    string
		request Request
		ok      bool
	}{
		{"good", good, true},
		{"mapped to a port", with(func(r *Request) { r.Resolve = map[string]string{"a.example:80": "127.0.0.1:8080"} }), true},
		{"mapped to IPv6", with(func(r *Request) { r.Resolve = map[string]string{"a.example:80": "[::1]"} }), true},
		{"mapped to a name", with(func(r *Request) { r.Resolve = map[string]string{"a.example:80": "b.example"} }), false},
		{"file", with(func(r *Request) { r.URL = "file:///etc/passwd" }), false},
		{"javascript", with(func(r *Request) { r.URL = "javascript:alert(1)" }), false},
		{"no scheme", with(func(r *Request) { r.URL = "vip-invest.example" }), false},
		{"no host", with(func(r *Request) { r.URL = "https:///x" }), false},
		{"control character", with(func(r *Request) { r.URL = "https://a.example/\x00" }), false},
		{"unknown view", with(func(r *Request) { r.View = "tv" }), false},
		{"private without port", with(func(r *Request) { r.AllowPrivate = []string{"127.0.0.1"} }), false},
		{"no time", with(func(r *Request) { r.Limits.Time = 0 }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.request.Validate()
			if (err == nil) != tt.ok {
				t.Errorf("Validate() = %v, want ok %v", err, tt.ok)
			}
			if err != nil && !errors.Is(err, ErrRequest) {
				t.Errorf("Validate() = %v, want an ErrRequest", err)
			}
		})
	}
}
