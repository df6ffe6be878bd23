package guard

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// An office's proxy is asked for a tunnel with its password, a refusal is an error, and what follows the answer's head is the tunnel's.
func TestUpstreamHTTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asked := make(chan *http.Request, 2)
	go func() {
		for _, answer := range []string{"HTTP/1.1 200 Fine\r\nX: y\r\n\r\nfirst", "HTTP/1.1 403 Forbidden\r\n\r\n"} {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				asked <- r
			}
			io.WriteString(c, answer)
			c.Close()
		}
	}()
	d, err := Upstream("http://user:secret@" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", "93.184.216.34:443")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rest, _ := io.ReadAll(c)
	r := <-asked
	if string(rest) != "first" || r.Method != http.MethodConnect || r.Host != "93.184.216.34:443" || r.Header.Get("Proxy-Authorization") != "Basic dXNlcjpzZWNyZXQ=" {
		t.Errorf("%q after %s %s %v", rest, r.Method, r.Host, r.Header)
	}
	if _, err := d.DialContext(ctx, "tcp", "93.184.216.34:443"); err == nil {
		t.Error("a refusal is taken for a tunnel")
	}
}

// Only proxies that the guard speaks are taken.
func TestUpstreamScheme(t *testing.T) {
	for _, address := range []string{"https://x:1", "socks4://x:1", "ftp://x", "%"} {
		if _, err := Upstream(address); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
	if _, err := Upstream("socks5://127.0.0.1:1080"); err != nil {
		t.Error(err)
	}
}

// A proxy that is not there is told as that: it says nothing of the site.
func TestDeadProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	for _, scheme := range []string{"http", "socks5"} {
		d, err := Upstream(scheme + "://" + at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.DialContext(t.Context(), "tcp", "site.example:443"); err == nil || !strings.Contains(err.Error(), "the proxy cannot be reached") {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}
