package loopback

import (
	"errors"
	"net"
)

// Refused is a port that stays taken while nobody listens on it, so that every connection to it is refused: the near end of a connection to
// ourselves.
type Refused struct{ near, far net.Conn }

// NewRefused takes a free port.
func NewRefused() (*Refused, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	far, err := l.Accept()
	if err != nil {
		return nil, errors.Join(err, near.Close())
	}
	return &Refused{near, far}, nil
}

// String is its ADDRESS:PORT.
func (r *Refused) String() string { return r.near.LocalAddr().String() }

// Close gives the port back.
func (r *Refused) Close() error { return errors.Join(r.near.Close(), r.far.Close()) }
