package chrome

import (
	"context"
	"errors"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
)

// netLogRoom bounds what Chrome keeps of its net log in memory until the end, in kB.
const netLogRoom = 64 << 10

// startNetLog has Chrome keep what its network stack says of itself: as trace events, which stay in memory. Its own file, which --log-net-log
// writes, would lie on the disk in clear.
func (j *job) startNetLog(ctx context.Context) {
	if !j.Request.NetLog {
		return
	}
	_, err := devtools.Call(ctx, j.Browser.Root(), tracing.Start, tracing.StartParams{
		TransferMode: tracing.StartTransferModeReturnAsStream, StreamFormat: tracing.StreamFormatJSON,
		TraceConfig: &tracing.TraceConfig{
			RecordMode: tracing.TraceConfigRecordModeRecordUntilFull, TraceBufferSizeInKb: netLogRoom,
			IncludedCategories: []string{"netlog"}, ExcludedCategories: []string{"*"},
		},
	})
	if err != nil {
		j.Journal.Lack(ctx, evidence.NetLogJSON, err)
		return
	}
	j.traced = make(chan tracing.EventTracingComplete, 1)
}

// tracingEnds takes the one event that there is.
func (j *job) tracingEnds(e tracing.EventTracingComplete) {
	select {
	case j.traced <- e:
	default:
	}
}

// endNetLog keeps the net log.
func (j *job) endNetLog(ctx context.Context) {
	if j.traced == nil {
		return
	}
	if err := j.keepNetLog(ctx); err != nil {
		j.Journal.Lack(ctx, evidence.NetLogJSON, err)
	}
}

func (j *job) keepNetLog(ctx context.Context) error {
	root := j.Browser.Root()
	if _, err := devtools.Call(ctx, root, tracing.End, cdp.Empty{}); err != nil {
		return err
	}
	var e tracing.EventTracingComplete
	select {
	case e = <-j.traced:
	case <-j.Context.Gone():
		return devtools.ErrGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if e.DataLossOccurred {
		j.Journal.Limit("netlog", "longer than %d kB: its end is lost", netLogRoom)
	}
	if e.Stream == "" {
		return errors.New("the browser gave no stream")
	}
	f, err := j.Keeper.Create(evidence.NetLogJSON, "application/json")
	if err != nil {
		return err
	}
	if err := devtools.ReadStream(ctx, root, e.Stream, 0, f.Write); err != nil {
		return err
	}
	return f.Close()
}
