package app

import (
	"archive/zip"
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"yuzheng": func() { os.Exit(Main(System())) }})
}

// TestScripts runs what a person would type. "exits N" states the exit code, "flip FILE OFFSET" turns one bit over, "thaw" unpacks a case that an
// earlier build wrote, with an application, and "resolver VAR ADDRESS NAME..." has one answer for names, and for all below one that begins with a dot; it knows no others.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "cli/testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("YUZHENG_LANG", "en")
			env.Setenv("YUZHENG_PASSPHRASE", "correct horse battery staple")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "flip": flip, "thaw": thaw, "resolver": resolver},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%v exits with %d, want %d", args[1:], got, want)
	}
}

func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flip FILE OFFSET")
	}
	file := ts.MkAbs(args[0])
	data, err := os.ReadFile(file)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(data)
	}
	again := bytes.Clone(data)
	again[at] ^= 1
	ts.Check(os.WriteFile(file, again, 0o600))
}

func thaw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: thaw")
	}
	z, err := zip.OpenReader("../casefile/testdata/be96e20/case.zip")
	ts.Check(err)
	defer z.Close()
	ts.Check(os.CopyFS(ts.MkAbs("."), z))
}

func resolver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: resolver VAR ADDRESS NAME...")
	}
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	ts.Check(err)
	server := &dns.Server{PacketConn: udp, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		m, q := new(dns.Msg).SetReply(query), query.Question[0]
		known := func(n string) bool {
			name, below := strings.CutPrefix(n, ".")
			return q.Name == name+"." || below && dns.IsSubDomain(name+".", q.Name)
		}
		switch rr, err := dns.NewRR(q.Name + " 60 IN A " + args[1]); {
		case !slices.ContainsFunc(args[2:], known):
			m.Rcode = dns.RcodeNameError
		case err == nil && q.Qtype == dns.TypeA:
			m.Answer = []dns.RR{rr}
		}
		_ = w.WriteMsg(m) // whoever asked may be gone
	})}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.ActivateAndServe() }) // until its socket is closed
	ts.Defer(func() {
		_ = udp.Close()
		serving.Wait()
	})
	ts.Setenv(args[0], udp.LocalAddr().String())
}
