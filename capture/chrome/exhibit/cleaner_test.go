package exhibit

import (
	"strings"
	"testing"

	"yuzheng/capture/scrub"
	"yuzheng/casefile/evidence"
)

// A message that could not be searched for typed passwords is not let through, and is counted so that the exhibit names it as missing.
func TestUnsearchedMessageIsNamed(t *testing.T) {
	long := strings.Repeat("a", 900)
	c := &Cleaner{Secrets: func() scrub.Secrets { return scrub.Secrets{{Text: long + "c"}} }, Warn: func(r evidence.Remark) { t.Log(r) }}
	list := []evidence.SocketMessage{{Binary: []byte(strings.Repeat(long+"b", 3000))}, {Binary: []byte("harmless")}}
	if lost := c.Messages("wss://a.example/", list); lost != 1 || list[0].Binary != nil || string(list[1].Binary) != "harmless" {
		t.Errorf("%d lost, %d bytes and %q are kept", lost, len(list[0].Binary), list[1].Binary)
	}
}
