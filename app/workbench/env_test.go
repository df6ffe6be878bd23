package workbench

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"yuzheng/assets"
	"yuzheng/casefile/evidence"
)

// boxed stands in for a browser that starts as the test says.
type boxed struct {
	*teller
	withSandbox, without error
}

func (b boxed) Try(_ context.Context, noSandbox bool) (string, error) {
	if noSandbox {
		return "Chrome/156", b.without
	}
	return "Chrome/156", b.withSandbox
}

// answering serves datagrams with what answer makes of them.
func answering(t *testing.T, answer func([]byte) []byte) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if reply := answer(b[:n]); reply != nil {
				_, _ = c.WriteTo(reply, from)
			}
		}
	}()
	return c.LocalAddr().String()
}

// clockAt answers as a time server whose clock shows what now says (RFC 5905).
func clockAt(now func() time.Time) func([]byte) []byte {
	return func(q []byte) []byte {
		r := make([]byte, 48)
		r[0], r[1] = 4<<3|4, 1
		copy(r[24:32], q[40:48])
		for _, at := range []int{32, 40} {
			binary.BigEndian.PutUint32(r[at:], uint32(now().Unix()+2_208_988_800))
			binary.BigEndian.PutUint32(r[at+4:], uint32(float64(now().Nanosecond())/1e9*(1<<32)))
		}
		return r
	}
}

// naming answers every question with one address, or that there is no such name.
func naming(t *testing.T, known bool) func([]byte) []byte {
	return func(q []byte) []byte {
		var m dnsmessage.Message
		if err := m.Unpack(q); err != nil {
			t.Error(err)
			return nil
		}
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		switch {
		case !known:
			m.RCode = dnsmessage.RCodeNameError
		case m.Questions[0].Type == dnsmessage.TypeA:
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET}, Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 9}}}}
		}
		out, err := m.Pack()
		if err != nil {
			t.Error(err)
		}
		return out
	}
}

// silent is an address of this machine at which nobody listens.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestEnv tries each part where it works and where it does not: what is told is what was tried, and nobody is contacted who was not told of before.
func TestEnv(t *testing.T) {
	good := answering(t, naming(t, true))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at := func(d time.Duration) string {
		return answering(t, clockAt(func() time.Time { return time.Now().Add(d) }))
	}
	via := func(host string) func(*url.URL) (*url.URL, error) {
		return func(*url.URL) (*url.URL, error) { return &url.URL{Scheme: "http", Host: host}, nil }
	}
	plain := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no usable sandbox")
	for why, c := range map[string]struct {
		browser boxed
		o       EnvOptions
		name    string
		code    string
		state   State
	}{
		"a browser that works":            {boxed{}, EnvOptions{}, "browser", "works", Good},
		"a browser without its sandbox":   {boxed{withSandbox: broken}, EnvOptions{}, "browser", "sandbox", Bad},
		"as the operator asks":            {boxed{withSandbox: broken}, EnvOptions{NoSandbox: true}, "browser", "unboxed", Warning},
		"a browser that does not start":   {boxed{withSandbox: broken, without: broken}, EnvOptions{}, "browser", "fails", Bad},
		"a clock that is right":           {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(0), Resolver: good}}, "clock", "offset", Good},
		"a clock two minutes off":         {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(2 * time.Minute), Resolver: good}}, "clock", "offset", Warning},
		"a clock a day off":               {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(-24 * time.Hour), Resolver: good}}, "clock", "offset", Bad},
		"a time server that is not there": {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: silent(t), Resolver: good}}, "clock", "unreached", Warning},
		"nobody to be asked":              {boxed{}, EnvOptions{Lookups: evidence.Lookups{NTP: at(0)}}, "clock", "untried", Untried},
		"a resolver that answers":         {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(0), Resolver: good}}, "resolver", "answers", Good},
		"a resolver without the name":     {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(0), Resolver: answering(t, naming(t, false))}}, "resolver", "unknown", Warning},
		"a resolver that is not there":    {boxed{}, EnvOptions{Contact: true, Lookups: evidence.Lookups{NTP: at(0), Resolver: silent(t)}}, "resolver", "unreached", Warning},
		"no resolver asked":               {boxed{}, EnvOptions{Lookups: evidence.Lookups{Resolver: good}}, "resolver", "untried", Untried},
		"a proxy":                         {boxed{}, EnvOptions{Contact: true, Proxy: via(l.Addr().String()), Lookups: evidence.Lookups{NTP: at(0), Resolver: good}}, "proxy", "reached", Warning},
		"a proxy that is not there":       {boxed{}, EnvOptions{Contact: true, Proxy: via(silent(t)), Lookups: evidence.Lookups{NTP: at(0), Resolver: good}}, "proxy", "unreached", Bad},
		"no proxy":                        {boxed{}, EnvOptions{}, "proxy", "none", Good},
		"a disk":                          {boxed{}, EnvOptions{Dir: t.TempDir()}, "disk", "room", ""},
		"a folder that is still to come":  {boxed{}, EnvOptions{Dir: filepath.Join(t.TempDir(), "a", "b")}, "disk", "room", ""},
		"no folder to write in":           {boxed{}, EnvOptions{Dir: filepath.Join(plain, "a")}, "disk", "unwritable", Bad},
	} {
		t.Run(why, func(t *testing.T) {
			w := New(Config{Browser: func() (Browser, error) { return c.browser, nil }, Now: time.Now})
			var told []string
			c.o.Tell = func(e EnvContact) { told = append(told, e.Name) }
			if c.o.Dir == "" {
				c.o.Dir = t.TempDir()
			}
			items := w.Env(t.Context(), c.o)
			i := slices.IndexFunc(items, func(i EnvItem) bool { return i.Name == c.name })
			if got := items[i]; c.state != "" && (got.Code != c.code || got.State != c.state) {
				t.Errorf("%+v, want %s %s", got, c.code, c.state)
			} else if c.state == "" && !slices.Contains([]string{"room", "low", "full"}, got.Code) {
				t.Errorf("%+v", got)
			}
			if _, err := os.Stat(c.o.Dir); c.name == "disk" && (items[i].Data["absent"] != "") != errors.Is(err, fs.ErrNotExist) {
				t.Errorf("what was not there is not told: %+v", items[i])
			}
			if (len(told) > 0) != c.o.Contact {
				t.Errorf("told of %v", told)
			}
			if left, err := filepath.Glob(filepath.Join(c.o.Dir, ".yuzheng-check-*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
			everyWord(t, items)
		})
	}
}

// everyWord looks that both languages have a sentence for what was found, without an open place.
func everyWord(t *testing.T, items []EnvItem) {
	t.Helper()
	for _, lang := range []string{"zh-TW", "en"} {
		data, err := assets.Translations.ReadFile("translations/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(data, &words); err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			text := words["env."+i.Name+"."+i.Code]
			for k, v := range i.Data {
				text = strings.ReplaceAll(text, "{"+k+"}", v)
			}
			if text == "" || strings.Contains(text, "{") || words["env.state."+string(i.State)] == "" {
				t.Errorf("%s: %s.%s, %s: %q", lang, i.Name, i.Code, i.State, text)
			}
		}
	}
}
