package workbench

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yuzheng/app/faults"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/stamp/tsa"
)

// lateAuthority is an authority an hour after a clock whose line is down until it is put up.
func lateAuthority(t *testing.T, now func() time.Time) (a *tsa.Authority, address string, up *atomic.Bool, asked *atomic.Int32) {
	t.Helper()
	a, err := tsa.Start(func() time.Time { return now().Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	home, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	up, asked = new(atomic.Bool), new(atomic.Int32)
	line := httputil.NewSingleHostReverseProxy(home)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1); !up.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		line.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return a, server.URL + "/", up, asked
}

// TestRefusedStamp: an authority that refuses is told with its reason, in its own words and those of the standard, after the seal, after asking again and in
// the log; the seal is made, and what is told is of the last time.
func TestRefusedStamp(t *testing.T) {
	w, c, _, _ := bench(t, whole)
	w.HTTP = http.DefaultClient
	reply, err := asn1.Marshal(struct {
		Info struct {
			Status  int
			Text    []string
			Failure asn1.BitString
		}
	}{struct {
		Status  int
		Text    []string
		Failure asn1.BitString
	}{2, []string{"未訂約"}, asn1.BitString{Bytes: []byte{0x80, 0, 0}, BitLength: 17}}})
	if err != nil {
		t.Fatal(err)
	}
	code := http.StatusServiceUnavailable
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		w.Write(reply) //nolint:errcheck // the client sees a short answer
	}))
	t.Cleanup(server.Close)
	if err := w.SetTSA(t.Context(), c, []string{server.URL}); err != nil {
		t.Fatal(err)
	}
	seal, err := w.Seal(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"time-stamp authority is away: 503 Service Unavailable", `time-stamp authority refuses: status 2 rejection badAlg "未訂約"`} {
		told, err := w.Unstamped(c, seal)
		if err != nil || len(told) != 1 || told[0].URL != server.URL || told[0].Why != want {
			t.Errorf("%+v %v, want %s", told, err, want)
		}
		code = http.StatusOK
		if _, err := w.CatchUp(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	asked := entries(t, c, custody.NetworkContact)
	if why := WhyUnstamped(asked[len(asked)-1]); !strings.HasPrefix(why, "time-stamp authority refuses: status 2 ") {
		t.Errorf("the log says %q", why)
	}
	if zh := faults.Say("zh-TW", WhyUnstamped(asked[0])); !strings.Contains(zh, "未應答") {
		t.Errorf("%q", zh)
	}
	for _, e := range entries(t, c, custody.SealMake) {
		if why := WhyUnstamped(e); why != "" {
			t.Errorf("%s of another act", why)
		}
	}
}

// TestLateStamp: of two authorities one is away. The seal has the other's stamp, the case says who is wanted, and the late stamp is over the same seal:
// a packet of before stays as it is, the one of after carries both, and openssl takes each.
func TestLateStamp(t *testing.T) {
	w, c, id := packetCase(t)
	prompt, err := tsa.Start(w.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { prompt.Close() })
	late, address, up, asked := lateAuthority(t, w.Now)
	if err := w.SetTSA(t.Context(), c, []string{address, prompt.URL}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := func(name string) (PacketInfo, map[string][]byte) {
		t.Helper()
		info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, name)})
		if err != nil {
			t.Fatal(err)
		}
		return info, members(t, info.File)
	}
	before, one := build("1.zip")
	if before.Stamps != 1 || one["seal-2.tsr"] != nil {
		t.Fatalf("%+v", before)
	}
	if _, err := w.Seal(t.Context(), c); err != nil { // a second seal that wants both
		t.Fatal(err)
	}
	asked.Store(0)
	still, err := w.CatchUp(t.Context(), c)
	if err != nil || len(still) != 2 || !slices.Equal(still[0].Pending, []string{address}) || !slices.Equal(still[1].Pending, []string{address}) {
		t.Errorf("still away: %+v %v", still, err)
	}
	if asked.Load() != 1 {
		t.Errorf("who is away was asked %d times", asked.Load())
	}
	made := len(entries(t, c, custody.SealMake))
	up.Store(true)
	seals, err := w.CatchUp(t.Context(), c)
	if err != nil || len(seals) != 2 {
		t.Fatalf("%+v %v", seals, err)
	}
	for _, s := range seals {
		if len(s.Pending) != 0 || len(s.Stamps) != 2 {
			t.Errorf("seal of %d: %d stamps, %q pending", s.Size, len(s.Stamps), s.Pending)
		}
	}
	if n := len(entries(t, c, custody.SealMake)); n != made {
		t.Errorf("%d seals more", n-made)
	}
	if again := asked.Load(); again != 3 {
		t.Errorf("asked %d times", again)
	}
	if _, err := w.CatchUp(t.Context(), c); err != nil || asked.Load() != 3 {
		t.Errorf("who has answered is asked again: %v", err)
	}
	after, two := build("2.zip")
	if after.ID != before.ID || after.Stamps != 2 || !bytes.Equal(two["seal.txt"], one["seal.txt"]) || !bytes.Equal(two["seal.tsr"], one["seal.tsr"]) {
		t.Errorf("%+v after %+v", after, before)
	}
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: nobody else can judge time stamps")
	}
	for name, root := range map[string][]byte{"seal.tsr": prompt.Root, "seal-2.tsr": late.Root} {
		for file, data := range map[string][]byte{"reply": two[name], "root.pem": root, "seal.txt": two["seal.txt"]} {
			if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		at := fmt.Sprint(w.Now().Add(time.Hour).Unix())
		judge := exec.Command(openssl, "ts", "-verify", "-attime", at, "-data", "seal.txt", "-in", "reply", "-CAfile", "root.pem")
		judge.Dir = dir
		if out, err := judge.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("Verification: OK")) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}
