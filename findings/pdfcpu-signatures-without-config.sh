#!/usr/bin/env bash
# Guess:  pdfcpu's api.DisableConfigDir, meant for programs that shall not write into
#         their user's settings and said to cost user fonts only, leaves the check of
#         signatures as it is: without that folder there are no certificates to trust,
#         so a good signature is of unknown standing.
# Seen:   api.ValidateSignaturesFile then fails for every signed PDF, before it looks at
#         a signature: it walks the folder of trusted certificates, whose name is empty.
#         With the config folder, or with model.TrustedCertDir set to an empty folder,
#         the same file has its one signature reported, as unknown.
# Versions: github.com/pdfcpu/pdfcpu v0.15.0; the PDF is signed with
#         github.com/digitorus/pdfsign v0.0.0-20250819064552-5f74f69dda1d.
#         Seen on 2026-11-28.
set -eu
changed() { echo "changed: $*"; exit 1; }
command -v go >/dev/null || { echo "missing: Go, to fetch and run the libraries"; exit 2; }
t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; cd "$t"
cat >main.go <<'GO'
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"image"
	"image/png"
	"math/big"
	"os"
	"time"

	"github.com/digitorus/pdfsign/sign"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// signed makes signed.pdf: a page with a picture, signed with a key made here.
func signed() {
	f, err := os.Create("page.png")
	must(err)
	must(png.Encode(f, image.NewGray(image.Rect(0, 0, 8, 8))))
	must(f.Close())
	must(api.ImportImagesFile([]string{"page.png"}, "page.pdf", nil, nil))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	must(err)
	c, err = x509.ParseCertificate(der)
	must(err)
	must(sign.SignFile("page.pdf", "signed.pdf", sign.SignData{
		Signature: sign.SignDataSignature{CertType: sign.ApprovalSignature,
			Info: sign.SignDataSignatureInfo{Name: "Example", Date: now}},
		Signer: key, DigestAlgorithm: crypto.SHA256, Certificate: c,
		CertificateChains: [][]*x509.Certificate{{c}},
	}))
}

func main() {
	switch os.Args[1] {
	case "sign":
		signed()
		return
	case "off":
		api.DisableConfigDir()
	case "folder":
		api.DisableConfigDir()
		model.TrustedCertDir = os.Args[2]
	}
	lines, err := api.ValidateSignaturesFile("signed.pdf", true, false, nil)
	fmt.Println(len(lines) > 0, lines, err)
}
GO
go mod init finding >/dev/null 2>&1
go get github.com/pdfcpu/pdfcpu/pkg/api@v0.15.0 github.com/digitorus/pdfsign/sign@v0.0.0-20250819064552-5f74f69dda1d 2>get.log || { cat get.log; exit 2; }
go build -o show .
export XDG_CONFIG_HOME=$t/config
mkdir config empty
./show sign
check() { # WANT WORDS...
  local want=$1 got; shift
  got=$(./show "$@"); printf '%-13s %s\n' "$*:" "$got"
  case $got in $want) ;; *) changed "$*" ;; esac
}
check 'true *signature is unknown*<nil>' config
check 'false *walk trusted certificate directory: access "": *' off
check 'true *signature is unknown*<nil>' folder empty
echo "as stated"
