package application

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func codes(findings []Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Code)
	}
	return list
}

func lintOf(in PaperInput) []Finding {
	return Lint(in.Application, CaseData{in.Exhibits, in.Targets, in.Gates, in.Operator, in.Lists, in.Losses, in.Earlier})
}

func TestLintPasses(t *testing.T) {
	if found := lintOf(input(t)); len(found) > 0 {
		t.Errorf("refused: %+v", found)
	}
}

func TestLint(t *testing.T) {
	for _, c := range []struct {
		code, object string
		change       func(*PaperInput)
	}{
		{"lint.type.unknown", "x", func(in *PaperInput) { in.Application.Type = "x" }},
		{"lint.type.incomplete", "prosecutor-seizure", func(in *PaperInput) { in.Lists.Types.Types[0].Complete = false }},
		{"lint.application.unknown", "of", func(in *PaperInput) {
			in.Application.Type, in.Application.More = "supplementary", map[string]string{"of": "S09"}
		}},
		{"lint.slot.open", "necessity", func(in *PaperInput) { in.Application.Reasons.Necessity += "〔待補：日期〕" }},
		{"lint.slot.open", "remarks", func(in *PaperInput) { in.Application.Remarks = "〔待確認：無〕" }},
		{"lint.reason.untied", "relation", func(in *PaperInput) { in.Application.Reasons.Relation += "損害持續擴大。" }},
		{"lint.reason.unknown_exhibit", "relation", func(in *PaperInput) { in.Application.Reasons.Relation += "如報告【附件11】。" }},
		{"lint.fact.untied", "4", func(in *PaperInput) { in.Application.Facts += "\n被害人已逾百人。" }},
		{"lint.fact.untied", "4", func(in *PaperInput) { in.Application.Facts += "（未閉之括號。被害人已逾百人。" }},
		{"lint.fact.unknown_exhibit", "1", func(in *PaperInput) { in.Application.Facts = "甲【證W0044】。乙【證W0001】。" }},
		{"lint.fact.unknown_artifact", "1", func(in *PaperInput) { in.Application.Facts = "甲【證W0001-03】。" }},
		{"lint.fact.bad_reference", "1", func(in *PaperInput) { in.Application.Facts = "甲【證物一】。乙【證W0001】。" }},
		{"lint.fact.none", "facts", func(in *PaperInput) { in.Application.Facts = "甲【聲請人陳述】。" }},
		{"lint.reason.unknown_exhibit", "relation", func(in *PaperInput) { in.Application.Reasons.Relation += "【證W0777】" }},
		{"lint.target.none", "targets", func(in *PaperInput) { in.Application.Targets = nil }},
		{"lint.target.unknown", "D007", func(in *PaperInput) { in.Application.Targets = []string{"D007"} }},
		{"lint.target.duplicate", "D002", func(in *PaperInput) { in.Targets[1].Name = in.Targets[0].Name }},
		{"lint.target.exhibit", "D001", func(in *PaperInput) { in.Targets[0].Exhibits = []string{"W0500"} }},
		{"lint.gate.missing", "D002", func(in *PaperInput) { in.Gates = in.Gates[:1] }},
		{"lint.gate.missing", "D001", func(in *PaperInput) { in.Targets[0].Scope = Exact }},
		{"lint.gate.hard", "D001", func(in *PaperInput) {
			in.Exhibits[1].Verdict = "partial"
			in.Gates = gates(*in)
		}},
		{"lint.gate.soft", "D001", func(in *PaperInput) {
			in.Exhibits[1].Facts.MX = map[string][]string{"vip-invest.example": {"10 mx.vip-invest.example."}}
			in.Gates = gates(*in)
		}},
		{"lint.gate.self", "D001", func(in *PaperInput) {
			in.Gates[0].Results[0].Override = &Override{Person: " 王小明 "}
		}},
		{"lint.number.differs", "facts", func(in *PaperInput) {
			in.Application.Facts = "附表一所示12個網域名稱均係詐欺網站【證W0001】。"
		}},
		{"lint.number.differs", "relation", func(in *PaperInput) { in.Application.Reasons.Relation = "本件共十二個網域名稱。" }},
		{"lint.period.order", "period", func(in *PaperInput) { in.Application.Period = Span{From: now, To: now.Add(-time.Hour)} }},
		{"lint.period.validity", "validity", func(in *PaperInput) {
			in.Application.Period, in.Application.Validity = Span{From: now, To: now.AddDate(0, 1, 0)}, Span{To: now.Add(-time.Hour)}
		}},
		{"lint.control", "court", func(in *PaperInput) { in.Application.Court += "\x07" }},
	} {
		in := input(t)
		c.change(&in)
		found := lintOf(in)
		i := slices.IndexFunc(found, func(f Finding) bool { return f.Code == c.code && f.Object == c.object })
		if i < 0 {
			t.Errorf("%s of %s not found in %q", c.code, c.object, codes(found))
			continue
		}
		for _, text := range []string{found[i].Text, found[i].TextEN} {
			if text == "" || text == c.code || strings.ContainsAny(text, "{}") {
				t.Errorf("%s says %q", c.code, text)
			}
		}
	}
}

func TestRequiredFields(t *testing.T) {
	l := lists(t)
	kind, _ := l.Type("prosecutor-seizure")
	required := 0
	for _, f := range kind.Fields {
		if !f.Required || f.Name == "targets" {
			continue
		}
		required++
		in := input(t)
		switch f.Name {
		case "period":
			in.Application.Period = Span{}
		case "validity":
			in.Application.Validity = Span{}
		default:
			if !kind.Set(&in.Application, f.Name, " ") {
				t.Errorf("there is no field %s", f.Name)
			}
		}
		found := lintOf(in)
		if !slices.ContainsFunc(found, func(x Finding) bool { return x.Code == "lint.field.missing" && x.Object == f.Name }) {
			t.Errorf("an empty %s was not found in %q", f.Name, codes(found))
		}
	}
	if required < 15 {
		t.Errorf("only %d fields are required", required)
	}
}

func TestNumberOfAPartIsNotTheTotal(t *testing.T) {
	in := input(t)
	in.Application.Facts = "其中1個網域名稱對手機訪客顯示不同內容【證W0001】。附表一所示二個網域名稱均係詐欺網站【證W0002】。"
	if found := lintOf(in); len(found) > 0 {
		t.Errorf("refused: %q", codes(found))
	}
}

func TestNumerals(t *testing.T) {
	for s, want := range map[string]int{"0": 0, "12": 12, "十": 10, "十二": 12, "二十": 20, "二十三": 23, "一百": 100, "一百零三": 103, "兩": 2, "三百四十五": 345} {
		if got, ok := numeral(s); !ok || got != want {
			t.Errorf("numeral(%q) = %d, %v", s, got, ok)
		}
	}
	if _, ok := numeral(""); ok {
		t.Error("nothing is a number")
	}
}

func TestSpans(t *testing.T) {
	day := time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC) // 1 December in Taiwan
	for want, s := range map[string]Span{
		"":            {},
		"自裁定之日起30日":   {Days: 30},
		"至115年12月1日止": {To: day},
		"自115年12月1日起至115年12月31日止": {From: day, To: day.AddDate(0, 0, 30)},
	} {
		if got := spanText(s, courtOrder); got != want {
			t.Errorf("span %+v is %q, want %q", s, got, want)
		}
	}
}

func TestParseFacts(t *testing.T) {
	for text, want := range map[string][]string{
		"甲【證W0001】。乙【證W0002-14】。":     {"W0001", "W0002-14"},
		"甲。【證W0001】乙！【證W0002】":        {"W0001", "W0002"},
		"甲【證W0001、W0002-03】【證W0003】。": {"W0001 W0002-03 W0003"},
		"稱「保證獲利。穩賺不賠！」等語【證W0001】。":    {"W0001"},
		"〔待確認：甲。乙。〕":                  {""},
		"甲\n\n乙【證W0001】":              {"", "W0001"},
		"甲【附表一】。":                     {""},
		"甲【聲請人陳述】。":                   {"*"},
		"「未閉。乙【證W0001】。":              {"", "W0001"},
		"甲【證W0001】？！乙。":               {"W0001", ""},
		"":                            nil,
		"甲【證W12345】。":                 {"W12345"},
	} {
		var got []string
		for _, p := range ParseFacts(text) {
			for _, s := range p.Sentences {
				var refs []string
				for _, r := range s.Refs {
					refs = append(refs, r.String())
				}
				if s.Statement {
					refs = append(refs, "*")
				}
				got = append(got, strings.Join(refs, " "))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q rests on %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"【證】", "【證W1】", "【證W0001-0】", "【證W0001-00】", "【W0001x】", "【證W0001，甲】"} {
		if s := ParseFacts("甲" + text + "。")[0].Sentences[0]; len(s.Bad) != 1 || s.Tied() {
			t.Errorf("%s was read as %+v", text, s)
		}
	}
}

func FuzzFacts(f *testing.F) {
	for _, s := range []string{"甲【證W0001】。", "「。」。【證W0001-03、W0002】", "【【證W0001】】", "。。！", "\xff「\n」。", "甲\r\n乙【聲請人陳述】？【證"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, joined := 0, ""
		for _, p := range ParseFacts(text) {
			for _, s := range p.Sentences {
				if number++; s.Number != number || s.Text == "" {
					t.Fatalf("sentence %+v is the %dth", s, number)
				}
				joined += s.Text
				for _, r := range s.Refs {
					if !strings.Contains(s.Text, r.Exhibit) {
						t.Fatalf("%v is not in %q", r, s.Text)
					}
				}
			}
		}
		// Nothing that a person wrote is lost on the way: the sentences are the text without blanks between them.
		blank := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if blank(joined) != blank(text) && utf8.ValidString(text) {
			t.Fatalf("%q became %q", text, joined)
		}
	})
}
