package exchange_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/capture"
	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/chrome/guard/wire"
	"yuzheng/capture/chrome/journal"
	"yuzheng/capture/chrome/keep"
	"yuzheng/casefile/evidence"
)

var update = flag.Bool("update", false, "write what the recorder makes of the corpus as what it should; testdata/README.md says when that may be")

// corpus is one capture as it came: what the browser told, what it answered, and what was on the wire. TestRecordCorpus writes it.
type corpus struct {
	Events      []told                     `json:"events"`
	Answers     map[string]json.RawMessage `json:"answers"` // by method and what was asked about
	Wire        []wire.Exchange            `json:"wire"`
	Unread      map[string]string          `json:"unread"`
	Connections []evidence.Connection      `json:"connections"`
	Main        string                     `json:"main"` // id of the main frame
}

// told is one event.
type told struct {
	Session string          `json:"session"`
	Kind    string          `json:"kind"`
	Owner   string          `json:"owner"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// TestCorpus makes the recorder record each capture of the corpus anew, without a browser, and holds what comes of it against what came before:
// every exchange in the order in which it was asked, and what is missing, kept back and warned of.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.corpus.gz")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d captures, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".corpus.gz")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.MarshalIndent(replay(t, readCorpus(t, file)), "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".golden.json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(got, '\n'), want) {
				differ(t, golden, string(want), string(got))
			}
		})
	}
}

// differ tells in which exchanges two outcomes differ, and in what.
func differ(t *testing.T, golden, want, got string) {
	t.Helper()
	var w, g outcome
	if json.Unmarshal([]byte(want), &w) != nil || json.Unmarshal([]byte(got), &g) != nil {
		t.Fatalf("%s is no outcome", golden)
	}
	t.Errorf("%s: something else comes of the same events; if that is meant, testdata/README.md says what to do", golden)
	for i := range max(len(w.Exchanges), len(g.Exchanges)) {
		if i >= len(w.Exchanges) || i >= len(g.Exchanges) {
			t.Errorf("%d exchanges, want %d", len(g.Exchanges), len(w.Exchanges))
			break
		}
		lines(t, w.Exchanges[i].URL, w.Exchanges[i], g.Exchanges[i])
	}
	w.Exchanges, g.Exchanges = nil, nil
	lines(t, "beside the exchanges", w, g)
}

// lines tells the lines in which the JSON of two values differs, six at the most.
func lines(t *testing.T, what string, want, got any) {
	t.Helper()
	split := func(v any) []string {
		text, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(string(text), "\n")
	}
	w, g := split(want), split(got)
	for i, n := 0, 0; i < max(len(w), len(g)) && n < 6; i++ {
		a, b := "nothing", "nothing"
		if i < len(w) {
			a = strings.Trim(w[i], " ,")
		}
		if i < len(g) {
			b = strings.Trim(g[i], " ,")
		}
		if a != b {
			t.Errorf("%s: %s, want %s", what, b, a)
			n++
		}
	}
}

func readCorpus(t *testing.T, file string) (c corpus) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err == nil {
		err = json.NewDecoder(z).Decode(&c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// outcome is what came of a capture.
type outcome struct {
	Exchanges []made             `json:"exchanges"`
	Missing   []evidence.Missing `json:"missing"`
	Barred    []evidence.Missing `json:"kept_back"`
	evidence.Cautions
}

// made is one exchange, its bodies as hashes.
type made struct {
	archive.Exchange
	Moved    bool   `json:"moved,omitempty"`
	Download bool   `json:"download,omitempty"`
	Lost     string `json:"lost,omitempty"`
	BodySum  string `json:"body_sha256,omitempty"`
	SentSum  string `json:"sent_sha256,omitempty"`
}

// replay records a capture anew.
func replay(t *testing.T, c corpus) outcome {
	t.Helper()
	conn := c.browser(t)
	j, k := journal.New(then), keep.New(dropped{})
	var mu sync.Mutex
	var whole []*exchange.Exchange
	r := exchange.New(exchange.Options{Now: then, Limits: evidence.DefaultLimits(), Network: c.network(), Journal: j, Keeper: k}, exchange.Hooks{
		Main: func() string { return c.Main }, PageOf: func(string) devtools.Session { return conn.Session("page") },
		Twins: func(devtools.Session) []devtools.Session { return nil },
		Whole: func(e *exchange.Exchange) {
			own := *e
			mu.Lock()
			defer mu.Unlock()
			whole = append(whole, &own)
		},
	})
	if err := r.OpenArchives(archive.Options{}, archive.HAROptions{}); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Events {
		s := conn.Session(e.Session)
		s.Kind, s.Owner = e.Kind, e.Owner
		r.Event(s, devtools.Event{Session: e.Session, Method: e.Method, Params: []byte(e.Params)})
	}
	r.End(evidence.StillOpen.With())
	r.Wait()
	r.Close(evidence.StillOpen.With())
	r.Judge()
	out := outcome{Exchanges: list(whole), Missing: j.Missing(), Barred: r.Barred()}
	out.Warn(j.Warnings()...)
	return out
}

// then is the time of every replay, for what the browser gives none.
func then() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

func sum(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	return fmt.Sprintf("%x, %d bytes", sha256.Sum256(body), len(body))
}

// list puts exchanges into an order that does not hang on which body came first.
func list(whole []*exchange.Exchange) []made {
	out := make([]made, len(whole))
	for i, e := range whole {
		out[i] = made{Exchange: e.Exchange, Moved: e.Moved, Download: e.Download, Lost: e.Lost.String(), BodySum: sum(e.Body), SentSum: sum(e.RequestBody)}
		out[i].Body, out[i].RequestBody = nil, nil
	}
	slices.SortStableFunc(out, func(a, b made) int {
		if n := a.Started.Compare(b.Started); n != 0 {
			return n
		}
		return strings.Compare(a.URL+a.Kind, b.URL+b.Kind)
	})
	return out
}

// network is what was on the wire.
func (c corpus) network() seenNetwork { return seenNetwork{c, wire.Seen(c.Wire)} }

type seenNetwork struct {
	corpus
	log *wire.Log
}

func (n seenNetwork) Ask(string)                         {}
func (n seenNetwork) Wire() *wire.Log                    { return n.log }
func (n seenNetwork) Reason(string) string               { return "" }
func (n seenNetwork) Received() (int64, bool)            { return 0, false }
func (n seenNetwork) Connections() []evidence.Connection { return n.corpus.Connections }

func (n seenNetwork) Remote(hostPort string) netip.AddrPort {
	for _, c := range n.corpus.Connections {
		if c.Host == hostPort && c.Refused == "" {
			return c.Remote
		}
	}
	return netip.AddrPort{}
}

// browser answers as the browser did; of what it was not asked then it knows nothing.
func (c corpus) browser(t *testing.T) *devtools.Conn {
	t.Helper()
	commands, to := io.Pipe()
	from, answers := io.Pipe()
	conn := devtools.Connect(from, to, func(devtools.Event) {})
	t.Cleanup(conn.Close)
	go func() {
		for data := range messages(commands) {
			var m command
			if json.Unmarshal(data, &m) != nil {
				return
			}
			reply := map[string]any{"id": m.ID, "sessionId": m.SessionID}
			if result, known := c.Answers[m.key()]; known {
				reply["result"] = result
			} else {
				reply["error"] = map[string]any{"code": -32000, "message": "No resource with given identifier found"}
			}
			text, err := json.Marshal(reply)
			if err != nil {
				return
			}
			if _, err := answers.Write(append(text, 0)); err != nil {
				return
			}
		}
	}()
	return conn
}

// command is what is asked of the browser.
type command struct {
	ID        int64  `json:"id"`
	Method    string `json:"method"`
	SessionID string `json:"sessionId"`
	Params    struct {
		RequestID string `json:"requestId"`
		Origin    string `json:"origin"`
	} `json:"params"`
}

func (c command) key() string { return c.Method + " " + c.Params.RequestID + c.Params.Origin }

// messages are what stands between the zero bytes of a stream.
func messages(r io.Reader) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		b := bufio.NewReader(r)
		for {
			data, err := b.ReadBytes(0)
			if err != nil || !yield(data[:len(data)-1]) {
				return
			}
		}
	}
}

// dropped is a sink that keeps nothing.
type dropped struct{}

func (dropped) Create(string, string) (capture.Writer, error) { return nothing{io.Discard}, nil }

type nothing struct{ io.Writer }

func (nothing) Cut()         {}
func (nothing) Close() error { return nil }
