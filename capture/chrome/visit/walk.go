package visit

import (
	"context"
	"errors"

	"yuzheng/capture/chrome/browsing"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/casefile/evidence"
)

// maxFollowed is how often a visit begins anew because the page has led on while it was walked through.
const maxFollowed = 3

// errLedOn ends a walk through a page that has led its visitor on.
var errLedOn = errors.New("the page has led on to another")

// walk waits until the page is what it is, takes the window as first seen, and goes through the page. A page that leads on meanwhile
// is left for where it leads. In the end the document in the window is the one that everything is taken of: it stays.
func (j *Visit) walk(ctx context.Context) error {
	for n := 0; ; n++ {
		if j.nothing(ctx) {
			return context.Cause(ctx)
		}
		j.Camera.See(ctx)
		waits := j.waits()
		if err := j.waiting().become(ctx); err != nil {
			return err
		}
		moved, err := j.waiting().still(ctx)
		if err != nil {
			return err
		}
		if moved || j.waits() > waits {
			j.Camera.See(ctx) // it has become another
		}
		led, err := j.through(ctx, n < maxFollowed)
		if err != nil || !led {
			return err
		}
		j.Journal.Note(evidence.ByTool, "follow", "the page has led on: the visit begins anew")
		if err := j.waiting().arrive(ctx); err != nil {
			return err
		}
	}
}

// nothing reports whether the browser shows nothing at all of a document that broke off: it then neither paints nor takes input.
func (j *Visit) nothing(ctx context.Context) bool {
	reason := j.course.broke()
	if reason == "" {
		return false
	}
	there, err := browsing.Eval[bool](ctx, j.Page, "!!document.documentElement")
	if err != nil || there {
		return false
	}
	for _, name := range []string{evidence.ViewportShot, evidence.Screenshot} {
		j.Journal.Miss(name, evidence.DocumentNotShown.With(reason))
	}
	j.empty = true
	return true
}

// through goes through the page, and reports whether it has led on in the meantime. Afterwards it may not.
func (j *Visit) through(ctx context.Context, may bool) (led bool, err error) {
	_, nth := j.course.current()
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	policy := mayNot
	if may {
		policy = mayGoOn
	}
	j.course.set(policy, func() { stop(errLedOn) })
	err = j.behave(inner)
	j.course.set(mayNot, func() {})
	if arriving := j.overtaken(ctx); err == nil {
		err = arriving
	}
	v, n := j.course.current()
	if n > nth && ctx.Err() == nil {
		j.course.set(mayLeave, func() {})
		return true, nil
	}
	j.taking = v.Loader
	return false, err
}

// overtaken waits for a document that was on its way when no further one was let through.
func (j *Visit) overtaken(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, j.Request.Limits.Idle)
	defer cancel()
	for j.course.under() {
		if err := j.Page.Pause(wait, exhibit.Tick); err != nil {
			if ctx.Err() != nil || errors.Is(err, devtools.ErrGone) {
				return err
			}
			return nil // a server that does not answer: the document in the window stays
		}
	}
	return nil
}

// sameDocument checks that an artifact is of the document that everything is taken of.
func (j *Visit) sameDocument(artifact string) {
	<-j.Browser.Conn.Through()
	if v, _ := j.course.current(); v.Loader != j.taking {
		j.Journal.Bad(evidence.CheckDocument, artifact, evidence.OfAnotherDocument.With(v.URL, v.At.Format("15:04:05.000")))
	}
}

// judgeDocument tells which document everything is of, and where the page wanted to lead.
func (j *Visit) judgeDocument() {
	v, n := j.course.current()
	if n == 0 || j.taking == "" {
		return
	}
	j.Journal.Good(evidence.CheckDocument, v.URL, "the %d. document of the visit; everything is taken of it", n)
	for _, url := range j.course.heldBack() {
		if withoutFragment(url) == withoutFragment(v.URL) {
			j.Journal.Warn(evidence.PageAskedAnew.With(v.At.Format("15:04:05.000")))
		} else {
			j.Journal.Bad(evidence.CheckDocument, url, evidence.LedOnHeld.With())
		}
	}
}

// waits counts the waits so far.
func (j *Visit) waits() int {
	n := 0
	for _, c := range j.Journal.Checks() {
		if c.Kind == evidence.CheckWait {
			n++
		}
	}
	return n
}
