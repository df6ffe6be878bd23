package casefile

import (
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

var (
	benchSize = flag.Int64("size", 64<<20, "bytes of BenchmarkIngest and BenchmarkCheck, when -file names none")
	benchFile = flag.String("file", "", "take the bytes from this file")
)

// source gives the bytes of a benchmark: incompressible, in pieces as a recorder would write them.
func source(b *testing.B) (r io.ReadCloser, size int64) {
	b.Helper()
	if *benchFile == "" {
		return io.NopCloser(io.LimitReader(rand.NewChaCha8([32]byte{1}), *benchSize)), *benchSize
	}
	f, err := os.Open(*benchFile)
	if err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return f, info.Size()
}

// BenchmarkIngest takes one artifact in and closes the case: all of it is durable at the end.
func BenchmarkIngest(b *testing.B) {
	heap := watchHeap()
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "case")
		benchIngest(b, dir)
	}
	b.ReportMetric(float64(heap())/(1<<20), "peak-heap-MiB")
}

func benchIngest(b *testing.B, dir string) {
	b.Helper()
	c, _, err := Create(context.Background(), dir, options())
	if err != nil {
		b.Fatal(err)
	}
	in, err := c.Receive(context.Background(), IntakeOptions{})
	if err != nil {
		b.Fatal(err)
	}
	w, err := in.Create("archive.wacz", "application/wacz")
	if err != nil {
		b.Fatal(err)
	}
	r, size := source(b)
	defer r.Close()
	b.SetBytes(size)
	if _, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{r}, make([]byte, 256<<10)); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	if _, err := in.Admit(context.Background(), nil, nil, ""); err != nil {
		b.Fatal(err)
	}
	closeCase(b, c)
}

// BenchmarkCheck opens a case, checks it and closes it.
func BenchmarkCheck(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "case")
	benchIngest(b, dir)
	runtime.GC()
	heap := watchHeap()
	for b.Loop() {
		c := reopen(b, dir)
		clean(b, c)
		closeCase(b, c)
	}
	b.ReportMetric(float64(heap())/(1<<20), "peak-heap-MiB")
}

// watchHeap samples the bytes of live and dead heap objects until the function it returns is called, which gives the most it saw.
func watchHeap() func() uint64 {
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				done <- most
				return
			case <-tick.C:
				metrics.Read(sample)
				most = max(most, sample[0].Value.Uint64())
			}
		}
	}()
	return func() uint64 { close(stop); return <-done }
}
