package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/document"
	"yuzheng/casefile/sign"
)

// kindStep is the record of a step in the life of an application: S01-001, in the order in which they were written down.
const kindStep = "step"

// NewStep is a step that a person takes. Its application, its time of writing and the papers that it approves are filled in.
type NewStep struct {
	Kind    application.StepKind
	Person  string    // who took it; empty is the operator, but for an approval
	At      time.Time // when it happened; zero is now
	Number  string
	Note    string
	Exhibit string
	Order   *application.Ruling
	By      *sign.Signer // the key of who approves; nil for a name alone
}

// stepID names the record of a step, of which i came before.
func stepID(application string, i int) string { return fmt.Sprintf("%s-%03d", application, i+1) }

// ApplicationTypes lists the types of applications, with what is asked for in each.
func (w *Workbench) ApplicationTypes() ([]application.Type, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	return lists.Types.Types, nil
}

// Life is an application through the steps that were taken.
func (w *Workbench) Life(c *casefile.Case, a application.Application) (application.Life, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return application.Life{}, err
	}
	l := application.Life{}
	l.Type, _ = lists.Type(a.Type)
	all, err := records(c, kindStep, func(*application.Step, string) {})
	if err != nil {
		return l, err
	}
	l.Steps = stepsOf(all, a.ID)
	later, err := w.Applications(c)
	for _, r := range later {
		t, _ := lists.Type(r.Type)
		if !t.Restores || t.Earlier(r) != a.ID {
			continue
		}
		if ruling := (application.Life{Type: t, Steps: stepsOf(all, r.ID)}).Ruling(); ruling != nil {
			l.LetGo = append(l.LetGo, ruling.Granted()...)
		}
	}
	return l, err
}

// stepsOf are the steps of one application whose words hold.
func stepsOf(all []application.Step, id string) (steps []application.Step) {
	for _, s := range all {
		if s.Application == id && holds(s.Word, s.Statement()) {
			steps = append(steps, s)
		}
	}
	return steps
}

// TakeStep takes a step of an application: a record, and an entry of its own. What cannot follow is refused with its reason, and changes nothing.
func (w *Workbench) TakeStep(ctx context.Context, c *casefile.Case, id string, n NewStep) (application.Step, error) {
	a, err := w.Application(c, id)
	if err != nil {
		return application.Step{}, err
	}
	life, err := w.Life(c, a)
	if err != nil {
		return application.Step{}, err
	}
	s := application.Step{
		Application: id, Kind: n.Kind, Person: strings.TrimSpace(n.Person), At: n.At.UTC(), Noted: w.Now().UTC(),
		Number: strings.TrimSpace(n.Number), Note: strings.TrimSpace(n.Note), Exhibit: n.Exhibit, Order: n.Order,
	}
	if n.At.IsZero() {
		s.At = s.Noted
	}
	if s.Person == "" && s.Kind != application.Approve {
		s.Person = operatorOf(c)
	}
	if s.Exhibit != "" {
		if _, err := c.Exhibit(s.Exhibit); err != nil {
			return s, err
		}
	}
	if err := w.refuseStep(life.Check(s, operatorOf(c), a.Targets, w.Now()), id); err != nil {
		return s, err
	}
	if s.Kind == application.Approve {
		if s.Papers, err = w.approvable(ctx, c, id, s.At); err != nil {
			return s, err
		}
	}
	if err := w.give(n.By, &s.Word, func() []byte { return s.Statement() }); err != nil {
		return s, err
	}
	if _, err := c.Put(ctx, kindStep, stepID(id, len(life.Steps)), s, s.Note); err != nil {
		return s, err
	}
	_, err = c.Log(ctx, stepEntry(s))
	return s, err
}

// approvable gives the entry of the papers that stand, which nobody approves before the day on which they were made.
func (w *Workbench) approvable(ctx context.Context, c *casefile.Case, id string, at time.Time) (int64, error) {
	b, err := w.brief(ctx, c, id)
	if err != nil {
		return 0, err
	}
	entry, err := w.standing(c, b)
	if err != nil {
		return 0, err
	}
	made, err := entryAt(c, entry)
	if err != nil {
		return 0, err
	}
	if day := document.Date(at); day != document.Date(made.Time.Time) && at.Before(made.Time.Time) {
		return 0, w.refuseStep(&application.StepError{Code: "step.before", Data: map[string]string{"at": day, "before": document.Date(made.Time.Time)}}, id)
	}
	return entry, nil
}

// refuseStep is a refusal in words for what keeps a step from being taken.
func (w *Workbench) refuseStep(err error, id string) error {
	var wrong *application.StepError
	if !errors.As(err, &wrong) {
		return err
	}
	lists, lerr := application.LoadLists(w.Lists)
	if lerr != nil {
		return lerr
	}
	zh, en := wrong.Sentence(lists)
	return refuse("application "+id, wrong.Code, wrong.Data["step"], zh, en)
}

// stepEntry is what the log says of a step.
func stepEntry(s application.Step) custody.Entry {
	e := custody.Entry{Actor: custody.Person, Action: custody.ApplicationStep, Object: s.Application, Reason: s.Note}
	e.Detail = map[string]string{"step": string(s.Kind), "person": s.Person, "at": s.At.Format(time.RFC3339)}
	for key, value := range map[string]string{"number": s.Number, "exhibit": s.Exhibit} {
		if value != "" {
			e.Detail[key] = value
		}
	}
	signedBy(&e, s.Word)
	if s.Papers > 0 {
		e.Detail["papers"] = fmt.Sprint(s.Papers)
	}
	if r := s.Order; r != nil {
		e.Action = custody.OrderRecord
		var names []string
		for id, g := range r.Names {
			names = append(names, id+" "+string(g))
		}
		slices.Sort(names)
		e.Detail["decided"] = strings.Join(names, ", ")
	}
	return e
}

// standing is the entry of the papers that an application has as it is now. Where there are none, or they would be made of something else today, the
// error is a refusal. What was approved stands as it is.
func (w *Workbench) standing(c *casefile.Case, b brief) (int64, error) {
	a := b.app
	papers, err := c.Papers(b.set())
	if err != nil && !errors.Is(err, casefile.ErrNotFound) {
		return 0, err
	}
	if err == nil {
		if b.approved() {
			return papers.Entry, nil
		}
		changed, cerr := changedSince(c, b, papers.Entry)
		same, serr := w.sameInputs(c, b)
		if err := errors.Join(cerr, serr); err != nil {
			return 0, err
		}
		if !changed || same {
			return papers.Entry, nil
		}
	}
	return 0, w.refuseStep(application.ErrNoPapers, a.ID)
}

// sameInputs reports whether the papers would be made of the very same today: what was changed and changed back is no change.
func (w *Workbench) sameInputs(c *casefile.Case, b brief) (bool, error) {
	now, err := w.rendering(b)
	if err != nil {
		return false, err
	}
	_, last, err := lastRendering(c, b.set())
	return last.Inputs == now.Inputs, err
}

// changedSince reports whether a person has changed the application, one of its targets, what lets a target pass, or what a cited exhibit is to show,
// after an entry; for who executes, whether a step was taken, of a later application too.
func changedSince(c *casefile.Case, b brief, entry int64) (bool, error) {
	kinds := []string{kindApplication, kindTarget, kindOverride, kindShows, kindLosses}
	if b.set() != b.app.ID {
		kinds = append(kinds, kindStep)
	}
	for _, kind := range kinds {
		list, err := c.List(kind)
		if err != nil {
			return false, err
		}
		for _, r := range list {
			if r.Entry > entry && (slices.Contains([]string{kindShows, kindLosses, kindStep}, kind) || b.concernedBy(r)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// concernedBy reports whether a record is the application, one of its targets, or named after one of them.
func (b brief) concernedBy(r casefile.Record) bool {
	return slices.ContainsFunc(append([]string{b.app.ID}, b.app.Targets...), func(id string) bool {
		return r.ID == id || strings.HasPrefix(r.ID, id+"-")
	})
}

// Deadlines lists what is due in a case, the next first; no ids means every application.
func (w *Workbench) Deadlines(c *casefile.Case, ids ...string) ([]application.Deadline, error) {
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	all, err := w.Applications(c)
	if err != nil {
		return nil, err
	}
	due := []application.Deadline{}
	for _, a := range all {
		if len(ids) > 0 && !slices.Contains(ids, a.ID) {
			continue
		}
		life, err := w.Life(c, a)
		if err != nil {
			return nil, err
		}
		due = append(due, life.Deadlines(a, lists, w.Now())...)
	}
	slices.SortStableFunc(due, func(x, y application.Deadline) int { return x.Due.Compare(y.Due) })
	return due, nil
}

// earlier is the application that another one names, with its life; nil where it names none of the case.
func (w *Workbench) earlier(c *casefile.Case, a application.Application, lists *application.Lists) (*application.Earlier, error) {
	t, _ := lists.Type(a.Type)
	id := t.Earlier(a)
	if id == "" {
		return nil, nil
	}
	old, err := w.Application(c, id)
	if errors.Is(err, casefile.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	life, err := w.Life(c, old)
	if err != nil {
		return nil, err
	}
	targets, err := w.someTargets(c, old.Targets)
	return &application.Earlier{Application: old, Targets: targets, Life: life}, err
}

// Accept takes the words that the slots of some fields propose as the applicant's statement, and gives how many there were in each.
func (w *Workbench) Accept(ctx context.Context, c *casefile.Case, id string, fields ...string) (application.Application, map[string]int, error) {
	a, err := w.Application(c, id)
	if err != nil {
		return a, nil, err
	}
	life, err := w.Life(c, a)
	if err != nil {
		return a, nil, err
	}
	taken := map[string]int{}
	for _, f := range fields {
		taken[f] = application.Accept(life.Type, &a, f)
	}
	return a, taken, w.SetApplication(ctx, c, a, "")
}

// ErrMoment is a text that is no time.
var ErrMoment = errors.New("not a time")

// Moment reads a day or a time of day in Taiwan as a person writes it: a day of either calendar, with a time after it (9:30, 9時30分) or not, or RFC 3339. An
// empty text is no time; the error is ErrMoment.
func Moment(text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if day, rest, ok := document.ReadDate(text); ok {
		rest = strings.TrimLeft(rest, " T")
		if rest == "" {
			return day, nil
		}
		for _, form := range []string{"15:04", "15:04:05", "15時4分", "15時"} {
			if clock, err := time.Parse(form, rest); err == nil {
				return day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%w: %q", ErrMoment, text)
}

// LastDay is the end of a day in Taiwan, or no time where none is named. An ErrMoment is a text that is no day.
func LastDay(text string) (time.Time, error) {
	at, err := Moment(text)
	if err != nil || at.IsZero() {
		return time.Time{}, err
	}
	y, m, d := at.In(document.Taiwan).Date()
	if !at.Equal(time.Date(y, m, d, 0, 0, 0, 0, document.Taiwan)) {
		return time.Time{}, fmt.Errorf("%w: %q is not a day", ErrMoment, text)
	}
	return time.Date(y, m, d, 23, 59, 59, 0, document.Taiwan).UTC(), nil
}

// Supplement begins an application that adds targets to an earlier one. A target that the earlier asks for already is refused.
func (w *Workbench) Supplement(ctx context.Context, c *casefile.Case, id string, targets []string) (application.Application, error) {
	old, err := w.Application(c, id)
	if err != nil {
		return old, err
	}
	if _, err := w.someTargets(c, targets); err != nil {
		return old, err
	}
	for _, t := range targets {
		if slices.Contains(old.Targets, t) {
			return old, refuse("application "+id, "supplement.target", t, "標的 "+t+" 已在原聲請之中。", "Target "+t+" is in the earlier application already.")
		}
	}
	life, err := w.Life(c, old)
	if err != nil {
		return old, err
	}
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return old, err
	}
	a, ok := lists.Supplement(old, life, targets)
	if !ok {
		return old, refuse("application "+id, "supplement.type", old.Type, "此類聲請不能追加。", "Nothing can be added to an application of this type.")
	}
	return w.NewApplication(ctx, c, a)
}
