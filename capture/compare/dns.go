package compare

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile/evidence"
)

// Records are the records of one kind that one name had, as a set.
type Records struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Set
}

// compared are the kinds of record that are. A TXT or SOA record changes with every letter of a mail provider.
var compared = []string{"A", "AAAA", "CNAME", "NS", "MX"}

// records lists what both sides asked for and got an answer to, also that there is none. Kinds without a change are listed, too.
func records(a, b *reading) Some[Records] {
	var out []Records
	x, y := answers(a.network()), answers(b.network())
	for _, key := range slices.SortedFunc(maps.Keys(x), question.compare) {
		if other, ok := y[key]; ok {
			out = append(out, Records{Name: short(key.name), Type: key.kind, Set: sets(x[key], other)})
		}
	}
	return some(out)
}

type question struct{ name, kind string }

func (q question) compare(other question) int {
	if q.name != other.name {
		return strings.Compare(q.name, other.name)
	}
	return slices.Index(compared, q.kind) - slices.Index(compared, other.kind)
}

// answers are the sets of records by question; one that failed is not there.
func answers(n *evidence.NetworkFacts) map[question]map[string]bool {
	out := map[question]map[string]bool{}
	for _, a := range n.DNS {
		if !slices.Contains(compared, a.Type) || !a.Decided() {
			continue
		}
		key := question{name(a.Name), a.Type}
		if out[key] == nil {
			out[key] = map[string]bool{}
		}
		for _, r := range a.Records {
			if r.Section == "answer" && r.Type == a.Type {
				out[key][name(r.Value)] = true
			}
		}
	}
	return out
}

// addresses are those of the host that was looked up; where nothing was, those that answered for the host asked for.
func (r *reading) addresses() map[string]bool {
	out := map[string]bool{}
	n := r.network()
	for key, values := range answers(n) {
		if key.name == name(n.ASCII) && (key.kind == "A" || key.kind == "AAAA") {
			maps.Copy(out, values)
		}
	}
	if len(out) > 0 || r.traffic == nil {
		return out
	}
	return r.hosts()[hostOf(r.side.Result.URL)]
}

// related reports whether two sets of addresses have one in common, or two of one network: of one autonomous system as the facts tell it, or of
// one /16 (IPv4) or /32 (IPv6). Networks for delivering content answer each time with other addresses of theirs. Where a side has none, or another
// host was looked up, nothing is known, and nobody is called unrelated.
func related(a, b *reading) bool {
	if p, q := name(a.network().ASCII), name(b.network().ASCII); p != "" && q != "" && p != q {
		return true
	}
	x, y := a.nets(), b.nets()
	for net := range x {
		if y[net] {
			return true
		}
	}
	return len(x) == 0 || len(y) == 0
}

// nets are the addresses of the host, and the networks that they lie in.
func (r *reading) nets() map[string]bool {
	out, addresses := map[string]bool{}, r.addresses()
	for s := range addresses {
		out[s] = true
		a, err := netip.ParseAddr(s)
		if err != nil {
			continue
		}
		a = a.Unmap()
		bits := 16
		if a.Is6() {
			bits = 32
		}
		if network, err := a.Prefix(bits); err == nil {
			out[network.String()] = true
		}
	}
	if n := r.network(); n.Networks != nil {
		for _, a := range n.Networks.Addresses {
			if addresses[a.Address.String()] && a.ASN != 0 {
				out["AS"+strconv.FormatUint(uint64(a.ASN), 10)] = true
			}
		}
	}
	return out
}
