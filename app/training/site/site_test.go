package site

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"image/png"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"

// visitor is a client that trusts the site and finds it where Resolve says.
func visitor(t *testing.T) *http.Client {
	t.Helper()
	s, err := Start(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	resolve := s.Resolve()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.authority.Pool()},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, resolve[address])
		},
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &http.Client{Transport: transport}
}

func ask(t *testing.T, c *http.Client, method, address string, header map[string]string) (*http.Response, []byte, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	answer, err := c.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, body, err
}

func TestPagesSayWhatTheCaseNeeds(t *testing.T) {
	c := visitor(t)
	for _, v := range []struct {
		host   string
		header map[string]string
		want   string
	}{
		{investHost, nil, "保證獲利"},
		{investHost, nil, "LINE 群組"},
		{joinHost, nil, "/qr.png"},
		{joinHost, nil, lineAddress},
		{ShopHost, nil, "小山手工皂"},
		{ShopHost, map[string]string{"User-Agent": phone}, "保證獲利"},
		{ShopHost, map[string]string{"Referer": "https://l.facebook.com/"}, "保證獲利"},
	} {
		_, body, err := ask(t, c, http.MethodGet, "https://"+v.host+"/", v.header)
		if err != nil || !strings.Contains(string(body), v.want) || !strings.Contains(string(body), marker) {
			t.Errorf("%s %v: %v, no %q or no marker", v.host, v.header, err, v.want)
		}
	}
	_, invest, err := ask(t, c, http.MethodGet, "https://"+investHost+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, shown, err := ask(t, c, http.MethodGet, "https://"+ShopHost+"/", map[string]string{"User-Agent": phone}); err != nil || !bytes.Equal(shown, invest) {
		t.Errorf("a phone gets other bytes of %s than of %s (%v); the case says that they are the same", ShopHost, investHost, err)
	}
	if _, _, err := ask(t, c, http.MethodGet, "https://"+MirrorHost+"/", nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%s: %v, want a refused connection", MirrorHost, err)
	}
}

// Whatever a page loads is served by its own host, with bytes of the kind that it is said to be.
func TestWhatPagesLoadIsServed(t *testing.T) {
	c := visitor(t)
	loads := regexp.MustCompile(`(?:src|href|fetch\()="?(/[^"]+)"`)
	for _, host := range []string{investHost, joinHost, ShopHost} {
		_, body, err := ask(t, c, http.MethodGet, "https://"+host+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		found := loads.FindAllSubmatch(body, -1)
		if len(found) < 3 {
			t.Errorf("%s loads %d things", host, len(found))
		}
		for _, f := range found {
			path := string(f[1])
			answer, body, err := ask(t, c, http.MethodGet, "https://"+host+path, nil)
			if err != nil || answer.StatusCode != http.StatusOK || len(body) == 0 {
				t.Errorf("%s%s: %v", host, path, err)
				continue
			}
			if _, err := png.Decode(bytes.NewReader(body)); strings.HasSuffix(path, ".png") && err != nil {
				t.Errorf("%s%s: %v", host, path, err)
			}
		}
	}
	for _, call := range []struct{ method, path, want string }{{http.MethodGet, "/api/today", "+38.6%"}, {http.MethodPost, "/api/account", "000-0000-0000000"}} {
		if _, body, err := ask(t, c, call.method, "https://"+investHost+call.path, nil); err != nil || !strings.Contains(string(body), call.want) {
			t.Errorf("%s: %s, %v", call.path, body, err)
		}
	}
}

func TestTradesAreTold(t *testing.T) {
	socket, _, err := websocket.Dial(t.Context(), "wss://"+investHost+"/ws", &websocket.DialOptions{HTTPClient: visitor(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	if err := socket.Write(t.Context(), websocket.MessageText, []byte("訪客進入")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range trades {
		_, frame, err := socket.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(frame))
	}
	if !slices.Equal(got, trades) {
		t.Errorf("%q, want %q", got, trades)
	}
}
