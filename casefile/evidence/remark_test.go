package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Every code has a sentence of its own, whose places are named once each, and of what stands in them none is lost.
func TestRemarkCodes(t *testing.T) {
	seen := map[string]RemarkCode{}
	for _, c := range RemarkCodes {
		if other, twice := seen[Sentence(c)]; twice || Sentence(c) == "" {
			t.Errorf("%s says %q, as %s does", c, Sentence(c), other)
		}
		seen[Sentence(c)] = c
		r := Remark{Code: c}
		for _, p := range Places(c) {
			r.Args = append(r.Args, "<"+strings.ToUpper(p)+">")
		}
		text := r.String()
		for _, a := range r.Args {
			if strings.Count(text, a) != 1 {
				t.Errorf("%s: %s stands %d times in %q", c, a, strings.Count(text, a), text)
			}
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s: %q", c, text)
		}
	}
	if len(seen) != len(sentences) {
		t.Errorf("%d codes are listed, %d have a sentence", len(seen), len(sentences))
	}
}

// What is remarked comes out of its JSON as it went in, and what stands in a place is never taken for a place.
func TestRemark(t *testing.T) {
	for want, r := range map[string]Remark{
		"limit height: the page is 90000 pixels high, the picture 60000": LimitHeight.With(9e4, 60000),
		"limit time: ended after 1m30s":                                  LimitTime.With(90 * time.Second),
		"{why}: {url}":                                                   PageFailed.With("{why}", "{url}"),
		"broke off":                                                      Said(errors.New("broke off")),
		"net::ERR_FAILED":                                                SaidAs("net::ERR_FAILED"),
		"":                                                               Said(nil),
	} {
		body, err := json.Marshal(Lacking("x", r))
		if err != nil {
			t.Fatal(err)
		}
		var m Missing
		if err := json.Unmarshal(body, &m); err != nil || m.Reason != want || !m.Remark.Same(r) || r.String() != want || r.Silent() != (want == "") {
			t.Errorf("%q: %s, %v", want, body, err)
		}
	}
	if Said(errors.New("broke off")).Code != BrokeOff || SaidAs("net::ERR_FAILED").Code != Raw {
		t.Error("a sentence without places has lost its code, or another has got one")
	}
	if got := fmt.Sprint([]Missing{Lacking("a.png", BrokeOff.With())}); got != "[a.png: broke off]" {
		t.Errorf("what is missing is written %q", got)
	}
	old := Cautions{Warnings: []string{"broke off", "b"}}
	if got := old.Remarks(); len(got) != 2 || got[1].String() != "b" {
		t.Errorf("warnings without codes are %v", got)
	}
}
