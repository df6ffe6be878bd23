package application

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/document"
	"yuzheng/casefile/evidence"
)

// ofKind is an exhibit of a kind with all that is known of such.
func ofKind(id string, k evidence.Kind) Exhibit {
	e := Exhibit{
		ID: id, Kind: k, Title: string(k) + ".bin", Started: now, Ended: now, Operator: "王小明",
		Artifacts: []evidence.Artifact{{Name: string(k) + ".bin", MediaType: "application/octet-stream", Size: 4321, SHA256: strings.Repeat("d4", 32)}},
	}
	switch k {
	case evidence.File, evidence.Reply, evidence.Copy, evidence.Execution:
		e.Making = Making{File: string(k) + ".bin", From: "被害人林○○", Received: "115年11月20日", Reference: "警詢筆錄附件"}
	case evidence.List:
		e.Making = Making{File: "list.csv", Addresses: "12", Skipped: "3"}
	case evidence.Crawl:
		e.Making = Making{Start: "https://vip-invest.example/", Pages: "7"}
	case evidence.Comparison:
		e.Making = Making{Sides: []string{"W0001", "W0002"}, Conclusion: "same"}
	case evidence.Session:
		e.Making = Making{Session: "I001", Actions: "17"}
	}
	return e
}

// checked is a check of execution that the program made.
func checked(id string) Exhibit {
	e := ofKind(id, evidence.Execution)
	e.Making = Making{Names: "12", Resolvers: "udp://192.0.2.1:53、udp://192.0.2.2:53", Stopped: "11/12"}
	return e
}

// redactedCopy is a copy that the program made.
func redactedCopy(id string) Exhibit {
	e := ofKind(id, evidence.Copy)
	e.Making = Making{Original: "W0001", Rules: "17"}
	return e
}

// visit is a capture that ended so.
func visit(id string, o evidence.Outcome, session string) Exhibit {
	e := exhibit(id, "https://vip-invest.example/"+string(o))
	e.Picture, e.PictureName, e.Making.Session = open(picture(64, 64)), "viewport.png", session
	e.Artifacts[0].Name = "viewport.png"
	verdict, cause, _ := strings.Cut(string(o), ".")
	e.Verdict, e.Status = verdict, map[string]int{"": 200, "notfound": 404, "server": 403, "error": 502, "guard": 0}[cause]
	if o == "unreachable" {
		e.Status = 0
	}
	return e
}

// saysOf are the words that the papers print of each, by what it is; and the words that only some may carry.
type saysOf struct {
	exhibit Exhibit
	must    []string // in its row in the list of evidence
}

const (
	opened = "開啟網頁並封存" // a page came and is kept
	person = "操作可見之瀏覽器"
)

func everything() []saysOf {
	list := []saysOf{
		{ofKind("W0101", evidence.File), []string{"匯入之檔案", "被害人林○○", "115年11月20日", "file.bin", "4321", "d4d4d4d4", "非本工具所擷取", "入案"}},
		{ofKind("W0102", evidence.Reply), []string{"調取之回復", "被害人林○○", "非本工具所擷取"}},
		{ofKind("W0103", evidence.Copy), []string{"複本", "非本工具所擷取"}},
		{ofKind("W0104", evidence.Execution), []string{"執行情形", "非本工具所擷取"}},
		{checked("W0110"), []string{"查詢 IPv4、IPv6 位址", "12個標的", "udp://192.0.2.1:53、udp://192.0.2.2:53", "11/12", "作成"}},
		{ofKind("W0105", evidence.List), []string{"自檔案讀入之網址清單", "list.csv", "12 筆", "3 筆", "非網頁擷取"}},
		{ofKind("W0106", evidence.Crawl), []string{"全站擷取", "自https://vip-invest.example/起", "7 頁", "作成"}},
		{ofKind("W0107", evidence.Comparison), []string{"證W0001、證W0002", "比對作成", "非網頁擷取"}},
		{ofKind("W0108", evidence.Session), []string{"I001", "由王小明操作瀏覽器", "17 筆"}},
		{redactedCopy("W0111"), []string{"證W0001之去識別化複本", "監管紀錄第 17 筆", "非原件", "作成"}},
		{ofKind("W0109", evidence.Unknown), []string{"取得方法未記錄"}},
	}
	for i, o := range evidence.Outcomes {
		answered := "以程式開啟網址"
		switch {
		case !strings.Contains(string(o), ".") && o != "unreachable":
			answered = opened
		case !o.Answered():
			answered = "以程式嘗試開啟網址"
		}
		list = append(list, saysOf{visit(fmt.Sprintf("W02%02d", i), o, ""), []string{answered, "以程式模擬之訪客：桌上型電腦"}})
		list = append(list, saysOf{visit(fmt.Sprintf("W03%02d", i), o, "I002"), []string{"由王小明" + person, "I002"}})
	}
	return list
}

// TestPapersOfEveryKind prints exhibits of every kind and every outcome, and looks that no paper says of one what is not so.
func TestPapersOfEveryKind(t *testing.T) {
	in, all := input(t), everything()
	for _, s := range all {
		in.Exhibits = append(in.Exhibits, s.exhibit)
		in.Application.Facts += fmt.Sprintf("\n該證物存在【證%s】。", s.exhibit.ID)
	}
	made := papers(t, in)
	rows := tableOf(t, made, "03_證據清單", 0)
	files := written(t, made)
	sheet, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(files["03_證據清單.csv"], []byte(bom)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		row := strings.Join(rows["證"+s.exhibit.ID], "｜")
		for _, want := range s.must {
			if !strings.Contains(row, want) {
				t.Errorf("%s %s %s: %q lacks %q", s.exhibit.ID, s.exhibit.Kind, s.exhibit.Outcome(), row, want)
			}
		}
		s.check(t, row)
		i := slices.IndexFunc(sheet, func(r []string) bool { return r[0] == s.exhibit.ID })
		if i < 0 {
			t.Fatalf("%s is not in the sheet", s.exhibit.ID)
		}
		s.check(t, strings.Join(sheet[i], "｜"))
		s.check(t, leafText(t, in, s.exhibit))
	}
	for name, text := range files {
		if m := regexp.MustCompile(`\{[a-z]+\}`).Find(text); m != nil && !strings.HasSuffix(name, "dt") && !strings.HasSuffix(name, "docx") {
			t.Errorf("%s: an open place %s", name, m)
		}
	}
}

// check looks for what would not be so of the exhibit.
func (s saysOf) check(t *testing.T, text string) {
	t.Helper()
	e := s.exhibit
	never := []string{"{"}
	page := e.Captured() && e.arrived() && !strings.Contains(string(e.Outcome()), ".")
	if !page {
		never = append(never, opened)
	}
	if !e.Captured() {
		never = append(never, "完整（", "，完整", "以程式模擬", "User-Agent", "｜完整｜", "到達網址", "HTTP")
	}
	if e.Making.Session == "" {
		never = append(never, person)
	} else if e.Captured() {
		never = append(never, "以程式模擬之訪客")
	}
	if e.Captured() && !e.arrived() {
		never = append(never, "伺服器答以", "全頁截圖")
		if !strings.Contains(text, "未到達") && strings.Contains(text, "到達網址") {
			t.Errorf("%s %s arrived nowhere: %q", e.ID, e.Outcome(), text)
		}
	}
	if e.Outcome() == evidence.Guarded {
		never = append(never, "遭伺服器", "伺服器拒絕", "沒有伺服器回應", "未取得回應")
	}
	if e.Outcome() == evidence.NotFound || e.Outcome() == evidence.Forbidden {
		never = append(never, "防護不予連線", "未予連線")
	}
	for _, w := range never {
		if strings.Contains(text, w) {
			t.Errorf("%s %s %s: says %q in %q", e.ID, e.Kind, e.Outcome(), w, text)
		}
	}
}

// tableOf is a table of a paper by the first cell of its rows.
func tableOf(t *testing.T, list []Paper, file string, n int) map[string][]string {
	t.Helper()
	rows := map[string][]string{}
	for _, b := range paper(t, list, file).Document.Blocks {
		table, ok := b.(document.Table)
		if !ok {
			continue
		}
		if n--; n >= 0 {
			continue
		}
		for _, r := range table.Rows {
			rows[r[0]] = r
		}
		return rows
	}
	t.Fatalf("no such table in %s", file)
	return nil
}

// leafText is all that the page of facts and the captions of an exhibit say.
func leafText(t *testing.T, in PaperInput, e Exhibit) string {
	t.Helper()
	v, err := newView(in)
	if err != nil {
		t.Fatal(err)
	}
	p := &press{view: v, templates: templates}
	leaves, err := cutExhibit(e)
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, l := range leaves {
		blocks, err := p.leaf(l, &film{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			switch b := b.(type) {
			case document.Table:
				for _, r := range b.Rows {
					text = append(text, strings.Join(r, "｜"))
				}
			case document.Figure:
				text = append(text, b.Caption, b.Alt)
			}
		}
	}
	return strings.Join(append(text, p.footer(e)), "\n")
}

// TestErrorPageIsCalledThat: what the browser drew where no server answered is not the site, and the footer names the file that its hash is of.
func TestErrorPageIsCalledThat(t *testing.T) {
	in := input(t)
	for o, want := range map[evidence.Outcome]string{"unreachable": "瀏覽器之錯誤頁（並非網站內容）", evidence.Guarded: "瀏覽器之錯誤頁（並非網站內容）", "viewport": "可視區截圖（並非全頁）"} {
		if text := leafText(t, in, visit("W0400", o, "")); !strings.Contains(text, want) || !strings.Contains(text, "viewport.png a1a1") {
			t.Errorf("%s: %q lacks %q or the hashed file", o, text, want)
		}
	}
}

// TestVisitIsTold prints how the program asked, and says of what is not there that it is not recorded.
func TestVisitIsTold(t *testing.T) {
	yes, no, referrer, none, offset := true, false, "https://l.facebook.com/", "", 12.25
	e := visit("W0500", "complete", "")
	e.View = "ad"
	e.Visit = Visit{
		Browser: "Chrome/156", UserAgent: "Mozilla/5.0 (Linux; Android 10; K)", Languages: "zh-TW", TimeZone: "Asia/Taipei", Width: 412, Height: 785, Scale: 2.625,
		Referrer: &referrer, Headless: &yes, Sandbox: &no, Unverified: &yes, Resolver: "192.0.2.53:53", Proxy: &none, ClockServer: "192.0.2.1:123", ClockOffset: &offset,
	}
	text := leafText(t, input(t), e)
	for _, want := range []string{
		"以程式模擬之訪客：手機（模擬自廣告點入）", "Mozilla/5.0 (Linux; Android 10; K)", "412×785", "https://l.facebook.com/（程式送出，並非實際自該處點入）", "headless", "沙箱關閉",
		"憑證錯誤予以記錄而不中止", "192.0.2.53:53", "本機直接連線", "對外（公網）位址未記錄", "慢 12.2 毫秒",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	bare := leafText(t, input(t), visit("W0501", "complete", ""))
	if n := strings.Count(bare, "未記錄"); n < 8 {
		t.Errorf("only %d facts are said not to be recorded: %q", n, bare)
	}
}
