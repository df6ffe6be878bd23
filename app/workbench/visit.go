package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// readDocument reads an artifact that is a document of package evidence. A field that has another form than today, as documents of before there were
// versions may have one, is left empty.
func readDocument[T any](ctx context.Context, c *casefile.Case, e casefile.Exhibit, name string) (T, error) {
	var none T
	r, err := c.OpenArtifact(ctx, e.Entry, name)
	if err != nil {
		return none, err
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		return none, err
	}
	doc, err := evidence.Decode[T](name+" of "+e.ID, body)
	if _, form := errors.AsType[*json.UnmarshalTypeError](err); form {
		err = nil
	}
	return doc, err
}

// visits fills in how the pages of the cited exhibits were asked for. Papers alone print it, so the gate does not read it.
func visits(ctx context.Context, c *casefile.Case, exhibits []application.Exhibit, cited []string) error {
	for i := range exhibits {
		x := &exhibits[i]
		if !x.Captured() || !slices.Contains(cited, x.ID) {
			continue
		}
		e, err := c.Exhibit(x.ID)
		if err != nil {
			return err
		}
		if !has(e, evidence.CaptureJSON) {
			continue
		}
		report, err := readDocument[evidence.Report](ctx, c, e, evidence.CaptureJSON)
		if err != nil {
			return err
		}
		tellVisit(report, &x.Visit)
	}
	return nil
}

// tellVisit takes out of a report what the papers print. What an older report does not have stays nil: it is printed as not recorded.
func tellVisit(r evidence.Report, v *application.Visit) {
	v.Program, v.Browser, v.Proxy = r.Program, r.Browser, &r.Request.Proxy
	for _, name := range slices.Sorted(maps.Keys(r.Request.Resolve)) {
		v.Mapped = append(v.Mapped, name+"="+r.Request.Resolve[name])
	}
	o := r.Overrides
	if o == nil {
		return
	}
	v.UserAgent, v.Platform, v.Languages, v.TimeZone = o.Visitor.UserAgent, o.Visitor.Platform, o.Visitor.Languages, o.Visitor.TimeZone
	v.Width, v.Height, v.Scale, v.Referrer = o.Visitor.Width, o.Visitor.Height, o.Visitor.Scale, &o.Visitor.Referrer
	v.Headless, v.Sandbox = o.Headless.Get(), o.Sandbox.Get()
	if how := o.Certificates.Get(); how != nil {
		unverified := *how == evidence.Unverified
		v.Unverified = &unverified
	}
}
