package packet

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yuzheng/casefile/stamp"
	"yuzheng/casefile/stamp/tsa"
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
	a, err := tsa.Start(func() time.Time { return start.Add(time.Hour) })
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
	if root == nil { // the stamp is none that openssl knows
		return exec.Command("sh", "testdata/check.sh", dir).CombinedOutput()
	}
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

// TestPrintedCommands runs every line that 00_請先閱讀 and HOWTO print for Linux, in an unpacked packet with a real authority's stamp. As of a
// day after the authority's certificate has ended openssl refuses the stamp, unless it is told the stamped time; that is why -attime is printed.
func TestPrintedCommands(t *testing.T) {
	for _, tool := range []string{"sh", "sha256sum", "sha512sum", "openssl", "date", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: what is printed cannot be tried here", tool)
		}
	}
	files, root, o := ended(t)
	dir := filepath.Join(asFolder(t, files), sampleName)
	s := operator(t)
	for name, data := range map[string][]byte{"root.pem": root, "signer.pem": s.pem, signatureName: s.over(t, files[tagManifestName])} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(line string) ([]byte, error) {
		c := exec.Command("sh", "-c", line)
		c.Dir = dir
		return c.CombinedOutput()
	}
	ran := 0
	trusted := regexp.MustCompile(`-CAfile \S+`)
	for _, file := range []string{"documents/readme.paper", "viewer/HOWTO.zh-TW.txt", "viewer/HOWTO.en.txt"} {
		text, err := os.ReadFile("../../assets/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.Trim(strings.TrimPrefix(line, "p4: "), " 　\r\n")
			if tool, _, _ := strings.Cut(line, " "); tool != "sha256sum" && tool != "sha512sum" && tool != "openssl" {
				continue
			}
			ran++
			by, good := "-CAfile root.pem", "Verification: OK"
			if strings.HasPrefix(line, "openssl cms") {
				by, good = "-CAfile signer.pem", "CMS Verification successful"
			}
			if out, err := run(trusted.ReplaceAllString(line, by)); err != nil || strings.Contains(line, "-verify") && !strings.Contains(string(out), good) {
				t.Errorf("%s: %s: %v\n%s", file, line, err, out)
			}
		}
	}
	if ran != 18 {
		t.Errorf("%d lines were run", ran)
	}
	late := fmt.Sprintf("openssl ts -verify -attime %d -data seal.txt -in seal.tsr -CAfile root.pem", o.Now().Unix())
	if out, err := run(late); err == nil || !strings.Contains(string(out), "expired") {
		t.Errorf("openssl as of twelve years later: %v %s", err, out)
	}
}

// ended is a packet that an authority stamped while its certificate was valid, and a clock that shows a day after its end.
func ended(t *testing.T) (files map[string][]byte, root []byte, o Options) {
	t.Helper()
	at := time.Now()
	a, err := tsa.Start(func() time.Time { return at }) // its certificates bear ten years
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	s := newSample(t)
	s.begun = at.Add(-time.Hour)
	p := s.packet(nil)
	if p.Stamps[0].Reply, err = stamp.Request(context.Background(), http.DefaultClient, a.URL, p.Seal, at); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.Root)
	return contents(t, write(t, p)), a.Root, Options{Stamp: func(message, reply []byte) (StampInfo, error) {
		info, err := stamp.Verify(message, reply, roots)
		return StampInfo{Time: info.Time, Signer: info.Signer, Trusted: info.Trusted, Until: info.Until}, err
	}, Now: func() time.Time { return at.AddDate(12, 0, 0) }}
}

// TestEndedAuthority finds the stamp good, and says that the certificate has ended and what openssl needs.
func TestEndedAuthority(t *testing.T) {
	files, _, o := ended(t)
	r := verifyFolder(t, asFolder(t, files), o)
	if !r.Good() || len(r.Unchecked) != 0 || len(r.Notes) != 1 || r.Notes[0].Code != StampExpired || len(r.Stamps) != 1 || !r.Stamps[0].Trusted {
		t.Fatalf("%+v", r)
	}
	if want := fmt.Sprintf("-attime %d", r.Stamps[0].Time.Unix()); !strings.HasSuffix(r.Notes[0].Problem, want) {
		t.Errorf("%q does not end in %q", r.Notes[0].Problem, want)
	}
	o.Now = func() time.Time { return r.Stamps[0].Time.AddDate(9, 0, 0) }
	if r := verifyFolder(t, asFolder(t, files), o); !r.Good() || len(r.Notes) != 0 {
		t.Errorf("while it was valid: %+v", r)
	}
}
