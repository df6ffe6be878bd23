package evidence

// Verdict says how far an exhibit is what it promises to be.
type Verdict string

// The verdicts, from whole to nothing.
const (
	Complete    Verdict = "complete"    // every promised artifact, every asked-for body
	Partial     Verdict = "partial"     // something is missing, and it is named
	Viewport    Verdict = "viewport"    // only what fitted the window
	Challenge   Verdict = "challenge"   // a test for people stood in the way
	Login       Verdict = "login"       // a login stood in the way
	Unreachable Verdict = "unreachable" // no answer from a server
	Blocked     Verdict = "blocked"     // a known block page (stopped resolution) answered instead
	Refused     Verdict = "refused"     // the guard, or the server by its status, refused the page
)

// Verdicts lists every verdict, from whole to nothing.
var Verdicts = []Verdict{Complete, Partial, Viewport, Challenge, Login, Unreachable, Blocked, Refused}
