package compare

import (
	"maps"
	"slices"
	"strings"

	"yuzheng/casefile/evidence"
)

// networkDifference is what differs in what was asked of whom.
type networkDifference struct {
	Exchanges Two[int]           `json:"exchanges"`
	Removed   Some[string]       `json:"hosts_removed"` // contacted by A alone
	Added     Some[string]       `json:"hosts_added"`   // contacted by B alone
	Addresses Some[ChangedHost]  `json:"addresses"`     // of hosts contacted by both
	Resources resourceDifference `json:"resources"`
	// Code is how many scripts and style sheets the sides have in common, of all that either has.
	Code overlap `json:"code"`
}

// ChangedHost is a host that was at other addresses.
type ChangedHost struct {
	Host string `json:"host"`
	Set
}

// resourceDifference is of what was asked for, compared by method, scheme, host and path: what stands in the query is mostly there to defeat caches.
type resourceDifference struct {
	Same    int                   `json:"same"` // the same bodies
	Changed Some[ChangedResource] `json:"changed"`
	Removed Some[Resource]        `json:"removed"`
	Added   Some[Resource]        `json:"added"`
}

// Resource is what one side alone asked for, by an address of it.
type Resource struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Kind   string `json:"kind"` // Chrome's resource type in lower case
	SHA256 string `json:"sha256,omitempty"`
}

// ChangedResource gave each side other bodies; the hashes are those of the first.
type ChangedResource struct {
	Method string      `json:"method"`
	URL    Two[string] `json:"url"`
	Kind   Two[string] `json:"kind"`
	SHA256 Two[string] `json:"sha256"`

	opaque bool // neither is text
}

// overlap is how many things two sides have in common.
type overlap struct {
	Both int `json:"both"`
	All  int `json:"all"`
}

func (o overlap) share() float64 { return share(o.Both, o.All) }

func networks(a, b *reading) *networkDifference {
	if a.traffic == nil || b.traffic == nil {
		return nil
	}
	n := &networkDifference{Exchanges: Two[int]{len(a.traffic.exchanges), len(b.traffic.exchanges)}}
	x, y := a.hosts(), b.hosts()
	n.Removed, n.Added = only(names(x), names(y)), only(names(y), names(x))
	n.Addresses = moved(x, y)
	n.Resources, n.Code = resources(a.traffic.resources(), b.traffic.resources())
	return n
}

// hosts are the hosts that were contacted, each with the addresses that answered for it.
func (r *reading) hosts() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, e := range r.traffic.exchanges {
		host := hostOf(e.url)
		if host == "" || e.status == 0 && e.address == "" {
			continue
		}
		if out[host] == nil {
			out[host] = map[string]bool{}
		}
		if e.address != "" {
			out[host][e.address] = true
		}
	}
	return out
}

func names(hosts map[string]map[string]bool) map[string]bool {
	out := map[string]bool{}
	for host := range hosts {
		out[host] = true
	}
	return out
}

func moved(a, b map[string]map[string]bool) Some[ChangedHost] {
	var list []ChangedHost
	for _, host := range slices.Sorted(maps.Keys(a)) {
		if len(a[host]) == 0 || len(b[host]) == 0 {
			continue
		}
		if s := sets(a[host], b[host]); s.changed() {
			list = append(list, ChangedHost{short(host), s})
		}
	}
	return some(list)
}

// resource is everything that was asked for under one key.
type resource struct {
	first  exchange
	hashes map[string]bool
}

func (t *traffic) resources() map[string]resource {
	out := map[string]resource{}
	for _, e := range t.exchanges {
		u, err := parsed(e.url)
		if err != nil || u.Host == "" {
			continue
		}
		key := e.method + " " + u.Scheme + "://" + u.Host + u.EscapedPath()
		r, ok := out[key]
		if !ok {
			r = resource{first: e, hashes: map[string]bool{}}
			out[key] = r
		}
		if e.hash != "" {
			r.hashes[e.hash] = true
		}
	}
	return out
}

func resources(a, b map[string]resource) (resourceDifference, overlap) {
	var out resourceDifference
	var code overlap
	var changed []ChangedResource
	for _, key := range slices.Sorted(maps.Keys(a)) {
		x, y, both := a[key].first, b[key].first, b[key].hashes != nil
		if x.isCode() || y.isCode() {
			code.count(both)
		}
		switch {
		case !both:
		case maps.Equal(a[key].hashes, b[key].hashes):
			out.Same++
		default:
			changed = append(changed, ChangedResource{
				x.method,
				Two[string]{short(x.url), short(y.url)},
				Two[string]{x.kind, y.kind},
				Two[string]{first(a[key].hashes), first(b[key].hashes)},
				x.isOpaque() && y.isOpaque(),
			})
		}
	}
	for key, r := range b {
		if a[key].hashes == nil && r.first.isCode() {
			code.count(false)
		}
	}
	out.Changed, out.Removed, out.Added = some(changed), lone(a, b), lone(b, a)
	return out, code
}

func (o *overlap) count(both bool) {
	o.All++
	if both {
		o.Both++
	}
}

// isOpaque is for what is no text. A document and its code are text unless they say what else they are.
func (e exchange) isOpaque() bool {
	if textMedia(e.media) {
		return false
	}
	if e.kind != kindDocument && !e.isCode() {
		return true
	}
	family, _, _ := strings.Cut(e.media, "/")
	return slices.Contains([]string{"image", "audio", "video", "font"}, family) || e.media == "application/pdf"
}

func (e exchange) isCode() bool { return e.kind == "script" || e.kind == "stylesheet" }

func first(set map[string]bool) string {
	if len(set) == 0 {
		return ""
	}
	return slices.Min(slices.Collect(maps.Keys(set)))
}

// lone lists what is under keys of a that b does not have.
func lone(a, b map[string]resource) Some[Resource] {
	var list []Resource
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if x := a[key].first; b[key].hashes == nil {
			list = append(list, Resource{x.method, short(x.url), x.kind, first(a[key].hashes)})
		}
	}
	return some(list)
}

// downloadDifference is of files that the page made the browser save, compared by name.
type downloadDifference struct {
	Same    int             `json:"same"`
	Changed Some[Two[File]] `json:"changed"`
	Removed Some[File]      `json:"removed"`
	Added   Some[File]      `json:"added"`
}

// File is a file that the page made the browser save.
type File struct {
	Name   string `json:"name"` // without the folder
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func downloads(a, b []evidence.Artifact) downloadDifference {
	x, y := files(a), files(b)
	var out downloadDifference
	var changed []Two[File]
	var removed, added []File
	for _, name := range slices.Sorted(maps.Keys(x)) {
		other, both := y[name]
		switch {
		case !both:
			removed = append(removed, x[name])
		case x[name] == other:
			out.Same++
		default:
			changed = append(changed, Two[File]{x[name], other})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(y)) {
		if _, both := x[name]; !both {
			added = append(added, y[name])
		}
	}
	out.Changed, out.Removed, out.Added = some(changed), some(removed), some(added)
	return out
}

func files(list []evidence.Artifact) map[string]File {
	out := map[string]File{}
	for _, a := range list {
		if name, ok := strings.CutPrefix(a.Name, evidence.DownloadsPath); ok {
			out[name] = File{short(name), a.Size, a.SHA256}
		}
	}
	return out
}
