package netfacts

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"

	"yuzheng/casefile/evidence"
)

// ASNTable finds the range of an address. A nil table knows none. It takes 12 bytes a range of IPv4, 56 of IPv6, and the names: 17 MiB
// for the half million ranges of 2026.
type ASNTable struct {
	source evidence.ASNSource
	v4     []span[uint32]
	v6     []span[netip.Addr]
	owners []owner
}

type span[T any] struct {
	first, last T
	owner       uint32 // index
}

type owner struct {
	asn uint32
	org string
}

const (
	maxTable  = 512 << 20 // bytes of all files
	maxRanges = 8 << 20
	maxOrg    = 256 // bytes
)

// ReadASN reads files of lines "first,last,asn,org" with addresses of either family, as @ip-location-db/asn has them (CSV, RFC 4180;
// ranges are inclusive). Name and version are the caller's; the hash is of what was read.
func ReadASN(name, version string, files ...io.Reader) (*ASNTable, error) {
	sum := sha256.New()
	t := &ASNTable{source: evidence.ASNSource{Name: name, Version: version}}
	index := map[owner]uint32{}
	left := io.LimitedReader{R: io.MultiReader(files...), N: maxTable}
	lines := csv.NewReader(io.TeeReader(&left, sum))
	lines.ReuseRecord, lines.FieldsPerRecord = true, 4
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("networks of %s: %w", name, err)
		}
		if err := t.add(line, index); err != nil {
			n, _ := lines.FieldPos(0)
			return nil, fmt.Errorf("networks of %s, line %d: %w", name, n, err)
		}
	}
	if left.N == 0 {
		return nil, fmt.Errorf("networks of %s: more than %d bytes", name, maxTable)
	}
	t.sort()
	t.source.SHA256, t.source.Ranges = hex.EncodeToString(sum.Sum(nil)), len(t.v4)+len(t.v6)
	return t, nil
}

func (t *ASNTable) add(line []string, index map[owner]uint32) error {
	first, err := netip.ParseAddr(line[0])
	if err != nil {
		return err
	}
	last, err := netip.ParseAddr(line[1])
	if err != nil {
		return err
	}
	asn, err := strconv.ParseUint(line[2], 10, 32)
	if err != nil {
		return err
	}
	switch {
	case first.Zone()+last.Zone() != "" || first.Is4() != last.Is4() || last.Less(first):
		return fmt.Errorf("%s to %s is no range", first, last)
	case len(line[3]) > maxOrg:
		return fmt.Errorf("a name of %d bytes", len(line[3]))
	case len(t.v4)+len(t.v6) >= maxRanges:
		return fmt.Errorf("more than %d ranges", maxRanges)
	}
	at := t.owner(owner{uint32(asn), line[3]}, index)
	if first.Is4() {
		t.v4 = append(t.v4, span[uint32]{number(first), number(last), at})
	} else {
		t.v6 = append(t.v6, span[netip.Addr]{first, last, at})
	}
	return nil
}

// owner keeps each autonomous system once; index is needed for reading only.
func (t *ASNTable) owner(o owner, index map[owner]uint32) uint32 {
	at, known := index[o]
	if !known {
		at = uint32(len(t.owners))
		o.org = string([]byte(o.org)) // not a part of the whole line
		index[o] = at
		t.owners = append(t.owners, o)
	}
	return at
}

// sort puts the ranges in order. Of two that overlap the one that begins later counts; what the earlier one has behind it is not known.
func (t *ASNTable) sort() {
	slices.SortStableFunc(t.v4, func(a, b span[uint32]) int { return cmp.Compare(a.first, b.first) })
	slices.SortStableFunc(t.v6, func(a, b span[netip.Addr]) int { return a.first.Compare(b.first) })
	for i := 1; i < len(t.v4); i++ {
		if t.v4[i].first <= t.v4[i-1].last {
			t.source.Overlaps++
		}
	}
	for i := 1; i < len(t.v6); i++ {
		if t.v6[i].first.Compare(t.v6[i-1].last) <= 0 {
			t.source.Overlaps++
		}
	}
	t.v4, t.v6, t.owners = slices.Clip(t.v4), slices.Clip(t.v6), slices.Clip(t.owners)
}

// Find gives the network of an address, and whether the table knows one.
func (t *ASNTable) Find(a netip.Addr) (evidence.Network, bool) {
	a = a.Unmap().WithZone("")
	n := evidence.Network{Address: a}
	if t == nil || !a.IsValid() {
		return n, false
	}
	var at uint32
	var found bool
	if a.Is4() {
		at, found = search(t.v4, number(a), cmp.Compare)
	} else {
		at, found = search(t.v6, a, netip.Addr.Compare)
	}
	if !found {
		return n, false
	}
	n.ASN, n.Org = t.owners[at].asn, t.owners[at].org
	return n, true
}

func search[T any](list []span[T], a T, compare func(T, T) int) (uint32, bool) {
	after := func(s span[T], a T) int {
		if compare(s.first, a) > 0 {
			return 1
		}
		return -1
	}
	i, _ := slices.BinarySearchFunc(list, a, after)
	if i--; i < 0 || compare(a, list[i].last) > 0 {
		return 0, false
	}
	return list[i].owner, true
}

// Networks says what is known of addresses, each once, in their order. Without a table it says that.
func (t *ASNTable) Networks(list []netip.Addr) evidence.Networks {
	out := evidence.Networks{Addresses: []evidence.Network{}}
	if t != nil {
		source := t.source
		out.Table = &source
	}
	list = slices.Clone(list)
	slices.SortFunc(list, netip.Addr.Compare)
	for _, a := range slices.Compact(list) {
		n, _ := t.Find(a)
		out.Addresses = append(out.Addresses, n)
	}
	return out
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
