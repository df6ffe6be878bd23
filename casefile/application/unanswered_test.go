package application

import (
	"strings"
	"testing"
)

// TestRefusedConnection is of a visit whose host refused the connection: the papers do not say beside it that nobody replied.
func TestRefusedConnection(t *testing.T) {
	in := input(t)
	for i, e := range in.Exhibits {
		if e.ID == "W0002" {
			in.Exhibits[i].Verdict, in.Exhibits[i].Status, in.Exhibits[i].Missing = "unreachable", 0, []string{"網頁：對方主機拒絕連線"}
		}
	}
	in.Gates = gates(in)
	files := written(t, papers(t, in))
	for _, file := range []string{"03_證據清單.pdf", "04_附件冊_第1冊.pdf"} {
		if text := string(files[file]); strings.Contains(text, "沒有伺服器回應") || !strings.Contains(text, "未取得回應") {
			t.Errorf("%s denies that the host refused", file)
		}
	}
}
