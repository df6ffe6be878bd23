package application

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mtibben/confusables"

	"yuzheng/casefile/rpz"
)

func (g *gate) suffix() {
	section, is := suffix(g.Target.Name)
	if !is {
		var below string
		if below, is = aboveSuffix(g.Target.Name, g.captured()); is {
			section = "PRIVATE: " + below
		}
	}
	if is {
		g.say(Hard, "gate.suffix", "section", section)
		return
	}
	g.say(OK, "gate.suffix.ok", "version", g.Lists.Suffixes.Version)
}

// customers are the groups whose platforms give each user a sub-domain of his own.
var customers = []string{"hosting", "builder"}

func (g *gate) platform() {
	for _, group := range g.Lists.Platforms.Groups {
		listed, at := match(group.Names, g.Target.Name)
		switch {
		case at == nowhere:
			continue
		case at == below && slices.Contains(customers, group.ID):
			g.say(Soft, "gate.platform.customer", "group", group.Label, "listed", listed)
		default:
			g.say(Hard, "gate.platform", "group", group.Label, "listed", listed)
		}
		return
	}
	g.say(OK, "gate.platform.ok", "version", g.Lists.Platforms.Version)
}

func (g *gate) popular() {
	if listed, at := match(g.Lists.Popular.Names, g.Target.Name); at != nowhere {
		g.say(Soft, "gate.popular", "listed", listed)
		return
	}
	g.say(OK, "gate.popular.ok", "version", g.Lists.Popular.Version)
}

func (g *gate) official() {
	for _, group := range g.Lists.Official.Groups {
		if listed, at := match(group.Names, g.Target.Name); at != nowhere {
			g.say(Hard, "gate.official", "group", group.Label, "group_en", group.LabelEN, "listed", listed)
			return
		}
	}
	if listed, at := match(g.Lists.Official.Manual, g.Target.Name); at != nowhere {
		g.say(Soft, "gate.official.manual", "listed", listed)
		return
	}
	g.say(OK, "gate.official.ok", "version", g.Lists.Official.Version)
}

func (g *gate) scope() {
	hosts := strings.Join(g.captured(), "、")
	reason := strings.TrimSpace(g.Target.ScopeReason) != ""
	switch {
	case len(g.shown) == 0: // a target of before exhibits had kinds, when a file with an address counted: NewTarget makes no such
		g.say(Hard, "gate.scope.unshown")
	case !reason && !slices.Contains(g.captured(), g.Target.Name):
		g.say(Hard, "gate.scope.parent", "hosts", hosts)
	case !reason && g.Target.Scope == Subdomains:
		g.say(Hard, "gate.scope.reason", "hosts", hosts)
	default:
		scope := scopeWords[g.Target.Scope]
		g.say(OK, "gate.scope.ok", "hosts", hosts, "scope", scope[0], "scope_en", scope[1])
	}
}

var scopeWords = map[Scope][2]string{Exact: {"僅本名", "exact name"}, Subdomains: {"含子網域", "name and sub-domains"}}

// captured lists the hosts that exhibits show at or below the target.
func (g *gate) captured() []string {
	var list []string
	for _, e := range g.shown {
		for _, h := range e.hosts() {
			if n, err := rpz.Normalize(h); err == nil && under(n, g.Target.Name) {
				list = append(list, n)
			}
		}
	}
	return distinct(list)
}

func (g *gate) mail() {
	if listed, at := match(g.Lists.FreeMail.Names, g.Target.Name); at == itself || at == above {
		g.say(Hard, "gate.mail.free", "listed", listed)
		return
	}
	asked, found := false, []string(nil)
	for _, e := range g.shown {
		for host, servers := range e.Facts.MX {
			if under(host, g.Target.Name) {
				asked, found = true, append(found, servers...)
			}
		}
	}
	switch {
	case len(found) > 0:
		g.say(Soft, "gate.mail", "mx", strings.Join(distinct(found), "、"))
	case !asked:
		g.say(Info, "gate.mail.unknown")
	default:
		g.say(OK, "gate.mail.ok")
	}
}

func (g *gate) hosts() {
	captured := g.captured()
	var others []string
	for _, e := range g.shown {
		for _, n := range e.Facts.Names {
			n = strings.TrimPrefix(strings.ToLower(n), "*.")
			if n != g.Target.Name && under(n, g.Target.Name) && !slices.Contains(captured, n) {
				others = append(others, n)
			}
		}
	}
	others = distinct(others)
	switch {
	case len(others) == 0:
		g.say(OK, "gate.hosts.ok")
	case g.Target.Scope == Subdomains:
		g.say(Soft, "gate.hosts", "hosts", strings.Join(others, "、"))
	default:
		g.say(Info, "gate.hosts.info", "hosts", strings.Join(others, "、"))
	}
}

// owner compares the registration in the first and the last exhibit that have one. Who the registrant is can be compared within one source
// alone: WHOIS does not tell.
func (g *gate) owner() {
	var known []Facts
	for _, e := range g.shown {
		f := e.Facts
		if f.Domain == g.Target.Registrable && (f.Registrar+f.Registrant != "" || !f.Registered.IsZero()) {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		g.say(Info, "gate.owner.unknown")
		return
	}
	if len(known) == 1 {
		g.say(Info, "gate.owner.once")
		return
	}
	first, last := known[0], known[len(known)-1]
	var changes []string
	differ := func(label, a, b string) {
		if a != b {
			changes = append(changes, label+"："+cmp.Or(a, "—")+" → "+cmp.Or(b, "—"))
		}
	}
	differ("註冊日", date(first.Registered), date(last.Registered))
	differ("註冊商", first.Registrar, last.Registrar)
	if first.Source == last.Source {
		differ("註冊人", first.Registrant, last.Registrant)
	}
	differ("名稱伺服器", strings.Join(distinct(first.NameServers), "、"), strings.Join(distinct(last.NameServers), "、"))
	if len(changes) > 0 {
		g.say(Soft, "gate.owner", "changes", strings.Join(changes, "；"))
		return
	}
	g.say(OK, "gate.owner.ok")
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// youngDays is how old a name may be at its first capture for nobody to have built an honest site on it: no more than three months.
const youngDays = 90

// hacked asks whether the site may be an honest one that others broke into: it shows some visitors one page and others another, as such sites do, and its
// name is not so young that it was made for it.
func (g *gate) hacked() {
	age := g.age()
	one, other, seen := g.twoFaces()
	switch {
	case one != "" && age >= 0 && age <= youngDays:
		g.say(OK, "gate.hacked.young", "days", strconv.Itoa(age))
	case one != "" && age >= 0:
		g.say(Soft, "gate.hacked", "exhibit", one, "other", other, "days", strconv.Itoa(age))
	case one != "":
		g.say(Soft, "gate.hacked.age", "exhibit", one, "other", other)
	case !seen:
		g.say(Info, "gate.hacked.unknown")
	default:
		g.say(OK, "gate.hacked.ok")
	}
}

// age is how many days the name was registered when it was first captured; -1 where nobody told.
func (g *gate) age() int {
	for _, e := range g.shown {
		if f := e.Facts; f.Domain == g.Target.Registrable && !f.Registered.IsZero() {
			return max(0, int(g.shown[0].Started.Sub(f.Registered).Hours()/24))
		}
	}
	return -1
}

// twoFaces gives two complete captures of one address by different visitors that arrived at different hosts or at pages of different titles; seen
// reports whether there were two visitors to compare.
func (g *gate) twoFaces() (one, other string, seen bool) {
	for i, a := range g.shown {
		for _, b := range g.shown[i+1:] {
			if a.Verdict != complete || b.Verdict != complete || a.URL != b.URL || a.View == b.View {
				continue
			}
			seen = true
			if a.Title != b.Title || hostOf(a.FinalURL) != hostOf(b.FinalURL) {
				return a.ID, b.ID, true
			}
		}
	}
	return "", "", seen
}

// apex is the newest capture of the name itself, however it ended, that is not older than the limit.
func (g *gate) apex() (Exhibit, bool) {
	for _, e := range slices.Backward(g.shown) {
		if g.Now.Sub(e.Started) <= FreshDays*24*time.Hour && slices.ContainsFunc(e.hosts(), g.named) {
			return e, true
		}
	}
	return Exhibit{}, false
}

// named reports whether a host is the target's very name.
func (g *gate) named(host string) bool {
	name, err := rpz.Normalize(host)
	return err == nil && name == g.Target.Name
}

func (g *gate) fresh() {
	limit := strconv.Itoa(FreshDays)
	if _, ok := g.apex(); !ok && len(g.shown) > 0 {
		g.say(Soft, "gate.fresh.apex", "limit", limit)
	}
	e, ok := g.whole()
	age := g.Now.Sub(e.Started)
	switch {
	case !ok:
		g.say(Hard, "gate.fresh.none")
	case age < -time.Hour:
		g.say(Hard, "gate.fresh.future", "exhibit", e.ID)
	case age > FreshDays*24*time.Hour:
		g.say(Hard, "gate.fresh.old", "exhibit", e.ID, "days", strconv.Itoa(int(age.Hours()/24)), "limit", limit)
	default:
		g.say(OK, "gate.fresh.ok", "exhibit", e.ID, "limit", limit)
	}
}

// whole is the newest complete capture: of the name itself where one is fresh, else of whatever shows it.
func (g *gate) whole() (last Exhibit, ok bool) {
	for _, e := range slices.Backward(g.shown) {
		switch fresh := g.Now.Sub(e.Started) <= FreshDays*24*time.Hour; {
		case e.Verdict != complete:
		case fresh && slices.ContainsFunc(e.hosts(), g.named):
			return e, true
		case !ok:
			last, ok = e, true
		}
	}
	return last, ok
}

// homograph looks at names that have another form than their A-label only.
func (g *gate) homograph() {
	if g.Target.Unicode == g.Target.Name {
		return
	}
	if skeleton := confusables.Skeleton(g.Target.Unicode); skeleton != g.Target.Unicode {
		g.say(Info, "gate.homograph", "unicode", g.Target.Unicode, "skeleton", skeleton)
	}
}

func (g *gate) sharedIP() {
	asked, set := g.Target.origins(g.shown)
	if len(asked) > 0 {
		g.say(Info, "gate.shared_ip", "addresses", strings.Join(asked, "、"))
	}
	if len(set) > 0 {
		g.say(Info, "gate.shared_ip.prescribed", "addresses", strings.Join(set, "、"))
	}
}

func distinct(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
