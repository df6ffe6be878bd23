package rpz_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/miekg/dns"

	"yuzheng/casefile/rpz"
	"yuzheng/casefile/rpz/resolvertest"
)

// need is a sentence of the sheet about a resolver, as far as it is checked here.
type need struct {
	ID      string `json:"id"`
	Setting string `json:"setting"`
}

// sheet is what the sheet says about one resolver.
type sheet struct {
	Program kind   `json:"program"`
	Version string `json:"version"`
	Needs   []need `json:"needs"`
}

func sheets(t *testing.T) []sheet {
	t.Helper()
	text, err := os.ReadFile("../../assets/data/execution.json")
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Resolvers []sheet `json:"resolvers"`
	}
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatal(err)
	}
	return data.Resolvers
}

// setting is what the sheet says under an id.
func setting(t *testing.T, id string) string {
	t.Helper()
	for _, s := range sheets(t) {
		for _, n := range s.Needs {
			if n.ID == id {
				return n.Setting
			}
		}
	}
	t.Fatalf("the sheet says nothing under %q", id)
	return ""
}

// TestNeeds holds each sentence of the sheet about resolvers against the running resolver, of the versions that it names:
// what happens without the setting, and what with it.
func TestNeeds(t *testing.T) {
	told := 0
	for _, r := range sheets(t) {
		running := version(t, r.Program)
		for _, n := range r.Needs {
			told++
			check, ok := needs[n.ID]
			if !ok {
				t.Errorf("nobody checks what the sheet says under %q", n.ID)
				continue
			}
			t.Run(n.ID, func(t *testing.T) {
				if !strings.HasPrefix(running+".", r.Version+".") {
					t.Skipf("%s %s runs here; the sheet speaks of %s", r.Program, running, r.Version)
				}
				check(t, n.Setting)
			})
		}
	}
	if told != len(needs) {
		t.Errorf("%d sentences on the sheet, %d are checked", told, len(needs))
	}
}

// version asks a program which it is.
func version(t *testing.T, of kind) string {
	t.Helper()
	for k, ask := range map[kind][2]string{"BIND": {"named", "-v"}, unbound: {"unbound", "-V"}, knot: {"kresd", "--version"}, powerDNS: {"pdns_recursor", "--version"}} {
		if k != of {
			continue
		}
		out, _ := exec.Command(resolvertest.Program(t, ask[0]), ask[1]).CombinedOutput()
		for _, word := range strings.Fields(string(out)) {
			if word[0] >= '0' && word[0] <= '9' && strings.Count(word, ".") == 2 && !strings.Contains(word, ":") {
				return strings.SplitN(word, "-", 2)[0]
			}
		}
	}
	t.Fatalf("%s does not tell its version", of)
	return ""
}

// bench is a lab with a few names of every sort.
func bench(t *testing.T) lab {
	t.Helper()
	w := &world{dead: "dead.test", signed: "signed.test", aliases: map[string]string{"alias.elsewhere.test": "bad.example"}}
	w.start(t)
	o := order{[]rpz.Rule{{Name: "bad.example"}, {Name: "shop.dead.test"}, {Name: "shop.signed.test"}, {Name: "my_shop.example"}}, sinkhole}
	return lab{t, w, o.zone(t)}
}

// later is the zone with one name more.
func (l lab) later(r *resolver) {
	l.t.Helper()
	l.write(r, "rpz.zone", strings.Replace(string(l.zone), "( 7 ", "( 8 ", 1)+"new.example IN A "+string(sinkhole)+"\n")
}

func (r *resolver) want(t *testing.T, why, name string, do bool, want answer) {
	t.Helper()
	if got := r.ask(name, dns.TypeA, do); got != want {
		t.Errorf("%s: %s is %s, want %s", why, name, got, want)
	}
}

const policyEnd = `zone "ORIGIN"; };`

var needs = map[string]func(t *testing.T, setting string){
	"bind.signed": func(t *testing.T, setting string) {
		l := bench(t)
		without := l.start(bindPrimary, nil, nil)
		without.want(t, "by default", "shop.signed.test", true, asIs)
		without.want(t, "by default, not asked for signatures", "shop.signed.test", false, sinkhole)
		l.start(bindPrimary, change{policyEnd, `zone "ORIGIN"; } ` + setting}, nil).want(t, setting, "shop.signed.test", true, sinkhole)
	},
	"bind.dead": func(t *testing.T, setting string) {
		l := bench(t)
		l.start(bindPrimary, nil, nil).want(t, "by default", "shop.dead.test", false, failed)
		l.start(bindPrimary, change{policyEnd, `zone "ORIGIN"; } ` + setting}, nil).want(t, setting, "shop.dead.test", false, sinkhole)
	},
	"bind.reload": func(t *testing.T, setting string) {
		l := bench(t)
		r := l.start(bindPrimary, nil, nil)
		l.reloadBIND(r)
		r.log.Await(t, "deferring update for")
		r.want(t, "by default", "new.example", false, asIs)
		r = l.start(bindPrimary, change{policyEnd, `zone "ORIGIN"; } ` + setting}, nil)
		r.want(t, "before", "new.example", false, asIs)
		l.reloadBIND(r)
		r.log.AwaitTimes(t, "reload done: success", 2)
		r.want(t, setting, "new.example", false, sinkhole)
	},
	"bind.names": func(t *testing.T, setting string) {
		l := bench(t)
		l.start(bindPrimary, nil, nil).want(t, "the zone as it is", "my_shop.example", false, noName)
		l.zone = []byte(strings.Replace(string(l.zone), "my_shop.example IN CNAME .", "my_shop.example IN A "+string(sinkhole), 1))
		r := l.start(bindPrimary, nil, nil)
		r.log.Await(t, "reload done: success")
		r.want(t, "with an address, by default", "bad.example", false, asIs)
		zone := filepath.Join(r.dir, "rpz.zone")
		if out, err := exec.Command(resolvertest.Program(t, "named-checkzone"), origin, zone).CombinedOutput(); err != nil {
			t.Errorf("named-checkzone sees it: %s", out)
		}
		if out, err := exec.Command(resolvertest.Program(t, "named-checkzone"), "-k", "fail", origin, zone).CombinedOutput(); err == nil {
			t.Errorf("named-checkzone -k fail does not see it: %s", out)
		}
		l.start(bindPrimary, change{`file "rpz.zone";`, `file "rpz.zone"; ` + setting}, nil).want(t, setting, "my_shop.example", false, sinkhole)
	},
	"unbound.module": func(t *testing.T, setting string) {
		l := bench(t)
		without := l.begin(unbound, change{`module-config: "respip iterator"`, ""}, nil)
		without.log.Await(t, "RPZ requires the respip module")
		l.start(unbound, change{`module-config: "respip iterator"`, setting}, nil).want(t, setting, "bad.example", false, sinkhole)
	},
	"unbound.reload": func(t *testing.T, setting string) {
		l := bench(t)
		r := l.start(unbound, nil, nil)
		r.want(t, "before", "new.example", false, asIs)
		l.later(r)
		r.want(t, "a file changed", "new.example", false, asIs)
		l.command(strings.Replace(setting, "unbound-control", "unbound-control -c "+filepath.Join(r.dir, "unbound.conf"), 1))
		r.want(t, setting, "new.example", false, sinkhole)
	},
	"unbound.alias": func(t *testing.T, _ string) {
		r := bench(t).start(unbound, nil, nil)
		r.want(t, "asked for the first time", "alias.elsewhere.test", false, sinkhole)
		r.want(t, "asked for again", "alias.elsewhere.test", false, asIs)
	},
	"knot.alias": func(t *testing.T, setting string) {
		l := bench(t)
		l.start(knot, nil, nil).want(t, "policy.rpz", "alias.elsewhere.test", false, asIs)
		for _, forward := range []string{"policy.FORWARD", "policy.STUB"} {
			r := l.start(knot, change{knotRule, setting, "policy.FORWARD", forward}, nil)
			r.want(t, setting, "alias.elsewhere.test", false, noName)
			r.want(t, "asked for again", "alias.elsewhere.test", false, noName)
			r.want(t, "itself", "bad.example", false, sinkhole)
			r.want(t, "another", "elsewhere.test", false, asIs)
		}
	},
	"knot.order": func(t *testing.T, _ string) {
		l := bench(t)
		for _, forward := range []string{"policy.FORWARD", "policy.STUB"} {
			l.start(knot, change{"policy.FORWARD", forward}, nil).want(t, "before "+forward, "bad.example", false, sinkhole)
			l.start(knot, change{"policy.FORWARD", forward, knotRule, "", "io.stderr:write", knotRule + "\nio.stderr:write"}, nil).want(t, "after "+forward, "bad.example", false, asIs)
		}
	},
	"knot.reload": func(t *testing.T, _ string) {
		l, unwatched := bench(t), change{"'rpz.zone')", "'rpz.zone', false)"}
		r := l.start(knot, unwatched, nil)
		r.want(t, "before", "new.example", false, asIs)
		l.later(r)
		r.want(t, "a file changed", "new.example", false, asIs)
		l.zone, _ = os.ReadFile(filepath.Join(r.dir, "rpz.zone"))
		l.start(knot, unwatched, nil).want(t, "started again", "new.example", false, sinkhole)
	},
	"powerdns.reload": func(t *testing.T, setting string) {
		l := bench(t)
		r := l.start(powerDNS, nil, nil)
		l.later(r)
		r.want(t, "a file changed", "new.example", false, asIs)
		r = l.start(powerDNS, nil, nil)
		l.later(r)
		l.recControl(r, setting)
		r.want(t, setting, "new.example", false, sinkhole)
	},
	"powerdns.cache": func(t *testing.T, setting string) {
		l := bench(t)
		r := l.start(powerDNS, nil, nil)
		r.want(t, "before", "new.example", false, asIs)
		l.later(r)
		l.recControl(r, "rec_control reload-lua-config")
		r.want(t, "asked for before the zone was loaded", "new.example", false, asIs)
		l.recControl(r, setting)
		r.want(t, setting, "new.example", false, sinkhole)
	},
}

func (l lab) recControl(r *resolver, line string) {
	l.t.Helper()
	l.command(strings.Replace(line, "rec_control", fmt.Sprintf("rec_control --config-dir=%s --socket-dir=%[1]s", r.dir), 1))
}

func (l lab) reloadBIND(r *resolver) {
	l.t.Helper()
	l.later(r)
	if err := r.log.Process.Signal(syscall.SIGHUP); err != nil {
		l.t.Fatal(err)
	}
}

// command runs a command as the sheet prints it.
func (l lab) command(line string) {
	l.t.Helper()
	words := strings.Fields(strings.ReplaceAll(line, "ZONE", origin))
	if out, err := exec.Command(resolvertest.Program(l.t, words[0]), words[1:]...).CombinedOutput(); err != nil {
		l.t.Fatalf("%s: %v: %s", line, err, out)
	}
}
