package cms

import (
	"bytes"
	"encoding/asn1"
	"runtime/debug"
	"strings"
	"testing"
)

// der is an element with its length in as few bytes as can be.
func der(tag byte, contents ...[]byte) []byte {
	all := bytes.Join(contents, nil)
	n := len(all)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, all...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, all...)
	case n < 0x10000:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, all...)
	}
	return append([]byte{tag, 0x83, byte(n >> 16), byte(n >> 8), byte(n)}, all...)
}

// nested are elements in each other; without lengths each one is closed by two zero bytes.
func nested(depth int, lengths bool) []byte {
	out := der(0x02, []byte{1})
	for range depth {
		if lengths {
			out = der(0x30, out)
		} else {
			out = append(append([]byte{0x30, 0x80}, out...), 0, 0)
		}
	}
	return out
}

func TestBounded(t *testing.T) {
	many := der(0x30, bytes.Repeat([]byte{5, 0}, maxElements-1))
	cases := []struct {
		name string
		der  []byte
		said string // empty: within the bounds
	}{
		{"one number", der(2, []byte{1}), ""},
		{"nested as deep as may be", nested(maxNesting, true), ""},
		{"the same without lengths", nested(maxNesting, false), ""},
		{"nested deeper", nested(maxNesting+1, true), "nested deeper"},
		{"nested deeper without lengths", nested(maxNesting+1, false), "nested deeper"},
		{"nested 50000 deep", nested(50_000, false), "nested deeper"},
		{"heads without an end", bytes.Repeat([]byte{0x30, 0x80}, 200_000), "nested deeper"},
		{"siblings to us, nested to others", bytes.Repeat([]byte{0x30, 0x80, 0, 0}, 200_000), "without length and contents"},
		{"the same in an element", der(0x30, bytes.Repeat([]byte{0x30, 0x80, 0, 0}, 1000)), "without length and contents"},
		{"beyond the element around the one around it", der(0x30, []byte{0x30, 0x80, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0}), ""},
		{"the same, one byte short", append([]byte{0x30, 11}, 0x30, 0x80, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0), "do not end where it ends"},
		{"as many as may be", many, ""},
		{"too many", der(0x30, bytes.Repeat([]byte{5, 0}, maxElements)), "elements"},
		{"too long", make([]byte, MaxBytes+1), "longer than"},
		{"a huge claim", []byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0}, "cut off"},
		{"a negative claim", []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0}, "cut off"},
		{"a length of five bytes", []byte{0x30, 0x85, 1, 0, 0, 0, 0}, "cannot be read"},
		{"a length with a zero before it", []byte{0x30, 0x81, 0}, "cannot be read"},
		{"a tag of two bytes", []byte{0x3f, 0x81, 0}, "more than one byte"},
		{"a primitive without length", []byte{4, 0x80, 1, 1, 0, 0}, "cannot be read"},
		{"something behind it", append(der(2, []byte{1}), 0), "do not end where it ends"},
		{"cut off", []byte{0x30}, "cut off"},
	}
	for _, c := range cases {
		err := Bounded(c.der)
		if (err == nil) != (c.said == "") || err != nil && !strings.Contains(err.Error(), c.said) {
			t.Errorf("%s: %v, want %q", c.name, err, c.said)
		}
		if _, perr := Parse(c.der); perr == nil {
			t.Errorf("%s: a signature", c.name)
		}
	}
}

// FuzzBounded: what is let through is read with little stack by the library, which ends the program where it needs more.
func FuzzBounded(f *testing.F) {
	debug.SetMaxStack(1 << 20)
	oid, err := asn1.Marshal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}) // signed data
	if err != nil {
		f.Fatal(err)
	}
	f.Add(nested(maxNesting, true))
	f.Add(nested(maxNesting, false))
	f.Add(der(0x30, oid, der(0xa0, der(0x30, der(2, []byte{3}), der(0x31), der(0x30, oid), der(0x31)))))
	f.Add([]byte{0x30, 0x80, 0x24, 0x80, 4, 1, 0, 0, 0, 0, 0})
	f.Add([]byte{0x30, 0x80, 0, 0, 0x30, 0x80, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if Bounded(b) != nil {
			return
		}
		_, _ = Parse(b) // its error is no matter
	})
}
