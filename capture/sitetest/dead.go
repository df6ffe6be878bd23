package sitetest

import (
	"errors"
	"net"
)

// DeadHost is a name at which every connection is refused.
const DeadHost = "dead.example"

// deadPort is a loopback port that stays taken while nobody listens on it: the near end of a connection to ourselves.
type deadPort struct {
	near, far net.Conn
}

func newDeadPort() (*deadPort, error) {
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
	return &deadPort{near, far}, nil
}

func (d *deadPort) String() string { return d.near.LocalAddr().String() }

func (d *deadPort) Close() error { return errors.Join(d.near.Close(), d.far.Close()) }
