// Package keep hands the artifacts of a capture to whoever stores them, hashes each on its way, and lists what was kept. A failure of the store is no
// page's fault: the first one is remembered, and ends the capture as a failure of the machine.
package keep

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

// Keeper hands artifacts to the sink, one Create at a time, and lists those that were kept.
type Keeper struct {
	sink  capture.Sink
	Clean func(name string, body []byte) []byte // what an artifact is to hold in place of body; nil keeps everything as it is; set before the first Create

	mu   sync.Mutex
	kept []evidence.Artifact
	err  error // first failure of the sink: no page is to blame for it
}

// File is one artifact being written.
type File struct {
	capture.Writer
	keeper *Keeper
	Name   string
	media  string
	Size   int64
	sum    hash.Hash
	whole  *bytes.Buffer // what is written, where it is to be cleaned when it is whole
}

// New keeps nothing yet.
func New(sink capture.Sink) *Keeper { return &Keeper{sink: sink} }

// Create begins an artifact.
func (k *Keeper) Create(name, media string) (*File, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	w, err := k.sink.Create(name, media)
	if err != nil {
		return nil, k.fail(name, err)
	}
	f := &File{Writer: w, keeper: k, Name: name, media: media, sum: sha256.New()}
	if k.Clean != nil && cleaned(name) {
		f.whole = new(bytes.Buffer)
	}
	return f, nil
}

func (k *Keeper) fail(name string, err error) error {
	err = fmt.Errorf("keep %s: %w", name, err)
	if k.err == nil {
		k.err = err
	}
	return err
}

// Write implements io.Writer.
func (f *File) Write(p []byte) (int, error) {
	if f.whole != nil {
		return f.whole.Write(p)
	}
	n, err := f.Writer.Write(p)
	f.Size += int64(n)
	f.sum.Write(p[:n])
	if err != nil {
		f.keeper.mu.Lock()
		err = f.keeper.fail(f.Name, err)
		f.keeper.mu.Unlock()
	}
	return n, err
}

// Close ends the artifact; from now on it is listed.
func (f *File) Close() error {
	if whole := f.whole; whole != nil {
		f.whole = nil
		if _, err := f.Write(f.keeper.Clean(f.Name, whole.Bytes())); err != nil {
			return err
		}
	}
	f.keeper.mu.Lock()
	defer f.keeper.mu.Unlock()
	if err := f.Writer.Close(); err != nil {
		return f.keeper.fail(f.Name, err)
	}
	f.keeper.kept = append(f.keeper.kept, evidence.Artifact{
		Name: f.Name, MediaType: f.media, Size: f.Size, SHA256: hex.EncodeToString(f.sum.Sum(nil)),
	})
	return nil
}

// Put keeps an artifact that is whole in memory.
func (k *Keeper) Put(name, media string, body []byte) error {
	f, err := k.Create(name, media)
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return err
	}
	return f.Close()
}

// PutJSON keeps a value as indented JSON.
func (k *Keeper) PutJSON(name string, v any) error {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return k.Put(name, "application/json", append(body, '\n'))
}

// Failure is the first one of the sink.
func (k *Keeper) Failure() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// Artifacts lists what was kept.
func (k *Keeper) Artifacts() []evidence.Artifact {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]evidence.Artifact(nil), k.kept...)
}

// Has reports whether an artifact was kept, and is not empty.
func (k *Keeper) Has(name string) bool {
	for _, a := range k.Artifacts() {
		if a.Name == name && a.Size > 0 {
			return true
		}
	}
	return false
}

// cleaned reports whether an artifact is one that is searched for passwords when it is whole. Pictures and print have been seen to before they
// were made, and an archive before it was written.
func cleaned(name string) bool {
	switch name {
	case evidence.Screenshot, evidence.ViewportShot, evidence.PagePDF, evidence.ArchiveWACZ:
		return false
	}
	return true
}
