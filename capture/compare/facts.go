package compare

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"

	"yuzheng/casefile/evidence"
)

// readFacts reads facts.json. A field that is not what it should be is left out, and that is told.
func (r *reading) readFacts(ctx context.Context, _ *dictionary) error {
	body, ok, err := r.whole(ctx, evidence.FactsJSON, maxFacts)
	if err != nil || !ok {
		return err
	}
	f, err := evidence.Decode[evidence.Facts](evidence.FactsJSON, body)
	if errors.Is(err, evidence.ErrNewer) {
		return err
	}
	var wrong *json.UnmarshalTypeError
	if err != nil {
		r.lack(evidence.FactsJSON, lackBroken)
	}
	if err == nil || errors.As(err, &wrong) {
		r.facts = &f
	}
	return nil
}

// readKeys finds the public keys of the certificates in certificates.pem: a renewed certificate that keeps its key is its holder's.
func (r *reading) readKeys(ctx context.Context, _ *dictionary) error {
	rest, ok, err := r.whole(ctx, evidence.Certificates, maxPEM)
	if err != nil || !ok {
		return err
	}
	r.keys = map[string]string{}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			sum, key := sha256.Sum256(c.Raw), sha256.Sum256(c.RawSubjectPublicKeyInfo)
			r.keys[hex.EncodeToString(sum[:])] = hex.EncodeToString(key[:])
		}
	}
	return nil
}

// network is never nil.
func (r *reading) network() *evidence.NetworkFacts {
	if r.facts == nil || r.facts.Network == nil {
		return &evidence.NetworkFacts{}
	}
	return r.facts.Network
}

// name is a host name as a set of names holds it.
func name(s string) string { return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), ".") }

// codes are what the QR codes of the picture say; nil where nobody looked.
func (r *reading) codes() map[string]bool {
	if r.facts == nil {
		return nil
	}
	out := map[string]bool{}
	for _, c := range r.facts.Codes {
		if c.Text != "" {
			out[c.Text] = true
		}
	}
	return out
}

// codeDifference is which of the things that the QR codes of the picture say came and went.
type codeDifference struct {
	Removed Some[string] `json:"removed"`
	Added   Some[string] `json:"added"`
}

func qrCodes(a, b *reading) *codeDifference {
	x, y := a.codes(), b.codes()
	if x == nil || y == nil {
		return nil
	}
	return &codeDifference{Removed: only(x, y), Added: only(y, x)}
}
