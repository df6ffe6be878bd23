package application

import (
	"bytes"
	"errors"
	"html"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/rpz"
)

// shownAll is an application whose targets are the names, with an exhibit that shows each.
func shownAll(t *testing.T, names map[string]Scope) PaperInput {
	t.Helper()
	in := input(t)
	for name, scope := range names {
		e := exhibit("W0001", "https://"+name+"/")
		target, err := NewTarget(NextID("D", 3, in.Application.Targets), name, scope, []Exhibit{e})
		if err != nil {
			t.Fatal(err)
		}
		target.ScopeReason = "均為同一詐欺網站"
		in.Targets = append(in.Targets, target)
		in.Application.Targets = append(in.Application.Targets, target.ID)
		in.Gates = append(in.Gates, Gate(GateInput{Target: target, Exhibits: []Exhibit{e}, Lists: in.Lists, Now: now}))
		in.Exhibits[1].Redirects = append(in.Exhibits[1].Redirects, e.URL)
	}
	return in
}

// TestExecutionSheet says of each name what the zone answers, and of the files how many names they hold.
func TestExecutionSheet(t *testing.T) {
	in := shownAll(t, map[string]Scope{"shop.vip-invest.example": Exact, "my_shop.test": Subdomains, "m2--site.example": Exact})
	v, err := newView(in)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"vip-invest.example": "導向位址", "xn---tw-5cdz9da85i.com": "導向位址", "m2--site.example": "導向位址",
		"shop.vip-invest.example": "已涵蓋於 D001", "my_shop.test": "NXDOMAIN",
	}
	for _, r := range v.Rows {
		if got := v.Reply(r); got != want[r.Name] {
			t.Errorf("%s gets %q, want %q", r.Name, got, want[r.Name])
		}
	}
	if len(v.Rows) != 5 || v.Uncovered() != 4 || v.Unhosted() != 1 {
		t.Errorf("%d targets, %d in the zone, %d without a host name", len(v.Rows), v.Uncovered(), v.Unhosted())
	}
	l := *in.Lists
	l.Sinkholes.Sinkholes = slices.DeleteFunc(slices.Clone(l.Sinkholes.Sinkholes), func(s sinkhole) bool { return s.ID != "nxdomain" })
	in.Lists = &l
	if v, err = newView(in); err != nil || v.Reply(v.Rows[0]) != "NXDOMAIN" || v.Unhosted() != 0 {
		t.Errorf("without a sinkhole %q, %v", v.Reply(v.Rows[0]), err)
	}
	if _, zone, err := rpz.Parse(bytes.NewReader(v.zone)); err != nil || len(zone) != 4 {
		t.Errorf("zone %v, %v", zone, err)
	}
}

// TestSheetTellsNeeds prints every sentence about resolvers, its setting and its version.
func TestSheetTellsNeeds(t *testing.T) {
	sheet := string(written(t, papers(t, input(t)))["06_執行/執行單.pdf"])
	for _, r := range lists(t).Execution.Resolvers {
		for _, n := range r.Needs {
			for _, s := range []string{r.Program + " " + r.Version, n.Says, n.Setting, n.Remedy} {
				if !strings.Contains(sheet, html.EscapeString(s)) {
					t.Errorf("%s: the sheet lacks %q", n.ID, s)
				}
			}
		}
	}
}

// TestRoom refuses a name that would keep a whole zone from loading, before anything is written, unless another covers it.
func TestRoom(t *testing.T) {
	l := lists(t)
	long := strings.Repeat(strings.Repeat("a", 59)+".", 3) + strings.Repeat("b", 52) + ".example" // 240 octets; 240 + 12 + 3 fit
	longer := "cc." + long
	fits, not := Target{ID: "D001", Name: long}, Target{ID: "D002", Name: longer}
	wide := Target{ID: "D003", Name: strings.TrimPrefix(long, strings.Repeat("a", 59)+"."), Scope: Subdomains}
	var refused *rpz.NameError
	if err := l.Room(fits, nil); err != nil {
		t.Error(err)
	}
	if err := l.Room(not, []Target{fits}); !errors.As(err, &refused) || refused.Why != rpz.WhyTooLong {
		t.Errorf("%d octets: %v", len(longer), err)
	}
	if zh, en := l.Refused(refused); !strings.Contains(zh, "rpz.twnic.tw 共 258 位元組") || !strings.Contains(en, "258 octets") {
		t.Errorf("%s %s", zh, en)
	}
	if err := l.Room(not, []Target{wide}); err != nil {
		t.Errorf("covered: %v", err)
	}
	for why, listed := range map[string][]Target{"": {fits}, "lint.target.long": {fits, not}} {
		var codes []string
		for _, f := range Lint(Application{Targets: []string{"D001", "D002"}}, CaseData{Targets: listed, Lists: l}) {
			codes = append(codes, f.Code+" "+f.Object)
		}
		if slices.Contains(codes, "lint.target.long D002") != (why != "") || slices.Contains(codes, "lint.target.long D001") {
			t.Errorf("%q: %q", why, codes)
		}
	}
}
