package rpz_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yuzheng/casefile/rpz/resolvertest"
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

// resolver is a program that runs with a policy zone.
type resolver struct {
	kind    kind
	address string
	dir     string // its configuration, and the zone as rpz.zone
	log     *resolvertest.Log
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
	r.log.Await(l.t, strings.ReplaceAll(programs[k].Ready, "ORIGIN", origin))
	return r
}

// begin starts a resolver.
func (l lab) begin(k kind, changed change, primary *resolver) *resolver {
	l.t.Helper()
	r := &resolver{kind: k, address: resolvertest.FreePort(l.t), dir: l.t.TempDir()}
	p := programs[k]
	words := []string{"PORT", resolvertest.Port(r.address), "UPSTREAM", resolvertest.Port(l.world.address), "ORIGIN", origin}
	if primary != nil {
		words = append(words, "PRIMARY", resolvertest.Port(primary.address))
	}
	l.write(r, "rpz.zone", string(l.zone))
	p.Files, p.Ready = maps.Clone(p.Files), "" // it is waited for by who wants it
	for name, text := range p.Files {
		p.Files[name] = strings.NewReplacer(changed...).Replace(text)
	}
	r.log = p.Start(l.t, r.dir, words...)
	return r
}

func (l lab) write(r *resolver, name, text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// programs says how each resolver is run, and what it says when it answers with the zone.
var programs = map[kind]resolvertest.Resolver{
	bindPrimary: {
		Program: "named", Args: []string{"-g", "-n", "1", "-c", "DIR/named.conf"},
		Files: map[string]string{"named.conf": bindConf + `zone "ORIGIN" { type primary; file "rpz.zone"; allow-transfer { 127.0.0.1; }; };`},
		Ready: "rpz: ORIGIN: reload done",
	},
	bindSecondary: {
		Program: "named", Args: []string{"-g", "-n", "1", "-c", "DIR/named.conf"},
		Files: map[string]string{"named.conf": bindConf + `zone "ORIGIN" { type secondary; primaries { 127.0.0.1 port PRIMARY; }; };`},
		Ready: "rpz: ORIGIN: reload done",
	},
	unbound:  {Program: "unbound", Args: []string{"-d", "-c", "DIR/unbound.conf"}, Files: map[string]string{"unbound.conf": unboundConf}, Ready: "start of service"},
	knot:     {Program: "kresd", Args: []string{"-n", "-c", "DIR/kresd.conf", "DIR"}, Files: map[string]string{"kresd.conf": knotConf}, Ready: "ready to answer"},
	powerDNS: {Program: "pdns_recursor", Args: []string{"--config-dir=DIR"}, Files: map[string]string{"recursor.conf": powerDNSConf, "recursor.lua": `rpzFile("DIR/rpz.zone")`}, Ready: "Enabled multiplexer"},
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
