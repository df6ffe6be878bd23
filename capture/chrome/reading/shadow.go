package reading

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

const (
	maxShadows  = 500
	shadowStart = `shadowrootmode="` // how Chrome writes a shadow root in a document's HTML
)

// shadowText reads what stands in shadow roots, closed ones included: a page's own text does not contain it, though a visitor sees it.
func (r *Reader) shadowText(ctx context.Context) ([]string, error) {
	doc, err := devtools.Call(ctx, r.page.Session, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(-1)), Pierce: new(true)})
	if err != nil {
		return nil, err
	}
	defer devtools.Send(r.page.Session, dom.Disable, cdp.Empty{})
	var roots []cdp.BackendNodeID
	shadows(doc.Root, &roots)
	world, err := devtools.Call(ctx, r.page.Session, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: r.page.Frame, WorldName: "reader"})
	if err != nil {
		return nil, err
	}
	if len(roots) > maxShadows {
		r.journal.Limit("shadow roots", evidence.LimitShadowRoots.With(maxShadows, len(roots)))
		roots = roots[:maxShadows]
	}
	var out []string
	for _, id := range roots {
		if text := r.textOf(ctx, id, world.ExecutionContextID); text != "" {
			out = append(out, text)
		}
	}
	return out, nil
}

// shadows lists the shadow roots under n that the page has made, outer ones first.
func shadows(n *cdp.Node, out *[]cdp.BackendNodeID) {
	for _, root := range n.ShadowRoots {
		if root.ShadowRootType != cdp.ShadowRootTypeUserAgent {
			*out = append(*out, root.BackendNodeID)
		}
		shadows(root, out)
	}
	for _, c := range n.Children {
		shadows(c, out)
	}
}

// textOf is the text of one shadow root as it shows; empty where the root has gone.
func (r *Reader) textOf(ctx context.Context, id cdp.BackendNodeID, world runtime.ExecutionContextID) string {
	node, err := devtools.Call(ctx, r.page.Session, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id, ExecutionContextID: world})
	if err != nil || node.Object == nil {
		return ""
	}
	got, err := devtools.Call(ctx, r.page.Session, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		ObjectID: node.Object.ObjectID, ReturnByValue: new(true),
		FunctionDeclaration: `function() { return Array.from(this.childNodes, n => n.nodeType === 3 ? n.data : n.localName === "style" || n.localName === "script" ? "" : n.innerText || "").join("\n"); }`,
	})
	text := ""
	if err != nil || got.Result == nil || devtools.Unmarshal(got.Result.Value, &text) != nil {
		return ""
	}
	return strings.TrimSpace(text)
}
