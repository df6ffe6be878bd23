package workbench

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
)

// story picks out of the log the entries that concern an application: the first, and every act upon its exhibits, its targets and itself,
// with what began each exhibit and whom that asked.
type story struct {
	objects map[string]bool
	begun   map[int64]bool // entries capture.begin and execution.check of the exhibits
	told    map[int64]bool // entries of older logs that name no beginning, found by their address
	papers  int64
}

// concerned lists the entries that tell the story of an application, of renderings only the one that is entry papers, and nothing after
// it; and how many entries up to there are left out, by what they say.
func (b brief) concerned(c *casefile.Case, papers int64) (numbers []int64, left map[custody.Action]int, err error) {
	s, err := b.story(c, papers)
	if err != nil {
		return nil, nil, err
	}
	left = map[custody.Action]int{}
	for e, err := range c.Entries(1) {
		if err != nil {
			return nil, nil, err
		}
		switch {
		case papers > 0 && e.Number > papers:
			return numbers, left, nil
		case s.concerns(e):
			numbers = append(numbers, e.Number)
		default:
			left[e.Action]++
		}
	}
	return numbers, left, nil
}

func (b brief) story(c *casefile.Case, papers int64) (*story, error) {
	s := &story{objects: map[string]bool{b.app.ID: true}, begun: map[int64]bool{}, told: map[int64]bool{}, papers: papers}
	for i := range b.life.Steps {
		s.objects[stepID(b.app.ID, i)] = true
	}
	for _, t := range b.listed() {
		s.objects[t.ID] = true
	}
	for _, x := range b.travelling() {
		e, err := c.Exhibit(x.ID)
		if err != nil {
			return nil, err
		}
		s.objects[e.ID] = true
		if job := e.Detail[detailJob]; job != "" {
			s.objects[job] = true // the crawl or session that the capture belongs to
		}
		if n, err := strconv.ParseInt(e.Detail[casefile.DetailBegin], 10, 64); err == nil {
			s.begun[n] = true
		} else if err := s.byAddress(c, e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// byAddress finds what began an exhibit of an older log: the last entries before it that name its address and belong to no other.
func (s *story) byAddress(c *casefile.Case, x casefile.Exhibit) error {
	if x.Detail["url"] == "" {
		return nil // a file or a list: nothing was asked for it
	}
	var begin, contact int64
	for e, err := range c.Entries(1) {
		switch {
		case err != nil:
			return err
		case e.Number >= x.Entry:
			s.told[begin], s.told[contact] = true, true
			return nil
		case e.Object != x.Detail["url"] || e.Detail[casefile.DetailBegin] != "":
		case e.Action == custody.CaptureBegin && e.Detail["view"] == x.Detail["view"]:
			begin, contact = e.Number, 0
		case e.Action == custody.NetworkContact:
			contact = e.Number
		}
	}
	return nil
}

func (s *story) concerns(e custody.Entry) bool {
	switch e.Action {
	case custody.CaseCreate, custody.SealMake: // an earlier seal: with its entry a stranger can hold a copy of it against this packet
		return true
	case custody.CaptureBegin, custody.ExecutionCheck:
		return s.begun[e.Number] || s.told[e.Number]
	case custody.NetworkContact:
		n, err := strconv.ParseInt(e.Detail[casefile.DetailBegin], 10, 64)
		return err == nil && s.begun[n] || s.told[e.Number]
	case custody.ExhibitAdmit, custody.ExhibitExport, custody.RecordPut, custody.GateDecide, custody.ApplicationStep, custody.OrderRecord,
		custody.CrawlBegin, custody.CrawlEnd, custody.InteractiveBegin, custody.InteractiveEnd:
		return s.objects[e.Object]
	case custody.DocumentRender:
		return e.Number == s.papers
	}
	return false
}

// leftOut are the entries that do not travel, by what they say, of those that a packet's own entry comes after.
type leftOut struct {
	last  int64 // entry that was counted last; the next is the packet's own
	kinds map[custody.Action]int
}

// countLeft counts what does not travel of the entries before the one of that number; 0 stands for the next.
func (p *parcel) countLeft(build int64) error {
	p.left = leftOut{kinds: map[custody.Action]int{}}
	for e, err := range p.c.Entries(1) {
		if err != nil {
			return err
		}
		if e.Number == build {
			return nil
		}
		p.left.last = e.Number
		if !slices.Contains(p.entries, e.Number) {
			p.left.kinds[e.Action]++
		}
	}
	return nil
}

// String is the number, the entries that were counted, and the kinds: "7 (entries 1-30): case.open 3, record.put 4".
func (l leftOut) String() string {
	total := 0
	var parts []string
	for _, a := range slices.Sorted(maps.Keys(l.kinds)) {
		total += l.kinds[a]
		parts = append(parts, fmt.Sprintf("%s %d", a, l.kinds[a]))
	}
	return strings.TrimSuffix(fmt.Sprintf("%d (entries 1-%d): %s", total, l.last, strings.Join(parts, ", ")), ": ")
}
