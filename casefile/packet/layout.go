package packet

import (
	"encoding/binary"
	"math"
)

// member is one file in the ZIP. Members are stored, not compressed: what is large is compressed already, and a
// stored ZIP follows from its contents alone, byte for byte, on every machine and in every year.
type member struct {
	name string // with the packet's folder
	size int64
	crc  uint32
}

// The structures of APPNOTE.TXT 4.3 and the fixed values in them.
const (
	localSignature   = 0x04034b50
	centralSignature = 0x02014b50
	endSignature     = 0x06054b50
	end64Signature   = 0x06064b50
	locatorSignature = 0x07064b50

	localLen, centralLen, endLen, end64Len, locatorLen = 30, 46, 22, 56, 20

	flagUTF8     = 1 << 11
	dosEpoch     = 1<<5 | 1 // 1 January 1980: the log has the times
	unix         = 3 << 8
	regularFile  = 0o100644 << 16
	versionPlain = 20
	version64    = 45
	extra64      = 0x0001
)

var le = binary.LittleEndian

func big(n int64) bool { return n >= math.MaxUint32 }

func low(n int64) uint32 {
	if big(n) {
		return math.MaxUint32
	}
	return uint32(n)
}

// common is the part that local header and directory record share, from version to the length of the extra field.
func (m member) common(b []byte, version int, extra []byte) []byte {
	b = le.AppendUint16(b, uint16(version))
	b = le.AppendUint16(b, flagUTF8)
	b = le.AppendUint16(b, 0) // stored
	b = le.AppendUint16(b, 0) // midnight
	b = le.AppendUint16(b, dosEpoch)
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint32(b, low(m.size))
	b = le.AppendUint32(b, low(m.size))
	b = le.AppendUint16(b, uint16(len(m.name)))
	return le.AppendUint16(b, uint16(len(extra)))
}

func zip64Extra(values []int64) (extra []byte, version int) {
	if len(values) == 0 {
		return nil, versionPlain
	}
	extra = le.AppendUint16(nil, extra64)
	extra = le.AppendUint16(extra, uint16(8*len(values)))
	for _, v := range values {
		extra = le.AppendUint64(extra, uint64(v))
	}
	return extra, version64
}

// local is the header before the bytes of m.
func (m member) local() []byte {
	var values []int64
	if big(m.size) {
		values = []int64{m.size, m.size}
	}
	extra, version := zip64Extra(values)
	b := m.common(le.AppendUint32(nil, localSignature), version, extra)
	return append(append(b, m.name...), extra...)
}

// central is the record of m in the directory; offset is where its local header begins.
func (m member) central(offset int64) []byte {
	var values []int64
	if big(m.size) {
		values = []int64{m.size, m.size}
	}
	if big(offset) {
		values = append(values, offset)
	}
	extra, version := zip64Extra(values)
	b := le.AppendUint32(nil, centralSignature)
	b = le.AppendUint16(b, uint16(unix|version))
	b = m.common(b, version, extra)
	b = append(b, 0, 0, 0, 0, 0, 0) // no comment, first disk, bytes
	b = le.AppendUint32(b, regularFile)
	b = le.AppendUint32(b, low(offset))
	return append(append(b, m.name...), extra...)
}

// ending closes a ZIP of count members whose directory has size bytes and begins at offset.
func ending(count int, size, offset int64) []byte {
	var b []byte
	if count >= math.MaxUint16 || big(size) || big(offset) {
		b = le.AppendUint32(b, end64Signature)
		b = le.AppendUint64(b, end64Len-12)
		b = le.AppendUint16(b, unix|version64)
		b = le.AppendUint16(b, version64)
		b = le.AppendUint64(b, 0) // first disk, twice
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(size))
		b = le.AppendUint64(b, uint64(offset))
		b = le.AppendUint32(b, locatorSignature)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(offset+size))
		b = le.AppendUint32(b, 1)
	}
	short := uint16(min(count, math.MaxUint16))
	b = le.AppendUint32(b, endSignature)
	b = le.AppendUint32(b, 0) // first disk, twice
	b = le.AppendUint16(b, short)
	b = le.AppendUint16(b, short)
	b = le.AppendUint32(b, low(size))
	b = le.AppendUint32(b, low(offset))
	return le.AppendUint16(b, 0) // no comment
}

// piece is a run of bytes in a ZIP that follows from its members, and whom it concerns.
type piece struct {
	offset int64
	bytes  []byte
	name   string // of the member; empty for the end of the ZIP
	what   string
}

// layout derives everything in a ZIP but the members' bytes, and where those begin.
func layout(members []member) (pieces []piece, starts []int64, total int64) {
	starts = make([]int64, len(members))
	offsets := make([]int64, len(members))
	for i, m := range members {
		header := m.local()
		pieces = append(pieces, piece{total, header, m.name, "local header"})
		offsets[i], starts[i] = total, total+int64(len(header))
		total = starts[i] + m.size
	}
	directory := total
	for i, m := range members {
		record := m.central(offsets[i])
		pieces = append(pieces, piece{total, record, m.name, "directory record"})
		total += int64(len(record))
	}
	end := ending(len(members), total-directory, directory)
	pieces = append(pieces, piece{total, end, "", "end of the ZIP"})
	return pieces, starts, total + int64(len(end))
}
