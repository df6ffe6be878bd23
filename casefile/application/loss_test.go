package application

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/document"
)

var lossTargets = []Target{{ID: "D001", Name: "vip-invest.example"}, {ID: "D002", Name: "shop.example"}}

// Rows are read in the spellings of offices, by whatever name a target is called, and what is read is what stands there.
func TestReadLosses(t *testing.T) {
	text := bom + "被害人,匯款日期,金額（新臺幣）,網域名稱,付款方式\n" +
		"A,115/11/02,\"1,200,000\",vip-invest.example,匯款\n" +
		"B,2026-11-03,30萬元,D002,面交\n" +
		"A,115年11月4日,新臺幣5000元,https://www.vip-invest.example/pay?x=1,匯款\n"
	list, wrong := ReadLosses("W0007", []byte(text), lossTargets)
	if len(wrong) > 0 || len(list) != 3 {
		t.Fatalf("%v, %v", list, wrong)
	}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, document.Taiwan) }
	want := []Loss{{"W0007", 1, "A", day(2), 1_200_000, "匯款", "D001"}, {"W0007", 2, "B", day(3), 300_000, "面交", "D002"}, {"W0007", 3, "A", day(4), 5000, "匯款", "D001"}}
	for i := range want {
		if got := list[i]; got.Date.Equal(want[i].Date) {
			got.Date = want[i].Date
			if got != want[i] {
				t.Errorf("%+v instead of %+v", got, want[i])
			}
		} else {
			t.Errorf("day %v instead of %v", got.Date, want[i].Date)
		}
	}
	if n, amount := sumOf(list, "D001"); n != 1 || amount != 1_205_000 {
		t.Errorf("%d victims, %d", n, amount)
	}
}

// A table with one row that cannot be read is refused as a whole, and the row and the field are named.
func TestReadLossesRefuses(t *testing.T) {
	head := "victim,date,amount,target\n"
	for text, want := range map[string]LossRowError{
		head + "A,115/11/02,1,D001\nB,115/13/02,1,D001\n": {2, "date", "115/13/02"},
		head + "A,115/02/30,1,D001\n":                     {1, "date", "115/02/30"},
		head + "A,tomorrow,1,D001\n":                      {1, "date", "tomorrow"},
		head + "A,115/11/02,-5,D001\n":                    {1, "amount", "-5"},
		head + "A,115/11/02,0,D001\n":                     {1, "amount", "0"},
		head + "A,115/11/02,9999999999999,D001\n":         {1, "amount", "9999999999999"},
		head + "A,115/11/02,1e9,D001\n":                   {1, "amount", "1e9"},
		head + "A,115/11/02,1,other.example\n":            {1, "target", "other.example"},
		head + "A,115/11/02,1\n":                          {1, "target", ""},
		head + ",115/11/02,1,D001\n":                      {1, "victim", ""},
		head:                                              {0, "rows", "1"},
		"a,b\n1,2\n":                                      {0, "victim", "a,b"},
		head + "\"A,115/11/02,1,D001\n":                   {0, "CSV", ""},
		"":                                                {0, "rows", "0"},
	} {
		list, wrong := ReadLosses("W0007", []byte(text), lossTargets)
		var row *LossRowError
		if len(list) > 0 || len(wrong) == 0 || !errors.As(wrong[0], &row) || row.Row != want.Row || row.Field != want.Field && want.Field != "victim" || want.Field != "CSV" && row.Value != want.Value {
			t.Errorf("%q: %v, %v", text, list, wrong)
		}
	}
	many := head + strings.Repeat("A,x,1,D001\n", 500)
	if _, wrong := ReadLosses("W0007", []byte(many), lossTargets); len(wrong) != 20 {
		t.Errorf("%d errors", len(wrong))
	}
	if _, wrong := ReadLosses("W0007", []byte(head+strings.Repeat("A,115/11/02,1,D001\n", maxLossRows)), lossTargets); len(wrong) != 1 {
		t.Errorf("%d errors of a table that is too long", len(wrong))
	}
}

// withLosses is an application whose first target has losses, claimed rightly.
func withLosses(t *testing.T) PaperInput {
	t.Helper()
	in := input(t)
	in.Targets[0].Victims, in.Targets[0].Amount = 2, 600_000
	in.Losses = []Loss{{"W0001", 1, "A", now, 250_000, "匯款", "D001"}, {"W0001", 2, "B", now, 300_000, "", "D001"}, {"W0001", 3, "A", now, 50_000, "", "D001"}}
	in.Application.More = map[string]string{"loss": "被害2人，合計新臺幣60萬元【證W0001】。"}
	for name, text := range input(t).Application.More {
		if in.Application.More[name] == "" {
			in.Application.More[name] = text
		}
	}
	return in
}

// Figures of victims and money rest on reports: without them, or with others, nothing leaves.
func TestLossesAddUp(t *testing.T) {
	if found := lintOf(withLosses(t)); len(found) > 0 {
		t.Fatalf("what adds up is refused: %q %+v", codes(found), found)
	}
	for _, c := range []struct {
		code   string
		change func(*PaperInput)
	}{
		{"lint.loss.none", func(in *PaperInput) { in.Losses = nil }},
		{"lint.loss.none", func(in *PaperInput) {
			in.Losses[0].Target, in.Losses[1].Target, in.Losses[2].Target = "D002", "D002", "D002"
		}},
		{"lint.loss.differs", func(in *PaperInput) { in.Targets[0].Victims = 3 }},
		{"lint.loss.differs", func(in *PaperInput) { in.Losses[2].Amount++ }},
		{"lint.loss.total", func(in *PaperInput) { in.Application.More["loss"] = "合計新臺幣61萬元【證W0001】。" }},
	} {
		in := withLosses(t)
		c.change(&in)
		if found := codes(lintOf(in)); !slices.Contains(found, c.code) {
			t.Errorf("%s is not found: %q", c.code, found)
		}
	}
}

// The table in the paper adds up, names the exhibit of every row, and is a summary where it would be longer than a reader reads.
func TestLossTable(t *testing.T) {
	in := withLosses(t)
	text := words(papers(t, in)[1].Document)
	for _, want := range []string{"D001|A|", "25萬元|匯款|證W0001", "合計|2 人||60萬元"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	in.Losses = nil
	for i := range maxLossLines + 1 {
		in.Losses = append(in.Losses, Loss{"W0001", i + 1, fmt.Sprint("A", i), now, 10_000, "", "D001"})
	}
	in.Targets[0].Victims, in.Targets[0].Amount, in.Application.More["loss"] = maxLossLines+1, int64(maxLossLines+1)*10_000, "【證W0001】如表【聲請人陳述】。"
	if text := words(papers(t, in)[1].Document); strings.Contains(text, "|A7|") || !strings.Contains(text, "合計|61 人||61萬元") {
		t.Errorf("%s", text)
	}
}
