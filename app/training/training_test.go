package training

import (
	"io/fs"
	"net/url"
	"slices"
	"testing"

	"yuzheng/app/training/script"
	"yuzheng/app/training/site"
	"yuzheng/assets"
)

// The script captures every host of the site, in the order in which it is told, and nothing that the site does not serve.
func TestScriptIsServed(t *testing.T) {
	lists, err := fs.Sub(assets.Data, "data")
	if err != nil {
		t.Fatal(err)
	}
	s, err := script.Read(lists)
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for _, c := range s.Captures {
		u, err := url.Parse(c.URL)
		if err != nil || u.Scheme != "https" || len(c.Views) == 0 {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		hosts = append(hosts, u.Host)
	}
	if !slices.Equal(hosts, site.Hosts) {
		t.Errorf("the script captures %q, the site serves %q", hosts, site.Hosts)
	}
}
