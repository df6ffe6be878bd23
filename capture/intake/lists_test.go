package intake

import (
	"reflect"
	"slices"
	"testing"

	"yuzheng/casefile/evidence"
)

// The samples have the shape of the real lists of 2026; the names in them are invented.

const sample160055 = "\ufeffWEBSITE_NM,WEBURL,CNT,STA_SDATE,STA_EDATE\r\n" +
	"網站名稱,網址,件數,統計起始日期,統計結束日期\r\n" +
	"0857娛樂城,www.0857.example,1,2023/12/12,2023/12/18\r\n" +
	"鼎○投資Pro,inv-pro88.com/h5/,\"1,024\",2026/11/10,2026/11/16\r\n" +
	"沒有網址,,3,2026/11/10,2026/11/16\r\n" +
	"查無,無,3,2026/11/10,2026/11/16\r\n" +
	"兩個,ding-feng.vip、https://ding-feng.vip/wap,2,115/11/10,115年11月16日\r\n" +
	"王牌,娛樂,wang-pai.cc,2,2026/11/10,2026/11/16\r\n" +
	"壞\"引號,ok-quote.cc,1,2026/11/10,2026/11/16\r\n" +
	"\"沒關的,open-quote.cc,1,2026/11/10,2026/11/16\r\n" +
	"\"換\r\n行\",two-lines.cc,1,2026/11/10,2026/11/16\r\n" +
	"再一次,https://ding-feng.vip/,1,2026/11/10,2026/11/16\r\n"

func Test160055(t *testing.T) {
	c, report := collect(t, "list.csv", sample160055)
	want := []string{
		"3 https://www.0857.example/", "4 https://inv-pro88.com/h5/", "7 https://ding-feng.vip/", "7 https://ding-feng.vip/wap",
		"8 https://wang-pai.cc/", "9 https://ok-quote.cc/", "10 https://open-quote.cc/ quotes=", "11 https://two-lines.cc/",
		"1 -header", "2 -header", "5 -empty", "6 -none", "13 -duplicate",
	}
	if got := c.brief(); !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	first := Row{
		Entry: Entry{Line: 3, Raw: "www.0857.example", Name: "0857娛樂城", Count: 1, From: "2023-12-12", To: "2023-12-18"},
		URL:   "https://www.0857.example/", Host: "www.0857.example", Unicode: "www.0857.example", Domain: "0857.example", SchemeAdded: true,
	}
	if !reflect.DeepEqual(c.rows[0], first) {
		t.Errorf("first row is %+v", c.rows[0])
	}
	if e := c.rows[2].Entry; e.From != "2026-11-10" || e.To != "2026-11-16" || e.Raw != "ding-feng.vip、https://ding-feng.vip/wap" {
		t.Errorf("row with two addresses and dates of the Republic: %+v", e)
	}
	if c.rows[1].Count != 1024 || c.skipped[4].First != 7 || c.skipped[4].Words != "the same as line 7" {
		t.Errorf("count %d, duplicate %+v", c.rows[1].Count, c.skipped[4])
	}
	wantReport := Report{
		Schema: evidence.Schema, Kind: kindTable, Dataset: reported165, Encoding: "utf-8 with bom", Bytes: int64(len(sample160055)), Rows: 12, Addresses: 8,
		Columns: []column{
			{"WEBSITE_NM", fieldName}, {"WEBURL", fieldAddress}, {"CNT", fieldCount}, {"STA_SDATE", fieldFrom}, {"STA_EDATE", fieldTo},
		},
		Duplicates: 1, Hosts: 7, SameHost: 1, Skipped: map[Reason]int{whyHeader: 2, whyEmpty: 1, whyNone: 1, whyDuplicate: 1},
	}
	if !reflect.DeepEqual(report, wantReport) {
		t.Errorf("report\n got %+v\nwant %+v", report, wantReport)
	}
}

func Test176455(t *testing.T) {
	c, report := collect(t, "noname", "\ufeff民國年月,網域,網站性質,法律依據,聲請單位\r\n"+
		"11412,bbhhshf-x.cc,金融保險,詐欺犯罪危害防制條例,刑事警察局詐欺犯罪防制中心\r\n"+
		"115年08月,vip-a.example,金融保健,詐欺犯罪危害防制條例,刑事警察局詐欺犯罪防制中心\r\n"+
		"11508,bbhhshf-x.cc,金融保線,詐欺犯罪危害防制條例,刑事警察局詐欺犯罪防制中心\r\n"+
		"11513,a.vip-a.example,電商,詐欺犯罪危害防制條例,刑事警")
	first := Entry{
		Line: 2, Raw: "bbhhshf-x.cc", From: "2025-12", Stopped: true, StoppedOn: "2025-12",
		Nature: "金融保險", Law: "詐欺犯罪危害防制條例", Applicant: "刑事警察局詐欺犯罪防制中心",
	}
	if c.rows[0].Entry != first {
		t.Errorf("first row is %+v", c.rows[0])
	}
	want := []string{"2 https://bbhhshf-x.cc/", "3 https://vip-a.example/", "5 https://a.vip-a.example/", "1 -header", "4 -duplicate"}
	if got := c.brief(); !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	if c.rows[1].StoppedOn != "2026-08" || c.rows[2].From != "" || report.Dataset != stopped165 || report.Kind != kindTable {
		t.Errorf("%+v %+v %+v", c.rows[1], c.rows[2], report)
	}
}

// Test165027 reads the array with both names of its second key, cut in half.
func Test165027(t *testing.T) {
	c, report := collect(t, "16352", "\ufeff[\r\n"+
		` {"編號":"1","一頁式數位經濟詐騙網站":"連至某購物網站首頁","偽冒網址":"https://onepage.example/ucy9mf2#/login","網域名稱":"onepage.example",`+"\r\n"+
		`  "詐騙網站創建日期":"2026-06-20T15:13:38","接獲通報日期":"20260826","停止解析日期":"20260827"},`+"\r\n"+
		` {"編號":"2","一頁式詐騙購物網站":"某賣場","偽冒網址":"","網域名稱":"two-shop.example","詐騙網站創建日期":"","接獲通報日期":"20260826","停止解析日期":""},`+"\r\n"+
		` {"編號":"3","一頁式詐騙購物網站":"半`)
	first := Entry{
		Line: 2, Raw: "https://onepage.example/ucy9mf2#/login", Name: "連至某購物網站首頁", From: "2026-08-26", Created: "2026-06-20",
		Stopped: true, StoppedOn: "2026-08-27",
	}
	if c.rows[0].Entry != first || c.rows[0].SchemeAdded {
		t.Errorf("first row is %+v", c.rows[0])
	}
	want := []string{"2 https://onepage.example/ucy9mf2#/login", "4 https://two-shop.example/", "5 -cut_short"}
	if got := c.brief(); !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	if c.rows[1].Stopped || c.rows[1].Name != "某賣場" || report.Dataset != stoppedMODA || report.Cut != cutTruncated || report.CutLine != 5 || report.Rows != 3 {
		t.Errorf("%+v %+v", c.rows[1], report)
	}
}

func Test78432(t *testing.T) {
	c, report := collect(t, "line.csv", "編號,帳號,通報日期\n1,Abc_123,2023/01/02\n2,無,\n3,@vip99,2023/1/3\n4,https://line.me/ti/p/~x9,\n5,這是 什麼,\n6,abc_123,\n")
	want := []string{"5 https://line.me/ti/p/~x9 record-only", "2 line_id:abc_123", "4 line_id:@vip99", "1 -header", "3 -none", "6 -no_address", "7 -duplicate"}
	if got := c.brief(); !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	if e := c.clues[0].Entry; e != (Entry{Line: 2, Raw: "Abc_123", From: "2023-01-02"}) || report.Dataset != lineIDs165 || report.RecordOnly != 1 {
		t.Errorf("%+v %+v", e, report)
	}
	wrapped := `{"success":true,"result":{"records":[{"編號":"編號","帳號":"帳號","通報日期":"通報日期"},{"編號":"1","帳號":"king_of","通報日期":"20230102"}]}}`
	c, report = collect(t, "line.json", wrapped)
	if got := c.brief(); !slices.Equal(got, []string{"1 line_id:king_of", "1 -header"}) || report.Dataset != lineIDs165 {
		t.Errorf("%q %+v", got, report)
	}
}

const article = `<html><head><title>165</title></head><body>
<p>115/3/12-115/3/18民眾通報假投資(博弈)詐騙網站</p>
<table border=1>
<tr><th>網站名稱</th><th>網址</th><th>件數</th></tr>
<tr><th rowspan="3">TimeeCoin</th><td>con-timee.example/wap、<br>https://cai.324-5016.cc</td><td>10</td></tr>
<tr><td><span>www.</span>dashit-x.cc</td><td>8</td></tr>
<tr><td>third-x.cc</td><td>7</td></tr>
<tr><td>連結</td><td><a href="https://linked-x.cc/a?b=1&amp;c=2">點我</a></td><td>3</td></tr>
<tr><td>空</td><td>無</td><td>1</td></tr>
<tr><td>末</td><td>last-x.cc</td><td>1
</table></body></html>`

// TestArticle reads a table of an article of 165, as a saved page and as its interface gives it.
func TestArticle(t *testing.T) {
	c, report := collect(t, "article.html", article)
	want := []string{
		"5 https://con-timee.example/wap", "5 https://cai.324-5016.cc/", "6 https://www.dashit-x.cc/", "7 https://third-x.cc/",
		"8 https://linked-x.cc/a?b=1&c=2", "10 https://last-x.cc/",
		"4 -header", "9 -none",
	}
	if got := c.brief(); !slices.Equal(got, want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
	if e := c.rows[2].Entry; e != (Entry{Line: 6, Raw: "www.dashit-x.cc", Name: "TimeeCoin", Count: 8, From: "2026-03-12", To: "2026-03-18"}) {
		t.Errorf("row under a cell of two rows: %+v", e)
	}
	if report.Kind != kindPage || report.Dataset != articles165 || report.Rows != 7 || c.rows[3].Name != "TimeeCoin" || c.rows[4].Name != "連結" || report.Cut != "" {
		t.Errorf("%+v", report)
	}
	c, report = collect(t, "articles.json", `[{"id":1753,"title":"109/03/26-04/1民眾通報","publishDate":"2026-03-24T10:23:00+08:00",
	 "content":"<p>x</p><table><tr><th>網站名稱</th><th>網址</th><th>件數</th></tr><tr><th>A</th><td>a-x.cc</td><td>10</td></tr></table>"}]`)
	if got := c.brief(); !slices.Equal(got, []string{"1 https://a-x.cc/", "1 -header"}) || report.Kind != kindJSON || report.Dataset != articles165 {
		t.Errorf("%q %+v", got, report)
	}
	if e := c.rows[0].Entry; e.From != "2020-03-26" || e.To != "2020-04-01" || e.Name != "A" || e.Count != 10 {
		t.Errorf("%+v", e)
	}
}

// TestOtherLists reads tables and arrays that are none of the known ones.
func TestOtherLists(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"headings above", "115年11月 清單\n製表：王○○\n編號\t網站\t詐騙網址1\t詐騙網址2\n1\tA\ta-x.cc\thttps://b-x.cc/1\n2\tB\t\tc-x.cc\n", []string{
			"4 https://a-x.cc/", "4 https://b-x.cc/1", "5 https://c-x.cc/", "1 -no_address", "2 -no_address", "3 -header",
		}},
		{"semicolons.csv", "sep=;\n名稱;網址\nx;a-x.cc\n", []string{"3 https://a-x.cc/", "1 -header", "2 -header"}},
		{"by looking.csv", "foo,bar\nx,https://look-x.cc/a\nmore-x.cc,look-x.com\nz,bar\n,only-x.cc,third\n", []string{
			"2 https://look-x.cc/a", "3 https://look-x.com/", "5 https://only-x.cc/", "1 -no_address", "4 -no_address",
		}},
		{"pasted from a sheet", "鼎\ta-x.cc\t1\n峰\tb-x.cc\t2\n", []string{"1 https://a-x.cc/", "2 https://b-x.cc/"}},
		{"one column.csv", "url\na-x.cc\n\"b-x.cc\"\n", []string{"2 https://a-x.cc/", "3 https://b-x.cc/", "1 -header"}},
		{"ragged.csv", "name,url,note\nA,a-x.cc\nb-x.cc\n", []string{"2 https://a-x.cc/", "3 https://b-x.cc/", "1 -header"}},
		{"texts.json", "[\"a-x.cc\",\n \"hxxp://b-x[.]cc\", 3, null, \"無\"]", []string{
			"1 https://a-x.cc/", "2 http://b-x.cc/", "2 -no_address", "2 -empty", "2 -none",
		}},
		{"lines.json", "{\"domain\":\"a-x.cc\"}\n{\"domain\":\"b-x.cc\",\"urls\":[\"https://b-x.cc/1\",\"https://b-x.cc/2\"]}\n", []string{
			"1 https://a-x.cc/", "2 https://b-x.cc/1", "2 https://b-x.cc/2", "2 https://b-x.cc/",
		}},
		{"unknown keys.json", `{"items":[{"foo":"x","bar":"see a-x.cc/1"},{"foo":"none here"}]}`, []string{"1 https://a-x.cc/1", "1 -no_address"}},
		{"deep.json", "[{\"a\":{\"url\":\"a-x.cc\"},\"n\":1}\n,{]", []string{"1 https://a-x.cc/", "2 -broken"}},
	} {
		c, _ := collect(t, test.name, test.text)
		if got := c.brief(); !slices.Equal(got, test.want) {
			t.Errorf("%s\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}
