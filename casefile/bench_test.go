package casefile

import (
	"context"
	"flag"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

var benchMiB = flag.Int64("case.mib", 64, "size of the artifact in BenchmarkIngest and BenchmarkCheck")

// BenchmarkIngest takes one artifact in and closes the case: all of it is durable at the end.
func BenchmarkIngest(b *testing.B) {
	heap := watchHeap()
	b.SetBytes(*benchMiB << 20)
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "case")
		benchIngest(b, dir)
	}
	b.ReportMetric(float64(heap())/(1<<20), "peak-heap-MiB")
}

func benchIngest(b testing.TB, dir string) {
	b.Helper()
	o := options()
	o.Work = 0 // what a real case costs, in memory too
	c, _, err := Create(context.Background(), dir, o)
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
	noise, piece := rand.NewChaCha8([32]byte{1}), make([]byte, 1<<20) // incompressible
	for range *benchMiB {
		_, _ = noise.Read(piece)
		if _, err := w.Write(piece); err != nil {
			b.Fatal(err)
		}
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
	b.SetBytes(*benchMiB << 20)
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
