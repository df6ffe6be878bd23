package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// IntakeOptions say what the artifacts of an intake will be.
type IntakeOptions struct {
	Action custody.Action // custody.ExhibitAdmit (also when empty) or custody.DocumentRender
	Object string         // empty is the next number of an exhibit
	Actor  custody.Kind   // empty is custody.Tool
	Begin  int64          // the entry that began this, such as capture.begin; 0 is none
}

// Writer takes the bytes of one artifact. Cut marks a place where what comes before and after it is likely to recur apart.
type Writer interface {
	io.WriteCloser
	Cut()
}

// Intake takes artifacts in. Nothing of it is in the case before Admit has returned. It must end with Admit or Abandon.
type Intake struct {
	c *Case
	o IntakeOptions

	mu    sync.Mutex
	kept  map[string]*artifactWriter
	names map[string]bool // every name that was created, kept or not
	ended bool
	jobs  sync.WaitGroup // chunks on their way
}

// Receive begins an intake. Several may be open at the same time.
func (c *Case) Receive(ctx context.Context, o IntakeOptions) (*Intake, error) {
	if o.Action == "" {
		o.Action = custody.ExhibitAdmit
	}
	if o.Actor == "" {
		o.Actor = custody.Tool
	}
	switch {
	case o.Action != custody.ExhibitAdmit && o.Action != custody.DocumentRender:
		return nil, fmt.Errorf("intake: action %q admits nothing", o.Action)
	case o.Action == custody.DocumentRender && o.Object == "":
		return nil, errors.New("intake: a document belongs to an object")
	case strings.ContainsRune(o.Object, 0):
		return nil, errors.New("intake: object with a zero byte")
	}
	c.mu.Lock()
	err := errors.Join(c.broken, ctx.Err())
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	c.blobs.gate.Lock()
	defer c.blobs.gate.Unlock()
	if c.blobs.open++; c.blobs.stored == nil {
		c.blobs.stored = c.blobs.db.Snapshot()
	}
	return &Intake{c: c, o: o, kept: map[string]*artifactWriter{}, names: map[string]bool{}}, nil
}

// Create opens the artifact name for writing: a relative path with forward slashes, once. It is kept when its writer is closed.
func (in *Intake) Create(name, mediaType string) (Writer, error) {
	if err := artifactName(name); err != nil {
		return nil, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.ended:
		return nil, errors.New("intake has ended")
	case in.names[name]:
		return nil, fmt.Errorf("artifact %q: %w", name, ErrExists)
	}
	in.names[name] = true
	w := &artifactWriter{in: in, name: name, mediaType: mediaType, sum: sha256.New()}
	w.chunks = chunker{gear: in.c.blobs.gear, take: in.c.blobs.take, emit: w.submit}
	return w, nil
}

func artifactName(name string) error {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\\x00") {
			return fmt.Errorf("artifact name %q is not a plain relative path", name)
		}
	}
	return nil
}

// Admit makes what was kept an exhibit (or a set of papers) of the case. The summary, if any, is JSON and is kept byte for byte.
// After an error nothing of the intake is in the case.
func (in *Intake) Admit(ctx context.Context, summary json.RawMessage, detail map[string]string, reason string) (Exhibit, error) {
	list, err := in.finish()
	if err != nil {
		return Exhibit{}, err
	}
	if len(summary) > 0 && !json.Valid(summary) {
		err = errors.New("admit: summary is not JSON")
	}
	if err == nil {
		err = in.c.blobs.flush()
	}
	var x Exhibit
	if err == nil {
		x, err = in.c.admit(ctx, in.o, list, summary, detail, reason)
	}
	if err != nil {
		return x, errors.Join(err, in.c.endIntake(false), in.abandoned(context.WithoutCancel(ctx), err.Error()))
	}
	return x, in.c.endIntake(len(list) == len(in.names))
}

// Abandon drops what was taken in and says so in the log.
func (in *Intake) Abandon(ctx context.Context, reason string) error {
	if _, err := in.finish(); err != nil {
		return err
	}
	return errors.Join(in.c.endIntake(false), in.abandoned(ctx, reason))
}

// abandoned says that nothing came of the intake, and of what it would have been.
func (in *Intake) abandoned(ctx context.Context, reason string) error {
	e := custody.Entry{Action: custody.CaptureAbandon, Actor: in.o.Actor, Object: in.o.Object, Reason: reason, Detail: in.o.begin(nil)}
	if in.o.Action != custody.ExhibitAdmit {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail["of"] = string(in.o.Action)
	}
	_, err := in.c.Log(ctx, e)
	return err
}

// begin adds the entry that began it to detail.
func (o IntakeOptions) begin(detail map[string]string) map[string]string {
	if o.Begin == 0 {
		return detail
	}
	out := map[string]string{DetailBegin: strconv.FormatInt(o.Begin, 10)}
	maps.Copy(out, detail)
	return out
}

// finish lets no more in and returns what was kept, by name.
func (in *Intake) finish() ([]*artifactWriter, error) {
	in.mu.Lock()
	if in.ended {
		in.mu.Unlock()
		return nil, errors.New("intake has ended")
	}
	in.ended = true
	list := make([]*artifactWriter, 0, len(in.kept))
	for _, w := range in.kept {
		list = append(list, w)
	}
	in.mu.Unlock()
	in.jobs.Wait()
	slices.SortFunc(list, func(a, b *artifactWriter) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

// admit writes everything about a set of artifacts in one transaction.
func (c *Case) admit(ctx context.Context, o IntakeOptions, list []*artifactWriter, summary []byte, detail map[string]string, reason string) (Exhibit, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o.Object == "" {
		o.Object, _ = c.state.next("exhibit")
	}
	e := custody.Entry{Action: o.Action, Actor: o.Actor, Object: o.Object, Reason: reason, Detail: withSummary(o.begin(detail), summary)}
	for _, w := range list {
		e.Artifacts = append(e.Artifacts, w.artifact())
	}
	e, err := c.add(ctx, e, func(v view, e custody.Entry) error {
		if err := v.fresh(e); err != nil {
			return err
		}
		for _, w := range list {
			if err := v.set(key("list", e.Number, w.name), w.list()); err != nil {
				return err
			}
		}
		if len(summary) > 0 {
			if err := v.set(key("summary", e.Number), summary); err != nil {
				return err
			}
		}
		return v.set(key("set", e.Object, "\x00", e.Number), nil)
	})
	if err != nil {
		return Exhibit{}, err
	}
	return exhibitOf(e, summary), nil
}

// fresh refuses a second admission under the number of an exhibit.
func (v view) fresh(e custody.Entry) error {
	if e.Action != custody.ExhibitAdmit {
		return nil
	}
	return v.keys(key("set", e.Object, "\x00"), func([]byte) error {
		return fmt.Errorf("exhibit %s: %w", e.Object, ErrExists)
	})
}

func withSummary(detail map[string]string, summary []byte) map[string]string {
	out := map[string]string{}
	for k, v := range detail {
		out[k] = v
	}
	if len(summary) > 0 {
		sum := sha256.Sum256(summary)
		out["summary_sha256"] = hex.EncodeToString(sum[:])
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// artifactWriter cuts, hashes and stores one artifact.
type artifactWriter struct {
	in              *Intake
	name, mediaType string
	chunks          chunker
	sum             hash.Hash
	size            int64
	refs            []*chunkRef
	err             error
	closed          bool
}

func (w *artifactWriter) Write(p []byte) (int, error) {
	if w.closed {
		return 0, fmt.Errorf("artifact %s: %w", w.name, errors.New("write after close"))
	}
	if w.err == nil {
		w.sum.Write(p)
		w.size += int64(len(p))
		w.err = w.chunks.write(p)
	}
	if w.err != nil {
		return 0, fmt.Errorf("artifact %s: %w", w.name, w.err)
	}
	return len(p), nil
}

// Cut implements Writer.
func (w *artifactWriter) Cut() {
	if w.err == nil {
		w.err = w.chunks.cut()
	}
}

// Close keeps the artifact.
func (w *artifactWriter) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	if w.err == nil {
		w.err = w.chunks.flush()
	}
	if w.err != nil {
		return fmt.Errorf("artifact %s: %w", w.name, w.err)
	}
	w.in.mu.Lock()
	defer w.in.mu.Unlock()
	if w.in.ended {
		return fmt.Errorf("artifact %s: %w", w.name, errors.New("intake has ended"))
	}
	w.in.kept[w.name] = w
	return nil
}

func (w *artifactWriter) submit(chunk []byte) error {
	if !w.in.begin() {
		return errors.New("intake has ended")
	}
	ref := new(chunkRef)
	w.refs = append(w.refs, ref)
	return w.in.c.blobs.submit(chunk, ref, w.in.jobs.Done)
}

// begin counts a chunk that is on its way, unless the intake has ended.
func (in *Intake) begin() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.ended {
		return false
	}
	in.jobs.Add(1)
	return true
}

func (w *artifactWriter) artifact() evidence.Artifact {
	return evidence.Artifact{Name: w.name, MediaType: w.mediaType, Size: w.size, SHA256: hex.EncodeToString(w.sum.Sum(nil))}
}

// list is what is stored of an artifact: size, SHA-256, chunks.
func (w *artifactWriter) list() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(w.size))
	b = w.sum.Sum(b)
	for _, r := range w.refs {
		b = append(b, r.addr[:]...)
		b = binary.BigEndian.AppendUint32(b, r.size)
	}
	return b
}
