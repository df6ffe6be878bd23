package compare

import (
	"time"

	"yuzheng/casefile/evidence"
)

// certificateDifference is what differs in the certificate that the host asked for showed.
type certificateDifference struct {
	Origin    Two[string]  `json:"origin"`
	SHA256    Two[string]  `json:"sha256"`     // of the DER form
	KeySHA256 Two[string]  `json:"key_sha256"` // of the subject's public key info; "" where it is not known
	Same      bool         `json:"same"`
	SameKey   *bool        `json:"same_key"` // null where a key is not known
	Subject   Two[string]  `json:"subject"`
	Issuer    Two[string]  `json:"issuer"`
	NotBefore Two[string]  `json:"not_before"`
	NotAfter  Two[string]  `json:"not_after"`
	Removed   Some[string] `json:"names_removed"` // subject's alternative names
	Added     Some[string] `json:"names_added"`
	Error     Two[string]  `json:"error"` // why the browser did not accept it
}

func certificates(a, b *reading) *certificateDifference {
	x, y := a.server(), b.server()
	if x == nil || y == nil {
		return nil
	}
	p, q := x.Chain[0], y.Chain[0]
	c := &certificateDifference{
		Origin: shortTwo(x.Origin, y.Origin), SHA256: shortTwo(p.SHA256, q.SHA256), Same: p.SHA256 == q.SHA256,
		KeySHA256: shortTwo(a.key(p.SHA256, p.KeySHA256), b.key(q.SHA256, q.KeySHA256)), Subject: shortTwo(p.Subject, q.Subject),
		Issuer: shortTwo(p.Issuer, q.Issuer), NotBefore: shortTwo(instant(p.NotBefore), instant(q.NotBefore)), NotAfter: shortTwo(instant(p.NotAfter), instant(q.NotAfter)),
		Removed: only(set(p.Names), set(q.Names)), Added: only(set(q.Names), set(p.Names)), Error: shortTwo(x.Error, y.Error),
	}
	if c.KeySHA256.A != "" && c.KeySHA256.B != "" {
		same := c.KeySHA256.A == c.KeySHA256.B
		c.SameKey = &same
	}
	return c
}

// instant is a time as facts.json has it.
func instant(t time.Time) string { return t.Format(time.RFC3339Nano) }

func shortTwo(a, b string) Two[string] { return Two[string]{short(a), short(b)} }

func set(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		out[name(s)] = true
	}
	return out
}

// server is the origin of the host that was asked for; where it showed no certificate, that of the final address. nil if there is none.
func (r *reading) server() *evidence.Server {
	if r.facts == nil {
		return nil
	}
	for _, address := range []string{r.side.Result.URL, r.side.Result.FinalURL} {
		for i, s := range r.facts.Servers {
			if len(s.Chain) > 0 && s.Chain[0].SHA256 != "" && sameHost(s.Origin, address) {
				return &r.facts.Servers[i]
			}
		}
	}
	return nil
}

// sameHost compares hosts, and ports where both name one and the schemes are the same.
func sameHost(a, b string) bool {
	x, err1 := parsed(a)
	y, err2 := parsed(b)
	if err1 != nil || err2 != nil || hostOf(a) == "" || hostOf(a) != hostOf(b) {
		return false
	}
	return x.Scheme != y.Scheme || x.Port() == y.Port()
}

// key is the hash of a certificate's public key: as facts.json has it, or out of the chain in certificates.pem.
func (r *reading) key(certificate, told string) string {
	if told != "" {
		return told
	}
	return r.keys[certificate]
}
