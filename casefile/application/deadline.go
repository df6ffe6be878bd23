package application

import (
	"slices"
	"strings"
	"time"

	"yuzheng/casefile/document"
)

// DeadlineRule says when something is due: so many days or hours after a step, or on the last day of a span of the order.
type DeadlineRule struct {
	ID      string   `json:"id"`
	After   StepKind `json:"after"`
	Days    int      `json:"days,omitempty"`
	Hours   int      `json:"hours,omitempty"`
	Field   string   `json:"field,omitempty"` // validity, period: its last day
	Rest    bool     `json:"rest,omitempty"`  // days that end on a Saturday or Sunday end on the Monday (民法 122); other holidays are not known
	Label   string   `json:"label"`
	LabelEN string   `json:"label_en"`
	Statute string   `json:"statute,omitempty"` // that sets it
}

// Deadline is one that runs.
type Deadline struct {
	Application string    `json:"application"`
	ID          string    `json:"id"`
	Label       string    `json:"label"`
	LabelEN     string    `json:"label_en"`
	Rule        string    `json:"rule,omitempty"` // law and article
	From        time.Time `json:"from"`
	Due         time.Time `json:"due"`
	Whole       bool      `json:"whole_day"` // Due is the end of a day, not a moment
	Over        bool      `json:"over"`
}

// Deadlines are those that the steps of an application have begun, the next first. A day that is not counted is that of the step itself (民法 120).
func (l Life) Deadlines(a Application, lists *Lists, now time.Time) (due []Deadline) {
	if s := l.State(); s == Withdrawn || s == Released || l.letGo() {
		return nil
	}
	for _, r := range l.Type.Deadlines {
		s, ok := l.Last(r.After)
		if !ok {
			continue
		}
		d := Deadline{Application: a.ID, ID: r.ID, Label: r.Label, LabelEN: r.LabelEN, From: s.At, Rule: lists.article(r.Statute)}
		if d.Due, d.Whole = l.due(r, a, s); d.Due.IsZero() {
			continue
		}
		d.Over = now.After(d.Due)
		due = append(due, d)
	}
	slices.SortStableFunc(due, func(x, y Deadline) int { return x.Due.Compare(y.Due) })
	return due
}

// letGo reports whether nothing is left of what was ordered.
func (l Life) letGo() bool {
	r := l.Ruling()
	return r != nil && len(r.Granted()) > 0 && !slices.ContainsFunc(r.Granted(), func(id string) bool { return !slices.Contains(l.LetGo, id) })
}

func (l Life) due(r DeadlineRule, a Application, s Step) (at time.Time, whole bool) {
	switch {
	case r.Hours > 0:
		return s.At.Add(time.Duration(r.Hours) * time.Hour), false
	case r.Days > 0:
		day := s.At.In(document.Taiwan).AddDate(0, 0, r.Days)
		for r.Rest && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
			day = day.AddDate(0, 0, 1)
		}
		return endOf(day), true
	}
	last := l.last(r.Field, a)
	if last.IsZero() {
		return last, true
	}
	return endOf(last), true
}

// last is the last day of a span: as the order says it, else as it was asked for, counted from the day of the order.
func (l Life) last(field string, a Application) time.Time {
	span, ordered := a.Period, time.Time{}
	if field == "validity" {
		span = a.Validity
	}
	if r := l.Ruling(); r != nil {
		ordered = r.TermTo
		if field == "validity" {
			ordered = r.ValidTo
		}
	}
	switch from, ok := l.begin(); {
	case !ordered.IsZero():
		return ordered
	case !span.To.IsZero():
		return span.To
	case span.Days > 0 && ok:
		return from.In(document.Taiwan).AddDate(0, 0, span.Days)
	}
	return time.Time{}
}

// begin is when the order was made.
func (l Life) begin() (time.Time, bool) {
	for _, k := range []StepKind{Order, Issue, Execute} {
		if s, ok := l.Last(k); ok {
			return s.At, true
		}
	}
	return time.Time{}, false
}

// article names a statute by its law and article.
func (l *Lists) article(id string) string {
	s, ok := find(l.Statutes.Articles, id, func(s Statute) string { return s.ID })
	if !ok {
		return ""
	}
	return strings.TrimSpace(s.Law + s.Article)
}
