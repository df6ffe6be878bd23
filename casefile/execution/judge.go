package execution

import (
	"net/netip"
	"slices"

	"yuzheng/casefile/evidence"
	"yuzheng/casefile/rpz"
)

// Judge says what each resolver makes of each target. Control, which may be nil, is what a resolver says that no order reaches; resolvers lists the
// others in the order in which they are told.
func (o Order) Judge(resolvers []string, of map[string]Answers, control Answers) []evidence.CheckedName {
	names := make([]evidence.CheckedName, 0, len(o.Targets))
	for _, t := range o.Targets {
		n := evidence.CheckedName{Target: t.ID, Name: t.Name, Subdomains: t.Subdomains, Resolvers: []evidence.NameAt{}}
		for _, r := range resolvers {
			n.Resolvers = append(n.Resolvers, o.at(t, r, of[r], control))
		}
		names = append(names, n)
	}
	return names
}

// at is a target at one resolver.
func (o Order) at(t Target, resolver string, answers, control Answers) evidence.NameAt {
	j := judge{Stopping: Stopping(o.Stopping), known: t.Known}
	j.NXDOMAIN = j.NXDOMAIN || !rpz.Rule{Name: t.Name}.HostName() // a policy zone has no address for it
	n := evidence.NameAt{Resolver: resolver, Verdict: evidence.Stopped}
	for _, p := range o.probes(t) {
		v := j.look(p.Name, answers)
		p.Resolution, p.Addresses, p.Leads, p.Answers = v.is, v.addresses, v.leads, v.answers
		var outside view
		if control != nil {
			outside = j.look(p.Name, control)
			p.Control, p.Answers = outside.is, append(p.Answers, outside.answers...)
		}
		p.Verdict = j.probe(p, outside)
		if p.Role == evidence.ProbeName {
			j.own = p
		}
		n.Probes, n.Verdict = append(n.Probes, p), worse(n.Verdict, p)
	}
	return n
}

// worse is the verdict of a target after one more probe. What is not known of another name than itself changes nothing: only what was seen does.
func worse(so evidence.ExecutionVerdict, p evidence.Probe) evidence.ExecutionVerdict {
	open := p.Verdict == evidence.Undecidable || p.Verdict == evidence.NoAnswer && !p.Stop || p.Verdict == evidence.LeftAlone
	if open && p.Role != evidence.ProbeName {
		return so
	}
	all := evidence.ExecutionVerdicts
	return all[min(slices.Index(all, so), slices.Index(all, p.Verdict))]
}

// judge judges the probes of one target at one resolver.
type judge struct {
	Stopping
	known []netip.Addr
	own   evidence.Probe // of the target itself, once it is judged
}

func (j judge) probe(p evidence.Probe, outside view) evidence.ExecutionVerdict {
	switch {
	case !p.Stop:
		return j.spared(p)
	case p.Resolution == evidence.ResolutionLanding, j.gone(p):
		return evidence.Stopped
	case p.Resolution == evidence.ResolutionSilent:
		return evidence.NoAnswer
	case p.Resolution == evidence.ResolutionFailure:
		return failed(p)
	case p.Role != evidence.ProbeName && j.missed(p):
		return evidence.TooNarrow
	case p.Resolution == evidence.ResolutionNone || p.Resolution == evidence.ResolutionNXDOMAIN:
		if p.Control == evidence.ResolutionAddresses {
			return evidence.OtherAnswer
		}
		return evidence.Undecidable
	case !j.leadsToSite(p, outside):
		return evidence.OtherAnswer
	case p.Role != evidence.ProbeName:
		return evidence.TooNarrow
	}
	return evidence.NotStopped
}

// leadsToSite reports whether an address, or a name that it leads to, is that of the site.
func (j judge) leadsToSite(p evidence.Probe, outside view) bool {
	return slices.ContainsFunc(p.Addresses, func(a netip.Addr) bool { return slices.Contains(outside.addresses, a) || slices.Contains(j.known, a) }) ||
		slices.ContainsFunc(p.Leads, func(name string) bool { return slices.Contains(outside.leads, name) })
}

// gone reports whether a name was made to be no name, which is a way to stop it.
func (j judge) gone(p evidence.Probe) bool {
	return j.NXDOMAIN && p.Resolution == evidence.ResolutionNXDOMAIN && p.Control == evidence.ResolutionAddresses
}

// missed reports whether what stops the target does not reach a name below it, which then would lead where the target does.
func (j judge) missed(below evidence.Probe) bool {
	return j.own.Resolution == evidence.ResolutionLanding || j.own.Verdict == evidence.Stopped && len(below.Addresses)+len(below.Leads) > 0
}

// failed judges an answer that says nothing: where the control has no address either, the name may be gone.
func failed(p evidence.Probe) evidence.ExecutionVerdict {
	switch p.Control {
	case evidence.ResolutionFailure, evidence.ResolutionNXDOMAIN, evidence.ResolutionNone:
		return evidence.Undecidable
	}
	return evidence.NoAnswer
}

// spared judges a name that is not to be stopped.
func (j judge) spared(p evidence.Probe) evidence.ExecutionVerdict {
	lands := p.Resolution == evidence.ResolutionLanding || p.Resolution == evidence.ResolutionMixed
	switch {
	case lands && p.Control != evidence.ResolutionLanding && p.Control != evidence.ResolutionMixed, j.gone(p):
		return evidence.TooWide
	case p.Resolution == evidence.ResolutionAddresses, p.Resolution == p.Control && p.Resolution != evidence.ResolutionSilent:
		return evidence.LeftAlone
	case p.Resolution == evidence.ResolutionSilent || p.Resolution == evidence.ResolutionFailure:
		return evidence.NoAnswer
	}
	return evidence.Undecidable
}
