package cli

import (
	"errors"
	"testing"

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
