package tsa

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestOpenSSL has openssl make a request and judge the answer.
func TestOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	a, err := Start(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, data []byte) {
		if err := os.WriteFile(file(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) ([]byte, error) { return exec.Command(openssl, args...).CombinedOutput() }

	write("data", []byte("a seal\n"))
	write("root.pem", a.Root)
	if out, err := run("ts", "-query", "-data", file("data"), "-sha256", "-cert", "-out", file("query")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	query, err := os.ReadFile(file("query"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(a.URL, "application/timestamp-query", bytes.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var reply bytes.Buffer
	if _, err := reply.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the authority answers %s: %s", response.Status, reply.String())
	}
	write("reply", reply.Bytes())
	if out, err := run("ts", "-verify", "-queryfile", file("query"), "-in", file("reply"), "-CAfile", file("root.pem")); err != nil {
		t.Fatalf("openssl refuses the answer: %v\n%s", err, out)
	}
	write("data", []byte("another seal\n"))
	if out, err := run("ts", "-verify", "-data", file("data"), "-in", file("reply"), "-CAfile", file("root.pem")); err == nil {
		t.Fatalf("openssl accepts the answer for other data:\n%s", out)
	}
}
