package packet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet/wacz"
)

// maxArtifact is the longest name, in UTF-16 units, that an artifact keeps: it leaves room for folders and packet.
const maxArtifact = 120

// hashName is where an artifact lies whose own name cannot stand in a packet: pages name their downloads, and a hostile
// name must not keep an exhibit from leaving. The admission tells what it is called.
func hashName(a evidence.Artifact) string { return a.SHA256 + ".bin" }

// Exhibit lists the files of an exhibit for a packet, under their own names where these are safe everywhere and under
// their hash where not. open gives the bytes of the artifact of that name.
func Exhibit(id string, list []evidence.Artifact, open func(name string) (io.ReadCloser, error)) []File {
	var files []File
	var taken []string
	for _, a := range list {
		name := a.Name
		unsafe := len(utf16.Encode([]rune(name))) > maxArtifact || checkPath(name) != nil || len(clashes(append(taken, name))) > 0
		if unsafe {
			name = hashName(a)
		}
		if slices.Contains(taken, name) {
			continue // the same bytes twice, both under names that are not safe
		}
		taken = append(taken, name)
		files = append(files, File{
			Path: exhibitsDir + id + "/" + name, Size: a.Size, SHA256: a.SHA256,
			Open: func() (io.ReadCloser, error) { return open(a.Name) },
		})
	}
	return files
}

// exhibits holds every file below 證物/ against the admission of its exhibit, and the other way round.
func (c *check) exhibits(context.Context) error {
	admitted, vouched := map[string]custody.Entry{}, map[string]bool{}
	for _, e := range c.log.entries {
		if e.Action == custody.ExhibitAdmit {
			admitted[e.Object] = e
		}
	}
	for exhibit, e := range admitted {
		for _, a := range e.Artifacts {
			vouched[exhibit+"/"+a.Name], vouched[exhibit+"/"+hashName(a)] = true, true
		}
	}
	for _, path := range c.sorted() {
		rest, ok := strings.CutPrefix(path, payload+exhibitsDir)
		if !ok {
			continue
		}
		if !vouched[rest] {
			c.found(exhibitUnknown, path, "no admission in this packet vouches for it", "", c.digests[path].sha256, payload+EntriesPath)
		}
	}
	for _, exhibit := range slices.Sorted(maps.Keys(admitted)) {
		if c.admission(exhibit, admitted[exhibit]) {
			c.report.Exhibits = append(c.report.Exhibits, exhibit)
		}
	}
	return nil
}

// admission reports whether any artifact of the exhibit is in the packet.
func (c *check) admission(exhibit string, e custody.Entry) (present bool) {
	for _, a := range e.Artifacts {
		folder := payload + exhibitsDir + exhibit + "/"
		path := folder + a.Name
		d, there := c.digests[path]
		if !there {
			if d, there = c.digests[folder+hashName(a)]; there {
				path = folder + hashName(a)
			}
		}
		_, leftOut := c.log.made.LeftOut[exhibit+"/"+a.Name]
		switch {
		case !there && !leftOut:
			c.found(exhibitMissing, path, fmt.Sprintf("admitted in entry %d, neither there nor declared as left out", e.Number), vouched(a), "", payload+EntriesPath)
		case there && (d.sha256 != a.SHA256 || d.size != a.Size):
			c.found(exhibitChanged, path, fmt.Sprintf("not what was admitted in entry %d", e.Number), vouched(a), seen(d), payload+EntriesPath)
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
			c.found(archiveBroken, f.path, w.File+": "+w.Problem, w.Want, w.Got)
		}
	}
	return nil
}
