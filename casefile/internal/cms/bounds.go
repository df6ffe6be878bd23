package cms

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/digitorus/pkcs7"
)

// Bounds on a signature or a time stamp, far above any that is made. They hold before anything else reads it: the library behind this package goes
// into nested elements by calling itself, and a stack that is used up ends the program whatever its caller does.
const (
	MaxBytes        = 1 << 20
	maxNesting      = 32      // elements in each other; a reply with a chain has 15
	maxElements     = 1 << 14 // a reply with a chain has some 300
	maxCertificates = 32
	maxKey          = 8192 // bits of an RSA key, as crypto/tls has it
)

// element is one that the walk is in.
type element struct {
	end   int // of its contents; 0 where two zero bytes will end it
	begun bool
}

// Bounded reports what der has more of than a signature can. It walks as readers of BER do (X.690, 8.1) and keeps to what all of them read
// alike: elements lie whole in each other, tags have one byte, lengths at most four, and what has no length is not empty.
func Bounded(der []byte) error {
	if len(der) > MaxBytes {
		return fmt.Errorf("longer than %d bytes", MaxBytes)
	}
	var open []element
	at := 0
	for count := 0; ; count++ {
		open, at = leave(der, open, at)
		switch {
		case len(open) == 0 && count > 0 || at == len(der):
			return ended(der, open, at)
		case count == maxElements:
			return fmt.Errorf("more than %d elements", maxElements)
		}
		inside := len(der)
		if n := len(open); n > 0 {
			open[n-1].begun = true
			if open[n-1].end > 0 {
				inside = open[n-1].end
			}
		}
		e, begins, err := enter(der[:inside], at)
		if err != nil {
			return err
		}
		if der[at]&constructed == 0 {
			at = e.end
			continue
		}
		if open, at = append(open, e), begins; len(open) > maxNesting {
			return fmt.Errorf("nested deeper than %d elements", maxNesting)
		}
	}
}

const constructed = 0x20 // bit of a tag

// leave goes out of the elements that end at a place.
func leave(der []byte, open []element, at int) ([]element, int) {
	for len(open) > 0 {
		switch last := open[len(open)-1]; {
		case last.end > 0 && at == last.end:
		case last.end == 0 && last.begun && at+2 <= len(der) && der[at] == 0 && der[at+1] == 0:
			at += 2
		default:
			return open, at
		}
		open = open[:len(open)-1]
	}
	return open, at
}

func ended(der []byte, open []element, at int) error {
	if len(open) > 0 || at < len(der) {
		return errors.New("its elements do not end where it ends")
	}
	return nil
}

// enter reads the head of the element at a place, which must lie whole in b, and gives where its contents begin.
func enter(b []byte, at int) (e element, begins int, err error) {
	if at+2 > len(b) {
		return e, 0, errors.New("an element is cut off")
	}
	tag, length := b[at], int(b[at+1])
	begins = at + 2
	switch {
	case tag&0x1f == 0x1f:
		return e, 0, errors.New("a tag of more than one byte")
	case length == 0x80 && tag&constructed != 0:
		if begins+2 > len(b) || b[begins] == 0 && b[begins+1] == 0 {
			return e, 0, errors.New("an element without length and contents")
		}
		return element{}, begins, nil
	case length >= 0x80:
		count := length & 0x7f
		if count < 1 || count > 4 || begins+count > len(b) || b[begins] == 0 {
			return e, 0, errors.New("a length that cannot be read")
		}
		length = 0
		for _, digit := range b[begins : begins+count] {
			length = length<<8 | int(digit)
		}
		begins += count
	}
	if length < 0 || length > len(b)-begins {
		return e, 0, errors.New("an element is cut off")
	}
	return element{end: begins + length}, begins, nil
}

// modest reports what a token has more of than can be checked in reasonable time.
func modest(p7 *pkcs7.PKCS7) error {
	if len(p7.Signers) > 1 {
		return fmt.Errorf("%d signers", len(p7.Signers))
	}
	if len(p7.Certificates) > maxCertificates {
		return fmt.Errorf("more than %d certificates", maxCertificates)
	}
	for _, c := range p7.Certificates {
		if err := modestKey(c); err != nil {
			return err
		}
	}
	return nil
}

func modestKey(c *x509.Certificate) error {
	if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxKey {
		return fmt.Errorf("a key of %d bits", k.N.BitLen())
	}
	return nil
}
