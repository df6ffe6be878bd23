package workbench

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
)

// TestPacketHashes: the list has the packet's own hash and that of every file, as sha256sum gives them; a spoiled packet and a folder give none.
func TestPacketHashes(t *testing.T) {
	w, c, id := packetCase(t)
	dir := t.TempDir()
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.PacketHashes(t.Context(), info.File)
	if err != nil || list.SHA256 != info.SHA256 || list.Size != info.Size || list.Packet != info.Name {
		t.Fatalf("%+v %v", list, err)
	}
	files := members(t, info.File)
	if len(files) != len(list.Files) {
		t.Errorf("%d files, %d in the list", len(files), len(list.Files))
	}
	for _, f := range list.Files {
		if sum := sha256.Sum256(files[f.Path]); f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(files[f.Path])) {
			t.Errorf("%+v", f)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(list.CSV(), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != len(files)+2 || !slices.Equal(rows[1][:2], []string{filepath.Base(info.File), info.SHA256}) || rows[2][0] != list.Files[0].Path {
		t.Errorf("%v %v", rows[:2], err)
	}
	data, err := os.ReadFile(info.File)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	spoiled := filepath.Join(dir, "spoiled.zip")
	if err := os.WriteFile(spoiled, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := w.PacketHashes(t.Context(), spoiled); !errors.Is(err, ErrMismatch) || list.Files != nil {
		t.Errorf("spoiled: %v %+v", err, list)
	}
	if _, err := w.PacketHashes(t.Context(), dir); !errors.Is(err, ErrNoPacket) {
		t.Errorf("a folder: %v", err)
	}
}

// TestReceipt: what an agency answers about a packet is kept with its paper, found again, and told of no packet that was never written.
func TestReceipt(t *testing.T) {
	w, c, id := packetCase(t)
	r := Receipt{Packet: "X01", Number: " 115-0000123 ", At: "115年11月30日 10:20", By: "法務部調查局"}
	if _, err := w.AddReceipt(t.Context(), c, r, NewFile{}, nil); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("of no packet: %v", err)
	}
	info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	before := c.Info()
	for name, bad := range map[string]func(*Receipt){
		"no number": func(r *Receipt) { r.Number = " " }, "two lines": func(r *Receipt) { r.By = "a\nb" },
		"too long":     func(r *Receipt) { r.At = strings.Repeat("年", 201) },
		"another file": func(r *Receipt) { r.SHA256 = strings.Repeat("0", 64) },
	} {
		wrong := r
		bad(&wrong)
		if _, err := w.AddReceipt(t.Context(), c, wrong, NewFile{}, strings.NewReader("x")); err == nil {
			t.Errorf("%s is recorded", name)
		}
	}
	if now := c.Info(); now.Entries != before.Entries || now.Exhibits != before.Exhibits {
		t.Errorf("what was refused left %d entries", now.Entries-before.Entries)
	}
	got, err := w.AddReceipt(t.Context(), c, r, NewFile{MediaType: "application/pdf", Source: Source{File: "收據.pdf"}}, strings.NewReader("%PDF"))
	if err != nil || got.Number != "115-0000123" || got.SHA256 != info.SHA256 || got.Exhibit == "" {
		t.Fatalf("%+v %v", got, err)
	}
	x, err := w.Exhibit(c, got.Exhibit)
	if err != nil || x.Source == nil || x.Source.From != r.By || x.Source.Received != r.At || x.Source.Reason != "115-0000123" {
		t.Errorf("%+v %v", x.Source, err)
	}
	logged := entries(t, c, custody.PacketReceipt)
	if len(logged) != 1 || logged[0].Object != "X01" || logged[0].Detail["registration"] != "115-0000123" || logged[0].Detail["exhibit"] != got.Exhibit {
		t.Errorf("%+v", logged)
	}
	list, err := w.Packets(c)
	if err != nil || len(list) != 1 || len(list[0].Written) != 1 || list[0].Written[0].SHA256 != info.SHA256 || !slices.Equal(list[0].Receipts, []Receipt{got}) {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := w.AddReceipt(t.Context(), c, r, NewFile{}, nil); !errors.Is(err, casefile.ErrExists) {
		t.Errorf("twice: %v", err)
	}
	again, err := w.BuildPacket(t.Context(), c, id, PacketOptions{Dir: t.TempDir()})
	if err != nil || again.SHA256 != info.SHA256 {
		t.Errorf("the packet after its receipt: %v %+v", err, again)
	}
}
