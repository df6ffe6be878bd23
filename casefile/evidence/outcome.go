package evidence

// Outcome says how a visit ended, finer than its verdict: what stands between a page and us is the site's doing, its server's, or our own.
type Outcome string

// The outcomes that share the verdict "refused". Every other outcome is the verdict itself.
const (
	NotFound    Outcome = "refused.notfound" // the server answers that there is no such page (RFC 9110, 15.5.5 and 15.5.11)
	Forbidden   Outcome = "refused.server"   // the server refuses by another status of the class 4xx
	ServerError Outcome = "refused.error"    // the server says that it failed: class 5xx
	Guarded     Outcome = "refused.guard"    // our own guard did not let the visit through; no server was asked
)

// Outcomes lists every outcome of a visit, from whole to nothing.
var Outcomes = []Outcome{
	Outcome(Complete), Outcome(Partial), Outcome(Viewport), Outcome(Challenge), Outcome(Login), Outcome(Unreachable), Outcome(Blocked),
	NotFound, Forbidden, ServerError, Guarded,
}

// OutcomeOf is the outcome of a visit by its verdict and the HTTP status of the final document, which is 0 where no server answered. What is
// no visit has none.
func OutcomeOf(verdict Verdict, status int) Outcome {
	switch {
	case verdict != Refused:
		return Outcome(verdict)
	case status == 0:
		return Guarded
	case status == 404 || status == 410:
		return NotFound
	case status >= 500:
		return ServerError
	}
	return Forbidden
}

// Answered reports whether a server answered, so that there is an address that was arrived at.
func (o Outcome) Answered() bool { return o != Outcome(Unreachable) && o != Guarded && o != "" }
