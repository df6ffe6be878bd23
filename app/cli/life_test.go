package cli

import (
	"errors"
	"testing"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/casefile/application"
)

// TestDaysOfARuling reads every day that is given, those that are the same day too, and refuses what is none.
func TestDaysOfARuling(t *testing.T) {
	want, err := workbench.Moment("2026-12-01")
	if err != nil {
		t.Fatal(err)
	}
	var r application.Ruling
	same := applicationOrderCmd{Valid: "2026-12-01", From: "2026-12-01", Until: "2026-12-01"}
	if err := same.days(&r); err != nil || !r.ValidTo.Equal(want) || !r.TermFrom.Equal(want) || !r.TermTo.Equal(want) {
		t.Errorf("%v %+v", err, r)
	}
	republic := applicationOrderCmd{Valid: "115/12/01", From: "民國115年12月1日", Until: "1151201"}
	if err := republic.days(&r); err != nil || !r.ValidTo.Equal(want) || !r.TermFrom.Equal(want) || !r.TermTo.Equal(want) {
		t.Errorf("%v %+v", err, r)
	}
	for _, half := range []string{"2026-12-01T09:30", "2026-12-01 9:30", "115年12月1日9時30分", "115/12/1 09:30:00", "2026-12-01T01:30:00Z"} {
		if at, err := workbench.Moment(half); err != nil || !at.Equal(want.Add(9*time.Hour+30*time.Minute)) {
			t.Errorf("%s: %v %v", half, at, err)
		}
	}
	for _, none := range []string{"2026-02-30", "15/12/01", "2026-12-01 25:00", "2026-12-01x", "2026-12-021", "2026-12-119:30", "0115/12/01", "999/1/1", "民國2026年1月1日", "00001231"} {
		if at, err := workbench.Moment(none); !errors.Is(err, workbench.ErrMoment) {
			t.Errorf("%s is %v", none, at)
		}
	}
	if last, err := workbench.LastDay("115/12/01"); err != nil || !last.Equal(want.Add(24*time.Hour-time.Second)) {
		t.Errorf("the last day ends at %v, %v", last, err)
	}
	if last, err := workbench.LastDay("2026-12-31T09:30"); !errors.Is(err, workbench.ErrMoment) {
		t.Errorf("a time is the last day %v", last)
	}
	for _, wrong := range []applicationOrderCmd{{Valid: "tomorrow"}, {From: "tomorrow"}, {Until: "tomorrow"}} {
		if err := wrong.days(&r); !errors.Is(err, workbench.ErrMoment) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	r = application.Ruling{}
	if err := new(applicationOrderCmd).days(&r); err != nil || !r.ValidTo.IsZero() || !r.TermFrom.IsZero() || !r.TermTo.IsZero() {
		t.Errorf("%v %+v", err, r)
	}
}
