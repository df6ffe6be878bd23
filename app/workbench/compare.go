package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"yuzheng/capture/compare"
	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
)

// Comparison is what exhibits of one address say about each other: of several views at about the same time, or of one view at two times.
type Comparison struct {
	Schema int `json:"schema"`

	Exhibit string             `json:"exhibit,omitempty"` // that the report became
	Sides   []string           `json:"sides"`
	Views   *compare.Cloaking  `json:"views,omitempty"`
	Times   *compare.Recapture `json:"times,omitempty"`
	Steps   []compare.Step     `json:"steps,omitempty"` // how to ask by hand as each view did
}

// Conclusion is the one word of it.
func (c Comparison) Conclusion() string {
	if c.Times != nil {
		return string(c.Times.Conclusion)
	}
	return string(c.Views.Conclusion)
}

// Percent is how much differs, where that could be measured.
func (c Comparison) Percent() *int {
	if c.Times != nil {
		return c.Times.Percent
	}
	return c.Views.Percent
}

// Signs are what the conclusion rests on.
func (c Comparison) Signs() []compare.Sign {
	if c.Times != nil {
		return c.Times.Signs
	}
	var list []compare.Sign
	for _, p := range c.Views.Pairs {
		if p.Conclusion == c.Views.Conclusion {
			list = append(list, p.Signs...)
		}
	}
	return list
}

// Compare sets exhibits of one address beside each other. Two of the same view are two times of it, everything else are views.
func (w *Workbench) Compare(ctx context.Context, c *casefile.Case, exhibits ...string) (Comparison, error) {
	out := Comparison{Schema: evidence.Schema, Sides: exhibits}
	sides, err := w.sides(ctx, c, exhibits)
	if err != nil {
		return out, err
	}
	if len(sides) == 2 && sides[0].Result.View == sides[1].Result.View {
		if sides[1].Result.Started.Before(sides[0].Result.Started) {
			sides[0], sides[1] = sides[1], sides[0]
		}
		r, err := compare.Times(ctx, sides[0], sides[1])
		out.Times = &r
		return out, refuseSides(exhibits, err)
	}
	v, err := compare.Views(ctx, sides)
	if err != nil {
		return out, refuseSides(exhibits, err)
	}
	out.Views = &v
	out.Steps, err = compare.Steps(ctx, sides)
	return out, err
}

func refuseSides(exhibits []string, err error) error {
	if !errors.Is(err, compare.ErrSides) {
		return err
	}
	return refuse("comparison of "+strings.Join(exhibits, ", "), "compare.sides", strings.Join(exhibits, " "),
		"這些證物不能互相比對："+err.Error(), "These exhibits cannot be compared: "+err.Error())
}

func (w *Workbench) sides(ctx context.Context, c *casefile.Case, exhibits []string) ([]compare.Side, error) {
	var list []compare.Side
	for _, id := range exhibits {
		e, err := c.Exhibit(id)
		if err != nil {
			return nil, err
		}
		got, err := captured(e)
		if err != nil {
			return nil, err
		}
		if got.Kind != evidence.Capture {
			return nil, refuseKind("comparison of "+strings.Join(exhibits, ", "), id)
		}
		list = append(list, compare.Side{Name: id, Result: got.Summary, Open: func(name string) (io.ReadCloser, error) {
			if !has(e, name) {
				return nil, fmt.Errorf("%s of %s: %w", name, id, fs.ErrNotExist)
			}
			return c.OpenArtifact(ctx, e.Entry, name)
		}})
	}
	return list, nil
}

// refuseKind is the error where only a captured page will do.
func refuseKind(what, exhibit string) error {
	return refuse(what, "exhibit.kind", exhibit, "這件證物不是網頁擷取。", "This exhibit is not the capture of a page.")
}

// KeepComparison makes a comparison an exhibit of its own.
func (w *Workbench) KeepComparison(ctx context.Context, c *casefile.Case, cmp Comparison, reason string) (Comparison, error) {
	return w.keepComparison(ctx, c, cmp, map[string]string{}, reason)
}

func (w *Workbench) keepComparison(ctx context.Context, c *casefile.Case, cmp Comparison, detail map[string]string, reason string) (Comparison, error) {
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.ExhibitAdmit, Actor: custody.Tool})
	if err != nil {
		return cmp, err
	}
	detail["compared"], detail["conclusion"] = strings.Join(cmp.Sides, " "), cmp.Conclusion()
	cmp.Exhibit, err = w.admitJSON(ctx, in, evidence.Comparison, evidence.ComparisonJSON, cmp, detail, reason)
	return cmp, err
}

// admitJSON admits one value as an exhibit that holds nothing else.
func (w *Workbench) admitJSON(ctx context.Context, in *casefile.Intake, kind evidence.Kind, name string, v any, detail map[string]string, reason string) (string, error) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		err = fill(in, name, "application/json", strings.NewReader(string(body)+"\n"))
	}
	if err != nil {
		return "", errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	e, err := w.admitOther(ctx, in, kind, evidence.OtherSummary{Title: name}, detail, reason)
	return e.ID, err
}

// requestOf is how an exhibit was captured.
func (w *Workbench) requestOf(ctx context.Context, c *casefile.Case, exhibit string) (evidence.Request, error) {
	got, err := w.Exhibit(c, exhibit)
	if err != nil {
		return evidence.Request{}, err
	}
	if got.Kind != evidence.Capture {
		return evidence.Request{}, refuseKind("capture of "+exhibit+" again", exhibit)
	}
	e, err := c.Exhibit(exhibit)
	if err != nil {
		return evidence.Request{}, err
	}
	report, err := readDocument[evidence.Report](ctx, c, e, evidence.CaptureJSON)
	return report.Request, err
}
