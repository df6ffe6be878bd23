package workbench

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"

	"yuzheng/casefile"
)

// TestPrescribed reads out of capture.json whose addresses the operator set.
func TestPrescribed(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	for text, want := range map[string][]string{
		`{"program":"x","request":{"url":"http://a.example/","resolve":{"b.example:443":"127.0.0.1","a.example:80":"127.0.0.1:8080","a.example:443":"127.0.0.1"}},"more":[1]}`: {"a.example", "b.example"},
		`{"more":{"request":{"resolve":{"c.example:80":"192.0.2.1"}}},"request":{"url":"http://a.example/"}}`:                                                                  nil,
		`{"request":{"resolve":["older"]}}`: nil,
		`{"program":"x"}`:                   nil,
	} {
		report, err := readDocument[evidence.Report](t.Context(), c, holding(t, w, c, text), evidence.CaptureJSON)
		if got := prescribed(report.Request); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`{"request":`, `[]`, `"report"`, `{"schema":"2","request":{"url":"http://a.example/"}}`} {
		if got, err := readDocument[evidence.Report](t.Context(), c, holding(t, w, c, text), evidence.CaptureJSON); err == nil {
			t.Errorf("%s is read as a report: %+v", text, got)
		}
	}
}

// holding is an exhibit whose one artifact is a report with this text.
func holding(t *testing.T, w *Workbench, c *casefile.Case, text string) casefile.Exhibit {
	t.Helper()
	in, err := c.Receive(t.Context(), casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(in, evidence.CaptureJSON, "application/json", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	e, err := w.admitOther(t.Context(), in, evidence.Copy, evidence.OtherSummary{Title: "x"}, map[string]string{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A document, a summary or a record of a newer program is refused, and the sentence says so: half of it is never taken for the whole.
func TestNewerIsRefused(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	_, err := readDocument[evidence.Report](t.Context(), c, holding(t, w, c, `{"schema":2,"request":"whatever it has become"}`), evidence.CaptureJSON)
	if !errors.Is(err, evidence.ErrNewer) {
		t.Errorf("a newer report: %v", err)
	}
	if _, err = captured(casefile.Exhibit{ID: "W0009", Summary: []byte(`{"schema":2}`)}); !errors.Is(err, evidence.ErrNewer) {
		t.Errorf("a newer summary: %v", err)
	}
}
