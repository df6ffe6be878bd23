package devtools

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/chromedp/cdproto/cdp/jsonv2"
)

// The longest messages that are taken, in bytes. A page makes them as long as it likes: its title, its console, what it sends. An answer
// holds at most a whole page as MHTML.
const (
	longestEvent  = 16 << 20
	longestAnswer = 160 << 20
	edge          = 1 << 10 // what is kept of the ends of a longer one
)

// protocolError is Chrome's own refusal of a command.
type protocolError struct {
	Code    int64  `json:"code"`
	Message string `json:"message"`
}

func (e *protocolError) Error() string { return e.Message }

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

	long *Overlong
}

// Overlong is what is known of a message that was too long to be taken.
type Overlong struct {
	Size int64  // of the message, in bytes
	Head []byte // its first 1024 bytes
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
		return 0, ErrGone
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
	m := incoming{long: &Overlong{size, head}}
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

// Error says how long the message was. It implements error.
func (o *Overlong) Error() string {
	return fmt.Sprintf("the browser's message of %d MB is longer than what is taken", o.Size>>20)
}

// tail keeps the end of what is written to it.
type tail struct{ last []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.last = append(t.last, p[max(0, len(p)-edge):]...)
	t.last = t.last[max(0, len(t.last)-edge):]
	return len(p), nil
}

// Unmarshal reads JSON of the protocol. Text of a page may hold half a surrogate pair, which strict JSON refuses; it is then
// read as U+FFFD, so that a page cannot hide an event.
func Unmarshal(data []byte, v any) error {
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
