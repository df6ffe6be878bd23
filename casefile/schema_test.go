package casefile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence/schematest"
)

// TestSchema holds the types that this package writes against SCHEMA.md.
func TestSchema(t *testing.T) {
	s := schematest.Read(t)
	for name, v := range map[string]any{
		"case.json": head{}, "holder": OpenElsewhere{}, "closed": closing{}, "info": info{}, "state": state{}, "stored record": storedRecord{},
	} {
		s.Type(t, name, v)
	}
}

// TestSchemaOfACase holds what a case wrote against SCHEMA.md, and the details of the entries that it makes by itself.
func TestSchemaOfACase(t *testing.T) {
	s := schematest.Read(t)
	c, dir, _ := newCase(t)
	busy(t, c)
	for file, name := range map[string]string{headFile: "case.json", holderFile: "holder"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		s.Document(t, name, text)
	}
	err := c.meta.view(func(v view) error {
		for name, k := range map[string][]byte{"info": key("info"), "state": key("state"), "stored record": key("record", "note", "\x00", "N0001", "\x00", int64(1))} {
			text, err := v.get(k)
			if err != nil {
				return err
			}
			s.Document(t, name, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	closeCase(t, c)
	o := OpenOptions{Operator: officer, Now: fixed}
	if err := pack(t.Context(), dir, Passphrase(phrase), PackTo{Passphrase: phrase, Work: 10}, o, new(bytes.Buffer)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, closedFile)); err != nil {
		t.Fatal(err)
	}
	told := map[custody.Action]bool{}
	for e, err := range reopen(t, dir).Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		s.Detail(t, string(e.Action), e.Detail)
		line, err := custody.MarshalEntry(e)
		if err != nil {
			t.Fatal(err)
		}
		s.Document(t, "log line", line)
		told[e.Action] = true
	}
	for _, a := range []custody.Action{custody.OperatorAdd, custody.CasePack, custody.CaseRecover, custody.StampAdd, custody.CaptureAbandon} {
		if !told[a] {
			t.Errorf("no entry %s was made", a)
		}
	}
}

// busy has a case make entries of every kind that belongs to it.
func busy(t *testing.T, c *Case) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	_, err := c.Put(ctx, "note", "", map[string]string{"text": "x"}, "reason")
	must(err)
	_, err = c.KeepLogin(ctx, "account", "https://a.example/", []byte("{}"))
	must(err)
	_, err = c.KeepLogin(ctx, "other", "", []byte("{}"))
	must(err)
	must(c.RemoveLogin(ctx, "other", "over"))
	way, err := c.AddPassphrase(ctx, "another phrase of words", "second", 10)
	must(err)
	must(c.RemoveWay(ctx, way.File, "over"))
	begun, err := c.Log(ctx, custody.Entry{Action: custody.CaptureBegin, Object: "https://a.example/", Detail: map[string]string{"view": "desktop"}})
	must(err)
	in, err := c.Receive(ctx, IntakeOptions{Begin: begun.Number})
	must(err)
	must(in.Abandon(ctx, "nothing came"))
	in, err = c.Receive(ctx, IntakeOptions{Action: custody.DocumentRender, Object: "S01"})
	must(err)
	must(in.Abandon(ctx, "nothing came"))
	seal, err := c.Seal(ctx, []string{"https://tsa.example/"})
	must(err)
	must(c.AddStamp(ctx, seal.Size, "https://tsa.example/", []byte("reply")))
}
