package chrome

import (
	"context"
	"errors"
	"time"

	"yuzheng/capture/chrome/devtools"
)

// quiet waits for network silence, at most Limits.Idle, and tells when that bites.
func (x *exhibit) quiet(ctx context.Context) error {
	err := x.quietFor(ctx, x.req.Limits.Idle)
	if errors.Is(err, errNotQuiet) {
		x.journal.Limit("idle", "the network was not quiet within %v", x.req.Limits.Idle)
		return context.Cause(ctx)
	}
	return err
}

// settled is quietFor with a shorter patience, which is nothing to tell about.
func (x *exhibit) settled(ctx context.Context, longest time.Duration) error {
	if err := x.quietFor(ctx, min(longest, x.req.Limits.Idle)); !errors.Is(err, errNotQuiet) {
		return err
	}
	return context.Cause(ctx)
}

var errNotQuiet = errors.New("the network was not quiet")

// quietFor waits for network silence. It ends with errNotQuiet after the longest wait.
func (x *exhibit) quietFor(ctx context.Context, longest time.Duration) error {
	deadline := time.NewTimer(longest)
	defer deadline.Stop()
	pace := time.NewTicker(tick)
	defer pace.Stop()
	for {
		if x.exchanges.Quiet(x.req.Limits.Idle) >= silence {
			return context.Cause(ctx)
		}
		select {
		case <-pace.C:
		case <-deadline.C:
			return errNotQuiet
		case <-x.context.Gone():
			return devtools.ErrGone
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
