package control

import (
	"context"
	"errors"

	"yuzheng/app/window/work"
)

// watchman runs the watches of the open case beside the pages. Its methods are called on the window's thread.
type watchman struct {
	work   *work.Group
	run    func(ctx context.Context, each func()) error
	fail   func(error)
	mark   func(on bool)
	told   func()             // of the page that shows them; nil is none
	cancel context.CancelFunc // nil while it rests
	ended  chan struct{}      // closed when the last round has ended
	round  int
}

// On implements page.Runner.
func (m *watchman) On() bool { return m.cancel != nil }

// Told implements page.Runner.
func (m *watchman) Told(changed func()) { m.told = changed }

// Run implements page.Runner. A round that is under way ends first: no check is made twice.
func (m *watchman) Run() {
	if m.cancel != nil {
		m.cancel()
	}
	m.round++
	round, before, ended := m.round, m.ended, make(chan struct{})
	m.ended = ended
	m.cancel = m.work.Go(func(ctx context.Context) error {
		defer close(ended)
		if before != nil {
			<-before
		}
		return m.run(ctx, func() { m.work.Show(m.tell) })
	}, func(err error) {
		if round != m.round {
			return
		}
		m.cancel = nil
		m.mark(false)
		m.tell()
		if err != nil && !errors.Is(err, context.Canceled) {
			m.fail(err)
		}
	})
	m.mark(true)
	m.tell()
}

// Stop implements page.Runner. What is under way is sealed as far as it came.
func (m *watchman) Stop() {
	if m.cancel != nil {
		m.cancel()
	}
}

func (m *watchman) tell() {
	if m.told != nil {
		m.told()
	}
}
