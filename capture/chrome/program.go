package chrome

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// program is a running browser. It is spoken to over two pipes that it inherited: nobody else on this machine can attach to it, as anybody could to
// a port, and it ends when this process ends, for then the pipes do.
type program struct {
	in     *os.File // commands
	out    *os.File // answers and events
	output *output
	ended  chan struct{} // closed when the process has ended
	kill   context.CancelFunc
}

// outputGrace is how long a helper that outlives its browser may keep what the browser prints open.
const outputGrace = time.Second

// run starts a browser with this command line and nothing but these variables in its environment.
func run(path string, args, environment []string) (*program, error) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe to the browser: %w", err)
	}
	defer theirIn.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("pipe from the browser: %w", err)
	}
	defer theirOut.Close()
	life, kill := context.WithCancel(context.Background())
	p := &program{in: in, out: out, output: new(output), ended: make(chan struct{}), kill: kill}
	cmd := exec.CommandContext(life, path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = environment, p.output, p.output, outputGrace
	err = bequeath(cmd, theirIn, theirOut)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		kill()
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	go func() {
		_ = cmd.Wait() // how it ended does not matter; what it printed is in output
		close(p.ended)
	}()
	return p, nil
}

// end kills the browser, if it has not ended by itself, and waits for that.
func (p *program) end() {
	p.kill()
	<-p.ended
}

// longestOutput is kept of what a browser prints, in bytes: its reason where it does not start.
const longestOutput = 16 << 10

// output keeps the beginning of what a browser prints.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer. It never fails, for a browser must not wait for it.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(b[:min(len(b), longestOutput-o.text.Len())])
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(o.text.String())
}

// notStarted says why a browser that gave no answer did not, in its own words.
func (p *program) notStarted(err error) error {
	patience := time.NewTimer(leaveTime)
	defer patience.Stop()
	select {
	case <-p.ended:
	case <-patience.C:
	}
	if said := p.output.String(); said != "" {
		return fmt.Errorf("%w; it said: %s", err, said)
	}
	return err
}
