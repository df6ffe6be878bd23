package application

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/document"
)

// lived is a life of a type with steps taken one after the other, each an hour after the one before.
func lived(t *testing.T, typ string, kinds ...StepKind) Life {
	t.Helper()
	kind, ok := lists(t).Type(typ)
	if !ok {
		t.Fatalf("no type %s", typ)
	}
	l := Life{Type: kind}
	for _, k := range kinds {
		s := step(k, now.Add(time.Duration(len(l.Steps))*time.Hour))
		if err := l.Check(s, "王小明", []string{"D001", "D002"}, now.AddDate(1, 0, 0)); err != nil {
			t.Fatalf("%s after %v: %v", k, l.Steps, err)
		}
		l.Steps = append(l.Steps, s)
	}
	return l
}

func step(k StepKind, at time.Time) Step {
	s := Step{Application: "S01", Kind: k, Person: "林二", At: at, Note: "理由", Number: "115年度聲扣字第5號"}
	if k == Order || k == Issue {
		s.Order = &Ruling{Names: map[string]Grant{"D001": Granted, "D002": Refused}, ValidTo: now.AddDate(0, 0, 30), TermTo: now.AddDate(0, 0, 180)}
	}
	return s
}

// Every type can be led from its draft to its last step, each step leads to its state, and no step comes twice or before its time.
func TestLifeOfEveryType(t *testing.T) {
	for _, kind := range lists(t).Types.Types {
		l := Life{Type: kind}
		for i, k := range kind.Steps {
			for _, early := range kind.Steps[i+1:] {
				if err := l.Check(step(early, now), "王小明", []string{"D001", "D002"}, now); err == nil {
					t.Errorf("%s: %s comes before %s", kind.ID, early, k)
				}
			}
			l = lived(t, kind.ID, kind.Steps[:i+1]...)
			if l.State() != reached[k] {
				t.Errorf("%s: %s leads to %s", kind.ID, k, l.State())
			}
			twice := step(k, now.Add(time.Hour*time.Duration(i)))
			if k == Order || k == Issue || k == Execute {
				twice.Note = "" // these can be written down anew, with a reason
			}
			if err := l.Check(twice, "王小明", []string{"D001", "D002"}, now.AddDate(1, 0, 0)); err == nil {
				t.Errorf("%s: %s can be taken twice", kind.ID, k)
			}
		}
	}
}

// What a person takes at random never leads anywhere but along the type's order: whatever is executed was approved and decided before.
func TestLifeAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	types := lists(t).Types.Types
	for range 2000 {
		kind := types[random.IntN(len(types))]
		l := Life{Type: kind}
		for range 12 {
			s := step(StepKinds[random.IntN(len(StepKinds))], now)
			if err := l.Check(s, "王小明", []string{"D001", "D002"}, now); err == nil {
				l.Steps = append(l.Steps, s)
			}
		}
		var since []StepKind
		for _, s := range l.Steps {
			if s.Kind == Correct {
				since = slices.DeleteFunc(since, func(k StepKind) bool { return k == Approve || k == File })
			}
			at := slices.Index(kind.Steps, s.Kind)
			for i := range max(at, 0) {
				if !slices.Contains(since, kind.Steps[i]) {
					t.Fatalf("%s: %s without %s in %v", kind.ID, s.Kind, kind.Steps[i], l.Steps)
				}
			}
			since = append(since, s.Kind)
		}
	}
}

// What is refused says why, and leaves the application where it was.
func TestStepsThatAreRefused(t *testing.T) {
	filed := []StepKind{Approve, File}
	for _, c := range []struct {
		code   string
		before []StepKind
		kind   StepKind
		change func(*Step)
	}{
		{"step.order", nil, File, func(*Step) {}},
		{"step.order", nil, Issue, func(*Step) {}},
		{"step.order", []StepKind{Approve, File, Order}, Withdraw, func(*Step) {}},
		{"step.person", nil, Approve, func(s *Step) { s.Person = " " }},
		{"step.self", nil, Approve, func(s *Step) { s.Person = " 王小明 " }},
		{"step.future", nil, Approve, func(s *Step) { s.At = now.AddDate(0, 0, 3) }},
		{"step.before", filed, Order, func(s *Step) { s.At = now.AddDate(0, 0, -1) }},
		{"step.before", []StepKind{Approve}, File, func(s *Step) { s.At = now.AddDate(-1, 0, 0) }},
		{"step.days", filed, Order, func(s *Step) { s.Order.ValidTo = now.AddDate(0, 0, -1) }},
		{"step.days", filed, Order, func(s *Step) { s.Order.TermTo = now.AddDate(0, 0, -1) }},
		{"step.days", filed, Order, func(s *Step) { s.Order.TermFrom = now.AddDate(1, 0, 0) }},
		{"step.reason", []StepKind{Approve, File, Order}, Order, func(s *Step) { s.Note = "" }},
		{"step.reason", filed, Withdraw, func(s *Step) { s.Note = "" }},
		{"step.reason", filed, Correct, func(s *Step) { s.Note = "" }},
		{"step.number", filed, Order, func(s *Step) { s.Number = "" }},
		{"step.ruling", filed, Order, func(s *Step) { s.Order = nil }},
		{"step.names", filed, Order, func(s *Step) { delete(s.Order.Names, "D002") }},
		{"step.names", filed, Order, func(s *Step) { s.Order.Names["D003"] = Granted }},
		{"step.names", filed, Order, func(s *Step) { s.Order.Names["D001"] = "perhaps" }},
		{"step.expired", []StepKind{Approve, File, Order}, Execute, func(s *Step) { s.At = now.AddDate(0, 0, 31) }},
	} {
		l := lived(t, "prosecutor-seizure", c.before...)
		s := step(c.kind, now)
		c.change(&s)
		at := now
		if s.At.After(now.AddDate(0, 0, 5)) {
			at = s.At
		}
		var wrong *StepError
		if err := l.Check(s, "王小明", []string{"D001", "D002"}, at); !errors.As(err, &wrong) || wrong.Code != c.code {
			t.Errorf("%s after %v: %v instead of %s", c.kind, c.before, err, c.code)
			continue
		}
		if zh, en := wrong.Sentence(lists(t)); zh == c.code || en == c.code {
			t.Errorf("%s has no sentence", c.code)
		}
	}
}

// A name that was refused is on no list for those who execute, one that was granted alone loses its sub-domains, and where all were refused nothing follows.
func TestRuling(t *testing.T) {
	targets := []Target{{ID: "D001", Scope: Subdomains}, {ID: "D002", Scope: Subdomains}, {ID: "D003", Scope: Exact}}
	r := &Ruling{Names: map[string]Grant{"D001": Granted, "D002": Narrow, "D003": Refused}}
	got := r.apply(targets)
	if len(got) != 2 || got[0].Scope != Subdomains || got[1].ID != "D002" || got[1].Scope != Exact || targets[1].Scope != Subdomains {
		t.Errorf("%+v", got)
	}
	l := lived(t, "prosecutor-seizure", Approve, File)
	s := step(Order, now)
	s.Order.Names = map[string]Grant{"D001": Refused, "D002": Refused}
	l.Steps = append(l.Steps, s)
	if l.State() != Denied || !slices.Equal(l.Next(), []StepKind{Order}) {
		t.Errorf("%s, %v", l.State(), l.Next())
	}
}

// An order that was taken down wrongly, or that the court corrects, is written down anew with a reason, until something was done on it: what it says then counts.
func TestOrderAnew(t *testing.T) {
	l := lived(t, "prosecutor-seizure", Approve, File, Order)
	anew := step(Order, now.AddDate(0, 0, 3))
	anew.Order.Names = map[string]Grant{"D001": Granted, "D002": Granted}
	if err := l.Check(anew, "王小明", []string{"D001", "D002"}, now.AddDate(0, 0, 4)); err != nil {
		t.Fatal(err)
	}
	l.Steps = append(l.Steps, anew)
	if l.State() != Ruled || len(l.Ruling().Granted()) != 2 || !slices.Contains(l.Next(), Execute) {
		t.Errorf("%s, %v, %v", l.State(), l.Ruling(), l.Next())
	}
	l.Steps = append(l.Steps, step(Execute, now.AddDate(0, 0, 4)))
	if err := l.Check(anew, "王小明", []string{"D001", "D002"}, now.AddDate(0, 0, 4)); err == nil {
		t.Error("an order is written down anew after it was executed")
	}
	if err := l.Check(step(Execute, now.AddDate(0, 0, 3)), "王小明", []string{"D001", "D002"}, now.AddDate(0, 0, 4)); err != nil {
		t.Errorf("an execution that was taken down wrongly stays: %v", err)
	}
}

// Deadlines are counted as the law counts: the day itself is not counted, a day ends with its midnight in Taiwan, hours run at once, and what the order says
// stands before what was asked for.
func TestDeadlines(t *testing.T) {
	at := time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC) // 23:59 in Taiwan
	l := Life{Type: Type{Deadlines: []DeadlineRule{
		{ID: "three", After: Execute, Days: 3},
		{ID: "two", After: Execute, Hours: 2},
		{ID: "valid", After: Order, Field: "validity"},
		{ID: "term", After: Execute, Field: "period"},
		{ID: "never", After: Release, Days: 1},
		{ID: "rest", After: Execute, Days: 2, Rest: true},     // a Saturday
		{ID: "restless", After: Execute, Days: 4, Rest: true}, // a Monday
	}}}
	a := Application{ID: "S01", Period: Span{Days: 180}, Validity: Span{Days: 30}}
	l.Steps = []Step{{Kind: Order, At: at.AddDate(0, 0, -1), Order: &Ruling{ValidTo: time.Date(2027, 1, 10, 0, 0, 0, 0, document.Taiwan)}}, {Kind: Execute, At: at}}
	want := map[string]string{
		"two": "2027-01-01T01:59:00+08:00", "three": "2027-01-03T23:59:59+08:00", "valid": "2027-01-10T23:59:59+08:00", "rest": "2027-01-04T23:59:59+08:00", "restless": "2027-01-04T23:59:59+08:00", "term": "2027-06-28T23:59:59+08:00",
	}
	due := l.Deadlines(a, lists(t), at.AddDate(0, 0, 2))
	for _, d := range due {
		if got := d.Due.In(document.Taiwan).Format(time.RFC3339); got != want[d.ID] || d.Over != (d.ID == "two") || d.Whole != (d.ID != "two") {
			t.Errorf("%s is due %s, over %v", d.ID, got, d.Over)
		}
	}
	if len(due) != len(want) || !slices.IsSortedFunc(due, func(x, y Deadline) int { return x.Due.Compare(y.Due) }) {
		t.Errorf("%+v", due)
	}
	l.Steps[0].Order.Names, l.LetGo = map[string]Grant{"D001": Granted, "D002": Granted, "D003": Refused}, []string{"D001"}
	if due := l.Deadlines(a, lists(t), at); len(due) != len(want) {
		t.Errorf("while a name is left, is due %+v", due)
	}
	l.LetGo = append(l.LetGo, "D002")
	if due := l.Deadlines(a, lists(t), at); len(due) > 0 {
		t.Errorf("of what was let go is due %+v", due)
	}
	l.LetGo = nil
	l.Steps = append(l.Steps, Step{Kind: Withdraw})
	if due := l.Deadlines(a, lists(t), at); len(due) > 0 {
		t.Errorf("of what was taken back is due %+v", due)
	}
}

// TestOrdered lists what is to be stopped now: all that is asked for, then what was granted, never what was refused, released or let go.
func TestOrdered(t *testing.T) {
	targets := []Target{{ID: "D001", Scope: Subdomains}, {ID: "D002", Scope: Subdomains}, {ID: "D003"}}
	order := Step{Kind: Order, Order: &Ruling{Names: map[string]Grant{"D001": Narrow, "D002": Granted, "D003": Refused}}}
	none := Step{Kind: Order, Order: &Ruling{Names: map[string]Grant{"D001": Refused, "D002": Refused, "D003": Refused}}}
	for _, c := range []struct {
		life Life
		want string
	}{
		{Life{}, "D001 D002 D003"},
		{Life{Steps: []Step{order}}, "D001 D002"},
		{Life{Steps: []Step{order, {Kind: Execute}}, LetGo: []string{"D001"}}, "D002"},
		{Life{Steps: []Step{order, {Kind: Execute}}, LetGo: []string{"D001", "D002"}}, ""},
		{Life{Steps: []Step{order, {Kind: Release}}}, ""},
		{Life{Steps: []Step{none}}, ""},
		{Life{Steps: []Step{{Kind: Withdraw}}}, ""},
	} {
		var ids []string
		for _, o := range c.life.Ordered(targets) {
			ids = append(ids, o.ID)
			if narrow := o.Scope == Exact; o.ID == "D001" && narrow != (c.life.Ruling() != nil) {
				t.Errorf("%+v: %v", c.life.Steps, o.Scope)
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v: %s", c.life, got)
		}
	}
	if targets[0].Scope != Subdomains || len(targets) != 3 {
		t.Error("the list that was given is changed")
	}
}
