package workbench

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"iter"
	"math/big"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"
	"time"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/rpz/resolvertest"
	"yuzheng/casefile/sign"
)

// operatorKey is somebody with a certificate of the office, for so many years from 2020; root is it as PEM.
func operatorKey(t *testing.T, years int) (s *sign.Signer, root []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{SerialNumber: big.NewInt(0x3701), Subject: pkix.Name{CommonName: "王○○"}, NotBefore: begin, NotAfter: begin.AddDate(years, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	root = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if s, err = sign.PEM(time.Now(), root, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})); err != nil {
		t.Fatal(err)
	}
	return s, root
}

// members are the files of a packet by their path in its folder.
func members(t *testing.T, file string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		_, name, _ := bytes.Cut([]byte(f.Name), []byte("/"))
		out[string(name)] = data
	}
	return out
}

// TestSignedPacket: the same case signed twice is the same packet but for the signature; the log says by whom before and after; openssl agrees; a
// packet without a signature is another packet.
func TestSignedPacket(t *testing.T) {
	w, c, id := packetCase(t)
	s, root := operatorKey(t, 30)
	dir := t.TempDir()
	build := func(name string, s *sign.Signer) PacketInfo {
		t.Helper()
		info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(dir, name), Signer: s})
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first, again, bare := build("1.zip", s), build("2.zip", s), build("3.zip", nil)
	if first.ID != again.ID || first.Entry != again.Entry || first.ID == bare.ID || first.Signer != "CN=王○○" || bare.Signer != "" {
		t.Errorf("%+v\n%+v\n%+v", first, again, bare)
	}
	one, two := members(t, first.File), members(t, again.File)
	for name, data := range one {
		if same := bytes.Equal(data, two[name]); same == (name == "signature.p7s") {
			t.Errorf("%s is the same twice: %v", name, same)
		}
	}
	fingerprint := s.Certificate().Fingerprint
	logged := entries(t, c, custody.PacketBuild)
	if logged[0].Detail["bag:Signer-Certificate-SHA256"] != fingerprint || logged[1].Detail["signer"] != "CN=王○○" || logged[1].Detail["signer_serial"] != "3701" ||
		logged[1].Detail["signer_sha256"] != fingerprint {
		t.Errorf("%+v", logged[:2])
	}
	roots := filepath.Join(dir, "root.pem")
	for name, data := range map[string][]byte{"root.pem": root, "signature.p7s": one["signature.p7s"], "list": one["tagmanifest-sha256.txt"]} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := w.Verify(t.Context(), first.File, VerifyOptions{Roots: roots})
	if err != nil || r.Signature == nil || !r.Signature.Trusted || r.Signature.Certificate != fingerprint || r.Signature.Serial != "3701" {
		t.Errorf("%v %+v", err, r)
	}
	judge := exec.Command(resolvertest.Program(t, "openssl"), "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.p7s", "-content", "list",
		"-purpose", "any", "-CAfile", "root.pem", "-out", "out")
	judge.Dir = dir
	if out, err := judge.CombinedOutput(); err != nil {
		t.Errorf("openssl: %v %s", err, out)
	}
}

// TestSignedByNobody: with a certificate that has ended nothing is rendered, logged or written.
func TestSignedByNobody(t *testing.T) {
	w, c, id := packetCase(t)
	s, _ := operatorKey(t, 1)
	before := c.Info().Entries
	file := filepath.Join(t.TempDir(), "1.zip")
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: file, Signer: s}); !errors.Is(err, sign.ErrKey) {
		t.Errorf("%v", err)
	}
	if c.Info().Entries != before {
		t.Errorf("%d entries more", c.Info().Entries-before)
	}
	if list, err := os.ReadDir(path.Dir(file)); err != nil || len(list) > 0 {
		t.Errorf("%v %v", list, err)
	}
}

// TestSignedPaper: the application in a signed packet is signed, and begins with the bytes of the paper that was approved, whoever signs it; nothing else
// of the papers differs, and a PDF that cannot be signed stays as it is.
func TestSignedPaper(t *testing.T) {
	w, c, id := packetCase(t)
	unsigned, err := w.Render(t.Context(), c, id, false)
	if err != nil {
		t.Fatal(err)
	}
	approved, err := paperOf(t.Context(), c, unsigned, "01_聲請書.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		s, _ := operatorKey(t, 30)
		info, err := w.BuildPacket(t.Context(), c, id, PacketOptions{File: filepath.Join(t.TempDir(), "X.zip"), Signer: s})
		if err != nil {
			t.Fatal(err)
		}
		files := members(t, info.File)
		if got, err := sign.VerifyPDF(approved, files["data/"+"01_聲請書.pdf"]); err != nil || got.Certificate != s.Certificate() {
			t.Errorf("%d: %+v %v", i, got, err)
		}
		for _, a := range unsigned.Artifacts {
			sum := sha256.Sum256(files["data/"+a.Name])
			if same := hex.EncodeToString(sum[:]) == a.SHA256; same == (a.Name == "01_聲請書.pdf") {
				t.Errorf("%s is the same: %v", a.Name, same)
			}
		}
		logged := entries(t, c, custody.DocumentRender)
		if last := logged[len(logged)-1]; len(logged) != i+2 || last.Detail["signer_sha256"] != s.Certificate().Fingerprint || last.Detail["signer"] != "CN=王○○" {
			t.Errorf("%d: %+v", i, last.Detail)
		}
	}
	other := w.Config
	other.Browser = func() (Browser, error) { return scrap{}, nil }
	w = New(other)
	a, err := w.Application(c, id)
	if err == nil {
		a.Cause += "二"
		err = w.SetApplication(t.Context(), c, a, "更正")
	}
	if err != nil {
		t.Fatal(err)
	}
	before := len(entries(t, c, custody.PacketBuild))
	s, _ := operatorKey(t, 30)
	if _, err := w.BuildPacket(t.Context(), c, id, PacketOptions{Dir: t.TempDir(), Signer: s}); !errors.Is(err, sign.ErrPDF) {
		t.Errorf("a PDF that is none: %v", err)
	}
	if n := len(entries(t, c, custody.PacketBuild)); n != before {
		t.Errorf("%d packets more", n-before)
	}
}

// scrap prints what is no PDF.
type scrap struct{ printer }

func (scrap) Version(context.Context) (string, error) { return "scrap", nil }

func (scrap) Print(_ context.Context, papers iter.Seq[func() ([]byte, error)], _ bool) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for range papers {
			if !yield([]byte("%PDF-1.4\n"), nil) {
				return
			}
		}
	}
}
