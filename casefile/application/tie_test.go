package application

import (
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// visitTo is a capture that was asked for an address and ended at another.
func visitTo(id, from, to string) Exhibit {
	return Exhibit{ID: id, Kind: evidence.Capture, URL: "https://" + from + "/", FinalURL: "https://" + to + "/", Verdict: complete, Started: now}
}

// What captures tie to a target is proposed with its reason; what is a target, official, popular, a platform or tied to nothing is not.
func TestPropose(t *testing.T) {
	line := Sign{TieKind(evidence.IdentifierLine), "@scam88"}
	exhibits := []Exhibit{
		visitTo("W0001", "vip.example", "vip.example"), visitTo("W0002", "ad.example", "vip.example"), visitTo("W0003", "new-vip.example", "new-vip.example"),
		visitTo("W0004", "www.vip.example", "www.gov.tw"), visitTo("W0005", "shop.example", "shop.example"), visitTo("W0006", "pass.example", "shop.example"),
		visitTo("W0007", "192.0.2.7", "192.0.2.7"), visitTo("W0008", "www.vip.example", "www.facebook.com"), visitTo("W0009", "mirror.org", "vip.example"),
	}
	signs := Signs{
		"W0001": {line, {TieNamed, "vip.example"}, {TieNamed, "third.example"}, {TieKey, "ab"}, {TieIcon, "cd"}},
		"W0002": {line}, "W0003": {{TieKey, "ab"}, line, {TieIcon, "cd"}, {TieIcon, "ef"}}, "W0005": {{TieIcon, "ee"}}, "W0006": {{TieIcon, "ee"}}, "W0007": {line},
	}
	got := map[string][]string{}
	var order []string
	for _, p := range lists(t).Propose([]Target{{ID: "D001", Name: "vip.example"}}, exhibits, signs) {
		order = append(order, p.Name)
		for _, tie := range p.Ties {
			got[p.Name] = append(got[p.Name], string(tie.Kind)+" "+tie.Target+" "+strings.Join(tie.Exhibits, ","))
			if !strings.Contains(tie.Text, "vip.example") || !strings.Contains(tie.Text, p.Name) || !strings.Contains(tie.TextEN, p.Name) {
				t.Errorf("%+v", tie)
			}
		}
	}
	want := map[string][]string{
		"new-vip.example": {"key D001 W0001,W0003", "line_id D001 W0001,W0003", "icon D001 W0001,W0003"},
		"ad.example":      {"visit D001 W0002"}, "third.example": {"certificate_name D001 W0001"}, "mirror.org": {"visit D001 W0009"},
	}
	for name, ties := range want {
		if !slices.Equal(got[name], ties) {
			t.Errorf("%s: %q", name, got[name])
		}
	}
	if len(got) != len(want) || order[0] != "new-vip.example" {
		t.Errorf("%q: %v", order, got)
	}
	if list := lists(t).Propose(nil, exhibits, signs); len(list) > 0 {
		t.Errorf("without a target: %v", list)
	}
}

// Pages that came as the same bytes tie their names, and the list of evidence says which they are; a line of a server and a page that is not whole do not.
func TestSameSource(t *testing.T) {
	page := func(id, host, hash string, size int64) Exhibit {
		e := visitTo(id, host, host)
		e.Artifacts = []evidence.Artifact{{Name: evidence.SourceHTML, Size: size, SHA256: hash}}
		return e
	}
	partial := page("W0005", "partial.example", "aa", 9000)
	partial.Verdict = "partial"
	back := page("W0006", "back.example", "aa", 9000)
	back.Redirects = []string{"https://between.example/"}
	exhibits := []Exhibit{
		page("W0001", "vip.example", "aa", 9000), page("W0002", "shop.example", "aa", 9000), page("W0003", "short.example", "bb", 30),
		page("W0004", "vip.example", "bb", 30), partial, back, page("W0007", "other.example", "cc", 9000),
	}
	var got []string
	for _, p := range lists(t).Propose([]Target{{ID: "D001", Name: "vip.example"}}, exhibits, nil) {
		for _, tie := range p.Ties {
			got = append(got, p.Name+" "+string(tie.Kind)+" "+strings.Join(tie.Exhibits, ","))
		}
	}
	if want := []string{"back.example source W0001,W0006", "shop.example source W0001,W0002"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	same := (&view{Cited: exhibits}).Twins()
	if len(same) != 1 || same[0].SHA256 != "aa" || len(same[0].Exhibits) != 3 || strings.Join(same[0].Hosts, " ") != "back.example shop.example vip.example" {
		t.Errorf("%+v", same)
	}
}

// A supplement's draft says what ties the new names to the earlier ones, and every such sentence rests on the exhibits that show it.
func TestContinuity(t *testing.T) {
	exhibits := []Exhibit{visitTo("W0001", "vip.example", "vip.example"), visitTo("W0003", "new-vip.example", "new-vip.example")}
	wallet := Sign{TieKind(evidence.IdentifierTron), "T【證W0009】x"}
	targets := []Target{{ID: "D001", Name: "vip.example"}, {ID: "D002", Name: "new-vip.example"}}
	a := lists(t).Draft(Application{Type: "supplementary", Targets: []string{"D002"}}, "", targets, exhibits, Signs{"W0001": {wallet}, "W0003": {wallet}})
	text := a.Field("continuity")
	if !strings.Contains(text, "【證W0001、證W0003】。") || strings.Contains(text, "W0009】") || !strings.Contains(text, "〔待補：") {
		t.Errorf("%q", text)
	}
}

// Every tie has its sentence, and every tie of an identifier is a kind of one.
func TestTieWords(t *testing.T) {
	for _, k := range TieKinds {
		zh, en := lists(t).text("tie."+string(k), nil)
		if zh == en || !strings.Contains(zh, "{name}") || !strings.Contains(en, "{target}") {
			t.Errorf("%s: %q, %q", k, zh, en)
		}
		own := []TieKind{TieVisit, TieNamed, TieKey, TieSource, TieIcon}
		if !slices.Contains(own, k) && !slices.Contains(evidence.IdentifierKinds, evidence.IdentifierKind(k)) {
			t.Errorf("%s is no kind of an identifier", k)
		}
	}
}
