package workbench

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/compare"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/evidence/schematest"
	"yuzheng/casefile/packet"
)

// TestSchema holds the types that this package writes against SCHEMA.md.
func TestSchema(t *testing.T) {
	s := schematest.Read(t)
	s.Type(t, "list of known keys", knownLine{})
	s.Type(t, "record losses", lossTable{})
}

// recordKinds are the headings of records by their kind.
var recordKinds = []string{
	kindSettings, kindApplication, kindTarget, kindOverride, kindNote, kindTag, kindShows, kindQueue, kindJob, kindCrawl, kindWatch, kindSitting, kindPacket, kindRedaction,
}

// TestSchemaOfEveryKind holds a case with an exhibit of each kind and most kinds of record against SCHEMA.md, as it was written.
func TestSchemaOfEveryKind(t *testing.T) {
	w, c, b, _ := bench(t, whole)
	everyKind(t, w, c, b)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.AddNote(ctx, c, "W0001", "a remark")
	must(err)
	_, err = w.AddTag(ctx, c, "W0001", "a tag")
	must(err)
	must(w.SetShows(ctx, c, "W0001", "what it shows"))
	must(w.SetTSA(ctx, c, nil))
	jobs, err := w.Enqueue(ctx, c, base(), pages("https://q.example/", "https://r.example/"), "queued")
	must(err)
	must(w.CancelJobs(ctx, c, "not needed", jobs[0].ID))
	must(w.RunQueue(ctx, c, RunOptions{}))
	watch, err := w.AddWatch(ctx, c, Watch{Exhibit: "W0001", Every: time.Hour, Stop: []compare.Recaptured{compare.IsGone}})
	must(err)
	must(w.EndWatch(ctx, c, watch.ID, "enough"))
	_, err = w.Export(ctx, c, []string{"W0001"}, func(_, _ string, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err })
	must(err)
	_, err = w.Check(ctx, c, nil)
	must(err)
	_, err = w.Redact(ctx, c, "W0003", strings.NewReader(`{"kinds":["phone"],"words":["王小明"],"expressions":["案號[0-9]+"],"leave_out":["x"],"pictures":{"a.png":[{"x":0,"y":0,"width":1,"height":1}]}}`), "")
	must(err)
	asWritten(t, schematest.Read(t), c)
}

// asWritten holds everything in a case but what a browser recorded against SCHEMA.md.
func asWritten(t *testing.T, s *schematest.Schema, c *casefile.Case) {
	t.Helper()
	for e, err := range c.Entries(1) {
		if err != nil {
			t.Fatal(err)
		}
		s.Detail(t, string(e.Action), e.Detail)
	}
	for _, kind := range recordKinds {
		list, err := c.List(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			s.Document(t, "record "+kind, r.Value)
		}
	}
	exhibits, err := c.Exhibits()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exhibits {
		switch {
		case evidence.KindOf(e.Detail) == evidence.Capture:
			s.Document(t, "summary of a capture", e.Summary)
		case evidence.Kind(e.Detail[evidence.DetailKind]).Known(): // before that a summary had a verdict, which nobody believes
			s.Document(t, "summary of another exhibit", e.Summary)
		}
		for _, a := range e.Artifacts {
			if evidence.KindOf(e.Detail) != evidence.Capture || has(e, evidence.FactsJSON) { // what stands in for a recorder writes no facts
				asSealed(t, s, a.Name, artifact(t, c, e, a.Name))
			}
		}
	}
}

// asSealed holds an artifact against SCHEMA.md, if it is JSON of ours.
func asSealed(t *testing.T, s *schematest.Schema, name string, text []byte) {
	t.Helper()
	switch name {
	case evidence.AddressesJSONL, evidence.CluesJSONL, evidence.SkippedJSONL, evidence.ActionsJSONL, evidence.ConsoleJSONL, evidence.AnswersJSONL:
		s.Lines(t, name, text)
	case evidence.IntakeJSON, evidence.ComparisonJSON, evidence.CrawlJSON, evidence.SessionJSON, evidence.ExecutionJSON, evidence.CaptureJSON, evidence.FactsJSON, evidence.CookiesJSON, evidence.RedactionJSON:
		s.Document(t, name, text)
	}
}

func artifact(t *testing.T, c *casefile.Case, e casefile.Exhibit, name string) []byte {
	t.Helper()
	r, err := c.OpenArtifact(t.Context(), e.Entry, name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestSchemaOfAPacket holds a packet, and the case that it was built of, against SCHEMA.md.
func TestSchemaOfAPacket(t *testing.T) {
	s := schematest.Read(t)
	w, c, id := packetCase(t)
	targets, err := w.Targets(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Override(t.Context(), c, application.Override{Target: targets[0].ID, Rule: "owner", Reason: "looked at", Person: "李大同"}, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "X01.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file}); err != nil {
		t.Fatal(err)
	}
	asWritten(t, s, c)
	papers, err := c.Papers(id)
	if err != nil {
		t.Fatal(err)
	}
	s.Document(t, "summary of papers", papers.Summary)
	for _, name := range []string{"02_附表一_扣押標的.json", "05_誤傷檢查.json"} {
		s.Document(t, name, packed(t, file, name))
	}
	s.Lines(t, packet.EntriesPath, packed(t, file, packet.EntriesPath))
	var proofs []json.RawMessage
	if err := json.Unmarshal(packed(t, file, packet.ProofsPath), &proofs); err != nil || len(proofs) == 0 {
		t.Fatalf("%d proofs: %v", len(proofs), err)
	}
	for _, p := range proofs {
		s.Document(t, packet.ProofsPath, p)
	}
	_, data, _ := bytes.Cut(packed(t, file, packet.ViewerPath), []byte(`id="data"`))
	_, data, _ = bytes.Cut(data, []byte(">"))
	data, _, found := bytes.Cut(data, []byte("</script>"))
	if !found {
		t.Fatal("the viewer has no data")
	}
	s.Document(t, packet.ViewerPath, data)
}

// packed is a file of a packet by its path below data/.
func packed(t *testing.T, file, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/data/"+name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	t.Fatalf("no %s in the packet", name)
	return nil
}

// TestSchemaOfFrozen holds a case and a packet of an earlier build against SCHEMA.md: what has no version is version 0.
func TestSchemaOfFrozen(t *testing.T) {
	s := schematest.Read(t)
	_, c := thaw(t)
	asWritten(t, s, c)
	file := filepath.Join(frozen, "packet.zip")
	for _, name := range []string{"02_附表一_扣押標的.json", "05_誤傷檢查.json"} {
		s.Document(t, name, packed(t, file, name))
	}
	s.Lines(t, packet.EntriesPath, packed(t, file, packet.EntriesPath))
}

// TestSchemaOfFailures holds the details of entries of acts that failed against SCHEMA.md.
func TestSchemaOfFailures(t *testing.T) {
	s := schematest.Read(t)
	w, c, _, _ := bench(t, whole)
	x := captured1(t, w, c, "https://a.example/")
	_, err := w.Export(t.Context(), c, []string{x.Exhibit}, func(_, _ string, r io.Reader) error {
		_, err := io.CopyN(io.Discard, r, 4)
		if err == nil {
			err = io.ErrShortWrite
		}
		return err
	})
	if err == nil {
		t.Error("the export did not fail")
	}
	w.Config.Browser = func() (Browser, error) { return asking{}, nil }
	w.browser = nil
	r := base()
	r.URL, r.View = "https://b.example/", evidence.Desktop
	if err := w.Capture(t.Context(), c, []evidence.Request{r}, capture.NoProgress{}, func(Captured) {}); err == nil {
		t.Error("the capture did not fail")
	}
	for _, a := range []custody.Action{custody.CaptureAbandon, custody.NetworkContact, custody.ExhibitExport} {
		if len(entries(t, c, a)) == 0 {
			t.Errorf("no entry %s was made", a)
		}
	}
	asWritten(t, s, c)
}
