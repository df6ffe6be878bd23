package application

import (
	"cmp"
	"fmt"
	"strings"
)

// Digest is what a judge must know of one target at a glance, each in a sentence with the exhibits that it rests on.
type Digest struct{ Shown, Loss, Holder, Effects string }

// Digest gives that of a target.
func (v *view) Digest(t Target) Digest {
	return Digest{v.showing(t), v.lost(t), v.registered(t), v.effects(t)}
}

// showing is what visitors saw under the name: the titles of its pages, or how visits ended.
func (v *view) showing(t Target) string {
	var parts []string
	for _, e := range v.Cited {
		if !e.shows(t.Name) {
			continue
		}
		what := "「" + clip(e.Title, 24) + "」"
		if e.Verdict != complete || e.Title == "" {
			what = v.Lists.word("verdict", string(e.Outcome()))
		}
		parts = append(parts, fmt.Sprintf("%s：%s（證%s）", v.Lists.word("view", e.View), what, e.ID))
	}
	return strings.Join(parts, "\n")
}

func (v *view) lost(t Target) string {
	n, amount := sumOf(v.losses(), t.ID)
	if n == 0 {
		return "—"
	}
	var ids []string
	for _, l := range v.losses() {
		if l.Target == t.ID {
			ids = append(ids, "證"+l.Exhibit)
		}
	}
	return fmt.Sprintf("%d 人，新臺幣%s（%s）", n, money(amount), strings.Join(distinct(ids), "、"))
}

func (v *view) registered(t Target) string {
	for _, e := range v.Cited {
		if f := e.Facts; f.Domain == t.Registrable && f.Source != "" {
			return fmt.Sprintf("%s註冊；註冊商%s；註冊人%s（證%s）", dateOr(f.Registered, "日期不明"), cmp.Or(f.Registrar, "未記載"), cmp.Or(f.Registrant, "未揭露"), e.ID)
		}
	}
	return "未查得"
}

// effects are the rules of the gate that a second person let pass, or that could not judge.
func (v *view) effects(t Target) string {
	g, _ := find(v.Judged, t.ID, func(g GateResult) string { return g.Target })
	var parts []string
	for _, r := range g.Results {
		switch {
		case r.Override != nil:
			parts = append(parts, v.Rule(r)+"：經"+r.Override.Person+"覆核")
		case strings.HasSuffix(r.Code, ".unknown"), strings.HasSuffix(r.Code, ".once"): // one look tells of no change
			parts = append(parts, v.Rule(r)+"：無從判斷")
		}
	}
	if len(parts) == 0 {
		return "各項規則均未見影響（附件05）"
	}
	return strings.Join(parts, "\n") + "\n其餘規則均未見影響（附件05）"
}
