package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"yuzheng/casefile/evidence"
)

// source reads the beginning of an artifact. It remembers what was the store's fault or the end of ctx, so that an artifact that is no picture
// is told apart from one that cannot be read, through whatever decoder stands between.
type source struct {
	io.Closer
	name  string
	r     io.Reader
	alive func() error
	left  int64 // bytes that may still be read
	cut   bool  // there was more
	fault error
}

// open gives the first limit bytes of an artifact; nil where there is none.
func (s Side) open(ctx context.Context, name string, limit int64) (*source, error) {
	listed := func(a evidence.Artifact) bool { return a.Name == name }
	if s.Open == nil || len(s.Result.Artifacts) > 0 && !slices.ContainsFunc(s.Result.Artifacts, listed) {
		return nil, nil
	}
	r, err := s.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", name, s.Name, err)
	}
	alive := func() error { return context.Cause(ctx) }
	return &source{Closer: r, r: r, alive: alive, left: limit, name: name + " of " + s.Name}, nil
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if err := s.alive(); err != nil {
		s.fault = err
		return 0, err
	}
	probe := s.left == 0
	if probe {
		p = make([]byte, 1)
	}
	n, err := s.r.Read(p[:min(int64(len(p)), max(s.left, 1))])
	if err != nil && !errors.Is(err, io.EOF) {
		s.fault = fmt.Errorf("%s: %w", s.name, err)
		return 0, s.fault
	}
	if probe {
		s.cut = s.cut || n > 0
		return 0, io.EOF
	}
	s.left -= int64(n)
	return n, err
}

// hash is the recorded SHA-256 of an artifact, hexadecimal; "" where the result does not list it.
func (s Side) hash(name string) string {
	for _, a := range s.Result.Artifacts {
		if a.Name == name {
			return a.SHA256
		}
	}
	return ""
}
