package wacz

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Sizes and signatures of the ZIP's parts: PKWARE APPNOTE.TXT, sections 4.3.7, 4.3.9, 4.3.12, 4.3.16.
const (
	localSize, localSign     = 30, "PK\x03\x04"
	centralSize, centralSign = 46, "PK\x01\x02"
	endSize, endSign         = 22, "PK\x05\x06"
	descSize, descSign       = 16, "PK\x07\x08"

	flagDescriptor = 1 << 3 // sizes and CRC follow the data
	flagUTF8       = 1 << 11
	methodStore    = 0
	methodDeflate  = 8
	maxDirectory   = 16 << 20
)

// entry is one file of the ZIP.
type entry struct {
	name   string
	method uint16
	crc    uint32
	packed int64 // bytes in the ZIP
	size   int64 // bytes unpacked
	offset int64 // of the data
}

func (e entry) open(r io.ReaderAt) io.Reader {
	raw := io.NewSectionReader(r, e.offset, e.packed)
	if e.method == methodDeflate {
		return io.LimitReader(flate.NewReader(raw), e.size+1)
	}
	return raw
}

// layout reads the ZIP from its end and then walks it from its beginning: local header, data, descriptor, file after
// file, the directory, the end record, nothing else. An error is a ZIP that cannot be read further.
func (c *check) layout(size int64) ([]entry, error) {
	end := make([]byte, endSize)
	if size < endSize || c.read(end, size-endSize) != nil || string(end[:4]) != endSign {
		return nil, errors.New("is no ZIP that ends with its directory")
	}
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	count, length, start := int(u16(end[10:])), int64(u32(end[12:])), int64(u32(end[16:]))
	if u32(end[4:]) != 0 || u16(end[8:]) != u16(end[10:]) || u16(end[20:]) != 0 || start+length != size-endSize || length > maxDirectory {
		return nil, errors.New("has an end record that does not fit the file")
	}
	directory := make([]byte, length)
	if c.read(directory, start) != nil {
		return nil, errors.New("has a directory that cannot be read")
	}
	var entries []entry
	seen := map[string]bool{}
	at := int64(0)
	first := directory
	for range count {
		h, rest, err := cutHeader(directory)
		if err != nil {
			return nil, err
		}
		directory = rest
		if !bytes.Equal(h[4:6], first[4:6]) || !bytes.Equal(h[38:42], first[38:42]) {
			return nil, fmt.Errorf("describes %q unlike its other files", name(h))
		}
		e, next, err := c.local(h, at)
		if err != nil {
			return nil, err
		}
		if seen[e.name] {
			return nil, fmt.Errorf("has %q twice", e.name)
		}
		seen[e.name] = true
		entries = append(entries, e)
		at = next
	}
	if len(directory) != 0 || at != start {
		return nil, errors.New("has bytes that belong to no file")
	}
	return entries, nil
}

// cutHeader takes one header, with its name and extra field, off the directory.
func cutHeader(directory []byte) (h, rest []byte, err error) {
	if len(directory) < centralSize || string(directory[:4]) != centralSign {
		return nil, nil, errors.New("has a damaged directory")
	}
	u16 := binary.LittleEndian.Uint16
	length := centralSize + int(u16(directory[28:])) + int(u16(directory[30:]))
	comment, disk, internal := u16(directory[32:]), u16(directory[34:]), u16(directory[36:])
	if len(directory) < length || comment != 0 || disk != 0 || internal != 0 {
		return nil, nil, errors.New("has a damaged directory")
	}
	return directory[:length], directory[length:], nil
}

func name(h []byte) string {
	return string(h[centralSize : centralSize+int(binary.LittleEndian.Uint16(h[28:]))])
}

// local compares a directory header h with the local one, that must stand at offset at, and gives where the next begins.
func (c *check) local(h []byte, at int64) (e entry, next int64, err error) {
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	e = entry{
		name: name(h), method: u16(h[10:]), crc: u32(h[16:]), packed: int64(u32(h[20:])), size: int64(u32(h[24:])),
	}
	flags := u16(h[8:])
	if flags&^uint16(flagDescriptor|flagUTF8) != 0 || e.method != methodStore && e.method != methodDeflate || e.method == methodStore && e.packed != e.size {
		return e, 0, fmt.Errorf("stores %q in a way that is not checked", e.name)
	}
	tail := h[centralSize:]
	l := make([]byte, localSize+len(tail))
	if int64(u32(h[42:])) != at || c.read(l, at) != nil || string(l[:4]) != localSign {
		return e, 0, fmt.Errorf("does not have %q where its directory says", e.name)
	}
	sizes := h[16:28]
	if flags&flagDescriptor != 0 {
		sizes = make([]byte, 12)
	}
	same := bytes.Equal(l[4:14], h[6:16]) && bytes.Equal(l[14:26], sizes) && bytes.Equal(l[26:30], h[28:32]) && bytes.Equal(l[30:], tail)
	if !same {
		return e, 0, fmt.Errorf("describes %q in two ways", e.name)
	}
	e.offset = at + int64(len(l))
	next = e.offset + e.packed
	if flags&flagDescriptor == 0 {
		return e, next, nil
	}
	d := make([]byte, descSize)
	if c.read(d, next) != nil || string(d[:4]) != descSign || !bytes.Equal(d[4:], h[16:28]) {
		return e, 0, fmt.Errorf("describes %q in two ways", e.name)
	}
	return e, next + descSize, nil
}

func (c *check) read(p []byte, off int64) error {
	n, err := c.src.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	return err
}
