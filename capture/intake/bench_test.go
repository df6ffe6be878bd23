package intake

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// counted is a Receiver that keeps nothing.
type counted struct{ addresses, clues, skipped int }

func (c *counted) Address(Row) error  { c.addresses++; return nil }
func (c *counted) Clue(Clue) error    { c.clues++; return nil }
func (c *counted) Skip(Skipped) error { c.skipped++; return nil }

// list176455 makes a file like the real one: CRLF, some names twice, some misspelled.
func list176455(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff民國年月,網域,網站性質,法律依據,聲請單位\r\n")
	for i := range rows {
		nature := []string{"金融保險", "金融保健", "電商購物", "博弈"}[i%4]
		fmt.Fprintf(&b, "115%02d,vip%d-%s.%s,%s,詐欺犯罪危害防制條例,刑事警察局詐欺犯罪防制中心\r\n",
			1+i%12, i/20*20+i%19, []string{"invest", "shop", "bet"}[i%3], []string{"cc", "vip", "com", "com.tw", "top"}[i%5], nature)
	}
	return b.Bytes()
}

func BenchmarkRead176455(b *testing.B) {
	const rows = 60000
	list := list176455(rows)
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		var c counted
		report, err := Read(context.Background(), "list.csv", bytes.NewReader(list), Options{}, &c)
		if err != nil || report.Rows != rows+1 || report.Dataset != stopped165 {
			b.Fatalf("%v %+v", err, report)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkRead160055(b *testing.B) {
	const rows = 45000
	var list bytes.Buffer
	list.WriteString("\ufeffWEBSITE_NM,WEBURL,CNT,STA_SDATE,STA_EDATE\n網站名稱,網址,件數,統計起始日期,統計結束日期\n")
	for i := range rows {
		fmt.Fprintf(&list, "鼎%d投資,https://www.site%d.vip/h5/?id=%d,%d,2025/12/25,2025/12/31\n", i, i/3, i, i%20)
	}
	b.SetBytes(int64(list.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(context.Background(), "list.csv", bytes.NewReader(list.Bytes()), Options{}, &counted{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
