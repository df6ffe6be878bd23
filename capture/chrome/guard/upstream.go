package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// Upstream gives a Dialer that connects through an office's proxy: http://[USER:PASSWORD@]HOST:PORT or socks5://HOST:PORT.
func Upstream(address string) (Dialer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("proxy %q: %w", address, err)
	}
	if u.Scheme == "socks5" {
		d, err := proxy.FromURL(u, toProxy{})
		if err != nil {
			return nil, fmt.Errorf("proxy %q: %w", address, err)
		}
		dialer, ok := d.(proxy.ContextDialer)
		if !ok {
			panic("guard: a SOCKS5 dialer without context")
		}
		return dialer, nil
	}
	if u.Scheme != "http" {
		return nil, fmt.Errorf("proxy %q: only http and socks5", address)
	}
	return httpProxy{u}, nil
}

// toProxy dials the proxy itself: what goes wrong on the way to it is no fault of the site, and is told as what it is.
type toProxy struct{}

// Dial implements proxy.Dialer.
func (d toProxy) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext implements Dialer.
func (toProxy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: 20 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("the proxy cannot be reached: %w", err)
	}
	return c, nil
}

// httpProxy opens tunnels with CONNECT (RFC 9110, 9.3.6).
type httpProxy struct{ url *url.URL }

// DialContext implements Dialer.
func (p httpProxy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := toProxy{}.DialContext(ctx, network, p.url.Host)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := p.tunnel(c, address); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (p httpProxy) tunnel(c net.Conn, address string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if user := p.url.User; user != nil {
		password, _ := user.Password()
		basic := &http.Request{Header: http.Header{}}
		basic.SetBasicAuth(user.Username(), password)
		req.Header.Set("Proxy-Authorization", basic.Header.Get("Authorization"))
	}
	if err := req.Write(c); err != nil {
		return err
	}
	status, err := readHead(c)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("proxy answers %d for %s", status, address)
	}
	return nil
}

// readHead reads an answer's head byte by byte: what follows it belongs to the tunnel.
func readHead(r io.Reader) (status int, err error) {
	var head []byte
	for b := make([]byte, 1); len(head) < 16<<10; {
		if _, err := io.ReadFull(r, b); err != nil {
			return 0, err
		}
		head = append(head, b[0])
		if n := len(head); n >= 4 && string(head[n-4:]) == "\r\n\r\n" {
			if _, err := fmt.Sscanf(string(head), "HTTP/1.%d %d", new(int), &status); err != nil {
				return 0, errors.New("proxy: answer is not HTTP")
			}
			return status, nil
		}
	}
	return 0, errors.New("proxy: endless head")
}
