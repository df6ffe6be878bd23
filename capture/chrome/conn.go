package chrome

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
)

// errGone says that the browser, or the tab, is no longer there to answer.
var errGone = errors.New("connection to the browser ended")

// protocolError is Chrome's own refusal of a command.
type protocolError struct {
	Code    int64  `json:"code"`
	Message string `json:"message"`
}

func (e *protocolError) Error() string { return e.Message }

// event is one event of one session; "" is the browser's own session.
type event struct {
	session string
	method  string
	params  jsonv2.Value
	long    *overlong // not nil for one that was too long to be taken; then there are no params
}

// overlong is what is known of a message that was too long.
type overlong struct {
	size int64
	head []byte // its beginning
}

// The longest messages that are taken, in bytes. A page makes them as long as it likes: its title, its console, what it sends. An answer
// holds at most a whole page as MHTML.
const (
	longestEvent  = 16 << 20
	longestAnswer = 160 << 20
	edge          = 1 << 10 // what is kept of the ends of a longer one
)

// conn is the two pipes to the browser, with flat sessions; each message ends with a zero byte. Its reader never waits for an answer: answers go to
// their callers, events to a queue of their own, in the order in which they came. Nor does a caller wait for a browser that does not read.
type conn struct {
	from   io.ReadCloser
	to     io.WriteCloser
	events *queue
	orders chan []byte
	closed chan struct{}

	mu      sync.Mutex
	last    int64
	waiting map[int64]waiter
}

type waiter struct {
	session string
	answer  chan reply
}

type reply struct {
	result jsonv2.Value
	err    error
}

type outgoing struct {
	ID        int64  `json:"id"`
	Method    string `json:"method"`
	SessionID string `json:"sessionId,omitempty"`
	Params    any    `json:"params,omitempty"`
}

type incoming struct {
	ID        int64          `json:"id"`
	Method    string         `json:"method"`
	SessionID string         `json:"sessionId"`
	Params    jsonv2.Value   `json:"params"`
	Result    jsonv2.Value   `json:"result"`
	Error     *protocolError `json:"error"`

	long *overlong
}

// connect speaks over the pipes, and serves events to handle, one after the other, until the connection ends.
func connect(from io.ReadCloser, to io.WriteCloser, handle func(event)) *conn {
	c := &conn{from: from, to: to, events: newQueue(), orders: make(chan []byte, mostOrders), closed: make(chan struct{}), waiting: map[int64]waiter{}}
	go c.read()
	go c.write()
	go c.events.drain(handle)
	return c
}

func (c *conn) close() {
	_ = c.from.Close()
	_ = c.to.Close()
}

// mostOrders is how many commands a browser may leave unread. One that leaves more is gone for us, whatever it does.
const mostOrders = 4096

// order hands a command to the writer.
func (c *conn) order(data []byte) {
	select {
	case c.orders <- append(data, 0):
	default:
		c.close()
	}
}

// write hands commands on, one after the other.
func (c *conn) write() {
	for {
		select {
		case data := <-c.orders:
			if _, err := c.to.Write(data); err != nil {
				c.close()
				return
			}
		case <-c.closed:
			return
		}
	}
}

func (c *conn) read() {
	defer c.end()
	from := bufio.NewReaderSize(c.from, 256<<10)
	for {
		data, m, err := readMessage(&delimited{from: from})
		switch {
		case err != nil:
			c.close()
			return
		case data != nil && unmarshal(data, &m) != nil:
			continue
		case m.ID != 0:
			c.answer(m)
		default:
			c.events.push(event{m.SessionID, m.Method, m.Params, m.long})
		}
	}
}

// delimited reads one message, up to the zero byte that ends it.
type delimited struct {
	from  *bufio.Reader
	whole bool
}

// Read implements io.Reader.
func (m *delimited) Read(b []byte) (int, error) {
	if m.whole {
		return 0, io.EOF
	}
	if _, err := m.from.Peek(1); err != nil {
		return 0, errGone
	}
	have, _ := m.from.Peek(min(len(b), m.from.Buffered()))
	n := bytes.IndexByte(have, 0)
	if m.whole = n >= 0; !m.whole {
		n = len(have)
	}
	copy(b, have[:n])
	_, _ = m.from.Discard(n) // it is there
	if m.whole {
		_, _ = m.from.Discard(1)
	}
	return n, nil
}

// An overlong message is known by its beginning and its end: Chrome writes id or method first and the session last.
var (
	messageID      = regexp.MustCompile(`^\{"id":(\d+)`)
	messageMethod  = regexp.MustCompile(`^\{"method":"([\w.]+)"`)
	messageSession = regexp.MustCompile(`"sessionId":"(\w+)"\}$`)
)

// readMessage gives a message, or, if it is too long to be taken, what is known of it.
func readMessage(r io.Reader) ([]byte, incoming, error) {
	head := make([]byte, edge)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return head[:n], incoming{}, nil
	} else if err != nil {
		return nil, incoming{}, err
	}
	limit := int64(longestEvent)
	if messageID.Match(head) {
		limit = longestAnswer
	}
	data := bytes.NewBuffer(head)
	if _, err := io.CopyN(data, r, limit-edge); errors.Is(err, io.EOF) {
		return data.Bytes(), incoming{}, nil
	} else if err != nil {
		return nil, incoming{}, err
	}
	rest := &tail{bytes.Clone(data.Bytes()[longestEvent-edge:])}
	more, err := io.Copy(rest, r)
	if err != nil || more == 0 {
		return data.Bytes(), incoming{}, err
	}
	return nil, passedOver(bytes.Clone(head), rest.last, limit+more), nil
}

// passedOver is what stands for a message that was too long.
func passedOver(head, last []byte, size int64) incoming {
	m := incoming{long: &overlong{size, head}}
	if id := messageID.FindSubmatch(head); id != nil {
		m.ID, _ = strconv.ParseInt(string(id[1]), 10, 64) // digits
		m.Error = &protocolError{Message: m.long.Error()}
	}
	if method := messageMethod.FindSubmatch(head); method != nil {
		m.Method = string(method[1])
	}
	if s := messageSession.FindSubmatch(last); s != nil {
		m.SessionID = string(s[1])
	}
	return m
}

func (o *overlong) Error() string {
	return fmt.Sprintf("the browser's message of %d MB is longer than what is taken", o.size>>20)
}

// tail keeps the end of what is written to it.
type tail struct{ last []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.last = append(t.last, p[max(0, len(p)-edge):]...)
	t.last = t.last[max(0, len(t.last)-edge):]
	return len(p), nil
}

func (c *conn) answer(m incoming) {
	c.mu.Lock()
	w, ok := c.waiting[m.ID]
	delete(c.waiting, m.ID)
	c.mu.Unlock()
	if !ok {
		return
	}
	if m.Error != nil {
		w.answer <- reply{err: m.Error}
		return
	}
	w.answer <- reply{result: m.Result}
}

// end answers every caller that still waits, and ends the queue.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.closed)
	for _, w := range c.waiting {
		w.answer <- reply{err: errGone}
	}
	c.waiting = nil
	c.events.end()
}

// forget answers everyone who waits for a session that has been detached: Chrome itself never will.
func (c *conn) forget(session string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, w := range c.waiting {
		if w.session == session {
			delete(c.waiting, id)
			w.answer <- reply{err: errGone}
		}
	}
}

// start sends a command and gives the channel on which its one answer will come.
func (c *conn) start(session, method string, params any) <-chan reply {
	answer := make(chan reply, 1)
	c.mu.Lock()
	if c.waiting == nil {
		c.mu.Unlock()
		answer <- reply{err: errGone}
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

// session is one attached target, or with an empty id the browser itself.
type session struct {
	conn   *conn
	id     string
	target target.ID
	kind   string // page, iframe, worker, shared_worker, service_worker
	owner  string // session of the page that it is or belongs to; empty where that is not known
}

// send starts a command whose answer nobody needs.
func send[P, R any](s session, cmd cdp.Command[P, R], params P) {
	s.conn.start(s.id, cmd.Method, params)
}

// call runs a command and waits for its answer, as long as such a command may take.
func call[P, R any](ctx context.Context, s session, cmd cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := bounded(ctx, cmd.Method)
	defer cancel()
	return wait[R](ctx, cmd.Method, s.conn.start(s.id, cmd.Method, params))
}

func wait[R any](ctx context.Context, method string, answer <-chan reply) (R, error) {
	var out R
	select {
	case <-ctx.Done():
		return out, fmt.Errorf("%s: %w", method, context.Cause(ctx))
	case r := <-answer:
		if r.err != nil {
			return out, fmt.Errorf("%s: %w", method, r.err)
		}
		if err := unmarshal(r.result, &out); err != nil {
			return out, fmt.Errorf("%s: %w", method, err)
		}
		return out, nil
	}
}

// decode reads the payload of an event.
func decode[E any](e event) (E, error) {
	var v E
	err := unmarshal(e.params, &v)
	return v, err
}

// unmarshal reads JSON of the protocol. Text of a page may hold half a surrogate pair, which strict JSON refuses; it is then
// read as U+FFFD, so that a page cannot hide an event.
func unmarshal(data []byte, v any) error {
	err := jsonv2.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	var loose any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&loose) != nil {
		return err
	}
	clean, err := json.Marshal(loose)
	if err != nil {
		return err
	}
	return jsonv2.Unmarshal(clean, v)
}
