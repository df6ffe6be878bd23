package guard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/casefile/evidence"
)

// SOCKS5 as of RFC 1928, no authentication, CONNECT only: what Chrome speaks.
const (
	socksVersion  = 5
	socksConnect  = 1
	socksIPv4     = 1
	socksName     = 3
	socksIPv6     = 4
	socksDone     = 0
	socksFailed   = 1
	socksRefused  = 2
	socksNoHost   = 4
	socksNoMethod = 7

	handshakeTime = 10 * time.Second
)

func (g *Guard) serve() {
	for {
		client, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.wg.Go(func() {
			stop := context.AfterFunc(g.ctx, func() { client.Close() })
			defer stop()
			defer client.Close()
			g.handle(client)
		})
	}
}

// handle serves one connection of Chrome from greeting to end.
func (g *Guard) handle(client net.Conn) {
	if !ours(client) {
		return // a neighbour on the machine, who is no part of the capture
	}
	client.SetDeadline(time.Now().Add(handshakeTime))
	hostPort, err := readRequest(client)
	if err != nil {
		return
	}
	client.SetDeadline(time.Time{})
	c := g.note(hostPort)
	server, err := g.open(hostPort, c)
	if err != nil {
		g.change(func() { c.Refused, c.Private, c.Ended = err.Error(), errors.Is(err, ErrPrivate), g.o.Now().UTC() })
		reply(client, code(err))
		return
	}
	stop := context.AfterFunc(g.ctx, func() { server.Close() })
	defer stop()
	defer server.Close()
	if reply(client, socksDone) == nil {
		tap := g.wire.Open(hostPort, c.Remote)
		defer tap.End()
		g.pump(client, server, c, tap)
	}
	g.change(func() { c.Ended = g.o.Now().UTC() })
}

func (g *Guard) open(hostPort string, c *evidence.Connection) (net.Conn, error) {
	if err := g.permitted(hostPort); err != nil {
		return nil, err
	}
	return g.dial(hostPort, c)
}

// pump copies both ways until one side ends.
func (g *Guard) pump(client, server net.Conn, c *evidence.Connection, tap *wire.Tap) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.copy(server, client, c, false, tap.Sent)
		tap.End() // what the server says to a browser that has gone is no answer to it
		closeWrite(server)
	}()
	if errors.Is(g.copy(client, server, c, true, tap.Received), io.EOF) {
		tap.Finished()
	}
	client.Close()
	server.Close()
	<-done
}

// copy tells what passes before it goes on, so that the record knows of it first. It ends with io.EOF where the sender has ended.
func (g *Guard) copy(to io.Writer, from io.Reader, c *evidence.Connection, received bool, tell func([]byte)) error {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if err := g.count(c, int64(n), received); err != nil {
				return err
			}
			tell(buf[:n])
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

// readRequest answers the greeting and reads the CONNECT request; it gives HOST:PORT in lower case.
func readRequest(rw io.ReadWriter) (string, error) {
	var head [2]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return "", err
	}
	if _, err := io.CopyN(io.Discard, rw, int64(head[1])); err != nil {
		return "", err
	}
	if head[0] != socksVersion {
		return "", errors.New("not SOCKS5")
	}
	if _, err := rw.Write([]byte{socksVersion, 0}); err != nil {
		return "", err
	}
	var req [4]byte
	if _, err := io.ReadFull(rw, req[:]); err != nil {
		return "", err
	}
	if req[1] != socksConnect {
		reply(rw, socksNoMethod)
		return "", fmt.Errorf("SOCKS command %d", req[1])
	}
	host, err := readHost(rw, req[3])
	if err != nil {
		return "", err
	}
	var port [2]byte
	if _, err := io.ReadFull(rw, port[:]); err != nil {
		return "", err
	}
	return net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(port[:])))), nil
}

func readHost(r io.Reader, kind byte) (string, error) {
	var size [1]byte
	switch kind {
	case socksIPv4:
		size[0] = 4
	case socksIPv6:
		size[0] = 16
	case socksName:
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return "", err
		}
	default:
		return "", fmt.Errorf("SOCKS address type %d", kind)
	}
	buf := make([]byte, size[0])
	if _, err := io.ReadFull(r, buf); err != nil {
		return "", err
	}
	if kind != socksName {
		a, _ := netip.AddrFromSlice(buf)
		return a.String(), nil
	}
	name := strings.ToLower(string(buf))
	if a, err := netip.ParseAddr(name); err == nil {
		return a.String(), nil
	}
	if name == "" || strings.ContainsAny(name, "[]:%/\\@ \x00") {
		return "", fmt.Errorf("host name %q", name)
	}
	return name, nil
}

func reply(w io.Writer, code byte) error {
	_, err := w.Write([]byte{socksVersion, code, 0, socksIPv4, 0, 0, 0, 0, 0, 0})
	return err
}

func code(err error) byte {
	var dns *net.DNSError
	switch {
	case errors.Is(err, ErrPrivate), errors.Is(err, ErrUnasked), errors.Is(err, ErrExhausted):
		return socksRefused
	case errors.As(err, &dns), errors.Is(err, ErrNoAddress):
		return socksNoHost
	}
	return socksFailed
}
