package capture

import (
	"context"
	"errors"

	"yuzheng/casefile/evidence"
)

// The errors of sessions on which a caller acts.
var (
	ErrSessionOver = errors.New("the sitting is over") // it has been ended
	ErrNoDisplay   = errors.New("no display")          // there is no screen on which a person could see a browser
)

// AskedOf is the place of SessionOptions.Ask where the words of the button come.
const AskedOf = "[what]"

// SessionOptions says how a session is held.
type SessionOptions struct {
	// Ask is the sentence that asks the person for a reason before something is pressed that changes the other side's state; AskedOf in it
	// stands for what the button says. No reason, and nothing is pressed. Empty is an English one.
	Ask string
	// Login is what an earlier Session.Login gave, or nil.
	Login []byte
	// Told is told the acts of person and page as they happen, and where the tool goes, if it is not nil. It returns at once and calls nothing of
	// the session; calls come one after the other.
	Told func(evidence.Act)
}

// Session is a visible browser that a person drives while everything is recorded. Each Capture seals one exhibit. Its methods are safe for
// concurrent use; Capture, Login and End run one after the other. Whoever began it calls End, also when Done is closed.
type Session interface {
	// Capture seals what is in front of the person, with every exchange since the Capture before it (or since the beginning). Without a
	// browser any more it seals what was recorded, as partial. A page that fails gives a summary all the same; an error is the sink's, or
	// ErrSessionOver.
	Capture(ctx context.Context, sink Sink, progress Progress) (evidence.Summary, error)
	// Address is the one of the page in front.
	Address() string
	// Login gives the cookies and the local storage of the session, to be put into a later one. It is a secret: whoever has it is logged in.
	Login(ctx context.Context) ([]byte, error)
	// Done is closed when there is nothing left to drive: the person has closed the last window, or the browser has died.
	Done() <-chan struct{}
	// End closes the browser and tells what happened. What was recorded since the last Capture is gone.
	End(ctx context.Context) (evidence.SessionSummary, error)
}
