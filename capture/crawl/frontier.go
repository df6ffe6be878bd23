package crawl

import "slices"

// entry is an address that waits for its turn.
type entry struct {
	url    string // canonical
	key    string
	how    How
	where  string
	text   string
	parent int
	depth  int
}

// lanes are the parts of one depth, in their order.
const lanes = 3

func (h How) lane() int {
	switch h {
	case inSitemap:
		return 1
	case inScript:
		return 2
	}
	return 0
}

// frontier holds the addresses that wait: those of the depth whose turn it is, and those of the next one.
type frontier struct {
	now  []entry
	next [lanes][]entry
}

func (f *frontier) add(e entry) { f.next[e.how.lane()] = append(f.next[e.how.lane()], e) }

func (f *frontier) take() (entry, bool) {
	if len(f.now) == 0 {
		f.now, f.next = slices.Concat(f.next[:]...), [lanes][]entry{}
	}
	if len(f.now) == 0 {
		return entry{}, false
	}
	e := f.now[0]
	f.now = f.now[1:]
	return e, true
}
