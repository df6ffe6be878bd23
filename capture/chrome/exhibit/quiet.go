package exhibit

import (
	"context"
	"errors"
	"time"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

const (
	Silence = 400 * time.Millisecond // nothing in flight and nothing new for so long: the network is quiet
	Tick    = 25 * time.Millisecond  // between two looks
)

// Quiet waits for network silence, at most Limits.Idle, and tells when that bites.
func (x *Exhibit) Quiet(ctx context.Context) error {
	err := x.quietFor(ctx, x.Request.Limits.Idle)
	if errors.Is(err, errNotQuiet) {
		x.Journal.Limit("idle", evidence.LimitIdle.With(x.Request.Limits.Idle))
		return context.Cause(ctx)
	}
	return err
}

// Settled is quietFor with a shorter patience, which is nothing to tell about.
func (x *Exhibit) Settled(ctx context.Context, longest time.Duration) error {
	if err := x.quietFor(ctx, min(longest, x.Request.Limits.Idle)); !errors.Is(err, errNotQuiet) {
		return err
	}
	return context.Cause(ctx)
}

var errNotQuiet = errors.New("the network was not quiet")

// quietFor waits for network silence. It ends with errNotQuiet after the longest wait.
func (x *Exhibit) quietFor(ctx context.Context, longest time.Duration) error {
	deadline := time.NewTimer(longest)
	defer deadline.Stop()
	pace := time.NewTicker(Tick)
	defer pace.Stop()
	for {
		if x.Exchanges.Quiet(x.Request.Limits.Idle) >= Silence {
			return context.Cause(ctx)
		}
		select {
		case <-pace.C:
		case <-deadline.C:
			return errNotQuiet
		case <-x.Context.Gone():
			return devtools.ErrGone
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
