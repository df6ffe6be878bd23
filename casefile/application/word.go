package application

import "encoding/json"

// Word is a second person's word under a key of his own: who the certificate says that he is, its fingerprint, and a signature (CMS, detached, as
// package sign makes it) over the Statement of what holds it. It is empty where nothing but a name was given.
type Word struct {
	Signer      string `json:"signer,omitempty"`        // distinguished name
	Fingerprint string `json:"signer_sha256,omitempty"` // of the certificate, hexadecimal
	Signature   []byte `json:"signature,omitempty"`
}

// Signed reports whether it was given under a key.
func (w Word) Signed() bool { return len(w.Signature) > 0 }

// Statement is what the second person signs: the override as JSON, without its signature.
func (o Override) Statement() []byte {
	o.Signature = nil
	return statement(o)
}

// Statement is what the second person signs: the step as JSON, without its signature.
func (s Step) Statement() []byte {
	s.Signature = nil
	return statement(s)
}

func statement(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("application: a statement that is no JSON: " + err.Error())
	}
	return data
}
