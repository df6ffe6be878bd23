package exhibit

import "testing"

func TestPageWithRoute(t *testing.T) {
	for _, tt := range [][3]string{
		{"http://a.example/spa", "http://a.example/spa#/register", "http://a.example/spa#/register"},
		{"http://a.example/spa", "http://a.example/spa#", "http://a.example/spa#"},
		{"http://a.example/spa", "http://a.example/spa", "http://a.example/spa"},
		{"http://a.example/spa", "http://a.example/pushed#/x", "http://a.example/spa"},
		{"http://a.example/spa?a=1", "http://a.example/spa#/x", "http://a.example/spa?a=1"},
	} {
		if got := withRoute(tt[0], tt[1]); got != tt[2] {
			t.Errorf("withRoute(%q, %q) = %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
}
