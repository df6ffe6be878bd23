package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
)

// maxHead bounds the head of a message; browsers take no longer one of an answer.
const maxHead = 512 << 10

var errHead = errors.New("not an HTTP head")

// asks reads the requests of HTTP/1, one after the other.
func (t *Tap) asks(in *bufio.Reader) error {
	for {
		line, fields, err := readHead(in)
		if err != nil {
			return err
		}
		method, rest, ok := strings.Cut(line, " ")
		at := strings.LastIndex(rest, " ")
		if !ok || at < 0 {
			return errHead
		}
		e := t.log.begin(t, Exchange{
			Protocol: strings.ToLower(rest[at+1:]), Method: method, Target: rest[:at], Authority: value(fields, "Host"), Request: fields,
		})
		t.tell(func() { t.queue = append(t.queue, e) })
		err = copyBody(in, requestBody(fields), func(p []byte) { t.log.asked(e, p) })
		t.log.change(func() { e.SentWhole = e.sent && err == nil })
		if err != nil {
			return err
		}
		if value(fields, "Upgrade") != "" && t.upgraded(e) {
			return errUpgraded
		}
	}
}

// upgraded waits for the answer to a request that asks for another protocol, and reports whether it is given.
func (t *Tap) upgraded(e *exchange) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	var status int
	t.await(t.up, func() bool {
		t.log.change(func() { status = e.Status })
		return status != 0 || t.silent
	})
	return status == 101
}

// next is the request that the next answer of HTTP/1 belongs to.
func (t *Tap) next() *exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await(t.down, func() bool { return len(t.queue) > 0 || t.ended })
	if len(t.queue) == 0 {
		return nil
	}
	e := t.queue[0]
	t.queue = t.queue[1:]
	return e
}

// answers reads the answers of HTTP/1.
func (t *Tap) answers(in *bufio.Reader) error {
	for {
		if _, err := in.Peek(1); err != nil {
			return err
		}
		e := t.next()
		if e == nil {
			return nil
		}
		if err := t.answer(in, e); err != nil {
			t.log.end(e, false)
			return err
		}
	}
}

// answer reads one answer, with those before it that only inform.
func (t *Tap) answer(in *bufio.Reader, e *exchange) error {
	for {
		line, fields, err := readHead(in)
		if err != nil {
			return err
		}
		protocol, status, reason, err := statusLine(line)
		if err != nil {
			return err
		}
		if status < 200 && status != 101 {
			t.log.change(func() { e.Early = append(e.Early, status) })
			continue
		}
		t.log.change(func() {
			e.Status, e.Reason, e.Response, e.Protocol, e.Answered = status, reason, fields, protocol, t.log.o.Now().UTC()
		})
		t.tell(func() {})
		if status == 101 {
			t.log.end(e, true)
			return errUpgraded
		}
		body := answerBody(e.Method, status, fields)
		err = copyBody(in, body, func(p []byte) { t.log.received(e, p) })
		t.log.end(e, err == nil)
		return err
	}
}

// statusLine reads "HTTP/1.1 200 OK"; the reason may be missing.
func statusLine(line string) (protocol string, status int, reason string, err error) {
	protocol, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	status, err = strconv.Atoi(code)
	if !strings.HasPrefix(protocol, "HTTP/") || err != nil || status < 100 || status > 999 {
		return "", 0, "", fmt.Errorf("%w: %.40q", errHead, line)
	}
	return strings.ToLower(protocol), status, reason, nil
}

// framing is how the end of a body is found (RFC 9112, 6.3).
type framing struct {
	length  int64 // unless chunked; untilEnd where only the connection's end tells
	chunked bool
}

const untilEnd = -1

func requestBody(fields []Field) framing {
	f := bodyFraming(fields)
	if !f.chunked && f.length == untilEnd {
		f.length = 0
	}
	return f
}

func answerBody(method string, status int, fields []Field) framing {
	if method == "HEAD" || status == 204 || status == 304 {
		return framing{}
	}
	return bodyFraming(fields)
}

func bodyFraming(fields []Field) framing {
	coding := strings.ToLower(value(fields, "Transfer-Encoding"))
	if strings.HasSuffix(strings.TrimSpace(coding), "chunked") {
		return framing{chunked: true}
	}
	n, err := strconv.ParseInt(value(fields, "Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return framing{length: untilEnd}
	}
	return framing{length: n}
}

// copyBody hands a body on. It ends with an error if the body is not whole.
func copyBody(in *bufio.Reader, f framing, take func([]byte)) error {
	switch {
	case f.chunked:
		if err := hand(httputil.NewChunkedReader(in), take); err != nil {
			return err
		}
		_, _, err := readLines(in) // the trailer
		return err
	case f.length == untilEnd:
		return hand(in, take)
	}
	rest := &io.LimitedReader{R: in, N: f.length}
	if err := hand(rest, take); err != nil {
		return err
	}
	if rest.N > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// hand reads to the end.
func hand(in io.Reader, take func([]byte)) error {
	buf := make([]byte, buffered)
	for {
		n, err := in.Read(buf)
		if n > 0 {
			take(buf[:n])
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readHead reads a first line and the fields below it. Empty lines before it are passed over (RFC 9112, 2.2).
func readHead(in *bufio.Reader) (string, []Field, error) {
	for {
		lines, size, err := readLines(in)
		if err != nil {
			return "", nil, err
		}
		if len(lines) > 0 {
			return string(lines[0]), fieldsOf(lines[1:]), nil
		}
		if size == 0 {
			return "", nil, errHead
		}
	}
}

// readLines reads lines up to and with an empty one, which is not given; lines come without their ends.
func readLines(in *bufio.Reader) (lines [][]byte, size int, err error) {
	for size < maxHead {
		line, err := in.ReadBytes('\n')
		size += len(line)
		if err != nil {
			if errors.Is(err, io.EOF) && size > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, size, err
		}
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if len(line) == 0 {
			return lines, size, nil
		}
		lines = append(lines, line)
	}
	return nil, size, fmt.Errorf("%w: longer than %d bytes", errHead, maxHead)
}

// fieldsOf splits lines at their first colon. A line that begins with white space goes on with the one before (obs-fold, RFC 9112, 5.2); one
// without a colon has no name.
func fieldsOf(lines [][]byte) []Field {
	const blank = " \t"
	var out []Field
	for _, line := range lines {
		text := string(line)
		if len(out) > 0 && strings.ContainsRune(blank, rune(text[0])) {
			last := &out[len(out)-1]
			last.Value = strings.Trim(last.Value+" "+strings.Trim(text, blank), blank)
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			name, value = "", text
		}
		out = append(out, Field{name, strings.Trim(value, blank)})
	}
	return out
}
