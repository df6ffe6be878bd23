package browsing

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"yuzheng/capture/chrome/devtools"
)

// forgetful is a browser that answers each command by what say gives for it.
func forgetful(t *testing.T, say func(method string) string) *devtools.Conn {
	t.Helper()
	commands, to := io.Pipe()
	from, answers := io.Pipe()
	c := devtools.Connect(from, to, func(devtools.Event) {})
	t.Cleanup(c.Close)
	go func() {
		in := bufio.NewReader(commands)
		for {
			text, err := in.ReadBytes(0)
			if err != nil {
				return
			}
			var order struct {
				ID     int64  `json:"id"`
				Method string `json:"method"`
			}
			if json.Unmarshal(text[:len(text)-1], &order) != nil {
				return
			}
			fmt.Fprintf(answers, `{"id":%d,%s}`+"\x00", order.ID, say(order.Method))
		}
	}()
	return c
}

// A document that goes between the making of our world and the asking leaves the next one to be asked; one that goes for ever is given up, and another
// error is given at once.
func TestEvalOvertaken(t *testing.T) {
	const gone = `"error":{"code":-32000,"message":"Cannot find context with specified id"}`
	for _, c := range []struct {
		answers []string // to Runtime.evaluate; the last one ever after
		worlds  int      // that are made
		want    string
		err     string
	}{
		{[]string{`"result":{"result":{"type":"string","value":"a"}}`}, 1, "a", ""},
		{[]string{gone, gone, `"result":{"result":{"type":"string","value":"b"}}`}, 3, "b", ""},
		{[]string{gone}, worldTries, "", overtaken},
		{[]string{`"error":{"code":-32000,"message":"Page is gone"}`}, 1, "", "Page is gone"},
	} {
		worlds, asked := 0, 0
		conn := forgetful(t, func(method string) string {
			if method == "Page.createIsolatedWorld" {
				worlds++
				return fmt.Sprintf(`"result":{"executionContextId":%d}`, worlds)
			}
			asked++
			return c.answers[min(asked, len(c.answers))-1]
		})
		got, err := EvalIn[string](t.Context(), conn.Session("S"), "F", "x")
		if got != c.want || worlds != c.worlds || c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%v: %q, %v, in %d worlds", c.answers, got, err, worlds)
		}
	}
}
