package execution

import (
	"net/netip"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// maxChain is the number of aliases (CNAME) that are followed.
const maxChain = 16

// Answers are those of one resolver, by the name that was asked. What is not judged of them is not held.
type Answers map[string][]answer

// answer is what is judged of one.
type answer struct {
	number    int
	code      string
	silent    bool // there is none
	part      bool // it has more than was looked at
	addresses []netip.Addr
}

// maxAddresses of one answer are looked at.
const maxAddresses = 64

// Add takes an answer in, where it is to a question of an order.
func (a Answers) Add(got evidence.ResolverAnswer) {
	if !slices.Contains(types, got.Type) {
		return
	}
	one := answer{number: got.Number, code: got.Code, silent: got.Error != "", part: got.LeftOut > 0}
	if got.Decided() {
		one.addresses = addressesIn(got.DNSAnswer)
	}
	if len(one.addresses) > maxAddresses {
		one.addresses, one.part = slices.Clone(one.addresses[:maxAddresses]), true
	}
	a[got.Name] = append(a[got.Name], one)
}

// view is what a resolver says of one name.
type view struct {
	is        evidence.Resolution
	addresses []netip.Addr
	answers   []int
}

// look sets the answers about a name together. A true address decides; what was not answered leaves open what the rest would mean.
func (s Stopping) look(answers []answer) view {
	v := view{is: evidence.ResolutionSilent, answers: []int{}}
	var missing, silent, failed bool
	for _, a := range answers {
		v.answers = append(v.answers, a.number)
		v.addresses = append(v.addresses, a.addresses...)
		silent = silent || a.silent
		missing = missing || a.code == "NXDOMAIN"
		failed = failed || a.part || a.code != "NOERROR" && a.code != "NXDOMAIN"
	}
	landing := slices.ContainsFunc(v.addresses, s.lands)
	switch {
	case slices.ContainsFunc(v.addresses, func(a netip.Addr) bool { return !s.lands(a) }):
		v.is = evidence.ResolutionAddresses
		if landing {
			v.is = evidence.ResolutionMixed
		}
	case silent || len(answers) < len(types):
	case failed:
		v.is = evidence.ResolutionFailure
	case landing:
		v.is = evidence.ResolutionLanding
	case missing:
		v.is = evidence.ResolutionNXDOMAIN
	default:
		v.is = evidence.ResolutionNone
	}
	return v
}

// Stopping is evidence.Stopping.
type Stopping evidence.Stopping

func (s Stopping) lands(a netip.Addr) bool { return slices.Contains(s.Landing, a) }

// addressesIn are the addresses that an answer gives for its name, at the end of its aliases. Records about other names are passed over, and
// aliases that have no end lead nowhere.
func addressesIn(a evidence.DNSAnswer) []netip.Addr {
	name := strings.TrimSuffix(strings.ToLower(a.Name), ".")
	for range maxChain {
		alias := ""
		var list []netip.Addr
		for _, r := range a.Records {
			if r.Section != "answer" || strings.TrimSuffix(strings.ToLower(r.Name), ".") != name {
				continue
			}
			switch r.Type {
			case "CNAME":
				alias = strings.TrimSuffix(strings.ToLower(r.Value), ".")
			case a.Type:
				if address, err := netip.ParseAddr(r.Value); err == nil && !slices.Contains(list, address) {
					list = append(list, address)
				}
			}
		}
		if len(list) > 0 || alias == "" {
			return list
		}
		name = alias
	}
	return nil
}
