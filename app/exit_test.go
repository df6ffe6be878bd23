package app

import (
	"errors"
	"fmt"
	"testing"

	"yuzheng/app/cli"
	"yuzheng/app/passphrase"
	"yuzheng/app/workbench"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

// TestExitCodes holds the numbers that the README names: who wrote a script around them relies on them.
func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("no space left on device"), 1},
		{cli.ErrUsage, 2},
		{capture.ErrRequest, 2},
		{casefile.ErrPassphrase, 3},
		{casefile.ErrRecipients, 3},
		{casefile.ErrLastWay, 3},
		{passphrase.ErrWeak, 3},
		{&casefile.RecoveryError{Group: 3}, 3},
		{&workbench.RefusedError{}, 3},
		{workbench.ErrNoPacket, 3},
		{&workbench.ListedError{}, 3},
		{&application.DataError{}, 3},
		{&capture.StartError{Err: errors.New("chrome failed to start:\nNo usable sandbox! Update your kernel")}, 3},
		{&capture.StartError{Err: errors.New("chrome failed to start:\nsegmentation fault")}, 1},
		{workbench.ErrInPart, 4},
		{workbench.ErrMismatch, 5},
		{&casefile.TamperError{}, 5},
	} {
		if c.err != nil {
			c.err = fmt.Errorf("around it: %w", c.err)
		}
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}
