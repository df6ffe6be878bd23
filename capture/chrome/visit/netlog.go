package visit

import (
	"context"
	"errors"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exhibit"
	"yuzheng/casefile/evidence"
)

// netLogRoom bounds what Chrome keeps of its net log in memory until the end, in kB.
const netLogRoom = 64 << 10

// netLog is what Chrome's network stack says of itself, where it was asked for.
type netLog struct {
	*exhibit.Exhibit
	traced chan tracing.EventTracingComplete // nil where it was not asked for
}

// start has Chrome keep what its network stack says of itself: as trace events, which stay in memory. Its own file, which --log-net-log
// writes, would lie on the disk in clear.
func (n *netLog) start(ctx context.Context) {
	if !n.Request.NetLog {
		return
	}
	_, err := devtools.Call(ctx, n.Browser.Root(), tracing.Start, tracing.StartParams{
		TransferMode: tracing.StartTransferModeReturnAsStream, StreamFormat: tracing.StreamFormatJSON,
		TraceConfig: &tracing.TraceConfig{
			RecordMode: tracing.TraceConfigRecordModeRecordUntilFull, TraceBufferSizeInKb: netLogRoom,
			IncludedCategories: []string{"netlog"}, ExcludedCategories: []string{"*"},
		},
	})
	if err != nil {
		n.Journal.Lack(ctx, evidence.NetLogJSON, err)
		return
	}
	n.traced = make(chan tracing.EventTracingComplete, 1)
}

// ends takes the one event that there is.
func (n *netLog) ends(e tracing.EventTracingComplete) {
	select {
	case n.traced <- e:
	default:
	}
}

// end keeps the net log.
func (n *netLog) end(ctx context.Context) {
	if n.traced == nil {
		return
	}
	if err := n.keep(ctx); err != nil {
		n.Journal.Lack(ctx, evidence.NetLogJSON, err)
	}
}

func (n *netLog) keep(ctx context.Context) error {
	root := n.Browser.Root()
	if _, err := devtools.Call(ctx, root, tracing.End, cdp.Empty{}); err != nil {
		return err
	}
	var e tracing.EventTracingComplete
	select {
	case e = <-n.traced:
	case <-n.Context.Gone():
		return devtools.ErrGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if e.DataLossOccurred {
		n.Journal.Limit("netlog", evidence.LimitNetLog.With(netLogRoom))
	}
	if e.Stream == "" {
		return errors.New("the browser gave no stream")
	}
	f, err := n.Keeper.Create(evidence.NetLogJSON, "application/json")
	if err != nil {
		return err
	}
	if err := devtools.ReadStream(ctx, root, e.Stream, 0, f.Write); err != nil {
		return err
	}
	return f.Close()
}
