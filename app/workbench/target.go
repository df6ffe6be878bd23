package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/rpz"
	"yuzheng/casefile/sign"
)

const (
	kindTarget   = "target"
	kindOverride = "override"
)

// NewTarget names a domain name to be seized. Exhibits empty means every exhibit that shows the name.
type NewTarget struct {
	Name        string
	Scope       application.Scope
	ScopeReason string
	Exhibits    []string
	SiteKind    string
	Note        string
	Victims     int
	Amount      int64
}

// AddTarget makes a target out of exhibits. A name that no exhibit shows, or that cannot be a target, is refused.
func (w *Workbench) AddTarget(ctx context.Context, c *casefile.Case, n NewTarget) (application.Target, error) {
	exhibits, err := w.evidence(ctx, c)
	if err != nil {
		return application.Target{}, err
	}
	if len(n.Exhibits) > 0 {
		exhibits = slices.DeleteFunc(exhibits, func(e application.Exhibit) bool { return !slices.Contains(n.Exhibits, e.ID) })
	}
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return application.Target{}, err
	}
	t, err := application.NewTarget("", n.Name, n.Scope, exhibits)
	if err != nil {
		return application.Target{}, refuseTarget(lists, n.Name, err)
	}
	t.ScopeReason, t.SiteKind, t.Note, t.Victims, t.Amount = n.ScopeReason, n.SiteKind, n.Note, n.Victims, n.Amount
	if err := figures(t); err != nil {
		return application.Target{}, err
	}
	existing, err := w.Targets(c)
	if err != nil {
		return application.Target{}, err
	}
	for _, other := range existing {
		if other.Name == t.Name {
			return application.Target{}, refuse(n.Name, "target.twice", other.ID, "這個網域已經是標的。", "The name is a target already.")
		}
	}
	if err := w.room(c, t); err != nil {
		return application.Target{}, err
	}
	r, err := c.Put(ctx, kindTarget, "", t, "")
	t.ID = r.ID
	return t, err
}

// TargetChange is what of a target is to be said otherwise; nil leaves it as it is.
type TargetChange struct {
	Scope                       *application.Scope
	ScopeReason, SiteKind, Note *string
	Victims                     *int
	Amount                      *int64
}

// SetTarget keeps a new version of a target; the older ones stay, and the log has the reason. How far a name reaches does not change any more once an
// application with it was approved.
func (w *Workbench) SetTarget(ctx context.Context, c *casefile.Case, id string, n TargetChange, reason string) (application.Target, error) {
	list, err := w.someTargets(c, []string{id})
	if err != nil {
		return application.Target{}, err
	}
	t := list[0]
	if n.Scope != nil && *n.Scope != t.Scope {
		if err := w.reachOpen(c, id); err != nil {
			return t, err
		}
		t.Scope = *n.Scope
		if err := w.room(c, t); err != nil {
			return t, err
		}
	}
	for into, text := range map[*string]*string{&t.ScopeReason: n.ScopeReason, &t.SiteKind: n.SiteKind, &t.Note: n.Note} {
		if text != nil {
			*into = *text
		}
	}
	if n.Victims != nil {
		t.Victims = *n.Victims
	}
	if n.Amount != nil {
		t.Amount = *n.Amount
	}
	if err := figures(t); err != nil {
		return t, err
	}
	_, err = c.Put(ctx, kindTarget, id, t, reason)
	return t, err
}

// DropTarget takes a target back: the older versions stay, and the log has the reason. What an application names
// stays.
func (w *Workbench) DropTarget(ctx context.Context, c *casefile.Case, id, reason string) error {
	list, err := w.someTargets(c, []string{id})
	if err != nil {
		return err
	}
	all, err := w.Applications(c)
	if err != nil {
		return err
	}
	for _, a := range all {
		if !slices.Contains(a.Targets, id) {
			continue
		}
		if life, err := w.Life(c, a); err != nil {
			return err
		} else if !life.Open() {
			return refuse(id, "target.stays", a.ID, "聲請 "+a.ID+" 列有此標的，其內容不再變更，標的須留存。", "Application "+a.ID+" names this target and does not change any more: the target stays.")
		}
		return refuse(id, "target.named", a.ID, "聲請 "+a.ID+" 列有此標的；請先自該聲請移除。", "Application "+a.ID+" names this target; take it out there first.")
	}
	losses, err := w.Losses(c)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(losses, func(l application.Loss) bool { return l.Target == id }); i >= 0 {
		at := losses[i].Exhibit
		return refuse(id, "target.losses", at, "證"+at+" 之損失計入此標的；請先以 loss drop 撤回該表，撤回標的後再讀入。", "Losses of "+at+" count for this target; take that table back with 'loss drop', drop the target, and import it again.")
	}
	t := list[0]
	t.Dropped = true
	_, err = c.Put(ctx, kindTarget, id, t, reason)
	return err
}

// room refuses a target that does not fit into a policy zone beside the others.
func (w *Workbench) room(c *casefile.Case, t application.Target) error {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return err
	}
	others, err := w.Targets(c)
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(o application.Target) bool { return o.ID == t.ID })
	if err := lists.Room(t, others); err != nil {
		return refuseTarget(lists, t.Name, err)
	}
	return nil
}

// figures refuses numbers of victims and of money that nobody can have.
func figures(t application.Target) error {
	if t.Victims < 0 || t.Amount < 0 {
		return refuse(t.Name, "target.figures", t.ID, "被害人數及金額不得為負數。", "Victims and amount cannot be negative.")
	}
	return nil
}

// reachOpen refuses where an application with the target was approved, and not taken back.
func (w *Workbench) reachOpen(c *casefile.Case, id string) error {
	all, err := w.Applications(c)
	if err != nil {
		return err
	}
	for _, a := range all {
		life, err := w.Life(c, a)
		if err != nil {
			return err
		}
		if slices.Contains(a.Targets, id) && !life.Open() && life.State() != application.Withdrawn {
			return refuse(id, "target.closed", a.ID, "標的已列於核准之聲請 "+a.ID+"，範圍不得變更。", "The target stands in "+a.ID+", which was approved: its scope cannot change.")
		}
	}
	return nil
}

func refuseTarget(lists *application.Lists, name string, err error) error {
	var notShown *application.NotShownError
	var badName *rpz.NameError
	switch {
	case errors.As(err, &notShown):
		return refuse(name, "target.notshown", name, "沒有任何證物顯示這個網域；標的只能由擷取到的證物產生。",
			"No exhibit shows this name; a target comes out of captured evidence only.")
	case errors.As(err, &badName):
		zh, en := lists.Refused(badName)
		return refuse(name, "target.name", name, "不是可以停止解析的網域名稱："+zh, "Not a domain name that can be stopped: "+en)
	}
	return err
}

func refuse(what, code, object, zh, en string) error {
	return &RefusedError{What: what, Reasons: []Reason{{code, object, zh, en}}}
}

// Targets lists the targets of a case by their numbers.
func (w *Workbench) Targets(c *casefile.Case) ([]application.Target, error) {
	return targetsAt(c, always)
}

func targetsAt(c *casefile.Case, entries int64) ([]application.Target, error) {
	list, err := recordsAt(c, kindTarget, entries, func(t *application.Target, id string) { t.ID = id })
	return slices.DeleteFunc(list, func(t application.Target) bool { return t.Dropped }), err
}

// always is the number of entries of a log that has all of them.
const always = math.MaxInt64

// records reads the newest version of everything of a kind.
func records[T any](c *casefile.Case, kind string, number func(*T, string)) ([]T, error) {
	return recordsAt(c, kind, always, number)
}

// recordsAt reads what was the newest version when the log had so many entries.
func recordsAt[T any](c *casefile.Case, kind string, entries int64, number func(*T, string)) ([]T, error) {
	list, err := c.ListAt(kind, entries)
	if err != nil {
		return nil, err
	}
	values := make([]T, len(list))
	for i, r := range list {
		if err := json.Unmarshal(r.Value, &values[i]); err != nil {
			return nil, fmt.Errorf("%s %s: %w", kind, r.ID, err)
		}
		number(&values[i], r.ID)
	}
	return values, nil
}

// Gate judges targets by every rule; no ids means all of them.
func (w *Workbench) Gate(ctx context.Context, c *casefile.Case, ids ...string) ([]application.GateResult, error) {
	targets, err := w.someTargets(c, ids)
	if err != nil {
		return nil, err
	}
	exhibits, err := w.evidence(ctx, c)
	if err != nil {
		return nil, err
	}
	return w.gate(c, targets, exhibits)
}

// RunGate is Gate, and an entry for each target that says how it was judged: what a person or a packet goes by.
func (w *Workbench) RunGate(ctx context.Context, c *casefile.Case, ids ...string) ([]application.GateResult, error) {
	results, err := w.Gate(ctx, c, ids...)
	if err != nil {
		return nil, err
	}
	return results, w.logGate(ctx, c, results)
}

func (w *Workbench) logGate(ctx context.Context, c *casefile.Case, results []application.GateResult) error {
	for _, g := range results {
		var codes []string
		for _, r := range g.Results {
			if r.Level != application.OK {
				codes = append(codes, r.Code)
			}
		}
		detail, err := w.byOffice(map[string]string{"name": g.Name, "result": GateState(g), "codes": strings.Join(codes, ", ")})
		if err != nil {
			return err
		}
		if _, err := c.Log(ctx, custody.Entry{Actor: custody.Tool, Action: custody.GateDecide, Object: g.Target, Detail: detail}); err != nil {
			return err
		}
	}
	return nil
}

func (w *Workbench) gate(c *casefile.Case, targets []application.Target, exhibits []application.Exhibit) ([]application.GateResult, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	let, err := overrides(c)
	if err != nil {
		return nil, err
	}
	now := w.Now()
	results := make([]application.GateResult, 0, len(targets))
	for _, t := range targets {
		results = append(results, application.Gate(application.GateInput{
			Target: t, Exhibits: exhibits, Lists: lists, Overrides: let, Now: now,
		}))
	}
	return results, nil
}

// Override lets a soft result of the gate pass, with a second person's name and a reason that is printed; under that person's key where there is one.
func (w *Workbench) Override(ctx context.Context, c *casefile.Case, o application.Override, by *sign.Signer) error {
	targets, err := w.someTargets(c, []string{o.Target})
	if err != nil {
		return err
	}
	if strings.TrimSpace(o.Reason) == "" || strings.TrimSpace(o.Person) == "" {
		return refuse(o.Target, "gate.override", o.Rule, "須有第二人姓名及理由。", "A second person's name and a reason are needed.")
	}
	o.Name, o.Time = targets[0].Name, w.Now().UTC()
	detail, err := w.byOffice(map[string]string{"rule": o.Rule, "name": o.Name, "second_person": o.Person})
	if err != nil {
		return err
	}
	if err := w.give(by, &o.Word, func() []byte { return o.Statement() }); err != nil {
		return err
	}
	if _, err := c.Put(ctx, kindOverride, o.Target+"-"+o.Rule, o, o.Reason); err != nil {
		return err
	}
	e := custody.Entry{Actor: custody.Person, Action: custody.GateDecide, Object: o.Target, Reason: o.Reason, Detail: detail}
	signedBy(&e, o.Word)
	_, err = c.Log(ctx, e)
	return err
}

func (w *Workbench) someTargets(c *casefile.Case, ids []string) ([]application.Target, error) {
	all, err := w.Targets(c)
	if err != nil || len(ids) == 0 {
		return all, err
	}
	return pick(all, ids)
}

// pick gives the targets of these numbers, in their order.
func pick(all []application.Target, ids []string) ([]application.Target, error) {
	list := make([]application.Target, 0, len(ids))
	for _, id := range ids {
		i := slices.IndexFunc(all, func(t application.Target) bool { return t.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("target %s: %w", id, casefile.ErrNotFound)
		}
		list = append(list, all[i])
	}
	return list, nil
}

// GateState is one word for a result of the gate: pass, explain (a second person can), or stop.
func GateState(g application.GateResult) string {
	state := "pass"
	for _, r := range g.Stops() {
		if r.Level == application.Hard {
			return "stop"
		}
		state = "explain"
	}
	return state
}

// GateRefusal is the error for results of which at least one stops its target, or nil.
func GateRefusal(results []application.GateResult) error {
	refused := &RefusedError{What: "gate"}
	for _, g := range results {
		for _, r := range g.Stops() {
			refused.Reasons = append(refused.Reasons, Reason{r.Code, g.Target + " " + g.Name, r.Text, r.TextEN})
		}
	}
	if len(refused.Reasons) == 0 {
		return nil
	}
	return refused
}
