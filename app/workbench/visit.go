package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// visitFile is the part of capture.json that says how the page was asked for. METHOD.md of package capture has all of it.
type visitFile struct {
	Program   string           `json:"program"`
	Browser   string           `json:"browser"`
	Request   evidence.Request `json:"request"`
	Overrides *struct {
		Visitor struct {
			UserAgent string  `json:"user_agent"`
			Platform  string  `json:"platform"`
			Languages string  `json:"languages"`
			TimeZone  string  `json:"time_zone"`
			Width     int64   `json:"viewport_width"`
			Height    int64   `json:"viewport_height"`
			Scale     float64 `json:"device_scale_factor"`
			Referrer  string  `json:"referrer"`
		} `json:"visitor"`
		Headless     json.RawMessage `json:"headless"`
		Sandbox      json.RawMessage `json:"sandbox"`
		Certificates json.RawMessage `json:"certificate_errors"`
	} `json:"overrides"`
}

// visits fills in how the pages of the cited exhibits were asked for. Papers alone print it, so the gate does not read it.
func visits(ctx context.Context, c *casefile.Case, exhibits []application.Exhibit, cited []string) error {
	for i := range exhibits {
		x := &exhibits[i]
		if !x.Captured() || !slices.Contains(cited, x.ID) || !slices.ContainsFunc(x.Artifacts, func(a evidence.Artifact) bool { return a.Name == evidence.CaptureJSON }) {
			continue
		}
		e, err := c.Exhibit(x.ID)
		if err != nil {
			return err
		}
		r, err := c.OpenArtifact(ctx, e.Entry, evidence.CaptureJSON)
		if err != nil {
			return err
		}
		err = errors.Join(readVisit(r, &x.Visit), r.Close())
		if err != nil {
			return fmt.Errorf("%s of %s: %w", evidence.CaptureJSON, x.ID, err)
		}
	}
	return nil
}

// readVisit reads capture.json.
func readVisit(r io.Reader, v *application.Visit) error {
	var f visitFile
	var wrong *json.UnmarshalTypeError // of another version: the field is printed as not recorded
	if err := json.NewDecoder(r).Decode(&f); err != nil && !errors.As(err, &wrong) {
		return err
	}
	v.Program, v.Browser, v.Proxy = f.Program, f.Browser, &f.Request.Proxy
	for _, name := range slices.Sorted(maps.Keys(f.Request.Resolve)) {
		v.Mapped = append(v.Mapped, name+"="+f.Request.Resolve[name])
	}
	if o := f.Overrides; o != nil {
		v.UserAgent, v.Platform, v.Languages, v.TimeZone = o.Visitor.UserAgent, o.Visitor.Platform, o.Visitor.Languages, o.Visitor.TimeZone
		v.Width, v.Height, v.Scale, v.Referrer = o.Visitor.Width, o.Visitor.Height, o.Visitor.Scale, &o.Visitor.Referrer
		v.Headless, v.Sandbox = told[bool](o.Headless), told[bool](o.Sandbox)
		if how := told[string](o.Certificates); how != nil {
			unverified := *how == "recorded and told, not obeyed"
			v.Unverified = &unverified
		}
	}
	return nil
}

// told is a field of the record; nil where it is not there or is something else.
func told[T any](raw json.RawMessage) *T {
	v := new(T)
	if len(raw) == 0 || string(raw) == "null" || json.Unmarshal(raw, v) != nil {
		return nil
	}
	return v
}
