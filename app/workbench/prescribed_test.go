package workbench

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// TestPrescribed reads out of capture.json whose addresses the operator set.
func TestPrescribed(t *testing.T) {
	for text, want := range map[string][]string{
		`{"program":"x","request":{"url":"http://a.example/","resolve":{"b.example:443":"127.0.0.1","a.example:80":"127.0.0.1:8080","a.example:443":"127.0.0.1"}},"more":[1]}`: {"a.example", "b.example"},
		`{"more":{"request":{"resolve":{"c.example:80":"192.0.2.1"}}},"request":{"url":"http://a.example/"}}`:                                                                  nil,
		`{"request":{"resolve":["older"]}}`: nil,
		`{"program":"x"}`:                   nil,
	} {
		got, err := prescribed(func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil })
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	if _, err := prescribed(func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(`{"request":`)), nil }); err == nil {
		t.Error("half a file is read")
	}
}
