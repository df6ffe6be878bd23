package chrome

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"sync"

	"yuzheng/capture"
	"yuzheng/casefile/evidence"
)

// keeper hands artifacts to the sink, one Create at a time, and lists those that were kept.
type keeper struct {
	sink  capture.Sink
	clean func(name string, body []byte) []byte // what an artifact is to hold in place of body; nil keeps everything as it is

	mu   sync.Mutex
	kept []evidence.Artifact
	err  error // first failure of the sink: no page is to blame for it
}

// file is one artifact being written.
type file struct {
	capture.Writer
	keeper *keeper
	name   string
	media  string
	size   int64
	sum    hash.Hash
	whole  *bytes.Buffer // what is written, where it is to be cleaned when it is whole
}

func (k *keeper) create(name, media string) (*file, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	w, err := k.sink.Create(name, media)
	if err != nil {
		return nil, k.fail(name, err)
	}
	f := &file{Writer: w, keeper: k, name: name, media: media, sum: sha256.New()}
	if k.clean != nil && cleaned(name) {
		f.whole = new(bytes.Buffer)
	}
	return f, nil
}

func (k *keeper) fail(name string, err error) error {
	err = fmt.Errorf("keep %s: %w", name, err)
	if k.err == nil {
		k.err = err
	}
	return err
}

// Write implements io.Writer.
func (f *file) Write(p []byte) (int, error) {
	if f.whole != nil {
		return f.whole.Write(p)
	}
	n, err := f.Writer.Write(p)
	f.size += int64(n)
	f.sum.Write(p[:n])
	if err != nil {
		f.keeper.mu.Lock()
		err = f.keeper.fail(f.name, err)
		f.keeper.mu.Unlock()
	}
	return n, err
}

// Close ends the artifact; from now on it is listed.
func (f *file) Close() error {
	if whole := f.whole; whole != nil {
		f.whole = nil
		if _, err := f.Write(f.keeper.clean(f.name, whole.Bytes())); err != nil {
			return err
		}
	}
	f.keeper.mu.Lock()
	defer f.keeper.mu.Unlock()
	if err := f.Writer.Close(); err != nil {
		return f.keeper.fail(f.name, err)
	}
	f.keeper.kept = append(f.keeper.kept, evidence.Artifact{
		Name: f.name, MediaType: f.media, Size: f.size, SHA256: hex.EncodeToString(f.sum.Sum(nil)),
	})
	return nil
}

// put keeps an artifact that is whole in memory.
func (k *keeper) put(name, media string, body []byte) error {
	f, err := k.create(name, media)
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return err
	}
	return f.Close()
}

// putJSON keeps a value as indented JSON.
func (k *keeper) putJSON(name string, v any) error {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return k.put(name, "application/json", append(body, '\n'))
}

func (k *keeper) failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// artifacts lists what was kept.
func (k *keeper) artifacts() []evidence.Artifact {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]evidence.Artifact(nil), k.kept...)
}

func (k *keeper) has(name string) bool {
	for _, a := range k.artifacts() {
		if a.Name == name && a.Size > 0 {
			return true
		}
	}
	return false
}
