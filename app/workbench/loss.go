package workbench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// kindLosses is the record of what an exhibit reports as lost, named by the exhibit; its newest version counts.
const kindLosses = "losses"

// NewLosses is a table of losses: a file that becomes an exhibit of the kind complaint, or, with Exhibit, what a person wrote out of one that is there.
type NewLosses struct {
	Exhibit string
	Source
}

// ImportLosses reads a table of losses (CSV) and keeps it beside the exhibit that reports them. A table with a row that cannot be read is refused as a
// whole, with the rows, and nothing is admitted. The same exhibit's table takes the place of the one before.
func (w *Workbench) ImportLosses(ctx context.Context, c *casefile.Case, n NewLosses, r io.Reader) (string, []application.Loss, error) {
	text, err := io.ReadAll(io.LimitReader(r, application.MaxLossBytes+1))
	if err != nil {
		return "", nil, err
	}
	targets, err := w.Targets(c)
	if err != nil {
		return "", nil, err
	}
	list, wrong := application.ReadLosses(n.Exhibit, text, targets)
	if len(wrong) > 0 {
		return "", nil, refuseLosses(n.File, wrong)
	}
	if n.Exhibit == "" {
		got, err := w.AddFile(ctx, c, NewFile{Kind: evidence.Complaint, MediaType: "text/csv", Source: n.Source}, bytes.NewReader(text))
		if err != nil {
			return "", nil, err
		}
		n.Exhibit = got.Exhibit
	} else if _, err := c.Exhibit(n.Exhibit); err != nil {
		return "", nil, err
	}
	for i := range list {
		list[i].Exhibit = n.Exhibit
	}
	_, err = c.Put(ctx, kindLosses, n.Exhibit, lossTable{list}, n.Reason)
	return n.Exhibit, list, err
}

// lossTable is the record of one exhibit.
type lossTable struct {
	Losses []application.Loss `json:"losses"`
}

func refuseLosses(file string, wrong []error) error {
	refused := &RefusedError{What: cmp.Or(file, "losses")}
	for _, err := range wrong {
		var row *application.LossRowError
		if !errors.As(err, &row) {
			return err
		}
		at, zh, en := fmt.Sprint(row.Row), "第 "+fmt.Sprint(row.Row)+" 列", "row "+fmt.Sprint(row.Row)
		if row.Row == 0 {
			at, zh, en = file, "表", "the table"
		}
		refused.Reasons = append(refused.Reasons, Reason{
			"loss.row", at, zh + "無法讀取：" + row.Field + "「" + row.Value + "」。", en + " cannot be read: " + row.Field + " “" + row.Value + "”.",
		})
	}
	return refused
}

// Losses lists every loss that was reported in a case, by exhibit.
func (w *Workbench) Losses(c *casefile.Case) ([]application.Loss, error) {
	tables, err := records(c, kindLosses, func(*lossTable, string) {})
	list := []application.Loss{}
	for _, t := range tables {
		list = append(list, t.Losses...)
	}
	return list, err
}
