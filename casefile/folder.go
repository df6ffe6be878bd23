package casefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"yuzheng/casefile/internal/kv"
	"yuzheng/casefile/internal/vault"
)

const (
	format     = 1
	headFile   = "case.json"
	keysDir    = "keys"
	loginsDir  = "logins"
	metaDir    = "db"
	blobsDir   = "blobs"
	closedFile = "closed"
	lockFile   = "lock"
	holderFile = "holder"
)

// head is case.json: what can be known of a case without a key.
type head struct {
	Format int    `json:"format"`
	ID     string `json:"id"`
}

var caseID = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (h head) marshal() []byte {
	return fmt.Appendf(nil, "{\"format\":%d,\"id\":\"%s\"}\n", h.Format, h.ID)
}

// parseHead accepts exactly what marshal writes.
func parseHead(data []byte) (head, error) {
	var h head
	if err := json.Unmarshal(data, &h); err != nil {
		return head{}, tampered(headFile, "does not parse: "+err.Error())
	}
	if h.Format > format {
		return head{}, fmt.Errorf("%s: format %d, this program knows %d: %w", headFile, h.Format, format, ErrFormatNewer)
	}
	if h.Format != format || !caseID.MatchString(h.ID) || !bytes.Equal(h.marshal(), data) {
		return head{}, tampered(headFile, "is not in its canonical form")
	}
	return h, nil
}

func readHead(dir string) (head, error) {
	data, err := readBounded(filepath.Join(dir, headFile), maxHead)
	if errors.Is(err, fs.ErrNotExist) {
		return head{}, fmt.Errorf("%s: %w", dir, ErrNotACase)
	}
	if err != nil {
		return head{}, fmt.Errorf("open case: %w", err)
	}
	return parseHead(data)
}

// Bounds on files of a case, in bytes: a folder may come from elsewhere, and these are read before anything has been unsealed.
const (
	maxHead     = 4 << 10 // case.json, and the note of who holds the case
	maxEnvelope = 64 << 10
	maxLogin    = 64 << 20
	maxClosed   = 64 << 20
)

// readBounded reads a file of the case; a *TamperError says that it is longer than it may be.
func readBounded(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = tampered(filepath.Base(name), fmt.Sprintf("is longer than %d bytes", most))
	}
	return data, err
}

// fileSum is one line of the closing list. Path has forward slashes. Sum is "crc32c:" or "sha256:" and hexadecimal digits.
type fileSum struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Sum  string `json:"sum"`
}

// closing is the content of the file closed, before it is sealed.
type closing struct {
	ID    string    `json:"id"`
	Files []fileSum `json:"files"`
}

// files lists what belongs to a case, without lock, holder and closed, sorted by path.
func files(dir string) ([]fileSum, error) {
	out := []fileSum{}
	if info, err := os.Stat(filepath.Join(dir, headFile)); err == nil {
		out = append(out, fileSum{Path: headFile, Size: info.Size()})
	}
	for _, sub := range []string{keysDir, loginsDir, metaDir, blobsDir} {
		list, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("list case folder: %w", err)
		}
		for _, d := range list {
			info, err := d.Info()
			if err != nil {
				return nil, fmt.Errorf("list case folder: %w", err)
			}
			out = append(out, fileSum{Path: path.Join(sub, d.Name()), Size: info.Size()})
		}
	}
	slices.SortFunc(out, func(a, b fileSum) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// isValueLog reports whether p is a value log of blobs: large, and never changed once a later one exists.
func isValueLog(p string) bool {
	return strings.HasPrefix(p, blobsDir+"/") && strings.HasSuffix(p, ".vlog")
}

// sumFile computes the sum of a file. For a value log it is a CRC-32C, which is five times as fast and finds every flipped bit: what counts
// in there is sealed value by value, so that a sum against forgery adds nothing.
func sumFile(dir, p string) (string, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(p)))
	if err != nil {
		return "", fmt.Errorf("sum of case file: %w", err)
	}
	defer f.Close()
	name, h := "sha256:", sha256.New()
	if isValueLog(p) {
		name, h = "crc32c:", hash.Hash(crc32.New(castagnoli))
	}
	if _, err := io.CopyBuffer(struct{ io.Writer }{h}, struct{ io.Reader }{f}, make([]byte, 256<<10)); err != nil {
		return "", fmt.Errorf("sum of %s: %w", p, err)
	}
	return name + hex.EncodeToString(h.Sum(nil)), nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeClosed writes the closing list, of what belongs to the case. A value log that known already lists with this size is not read again: it has not
// changed since.
func writeClosed(dir, id string, seal *vault.Sealer, known map[string]fileSum, belongs func(path string) bool) error {
	list, err := files(dir)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(f fileSum) bool { return !belongs(f.Path) })
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range list {
		if old, ok := known[f.Path]; ok && isValueLog(f.Path) && old.Size == f.Size && f.Size > kv.EmptyLog {
			list[i].Sum = old.Sum
			continue
		}
		g.Go(func() (err error) {
			list[i].Sum, err = sumFile(dir, f.Path)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	plain, err := json.Marshal(closing{id, list})
	if err != nil {
		return fmt.Errorf("closing list: %w", err)
	}
	return writeDurably(filepath.Join(dir, closedFile), seal.Seal([]byte(closedFile), plain))
}

// readClosed returns the closing list by path, or nil without one. A *TamperError says that the list itself is damaged.
func readClosed(dir, id string, seal *vault.Sealer) (map[string]fileSum, error) {
	sealed, err := readBounded(filepath.Join(dir, closedFile), maxClosed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("closing list: %w", err)
	}
	var c closing
	plain, err := seal.Open(nil, []byte(closedFile), sealed)
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	if err != nil || c.ID != id {
		return nil, tampered(closedFile, "does not unseal: it is damaged or was made by someone without the key")
	}
	m := make(map[string]fileSum, len(c.Files))
	for _, f := range c.Files {
		m[f.Path] = f
	}
	return m, nil
}

// writeDurably puts data under name, all or nothing.
func writeDurably(name string, data []byte) error {
	f, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if serr := f.Sync(); err == nil {
		err = serr
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		_ = os.Remove(name + ".new")
		return err
	}
	return syncDir(filepath.Dir(name))
}

func removeDurably(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// syncDir makes the names in dir durable. Windows has no such call and does not need it: its file system journals names.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
