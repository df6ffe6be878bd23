package workbench

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yuzheng/app/training/script"
	"yuzheng/assets"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/stamp/tsa"
)

// unboxed takes away the boxes in which papers set names, so that words are found as they are read.
var unboxed = strings.NewReplacer(`<span class="n">`, "", "</span>", "", "<wbr>", "")

// printer is a teller that prints: a paper's PDF is a page with its HTML as a comment. What a browser prints is tested with a browser.
type printer struct{ *teller }

func (printer) Print(_ context.Context, papers iter.Seq[func() ([]byte, error)], _ bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for paper := range papers {
			html, err := paper()
			if !yield(asPDF(html), err) || err != nil {
				return
			}
		}
	}
}

func asPDF(html []byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	for line := range bytes.Lines([]byte(unboxed.Replace(string(html)))) {
		b.WriteString("%" + strings.TrimRight(string(line), "\r\n") + "\n")
	}
	var at []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

// packetCase is the training case up to its application, with what a recorder would have told.
func packetCase(t *testing.T) (*Workbench, *casefile.Case, string) {
	t.Helper()
	part := func(name string) fs.FS {
		f, err := fs.Sub(map[string]fs.FS{"documents": assets.Documents, "data": assets.Data, "viewer": assets.Viewer}[name], name)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	w, c, b, clock := bench(t, whole)
	w.Config = Config{
		Browser: func() (Browser, error) { return printer{b}, nil }, Now: clock.now, HTTP: http.DefaultClient,
		Papers: part("documents"), Lists: part("data"), Viewer: part("viewer"), Version: "test",
	}
	a, err := tsa.Start(clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	training, err := script.Read(w.Lists)
	if err = errors.Join(err, w.SetTSA(t.Context(), c, []string{a.URL})); err != nil {
		t.Fatal(err)
	}
	for _, p := range training.Captures {
		for _, v := range p.Views {
			r := base()
			r.URL, r.View = p.URL, v
			if _, err := w.captureOne(t.Context(), c, r, "", capture.NoProgress{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, n := range training.Targets {
		if _, err := w.AddTarget(t.Context(), c, NewTarget{Name: n.Name, Scope: n.Scope, ScopeReason: n.ScopeReason, SiteKind: n.SiteKind}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.ImportLosses(t.Context(), c, NewLosses{Source: Source{File: training.Complaint.File}}, bytes.NewReader(training.Complaint.CSV())); err != nil {
		t.Fatal(err)
	}
	made, err := w.NewApplication(t.Context(), c, training.Application)
	if err != nil {
		t.Fatal(err)
	}
	return w, c, made.ID
}

// TestBuildPacket builds a packet with the real use case: each step is told from its beginning to its end, the log says what came of it, and
// what does not travel is counted alike in the paper and in bag-info.txt.
func TestBuildPacket(t *testing.T) {
	w, c, id := packetCase(t)
	var steps []string
	last := map[string]int{}
	calls := 0
	told := func(step string, done, total int) {
		calls++
		if len(steps) == 0 || steps[len(steps)-1] != step {
			steps = append(steps, step)
		}
		if done < last[step] || done > total {
			t.Errorf("%s goes from %d to %d of %d", step, last[step], done, total)
		}
		if last[step] = done; done == total {
			last[step+" ended"] = 1
		}
	}
	file := filepath.Join(t.TempDir(), "X01.zip")
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file, Progress: told})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(steps, []string{stepPapers, stepPack, stepVerify}) || calls > 303 || last["papers ended"]+last["pack ended"]+last["verify ended"] != 3 {
		t.Errorf("%d calls: %q %v", calls, steps, last)
	}
	logged := entries(t, c, custody.PacketBuild)
	if len(logged) != 2 || logged[1].Detail[detailResult] != "written" || logged[1].Detail["sha256"] != info.SHA256 || logged[1].Detail["file"] != "X01.zip" {
		t.Errorf("%+v", logged)
	}
	countsAgree(t, w, c, file)

	again := filepath.Join(t.TempDir(), "again.zip")
	same, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: again})
	if err != nil || same.SHA256 != info.SHA256 {
		t.Errorf("built again: %v %+v", err, same)
	}
}

// TestSealsTravel holds two packets of one case against each other's seals: the later contains the earlier one's history, the earlier is older.
func TestSealsTravel(t *testing.T) {
	w, c, id := packetCase(t)
	files := []string{filepath.Join(t.TempDir(), "X01.zip"), filepath.Join(t.TempDir(), "X02.zip")}
	for i, file := range files {
		if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file}); err != nil {
			t.Fatal(err)
		}
		a, err := w.Application(c, id)
		if err == nil {
			a.Cause += fmt.Sprint(i)
			err = w.SetApplication(t.Context(), c, a, "更正")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{packet.SealAfter, packet.SealWithin} {
		r, err := w.Verify(t.Context(), files[i], VerifyOptions{Seal: files[1-i]})
		if err != nil || r.Whose.Seal != want {
			t.Errorf("%s: %v %+v", files[i], err, r.Whose)
		}
	}
	if _, err := w.Verify(t.Context(), files[0], VerifyOptions{Seal: "packet_test.go"}); !errors.Is(err, packet.ErrNotSeal) {
		t.Errorf("a file that is no seal: %v", err)
	}
}

// countsAgree compares what the custody paper and bag-info.txt say of entries left out with the entries that travel.
func countsAgree(t *testing.T, w *Workbench, c *casefile.Case, file string) {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	text := func(name string) string {
		i := slices.IndexFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, "/"+name) })
		r, err := z.File[i].Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	_, info, _ := strings.Cut(text("bag-info.txt"), "Custody-Entries-Left-Out: ")
	number, kinds, _ := strings.Cut(strings.SplitN(info, "\n", 2)[0], " ")
	travel := strings.Count(text(packet.EntriesPath), "\n")
	papers, build := entries(t, c, custody.DocumentRender)[0].Number, entries(t, c, custody.PacketBuild)[0].Number
	left, err := strconv.Atoi(number)
	if err != nil || int64(left+travel) != build || !strings.HasPrefix(kinds, "(entries 1-"+strconv.FormatInt(build-1, 10)+"): ") || !strings.Contains(kinds, "record.put") {
		t.Errorf("%d left out and %d travel, of %d: %s", left, travel, build, info)
	}
	before := int(papers) - 1 - (travel - 2) // less document.render and packet.build, which come after the paper
	for _, want := range []string{"第1筆至第" + strconv.FormatInt(papers-1, 10) + "筆", "至該時計" + strconv.Itoa(before) + "筆，未隨附", "建立移交包各一筆載於 custody.jsonl"} {
		if !strings.Contains(text("data/07_監管鏈.pdf"), want) {
			t.Errorf("the paper does not say %s", want)
		}
	}
	report, err := packet.Verify(t.Context(), file, packet.Options{})
	if err != nil || report.SealSize != build || report.Left != int64(left) || report.Left == int64(before) {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestBuildPacketFails has no place to write to: the log says that the file was not written, nothing is left behind, and the next try takes the
// same entry.
func TestBuildPacketFails(t *testing.T) {
	w, c, id := packetCase(t)
	away := filepath.Join(t.TempDir(), "no", "such", "folder.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: away}); err == nil {
		t.Fatal("a packet in no folder")
	}
	logged := entries(t, c, custody.PacketBuild)
	if len(logged) != 2 || logged[1].Detail[detailResult] != "not written" || logged[1].Detail[casefile.DetailFailed] == "" {
		t.Fatalf("%+v", logged)
	}
	dir := t.TempDir()
	there := filepath.Join(dir, "X01.zip")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: there}); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("over a file: %v", err)
	}
	if n := len(entries(t, c, custody.PacketBuild)); n != 2 {
		t.Errorf("%d entries after a refusal", n)
	}
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, "X01-2.zip")})
	if err != nil || info.Entry != logged[0].Number || info.ID != logged[0].Object {
		t.Errorf("the next try: %v %+v", err, info)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("left behind: %v %v", list, err)
	}
}

// TestOffice begins an application with the office of who works, or of the first who has one, and names the office once on the execution sheet.
func TestOffice(t *testing.T) {
	for _, try := range []struct {
		who  custody.Operator
		want string
	}{
		{custody.Operator{}, "甲地檢"},
		{custody.Operator{Name: "李大同"}, "甲地檢"},
		{custody.Operator{Name: "李大同", Office: "乙地檢"}, "乙地檢"},
	} {
		dir := filepath.Join(t.TempDir(), "case")
		data, err := fs.Sub(assets.Data, "data")
		if err != nil {
			t.Fatal(err)
		}
		w := New(Config{Now: time.Now, Lists: data})
		c, _, err := w.CreateCase(t.Context(), NewCase{Dir: dir, Number: "115偵1", Title: "x", Passphrase: "x", Operator: custody.Operator{Name: "王小明", Office: "甲地檢"}})
		if err == nil {
			err = c.Close()
		}
		if err == nil {
			c, err = w.OpenCase(t.Context(), dir, casefile.Passphrase("x"), try.who)
		}
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.NewApplication(t.Context(), c, application.Application{Type: "prosecutor-seizure"})
		if err != nil || a.Office != try.want {
			t.Errorf("%v: %q, %v", try.who, a.Office, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	whom := custody.Operator{Name: "王小明", Title: "檢察事務官", Office: "甲地檢"}
	if got := contact(whom, "甲地檢"); got != "檢察事務官 王小明" {
		t.Errorf("at the office itself: %q", got)
	}
	if got := contact(whom, "乙地檢"); got != "甲地檢 檢察事務官 王小明" {
		t.Errorf("at another office: %q", got)
	}
}
