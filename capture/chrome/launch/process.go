package launch

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

// process is a running program, with the ends of its pipes that are ours.
type process struct {
	in     *os.File // commands
	out    *os.File // answers and events
	output *output
	ended  chan struct{} // closed when the process has ended
	kill   context.CancelFunc
}

// outputGrace is how long a helper that outlives its browser may keep what the browser prints open.
const outputGrace = time.Second

// run starts a program with this command line and nothing but these variables in its environment, unless ctx is done. Beside its pipes it has inherited,
// if that is not nil.
func run(ctx context.Context, path string, args, environment []string, inherited *os.File) (*process, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
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
	p := &process{in: in, out: out, output: new(output), ended: make(chan struct{}), kill: kill}
	cmd := exec.CommandContext(life, path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = environment, p.output, p.output, outputGrace
	err = bequeath(cmd, theirIn, theirOut, inherited)
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

// wait waits for the program to end by itself, as long as it may.
func (p *process) wait(long time.Duration) {
	patience := time.NewTimer(long)
	defer patience.Stop()
	select {
	case <-p.ended:
	case <-patience.C:
	}
}

// end kills the program, if it has not ended by itself, and waits for that.
func (p *process) end() {
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

// said adds what the program printed to the reason for which it gave no answer.
func (p *process) said(err error) error {
	if said := p.output.String(); said != "" {
		return fmt.Errorf("%w; it said: %s", err, said)
	}
	return err
}
