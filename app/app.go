// Package app puts the parts together: it decides between window and command line, and it alone touches the process.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"golang.org/x/term"

	"yuzheng/app/cli"
	"yuzheng/app/office"
	"yuzheng/app/say"
	"yuzheng/app/workbench"
	"yuzheng/assets"
	"yuzheng/casefile/application"
	"yuzheng/casefile/legible"
)

// Env is all that the program takes from its process.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool // standard output is one
	Getenv         func(string) string
	Now            func() time.Time
	// ReadSecret asks at a terminal without echo; nil where there is none.
	ReadSecret func(prompt string) (string, error)
}

// System is the Env of the running process, which it closes to its neighbours.
func System() Env {
	keepPrivate()
	env := Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: takeSecrets(), Now: time.Now,
		Terminal: term.IsTerminal(int(os.Stdout.Fd())),
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		env.ReadSecret = func(prompt string) (string, error) {
			fmt.Fprint(os.Stderr, prompt)
			secret, err := term.ReadPassword(int(os.Stdin.Fd()))
			fmt.Fprintln(os.Stderr)
			return string(secret), err
		}
	}
	return env
}

// Main runs the program and returns its exit code. A first interrupt ends the work in order, a second ends it at once.
func Main(env Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	closeFiles()
	exact := env.Stdout
	env.Stdout, env.Stderr = legible.Writer(env.Stdout), legible.Writer(env.Stderr) // from here on nobody writes to a person but through these

	speaker, err := say.New(sub(assets.Translations, "translations"), say.Choose(env.Getenv("YUZHENG_LANG"), env.Getenv("LANG")))
	if err != nil {
		fmt.Fprintln(env.Stderr, err)
		return codeMachine
	}
	bench := newBench(env)
	defer bench.Close()
	if path, ok := wantsWindow(env.Args); ok {
		return openWindow(bench, speaker, env, path)
	}
	session := &cli.Session{
		Bench: bench, Say: speaker, In: env.Stdin, Out: env.Stdout, Err: env.Stderr,
		JSON: legible.JSONWriter(exact), Hashed: exact,
		Getenv: env.Getenv, ReadSecret: env.ReadSecret,
	}
	if env.Terminal {
		session.Hashed = session.JSON
	}
	err = session.Run(ctx, env.Args)
	if err != nil {
		session.Tell(err)
	}
	return exitCode(err)
}

func newBench(env Env) *workbench.Workbench {
	folder := office.New(dataFolder(env.Getenv), sub(assets.Data, "data"), sub(assets.Documents, "documents"))
	return workbench.New(workbench.Config{
		Browser: func() (workbench.Browser, error) { return openBrowser(env, "Yuzheng "+version(), folder.Data()) },
		Papers:  folder.Documents(),
		Lists:   folder.Data(),
		Office:  folder,
		Viewer:  sub(assets.Viewer, "viewer"),
		HTTP:    &http.Client{Timeout: 30 * time.Second},
		Now:     env.Now,
		Known:   knownKeys(),
		Version: version(), Libraries: libraries(),
	})
}

// dataVariable names the data folder of the office.
const dataVariable = "YUZHENG_DATA"

// dataFolder is the data folder of the office: the one that is named, or the one of the user where there is any; "" for none.
func dataFolder(getenv func(string) string) string {
	if dir := getenv(dataVariable); dir != "" {
		return dir
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "yuzheng", "office")
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return dir
}

// knownKeys is the file of the keys that a person has added on this machine.
func knownKeys() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "" // said where somebody wants to add one
	}
	return filepath.Join(dir, "yuzheng", "known-keys.jsonl")
}

// wantsWindow reports whether the arguments ask for the window: none at all, or one folder to open.
func wantsWindow(args []string) (path string, ok bool) {
	switch len(args) {
	case 0:
		return "", true
	case 1:
		info, err := os.Stat(args[0])
		return args[0], err == nil && info.IsDir()
	}
	return "", false
}

// sub cannot fail: the folders are embedded under these names, and a test opens them.
func sub(f fs.FS, dir string) fs.FS {
	s, err := fs.Sub(f, dir)
	if err != nil {
		panic("app: " + err.Error())
	}
	return s
}

// version is what the build recorded about itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return Version
	}
	return Version + " " + info.Main.Version
}

// printed are the libraries that take, keep or check evidence, by their modules.
var printed = []string{
	"github.com/chromedp/cdproto", "github.com/dgraph-io/badger/v4", "filippo.io/age", "golang.org/x/mod", "github.com/openrdap/rdap",
	"github.com/miekg/dns", "github.com/digitorus/timestamp", "github.com/gocolly/colly/v2",
}

// libraries are the versions with which the program was built, for the technical paper.
func libraries() []application.Version {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	list := []application.Version{{Name: "Go", Value: info.GoVersion}}
	for _, m := range info.Deps {
		if slices.Contains(printed, m.Path) {
			list = append(list, application.Version{Name: m.Path, Value: m.Version})
		}
	}
	return list
}

// Version is the number of this release.
const Version = "0.1.0"
