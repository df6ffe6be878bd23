package application

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestPrescribed says of an address that the operator set that nobody was asked for it, in the gate and in the books, and of no other.
func TestPrescribed(t *testing.T) {
	for _, set := range []bool{true, false} {
		in := input(t)
		for i := range in.Exhibits {
			f := &in.Exhibits[i].Facts
			if hosts := slices.Sorted(maps.Keys(f.Addresses)); set {
				f.Prescribed = hosts
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
		if strings.Contains(report, "憑證及連結中") || !strings.Contains(report, "除證物所示者外") {
			t.Error("the report denies hosts that exhibits show")
		}
	}
}
