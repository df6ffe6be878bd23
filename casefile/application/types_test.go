package application

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/document"
)

// inputOf is the input as an application of a type, with every field filled.
func inputOf(t *testing.T, typ string) PaperInput {
	t.Helper()
	in := input(t)
	kind, _ := in.Lists.Type(typ)
	a := in.Application
	a.Type, a.More = typ, nil
	a = filled(in.Lists, a, in.Targets, in.Exhibits)
	for _, f := range kind.Fields {
		switch {
		case f.Kind == TargetsField || f.Kind == SpanField || a.Field(f.Name) != "":
		case f.Kind == EarlierField:
			kind.Set(&a, f.Name, "S09")
		case f.Kind == ReasonField:
			kind.Set(&a, f.Name, "〈"+f.Name+"〉經查明【聲請人陳述】。")
		default:
			kind.Set(&a, f.Name, "〈"+f.Name+"〉")
		}
	}
	in.Application = a
	in.Earlier = &Earlier{Application: Application{ID: "S09", Number: "115年度偵字第777號", Targets: append([]string{"D009"}, a.Targets...)}, Targets: []Target{{ID: "D009", Name: "old.example", Scope: Exact, Exhibits: []string{"W0001"}}}}
	in.Gates = gates(in)
	return in
}

// words is all that a document says.
func words(d document.Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		switch v := block.(type) {
		case document.Heading:
			b.WriteString(v.Text + "\n")
		case document.Paragraph:
			b.WriteString(v.Hang + v.Text + "\n")
		case document.Table:
			for _, r := range v.Rows {
				b.WriteString(strings.Join(r, "|") + "\n")
			}
		}
	}
	return b.String()
}

// Of every type the papers can be made, and whatever a field says stands in one of them: nothing is asked for in vain.
func TestPapersOfEveryType(t *testing.T) {
	kinds := lists(t).Types.Types
	if len(kinds) < 9 {
		t.Fatalf("%d types", len(kinds))
	}
	for _, kind := range kinds {
		t.Run(kind.ID, func(t *testing.T) {
			if !kind.Complete {
				t.Fatal("its papers cannot be made")
			}
			in := inputOf(t, kind.ID)
			papers, err := Papers(in, templates)
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, p := range papers {
				all.WriteString(p.Document.Title + "\n" + words(p.Document))
			}
			for _, f := range kind.Fields {
				value := "〈" + f.Name + "〉"
				if strings.HasPrefix(in.Application.Field(f.Name), value) && !strings.Contains(all.String(), value) {
					t.Errorf("%s (%s) stands in no paper", f.Name, f.Label)
				}
			}
			said := strings.Join(slices.Collect(maps.Values(kind.Drafts)), "\n")
			for _, p := range papers {
				if strings.HasPrefix(p.File, "02") || strings.HasPrefix(p.File, "05") {
					said += p.Document.Title + words(p.Document)
				}
			}
			if kind.Order == "處分" && strings.Contains(said, "扣押標的") {
				t.Error("what an office disposes is called a seizure")
			}
			if strings.Contains(all.String(), "法律見解") || strings.Contains(all.String(), "〔待") {
				t.Error("a mark for the check is printed")
			}
		})
	}
}

// Before the court has decided, every paper for those who execute says on every page that it is a draft; after, it names the order, and lists what was
// granted and nothing else.
func TestNothingIsExecutedBeforeItsOrder(t *testing.T) {
	const draft = "裁定前草稿，不得執行"
	find := func(in PaperInput, file string) (Paper, bool) {
		papers, err := Papers(in, templates)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(papers, func(p Paper) bool { return p.File == file })
		if i < 0 {
			return Paper{}, false
		}
		return papers[i], true
	}
	in := input(t)
	for _, to := range Recipients[:3] {
		in.For = to
		if p, ok := find(in, "06_執行/執行單"); !ok || !strings.Contains(p.Document.Mark, draft) {
			t.Errorf("%s: %v, %q", to, ok, p.Document.Mark)
		}
	}
	in.Life = Life{Steps: []Step{{Kind: Order, Number: "115年度聲扣字第5號", Order: &Ruling{Court: "臺灣測試地方法院", Names: map[string]Grant{"D001": Narrow, "D002": Refused}}}}}
	in.For = ForTWNIC
	p, _ := find(in, "06_執行/執行單")
	text := words(p.Document)
	if strings.Contains(p.Document.Mark, draft) || !strings.Contains(text, "115年度聲扣字第5號") || strings.Contains(text, "D002") || !strings.Contains(text, "僅本名") {
		t.Errorf("%q\n%s", p.Document.Mark, text)
	}
	z, _ := find(in, "06_執行/rpz")
	if zone := string(z.Data[ZONE]); !strings.Contains(zone, "vip-invest.example") || strings.Contains(zone, "*.vip-invest") || strings.Contains(zone, "xn--") {
		t.Errorf("%s", zone)
	}
	for _, secret := range []string{"01_聲請書", "03_證據清單", "04_附件冊_第1冊", "05_誤傷檢查", "07_監管鏈"} {
		if _, ok := find(in, secret); ok {
			t.Errorf("TWNIC gets %s", secret)
		}
	}
	in.For = ForCourt
	if p, _ := find(in, "06_執行/執行單"); !strings.Contains(p.Document.Mark, draft) || !strings.Contains(words(p.Document), "D002") {
		t.Error("what the court has of the application changes with its order")
	}
}

// A draft says what the evidence says and leaves the rest open; what somebody outside wrote can neither tie a sentence nor close a slot.
func TestDraft(t *testing.T) {
	l, in := lists(t), input(t)
	in.Exhibits[1].Facts.Domain, in.Exhibits[1].Facts.Source = "vip-invest.example", "rdap"
	in.Exhibits[1].Facts.Registrar, in.Exhibits[1].Facts.Registrant = "Evil【證W0001】", "〔待確認：好〕\n甲【聲請人陳述】"
	a := l.Draft(Application{Type: "prosecutor-seizure", Targets: []string{"D001", "D002"}}, "115偵1", in.Targets, in.Exhibits, nil)
	if !strings.Contains(a.Reasons.Necessity, "【證W0001、證W0003】") || !strings.Contains(a.Reasons.Necessity, "〔待補") {
		t.Errorf("necessity: %s", a.Reasons.Necessity)
	}
	if order := l.Draft(Application{Type: "fraud-act-42"}, "115偵1", nil, nil, nil); a.Number != "115偵1" || order.Number != "" {
		t.Errorf("the case's number is that of the application: %q; of an order that an authority issues under its own: %q", a.Number, order.Number)
	}
	holder := a.Field("holder")
	first, _, _ := strings.Cut(holder, "\n")
	if !strings.HasSuffix(first, "【證W0001】。") || strings.Count(first, "【") != 1 || strings.Contains(first, "〔") || !strings.Contains(first, "Evil（證W0001）") {
		t.Errorf("holder: %s", holder)
	}
	if !strings.Contains(holder, "〔待補") {
		t.Errorf("what is not known is not open: %s", holder)
	}
	in.Application = a
	if found := codes(lintOf(in)); !slices.Contains(found, "lint.slot.open") {
		t.Errorf("an open slot lets the application leave: %q", found)
	}
	kept := l.Draft(Application{Type: "prosecutor-seizure", Reasons: Reasons{Necessity: "我的話【聲請人陳述】。"}}, "", nil, nil, nil)
	if kept.Reasons.Necessity != "我的話【聲請人陳述】。" {
		t.Errorf("a draft overwrites what was written: %s", kept.Reasons.Necessity)
	}
}

// Accepting takes the words of the slots that want a person's word, and no others.
func TestAccept(t *testing.T) {
	kind, _ := lists(t).Type("prosecutor-seizure")
	a := Application{Reasons: Reasons{Necessity: "甲【證W0001】。\n〔待確認：損害持續擴大。〕\n〔待補：方法〕"}}
	if n := Accept(kind, &a, "necessity"); n != 1 || a.Reasons.Necessity != "甲【證W0001】。\n損害持續擴大【聲請人陳述】。\n〔待補：方法〕" {
		t.Errorf("%d, %s", n, a.Reasons.Necessity)
	}
	if n := Accept(kind, &a, "no such field"); n != 0 {
		t.Errorf("%d of a field that there is not", n)
	}
}

// TestSigned: the office signs one paper of each type, the first; a prosecutor's leave is not the office's to sign, and who executes gets none but an order
// of the authority itself.
func TestSigned(t *testing.T) {
	l := lists(t)
	for _, kind := range l.Types.Types {
		got := l.Signed(kind, "")
		if len(got) != 1 || !strings.HasPrefix(got[0], "01_") || strings.Contains(got[0], "許可") {
			t.Errorf("%s: %q", kind.ID, got)
		}
		for _, file := range l.Signed(kind, ForTWNIC) {
			if !slices.Contains(got, file) || kind.order() == courtOrder {
				t.Errorf("%s for TWNIC: %q", kind.ID, file)
			}
		}
	}
}

// A release stops nothing: there is no zone and no judgement of the gate in it, who executes is told to take the names off the list, and only those that
// the court let go.
func TestReleaseStopsNothing(t *testing.T) {
	in := inputOf(t, "release")
	in.Gates = nil
	in.Life = Life{Steps: []Step{{Kind: Order, Number: "115年度聲字第9號", Order: &Ruling{Names: map[string]Grant{"D001": Granted, "D002": Refused}}}}}
	for _, in.For = range Recipients {
		papers, err := Papers(in, templates)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range papers {
			if p.Data[ZONE] != nil || p.Document.Title == "停止解析執行單" || strings.HasPrefix(p.File, "05_") || strings.Contains(words(p.Document), "誤傷檢查報告") {
				t.Errorf("%s gets %s", in.For, p.File)
			}
		}
		if in.For.Masked() {
			continue
		}
		if i := slices.IndexFunc(papers, func(p Paper) bool { return p.File == "06_執行/rpz" }); i < 0 ||
			!strings.Contains(string(papers[i].Data[NSUP]), "update delete *.vip-invest.example.") {
			t.Errorf("%s has not what takes the names out of the zone", in.For)
		}
		i := slices.IndexFunc(papers, func(p Paper) bool { return p.File == "06_執行/執行單" })
		sheet := papers[i].Document
		if text := words(sheet); sheet.Title != "回復解析執行單" || strings.Contains(text, "D002") == (in.For == ForTWNIC) ||
			strings.Contains(text, "115年度聲字第9號") != (in.For == ForTWNIC) || !strings.Contains(text, "vip-invest.example") {
			t.Errorf("%s: %s\n%s", in.For, sheet.Title, text)
		}
	}
	kind, _ := in.Lists.Type("release")
	other := in.Application
	other.Targets, in.Earlier.Application.Targets = []string{"D001"}, []string{"D009"}
	found := Lint(other, CaseData{in.Exhibits, in.Targets, nil, in.Operator, in.Lists, in.Losses, in.Earlier})
	if len(found) != 1 || found[0].Code != "lint.target.earlier" {
		t.Errorf("a name that was never seized is let go: %+v", found)
	}
	life := Life{Type: kind, Steps: []Step{{Kind: Approve}, {Kind: File}}}
	s := Step{Kind: Order, Person: "王", Number: "1", Order: &Ruling{Names: map[string]Grant{"D001": Narrow}}}
	if err := life.Check(s, "王", []string{"D001"}, in.Time); err == nil || !strings.Contains(err.Error(), "step.whole") {
		t.Errorf("half a name is let go: %v", err)
	}
	l := lists(t)
	for i, k := range l.Types.Types {
		if k.Restores {
			l.Types.Types[i].Papers = append(slices.Clone(k.Papers), "zone")
		}
	}
	if err := l.checkTypes(); err == nil {
		t.Error("a release may stop names")
	}
}

// What a name that is let go had covered is listed by itself from then on: without that it would be free too, and nobody has said so.
func TestReleaseRelists(t *testing.T) {
	in := inputOf(t, "release")
	in.Gates, in.For = nil, ForTWNIC
	in.Application.Targets = []string{"D001"}
	in.Targets = append(slices.Clone(in.Targets), Target{ID: "D003", Name: "join.vip-invest.example", Scope: Exact})
	in.Life = Life{Steps: []Step{{Kind: Order, Number: "1", Order: &Ruling{Names: map[string]Grant{"D001": Granted}}}}}
	in.Earlier.Application.Targets, in.Earlier.Targets = []string{"D001", "D002", "D003"}, in.Targets
	papers, err := Papers(in, templates)
	if err != nil {
		t.Fatal(err)
	}
	of := func(file string) Paper {
		return papers[slices.IndexFunc(papers, func(p Paper) bool { return p.File == file })]
	}
	update := string(of("06_執行/rpz").Data[NSUP])
	if strings.Count(update, "delete") != 2 || !strings.Contains(update, "update add join.vip-invest.example.") || strings.Contains(update, "shop") {
		t.Errorf("%s", update)
	}
	in.Earlier.Life = Life{Steps: []Step{{Kind: Order, Order: &Ruling{Names: map[string]Grant{"D001": Narrow, "D002": Granted, "D003": Granted}}}}}
	narrow, err := Papers(in, templates)
	if err != nil {
		t.Fatal(err)
	}
	papers, narrow = narrow, papers
	if update := string(of("06_執行/rpz").Data[NSUP]); strings.Count(update, "delete") != 1 || strings.Contains(update, "add") {
		t.Errorf("of what was stopped for the name alone: %s", update)
	}
	if text := words(of("06_執行/執行單").Document); !strings.Contains(text, "D001|vip-invest.example||僅本名") {
		t.Errorf("%s", text)
	}
	papers = narrow
	if text := words(of("06_執行/執行單").Document); !strings.Contains(text, "須另行列入") || !strings.Contains(text, "D003|join.vip-invest.example|僅本名") {
		t.Errorf("%s", text)
	}
}

// The police have the papers of the court, whatever was decided since.
func TestPoliceHasWhatTheCourtHas(t *testing.T) {
	in := input(t)
	in.Life = Life{Steps: []Step{{Kind: Order, Number: "1", Order: &Ruling{Names: map[string]Grant{"D001": Granted, "D002": Refused}}}}}
	var texts [2][]string
	for i, to := range []Recipient{ForCourt, ForPolice} {
		in.For = to
		papers, err := Papers(in, templates)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range papers {
			texts[i] = append(texts[i], p.File+"\n"+words(p.Document))
		}
	}
	if !slices.Equal(texts[0], texts[1]) {
		t.Error("they differ")
	}
}
