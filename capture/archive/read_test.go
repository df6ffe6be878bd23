package archive_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"yuzheng/capture/archive"
)

// What was written comes back: each body that is wanted, byte for byte, and no other.
func TestBodies(t *testing.T) {
	b := sampleWACZ(t)
	want := map[string][]byte{}
	for _, e := range sample() {
		if e.Status > 0 && strings.HasSuffix(e.URL, ".png") {
			want[e.URL] = e.Body
		}
	}
	if len(want) == 0 {
		t.Fatal("the sample has no picture")
	}
	images := func(_, media string) bool { return strings.HasPrefix(media, "image/") }
	got := 0
	err := archive.Bodies(bytes.NewReader(b.Bytes()), int64(b.Len()), 1<<20, images, func(address string, body []byte) error {
		got++
		if !bytes.Equal(body, want[address]) {
			t.Errorf("%s: %d bytes instead of %d", address, len(body), len(want[address]))
		}
		return nil
	})
	if err != nil || got != len(want) {
		t.Errorf("%d bodies instead of %d, %v", got, len(want), err)
	}
	stop := errors.New("enough")
	if err := archive.Bodies(bytes.NewReader(b.Bytes()), int64(b.Len()), 1, images, func(string, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

// An archive that was cut or changed gives an error or fewer bodies, and never panics.
func FuzzBodies(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, data []byte) {
		all := func(string, string) bool { return true }
		_ = archive.Bodies(bytes.NewReader(data), int64(len(data)), 1<<10, all, func(string, []byte) error { return nil })
	})
}
