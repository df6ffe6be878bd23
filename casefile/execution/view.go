package execution

import (
	"net/netip"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// maxChain is the number of names that are followed in one answer, each for one kind of record.
const maxChain = 64

// Answers are those of one resolver, by the name that was asked. What is not judged of them is not held.
type Answers map[string][]answer

// answer is what is judged of one.
type answer struct {
	number    int
	code      string
	silent    bool // there is none
	refused   bool // it is one that there are no such records to be had, and is to a question for HTTPS
	part      bool // it has more than was looked at
	addresses []netip.Addr
	leads     []string // names that it sends to for their addresses, and does not give these
}

// maxAddresses of one answer are looked at, and maxLeads.
const (
	maxAddresses = 64
	maxLeads     = 16
)

// Add takes an answer in, where it is to a question of an order.
func (a Answers) Add(got evidence.ResolverAnswer) {
	if !slices.Contains(types, got.Type) {
		return
	}
	one := answer{number: got.Number, code: got.Code, silent: got.Error != "", part: got.LeftOut > 0}
	one.refused = got.Type == service && slices.Contains([]string{"NOTIMP", "FORMERR", "REFUSED"}, got.Code)
	if got.Decided() {
		one.addresses, one.leads = found(got.DNSAnswer)
	}
	if one.leads = slices.Clip(one.leads); len(one.leads) > maxLeads {
		one.leads, one.part = one.leads[:maxLeads], true
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
	leads     []string
	answers   []int
}

// look sets the answers about a name together. A true address decides, and so does another name that it leads to (RFC 9460, 2.4): visitors ask for
// that one's addresses. Where it was asked for, what is said of it counts. Who refuses to answer for HTTPS gives no such record, and visitors go by the
// addresses (RFC 9460, 3). What was not answered leaves open what the rest would mean.
func (s Stopping) look(name string, of Answers) view {
	answers := of[name]
	v := view{is: evidence.ResolutionSilent, answers: []int{}}
	var missing, silent, failed bool
	for _, a := range answers {
		v.answers = append(v.answers, a.number)
		v.addresses = appendNew(v.addresses, a.addresses...)
		for _, lead := range a.leads {
			if others, known := of[lead]; !known {
				v.leads = appendNew(v.leads, lead)
			} else if lead != name {
				for _, other := range others {
					v.addresses, v.answers = appendNew(v.addresses, other.addresses...), appendNew(v.answers, other.number)
					silent = silent || other.silent
				}
			}
		}
		silent = silent || a.silent
		missing = missing || a.code == "NXDOMAIN"
		failed = failed || a.part || a.code != "NOERROR" && a.code != "NXDOMAIN" && !a.refused
	}
	landing := slices.ContainsFunc(v.addresses, s.lands)
	switch {
	case len(v.leads) > 0, slices.ContainsFunc(v.addresses, func(a netip.Addr) bool { return !s.lands(a) }):
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

func appendNew[T comparable](list []T, more ...T) []T {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// found are the addresses that an answer gives for its name, at the end of its aliases, and the names that it leads to without theirs. Records about
// other names are passed over, and aliases that have no end lead nowhere.
func found(a evidence.DNSAnswer) (addresses []netip.Addr, leads []string) {
	f := finder{records: a.Records, seen: map[string]bool{}}
	f.follow(plain(a.Name), a.Type, "answer")
	return f.addresses, f.leads
}

// finder goes through one answer.
type finder struct {
	records   []evidence.DNSRecord
	seen      map[string]bool // names that were followed
	addresses []netip.Addr
	leads     []string
}

// follow takes what the records of a kind say of a name; those of a section alone, unless it is empty. It reports whether they say anything.
func (f *finder) follow(name, kind, section string) (some bool) {
	key := kind + " " + name
	if f.seen[key] || len(f.seen) >= maxChain {
		return false
	}
	f.seen[key] = true
	alias := ""
	for _, r := range f.records {
		if section != "" && r.Section != section || plain(r.Name) != name {
			continue
		}
		switch {
		case r.Type == "CNAME":
			alias = plain(r.Value)
		case r.Type != kind:
		case kind == service:
			f.service(name, r.Value)
			some = true
		default:
			if address, err := netip.ParseAddr(r.Value); err == nil {
				f.addresses, some = appendNew(f.addresses, address), true
			}
		}
	}
	if some || alias == "" {
		return some
	}
	return f.follow(alias, kind, section)
}

// service is the kind of record that tells browsers where a site is (HTTPS, RFC 9460), beside its addresses and before them.
const service = "HTTPS"

// service reads one of a name, as it is written: priority, target and parameters. Of priority 0 it is an alias, else its hints are addresses. Another
// target than the name itself is asked for its own.
func (f *finder) service(name, value string) {
	fields := strings.Fields(value)
	if len(fields) < 2 {
		return
	}
	if fields[0] != "0" {
		for _, field := range fields[2:] {
			key, list, _ := strings.Cut(field, "=")
			if key != "ipv4hint" && key != "ipv6hint" {
				continue
			}
			for text := range strings.SplitSeq(strings.Trim(list, `"`), ",") {
				if address, err := netip.ParseAddr(text); err == nil {
					f.addresses = appendNew(f.addresses, address)
				}
			}
		}
	}
	target := plain(fields[1])
	if target == "" || target == name { // "." is the name itself, and of an alias none
		return
	}
	some := false
	for _, kind := range types {
		some = f.follow(target, kind, "") || some
	}
	if !some {
		f.leads = appendNew(f.leads, target)
	}
}

// plain is a name in small letters without the dot at its end.
func plain(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }
