package compare

import (
	"slices"
	"strconv"
	"strings"

	"yuzheng/capture/known"
	"yuzheng/casefile/evidence"
)

// The signs that a site is no longer there. Each is enough.
const (
	signNoAnswer  SignCode = "no-answer"  // unreachable, while something else could be asked; b has NXDOMAIN where the name is gone
	signStopped   SignCode = "stopped"    // a landing page answered, or the office's resolver leads to one
	signNotFound  SignCode = "not-found"  // 404 or 410; b has it
	signParked    SignCode = "parked"     // a page of somebody who sells names, or name servers of one; b has the words or the server
	signWithheld  SignCode = "withheld"   // the registration says that the name is kept out of the name service; b has the status
	signWasGone   SignCode = "was-gone"   // 0 points: it was so before already
	signWasParked SignCode = "was-parked" // 0 points
)

// parkedServers are the domains of name servers that lead to such pages only.
var parkedServers = []string{"sedoparking.com", "parkingcrew.net", "bodis.com", "parklogic.com", "above.com", "dan.com", "afternic.com"}

// maxParked is the number of words up to which a page can be one that is about the name only.
const maxParked = 600

// withheldStatus are statuses by which a registry or registrar takes a name out of the name service, or is about to (RFC 5731, 2.3; RFC 3915,
// 3.1; RFC 8056 for their names in RDAP), as letters alone.
var withheldStatus = []string{"clienthold", "serverhold", "redemptionperiod", "pendingdelete"}

// gone lists the signs that the site of the later capture is no longer there.
func gone(a, b *reading, d Difference) []Sign {
	list := []Sign{}
	add := func(code SignCode, points int, what string) {
		list = append(list, Sign{Code: code, Toward: towardGone, Points: points, B: what})
	}
	if b.state == whyUnreachable && b.online() {
		add(signNoAnswer, suspect, b.nameCode())
	}
	if b.stopped() {
		add(signStopped, suspect, "")
	}
	if status := b.side.Result.Status; b.state == whyRefused && (status == 404 || status == 410) {
		add(signNotFound, suspect, strconv.Itoa(status))
	}
	if what := b.parked(); what != "" {
		add(signParked, suspect, what)
	}
	if what := b.withheld(); what != "" {
		add(signWithheld, suspect, what)
	}
	if len(list) > 0 && (a.state == whyUnreachable || a.stopped() || a.withheld() != "") {
		add(signWasGone, 0, "")
	}
	if len(list) > 0 && a.parked() != "" {
		add(signWasParked, 0, "")
	}
	return list
}

// online reports whether the machine had a network when a page did not answer: name servers that were asked did, or none was asked.
func (r *reading) online() bool {
	dns := r.network().DNS
	return len(dns) == 0 || slices.ContainsFunc(dns, func(a evidence.DNSAnswer) bool { return a.Error == "" })
}

// nameCode is NXDOMAIN where the name service says that there is no such name.
func (r *reading) nameCode() string {
	n := r.network()
	for _, a := range n.DNS {
		if a.Error == "" && a.Code == "NXDOMAIN" && name(a.Name) == name(n.ASCII) {
			return a.Code
		}
	}
	return ""
}

func (r *reading) stopped() bool {
	t := r.network().Resolvers
	return r.side.Result.Verdict == evidence.Blocked || t != nil && t.Verdict == evidence.ResolverStopped
}

// parked gives what says that a name is parked; "" if nothing does.
func (r *reading) parked() string {
	for _, h := range []*holding{fromRDAP(r.network()), fromWHOIS(r.network())} {
		if h == nil {
			continue
		}
		for _, s := range h.servers {
			if slices.ContainsFunc(parkedServers, func(p string) bool { return strings.HasSuffix("."+name(s), "."+p) }) {
				return short(name(s))
			}
		}
	}
	if r.text == nil || r.text.count > maxParked {
		return ""
	}
	return known.Parked(r.side.Result.Title + "\n" + r.plain)
}

func (r *reading) withheld() string {
	for _, h := range []*holding{fromRDAP(r.network()), fromWHOIS(r.network())} {
		if h == nil {
			continue
		}
		for _, s := range h.status {
			letters := strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(s))
			if slices.Contains(withheldStatus, letters) {
				return short(s)
			}
		}
	}
	return ""
}
