package packet

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"yuzheng/casefile/stamp"
	"yuzheng/casefile/stamp/stamptest"
)

// stamped is a good packet whose seal a real authority has stamped, and the authority's root as PEM.
func stamped(t *testing.T) (zip, root []byte) {
	t.Helper()
	p := newSample(t).packet(map[string]string{"W0001/cookies.json": "連線憑證"})
	p.Stamps[0].Reply, root = stampedBy(t, p.Seal)
	return write(t, p), root
}

// stampedBy has a real authority stamp a seal an hour after the first entry.
func stampedBy(t *testing.T, seal []byte) (reply, root []byte) {
	t.Helper()
	a, err := stamptest.Start(func() time.Time { return start.Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	reply, err = stamp.Request(context.Background(), http.DefaultClient, a.URL, seal, start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return reply, a.Root
}

// judge has the script of coreutils and openssl check an unpacked packet.
func judge(t *testing.T, zip, root []byte) ([]byte, error) {
	t.Helper()
	for _, tool := range []string{"sh", "sha256sum", "sha512sum", "openssl", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: nobody else can judge packets here", tool)
		}
	}
	dir := filepath.Join(unpack(t, zip), sampleName)
	pem := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(pem, root, 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.Command("sh", "testdata/check.sh", dir, pem).CombinedOutput()
}

// TestOutsideJudge has a stranger's script, which shares no code with this package, agree on good and forged packets.
func TestOutsideJudge(t *testing.T) {
	zip, root := stamped(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	options := Options{Stamp: func(message, reply []byte) (StampInfo, error) {
		info, err := stamp.Verify(message, reply, roots)
		return StampInfo{Time: info.Time, Signer: info.Signer, Trusted: info.Trusted}, err
	}}
	verdict := func(zip []byte) bool {
		r, err := VerifyZIP(context.Background(), bytes.NewReader(zip), int64(len(zip)), options)
		if err != nil {
			t.Fatal(err)
		}
		return r.Good() && len(r.Unchecked) == 0
	}
	if out, err := judge(t, zip, root); err != nil || !verdict(zip) {
		t.Fatalf("a good packet: %v\n%s", err, out)
	}
	const text = "data/證物/W0001/text.txt"
	entries, proofs := payload+EntriesPath, payload+ProofsPath
	forgeries := map[string]func(f map[string][]byte){
		"changed":   func(f map[string][]byte) { f[text] = []byte("x") },
		"added":     func(f map[string][]byte) { f["data/x.txt"] = []byte("x") },
		"removed":   func(f map[string][]byte) { delete(f, text) },
		"swapped":   func(f map[string][]byte) { f[text], f["data/01_聲請書.pdf"] = f["data/01_聲請書.pdf"], f[text] },
		"an entry":  func(f map[string][]byte) { f[entries] = bytes.Replace(f[entries], []byte("王"), []byte("林"), 1) },
		"the build": func(f map[string][]byte) { f[entries] = bytes.Replace(f[entries], []byte(`"X01"`), []byte(`"X02"`), 1) },
		"proofs":    func(f map[string][]byte) { f[proofs][bytes.Index(f[proofs], []byte(`:["`))+3] ^= 1 },
		"the seal's size": func(f map[string][]byte) {
			f[sealName] = bytes.Replace(f[sealName], []byte("\n7\n"), []byte("\n9\n"), 1)
		},
		"the seal's root": func(f map[string][]byte) {
			f[sealName] = bytes.Replace(f[sealName], []byte("=\n\n"), []byte("=\n\n\n"), 1)
		},
		"the stamp": func(f map[string][]byte) { f["seal.tsr"][len(f["seal.tsr"])-5] ^= 1 },
	}
	for name, forge1 := range forgeries {
		f := contents(t, zip)
		forge1(f)
		forged := forge(t, f)
		out, err := judge(t, forged, root)
		if err == nil || verdict(forged) {
			t.Errorf("%s: the script says %v (%s), Verify %v", name, err, out, verdict(forged))
		}
	}
}
