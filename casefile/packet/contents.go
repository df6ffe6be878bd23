package packet

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// manifests are the lists of the bag: which files each names, by which hash.
var manifests = []struct {
	name    string
	belongs func(string) bool
	hash    func(digest) string
}{
	{manifest256Name, isPayload, hash256},
	{manifest512Name, isPayload, hash512},
	{tagManifestName, isTag, hash256},
}

// manifests holds the manifests against the files.
func (c *check) manifests(context.Context) error {
	for _, m := range manifests {
		text, err := c.text(m.name)
		if err != nil {
			return err
		}
		if text == nil {
			c.absent(m.name)
			continue
		}
		c.manifest(m.name, text, manifest(c.digests, m.belongs, m.hash))
	}
	return nil
}

func (c *check) manifest(name string, text []byte, actual []line) {
	if bytes.Equal(text, manifestText(actual)) {
		return
	}
	listed, err := parseManifest(text)
	if err != nil {
		c.found(manifestForm, name, err.Error(), "", "")
		return
	}
	want, got := map[string]string{}, map[string]string{}
	for _, l := range listed {
		want[l.path] = l.hash
	}
	for _, l := range actual {
		got[l.path] = l.hash
		if h, ok := want[l.path]; !ok {
			c.found(fileAdded, l.path, "not listed in "+name, "", l.hash, name)
		} else if h != l.hash {
			c.found(ManifestDiffer, l.path, "other hash in "+name, h, l.hash, name)
		}
	}
	for _, l := range listed {
		if _, ok := got[l.path]; !ok {
			c.found(FileMissing, l.path, "listed in "+name, l.hash, "", name)
		}
	}
}

// tags checks that the tag files are those that follow from the log, and that there are no others.
func (c *check) tags(context.Context) error {
	for _, path := range c.sorted() {
		if !isPayload(path) && !tagFile(path) && !c.maySign(path) && !strings.HasPrefix(path, outside) {
			c.found(fileAdded, path, "not a file of a packet", "", c.digests[path].sha256)
		}
	}
	if err := c.tag(bagitName, []byte(bagitText)); err != nil || !c.log.built {
		return err
	}
	return c.info()
}

// tagFile reports whether a packet can have path beside its payload.
func tagFile(path string) bool {
	return ownFile(path) || strings.HasSuffix(path, stampExt) && !strings.Contains(path, "/")
}

func (c *check) tag(path string, want []byte) error {
	got, err := c.text(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		c.found(BagForm, path, "not the text that follows from the log", string(want), string(got))
	}
	return nil
}

// info holds bag-info.txt against the log and against the payload. What it counts (Payload-Oxum) follows from both: where they
// disagree, whatever is wrong with the payload explains it.
func (c *check) info() error {
	got, err := c.text(infoName)
	if err != nil {
		return err
	}
	counted := infoText(c.log.made, c.log.build, c.digests)
	logged := infoText(c.log.made, c.log.build, c.vouchedFor())
	sameCounted, sameLogged := bytes.Equal(got, counted), bytes.Equal(got, logged)
	switch {
	case sameCounted && sameLogged:
	case sameLogged:
		c.found(BagForm, infoName, "it counts other files than there are", string(counted), string(got), c.otherSize()...)
	case sameCounted:
		c.found(BagForm, infoName, "it counts other files than the log lists", string(logged), string(got), c.otherSize()...)
	default:
		c.found(BagForm, infoName, "not the text that follows from the log", string(logged), string(got), payload+EntriesPath, payload+ProofsPath) // the sizes of both are in it
	}
	return nil
}

// vouchedFor is the payload with the sizes that the log tells; the files of the log itself as they are.
func (c *check) vouchedFor() map[string]digest {
	sizes := map[string]digest{}
	for _, path := range []string{payload + EntriesPath, payload + ProofsPath} {
		if d, there := c.digests[path]; there {
			sizes[path] = d
		}
	}
	for _, a := range c.log.build.Artifacts {
		sizes[payload+a.Name] = digest{size: a.Size}
	}
	return sizes
}

// otherSize lists the payload files whose size, or being there, is not what the log says, and the log.
func (c *check) otherSize() []string {
	want := c.vouchedFor()
	paths := []string{payload + EntriesPath}
	for path, d := range c.digests {
		if w, listed := want[path]; isPayload(path) && (!listed || w.size != d.size) {
			paths = append(paths, path)
		}
	}
	for path := range want {
		if _, there := c.digests[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths[:min(len(paths), maxKind)]
}

// payload checks that the payload is what the entry packet.build lists.
func (c *check) payload(context.Context) error {
	if !c.log.built {
		return nil
	}
	listed := map[string]bool{payload + EntriesPath: true, payload + ProofsPath: true}
	for _, a := range c.log.build.Artifacts {
		path := payload + a.Name
		listed[path] = true
		if d, there := c.digests[path]; !there {
			c.found(FileMissing, path, fmt.Sprintf("listed in entry %d", c.log.build.Number), a.SHA256, "", payload+EntriesPath)
		} else if d.sha256 != a.SHA256 || d.size != a.Size {
			c.found(FileChanged, path, fmt.Sprintf("other bytes than in entry %d", c.log.build.Number), vouched(a), seen(d), payload+EntriesPath)
		}
	}
	for _, path := range c.sorted() {
		if isPayload(path) && !listed[path] {
			c.found(fileAdded, path, fmt.Sprintf("not listed in entry %d", c.log.build.Number), "", c.digests[path].sha256, payload+EntriesPath)
		}
	}
	return nil
}

func vouched(a evidence.Artifact) string { return fmt.Sprintf("%s (%d bytes)", a.SHA256, a.Size) }

func seen(d digest) string { return fmt.Sprintf("%s (%d bytes)", d.sha256, d.size) }

// papers checks that each rendered paper is the one that was approved. The newest rendering counts.
func (c *check) papers(context.Context) error {
	newest := map[string]evidence.Artifact{}
	for _, e := range c.log.entries {
		if e.Action == custody.DocumentRender {
			for _, a := range e.Artifacts {
				newest[payload+a.Name] = a
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(newest)) {
		a := newest[path]
		if d, there := c.digests[path]; !there {
			c.found(paperMissing, path, "rendered for this packet", a.SHA256, "", payload+EntriesPath)
		} else if d.sha256 != a.SHA256 || d.size != a.Size {
			c.found(paperChanged, path, "not the paper that was rendered", vouched(a), seen(d), payload+EntriesPath)
		}
	}
	return nil
}
