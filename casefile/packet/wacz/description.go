package wacz

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strconv"
	"strings"
)

const (
	packageName = "datapackage.json"
	digestName  = "datapackage-digest.json"
	maxText     = 2 << 20 // of a description that is read into memory, in bytes
)

// fixity is what a file comes to when it is read.
type fixity struct {
	size int64
	hash string // "sha256:" and hexadecimal
}

// description holds each file against the package description, and that against its own digest.
func (c *check) description() {
	found := map[string]fixity{}
	for _, e := range c.entries {
		f, err := c.measure(e)
		if err != nil {
			c.report(Finding{File: e.name, Problem: "cannot be read: " + err.Error()})
			continue
		}
		found[e.name] = f
	}
	c.digest(found)
	var stated struct {
		Profile   string
		Version   string `json:"wacz_version"`
		Resources []struct {
			Name, Path, Hash string
			Bytes            int64
		}
	}
	if !c.parse(packageName, &stated) {
		return
	}
	if stated.Profile != "data-package" || !strings.HasPrefix(stated.Version, "1.") {
		c.report(Finding{packageName, "is no description of a WACZ 1", "data-package 1.x", stated.Profile + " " + stated.Version})
	}
	listed := map[string]bool{packageName: true, digestName: true}
	for _, r := range stated.Resources {
		f, ok := found[r.Path]
		switch {
		case listed[r.Path]:
			c.report(Finding{File: r.Path, Problem: "is listed twice, or must not be"})
		case !ok:
			c.report(Finding{File: r.Path, Problem: "is listed and not there"})
		case f.size != r.Bytes:
			c.report(Finding{r.Path, "has another size", strconv.FormatInt(r.Bytes, 10), strconv.FormatInt(f.size, 10)})
		case f.hash != r.Hash:
			c.report(Finding{r.Path, "has another hash", r.Hash, f.hash})
		}
		listed[r.Path] = true
	}
	for _, e := range c.entries {
		if !listed[e.name] {
			c.report(Finding{File: e.name, Problem: "is there and not listed"})
		}
	}
}

// measure reads a file to its end and compares size and CRC-32 with the directory's.
func (c *check) measure(e entry) (fixity, error) {
	sum, crc := sha256.New(), crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(sum, crc), c.content(e))
	switch {
	case err != nil:
		return fixity{}, err
	case n != e.size:
		return fixity{}, errors.New("it is not as long as the directory says")
	case crc.Sum32() != e.crc:
		c.report(Finding{File: e.name, Problem: "does not have the CRC-32 of the directory"})
	}
	return fixity{n, "sha256:" + hex.EncodeToString(sum.Sum(nil))}, nil
}

func (c *check) digest(found map[string]fixity) {
	var stated struct{ Path, Hash string }
	if !c.parse(digestName, &stated) {
		return
	}
	if got := found[packageName].hash; stated.Path != packageName || stated.Hash != got {
		c.report(Finding{packageName, "is not what " + digestName + " says", stated.Hash, got})
	}
}

// parse reads a JSON file of the ZIP, which must be there.
func (c *check) parse(name string, into any) bool {
	i := slices.IndexFunc(c.entries, func(e entry) bool { return e.name == name })
	if i < 0 {
		c.report(Finding{File: name, Problem: "is not there"})
		return false
	}
	text, err := io.ReadAll(io.LimitReader(c.content(c.entries[i]), maxText))
	if err == nil && len(text) == maxText {
		err = errors.New("longer than any description")
	}
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(into)
	}
	if err != nil {
		c.report(Finding{File: name, Problem: "is not readable: " + err.Error()})
		return false
	}
	return true
}
