package devtools

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// usualBound is how long the browser may take to answer a command that bounds does not name. It is longer than any of them takes that is answered
// at all.
const usualBound = 30 * time.Second

// bounds are the commands that may take another time. Zero is as long as the capture has: such a command waits for a server.
var bounds = map[string]time.Duration{
	"Page.captureScreenshot":         12 * time.Second,
	"Page.getLayoutMetrics":          8 * time.Second,
	"Page.getFrameTree":              8 * time.Second,
	"Page.createIsolatedWorld":       20 * time.Second,
	"Page.captureSnapshot":           45 * time.Second,
	"Page.printToPDF":                60 * time.Second,
	"Input.dispatchMouseEvent":       8 * time.Second,
	"Input.dispatchTouchEvent":       8 * time.Second,
	"Page.navigate":                  0,
	"IO.read":                        0,
	"Network.loadNetworkResource":    0,
	"Fetch.takeResponseBodyAsStream": 0,
}

// slowError says that the browser did not answer a command in its time. What needed the answer is missing; the rest of the capture goes on.
type slowError struct {
	bound time.Duration
}

func (e *slowError) Error() string {
	return fmt.Sprintf("the browser gave no answer within %v", e.bound)
}

// IsSlow reports whether an error says that the browser did not answer a command in its time. What needed the answer is missing; the browser and
// the rest go on.
func IsSlow(err error) bool {
	var slow *slowError
	return errors.As(err, &slow)
}

// bounded gives a command its own time.
func bounded(ctx context.Context, method string) (context.Context, context.CancelFunc) {
	bound, named := bounds[method]
	switch {
	case !named:
		bound = usualBound
	case bound == 0:
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, bound, &slowError{bound})
}
