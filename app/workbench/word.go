package workbench

import (
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/sign"
)

// give has the second person sign what of says once his certificate stands in it. Nobody signs nothing.
func (w *Workbench) give(by *sign.Signer, word *application.Word, of func() []byte) error {
	if by == nil {
		return nil
	}
	c := by.Certificate()
	word.Signer, word.Fingerprint = c.Subject, c.Fingerprint
	var err error
	word.Signature, err = by.Detached(of(), w.Now())
	return err
}

// holds reports whether a word under a key is that key's, over just this statement. A word without a key is a name, and holds as one.
func holds(word application.Word, statement []byte) bool {
	if !word.Signed() {
		return word.Signer == "" && word.Fingerprint == ""
	}
	info, err := sign.Verify(statement, word.Signature, nil)
	return err == nil && info.Certificate.Fingerprint == word.Fingerprint && info.Certificate.Subject == word.Signer
}

// overrides are those of the case whose words hold: one that was changed lets nothing pass.
func overrides(c *casefile.Case) ([]application.Override, error) {
	all, err := records(c, kindOverride, func(*application.Override, string) {})
	var list []application.Override
	for _, o := range all {
		if holds(o.Word, o.Statement()) {
			list = append(list, o)
		}
	}
	return list, err
}

// signedBy says in an entry by which key a word was given.
func signedBy(e *custody.Entry, word application.Word) {
	if word.Signed() {
		e.Detail["signer"], e.Detail["signer_sha256"] = word.Signer, word.Fingerprint
	}
}
