package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/digitorus/pdf"
	pdfsign "github.com/digitorus/pdfsign/sign"
)

// ErrPDF is wrapped when a PDF could not be signed: it stays as it was.
var ErrPDF = errors.New("the PDF was not signed")

// placeholder is how many bytes more than the certificates are kept free for a signature: one of RSA-8192, the signed attributes and the frame.
const placeholder = 4096

// PDF gives a PDF with a signature appended (ISO 32000-1, 12.8): it begins with the bytes of the one that was given, and is signed to its end. The
// SubFilter is adbe.pkcs7.detached, with signing-certificate-v2 and signing time: it is not PAdES (ETSI.CAdES.detached, EN 319 142-1), which the
// library behind it cannot make; there is no time stamp in it, and nothing about revocation. Name and reason are left out, for readers show the name
// in the certificate, and the library writes a wrong string where a character has a byte that PDF reads as a sign of its own (小, 屏). A PDF with
// a form or a signature is refused: what it has would be lost. What was made is read again, and refused if it is not all that.
func (s *Signer) PDF(in []byte, now time.Time) (out []byte, err error) {
	if err := s.Usable(now); err != nil {
		return nil, err
	}
	defer func() { // the reader of PDF panics where one is broken
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("%w: it cannot be read: %v", ErrPDF, r)
		}
	}()
	reader, err := pdf.NewReader(bytes.NewReader(in), int64(len(in)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPDF, err)
	}
	if !reader.Trailer().Key("Root").Key("AcroForm").IsNull() {
		return nil, fmt.Errorf("%w: it has a form or a signature", ErrPDF)
	}
	var b bytes.Buffer
	job := pdfsign.SignContext{
		PDFReader: reader, InputFile: bytes.NewReader(in), OutputFile: &b,
		SignatureMaxLengthBase: uint32(hex.EncodedLen(placeholder)), // where it is too short the library writes the file twice into one
		SignData: pdfsign.SignData{
			Signer: s.key, Certificate: s.chain[0], CertificateChains: [][]*x509.Certificate{s.chain}, DigestAlgorithm: crypto.SHA256,
			Signature: pdfsign.SignDataSignature{
				CertType: pdfsign.CertificationSignature, DocMDPPerm: pdfsign.AllowFillingExistingFormFieldsAndSignaturesPerms,
				Info: pdfsign.SignDataSignatureInfo{Date: now},
			},
		},
	}
	if err := job.SignPDF(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPDF, err)
	}
	info, err := VerifyPDF(in, b.Bytes())
	if err == nil && info.Certificate != s.Certificate() {
		err = errors.New("by another certificate")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: what was made does not hold: %w", ErrPDF, err)
	}
	return b.Bytes(), nil
}

// byteRange is the entry that says what a signature covers, as the library writes it.
var byteRange = regexp.MustCompile(`/ByteRange \[(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10})\]`)

// VerifyPDF judges a PDF that package sign made of another one: it begins with that one's bytes, one signature stands behind them, and it covers all but
// itself. It wraps ErrWrong.
func VerifyPDF(before, after []byte) (Info, error) {
	more, found := bytes.CutPrefix(after, before)
	if !found {
		return Info{}, fmt.Errorf("%w: the PDF does not begin with the one that was to be signed", ErrWrong)
	}
	places := byteRange.FindAllSubmatch(more, -1)
	if len(places) != 1 {
		return Info{}, fmt.Errorf("%w: %d signatures behind the PDF", ErrWrong, len(places))
	}
	var at [4]int
	for i := range at {
		at[i], _ = strconv.Atoi(string(places[0][i+1])) // ten digits at most
	}
	from, to, size := at[1], at[2], len(after)
	if at[0] != 0 || from < len(before) || to <= from+2 || to > size || to+at[3] != size || after[from] != '<' || after[to-1] != '>' {
		return Info{}, fmt.Errorf("%w: it does not cover the whole PDF", ErrWrong)
	}
	padded, err := hex.DecodeString(string(after[from+1 : to-1]))
	if err != nil {
		return Info{}, fmt.Errorf("%w: %w", ErrWrong, err)
	}
	var der asn1.RawValue
	rest, err := asn1.Unmarshal(padded, &der)
	if err != nil || len(bytes.Trim(rest, "\x00")) > 0 {
		return Info{}, fmt.Errorf("%w: not CMS in a space that is filled with zeros", ErrWrong)
	}
	return Verify(append(bytes.Clone(after[:from]), after[to:]...), der.FullBytes, nil)
}
