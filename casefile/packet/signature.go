package packet

import (
	"context"
	"fmt"
	"time"
)

// InfoSigner is the field of bag-info.txt, and so of the sealed entry packet.build, that says by which certificate a packet is signed: SHA-256 of its
// DER, hexadecimal. Without it a packet has no signature; with it the signature cannot be taken away, nor another be put in its place.
const InfoSigner = "Signer-Certificate-SHA256"

// signatureName is the one file that no list names, for it is over the list of the others.
const signatureName = "signature.p7s"

// SignatureInfo is what a signature over the packet says once it has been found sound.
type SignatureInfo struct {
	File        string    `json:"file"`
	Time        time.Time `json:"time,omitzero"` // by the signer's own clock
	Signer      string    `json:"signer"`        // distinguished name
	Issuer      string    `json:"issuer"`        // distinguished name
	Serial      string    `json:"serial"`        // hexadecimal
	Certificate string    `json:"certificate"`   // SHA-256 of its DER, hexadecimal
	From        time.Time `json:"from"`          // of the certificate
	Until       time.Time `json:"until"`
	Trusted     bool      `json:"trusted"` // leads to a trusted root; whether it was revoked is not asked
}

// signable refuses a signer whom the entry does not name, and a named one who does not sign.
func (p Packet) signable(log *record) error {
	if named := log.made.Info[InfoSigner]; (named == "") != (p.Sign == nil) {
		return fmt.Errorf("%w: the entry names the signer %q, and that is not who signs", errRefused, named)
	}
	return nil
}

// sign has the list of the tag files signed, if anybody does.
func (p Packet) sign(w *writing, list []byte) error {
	if p.Sign == nil {
		return nil
	}
	signature, err := p.Sign(list)
	if err != nil {
		return err
	}
	w.derive(signatureName, signature)
	return nil
}

// signer is the certificate by which the packet is signed, as the log says; empty: it is not.
func (c *check) signer() string { return c.log.made.Info[InfoSigner] }

// maySign reports whether path is the signature, of a packet that has one, or whose log does not tell.
func (c *check) maySign(path string) bool {
	return path == signatureName && (c.signer() != "" || !c.log.built)
}

// signature judges the signature over the list of the tag files. A sound one by the one who is named speaks for the list.
func (c *check) signature(context.Context) error {
	if c.signer() == "" {
		return nil // one that is there all the same is a file too many
	}
	der, err := c.text(signatureName)
	if err != nil {
		return err
	}
	list, err := c.text(tagManifestName)
	switch {
	case err != nil:
		return err
	case der == nil:
		if !c.large[signatureName] {
			c.found(FileMissing, signatureName, "the log says who has signed the packet", c.signer(), "", payload+EntriesPath)
		}
		return nil
	case list == nil:
		return nil // told already
	case c.options.Signature == nil:
		c.unchecked(signUnchecked, signatureName, "the signature was not checked")
		return nil
	}
	info, err := c.options.Signature(list, der)
	if err != nil {
		c.found(signInvalid, signatureName, err.Error(), "", "", tagManifestName)
		return nil
	}
	info.File = signatureName
	c.report.Signature = &info
	switch {
	case info.Certificate != c.signer():
		c.found(signOther, signatureName, "by another certificate than the log says: "+info.Signer, c.signer(), info.Certificate, payload+EntriesPath)
	case !info.Trusted:
		c.unchecked(signUntrusted, signatureName, "by a certificate that leads to none of the trusted roots: "+info.Signer)
	}
	return nil
}
