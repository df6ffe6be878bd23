package archive

import (
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// cutFrom is the size in bytes from which a body is set apart in the stream. Smaller ones cost more to keep apart than
// to keep twice.
const cutFrom = 4 << 10

// memberWriter writes gzip members (RFC 1952). Each part of a member is compressed for itself, without looking back at
// the part before it, and ends on a byte: the compressed bytes of a body depend on the body alone.
type memberWriter struct {
	out  io.Writer
	cut  func() error
	flat *flate.Writer
}

func newMemberWriter(out io.Writer, cut func() error) *memberWriter {
	flat, err := flate.NewWriter(out, flate.DefaultCompression)
	if err != nil {
		panic("archive: " + err.Error()) // only for a level that does not exist
	}
	return &memberWriter{out, cut, flat}
}

// gzipHeader has no name and no time: RFC 1952 section 2.3.1, deflate, operating system unknown.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// write writes one member that holds head, body and tail, one after the other.
func (m *memberWriter) write(head, body, tail []byte) error {
	if _, err := m.out.Write(gzipHeader); err != nil {
		return err
	}
	if err := m.part(head); err != nil {
		return err
	}
	if len(body) >= cutFrom {
		if err := m.apart(body); err != nil {
			return err
		}
	} else if len(body) > 0 {
		if err := m.part(body); err != nil {
			return err
		}
	}
	m.flat.Reset(m.out)
	if _, err := m.flat.Write(tail); err != nil {
		return err
	}
	if err := m.flat.Close(); err != nil {
		return err
	}
	return m.trailer(head, body, tail)
}

func (m *memberWriter) apart(body []byte) error {
	if err := m.cut(); err != nil {
		return err
	}
	if err := m.part(body); err != nil {
		return err
	}
	return m.cut()
}

func (m *memberWriter) part(p []byte) error {
	m.flat.Reset(m.out)
	if _, err := m.flat.Write(p); err != nil {
		return err
	}
	return m.flat.Flush()
}

func (m *memberWriter) trailer(parts ...[]byte) error {
	var sum, size uint32
	for _, p := range parts {
		sum = crc32.Update(sum, crc32.IEEETable, p)
		size += uint32(len(p)) // modulo 2^32, as RFC 1952 has it
	}
	_, err := m.out.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, sum), size))
	return err
}
