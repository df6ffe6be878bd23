package rpz_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// kind is a resolver program in one of its roles.
type kind string

const (
	bindPrimary   kind = "BIND, primary"
	bindSecondary kind = "BIND, secondary"
	unbound       kind = "Unbound"
	knot          kind = "Knot Resolver"
	powerDNS      kind = "PowerDNS Recursor"
)

var kinds = []kind{bindPrimary, bindSecondary, unbound, knot, powerDNS}

// origin is the name under which the zone is loaded.
const origin = "rpz.twnic.tw"

// change replaces parts of a resolver's configuration, in pairs of old and new.
type change []string

// program finds a resolver's program. Where the tests must be whole its absence is a failure.
func program(t *testing.T, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("not in the quick lane: another program is asked")
	}
	for _, place := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if path, err := exec.LookPath(place); err == nil {
			return path
		}
	}
	if os.Getenv("YUZHENG_NEED_BROWSER") != "" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// resolver is a program that runs with a policy zone.
type resolver struct {
	kind    kind
	address string
	dir     string // its configuration, and the zone as rpz.zone
	log     *log
}

// port is the resolver's.
func (r *resolver) port() string {
	_, port, _ := net.SplitHostPort(r.address)
	return port
}

// log keeps what a program says, and tells when it has said something.
type log struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
	ended bool

	process *os.Process
}

func (l *log) add(line string, ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended = ended; !ended {
		l.lines = append(l.lines, line)
	}
	close(l.more)
	l.more = make(chan struct{})
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// await waits until a line holds the words.
func (l *log) await(t *testing.T, words string) { l.awaitTimes(t, words, 1) }

// awaitTimes waits until so many lines do.
func (l *log) awaitTimes(t *testing.T, words string, times int) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		l.mu.Lock()
		said := strings.Count(strings.Join(l.lines, "\n"), words) >= times
		more, ended := l.more, l.ended
		l.mu.Unlock()
		if said {
			return
		}
		if ended {
			t.Fatalf("ended before it said %q:\n%s", words, l)
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("did not say %q:\n%s", words, l)
		}
	}
}

// run starts a program until the test ends and follows what it says.
func run(t *testing.T, name string, args ...string) *log {
	t.Helper()
	l := &log{more: make(chan struct{})}
	command := exec.Command(program(t, name), args...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = in, in
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	l.process = command.Process
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := bufio.NewScanner(out); s.Scan(); {
			l.add(s.Text(), false)
		}
		l.add("", true)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-done
		_ = command.Wait()
	})
	return l
}

// lab has resolvers answer with one zone, each in a folder of its own.
type lab struct {
	t     *testing.T
	world *world
	zone  []byte
}

// start starts a resolver and waits until it has loaded what it takes of the zone. A secondary has the zone from its primary.
func (l lab) start(k kind, changed change, primary *resolver) *resolver {
	l.t.Helper()
	r := l.begin(k, changed, primary)
	r.log.await(l.t, strings.ReplaceAll(programs[k].ready, "ORIGIN", origin))
	return r
}

// begin starts a resolver.
func (l lab) begin(k kind, changed change, primary *resolver) *resolver {
	l.t.Helper()
	r := &resolver{kind: k, address: freePort(l.t), dir: l.t.TempDir()}
	p := programs[k]
	_, up, _ := net.SplitHostPort(l.world.address)
	words := []string{"DIR", r.dir, "PORT", r.port(), "UPSTREAM", up, "ORIGIN", origin}
	if primary != nil {
		words = append(words, "PRIMARY", primary.port())
	}
	fill := strings.NewReplacer(words...)
	l.write(r, "rpz.zone", string(l.zone))
	for name, text := range p.files {
		for i := 0; i < len(changed); i += 2 {
			text = strings.ReplaceAll(text, changed[i], changed[i+1])
		}
		l.write(r, name, fill.Replace(text))
	}
	args := make([]string, len(p.args))
	for i, a := range p.args {
		args[i] = fill.Replace(a)
	}
	r.log = run(l.t, p.name, args...)
	return r
}

func (l lab) write(r *resolver, name, text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// programs says how each resolver is run, and what it says when it answers with the zone.
var programs = map[kind]struct {
	name  string
	args  []string
	files map[string]string
	ready string
}{
	bindPrimary: {
		"named",
		[]string{"-g", "-n", "1", "-c", "DIR/named.conf"},
		map[string]string{"named.conf": bindConf + `zone "ORIGIN" { type primary; file "rpz.zone"; allow-transfer { 127.0.0.1; }; };`},
		"rpz: ORIGIN: reload done",
	},
	bindSecondary: {
		"named",
		[]string{"-g", "-n", "1", "-c", "DIR/named.conf"},
		map[string]string{"named.conf": bindConf + `zone "ORIGIN" { type secondary; primaries { 127.0.0.1 port PRIMARY; }; };`},
		"rpz: ORIGIN: reload done",
	},
	unbound:  {"unbound", []string{"-d", "-c", "DIR/unbound.conf"}, map[string]string{"unbound.conf": unboundConf}, "start of service"},
	knot:     {"kresd", []string{"-n", "-c", "DIR/kresd.conf", "DIR"}, map[string]string{"kresd.conf": knotConf}, "ready to answer"},
	powerDNS: {"pdns_recursor", []string{"--config-dir=DIR"}, map[string]string{"recursor.conf": powerDNSConf, "recursor.lua": `rpzFile("DIR/rpz.zone")`}, "Enabled multiplexer"},
}

const bindConf = `options {
	directory "DIR"; pid-file none; session-keyfile none; managed-keys-directory "DIR";
	listen-on port PORT { 127.0.0.1; }; listen-on-v6 { none; };
	recursion yes; dnssec-validation no; empty-zones-enable no; minimal-responses yes;
	forward only; forwarders { 127.0.0.1 port UPSTREAM; };
	response-policy { zone "ORIGIN"; };
};
controls { };
`

const unboundConf = `server:
  interface: 127.0.0.1@PORT
  port: PORT
  username: ""
  chroot: ""
  directory: "DIR"
  pidfile: ""
  use-syslog: no
  do-ip6: no
  do-daemonize: no
  num-threads: 1
  module-config: "respip iterator"
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  local-zone: "test." nodefault
  local-zone: "invalid." nodefault
rpz:
  name: ORIGIN
  zonefile: "DIR/rpz.zone"
remote-control:
  control-enable: yes
  control-interface: "DIR/control"
  control-use-cert: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@UPSTREAM
`

const knotRule = "policy.add(policy.rpz(policy.DENY, 'rpz.zone'))"

const knotConf = `for _, m in ipairs({'ta_update', 'ta_signal_query', 'priming', 'detect_time_skew', 'detect_time_jump'}) do modules.unload(m) end
net.ipv6 = false
net.listen('127.0.0.1', PORT, { kind = 'dns' })
trust_anchors.remove('.')
cache.size = 10 * MB
` + knotRule + `
policy.add(policy.all(policy.FORWARD('127.0.0.1@UPSTREAM')))
io.stderr:write('ready to answer\n')
`

const powerDNSConf = `local-address=127.0.0.1
local-port=PORT
daemon=no
disable-syslog=yes
loglevel=6
threads=1
setuid=
setgid=
security-poll-suffix=
socket-dir=DIR
lua-config-file=DIR/recursor.lua
forward-zones-recurse=.=127.0.0.1:UPSTREAM
dont-query=
allow-from=127.0.0.0/8
hint-file=no
`

// freePort gives a loopback address that is free for both transports, and that the system gives nobody for a call of his own.
func freePort(t *testing.T) string {
	t.Helper()
	for range 50 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		tcp, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		udp, err := net.ListenPacket("udp", address)
		_ = tcp.Close()
		if err == nil {
			_ = udp.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}
