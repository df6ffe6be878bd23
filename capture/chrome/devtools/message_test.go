package devtools

import (
	"bufio"
	"errors"
	"strings"
	"testing"
)

// read reads one message as it comes through the pipe, and fails if the one behind it is not read as it is.
func read(t *testing.T, sent string) ([]byte, incoming, error) {
	t.Helper()
	const next = `{"method":"Page.loadEventFired","params":{}}`
	pipe := bufio.NewReader(strings.NewReader(sent + "\x00" + next + "\x00" + sent[:len(sent)/2]))
	data, m, err := readMessage(&delimited{from: pipe})
	if behind, _, err := readMessage(&delimited{from: pipe}); err != nil || string(behind) != next {
		t.Errorf("behind %d bytes came %.100q, %v", len(sent), behind, err)
	}
	if half, _, err := readMessage(&delimited{from: pipe}); !errors.Is(err, ErrGone) {
		t.Errorf("half a message was taken, %d bytes, %v", len(half), err)
	}
	return data, m, err
}

// A message is taken whole up to its bound; of a longer one it is known whom it is for, and nothing more is held.
func TestReadMessage(t *testing.T) {
	event := func(n int) string {
		head, tail := `{"method":"Network.requestWillBeSent","params":{"requestId":"7.1","url":"`, `"},"sessionId":"AB12"}`
		return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
	}
	for _, n := range []int{200, edge - 1, edge, edge + 1, longestEvent - 1, longestEvent} {
		data, m, err := read(t, event(n))
		if err != nil || len(data) != n || m.long != nil || string(data) != event(n) {
			t.Errorf("%d bytes: %d taken, %+v, %v", n, len(data), m.long, err)
		}
	}
	for _, more := range []int{1, edge - 1, edge + 1, 5 << 20} {
		data, m, err := read(t, event(longestEvent+more))
		if err != nil || data != nil || m.Method != "Network.requestWillBeSent" || m.SessionID != "AB12" || m.long == nil || m.long.Size != int64(longestEvent+more) {
			t.Errorf("%d bytes too many: %d taken, %+v, %v", more, len(data), m, err)
		}
	}
	answer := `{"id":77,"result":{"data":"`
	whole := answer + strings.Repeat("x", longestEvent) + `"},"sessionId":"AB12"}`
	if data, _, err := read(t, whole); err != nil || len(data) != len(whole) {
		t.Errorf("an answer longer than an event: %d of %d bytes, %v", len(data), len(whole), err)
	}
	data, m, err := read(t, answer+strings.Repeat("x", longestAnswer))
	if err != nil || data != nil || m.ID != 77 || m.Error == nil || !strings.Contains(m.Error.Message, "160 MB") {
		t.Errorf("an answer that is too long: %d taken, %+v, %v", len(data), m, err)
	}
}
