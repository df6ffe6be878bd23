package evidence_test

import (
	"errors"
	"fmt"

	"yuzheng/casefile/evidence"
)

// A summary without a version is one of before there were versions; one of a newer program is refused whatever else stands in it.
func ExampleDecode() {
	old, err := evidence.Decode[evidence.Summary]("summary of W0001", []byte(`{"title":"會員投資","verdict":"complete"}`))
	fmt.Println(old.Title, old.Verdict == evidence.Complete, err)
	_, err = evidence.Decode[evidence.Summary]("summary of W0002", []byte(`{"schema":9,"title":["會員","投資"]}`))
	fmt.Println(errors.Is(err, evidence.ErrNewer), err)
	// Output:
	// 會員投資 true <nil>
	// true summary of W0002: written by a newer program: schema 9, this one reads up to 1
}

// The kind of an exhibit stands in the entry that admitted it; older entries are told apart by what they say of the act.
func ExampleKindOf() {
	fmt.Println(evidence.KindOf(map[string]string{"kind": "reply", "file": "a.pdf"}))
	fmt.Println(evidence.KindOf(map[string]string{"file": "a.pdf"}))
	fmt.Println(evidence.KindOf(map[string]string{"view": "mobile", "verdict": "partial"}))
	// Output:
	// reply
	// file
	// capture
}
