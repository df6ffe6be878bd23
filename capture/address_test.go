package capture

import (
	"errors"
	"strings"
	"testing"
)

// One reader for both faces: a scheme may lack, another one than the web's may not, and no password is told in an error.
func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/x": "https://a.example/x", " http://a.example ": "http://a.example", "a.example/h5?x=1": "https://a.example/h5?x=1",
		"a.example:8080/": "https://a.example:8080/", "投資.tw": "https://投資.tw", "http://[::1]:80/": "http://[::1]:80/",
	} {
		if got, err := Address(text); got != want || err != nil {
			t.Errorf("%q is read as %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "ftp://a.example/", "file:///etc/passwd", "https://", "a.example，b.example", "https://u:hidden@/", "://u:hidden@a.example"} {
		if got, err := Address(text); !errors.Is(err, ErrRequest) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}
