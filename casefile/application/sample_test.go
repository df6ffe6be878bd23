package application

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/evidence"
)

// picture draws a page of so many pixels, with lines like text so that slices differ.
func picture(width, height int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{255, 255, 255, 255}
			if y%40 < 12 && (x*7+y/40*13)%23 < 11 {
				c = color.RGBA{uint8(y / 16), 40, 90, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func open(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

const hostile = "=HYPERLINK(\"x\")<script>|\nrow: a\u202e\x00"

// input is an application that may be exported: three exhibits, two targets.
func input(t testing.TB) PaperInput {
	t.Helper()
	l := lists(t)
	wide, phone := picture(320, 1300), picture(206, 900)
	a := exhibit("W0001", "https://www.vip-invest.example/login?from=ad&id=123")
	a.Picture = open(wide)
	b := exhibit("W0002", "https://vip-invest.example/")
	b.View, b.Verdict, b.Title, b.Picture = "mobile", "partial", hostile, open(phone)
	b.Missing, b.Warnings = []string{"https://cdn.example/a.js (timeout)"}, []string{"certificate expired"}
	c := exhibit("W0003", "https://аррӏе-tw.com/")
	c.Facts = Facts{}
	for i := range 12 {
		c.Artifacts = append(c.Artifacts, evidence.Artifact{Name: fmt.Sprintf("downloads/%02d.apk", i), MediaType: "application/octet-stream", Size: 9, SHA256: strings.Repeat("c3", 32)})
	}
	exhibits := []Exhibit{c, a, b, exhibit("W0009", "https://elsewhere.example/")}
	d1, err := NewTarget("D001", "vip-invest.example", Subdomains, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	d1.ScopeReason, d1.SiteKind, d1.Victims, d1.Amount, d1.Note = "各子網域均為同一詐欺網站", "金融保險", 12, 3_400_000, hostile
	d2, err := NewTarget("D002", "аррӏе-tw.com", Exact, exhibits)
	if err != nil {
		t.Fatal(err)
	}
	in := PaperInput{
		Application: filled(l, Application{
			ID: "S01", Type: "prosecutor-seizure", Court: "臺灣測試地方法院", Office: "臺灣測試地方檢察署", Number: "115年度偵字第12345號", Section: "平",
			Prosecutor: "王小明", Clerk: "陳小華", Cause: "詐欺", Articles: "刑法第339條之4第1項第2款、第3款", Targets: []string{"D001", "D002"},
			Period: Span{Days: 180}, Validity: Span{Days: 30}, Date: now,
			Facts: "真實姓名年籍不詳之人於115年10月間，以「保證獲利」為名架設網站，佯稱投資穩賺不賠【證W0001】。該網站並對手機訪客顯示投資頁面【證W0002-01】。\n" +
				"另以外觀近似知名公司之網域名稱架設網站【證W0003】，誘使不特定民眾下載程式。【聲請人陳述】",
			Reasons: Reasons{
				Suspicion: "網站內容載有「保證獲利」字樣及加入群組之指示【證W0001】，足認涉有三人以上以網際網路對公眾散布而犯詐欺取財罪嫌。",
				Relation:  "附表一所示網域名稱為各該網站之唯一入口，係供犯罪所用【證W0001】。",
			},
		}, []Target{d1, d2}, exhibits),
		Targets: []Target{d1, d2}, Exhibits: exhibits, Lists: l, Operator: "王小明", Contact: "02-0000-0000", Serial: 1_800_000_000, Time: now,
		Custody: []CustodyLine{
			{1, now.Add(-2 * time.Hour), "person", "王小明", "case.create", "115年度偵字第12345號", "", strings.Repeat("ab", 32)},
			{2, now.Add(-time.Hour), "tool", "王小明", "exhibit.admit", "W0001", "組件 2 個", strings.Repeat("cd", 32)},
			{3, now, "page", "王小明", "network.contact", "https://x.example/" + strings.Repeat("very-long/", 30), hostile, strings.Repeat("ef", 32)},
		},
		Versions: []Version{{"域證", "0.1.0"}, {"Chromium", "156.0"}},
	}
	for i := range d1.Victims {
		in.Losses = append(in.Losses, Loss{"W0001", i + 1, fmt.Sprintf("被害人%d", i+1), now.AddDate(0, 0, -i), 3_400_000/12 + int64(i/11)*4, "匯款", "D001", ""})
	}
	in.Gates = gates(in)
	return in
}

// filled is an application with the first words of its type, whose slots a person has filled.
func filled(l *Lists, a Application, targets []Target, exhibits []Exhibit) Application {
	a = l.Draft(a, "", targets, exhibits, nil)
	t, _ := l.Type(a.Type)
	fields, texts := t.texts(a)
	for i, f := range fields {
		if slotRE.MatchString(texts[i]) {
			t.Set(&a, f.Name, slotRE.ReplaceAllString(texts[i], "經查明如前【聲請人陳述】。"))
		}
	}
	return a
}

func gates(in PaperInput) []GateResult {
	var list []GateResult
	for _, d := range in.Targets {
		list = append(list, Gate(GateInput{Target: d, Exhibits: in.Exhibits, Lists: in.Lists, Now: now}))
	}
	return list
}

var templates = os.DirFS("../../assets/documents")
