package workbench

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile"
	"yuzheng/casefile/packet"
)

// TestKnownKeys adds, lists and takes off: the list says when and by whom, forgets nothing, belongs to its owner alone, and a spoiled one is no list.
func TestKnownKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config", "known-keys.jsonl")
	now := time.Date(2026, 11, 29, 7, 0, 0, 0, time.UTC)
	w := New(Config{Known: file, Now: func() time.Time { return now }})
	if list, err := w.KnownKeys(); err != nil || len(list) != 0 {
		t.Fatalf("%v %v", list, err)
	}
	one, two := packet.KnownKey{Fingerprint: "11111", Office: "甲署"}, packet.KnownKey{Fingerprint: "22222", Office: "乙署", Number: "115偵1"}
	for _, k := range []packet.KnownKey{one, two, one} {
		if added, err := w.AddKnownKey(k); err != nil || added.KnownKey != k || added.By == "" || !added.Time.Equal(now) {
			t.Fatalf("%+v %v", added, err)
		}
	}
	if list, err := w.KnownKeys(); err != nil || len(list) != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := w.AddKnownKey(packet.KnownKey{Fingerprint: "33333", Office: "  "}); !errors.Is(err, casefile.ErrName) {
		t.Errorf("of no office: %v", err)
	}
	if err := w.RemoveKnownKey("11111"); err != nil {
		t.Fatal(err)
	}
	if err := w.RemoveKnownKey("11111"); !errors.Is(err, casefile.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if list, err := w.KnownKeys(); err != nil || len(list) != 1 || list[0].KnownKey != two {
		t.Errorf("%+v %v", list, err)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 4 || strings.Count(string(text), `"by":"`) != 4 {
		t.Errorf("%s %v", text, err)
	}
	for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
	}
	if err := os.WriteFile(file, append(text, "spoiled\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.KnownKeys(); err == nil {
		t.Error("a spoiled list is read")
	}
	if _, err := w.AddKnownKey(one); err == nil {
		t.Error("a spoiled list is added to")
	}
	if _, err := w.Verify(t.Context(), t.TempDir(), VerifyOptions{}); err == nil || errors.Is(err, ErrNoPacket) {
		t.Errorf("a packet is judged by a spoiled list: %v", err)
	}
}
