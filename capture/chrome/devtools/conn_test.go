package devtools

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

// pair is a connection, with the ends of its pipes that a browser has: commands come out of the one, and what is written to the other arrives.
func pair(t *testing.T, handle func(Event)) (*Conn, *bufio.Reader, io.Writer) {
	t.Helper()
	commands, to := io.Pipe()
	from, answers := io.Pipe()
	c := Connect(from, to, handle)
	t.Cleanup(c.Close)
	return c, bufio.NewReader(commands), answers
}

// Events are handled one after the other as they came, also those that a handler's own slowness made wait, and Through says when.
func TestEventsInOrder(t *testing.T) {
	const events = 1000
	var got []string
	goOn := make(chan struct{})
	c, _, answers := pair(t, func(e Event) {
		<-goOn
		got = append(got, e.Session+" "+e.Method)
	})
	var want []string
	for i := range events {
		fmt.Fprintf(answers, `{"method":"Page.event%d","params":{},"sessionId":"S%d"}`+"\x00", i, i%3)
		want = append(want, fmt.Sprintf("S%d Page.event%d", i%3, i))
	}
	asked := c.Session("").Start("Page.last", nil)
	select {
	case <-asked:
		t.Fatal("an answer that nobody gave")
	default:
	}
	close(goOn)
	c.Close()
	<-c.Closed()
	<-c.Through()
	if !slices.Equal(got, want) {
		t.Errorf("%d events, the last %q", len(got), got[max(0, len(got)-1):])
	}
	<-c.Through() // also afterwards
}

// Through waits for the events that are being handled when it is asked, also for the last ones, after the end of the connection.
func TestThroughWaitsForTheLast(t *testing.T) {
	inside, goOn := make(chan struct{}), make(chan struct{})
	c, _, answers := pair(t, func(Event) {
		inside <- struct{}{}
		<-goOn
	})
	io.WriteString(answers, `{"method":"Page.last","params":{}}`+"\x00")
	c.Close()
	<-c.Closed()
	<-inside
	through := c.Through()
	select {
	case <-through:
		t.Error("the last event is still being handled, and all are said to be")
	default:
	}
	close(goOn)
	<-through
}

// Every caller gets an answer: that of the browser to its own command, or that the session or the browser is gone.
func TestEveryCallerIsAnswered(t *testing.T) {
	c, commands, answers := pair(t, func(Event) {})
	stays, goes := c.Session("stays"), c.Session("goes")
	first, second, third := stays.Start("Page.first", nil), goes.Start("Page.second", nil), stays.Start("Page.third", nil)
	for range 3 {
		if _, err := commands.ReadString(0); err != nil {
			t.Fatal(err)
		}
	}
	c.Forget("goes")
	if r := <-second; !errors.Is(r.Err, ErrGone) {
		t.Errorf("a session that has gone answers %+v", r)
	}
	io.WriteString(answers, `{"id":3,"error":{"code":-32000,"message":"not now"},"sessionId":"stays"}`+"\x00"+`{"id":9,"result":{}}`+"\x00")
	if _, err := Wait[cdp.Empty](t.Context(), "Page.third", third); err == nil || err.Error() != "Page.third: not now" {
		t.Errorf("a refusal reads %v", err)
	}
	c.Close()
	if r := <-first; !errors.Is(r.Err, ErrGone) {
		t.Errorf("a browser that has gone answers %+v", r)
	}
	<-c.Closed()
	if _, err := Call(context.Background(), stays, page.StopLoading, cdp.Empty{}); !errors.Is(err, ErrGone) {
		t.Errorf("after the end: %v", err)
	}
}

// A browser that reads nothing holds up nobody: it is given up.
func TestBrowserThatDoesNotRead(t *testing.T) {
	c, _, _ := pair(t, func(Event) {})
	for range mostOrders + 2 {
		Send(c.Session(""), page.StopLoading, cdp.Empty{})
	}
	<-c.Closed()
}

// Half a surrogate pair hides no event.
func TestHalfACharacter(t *testing.T) {
	e := Event{Params: []byte(`{"url":"http://a.example/\ud800","frameId":"F"}`)}
	v, err := Decode[page.EventNavigatedWithinDocument](e)
	if err != nil || v.URL != "http://a.example/\ufffd" || v.FrameID != "F" {
		t.Errorf("%+v, %v", v, err)
	}
}
