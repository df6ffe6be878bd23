package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// checkArtifact is an artifact whose bytes are still to be read.
type checkArtifact struct {
	place string
	want  evidence.Artifact
	list  chunkList
}

// set checks the set that e admitted, but for the bytes of its artifacts, which it queues.
func (k *checker) set(v view, e custody.Entry) error {
	k.know("set", e.Object, "\x00", e.Number)
	_, err := v.get(key("set", e.Object, "\x00", e.Number))
	if err := k.verdict(e.Object, err); err != nil {
		return err
	}
	if err := k.summary(v, e); err != nil {
		return err
	}
	for _, a := range e.Artifacts {
		place := e.Object + "/" + a.Name
		k.know("list", e.Number, a.Name)
		l, err := v.list(key("list", e.Number, a.Name))
		if err != nil {
			if err := k.verdict(place, err); err != nil {
				return err
			}
			continue
		}
		for _, r := range l.refs {
			k.used[r.addr] = true
		}
		if l.size != a.Size || l.sha256 != a.SHA256 {
			k.report(Finding{place, "list is not that of the log", a.SHA256, l.sha256})
		}
		k.work = append(k.work, checkArtifact{place, a, l})
		k.total += l.size
	}
	return nil
}

func (k *checker) summary(v view, e custody.Entry) error {
	want := e.Detail["summary_sha256"]
	if want == "" {
		return nil // a summary that is there nevertheless is a key that nothing accounts for
	}
	k.know("summary", e.Number)
	data, err := v.get(key("summary", e.Number))
	if err != nil {
		return k.verdict(e.Object+" summary", err)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != want {
		k.report(Finding{e.Object + " summary", "is not that of the log", want, got})
	}
	return nil
}

// artifacts reads every artifact, some at a time.
func (k *checker) artifacts(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers())
	p := &reading{k: k, slots: make(chan struct{}, workers())}
	for _, a := range k.work {
		g.Go(func() error { return p.artifact(ctx, a) })
	}
	return g.Wait()
}

// reading reads chunks for the artifacts that are hashed at the same time.
type reading struct {
	k     *checker
	slots chan struct{}
}

// chunk is one that was read, or why it was not.
type chunk struct {
	data []byte
	err  error
}

// artifact hashes one artifact while its next chunks are being read.
func (p *reading) artifact(ctx context.Context, a checkArtifact) error {
	ahead := make(chan chan chunk, workers())
	var readers sync.WaitGroup
	defer readers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	readers.Go(func() {
		defer close(ahead)
		for _, ref := range a.list.refs {
			one := make(chan chunk, 1)
			select {
			case ahead <- one:
			case <-ctx.Done():
				return
			}
			p.slots <- struct{}{}
			readers.Go(func() {
				defer func() { <-p.slots }()
				one <- p.read(ref)
			})
		}
	})
	return p.hash(ctx, a, ahead)
}

// read unseals one chunk.
func (p *reading) read(ref chunkRef) chunk {
	b := p.k.c.blobs
	data, err := b.unseal(b.take(), ref)
	return chunk{data, err}
}

// hash takes the chunks in their order and compares the whole with the log. Only if it differs are the addresses of chunks derived, to name one.
func (p *reading) hash(ctx context.Context, a checkArtifact, ahead <-chan chan chunk) error {
	h := sha256.New()
	whole := true
	n := 0
	for one := range ahead {
		ch := <-one
		n++
		if ch.err != nil {
			if err := p.damaged(a.place, n, ch.err); err != nil {
				return err
			}
			whole = false
			continue
		}
		h.Write(ch.data)
		p.k.advance(int64(len(ch.data)))
		p.k.c.blobs.give(ch.data)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); whole && got != a.want.SHA256 {
		p.k.report(Finding{a.place, "bytes are not those of the log", a.want.SHA256, got})
		return p.nameChunks(a)
	}
	return nil
}

// nameChunks names the chunks of an artifact that hold something else than their names say.
func (p *reading) nameChunks(a checkArtifact) error {
	for i, ref := range a.list.refs {
		if _, err := p.k.c.blobs.fetch(nil, ref); err != nil {
			if err := p.damaged(a.place, i+1, err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *reading) damaged(place string, n int, err error) error {
	te, ok := errors.AsType[*TamperError](err)
	if !ok {
		return fmt.Errorf("check %s: %w", place, err)
	}
	p.k.report(Finding{Place: place, Problem: fmt.Sprintf("chunk %d: %v", n, te.Finding)})
	return nil
}
