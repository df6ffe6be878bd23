// Package devtools speaks the DevTools protocol with one browser, over the two pipes that it inherited: commands of any session and their answers,
// and events in the order in which they came. It knows the protocol's frame and how long a command may take. It knows no page: what an event says and
// what is to be asked is for whoever holds the connection.
//
// What comes over the pipes is made by pages, who may mean ill. A message is bounded: an event to 16 MiB, an answer to 160 MiB; of a longer one it is
// known whom it was for. Each command has its time (at most a minute, but for those that wait for a server), and a browser that leaves 4096 commands
// unread is given up.
package devtools

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/chromedp/cdproto/cdp/jsonv2"
)

// ErrGone says that the browser, or the target, is no longer there to answer.
var ErrGone = errors.New("connection to the browser ended")

// Event is one event of one session.
type Event struct {
	Session string // "" is the browser's own
	Method  string // "Page.loadEventFired"
	Params  jsonv2.Value
	Long    *Overlong // not nil for one that was too long to be taken; then there are no Params
}

// Conn is a connection to a browser. Its reader never waits for an answer: answers go to their callers, events to a buffer of their own. Nor does a
// caller wait for a browser that does not read. It is safe for concurrent use.
type Conn struct {
	from   io.ReadCloser
	to     io.WriteCloser
	events *buffer
	orders chan []byte
	closed chan struct{}

	mu      sync.Mutex
	last    int64
	waiting map[int64]waiter
}

// Connect speaks over the pipes, in which a zero byte ends each message. It serves events to handle, one after the other, until the connection ends;
// handle may send commands, and must not wait for Through.
func Connect(from io.ReadCloser, to io.WriteCloser, handle func(Event)) *Conn {
	c := &Conn{from: from, to: to, events: newBuffer(), orders: make(chan []byte, mostOrders), closed: make(chan struct{}), waiting: map[int64]waiter{}}
	go c.read()
	go c.write()
	go c.events.drain(handle)
	return c
}

// Session gives the session of this id, "" that of the browser itself.
func (c *Conn) Session(id string) Session { return Session{conn: c, ID: id} }

// Closed gives a channel that is closed when the connection has ended.
func (c *Conn) Closed() <-chan struct{} { return c.closed }

// Through gives a channel that is closed once every event that has come so far has been handled. After the end of the connection that is once all
// have.
func (c *Conn) Through() <-chan struct{} { return c.events.through() }

// Close closes both pipes. Whoever waits for an answer gets ErrGone. It may be called more than once.
func (c *Conn) Close() {
	_ = c.from.Close()
	_ = c.to.Close()
}

type waiter struct {
	session string
	answer  chan Reply
}

// mostOrders is how many commands a browser may leave unread. One that leaves more is gone for us, whatever it does.
const mostOrders = 4096

// order hands a command to the writer.
func (c *Conn) order(data []byte) {
	select {
	case c.orders <- append(data, 0):
	default:
		c.Close()
	}
}

// write hands commands on, one after the other.
func (c *Conn) write() {
	for {
		select {
		case data := <-c.orders:
			if _, err := c.to.Write(data); err != nil {
				c.Close()
				return
			}
		case <-c.closed:
			return
		}
	}
}

func (c *Conn) read() {
	defer c.end()
	from := bufio.NewReaderSize(c.from, 256<<10)
	for {
		data, m, err := readMessage(&delimited{from: from})
		switch {
		case err != nil:
			c.Close()
			return
		case data != nil && Unmarshal(data, &m) != nil:
			continue
		case m.ID != 0:
			c.answer(m)
		default:
			c.events.push(Event{m.SessionID, m.Method, m.Params, m.long})
		}
	}
}

func (c *Conn) answer(m incoming) {
	c.mu.Lock()
	w, ok := c.waiting[m.ID]
	delete(c.waiting, m.ID)
	c.mu.Unlock()
	if !ok {
		return
	}
	if m.Error != nil {
		w.answer <- Reply{Err: m.Error}
		return
	}
	w.answer <- Reply{Result: m.Result}
}

// end answers every caller that still waits, and ends the buffer.
func (c *Conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.closed)
	for _, w := range c.waiting {
		w.answer <- Reply{Err: ErrGone}
	}
	c.waiting = nil
	c.events.end()
}

// Forget answers everyone who waits for a session that has been detached: Chrome itself never will.
func (c *Conn) Forget(session string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, w := range c.waiting {
		if w.session == session {
			delete(c.waiting, id)
			w.answer <- Reply{Err: ErrGone}
		}
	}
}

// start sends a command and gives the channel on which its one answer will come.
func (c *Conn) start(session, method string, params any) <-chan Reply {
	answer := make(chan Reply, 1)
	c.mu.Lock()
	if c.waiting == nil {
		c.mu.Unlock()
		answer <- Reply{Err: ErrGone}
		return answer
	}
	c.last++
	id := c.last
	c.waiting[id] = waiter{session, answer}
	c.mu.Unlock()
	data, err := jsonv2.Marshal(outgoing{id, method, session, params})
	if err != nil {
		c.answer(incoming{ID: id, Error: &protocolError{Message: err.Error()}})
		return answer
	}
	c.order(data)
	return answer
}
