package casefile

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
)

// chunkList says of which chunks an artifact consists.
type chunkList struct {
	size   int64
	sha256 string
	refs   []chunkRef
	ends   []int64 // where each chunk ends in the artifact
}

const refSize = len(address{}) + 4

// list reads and parses the chunk list under k.
func (v view) list(k []byte) (chunkList, error) {
	data, err := v.get(k)
	if err != nil {
		return chunkList{}, err
	}
	if len(data) < 40 || (len(data)-40)%refSize != 0 {
		return chunkList{}, tampered(v.name+" "+show(k), "is not a list of chunks")
	}
	l := chunkList{size: int64(binary.BigEndian.Uint64(data)), sha256: hex.EncodeToString(data[8:40])}
	var end int64
	for r := range slices.Chunk(data[40:], refSize) {
		ref := chunkRef{address(r[:32]), binary.BigEndian.Uint32(r[32:])}
		end += int64(ref.size)
		l.refs, l.ends = append(l.refs, ref), append(l.ends, end)
	}
	if end != l.size {
		return chunkList{}, tampered(v.name+" "+show(k), "has chunks of another size")
	}
	return l, nil
}

// OpenArtifact opens artifact name of the set that entry admitted. Each chunk is verified as it is read; an error of reading is a *TamperError
// that names the artifact when the bytes are not those that were admitted.
func (c *Case) OpenArtifact(ctx context.Context, entry int64, name string) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e, err := c.entry(entry)
	if err != nil {
		return nil, err
	}
	place := e.Object + "/" + name
	var l chunkList
	err = c.meta.view(func(v view) (err error) {
		l, err = v.list(key("list", entry, name))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("artifact %s: %w", place, err)
	}
	for _, a := range e.Artifacts {
		if a.Name != name {
			continue
		}
		if a.SHA256 != l.sha256 || a.Size != l.size {
			return nil, &TamperError{Finding{place, "list is not that of the log", a.SHA256, l.sha256}}
		}
		return &artifactReader{blobs: c.blobs, place: place, list: l, at: -1}, nil
	}
	return nil, tampered(place, "is not in the log")
}

// artifactReader reads an artifact chunk by chunk.
type artifactReader struct {
	blobs *blobs
	place string
	list  chunkList
	pos   int64
	at    int // the chunk in buf; -1 is none
	buf   []byte
}

func (r *artifactReader) Read(p []byte) (int, error) {
	if r.blobs == nil {
		return 0, errClosed
	}
	if r.pos >= r.list.size {
		return 0, io.EOF
	}
	i := sort.Search(len(r.list.ends), func(i int) bool { return r.list.ends[i] > r.pos })
	if i != r.at {
		buf, err := r.blobs.fetch(r.buf, r.list.refs[i])
		if err != nil {
			r.at = -1
			return 0, r.blame(i, err)
		}
		r.buf, r.at = buf, i
	}
	start := r.list.ends[i] - int64(r.list.refs[i].size)
	n := copy(p, r.buf[r.pos-start:])
	r.pos += int64(n)
	return n, nil
}

// blame names the artifact in a *TamperError.
func (r *artifactReader) blame(chunk int, err error) error {
	if te, ok := errors.AsType[*TamperError](err); ok {
		return tampered(r.place, fmt.Sprintf("chunk %d: %v", chunk+1, te.Finding))
	}
	return fmt.Errorf("artifact %s: %w", r.place, err)
}

func (r *artifactReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.list.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("artifact %s: seek before its beginning", r.place)
	}
	r.pos = offset
	return offset, nil
}

func (r *artifactReader) Close() error {
	r.blobs, r.buf = nil, nil
	return nil
}
