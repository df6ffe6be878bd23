package workbench

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/traditionalchinese"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// refusedFor is the code of the refusal that an error is; "" for none.
func refusedFor(err error) string {
	var r *RefusedError
	if !errors.As(err, &r) || len(r.Reasons) == 0 {
		return ""
	}
	return r.Reasons[0].Code
}

func taken(t *testing.T, w *Workbench, c *casefile.Case, id string, n NewStep) {
	t.Helper()
	if _, err := w.TakeStep(t.Context(), c, id, n); err != nil {
		t.Fatalf("%s: %v", n.Kind, err)
	}
}

// zipped gives the files of a packet.
func zipped(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		_, path, _ := strings.Cut(f.Name, "/")
		files[path] = string(text)
	}
	return files
}

// TestFromDraftToExecution leads an application through its life: what was approved is what leaves, what was filed cannot be changed, who executes gets
// nothing before the order and only what it grants after, and every step is in the log.
func TestFromDraftToExecution(t *testing.T) {
	w, c, id := packetCase(t)
	dir := t.TempDir()
	build := func(name string, to application.Recipient) (map[string]string, error) {
		info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, name), For: to})
		if err != nil {
			return nil, err
		}
		return zipped(t, info.File), nil
	}
	if _, err := w.TakeStep(t.Context(), c, id, NewStep{Kind: application.Approve, Person: "林二"}); refusedFor(err) != "step.papers" {
		t.Errorf("approved without papers: %v", err)
	}
	first, err := build("court.zip", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := build("early.zip", application.ForTWNIC); refusedFor(err) != "step.undecided" {
		t.Errorf("TWNIC gets something before the order: %v", err)
	}
	if runs := entries(t, c, custody.GateDecide); len(runs) != 2 || runs[0].Detail["result"] != "pass" || runs[1].Object != "D002" {
		t.Errorf("the run of the gate is not in the log: %+v", runs)
	}
	taken(t, w, c, id, NewStep{Kind: application.Approve, Person: "林二"})
	a, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	approved, err := c.Papers(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.SetShows(t.Context(), c, "W0001", "另一待證事實"); err != nil {
		t.Fatal(err)
	}
	if again, err := w.Render(t.Context(), c, id, false); err != nil || again.Entry != approved.Entry {
		t.Errorf("what was approved was made anew: %v", err)
	}
	taken(t, w, c, id, NewStep{Kind: application.File, Number: "收文1"})
	changed := a
	changed.Cause = "別的案由"
	if err := w.SetApplication(t.Context(), c, changed, ""); refusedFor(err) != "step.closed" {
		t.Errorf("an approved application was changed: %v", err)
	}
	order := &application.Ruling{Court: a.Court, Names: map[string]application.Grant{"D001": application.Narrow, "D002": application.Refused}, TermTo: w.Now().AddDate(0, 0, 100)}
	taken(t, w, c, id, NewStep{Kind: application.Order, Number: "115年度聲扣字第5號", Order: order})
	filed, err := build("filed.zip", application.ForCourt)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range first {
		if strings.HasPrefix(path, "data/0") && !strings.HasPrefix(path, "data/07") && !strings.HasPrefix(path, "data/08") && filed[path] != text {
			t.Errorf("%s is not what was approved", path)
		}
	}
	twnic, err := build("twnic.zip", application.ForTWNIC)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range twnic {
		if strings.Contains(path, "證物/") || strings.Contains(path, "聲請書") || strings.Contains(text, "shop.example") {
			t.Errorf("TWNIC gets %s", path)
		}
	}
	if log := twnic["data/07_監管鏈/custody.jsonl"]; strings.Count(log, `"application.step"`) != 2 || strings.Count(log, `"order.record"`) != 1 || strings.Contains(log, `"action":"exhibit.admit"`) {
		t.Errorf("the log of TWNIC's packet is not that of its order: %.3000s", log)
	}
	if zone := twnic["data/06_執行/rpz.zone"]; !strings.Contains(zone, "vip-invest.example") || strings.Contains(zone, "*.vip-invest.example") {
		t.Errorf("the zone is not what was granted: %s", zone)
	}
	due, err := w.Deadlines(c)
	if err != nil || !slices.ContainsFunc(due, func(d application.Deadline) bool { return d.ID == "appeal" }) {
		t.Errorf("%+v, %v", due, err)
	}
	taken(t, w, c, id, NewStep{Kind: application.Execute})
	if logged := entries(t, c, custody.ApplicationStep); len(logged) != 3 || logged[0].Detail["person"] != "林二" || logged[0].Detail["papers"] == "" {
		t.Errorf("%+v", logged)
	}
}

// TestPacketOfEveryType builds and verifies a packet of every type of application out of one case.
func TestPacketOfEveryType(t *testing.T) {
	w, c, first := packetCase(t)
	types, err := w.ApplicationTypes()
	if err != nil {
		t.Fatal(err)
	}
	old, err := w.Application(c, first)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range types {
		made, err := w.NewApplication(t.Context(), c, everyField(kind, old))
		if err != nil {
			t.Fatal(err)
		}
		info, err := w.BuildPacket(t.Context(), c, made.ID, PacketOptions{File: filepath.Join(t.TempDir(), kind.ID+".zip")})
		if err != nil {
			t.Errorf("%s: %v", kind.ID, err)
			continue
		}
		if r, err := w.Verify(t.Context(), info.File, VerifyOptions{}); err != nil || len(r.Findings) > 0 {
			t.Errorf("%s: %+v, %v", kind.ID, r, err)
		}
	}
}

// TestLetGo follows a name from its seizure to its release: whoever executes the first order is not told to stop it any more, the release itself stops
// nothing, and where nothing is left there is no packet. The police get what was approved.
func TestLetGo(t *testing.T) {
	w, c, id := packetCase(t)
	dir := t.TempDir()
	build := func(name, id string, to application.Recipient) (map[string]string, error) {
		info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, name), For: to})
		if err != nil {
			return nil, err
		}
		return zipped(t, info.File), nil
	}
	built := func(name, id string, to application.Recipient) map[string]string {
		t.Helper()
		files, err := build(name, id, to)
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	court := built("court.zip", id, application.ForCourt)
	old, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]application.Grant{"D001": application.Granted, "D002": application.Granted}
	taken(t, w, c, id, NewStep{Kind: application.Approve, Person: "林二"})
	taken(t, w, c, id, NewStep{Kind: application.File})
	taken(t, w, c, id, NewStep{Kind: application.Order, Number: "115年度聲扣字第5號", Order: &application.Ruling{Names: all}})
	if err := w.SetShows(t.Context(), c, "W0001", "另一待證事實"); err != nil {
		t.Fatal(err)
	}
	for path, text := range built("police.zip", id, application.ForPolice) {
		if strings.HasPrefix(path, "data/0") && !strings.HasPrefix(path, "data/07") && !strings.HasPrefix(path, "data/08") && court[path] != text {
			t.Errorf("the police get another %s than was approved", path)
		}
	}
	const zone = "data/06_執行/rpz.zone"
	if text := built("before.zip", id, application.ForTWNIC)[zone]; !strings.Contains(text, "vip-invest.example") || !strings.Contains(text, "shop.example") {
		t.Errorf("before the release: %s", text)
	}
	release, err := w.NewApplication(t.Context(), c, releaseOf(t, w, old))
	if err != nil {
		t.Fatal(err)
	}
	built("release.zip", release.ID, application.ForCourt)
	taken(t, w, c, release.ID, NewStep{Kind: application.Approve, Person: "林二"})
	taken(t, w, c, release.ID, NewStep{Kind: application.File})
	let := map[string]application.Grant{"D001": application.Refused, "D002": application.Granted}
	taken(t, w, c, release.ID, NewStep{Kind: application.Order, Number: "115年度聲字第9號", Order: &application.Ruling{Names: let}})
	after := built("after.zip", id, application.ForTWNIC)
	if !strings.Contains(after[zone], "vip-invest.example") || strings.Contains(after[zone], "shop.example") || strings.Contains(after["data/06_執行/domains.csv"], "shop.example") {
		t.Errorf("a name that was let go is stopped again: %s", after[zone])
	}
	gone := built("gone.zip", release.ID, application.ForTWNIC)
	if _, stops := gone[zone]; stops || !strings.Contains(gone["data/06_執行/domains.csv"], "shop.example") || strings.Contains(gone["data/06_執行/domains.csv"], "vip-invest") {
		t.Errorf("the release: %v", gone)
	}
	for _, check := range []string{id, release.ID} {
		a, err := w.Application(c, check)
		if err != nil {
			t.Fatal(err)
		}
		if left, err := w.ordered(c, a); err != nil || len(left) > 1 || len(left) == 1 && (check != id || left[0].ID != "D001") {
			t.Errorf("%s: to be stopped are %v, %v", check, left, err)
		}
	}
	taken(t, w, c, id, NewStep{Kind: application.Execute})
	taken(t, w, c, id, NewStep{Kind: application.Release, Note: "無留存之必要"})
	if _, err := build("nothing.zip", id, application.ForTWNIC); refusedFor(err) != "step.nothing" {
		t.Errorf("after the release of all: %v", err)
	}
}

// releaseOf is an application to let the names of an earlier one go, with every field filled.
func releaseOf(t *testing.T, w *Workbench, old application.Application) application.Application {
	t.Helper()
	types, err := w.ApplicationTypes()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(types, func(k application.Type) bool { return k.Restores })
	return everyField(types[i], old)
}

// everyField is an application of a type with the words and targets of an earlier one.
func everyField(kind application.Type, old application.Application) application.Application {
	a := old
	a.ID, a.Type, a.More = "", kind.ID, nil
	for _, f := range kind.Fields {
		switch {
		case f.Kind == application.EarlierField:
			kind.Set(&a, f.Name, old.ID)
		case f.Kind == application.ReasonField:
			kind.Set(&a, f.Name, "經查明【聲請人陳述】。")
		case f.Kind != application.TargetsField && f.Kind != application.SpanField && a.Field(f.Name) == "":
			kind.Set(&a, f.Name, "某"+f.Label)
		}
	}
	return a
}

// TestCalendar writes deadlines as a calendar: lines end as RFC 5545 has them, a day is a day in Taiwan, and nothing is overwritten.
func TestCalendar(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	file := filepath.Join(t.TempDir(), "a.ics")
	at := time.Date(2027, 1, 3, 15, 59, 59, 0, time.UTC)
	due := []application.Deadline{
		{Application: "S01", ID: "three", Label: "陳報期限", LabelEN: "report", From: at.AddDate(0, 0, -3), Due: at, Whole: true},
		{Application: "S01", ID: "two", Label: "執行期限", LabelEN: "execute", From: at.Add(-2 * time.Hour), Due: at},
	}
	if err := w.WriteCalendar(c, due, file, "zh-TW"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DTSTART;VALUE=DATE:20270103\r\n", "DTEND;VALUE=DATE:20270104\r\n", "DTSTART:20270103T154459Z\r\n", "DTEND:20270103T155959Z\r\n", "TRIGGER:-PT15H\r\n", "TRIGGER:-PT15M\r\n", strings.ToLower(c.Info().ID), "陳報期限", "DTSTAMP:", "UID:"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %q in\n%s", want, data)
		}
	}
	if strings.Count(string(data), "\n") != strings.Count(string(data), "\r\n") {
		t.Error("a line ends without CR")
	}
	if err := w.WriteCalendar(c, due, file, "en"); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("written over: %v", err)
	}
}

// TestMaskedPacket gives defence and public copies in place of exhibits: nothing of an original, and nothing at all while one has no copy.
func TestMaskedPacket(t *testing.T) {
	w, c, id := packetCase(t)
	file := filepath.Join(t.TempDir(), "defence.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file, For: application.ForDefence}); refusedFor(err) != "packet.unmasked" {
		t.Fatalf("built without copies: %v", err)
	}
	originals, err := w.Exhibits(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range originals {
		if _, err := w.Redact(t.Context(), c, x.Exhibit, nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file, For: application.ForDefence}); err != nil {
		t.Fatal(err)
	}
	files := zipped(t, file)
	if strings.Contains(files["data/07_監管鏈/custody.jsonl"], `"object":"W0001"`) {
		t.Error("the entries of an original travel: its hashes tell what was masked")
	}
	if len(files) < 8 || files["data/00_請先閱讀.html"] == "" {
		t.Errorf("%d files", len(files))
	}
	for path, text := range files {
		for _, x := range originals {
			if strings.Contains(path, "證物/"+x.Exhibit+"/") || strings.HasPrefix(path, "data/0") && strings.Contains(text, "vip-invest") {
				t.Errorf("%s tells of the original", path)
			}
		}
	}
}

// TestLossesOfACase admits a table as a complaint, keeps what another exhibit reports, and admits nothing of a table that cannot be read.
func TestLossesOfACase(t *testing.T) {
	w, c, id := packetCase(t)
	before, err := w.Losses(c)
	if err != nil || len(before) != 14 {
		t.Fatalf("%d losses, %v", len(before), err)
	}
	table := func(row string) io.Reader {
		return strings.NewReader("被害人,日期,金額,標的\n甲,115/11/02,100,D002\n" + row)
	}
	if _, err := w.ImportLosses(t.Context(), c, NewLosses{Source: Source{File: "bad.csv"}}, table("乙,明天,1,D001\n")); refusedFor(err) != "loss.row" {
		t.Errorf("half a table was taken: %v", err)
	}
	if _, err := w.ImportLosses(t.Context(), c, NewLosses{Exhibit: "W0999"}, table("")); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("losses of no exhibit: %v", err)
	}
	if after, err := w.Losses(c); err != nil || len(after) != 14 {
		t.Errorf("%d losses after what was refused, %v", len(after), err)
	}
	file, err := w.AddFile(t.Context(), c, NewFile{MediaType: "application/pdf", Source: Source{File: "筆錄.pdf"}}, strings.NewReader("%PDF"))
	if err != nil {
		t.Fatal(err)
	}
	for _, amount := range []string{"乙,115/11/03,200,D002\n", "乙,115/11/03,300,D002\n"} {
		if _, err := w.ImportLosses(t.Context(), c, NewLosses{Exhibit: file.Exhibit}, table(amount)); err != nil {
			t.Fatal(err)
		}
	}
	if after, err := w.Losses(c); err != nil || len(after) != 16 || after[15].Amount != 300 || after[15].Exhibit != file.Exhibit {
		t.Errorf("%+v, %v", after, err)
	}
	once := NewLosses{Source: Source{File: "165.csv"}}
	got, err := w.ImportLosses(t.Context(), c, once, table(""))
	if err != nil || got.Columns["amount"] != "金額" {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := w.ImportLosses(t.Context(), c, once, table("")); refusedFor(err) != "loss.twice" {
		t.Errorf("the same table is taken in twice: %v", err)
	}
	if err := w.DropLosses(t.Context(), c, "W0001", "誤載"); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("what reports no loss is taken back: %v", err)
	}
	if err := w.DropLosses(t.Context(), c, got.Exhibit, "與筆錄重複"); err != nil {
		t.Fatal(err)
	}
	if after, err := w.Losses(c); err != nil || len(after) != 16 {
		t.Errorf("%d losses after one table was taken back, %v", len(after), err)
	}
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(t.TempDir(), "X01.zip")})
	if err != nil {
		t.Fatal(err)
	}
	if files := zipped(t, info.File); files["data/證物/"+file.Exhibit+"/筆錄.pdf"] == "" {
		t.Error("what reports a loss does not travel with it")
	}
}

// TestSupplement adds a target to what was asked for before: its words come along, its exhibits too, and the paper shows old and new.
func TestSupplement(t *testing.T) {
	w, c, id := packetCase(t)
	if _, err := w.Supplement(t.Context(), c, id, []string{"D001"}); refusedFor(err) != "supplement.target" {
		t.Errorf("what is asked for already is added: %v", err)
	}
	if _, err := w.Supplement(t.Context(), c, id, []string{"D009"}); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("a target that there is not: %v", err)
	}
	target, err := w.AddTarget(t.Context(), c, NewTarget{Name: "join.vip-invest.example", Scope: application.Exact})
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Supplement(t.Context(), c, id, []string{target.ID})
	if err != nil {
		t.Fatal(err)
	}
	old, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	if made.Field("of") != id || !strings.HasPrefix(made.Facts, old.Facts+"\n〔待補：追加標的 "+target.ID) || made.Court != old.Court || !slices.Equal(made.Targets, []string{target.ID}) || made.Period != old.Period {
		t.Errorf("%+v", made)
	}
	if !strings.Contains(made.Field("continuity"), "〔待補") || !strings.Contains(made.Reasons.Necessity, "【證") {
		t.Errorf("drafted anew: %s, %s", made.Field("continuity"), made.Reasons.Necessity)
	}
}

// TestChangedBack: papers stand where what they are made of was changed and changed back; and what is reported after they were approved changes nothing
// of them, nor keeps their packet from being written.
func TestChangedBack(t *testing.T) {
	w, c, id := packetCase(t)
	if _, err := w.Render(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	more := func() string {
		got, err := w.ImportLosses(t.Context(), c, NewLosses{Source: Source{File: "more.csv"}}, strings.NewReader("被害人,日期,金額,標的\n王小明,115/11/02,100,D001\n"))
		if err != nil {
			t.Fatal(err)
		}
		return got.Exhibit
	}
	if err := w.DropLosses(t.Context(), c, more(), "誤載"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.TakeStep(t.Context(), c, id, NewStep{Kind: application.Approve, Person: "林二"}); err != nil {
		t.Fatalf("papers that were changed back are none: %v", err)
	}
	late := more()
	reported := func() string {
		list, err := w.Losses(c)
		if err != nil || len(list) == 0 {
			t.Fatal(err)
		}
		return list[0].Exhibit
	}()
	if err := w.DropLosses(t.Context(), c, reported, "撤回告訴"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D001", TargetChange{Victims: new(99)}, "新報案"); err != nil {
		t.Fatal(err)
	}
	if found, err := w.Lint(t.Context(), c, id); err != nil || len(found) > 0 {
		t.Errorf("what came later is held against what was approved: %v, %v", found, err)
	}
	file := filepath.Join(t.TempDir(), "X01.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file}); err != nil {
		t.Fatalf("what was reported later: %v", err)
	}
	there := false
	for path := range zipped(t, file) {
		if strings.Contains(path, late) {
			t.Errorf("%s was not approved", path)
		}
		there = there || strings.HasPrefix(path, "data/證物/"+reported+"/")
	}
	if !there {
		t.Errorf("%s, which the papers cite, was taken out", reported)
	}
}

// TestVictimsAreMasked: the names of victims that the case knows are masked in every copy, without anybody having to write them down; what an office
// calls a victim instead stays, so that the copy can be read.
func TestVictimsAreMasked(t *testing.T) {
	w, c, _ := packetCase(t)
	big5, err := traditionalchinese.Big5.NewEncoder().String("被害人,日期,金額,標的\n王小明,115/11/02,100,D001\n被害人B,115/11/02,100,D001\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"被害人姓名,日期,金額,標的\n王小明,115/11/02,100,D001\n被害人B,115/11/02,100,D001\n", big5} {
		got, err := w.ImportLosses(t.Context(), c, NewLosses{Source: Source{File: "165.csv"}}, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		masked, err := w.Redact(t.Context(), c, got.Exhibit, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(masked.Redaction.Artifacts) != 1 || masked.Redaction.Artifacts[0].LeftOut != "" || masked.Redaction.Artifacts[0].Masked[evidence.RedactWord] != 1 {
			t.Errorf("%+v", masked.Redaction.Artifacts)
		}
	}
}

// TestSetTarget corrects what is said of a target, with its reason in the log; how far the name reaches stands once it was approved.
func TestSetTarget(t *testing.T) {
	w, c, id := packetCase(t)
	wide, none, nothing := application.Subdomains, 0, int64(0)
	narrow := application.Exact
	got, err := w.SetTarget(t.Context(), c, "D002", TargetChange{Scope: &wide, ScopeReason: new("子網域亦為同一網站"), Victims: &none, Amount: &nothing}, "誤載")
	if err != nil || got.Scope != wide || got.Victims != 0 || got.Name != "shop.example" {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D002", TargetChange{Scope: &narrow}, "復原"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D002", TargetChange{Victims: new(-1)}, "誤"); refusedFor(err) != "target.figures" {
		t.Errorf("fewer victims than none: %v", err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D009", TargetChange{}, "無"); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("a target that there is not: %v", err)
	}
	if _, err := w.Render(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.TakeStep(t.Context(), c, id, NewStep{Kind: application.Approve, Person: "林二"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D002", TargetChange{Scope: &wide}, "擴張"); refusedFor(err) != "target.closed" {
		t.Errorf("what was approved reaches further: %v", err)
	}
	if _, err := w.SetTarget(t.Context(), c, "D002", TargetChange{Note: new("備註")}, "補註"); err != nil {
		t.Error(err)
	}
}

// TestDropTarget takes back a target that is none: nothing lists it, its name can be a target again, under another number, and one that an application
// names stays.
func TestDropTarget(t *testing.T) {
	w, c, id := packetCase(t)
	if err := w.DropTarget(t.Context(), c, "D002", "誤列"); refusedFor(err) != "target.named" {
		t.Errorf("a target of an application: %v", err)
	}
	a, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	a.Targets = []string{"D001"}
	if err := w.SetApplication(t.Context(), c, a, "誤列"); err != nil {
		t.Fatal(err)
	}
	if err := w.DropTarget(t.Context(), c, "D002", "誤列"); err != nil {
		t.Fatal(err)
	}
	if list, err := w.Targets(c); err != nil || len(list) != 1 || list[0].ID != "D001" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := w.DropTarget(t.Context(), c, "D002", "再次"); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("dropped twice: %v", err)
	}
	if again, err := w.AddTarget(t.Context(), c, NewTarget{Name: "shop.example", Scope: application.Exact}); err != nil || again.ID != "D003" {
		t.Errorf("%+v, %v", again, err)
	}
}

// TestReleaseFollows: a release takes over the heads of what it goes with, the number of its order, and the names that were granted.
func TestReleaseFollows(t *testing.T) {
	w, c, id := packetCase(t)
	if _, err := w.Render(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	for _, n := range []NewStep{
		{Kind: application.Approve, Person: "林二"},
		{Kind: application.File},
		{Kind: application.Order, Number: "115年度聲扣字第5號", Order: &application.Ruling{Names: map[string]application.Grant{"D001": application.Granted, "D002": application.Refused}}},
	} {
		if _, err := w.TakeStep(t.Context(), c, id, n); err != nil {
			t.Fatal(err)
		}
	}
	old, err := w.Application(c, id)
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.NewApplication(t.Context(), c, application.Application{Type: "release", More: map[string]string{"of": id}})
	if err != nil {
		t.Fatal(err)
	}
	if made.Court != old.Court || made.Prosecutor != old.Prosecutor || made.Number != old.Number || made.Field("order_number") != "115年度聲扣字第5號" || !slices.Equal(made.Targets, []string{"D001"}) || made.Facts == old.Facts {
		t.Errorf("%+v", made)
	}
}
