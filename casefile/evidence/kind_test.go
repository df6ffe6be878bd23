package evidence

import "testing"

// TestKindOfOlderEntries tells the kinds from the details that entries had before kinds were written.
func TestKindOfOlderEntries(t *testing.T) {
	for want, detail := range map[Kind]map[string]string{
		Capture:    {"url": "https://a.example/", "final_url": "https://a.example/", "view": "desktop", "verdict": "complete"},
		File:       {"file": "a.png", "summary_sha256": "00"},
		List:       {"file": "a.csv", "kind": "table", "dataset": "", "addresses": "3", "skipped": "0"},
		Crawl:      {"crawl": "C001", "ended": "done", "pages": "4"},
		Comparison: {"compared": "W0001 W0002", "conclusion": "same"},
		Session:    {"sitting": "I001", "url": "https://a.example/", "actions": "7", "unsealed": "0"},
		Unknown:    {"summary_sha256": "00"},
	} {
		if got := KindOf(detail); got != want {
			t.Errorf("%v is %q, want %q", detail, got, want)
		}
	}
	if got := KindOf(nil); got != Unknown {
		t.Errorf("nothing is %q", got)
	}
	if got := SessionOf(map[string]string{"view": "desktop", "verdict": "complete", "job": "I002"}); got != "I002" {
		t.Errorf("a page of a session is of %q", got)
	}
	if got := SessionOf(map[string]string{"view": "desktop", "verdict": "complete", "job": "Q001-0001"}); got != "" {
		t.Errorf("a page of the queue is of the session %q", got)
	}
}

// TestKindIsWritten says that a kind that an entry tells goes before what else it says.
func TestKindIsWritten(t *testing.T) {
	for _, k := range Kinds {
		if got := KindOf(map[string]string{DetailKind: string(k), "file": "a", "verdict": "complete", "view": "desktop"}); got != k {
			t.Errorf("%q is read as %q", k, got)
		}
	}
}

// TestOutcomes tells a page that is not there, a server that refuses or fails, and our own guard apart.
func TestOutcomes(t *testing.T) {
	for status, want := range map[int]Outcome{0: Guarded, 400: Forbidden, 403: Forbidden, 404: NotFound, 410: NotFound, 451: Forbidden, 500: ServerError, 503: ServerError} {
		if got := OutcomeOf("refused", status); got != want {
			t.Errorf("status %d is %q, want %q", status, got, want)
		}
	}
	for _, o := range Outcomes[:7] {
		if got := OutcomeOf(Verdict(o), 200); got != o {
			t.Errorf("%q became %q", o, got)
		}
	}
	if Guarded.Answered() || !NotFound.Answered() || Outcome("unreachable").Answered() || Outcome("").Answered() {
		t.Error("who answered is told wrongly")
	}
}
