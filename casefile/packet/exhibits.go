package packet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/packet/wacz"
)

// exhibits holds every file below 證物/ against the admission of its exhibit, and the other way round.
func (c *check) exhibits(context.Context) error {
	admitted := map[string]custody.Entry{}
	for _, e := range c.log.entries {
		if e.Action == custody.ExhibitAdmit {
			admitted[e.Object] = e
		}
	}
	for _, path := range c.sorted() {
		rest, ok := strings.CutPrefix(path, payload+exhibitsDir)
		if !ok {
			continue
		}
		exhibit, name, _ := strings.Cut(rest, "/")
		if !vouches(admitted[exhibit], name) {
			c.found(ExhibitUnknown, path, "no admission in this packet vouches for it", "", c.digests[path].sha256)
		}
	}
	for _, exhibit := range slices.Sorted(maps.Keys(admitted)) {
		if c.admission(exhibit, admitted[exhibit]) {
			c.report.Exhibits = append(c.report.Exhibits, exhibit)
		}
	}
	return nil
}

func vouches(e custody.Entry, name string) bool {
	return slices.ContainsFunc(e.Artifacts, func(a custody.Artifact) bool { return a.Name == name })
}

// admission reports whether any artifact of the exhibit is in the packet.
func (c *check) admission(exhibit string, e custody.Entry) (present bool) {
	for _, a := range e.Artifacts {
		path := payload + exhibitsDir + exhibit + "/" + a.Name
		d, there := c.digests[path]
		_, leftOut := c.log.made.LeftOut[exhibit+"/"+a.Name]
		switch {
		case !there && !leftOut:
			c.found(ExhibitMissing, path, fmt.Sprintf("admitted in entry %d, neither there nor declared as left out", e.Number), vouched(a), "")
		case there && (d.sha256 != a.SHA256 || d.size != a.Size):
			c.found(ExhibitChanged, path, fmt.Sprintf("not what was admitted in entry %d", e.Number), vouched(a), seen(d))
		}
		present = present || there
	}
	return present
}

// archives checks that every web archive among the exhibits is whole in itself.
func (c *check) archives(ctx context.Context) error {
	for _, f := range c.bag.files {
		if !strings.HasPrefix(f.path, payload+exhibitsDir) || !strings.HasSuffix(f.path, ".wacz") {
			continue
		}
		r, err := f.open()
		if err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
		found, err := wacz.Verify(ctx, r, f.size)
		if err = errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
		for _, w := range found {
			c.found(ArchiveBroken, f.path, w.File+": "+w.Problem, w.Want, w.Got)
		}
	}
	return nil
}
