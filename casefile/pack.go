package casefile

import (
	"archive/tar"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/internal/vault"
	"yuzheng/casefile/private"
)

// PackTo says who may unpack: a passphrase, or office keys, not both.
type PackTo struct {
	Passphrase string
	Recipients []string // age1… keys
	Work       int      // log2 N of scrypt; 0 is age's own choice
}

// Encrypt gives a writer whose bytes arrive at w encrypted (age) for those whom to names. The error is ErrRecipients for keys that cannot be used.
func Encrypt(w io.Writer, to PackTo) (io.WriteCloser, error) {
	recipients, err := to.recipients()
	if err != nil {
		return nil, err
	}
	return age.Encrypt(w, recipients...)
}

// recipients are checked as age will use them, before anything is written: it refuses some that are good by themselves together, such
// as post-quantum keys with older ones. The error is ErrRecipients.
func (to PackTo) recipients() ([]age.Recipient, error) {
	if len(to.Recipients) == 0 {
		r, err := vault.PassphraseRecipient(to.Passphrase, to.Work)
		return []age.Recipient{r}, err
	}
	if to.Passphrase != "" {
		return nil, fmt.Errorf("%w: a passphrase and office keys cannot open the same file", ErrRecipients)
	}
	var list []age.Recipient
	for _, text := range to.Recipients {
		r, err := recipient(text)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	if _, err := age.Encrypt(io.Discard, list...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipients, err)
	}
	return list, nil
}

// recipient reads an office's key; the error is ErrRecipients.
func recipient(text string) (age.Recipient, error) {
	if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "AGE-SECRET-KEY-") {
		return nil, fmt.Errorf("%w: that is a secret key, which nobody else may see: give the public one that belongs to it (age1…)", ErrRecipients)
	}
	r, err := vault.ParseRecipient(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrRecipients, text, err)
	}
	return r, nil
}

// PackFile writes the whole case in dir, which nobody may have open, as one age file: save gives write the place to write to and keeps what
// came of it, once that is whole. The entry case.pack lies in what is packed, so it is there before the file is; if the file is not made, a
// second entry says so.
func PackFile(ctx context.Context, dir string, way Way, to PackTo, o OpenOptions, save func(write func(io.Writer) error) error) error {
	recipients, err := to.recipients()
	if err != nil {
		return fmt.Errorf("pack case: %w", err)
	}
	logged := false
	err = save(func(w io.Writer) error {
		if err := logPack(ctx, dir, way, o, to.detail()); err != nil {
			return err
		}
		logged = true
		l, err := acquire(ctx, dir)
		if err != nil {
			return err
		}
		return errors.Join(packFolder(ctx, dir, recipients, w), l.release())
	})
	if err == nil {
		return nil
	}
	err = fmt.Errorf("pack case: %w", full(err))
	if !logged {
		return err
	}
	detail := to.detail()
	detail[DetailFailed] = err.Error()
	return errors.Join(err, logPack(context.WithoutCancel(ctx), dir, way, o, detail))
}

func logPack(ctx context.Context, dir string, way Way, o OpenOptions, detail map[string]string) error {
	c, err := Open(ctx, dir, way, o)
	if err != nil {
		return err
	}
	_, err = c.Log(ctx, custody.Entry{Action: custody.CasePack, Detail: detail})
	return errors.Join(err, c.Close())
}

func (to PackTo) detail() map[string]string {
	if len(to.Recipients) == 0 {
		return map[string]string{"to": "passphrase"}
	}
	return map[string]string{"to": strings.Join(to.Recipients, " ")}
}

func packFolder(ctx context.Context, dir string, recipients []age.Recipient, w io.Writer) error {
	list, err := files(dir)
	if err != nil {
		return err
	}
	names := []string{headFile}
	for _, f := range list {
		if f.Path != headFile {
			names = append(names, f.Path)
		}
	}
	sealed, err := age.Encrypt(w, recipients...)
	if err != nil {
		return err
	}
	t := tar.NewWriter(sealed)
	for _, name := range append(names, closedFile) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := packFile(t, dir, name); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return sealed.Close()
}

func packFile(t *tar.Writer, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: 0o600, ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

// packedHead is how every packed case begins (C2SP age, "version line").
const packedHead = "age-encryption.org/v1\n"

// likePacked reports whether a file begins as a packed case does. One that does so for the most part is a damaged one, not something else.
func likePacked(head []byte) bool {
	same := 0
	for i := range head {
		if head[i] == packedHead[i] {
			same++
		}
	}
	return same > len(packedHead)/2
}

// Unpack lays the case that r holds into dir, which must not exist or be empty. way opens the packed file, not the case. A *TamperError says that
// the file is damaged or holds something else, ErrNotPacked that it is no packed case at all; then, as after any error, nothing is left in dir.
func Unpack(ctx context.Context, r io.Reader, way Way, dir string) error {
	_, identity, err := way.identity()
	if errors.Is(err, vault.ErrEmpty) {
		return ErrPassphrase
	}
	if err != nil {
		return err
	}
	sealed := bufio.NewReader(r)
	if head, _ := sealed.Peek(len(packedHead)); !likePacked(head) {
		return ErrNotPacked
	}
	plain, err := age.Decrypt(sealed, identity)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return ErrPassphrase
	}
	if err != nil {
		return tampered("packed case", err.Error())
	}
	if err := emptyDir(dir); err != nil {
		return fmt.Errorf("unpack case: %w", full(err))
	}
	if err := unpackFolder(ctx, plain, dir); err != nil {
		return errors.Join(fmt.Errorf("unpack case: %w", full(err)), undo(dir))
	}
	return nil
}

// maxPacked is how many files a packed case may have: Badger makes one for each gigabyte, and a way or a login has one.
const maxPacked = 100_000

var packedName = regexp.MustCompile(`^(case\.json|closed|keys/[a-z0-9-]+\.age|logins/[0-9a-f]+\.sealed|(db|blobs)/[A-Za-z0-9_][A-Za-z0-9_.-]*)$`)

// unpackFolder accepts only what packFolder writes, in its order and to the last byte.
func unpackFolder(ctx context.Context, plain io.Reader, dir string) error {
	t := tar.NewReader(plain)
	var names []string
	seen := map[string]bool{}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return tampered("packed case", err.Error())
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !packedName.MatchString(h.Name) || seen[h.Name] || len(names) == maxPacked {
			return tampered("packed case", fmt.Sprintf("holds %q, which no case has", h.Name))
		}
		if err := unpackFile(t, dir, h.Name); err != nil {
			return err
		}
		names, seen[h.Name] = append(names, h.Name), true
	}
	if rest, err := io.Copy(io.Discard, plain); err != nil || rest > 0 {
		return tampered("packed case", fmt.Sprintf("does not end where it should: %d bytes more, %v", rest, err))
	}
	if len(names) < 3 || names[0] != headFile || names[len(names)-1] != closedFile {
		return tampered("packed case", "is not a whole case")
	}
	return syncDir(dir)
}

func unpackFile(r io.Reader, dir, name string) error {
	f, err := private.Create(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if _, ok := errors.AsType[*fs.PathError](err); err != nil && !ok {
		err = tampered("packed case", fmt.Sprintf("%s: %v", name, err))
	}
	if serr := f.Sync(); err == nil {
		err = serr
	}
	return errors.Join(err, f.Close())
}
