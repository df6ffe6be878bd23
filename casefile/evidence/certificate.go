package evidence

import "time"

// Certificate is what a reader wants to know of one certificate (RFC 5280).
type Certificate struct {
	Subject   string               `json:"subject"` // RFC 2253
	Issuer    string               `json:"issuer"`
	Serial    string               `json:"serial"` // hexadecimal
	NotBefore time.Time            `json:"not_before"`
	NotAfter  time.Time            `json:"not_after"`
	Names     []string             `json:"names,omitempty"`      // DNS names and addresses of the subject's alternative names
	SHA256    string               `json:"sha256"`               // of the DER form, hexadecimal
	KeySHA256 string               `json:"key_sha256,omitempty"` // of the subject's public key info, hexadecimal: two certificates of one key share it
	Pin       string               `json:"pin_sha256,omitempty"` // the same as RFC 7469 writes it, base64
	Key       string               `json:"key,omitempty"`        // RSA, ECDSA, Ed25519, DSA
	KeyBits   int                  `json:"key_bits,omitempty"`
	Signature string               `json:"signature,omitempty"` // SHA256-RSA, ECDSA-SHA256 …
	Authority bool                 `json:"authority,omitempty"` // may sign others
	Problems  []CertificateProblem `json:"problems,omitempty"`
	Error     string               `json:"error,omitempty"` // why it cannot be read; then there are only the hash and this
}

// CertificateProblem is one thing that a careful visitor's browser would mind.
type CertificateProblem struct {
	Code CertificateCode `json:"code"`
	Days int             `json:"days,omitempty"` // whole days since it expired, or until it begins
}

// CertificateCode names a problem. The last five are told of the first certificate of a chain only.
type CertificateCode string

// The problems.
const (
	CertificateExpired       CertificateCode = "expired"
	CertificateNotYet        CertificateCode = "not_yet_valid"
	CertificateWeakKey       CertificateCode = "weak_key"          // below CA/Browser Forum Baseline Requirements 6.1.5: RSA 2048, ECDSA P-256
	CertificateWeakSignature CertificateCode = "weak_signature"    // MD2, MD5, SHA-1; nobody checks the signature of an authority by itself
	CertificateSelfSigned    CertificateCode = "self_signed"       // the subject vouches for itself
	CertificateUnknown       CertificateCode = "unknown_authority" // no way to one of the given roots
	CertificateChain         CertificateCode = "invalid_chain"     // a way that breaks another rule of RFC 5280, 6
	CertificateWrongHost     CertificateCode = "wrong_host"        // RFC 6125: none of its names is the host's
	CertificateNameOnly      CertificateCode = "common_name_only"  // no alternative names; browsers do not read the common name (RFC 9525)
)
