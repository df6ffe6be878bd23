package packet

import (
	"bytes"
	"context"
	"io"
	"path"
	"slices"
	"strings"
)

// Whoever opens a folder leaves something in it: a view of the Finder, small pictures of Explorer, the lock of a paper that is being read.
// Such a file is told by its name and by how it begins, and named for what it is. One that only has the name is a file too many.

// systemKinds are the files that systems and editors leave beside others, and who does. The name is a pattern of path.Match for the last part.
var systemKinds = []struct {
	name, what string
	max        int64
	is         func(head []byte) bool
}{
	{".DS_Store", "macOS", 16 << 20, begins("\x00\x00\x00\x01Bud1")},
	{"._*", "macOS", 64 << 20, begins("\x00\x05\x16\x07")},
	{"Thumbs.db", "Windows", 256 << 20, begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
	{"ehthumbs.db", "Windows", 256 << 20, begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
	{"desktop.ini", "Windows", 64 << 10, begins("[", "\r\n[", "\xff\xfe[\x00", "\xff\xfe\r\x00\n\x00[\x00", "\xef\xbb\xbf[")},
	{"*:Zone.Identifier", "Windows", 4 << 10, begins("[ZoneTransfer]")},
	{"~$*", "Microsoft Office", 512, func(head []byte) bool { return len(head) > 50 && head[0] > 0 && head[0] < 64 }},
	{".~lock.*#", "LibreOffice", 4 << 10, func(head []byte) bool { return bytes.Count(head, []byte(",")) >= 2 }},
	{".directory", "KDE", 64 << 10, begins("[")},
}

func begins(with ...string) func([]byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(with, func(s string) bool { return bytes.HasPrefix(head, []byte(s)) })
	}
}

// systemFile says what f is if a system or an editor made it.
func systemFile(f bagFile) (what string, err error) {
	for _, k := range systemKinds {
		if hit, err := path.Match(k.name, path.Base(f.path)); err != nil || !hit || f.size > k.max {
			continue
		}
		r, err := f.open()
		if err != nil {
			return "", err
		}
		defer r.Close()
		head, err := io.ReadAll(io.NewSectionReader(r, 0, min(f.size, 512)))
		if err != nil {
			return "", err
		}
		if k.is(head) {
			return k.what, nil
		}
	}
	return "", nil
}

// setAside takes out of the bag, and names, what systems and editors have left in it. What the log or a manifest lists stays: a page may
// offer a desktop.ini for download.
func (c *check) setAside(context.Context) error {
	listed, err := c.listed()
	if err != nil {
		return err
	}
	var keep []bagFile
	for _, f := range c.bag.files {
		what := ""
		if !listed[f.path] {
			if what, err = systemFile(f); err != nil {
				return err
			}
		}
		if what == "" {
			keep = append(keep, f)
			continue
		}
		c.report.Files--
		c.report.Bytes -= c.digests[f.path].size
		delete(c.digests, f.path)
		c.note(SystemFile, f.path, what)
	}
	c.bag.files = keep
	return nil
}

func (c *check) listed() (map[string]bool, error) {
	listed := map[string]bool{}
	for _, m := range manifests {
		text, err := c.text(m.name)
		if err != nil {
			return nil, err
		}
		for row := range rows(text) {
			_, name, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "  ")
			listed[name] = true
		}
	}
	for _, a := range c.log.build.Artifacts {
		listed[payload+a.Name] = true
	}
	return listed, nil
}
