package chrome

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"yuzheng/capture"
	"yuzheng/capture/sitetest"
	"yuzheng/capture/sitetest/screen"
	"yuzheng/casefile/evidence"
)

// leaksAll asks for every situation, and for each way on a page of its own; without it one page tries all ways.
var leaksAll = flag.Bool("leaks.all", false, "every situation in TestNothingLeaks")

// apart says in the environment that a test runs in a network of its own.
const apart = "YUZHENG_TEST_APART"

// inOwnNetwork runs the test anew in a network of its own, in which nothing but what the test opens has a way out, and reports whether this is that run.
func inOwnNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(apart) != "" {
		return true
	}
	args := []string{"-test.run=^" + t.Name() + "$", "-test.v", "-test.timeout=20m"}
	if *leaksAll {
		args = append(args, "-leaks.all")
	}
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), apart+"=1")
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if id := os.Getuid(); id != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: id, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if errors.Is(err, os.ErrPermission) {
		t.Skip("this system lets nobody have a network of his own: ", err)
	}
	if err != nil {
		t.Errorf("in its own network: %v", err)
	}
	return false
}

// outside is everything beyond this machine: a line out, which notes each packet, and a name server, which notes each question and knows no name.
type outside struct {
	news chan struct{} // a packet has been noted

	mu      sync.Mutex
	packets []string
	asked   []string
}

// open lays the line. Every address that is not this machine's lies behind it.
func (o *outside) open(t *testing.T) {
	t.Helper()
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, os.ErrNotExist) {
		t.Skip("this system lays no lines: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	request, err := unix.NewIfreq("line0")
	if err != nil {
		t.Fatal(err)
	}
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		t.Fatal(err)
	}
	line := os.NewFile(uintptr(fd), "line0")
	t.Cleanup(func() { _ = line.Close() })
	for _, c := range []string{
		"link set lo up", "addr add 192.0.2.2/24 dev line0", "-6 addr add 2001:db8:5::2/64 dev line0 nodad", "link set line0 up multicast on",
		"route add default via 192.0.2.1", "-6 route add default via 2001:db8:5::1",
	} {
		if said, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v %s", c, err, said)
		}
	}
	go o.listen(line)
}

// listen notes what a program sends. The system's own questions for its neighbours are not counted.
func (o *outside) listen(line *os.File) {
	packet := make([]byte, 1<<16)
	for {
		n, err := line.Read(packet)
		if err != nil {
			return
		}
		if what := destination(packet[:n]); what != "" {
			o.mu.Lock()
			o.packets = append(o.packets, what)
			o.mu.Unlock()
			select {
			case o.news <- struct{}{}:
			default:
			}
		}
	}
}

// destination says where a packet of TCP or UDP goes; of others nothing.
func destination(p []byte) string {
	names := map[byte]string{syscall.IPPROTO_TCP: "tcp", syscall.IPPROTO_UDP: "udp"}
	switch {
	case len(p) >= 24 && p[0]>>4 == 4 && names[p[9]] != "":
		head := int(p[0]&15) * 4
		to, _ := netip.AddrFromSlice(p[16:20])
		return fmt.Sprintf("%s %v port %d", names[p[9]], to, binary.BigEndian.Uint16(p[head+2:]))
	case len(p) >= 44 && p[0]>>4 == 6 && names[p[6]] != "":
		to, _ := netip.AddrFromSlice(p[24:40])
		return fmt.Sprintf("%s %v port %d", names[p[6]], to, binary.BigEndian.Uint16(p[42:]))
	}
	return ""
}

// serve makes this machine ask the name server.
func (o *outside) serve(t *testing.T) {
	t.Helper()
	const address = "127.0.0.53:53"
	udp, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*dns.Server{{PacketConn: udp, Handler: o}, {Listener: tcp, Handler: o}} {
		go s.ActivateAndServe() //nolint:errcheck // ends with its socket
	}
	t.Cleanup(func() { _, _ = udp.Close(), tcp.Close() })
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("nameserver 127.0.0.53\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks("/etc/resolv.conf")
	if err == nil {
		err = unix.Mount(file, real, "", unix.MS_BIND, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(real, unix.MNT_DETACH) })
}

// ServeDNS knows no name.
func (o *outside) ServeDNS(to dns.ResponseWriter, asked *dns.Msg) {
	o.mu.Lock()
	for _, q := range asked.Question {
		o.asked = append(o.asked, strings.TrimSuffix(strings.ToLower(q.Name), ".")+" "+dns.TypeToString[q.Qtype])
	}
	o.mu.Unlock()
	_ = to.WriteMsg(new(dns.Msg).SetRcode(asked, dns.RcodeNameError))
}

// since gives what was noted since it was called last.
func (o *outside) since() (packets, asked []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	packets, asked = o.packets, o.asked
	o.packets, o.asked = nil, nil
	return packets, asked
}

// A page, and the browser that shows it, speak to nobody but through the guard: while every way is tried that a browser has, no packet leaves the
// machine, and no name is asked for that the guard does not record. What the guard asks for, it asks for once.
func TestNothingLeaks(t *testing.T) {
	browserPath(t)
	if !inOwnNetwork(t) {
		return
	}
	o := outside{news: make(chan struct{}, 1)}
	o.open(t)
	o.serve(t)
	if _, err := net.LookupHost("canary.example"); err == nil {
		t.Fatal("the name server knows a name")
	}
	c, err := net.Dial("udp", "198.51.100.7:9")
	if err == nil {
		_, err = c.Write([]byte("canary"))
	}
	if err != nil {
		t.Fatal(err)
	}
	<-o.news
	if packets, asked := o.since(); len(packets) == 0 || len(asked) == 0 {
		t.Fatalf("the canaries were not seen: packets %q, names %q", packets, asked)
	}
	s := site(t, sitetest.Options{})
	for _, path := range leakPages() {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) { o.judge(t, s, path) })
	}
	t.Run("sitting", func(t *testing.T) {
		screen.Open(t)
		p := sit(t, quick(s, s.URL("http", "bad", "/leak/all/")), capture.SessionOptions{})
		res, sink := p.captures()
		o.weigh(t, res.Verdict, sink)
		p.ends()
	})
	if err := shared.Close(); err != nil { // with what browsers send when they end
		t.Error(err)
	}
	if packets, asked := o.since(); len(packets)+len(asked) > 0 {
		t.Errorf("at the end of the browsers: packets %q, names %q", packets, asked)
	}
}

// policies are where an administrator prescribes to a browser what it does.
var policies = []string{"/etc/chromium", "/etc/opt/chrome"}

// prescribe has every browser that starts from here on told to go through a proxy, for this run in its own tree of folders alone.
func prescribe(t *testing.T, proxy string) {
	t.Helper()
	there := 0
	for _, dir := range policies {
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		err := unix.Mount("none", dir, "tmpfs", 0, "")
		managed := filepath.Join(dir, "policies", "managed")
		if err = errors.Join(err, os.MkdirAll(managed, 0o755)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
		policy := fmt.Sprintf(`{"ProxySettings":{"ProxyMode":"fixed_servers","ProxyServer":%q}}`, proxy)
		if err := os.WriteFile(filepath.Join(managed, "proxy.json"), []byte(policy), 0o644); err != nil {
			t.Fatal(err)
		}
		there++
	}
	if there == 0 {
		t.Skip("no folder for what an administrator prescribes: ", policies)
	}
}

// A proxy that an administrator prescribes to the browser, an agent on this machine say, is asked for nothing: neither for a page nor for what the browser
// wants for itself. That a browser keeps to such a prescription is seen beforehand.
func TestPrescribedProxy(t *testing.T) {
	path := browserPath(t)
	if !inOwnNetwork(t) {
		return
	}
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	asked := make(chan string, 1000)
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Host }))
	defer proxy.Close()
	prescribe(t, proxy.URL)
	args := []string{"--headless", "--disable-gpu", "--user-data-dir=" + t.TempDir(), "--proxy-server=socks5://127.0.0.1:1", "--dump-dom", "http://canary.example/"}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	seen := false
	for len(asked) > 0 {
		seen = <-asked == "canary.example" || seen
	}
	if !seen {
		t.Skip("this browser keeps to no prescription")
	}
	s := site(t, sitetest.Options{})
	if res, _ := record(t, quick(s, s.URL("http", "bad", "/leak/all/"))); res.Status != http.StatusOK {
		t.Errorf("the page was not reached: %d %s", res.Status, res.Verdict)
	}
	if err := shared.Close(); err != nil { // with what browsers send when they end
		t.Error(err)
	}
	for len(asked) > 0 {
		t.Errorf("the prescribed proxy was asked for %s", <-asked)
	}
}

// leakPages are those to try.
func leakPages() []string {
	if !*leaksAll {
		return []string{"http://bad/leak/all/", "https://bad/leak/all/", "https://expired/"}
	}
	list := []string{"https://expired/"}
	for i := range sitetest.Leaks() {
		list = append(list, fmt.Sprintf("http://bad/leak/%d/", i), fmt.Sprintf("https://bad/leak/%d/", i))
	}
	for _, at := range situations {
		list = append(list, "http://bad"+at.path)
	}
	return list
}

// judge takes a page and looks at what has left the machine meanwhile.
func (o *outside) judge(t *testing.T, s *sitetest.Site, address string) {
	t.Helper()
	scheme, rest, _ := strings.Cut(address, "://")
	path := strings.TrimPrefix(rest, "bad")
	at := s.URL(scheme, "bad", path)
	if rest == "expired/" {
		at = strings.Replace(s.URL(scheme, "bad", "/"), "bad.localhost", sitetest.ExpiredHost, 1)
	}
	res, sink := record(t, quick(s, at))
	o.weigh(t, res.Verdict, sink)
}

// weigh sets what has left the machine beside what an exhibit says was asked for.
func (o *outside) weigh(t *testing.T, verdict evidence.Verdict, sink *memory) {
	t.Helper()
	packets, asked := o.since()
	through := throughGuard(t, sink)
	twice := map[string]int{}
	var beside []string
	for _, q := range asked {
		name, _, _ := strings.Cut(q, " ")
		if twice[q]++; !slices.Contains(through, name) {
			beside = append(beside, q)
		}
	}
	t.Logf("%s: %d questions for %d names, %d names of the guard's; %d packets", verdict, len(asked), len(twice), len(through), len(packets))
	if len(packets) > 0 || len(beside) > 0 {
		t.Errorf("beside the guard: packets %q, names %q", packets, beside)
	}
	for q, n := range twice {
		if n > 1 {
			t.Errorf("%s was asked for %d times", q, n)
		}
	}
}

// throughGuard are the names that the exhibit says were asked for.
func throughGuard(t *testing.T, sink *memory) (names []string) {
	t.Helper()
	var told struct {
		Refused []struct{ Host string } `json:"refused_connections"`
	}
	var har struct {
		Log struct {
			Entries []struct{ Request struct{ URL string } }
		}
	}
	if err := errors.Join(json.Unmarshal(sink.kept[evidence.CaptureJSON], &told), json.Unmarshal(sink.kept[evidence.NetworkHAR], &har)); err != nil {
		t.Fatal(err)
	}
	for _, c := range told.Refused {
		host, _, _ := net.SplitHostPort(c.Host)
		names = append(names, host)
	}
	for _, e := range har.Log.Entries {
		if u, err := url.Parse(e.Request.URL); err == nil {
			names = append(names, u.Hostname())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
