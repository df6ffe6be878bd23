package application

import (
	"slices"
	"strings"
	"testing"
)

// TestUndecided names in the application what the gate could not judge, and only that; the first words claim no check that was not made.
func TestUndecided(t *testing.T) {
	in := input(t)
	for i := range in.Exhibits {
		in.Exhibits[i].Facts.MX = nil
	}
	in.Gates = gates(in)
	text := string(written(t, papers(t, in))["01_聲請書.pdf"])
	_, open, _ := strings.Cut(text, "無從判斷者：")
	open, _, _ = strings.Cut(open, "。")
	if !strings.Contains(open, "標的D001（vip-invest.example）之電子郵件、疑遭入侵；標的D002") || !strings.Contains(open, "電子郵件、易主、疑遭入侵") {
		t.Errorf("not judged: %q", open)
	}
	for _, claim := range []string{"是否易主", "設於境外"} {
		if strings.Contains(text, claim) {
			t.Errorf("the first words say %s", claim)
		}
	}
	for i := range in.Gates {
		in.Gates[i].Results = slices.DeleteFunc(in.Gates[i].Results, func(r RuleResult) bool { return strings.HasSuffix(r.Code, ".unknown") })
	}
	if text := string(written(t, papers(t, in))["01_聲請書.pdf"]); strings.Contains(text, "無從判斷者") {
		t.Error("what was judged is said to be not")
	}
}
