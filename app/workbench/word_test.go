package workbench

import (
	"slices"
	"testing"

	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
)

// TestWordUnderAKey lets a second person give his word under a key of his own: the log and the record say whose, and a word that was changed afterwards, or
// that names a key without its signature, lets nothing pass and approves nothing.
func TestWordUnderAKey(t *testing.T) {
	w, c, id := packetCase(t)
	key, _ := operatorKey(t, 30)
	o := application.Override{Target: "D001", Rule: "mail", Person: "陳主任", Reason: "已逐一核對"}
	if err := w.Override(t.Context(), c, o, key); err != nil {
		t.Fatal(err)
	}
	let, err := overrides(c)
	if err != nil || len(let) != 1 || let[0].Signer != key.Certificate().Subject || !let[0].Signed() {
		t.Fatalf("%+v, %v", let, err)
	}
	if logged := entries(t, c, custody.GateDecide); logged[0].Detail["signer_sha256"] != key.Certificate().Fingerprint {
		t.Errorf("%+v", logged[0])
	}
	for what, change := range map[string]func(*application.Override){
		"person":       func(o *application.Override) { o.Person = "別人" },
		"rule":         func(o *application.Override) { o.Rule = "owner" },
		"name":         func(o *application.Override) { o.Name = "other.example" },
		"signer":       func(o *application.Override) { o.Signer = "CN=別人" },
		"fingerprint":  func(o *application.Override) { o.Fingerprint = "00" },
		"no signature": func(o *application.Override) { o.Signature = nil },
		"one bit of it": func(o *application.Override) {
			o.Signature = slices.Clone(o.Signature)
			o.Signature[len(o.Signature)/2] ^= 1
		},
	} {
		forged := let[0]
		change(&forged)
		if _, err := c.Put(t.Context(), kindOverride, "D001-mail", forged, ""); err != nil {
			t.Fatal(err)
		}
		if list, err := overrides(c); err != nil || len(list) != 0 {
			t.Errorf("%s changed: %+v, %v", what, list, err)
		}
	}

	if _, err := w.Render(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	s, err := w.TakeStep(t.Context(), c, id, NewStep{Kind: application.Approve, Person: "陳主任", By: key})
	if err != nil || !s.Signed() {
		t.Fatalf("%+v, %v", s, err)
	}
	state := func() application.State {
		a, err := w.Application(c, id)
		if err != nil {
			t.Fatal(err)
		}
		l, err := w.Life(c, a)
		if err != nil {
			t.Fatal(err)
		}
		return l.State()
	}
	if got := state(); got != application.Approved {
		t.Errorf("approved under a key: %s", got)
	}
	s.Papers++
	if _, err := c.Put(t.Context(), kindStep, stepID(id, 0), s, ""); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != application.Draft {
		t.Errorf("an approval that was changed counts: %s", got)
	}
}
