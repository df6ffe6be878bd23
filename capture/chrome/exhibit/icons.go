package exhibit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"

	"yuzheng/capture/archive"
	"yuzheng/capture/chrome/devtools"
	"yuzheng/capture/chrome/exchange"
	"yuzheng/capture/favicon"
	"yuzheng/casefile/evidence"
)

const (
	maxIcons = 3       // asked for on one page
	maxIcon  = 1 << 20 // bytes
)

// takeIcons asks for the icons that the document names, and for /favicon.ico, as a browser with a window would. What is not there is no lack.
func (x *Exhibit) takeIcons(ctx context.Context, html, address string) {
	if !exchange.OverNetwork(address) {
		return
	}
	for _, link := range favicon.Links([]byte(html), address) {
		if len(x.icons) == maxIcons || ctx.Err() != nil {
			return
		}
		if exchange.OverNetwork(link) {
			x.icons = append(x.icons, x.takeIcon(ctx, link, len(x.icons)+1))
		}
	}
}

// iconTime is how long one icon may take.
const iconTime = 10 * time.Second

var errWantsAccount = errors.New("the server wants an account")

// loadIcon asks the browser for an icon. For one that a server wants an account for Chrome never answers: the wire tells.
func (x *Exhibit) loadIcon(ctx context.Context, link string) (network.LoadNetworkResourceResult, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		for x.Page.Pause(ctx, 4*Tick) == nil {
			if x.Guard.Wire().Answered(http.MethodGet, exchange.OnWireURL(link), http.StatusUnauthorized) {
				stop(errWantsAccount)
			}
		}
	}()
	return devtools.Call(ctx, x.Page.Session, network.LoadNetworkResource, network.LoadNetworkResourceParams{
		FrameID: x.Page.Frame, URL: link, Options: &network.LoadNetworkResourceOptions{IncludeCredentials: true},
	})
}

func (x *Exhibit) takeIcon(ctx context.Context, link string, n int) evidence.Icon {
	ctx, cancel := context.WithTimeoutCause(ctx, iconTime, fmt.Errorf("no icon within %v", iconTime))
	defer cancel()
	out := evidence.Icon{URL: link}
	x.Exchanges.Asks(link)
	x.Journal.Note(evidence.ByTool, "icon", "asked for %s", link)
	started := x.Options.Now().UTC()
	r, err := x.loadIcon(ctx, link)
	if errors.Is(err, errWantsAccount) {
		out.Status = http.StatusUnauthorized
	}
	if err == nil && r.Resource.HTTPStatusCode != 0 {
		out.Status = int(r.Resource.HTTPStatusCode)
	}
	if err == nil && !r.Resource.Success {
		err = fmt.Errorf("%s, status %d", r.Resource.NetErrorName, out.Status)
	}
	var body []byte
	if err == nil {
		err = devtools.ReadStream(ctx, x.Page.Session, r.Resource.Stream, maxIcon, func(p []byte) (int, error) {
			body = append(body, p...)
			return len(p), nil
		})
	}
	if err != nil {
		out.Error = err.Error()
		return out
	}
	hashes := favicon.Of(body)
	out.Error = hashes.Error // the embedded one of that name is hidden
	out.IconHashes, out.Artifact = &hashes, fmt.Sprintf("%s%d%s", evidence.IconsPath, n, iconEnding(link))
	x.Keeper.Put(out.Artifact, "application/octet-stream", body)
	x.Exchanges.Add(archive.Exchange{
		URL: link, Method: "GET", Kind: exchange.KindIcon, Target: "page", Started: started, Elapsed: x.Options.Now().Sub(started), Status: out.Status,
		ResponseHeader: exchange.Headers(r.Resource.Headers), Body: body,
	})
	return out
}

func iconEnding(link string) string {
	name, _, _ := strings.Cut(link, "?")
	switch ending := strings.ToLower(path.Ext(name)); ending {
	case ".ico", ".png", ".gif", ".jpg", ".svg", ".webp":
		return ending
	}
	return ".bin"
}
