package app

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"yuzheng": func() { os.Exit(Main(System())) }})
}

// TestScripts runs what a person would type. "exits N" states the exit code, "flip FILE OFFSET" turns one bit over.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "cli/testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("YUZHENG_LANG", "en")
			env.Setenv("YUZHENG_PASSPHRASE", "correct horse battery staple")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "flip": flip},
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
