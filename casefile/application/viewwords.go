package application

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"yuzheng/casefile/document"
)

// Verdict is the word for how far a capture is what it promises, or who refused it; a dash for what is no capture.
func (v *view) Verdict(e Exhibit) string {
	if !e.Captured() {
		return "—"
	}
	return v.Lists.word("verdict", string(e.Outcome()))
}

// View is the word for the visitor as whom a page was asked.
func (v *view) View(e Exhibit) string { return v.Lists.word("view", e.View) }

// Actor and Action are the words of the custody log.
func (v *view) Actor(l CustodyLine) string { return v.Lists.word("actor", l.Actor) }

// CustodyLeftTotal is how many entries of the log do not travel.
func (v *view) CustodyLeftTotal() (n int) {
	for _, c := range v.CustodyLeft {
		n += c.Count
	}
	return n
}

// CustodyCounted is how many entries the log had when the papers were made: those that are printed and those that do not travel.
func (v *view) CustodyCounted() int { return len(v.Custody) + v.CustodyLeftTotal() }

// CustodyLeftWords counts the entries that do not travel by what they say.
func (v *view) CustodyLeftWords() string {
	var parts []string
	for _, c := range v.CustodyLeft {
		parts = append(parts, fmt.Sprintf("%s%d筆", v.Lists.word("action", c.Action), c.Count))
	}
	return strings.Join(parts, "、")
}

// Action is the word for what an entry says was done.
func (v *view) Action(l CustodyLine) string { return v.Lists.word("action", l.Action) }

// Keyed says how a second person gave the word.
func (v *view) Keyed(w Word) string {
	if w.Signed() {
		return "以憑證簽署：" + w.Signer
	}
	return "僅具姓名，未以本人之金鑰簽署"
}

// Result is the word for a result of the gate.
func (v *view) Result(r RuleResult) string {
	if r.Override != nil {
		return v.Lists.word("level", "overridden")
	}
	return v.Lists.word("level", string(r.Level))
}

// Rule is the word for a rule of the gate.
func (v *view) Rule(r RuleResult) string { return v.Lists.word("rule", r.Rule) }

// Shows says what an exhibit is to prove: as its operator wrote it, or where it is cited.
func (v *view) Shows(e Exhibit) string {
	var parts []string
	if e.Shows != "" {
		parts = append(parts, e.Shows)
	}
	var sentences, targets []string
	for i, p := range ParseFacts(v.App.Facts) {
		for j, s := range p.Sentences {
			if slices.ContainsFunc(s.Refs, func(r Ref) bool { return r.Exhibit == e.ID }) {
				sentences = append(sentences, fmt.Sprintf("%s（犯罪事實第%d段第%d句）", s.plain(), i+1, j+1))
			}
		}
	}
	for _, t := range v.Rows {
		if slices.Contains(t.Exhibits, e.ID) {
			targets = append(targets, "標的"+t.ID)
		}
	}
	what := "之網站內容及存續"
	if !e.arrived() || strings.HasPrefix(string(e.Outcome()), "refused.") {
		what = "之連線情形"
	}
	parts = append(parts, sentences...)
	if len(targets) > 0 {
		parts = append(parts, strings.Join(targets, "、")+what)
	}
	var harmed []string
	for _, l := range v.losses() {
		if l.Exhibit == e.ID {
			harmed = append(harmed, "標的"+l.Target)
		}
	}
	if len(harmed) > 0 {
		parts = append(parts, strings.Join(distinct(harmed), "、")+"之被害及損失")
	}
	return strings.Join(parts, "；")
}

// Place says where in the exhibit books an exhibit is to be read.
func (v *view) Place(e Exhibit) string {
	for _, b := range v.Books {
		for _, i := range b.Index {
			if i.Exhibit.ID == e.ID {
				return fmt.Sprintf("第%d冊第%d頁", b.Number, i.Page)
			}
		}
	}
	return "—"
}

var evidenceHeader = []string{
	"證物編號", "種類", "組件編號", "組件名稱", "媒體類型", "大小（位元組）", "SHA-256 雜湊值", "網址", "到達網址", "名稱", "擷取身分", "完整度", "HTTP 狀態",
	"取得方法", "擷取或入案", "擷取結束", "操作者", "待證事實", "附件冊位置",
}

func (v *view) evidenceRows() [][]string {
	rows := [][]string{evidenceHeader}
	for _, e := range v.Cited {
		ended := ""
		if e.Captured() {
			ended = stamp(e.Ended)
		}
		for i, a := range e.Artifacts {
			rows = append(rows, []string{
				e.ID, v.Kind(e), Ref{e.ID, i + 1}.String(), a.Name, a.MediaType, strconv.FormatInt(a.Size, 10), a.SHA256, e.URL, v.Final(e), v.Name(e),
				v.View(e), v.Verdict(e), countOr(int64(e.Status)), v.Method(e), v.When(e), ended, e.Operator, v.Shows(e), v.Place(e),
			})
		}
	}
	return rows
}

// Part is the number of an artifact of an exhibit, counted from 0.
func (v *view) Part(e Exhibit, i int) string { return Ref{e.ID, i + 1}.String() }

// Short is the beginning and the end of a hash.
func (v *view) Short(hash string) string { return shortHash(hash) }

func shortHash(hash string) string {
	if len(hash) < 20 {
		return hash
	}
	return hash[:8] + "…" + hash[len(hash)-8:]
}

// Sum is the SHA-256 of one of the files that list the targets.
func (v *view) Sum(file string) string {
	return sum(map[string][]byte{"zone": v.zone, "removal": v.update, "domains": v.domainsCSV, "annex": v.annexCSV, "annex.json": v.annexJSON}[file])
}

// Flawed are the cited exhibits that lack something, were captured with a warning, or are captures that are not complete.
func (v *view) Flawed() []Exhibit {
	return slices.DeleteFunc(slices.Clone(v.Cited), func(e Exhibit) bool {
		return (e.Verdict == complete || !e.Captured()) && len(e.Missing) == 0 && len(e.Warnings) == 0
	})
}

// Technical lists the raw texts of an exhibit, each once.
func (v *view) Technical(e Exhibit) []string { return distinct(e.Raw) }

// Overridden are the results of the gate that passed by a second person's decision.
func (v *view) Overridden() []RuleResult {
	var list []RuleResult
	for _, g := range v.Judged {
		for _, r := range g.Results {
			if r.Override != nil {
				list = append(list, r)
			}
		}
	}
	return list
}

// Clip is the beginning of a text that is at most so many half-width characters wide, in one line.
func (v *view) Clip(text string, units int) string {
	return clipUnits(strings.ReplaceAll(document.Clean(text), "\n", " "), units)
}

// Addresses lists the addresses of the hosts of an exhibit, and of which nobody was asked for them.
func (v *view) Addresses(e Exhibit) []string {
	var list []string
	for _, host := range slices.Sorted(maps.Keys(e.Facts.Addresses)) {
		said := ""
		if slices.Contains(e.Facts.Prescribed, host) {
			said = "（操作者指定，未查詢）"
		}
		list = append(list, host+" → "+strings.Join(e.Facts.Addresses[host], " ")+said)
	}
	return list
}

// Located lists the addresses of a target, and which of them the operator alone gave it.
func (v *view) Located(t Target) []string {
	asked, set := t.origins(v.Exhibits)
	for _, a := range set {
		asked = append(asked, a+"（操作者指定）")
	}
	return asked
}

// Holder is who holds the domain of an exhibit, as the registration data say.
func (v *view) Holder(e Exhibit) string {
	f := e.Facts
	return f.Domain + "：註冊商 " + v.Or(f.Registrar, "—") + "，註冊人 " + v.Or(f.Registrant, "未揭露") + "，註冊日 " + v.Day(f.Registered)
}

// ROC is a day of a list (2026-11-23) in the calendar of the Republic; other text stays as it is.
func (v *view) ROC(day string) string { return roc(day) }

func roc(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return document.Date(t)
}
