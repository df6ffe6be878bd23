package wire

import (
	"bufio"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"time"
)

// label names a secret in the key log that browsers write (RFC 9850).
type label string

const (
	masterSecret    label = "CLIENT_RANDOM"
	clientHandshake label = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
	serverHandshake label = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
	clientTraffic   label = "CLIENT_TRAFFIC_SECRET_0"
	serverTraffic   label = "SERVER_TRAFFIC_SECRET_0"
)

// maxSessions bounds how many connections' keys are kept; a browser has fewer open at a time.
const maxSessions = 4096

// keyTime is how long a connection waits for its keys: the browser writes them while it shakes hands.
const keyTime = 5 * time.Second

type keyName struct {
	random string
	label  label
}

// Keys are the secrets of a browser's TLS connections, in memory alone. They are safe for concurrent use.
type Keys struct {
	mu      sync.Mutex
	news    *sync.Cond
	secrets map[keyName][]byte
	order   []string // randoms, the oldest first
	closed  bool
}

// NewKeys gives no keys yet.
func NewKeys() *Keys {
	k := &Keys{secrets: map[keyName][]byte{}}
	k.news = sync.NewCond(&k.mu)
	return k
}

// ReadFrom takes lines of a key log until r ends. It implements io.ReaderFrom.
func (k *Keys) ReadFrom(r io.Reader) (int64, error) {
	var n int64
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		n += int64(len(lines.Bytes())) + 1
		k.line(lines.Text())
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	k.news.Broadcast()
	return n, lines.Err()
}

func (k *Keys) line(text string) {
	part := strings.Fields(text)
	if len(part) != 3 {
		return
	}
	switch label(part[0]) {
	case masterSecret, clientHandshake, serverHandshake, clientTraffic, serverTraffic:
	default:
		return
	}
	random, err := hex.DecodeString(part[1])
	secret, bad := hex.DecodeString(part[2])
	if err != nil || bad != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.secrets[keyName{string(random), label(part[0])}] = secret
	if len(k.order) == 0 || k.order[len(k.order)-1] != string(random) {
		k.order = append(k.order, string(random))
	}
	for len(k.order) > maxSessions {
		for _, l := range []label{masterSecret, clientHandshake, serverHandshake, clientTraffic, serverTraffic} {
			delete(k.secrets, keyName{k.order[0], l})
		}
		k.order = k.order[1:]
	}
	k.news.Broadcast()
}

// wait gives a secret of the connection with a client random, as soon as it is told; nil if it is not told in time.
func (k *Keys) wait(random []byte, l label) []byte {
	if k == nil {
		return nil
	}
	late := false
	timer := time.AfterFunc(keyTime, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		late = true
		k.news.Broadcast()
	})
	defer timer.Stop()
	name := keyName{string(random), l}
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.secrets[name] == nil && !late && !k.closed {
		k.news.Wait()
	}
	return k.secrets[name]
}
