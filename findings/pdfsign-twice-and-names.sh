#!/usr/bin/env bash
# Guess:  digitorus/pdfsign writes one signed PDF, or an error; and a name in any
#         script comes out as it was given.
# Seen:   the space for the signature is reckoned by the algorithm that the
#         certificate was signed with, not by the key. Where it is too short
#         (RSA-4096, self-signed) the library says "Signature too long, retrying",
#         and the output holds the file twice, one behind the other, without an
#         error: pdfsig says "Not total document signed". Text that is not ASCII is
#         written as UTF-16 between brackets without escaping: 小 (U+5C0F) has
#         the byte of the backslash and comes out as something else.
# Versions: digitorus/pdfsign v0.0.0-20250819064552-5f74f69dda1d, go 1.26.8,
#         pdfsig (poppler) 22.12. Seen on 2026-11-30.
set -eu
changed() { echo "changed: $*"; exit 1; }
for p in go; do command -v "$p" >/dev/null || { echo "missing: $p"; exit 2; }; done

t=$(mktemp -d); cd "$t"
trap 'rm -rf "$t"' EXIT
cat >go.mod <<'M'
module x

go 1.26
M
cat >main.go <<'G'
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"time"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"
)

func page() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> >>"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

func main() {
	key, err := rsa.GenerateKey(rand.Reader, 4096)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	in := page()
	r, err := pdf.NewReader(bytes.NewReader(in), int64(len(in)))
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	err = sign.Sign(bytes.NewReader(in), &out, r, int64(len(in)), sign.SignData{
		Signer: key, Certificate: c, Signature: sign.SignDataSignature{Info: sign.SignDataSignatureInfo{Name: "小"}},
	})
	fmt.Println("error:", err)
	fmt.Println("headers:", bytes.Count(out.Bytes(), []byte("%PDF-1.4")))
	fmt.Println("unescaped:", bytes.Contains(out.Bytes(), []byte("/Name (\xfe\xff\x5c\x0f)")))
}
G
export GOFLAGS=-mod=mod
go get github.com/digitorus/pdfsign@v0.0.0-20250819064552-5f74f69dda1d >/dev/null 2>&1 || { echo "missing: the module proxy"; exit 2; }
go run . | tee said
grep -qx 'error: <nil>' said || changed "it says that it failed"
grep -qx 'headers: 2' said || changed "the file is written once"
grep -qx 'unescaped: true' said || changed "names are escaped"
