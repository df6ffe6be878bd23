package sign

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// page is a small PDF with a tag, as it stands in ISO 32000-1, 7.5.
func page() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R /Lang (zh-TW) /MarkInfo << /Marked true >> >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
		"<< /Length 21 >>\nstream\n0 0 m 100 100 l S    \nendstream",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// judgePDF has other people's programs judge a signed PDF.
func judgePDF(t *testing.T, o tools, signed []byte, name string) {
	t.Helper()
	o.write("signed.pdf", signed)
	said := o.run("pdfsig", "signed.pdf")
	for _, want := range []string{"Signature is Valid", "Total document signed", "Signer Certificate Common Name: " + name, "adbe.pkcs7.detached", "SHA-256"} {
		if !strings.Contains(said, want) {
			t.Errorf("pdfsig does not say %q: %s", want, said)
		}
	}
	if strings.Count(said, "Signature #") != 1 {
		t.Errorf("pdfsig: %s", said)
	}
	if said := o.run("qpdf", "--check", "signed.pdf"); !strings.Contains(said, "No syntax or stream encoding errors") {
		t.Errorf("qpdf: %s", said)
	}
}

// TestPDF: whatever the key and the name, a signed PDF is the PDF with something behind it, valid to pdfsig to its last byte and clean to qpdf.
func TestPDF(t *testing.T) {
	o := outside(t, "pdfsig", "qpdf")
	in := page()
	for kind := range keys {
		name := "小屏）檢察事務官" // each with a byte that PDF reads as a sign of its own
		s := operator(t, kind, func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: name} })
		out, err := s.PDF(in, time.Now())
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		info, err := VerifyPDF(in, out)
		if err != nil || info.Certificate != s.Certificate() || bytes.Count(out, []byte("%%EOF")) != 2 || !bytes.HasPrefix(out, in) {
			t.Errorf("%s: %+v %v", kind, info, err)
		}
		judgePDF(t, o, out, name)
		if !strings.Contains(o.run("pdfinfo", "signed.pdf"), "Tagged:          yes") {
			t.Errorf("%s: it is tagged no more", kind)
		}
	}
}

// TestPDFWithChain: the chain comes along.
func TestPDFWithChain(t *testing.T) {
	o := outside(t, "pdfsig", "qpdf")
	root := operator(t, "RSA-4096", func(c *x509.Certificate) {
		c.Subject, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = pkix.Name{CommonName: "根"}, true, true, x509.KeyUsageCertSign
	})
	key, err := keys["RSA-4096"]()
	if err != nil {
		t.Fatal(err)
	}
	s := must[*Signer](t)(newSigner(key, []*x509.Certificate{issued(t, key, root, nil), root.chain[0]}, time.Now(), nil))
	out := must[[]byte](t)(s.PDF(page(), time.Now()))
	if info := must[Info](t)(VerifyPDF(page(), out)); len(info.Chain) != 2 {
		t.Errorf("%+v", info)
	}
	judgePDF(t, o, out, "王○○")
}

// TestPDFRefused: what cannot be signed to its end, or would lose something, is not signed.
func TestPDFRefused(t *testing.T) {
	s := operator(t, "P-256", nil)
	once := must[[]byte](t)(s.PDF(page(), time.Now()))
	for name, in := range map[string][]byte{
		"signed already": once, "nothing": nil, "a web page": []byte("<html>"), "half": page()[:200],
		"without its table": bytes.Replace(page(), []byte("xref"), []byte("xxxx"), 1),
	} {
		if out, err := s.PDF(in, time.Now()); !errors.Is(err, ErrPDF) || out != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	old := operator(t, "P-256", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	if _, err := old.PDF(page(), time.Now()); !errors.Is(err, ErrKey) {
		t.Errorf("expired: %v", err)
	}
}

// TestVerifyPDF: what was changed, signed in part, or written twice into one is none. Only how the signature itself is written down can hide a bit.
func TestVerifyPDF(t *testing.T) {
	in := page()
	out := must[[]byte](t)(operator(t, "P-256", nil).PDF(in, time.Now()))
	want := must[Info](t)(VerifyPDF(in, out))
	from := bytes.Index(out, []byte("/Contents<"))
	to := from + bytes.IndexByte(out[from:], '>')
	for i := range out {
		spoiled := bytes.Clone(out)
		spoiled[i] ^= 1 << (i % 8)
		got, err := VerifyPDF(in, spoiled)
		if err == nil && (i < from || i > to || got.Certificate != want.Certificate || got.Time != want.Time) {
			t.Fatalf("byte %d: %q", i, out[max(0, i-20):min(len(out), i+20)])
		}
	}
	for name, spoiled := range map[string][]byte{
		"unsigned": in, "with more behind": append(bytes.Clone(out), '\n'), "twice in one": append(bytes.Clone(out), out...), "cut": out[:len(out)-1],
	} {
		if _, err := VerifyPDF(in, spoiled); !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
