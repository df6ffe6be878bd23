package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kinds of TLS records and handshake messages (RFC 8446, 5.1 and 4; RFC 8879).
const (
	recordCipherSpec  = 20
	recordAlert       = 21
	recordHandshake   = 22
	recordData        = 23
	helloClient       = 1
	helloServer       = 2
	messageCerts      = 11
	messageFinished   = 20
	messageKeyUpdate  = 24
	messageCompressed = 25
	maxRecord         = 1<<14 + 2048
	maxMessage        = 1 << 20
)

const (
	tls12 = 0x0303
	tls13 = 0x0304
)

// hello is what both directions must know of a handshake. It is under the tap's lock.
type hello struct {
	looked, secure bool // the first byte was seen; it was TLS's
	client, server []byte
	version        uint16
	suite          suite
	again          bool // the server has asked for another hello, as TLS 1.3 can
	finished       bool // the browser has agreed to the handshake
	gone           bool // the browser's side has ended
}

// plain gives what one direction of a TLS connection protects.
type plain struct {
	tap    *Tap
	in     *bufio.Reader
	client bool // the browser's direction

	opened  bool   // records are protected from here on
	traffic bool   // TLS 1.3: the handshake is over
	secret  []byte // of the direction, TLS 1.3
	keys    *opener
	said    []byte // of a handshake message that is not whole
	rest    []byte
}

// Read implements io.Reader.
func (p *plain) Read(b []byte) (int, error) {
	for len(p.rest) == 0 {
		if err := p.record(); err != nil {
			return 0, err
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// record reads one record: what it holds of the protocol above comes into rest.
func (p *plain) record() error {
	var head [5]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(head[3:]))
	if size > maxRecord {
		return fmt.Errorf("TLS record of %d bytes", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(p.in, body); err != nil {
		return err
	}
	kind := head[0]
	if kind == recordCipherSpec {
		return p.changeSpec()
	}
	if p.opened || kind == recordData {
		var err error
		if kind, body, err = p.open(head[:], body); err != nil {
			return err
		}
	}
	return p.take(kind, body)
}

// take hands on what a record held.
func (p *plain) take(kind byte, body []byte) error {
	switch kind {
	case recordData:
		p.rest = body
	case recordAlert:
		return io.EOF
	case recordHandshake:
		return p.handshake(body)
	}
	return nil
}

// changeSpec begins protection in TLS 1.2; in TLS 1.3 it means nothing, and may come before the server has chosen (RFC 8446, D.4).
func (p *plain) changeSpec() error {
	if !p.tap.chosen(p.client) {
		return nil
	}
	h, err := p.tap.agreed(p.client)
	if err != nil || h.version == tls13 {
		return err
	}
	p.opened = true
	return nil
}

// chosen reports whether the server has chosen. The browser's side waits until that is known; the server's own cannot, for the choice comes behind.
func (t *Tap) chosen(client bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait(client, &t.hello.again)
	return t.hello.version != 0
}

// agreed is what the server has chosen; the browser's side waits for it.
func (t *Tap) agreed(client bool) (hello, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wait(client, &t.silent)
	if t.hello.version == 0 {
		return hello{}, io.ErrUnexpectedEOF
	}
	return t.hello, nil
}

// wait holds the browser's side, once it has said its hello, until the server has chosen, will never choose, or something else has happened.
func (t *Tap) wait(client bool, or *bool) {
	t.await(t.up, func() bool { return !client || t.hello.client == nil || t.hello.version != 0 || t.silent || *or })
}

// finished reports whether the browser has ended the handshake as one that it agrees to, as soon as that is known.
func (t *Tap) finished() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.await(t.down, func() bool { return t.hello.finished || t.ended })
	return t.hello.finished
}

// open takes the protection off a record.
func (p *plain) open(head, body []byte) (kind byte, text []byte, err error) {
	p.opened = true
	if p.keys == nil {
		if err := p.begin(); err != nil {
			return 0, nil, err
		}
	}
	text, err = p.keys.open(head, body)
	if err != nil || p.secret == nil {
		return head[0], text, err
	}
	for len(text) > 0 && text[len(text)-1] == 0 {
		text = text[:len(text)-1]
	}
	if len(text) == 0 {
		return 0, nil, errors.New("TLS record without content")
	}
	return text[len(text)-1], text[:len(text)-1], nil
}

// begin finds the keys of the direction: of the handshake first, then of what follows.
func (p *plain) begin() error {
	h, err := p.tap.agreed(p.client)
	if err != nil {
		return err
	}
	switch {
	case p.traffic && !p.tap.finished():
		return io.EOF // the browser has left, for the certificate it may be: nothing was said to it
	case p.traffic:
		return p.turn(h, p.label(clientTraffic, serverTraffic))
	case h.version == tls13:
		return p.turn(h, p.label(clientHandshake, serverHandshake))
	}
	master := p.tap.log.o.Keys.wait(h.client, masterSecret)
	if master == nil {
		return errNoKeys
	}
	p.keys, err = h.suite.older(master, h, p.client)
	return err
}

func (p *plain) label(client, server label) label {
	if p.client {
		return client
	}
	return server
}

// turn goes on with the keys of another secret of TLS 1.3.
func (p *plain) turn(h hello, l label) error {
	secret := p.tap.log.o.Keys.wait(h.client, l)
	if secret == nil {
		return errNoKeys
	}
	p.secret = secret
	var err error
	p.keys, err = h.suite.opener(secret)
	return err
}

// handshake takes bytes of handshake messages and reads those that are whole.
func (p *plain) handshake(part []byte) error {
	if p.said = append(p.said, part...); len(p.said) > maxMessage {
		return errors.New("TLS handshake message too long")
	}
	if p.opened && p.secret == nil {
		p.said = nil // TLS 1.2: only the end of the handshake is protected
		return nil
	}
	for len(p.said) >= 4 {
		size := int(p.said[1])<<16 | int(p.said[2])<<8 | int(p.said[3])
		if len(p.said) < 4+size {
			return nil
		}
		kind, body := p.said[0], p.said[4:4+size]
		p.said = p.said[4+size:]
		if err := p.message(kind, body); err != nil {
			return err
		}
	}
	return nil
}

func (p *plain) message(kind byte, body []byte) error {
	switch kind {
	case helloClient:
		return p.tap.clientHello(body)
	case helloServer:
		return p.tap.serverHello(body)
	case messageCerts, messageCompressed:
		if !p.client {
			p.certificates(kind, body)
		}
	case messageFinished:
		if p.secret != nil && !p.traffic {
			p.traffic, p.keys = true, nil // a handshake that the browser breaks off here has no keys to go on with, and nothing to read
			if p.client {
				p.tap.tell(func() { p.tap.hello.finished = true })
			}
		}
	case messageKeyUpdate:
		return p.update()
	}
	return nil
}

// update goes on with the next generation of keys (RFC 8446, 7.2).
func (p *plain) update() error {
	h, err := p.tap.agreed(p.client)
	if err != nil || p.secret == nil {
		return err
	}
	if p.secret, err = h.suite.expand(p.secret, "traffic upd", h.suite.hash().Size()); err != nil {
		return err
	}
	p.keys, err = h.suite.opener(p.secret)
	return err
}
