package chrome

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"yuzheng/capture/chrome/devtools"
)

const (
	maxShadows  = 500
	shadowStart = `shadowrootmode="` // how Chrome writes a shadow root in a document's HTML
)

// shadowText reads what stands in shadow roots, closed ones included: a page's own text does not contain it, though a visitor sees it.
func (j *job) shadowText(ctx context.Context) ([]string, error) {
	doc, err := devtools.Call(ctx, j.page.Session, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(-1)), Pierce: new(true)})
	if err != nil {
		return nil, err
	}
	defer devtools.Send(j.page.Session, dom.Disable, cdp.Empty{})
	var roots []cdp.BackendNodeID
	shadows(doc.Root, &roots)
	world, err := devtools.Call(ctx, j.page.Session, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: j.page.Frame, WorldName: "reader"})
	if err != nil {
		return nil, err
	}
	if len(roots) > maxShadows {
		j.journal.Limit("shadow roots", "%d of %d were read", maxShadows, len(roots))
		roots = roots[:maxShadows]
	}
	var out []string
	for _, id := range roots {
		if text := j.textOf(ctx, id, world.ExecutionContextID); text != "" {
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
func (j *job) textOf(ctx context.Context, id cdp.BackendNodeID, world runtime.ExecutionContextID) string {
	node, err := devtools.Call(ctx, j.page.Session, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id, ExecutionContextID: world})
	if err != nil || node.Object == nil {
		return ""
	}
	r, err := devtools.Call(ctx, j.page.Session, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		ObjectID: node.Object.ObjectID, ReturnByValue: new(true),
		FunctionDeclaration: `function() { return Array.from(this.childNodes, n => n.nodeType === 3 ? n.data : n.localName === "style" || n.localName === "script" ? "" : n.innerText || "").join("\n"); }`,
	})
	text := ""
	if err != nil || r.Result == nil || devtools.Unmarshal(r.Result.Value, &text) != nil {
		return ""
	}
	return strings.TrimSpace(text)
}
