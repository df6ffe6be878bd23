package workbench

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yuzheng/app/office"
	"yuzheng/assets"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
)

// amended is an article in the words of an office, which the training case cites.
const amended = `{"version": "府令9", "date": "2026-11-25", "source": "總統府公報", "limit_days": 400, "articles": [
 {"id": "ccp-133-1p", "law": "刑事訴訟法", "pcode": "C0010001", "article": "第133條第1項", "as_of": "2026-11-20", "kind": "quote", "text": "（機關修正之條文）"}]}`

// underOffice gives the workbench a data folder of one list.
func underOffice(t *testing.T, w *Workbench, list, text string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "data", list+".json")
	if err := errors.Join(os.Chmod(dir, 0o700), os.Mkdir(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	data, err := fs.Sub(assets.Data, "data")
	papers, err2 := fs.Sub(assets.Documents, "documents")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	w.Office = office.New(dir, data, papers)
	w.Lists, w.Papers = w.Office.Data(), w.Office.Documents()
	sum, err := w.Office.SHA256()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// readPapers gives every file of a set of papers.
func readPapers(t *testing.T, c *casefile.Case, papers casefile.Exhibit) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, a := range papers.Artifacts {
		f, err := c.OpenArtifact(t.Context(), papers.Entry, a.Name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		files[a.Name] = string(text)
	}
	return files
}

func codes(found []application.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code)
	}
	return list
}

// TestAmendedLaw renders an application, amends an article in the data folder of the office, and asks again: the papers and the packet stay as they
// are, byte for byte, and it is said. What is rendered anew on purpose, or for the first time, prints the article with its version, the log says by
// which folder, and the older papers are still there.
func TestAmendedLaw(t *testing.T) {
	w, c, id := packetCase(t)
	first, err := w.Render(t.Context(), c, id, false)
	if err != nil {
		t.Fatal(err)
	}
	old := readPapers(t, c, first)
	const paper = "01_聲請書.pdf"
	if !strings.Contains(old[paper], "可為證據或得沒收之物，得扣押之。") || !strings.Contains(old[paper], "已逾180日，應查對") {
		t.Errorf("%s does not print its articles with their age", paper)
	}
	before := build(t, w, c, id)
	n, err := w.Notices(t.Context(), c, id)
	if said := codes(n); err != nil || !slices.Contains(said, "notice.data.articles") || slices.Contains(said, "notice.data.differs") {
		t.Errorf("%v %v", said, err)
	}

	sum := underOffice(t, w, "statutes", amended)
	kept, err := w.Render(t.Context(), c, id, false)
	if err != nil || kept.Entry != first.Entry {
		t.Fatalf("entry %d became %d, %v", first.Entry, kept.Entry, err)
	}
	if after := build(t, w, c, id); after.SHA256 != before.SHA256 || after.ID != before.ID {
		t.Errorf("packet %+v became %+v", before, after)
	}
	n, err = w.Notices(t.Context(), c, id)
	if err != nil || !slices.Contains(codes(n), "notice.data.differs") || slices.ContainsFunc(n, func(f application.Finding) bool { return !f.Notice }) {
		t.Errorf("%+v %v", n, err)
	}

	again, err := w.RenderAgain(t.Context(), c, id, false)
	if err != nil || again.Entry == first.Entry {
		t.Fatalf("entry %d, %v", again.Entry, err)
	}
	anew := readPapers(t, c, again)
	for _, want := range []string{"「（機關修正之條文）」", "資料日期115年11月25日，版本府令9（機關資料）", "115年11月20日之條文", "總統府公報"} {
		if !strings.Contains(anew[paper], want) {
			t.Errorf("%s does not say %s", paper, want)
		}
	}
	if text := anew["09_技術說明.pdf"]; !strings.Contains(text, "府令9（機關資料）") || !strings.Contains(text, "範本：annex、application、") {
		t.Error("the technical paper does not name the office's article and the templates")
	}
	if now := readPapers(t, c, first); !maps.Equal(now, old) {
		t.Error("the older papers are not what they were")
	}
	for e, err := range c.Entries(again.Entry) {
		if err != nil || e.Action != custody.DocumentRender || e.Detail[detailOffice] != sum || e.Detail[detailOfficeItems] != "ccp-133-1p 府令9" {
			t.Errorf("%+v, %v", e, err)
		}
		break
	}
	for _, e := range entries(t, c, custody.DocumentRender)[:1] {
		if e.Detail[detailOffice] != "" {
			t.Errorf("%+v", e.Detail)
		}
	}
	if n, err := w.Notices(t.Context(), c, id); err != nil || slices.Contains(codes(n), "notice.data.differs") {
		t.Errorf("%v %v", codes(n), err)
	}
	if same, err := w.Render(t.Context(), c, id, false); err != nil || same.Entry != again.Entry {
		t.Errorf("entry %d became %d, %v", again.Entry, same.Entry, err)
	}
	taken(t, w, c, id, NewStep{Kind: application.Approve, Person: "林二"})
	if _, err := w.RenderAgain(t.Context(), c, id, false); refusedFor(err) != "step.approved" {
		t.Errorf("approved papers are made anew: %v", err)
	}
}

func build(t *testing.T, w *Workbench, c *casefile.Case, id string) PacketInfo {
	t.Helper()
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(t.TempDir(), "X.zip")})
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestOldPapersMeetTheGate refuses papers that were made before, where a list of the office says today that a target is nobody's to stop.
func TestOldPapersMeetTheGate(t *testing.T) {
	w, c, id := packetCase(t)
	if _, err := w.Render(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	targets, err := w.Targets(c)
	if err != nil {
		t.Fatal(err)
	}
	underOffice(t, w, "official", `{"version": "1", "date": "2026-11-25", "source": "本署", "limit_days": 30, "groups": [
	 {"id": "government", "label": "政府機關", "label_en": "Government", "names": ["`+targets[0].Name+`"]}]}`)
	if _, err := w.Render(t.Context(), c, id, false); refusedFor(err) != "lint.gate.hard" {
		t.Errorf("the older papers: %v", err)
	}
	if _, err := w.RenderAgain(t.Context(), c, id, false); refusedFor(err) != "lint.gate.hard" {
		t.Errorf("papers made again: %v", err)
	}
}

// TestGateNamesTheOffice says in the entries of a run of the gate and of an override by which folder the gate judged.
func TestGateNamesTheOffice(t *testing.T) {
	w, c, _ := packetCase(t)
	sum := underOffice(t, w, "statutes", amended)
	targets, err := w.Targets(c)
	if err != nil {
		t.Fatal(err)
	}
	o := application.Override{Target: targets[0].ID, Rule: "owner", Person: "陳○○", Reason: "已查"}
	if err := w.Override(t.Context(), c, o, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.RunGate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	logged := entries(t, c, custody.GateDecide)
	if len(logged) != 1+len(targets) {
		t.Fatalf("%d entries for %d targets", len(logged), len(targets))
	}
	for _, e := range logged {
		if d := e.Detail; d[detailOffice] != sum || d[detailOfficeItems] != "ccp-133-1p 府令9" {
			t.Errorf("%v", d)
		}
	}
}

// TestLawText finds every item that is listed, and every article.
func TestLawText(t *testing.T) {
	w, _, _ := packetCase(t)
	underOffice(t, w, "statutes", amended)
	law, err := w.Law()
	if err != nil || len(law.Items) < 20 {
		t.Fatalf("%d items, %v", len(law.Items), err)
	}
	for _, i := range law.Items {
		got, err := w.LawText(i.ID)
		if err != nil || got.ID != i.ID || got.Version != i.Version || (got.Text == "") == (len(got.Articles) == 0) {
			t.Errorf("%s: %+v, %v", i.ID, got.LawItem, err)
		}
		if (i.ID == "ccp-133-1p") != (i.From == application.FromOffice) {
			t.Errorf("%s is from %q", i.ID, i.From)
		}
	}
	for _, id := range []string{"", "..", "statutes.json", "../data/statutes", "gate", "\x00"} {
		if _, err := w.LawText(id); !errors.Is(err, casefile.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
