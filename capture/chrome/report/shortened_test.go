package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yuzheng/casefile/evidence"
)

// However much a page has missing, the summary stays small and says how much more there is.
func TestShortened(t *testing.T) {
	long := strings.Repeat("長", 2_000_000)
	r := evidence.Summary{FinalURL: long, Title: long, Redirects: []evidence.Hop{{URL: long, To: long}}}
	for i := range maxNamed + 7 {
		r.Missing = append(r.Missing, evidence.Missing{What: fmt.Sprintf("https://a.example/%d", i), Reason: "net::ERR_FAILED"})
	}
	r.Missing[0].Reason = long
	got := Shortened(r)
	data, err := json.Marshal(got)
	if err != nil || len(data) > 1<<20 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if last := got.Missing[len(got.Missing)-1]; last.What != "7 more" {
		t.Errorf("the last missing is %+v", last)
	}
	if len(r.Missing) != maxNamed+7 || r.Missing[0].Reason != long || r.Redirects[0].To != long {
		t.Error("the full result was changed")
	}
}
