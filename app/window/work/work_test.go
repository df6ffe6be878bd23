package work

import (
	"context"
	"errors"
	"testing"
	"time"
)

// hall is a door whose far side is the test itself.
func hall() (chan func(), Door) {
	c := make(chan func(), 100)
	return c, func(f func()) { c <- f }
}

func TestResultComesThroughTheDoor(t *testing.T) {
	c, door := hall()
	g := New(context.Background(), door)
	want := errors.New("x")
	var got error
	g.Go(func(context.Context) error { return want }, func(err error) { got = err })
	g.Wait()
	if got != nil {
		t.Fatal("the result did not wait for the window's thread")
	}
	(<-c)()
	if got != want {
		t.Fatalf("result %v, want %v", got, want)
	}
}

func TestClosedGroupIsSilent(t *testing.T) {
	for _, late := range []string{"before the job ends", "after the job ended"} {
		c, door := hall()
		g := New(context.Background(), door)
		started := make(chan struct{})
		g.Go(func(ctx context.Context) error {
			close(started)
			if late == "before the job ends" {
				<-ctx.Done()
			}
			return ctx.Err()
		}, func(error) { t.Errorf("closed %s: the window was touched", late) })
		<-started
		if late == "after the job ended" {
			g.Wait()
		}
		g.Close()
		g.Wait()
		(<-c)()
	}
}

func TestCancelOneJob(t *testing.T) {
	c, door := hall()
	g := New(context.Background(), door)
	var got error
	cancel := g.Go(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, func(err error) { got = err })
	cancel()
	(<-c)()
	if !errors.Is(got, context.Canceled) {
		t.Fatalf("a cancelled job reported %v", got)
	}
	if g.ctx.Err() != nil {
		t.Fatal("cancelling one job ended the group")
	}
}

func TestBelowEndsWithItsParent(t *testing.T) {
	c, door := hall()
	g := New(context.Background(), door)
	g.Below().Go(func(ctx context.Context) error { <-ctx.Done(); return nil }, func(error) { t.Error("the window was touched") })
	g.Close()
	g.Wait()
	(<-c)()
}

func TestEveryEnds(t *testing.T) {
	c, door := hall()
	g := New(context.Background(), door)
	turns := 0
	g.Every(time.Millisecond, func() bool { turns++; return turns < 3 })
	for turns < 3 {
		(<-c)()
	}
	g.Wait()
	g.Every(time.Hour, func() bool { t.Error("the window was touched"); return true })
	g.Close()
	g.Wait()
}
