// Package work runs long jobs beside the window and brings their results back through one door.
package work

import (
	"context"
	"sync"
	"time"
)

// Door runs f on the window's thread, later. It is fyne.Do in the program.
type Door func(f func())

// Group is the work of one page. After Close nothing of it reaches the window any more.
// Close is called on the window's thread; so nothing can slip in between it and the check in Show.
type Group struct {
	ctx     context.Context
	cancel  context.CancelFunc
	door    Door
	above   *Group         // nil at the top
	running sync.WaitGroup // jobs of this group and of those below
}

// New makes a group whose work ends with ctx.
func New(ctx context.Context, door Door) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel, door: door}
}

// Below makes a group that ends with g. Wait of g waits for it too.
func (g *Group) Below() *Group {
	ctx, cancel := context.WithCancel(g.ctx)
	return &Group{ctx: ctx, cancel: cancel, door: g.door, above: g}
}

// Go runs job in a goroutine of its own and then done, with the job's error, on the window's thread.
// The function returned cancels this job alone; done is told then as well.
func (g *Group) Go(job func(context.Context) error, done func(error)) context.CancelFunc {
	ctx, cancel := context.WithCancel(g.ctx)
	g.count(1)
	go func() {
		defer g.count(-1)
		defer cancel()
		err := job(ctx)
		g.Show(func() { done(err) })
	}()
	return cancel
}

// Every runs f on the window's thread every d until f says that it was the last time, or the group is closed.
func (g *Group) Every(d time.Duration, f func() (again bool)) {
	g.Go(func(ctx context.Context) error {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-t.C:
			}
			said := make(chan bool, 1)
			g.Show(func() { said <- f() })
			select {
			case <-ctx.Done():
				return nil
			case again := <-said:
				if !again {
					return nil
				}
			}
		}
	}, func(error) {})
}

func (g *Group) count(n int) {
	for ; g != nil; g = g.above {
		g.running.Add(n)
	}
}

// Show runs f on the window's thread unless the group has been closed by then. It may be called from any goroutine.
func (g *Group) Show(f func()) {
	g.door(func() {
		if g.ctx.Err() == nil {
			f()
		}
	})
}

// Close cancels the work; it does not wait for it.
func (g *Group) Close() { g.cancel() }

// Wait returns when every job of g and of the groups below it has ended.
func (g *Group) Wait() { g.running.Wait() }
