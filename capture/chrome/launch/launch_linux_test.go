package launch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yuzheng/capture"
)

// stand is a program in a browser's place: it tells its environment, leaves a key where keys go, and gives back what it is sent.
const stand = `#!/bin/sh
env >&4
printf '\0' >&4
for arg; do case $arg in --ssl-key-log-file=*) echo "CLIENT_RANDOM of a session" >"${arg#*=}";; esac; done
exec cat <&3 >&4
`

// program writes a program that can be started.
func program(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// lines hands on the first line that it is told.
type lines chan string

func (l lines) ReadFrom(r io.Reader) (int64, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	l <- line
	return int64(len(line)), err
}

// A browser is spoken to over its pipes, tells keys over another, knows nothing of our environment but what it needs, and leaves nothing behind.
func TestStart(t *testing.T) {
	const canary = "canary-of-a-passphrase"
	t.Setenv("YUZHENG_PASSPHRASE", canary)
	temp, keys := t.TempDir(), make(lines, 1)
	home := Visitor{Locale: "zh-TW", Languages: "zh-TW,zh", TimeZone: "Asia/Taipei", UserAgent: "a visitor"}
	b, err := Start(t.Context(), Options{Path: program(t, stand), Temp: temp, Visible: true, Visitor: home, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(b.Answers)
	told, err := answers.ReadString(0)
	if err != nil || !strings.Contains(told, "TZ=Asia/Taipei\n") || !strings.Contains(told, "LANGUAGE=zh-TW\n") || strings.Contains(told, canary) {
		t.Errorf("%v, the environment is %q", err, told)
	}
	if key := <-keys; key != "CLIENT_RANDOM of a session\n" {
		t.Errorf("key %q", key)
	}
	const order = `{"id":1,"method":"Browser.getVersion"}` + "\x00"
	io.WriteString(b.Orders, order)
	if answer, err := answers.ReadString(0); answer != order {
		t.Errorf("%v, answer %q", err, answer)
	}
	for _, flag := range []string{"user-data-dir=" + b.Profile, "user-agent=a visitor", "accept-lang=zh-TW,zh", "remote-debugging-pipe"} {
		if !slices.Contains(b.Flags, flag) {
			t.Errorf("no %s in %q", flag, b.Flags)
		}
	}
	if text, err := os.ReadFile(filepath.Join(b.Profile, "Default", "Preferences")); err != nil || !bytes.HasPrefix(text, []byte("{")) {
		t.Errorf("preferences %q, %v", text, err)
	}
	asked := false
	if err := b.Close(func() { asked = true; b.Orders.Close() }); err != nil || !asked {
		t.Errorf("asked %v, %v", asked, err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// late is a program that has its keys told only once it is sent something.
const late = `#!/bin/sh
read -r order <&3
for arg; do case $arg in --ssl-key-log-file=*) echo "CLIENT_RANDOM of a session" >"${arg#*=}";; esac; done
printf 'opened\0' >&4
`

// A browser whose program is killed before it has opened the pipe for its keys does not wait for it for ever: it would outlive the end of its other
// pipes, by which it is told that nobody is left.
func TestKeysOfNobody(t *testing.T) {
	b, err := Start(t.Context(), Options{Path: program(t, late), Temp: t.TempDir(), Keys: make(lines, 1)})
	if err != nil {
		t.Fatal(err)
	}
	b.keys.Close() // as far as the browser sees, we are gone
	io.WriteString(b.Orders, "go on\n")
	b.process.wait(time.Minute)
	select {
	case <-b.process.ended:
	default:
		t.Error("it waits for a reader of its keys")
	}
	if err := b.Close(nil); err != nil {
		t.Error(err)
	}
}

// One that does not end when it is asked to is killed.
func TestCloseKills(t *testing.T) {
	temp := t.TempDir()
	b, err := Start(t.Context(), Options{Path: program(t, "#!/bin/sh\nwhile :; do sleep 1; done\n"), Temp: temp, Keys: make(lines, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(nil); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What does not start says so, with its path, its reason in its own words where it has some, and leaves nothing behind.
func TestNotStarted(t *testing.T) {
	temp := t.TempDir()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		path string
		want error
	}{
		"missing": {t.Context(), filepath.Join(temp, "nowhere"), os.ErrNotExist}, "cancelled": {over, program(t, stand), context.Canceled},
	} {
		_, err := Start(c.ctx, Options{Path: c.path, Temp: temp, Keys: make(lines, 1)})
		var start *capture.StartError
		if !errors.As(err, &start) || start.Path != c.path || !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := Start(t.Context(), Options{Path: program(t, "#!/bin/sh\necho it has no legs >&2\n"), Temp: temp, Keys: make(lines, 1)})
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("no answer")
	if err := b.Explain(gone); !errors.Is(err, gone) || !strings.Contains(err.Error(), "it has no legs") {
		t.Error(err)
	}
	if err := b.Close(nil); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Every program that is looked for has a name, and one that is there is found by it.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if path, err := Find(); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("%q, %v", path, err)
	}
	want := filepath.Join(dir, "chromium")
	if err := os.WriteFile(want, []byte("#!/bin/sh\necho Chromium 1.2.3.4\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	path, err := Find()
	if err != nil || path != want {
		t.Errorf("%q, %v", path, err)
	}
	if said, err := Version(t.Context(), path); err != nil || said != "Chromium 1.2.3.4" {
		t.Errorf("%q, %v", said, err)
	}
}
