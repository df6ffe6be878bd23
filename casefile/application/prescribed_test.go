package application

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestPrescribed says of an address that the operator set that nobody was asked for it, in every paper that prints it or how it was come by, and of no
// other.
func TestPrescribed(t *testing.T) {
	for _, set := range []bool{true, false} {
		in := input(t)
		for i := range in.Exhibits {
			f := &in.Exhibits[i].Facts
			if hosts := slices.Sorted(maps.Keys(f.Addresses)); set {
				f.Prescribed = hosts
				in.Exhibits[i].Visit.Mapped = []string{"www.vip-invest.example:443=192.0.2.7"}
			}
		}
		in.Gates = gates(in)
		files := written(t, papers(t, in))
		book, report := string(files["04_附件冊_第1冊.pdf"]), string(files["05_誤傷檢查.pdf"])
		if strings.Contains(book, "操作者指定，未查詢") != set || strings.Contains(book, "解析結果") {
			t.Errorf("set by the operator %v: the book says otherwise", set)
		}
		if strings.Contains(report, "係操作者指定，未查詢") != set || strings.Contains(report, "解析至") == set {
			t.Errorf("set by the operator %v: the report says otherwise", set)
		}
		for name, words := range map[string]string{
			"02_附表一_扣押標的.pdf": "192.0.2.7（操作者指定）", "02_附表一_扣押標的.csv": "192.0.2.7（操作者指定）",
			"03_證據清單.pdf": "連線位址由操作者指定", "03_證據清單.csv": "連線位址由操作者指定", "09_技術說明.pdf": "操作者指定、非由 DNS 查得之位址 www.vip-invest.example:443=192.0.2.7",
		} {
			if strings.Contains(string(files[name]), words) != set {
				t.Errorf("set by the operator %v: %s says otherwise", set, name)
			}
		}
		if strings.Contains(report, "憑證及連結中") || !strings.Contains(report, "除證物所示者外") {
			t.Error("the report denies hosts that exhibits show")
		}
	}
}
