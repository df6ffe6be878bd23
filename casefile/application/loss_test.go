package application

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"

	"yuzheng/casefile/document"
)

var lossTargets = []Target{{ID: "D001", Name: "vip-invest.example"}, {ID: "D002", Name: "shop.example"}, {ID: "D003", Name: "join.vip-invest.example"}}

func readTable(text string, said map[string]string) (LossTable, []error) {
	return ReadLosses([]byte(text), LossOptions{Exhibit: "W0007", Targets: lossTargets, Columns: said, Now: time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)})
}

// Rows are read in the spellings of offices and spreadsheets, by whatever name a target is called, and what is read is what stands there.
func TestReadLosses(t *testing.T) {
	const rows = "A,115/11/02,\"1,200,000\",vip-invest.example,匯款\n" +
		"B,2026-11-03 14:05,30萬元,d002,面交\n" +
		"A,115年11月4日下午3時,新臺幣5000元整,hxxps://www[.]vip-invest[.]example/pay?x=1,匯款\n" +
		"王 小明,1151105,1.5萬元,join.vip-invest.example/pay,\n" +
		"Ａｎｎ　Lee,１１５／１１／０５,１２，０００.00,D003,\n"
	const head = "被害人,匯款日期,匯款金額（新臺幣）,網域名稱,付款方式\n"
	big5 := func(text string) string {
		out, err := traditionalchinese.Big5.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16, err := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(head+rows, "\"1,200,000\"", "1200000"), ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8": bom + head + rows, "Big5": big5(head + rows), "UTF-16 and tabs": utf16,
		"semicolons": strings.NewReplacer(",", ";", "\"1,200,000\"", "1200000").Replace(head + rows),
		"sep":        "sep=,\r\n" + strings.ReplaceAll(head+rows, "\n", "\r\n"),
		"a title":    "165 反詐騙紀錄,,,,\n,,,,\n" + head + rows, "empty rows": head + rows + ",,,,\n,,,,\n",
		"sums":             head + rows + ",合計,\"1,532,000\",,\n",
		"a column between": "案號,被害人出生日期,手續費金額," + head + strings.ReplaceAll("\n"+strings.TrimSpace(rows), "\n", "\nx,75/3/2,15,")[1:] + "\n",
	} {
		table, wrong := readTable(text, nil)
		if len(wrong) > 0 || len(table.Losses) != 5 {
			t.Errorf("%s: %v, %v", name, table, wrong)
			continue
		}
		day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, document.Taiwan) }
		want := []Loss{
			{Victim: "A", Date: day(2), Amount: 1_200_000, Way: "匯款", Target: "D001"},
			{Victim: "B", Date: day(3), Amount: 300_000, Way: "面交", Target: "D002"},
			{Victim: "A", Date: day(4), Amount: 5000, Way: "匯款", Target: "D001"},
			{Victim: "王小明", Date: day(5), Amount: 15_000, Target: "D003"},
			{Victim: "Ann Lee", Date: day(5), Amount: 12_000, Target: "D003"},
		}
		for i, got := range table.Losses {
			want[i].Exhibit, want[i].Row = "W0007", got.Row
			if !got.Date.Equal(want[i].Date) {
				t.Errorf("%s: day %v instead of %v", name, got.Date, want[i].Date)
			}
			if got.Date = want[i].Date; got != want[i] {
				t.Errorf("%s: %+v instead of %+v", name, got, want[i])
			}
		}
		if table.Columns[LossAmount] != "匯款金額（新臺幣）" || table.Columns[LossDate] != "匯款日期" {
			t.Errorf("%s: %v", name, table.Columns)
		}
	}
}

// A column is taken for a field where its whole heading is known, or a person says so; of two, none is.
func TestLossColumns(t *testing.T) {
	for head, want := range map[string]string{
		"被害人,匯款日期,手續費金額,標的":    LossAmount,
		"被害人,出生日期,金額,標的":       LossDate,
		"報案人,日期,金額,標的":         LossVictim,
		"被害人,匯款日期,交付日期,金額,標的":  LossDate,
		"victim,update,amount": LossDate,
		"被害人,日期,金額,網域,網址":      LossTarget,
		"被害人電話,日期,金額":          LossVictim,
		"被害人,日期,匯款金額,損失金額,標的":  LossAmount,
	} {
		_, wrong := readTable(head+"\nA,115/11/02,1,D001,x\n", nil)
		var row *LossRowError
		if len(wrong) != 1 || !errors.As(wrong[0], &row) || row.Field != want || row.Headings == "" {
			t.Errorf("%s: %v", head, wrong)
		}
	}
	elsewhere, wrong := readTable("被害人,日期,金額,網址\nA,115/11/02,1,other.example\nB,115/11/02,2,\nC,115/11/02,3,D001\n合計,,6,\n", nil)
	if len(wrong) > 0 || len(elsewhere.Losses) != 3 || elsewhere.Losses[0].Target != "" || elsewhere.Losses[0].Site != "other.example" {
		t.Fatalf("%+v, %v", elsewhere, wrong)
	}
	if l := elsewhere.Losses[0].Assign([]Target{{ID: "D009", Name: "other.example"}}); l.Target != "D009" || l.Site != "" {
		t.Errorf("%+v", l)
	}
	if l := elsewhere.Losses[1].Assign(lossTargets); l.Target != "" {
		t.Errorf("%+v", l)
	}
	table, wrong := readTable("報案人,被害人之子,日期,手續費,實付\nA,B,115/11/02,1,2\n", map[string]string{LossVictim: "被害人之子", LossAmount: "實付", LossTarget: "日期"})
	if len(wrong) > 0 || table.Losses[0].Victim != "B" || table.Losses[0].Amount != 2 || table.Losses[0].Site != "115/11/02" {
		t.Errorf("%v, %v", table, wrong)
	}
	if _, wrong := readTable("被害人,日期,金額\nA,115/11/02,1\n", map[string]string{LossWay: "方式"}); len(wrong) != 1 {
		t.Errorf("a heading that is not there was taken: %v", wrong)
	}
}

// A table with one row that cannot be read for sure is refused as a whole, and the row and the field are named.
func TestReadLossesRefuses(t *testing.T) {
	head := "victim,date,amount,target\n"
	one := func(date, amount string) string { return head + "A," + date + ",\"" + amount + "\",D001\n" }
	cases := map[string]LossRowError{
		head + "A,115/11/02,1,D001\nB,115/13/02,1,D001\n": {Row: 2, Field: LossDate, Value: "115/13/02"},
		head + ",115/11/02,1,D001\n":                      {Row: 1, Field: LossVictim},
		head:                                              {Field: LossRows},
		head + ",,,\n":                                    {Field: LossRows},
		"":                                                {Field: LossRows},
		"a,b\n1,2\n":                                      {Field: LossVictim},
		head + "\"A,115/11/02,1,D001\n":                   {Field: LossText},
		"\x81\xff\xfe":                                    {Field: LossText},
		head + "A,115/11/02,1,D001\n合計,,2,\n":                                     {Row: 2, Field: LossTotal},
		head + "A,115/11/02,1,D001\n小計,,1,\nA,115/11/02,5,D001\n小計,,5,\n總計,,7,\n": {Row: 5, Field: LossTotal},
	}
	for _, date := range []string{"115/02/30", "tomorrow", "26/11/02", "25/12/31", "2206-11-02", "1115/11/02", "115/12/03", "1999-12-31", "02/11/2026", "115/11-02", "46328", ""} {
		cases[one(date, "1")] = LossRowError{Row: 1, Field: LossDate, Value: date}
	}
	for _, amount := range []string{"-5", "0", "9999999999999", "1e9", "1,5萬", "12,34", "860,00", "1,,2,", "1.000", "1.5", "99999999999萬", "1,0000", "", "元"} {
		cases[one("115/11/02", amount)] = LossRowError{Row: 1, Field: LossAmount, Value: amount}
	}
	for text, want := range cases {
		table, wrong := readTable(text, nil)
		var row *LossRowError
		if len(table.Losses) > 0 || len(wrong) == 0 || !errors.As(wrong[0], &row) || row.Row != want.Row || row.Field != want.Field || want.Row > 0 && want.Value != "" && row.Value != want.Value {
			t.Errorf("%q: %v, %v", text, table, wrong)
		}
	}
	if _, wrong := readTable(head+strings.Repeat("A,x,1,D001\n", 500), nil); len(wrong) != maxLossFault {
		t.Errorf("%d errors", len(wrong))
	}
	if _, wrong := readTable(head+strings.Repeat("A,115/11/02,1,D001\n", maxLossRows), nil); len(wrong) != 1 {
		t.Errorf("%d errors of a table that is too long", len(wrong))
	}
	if table, wrong := readTable(head+"A,115/11/02,1,D001\nA,115/11/03,1,D001\nA,115/11/02,1.0,D001\n", nil); len(wrong) > 0 || !slices.Equal(table.Alike, []int{3}) {
		t.Errorf("%v, %v", table, wrong)
	}
}

// withLosses is an application whose first target has losses, claimed rightly.
func withLosses(t *testing.T) PaperInput {
	t.Helper()
	in := input(t)
	in.Targets[0].Victims, in.Targets[0].Amount = 2, 600_000
	in.Losses = []Loss{{"W0001", 1, "A", now, 250_000, "匯款", "D001", ""}, {"W0001", 2, "B", now, 300_000, "", "D001", ""}, {"W0001", 3, "A", now, 50_000, "", "D001", ""}}
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
		{"lint.loss.twice", func(in *PaperInput) {
			again := in.Losses[0]
			again.Exhibit, again.Row = "W0002", 1
			in.Losses = append(in.Losses, again)
		}},
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
		in.Losses = append(in.Losses, Loss{"W0001", i + 1, fmt.Sprint("A", i), now, 10_000, "", "D001", ""})
	}
	in.Targets[0].Victims, in.Targets[0].Amount, in.Application.More["loss"] = maxLossLines+1, int64(maxLossLines+1)*10_000, "【證W0001】如表【聲請人陳述】。"
	if text := words(papers(t, in)[1].Document); strings.Contains(text, "|A7|") || !strings.Contains(text, "合計|61 人||61萬元") {
		t.Errorf("%s", text)
	}
}

// TestComplaintShowsLosses: what a complaint is to prove is said: the losses by a target.
func TestComplaintShowsLosses(t *testing.T) {
	in := input(t)
	in.Losses = append(in.Losses, Loss{Exhibit: "W0003", Row: 1, Victim: "被害人甲", Amount: 1, Target: "D001"})
	v, err := newView(in)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(v.Cited, func(e Exhibit) bool { return e.ID == "W0003" }); !strings.HasSuffix(v.Shows(v.Cited[i]), "標的D001之被害及損失") {
		t.Errorf("%s", v.Shows(v.Cited[i]))
	}
}
