package devtools

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
)

// Session is one attached target, or with an empty ID the browser itself. Conn.Session makes it; the rest is what whoever attached to it knows.
type Session struct {
	conn   *Conn
	ID     string
	Target target.ID
	Kind   string // page, iframe, worker, shared_worker, service_worker
	Owner  string // session of the page that it is or belongs to; empty where that is not known
}

// Start sends a command and gives the channel on which its one answer will come.
func (s Session) Start(method string, params any) <-chan Reply {
	return s.conn.start(s.ID, method, params)
}

// Send starts a command whose answer nobody needs.
func Send[P, R any](s Session, cmd cdp.Command[P, R], params P) {
	s.Start(cmd.Method, params)
}

// Call runs a command and waits for its answer, as long as such a command may take and ctx lasts. An error begins with the name of the command, and is
// ErrGone, the browser's refusal, the cause of ctx, or one of which IsSlow holds.
func Call[P, R any](ctx context.Context, s Session, cmd cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := bounded(ctx, cmd.Method)
	defer cancel()
	return Wait[R](ctx, cmd.Method, s.Start(cmd.Method, params))
}

// Wait waits for the answer to a command that Start has sent, with the errors of Call, as long as ctx lasts.
func Wait[R any](ctx context.Context, method string, answer <-chan Reply) (R, error) {
	var out R
	select {
	case <-ctx.Done():
		return out, fmt.Errorf("%s: %w", method, context.Cause(ctx))
	case r := <-answer:
		if r.Err != nil {
			return out, fmt.Errorf("%s: %w", method, r.Err)
		}
		if err := Unmarshal(r.Result, &out); err != nil {
			return out, fmt.Errorf("%s: %w", method, err)
		}
		return out, nil
	}
}

// Decode reads the payload of an event.
func Decode[E any](e Event) (E, error) {
	var v E
	err := Unmarshal(e.Params, &v)
	return v, err
}

// Reply is the browser's answer to a command: its result as JSON, or why there is none.
type Reply struct {
	Result jsonv2.Value
	Err    error
}
