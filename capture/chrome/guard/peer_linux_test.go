package guard

import (
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// Another user of the machine gets nothing from the guard, not even its greeting; its owner does.
func TestAnotherUserIsRefused(t *testing.T) {
	if address := os.Getenv("YUZHENG_TEST_GUARD"); address != "" {
		os.Exit(greet(address)) // the other user
	}
	g := start(t, Options{Dialer: &reached{}, Resolver: names{}})
	address := g.listener.Addr().String()
	if greet(address) != 0 {
		t.Fatal("its owner is refused")
	}
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	copied, err := os.CreateTemp("", "yuzheng-guard-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(copied.Name())
	if _, err := copied.Write(program); err != nil {
		t.Fatal(err)
	}
	if err := copied.Chmod(0o755); err != nil {
		t.Fatal(err)
	}
	copied.Close()
	cmd := exec.Command(copied.Name(), "-test.run=^TestAnotherUserIsRefused$")
	cmd.Dir, cmd.Env = "/", append(os.Environ(), "YUZHENG_TEST_GUARD="+address)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != refused {
		t.Errorf("another user: %v %s", err, out)
	}
}

const refused = 9 // exit code of a user who is not greeted

// greet asks a guard to speak with it.
func greet(address string) int {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return 1
	}
	defer c.Close()
	if _, err := c.Write([]byte{5, 1, 0}); err != nil {
		return refused
	}
	if _, err := io.ReadFull(c, make([]byte, 2)); err != nil {
		return refused
	}
	return 0
}
