package workbench

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
)

// kindLosses is the record of what an exhibit reports as lost, named by the exhibit; its newest version counts.
const kindLosses = "losses"

// NewLosses is a table of losses: a file that becomes an exhibit of the kind complaint, or, with Exhibit, what a person wrote out of one that is there.
type NewLosses struct {
	Exhibit string
	Columns map[string]string // field to the heading of its column, where a person says so
	Source
}

// ImportedLosses is a table of losses that was taken in.
type ImportedLosses struct {
	Exhibit string             `json:"exhibit"`
	Columns map[string]string  `json:"columns"` // field to the heading of the column that it was read from
	Alike   []int              `json:"alike"`   // rows that say word for word what an earlier one says
	Losses  []application.Loss `json:"losses"`
}

// ImportLosses reads a table of losses (CSV) and keeps it beside the exhibit that reports them. A table with a row that cannot be read is refused as a
// whole, with the rows, and nothing is admitted; one that was taken in before is refused too. The same exhibit's table takes the place of the one before.
func (w *Workbench) ImportLosses(ctx context.Context, c *casefile.Case, n NewLosses, r io.Reader) (ImportedLosses, error) {
	text, err := io.ReadAll(io.LimitReader(r, application.MaxLossBytes+1))
	if err != nil {
		return ImportedLosses{}, err
	}
	targets, err := w.Targets(c)
	if err != nil {
		return ImportedLosses{}, err
	}
	table, wrong := application.ReadLosses(text, application.LossOptions{Exhibit: n.Exhibit, Targets: targets, Columns: n.Columns, Now: w.Now()})
	if len(wrong) > 0 {
		return ImportedLosses{}, refuseLosses(n.File, wrong)
	}
	if n.Exhibit, err = w.lossExhibit(ctx, c, n, text); err != nil {
		return ImportedLosses{}, err
	}
	for i := range table.Losses {
		table.Losses[i].Exhibit = n.Exhibit
	}
	_, err = c.Put(ctx, kindLosses, n.Exhibit, lossTable{Losses: table.Losses, Columns: table.Columns}, n.Reason)
	return ImportedLosses{n.Exhibit, table.Columns, append([]int{}, table.Alike...), table.Losses}, err
}

// lossExhibit is the exhibit that reports the losses: the one that was named, or the table itself.
func (w *Workbench) lossExhibit(ctx context.Context, c *casefile.Case, n NewLosses, text []byte) (string, error) {
	if n.Exhibit != "" {
		_, err := c.Exhibit(n.Exhibit)
		return n.Exhibit, err
	}
	tables, err := records(c, kindLosses, func(t *lossTable, id string) { t.exhibit = id })
	if err != nil {
		return "", err
	}
	hash := sha256.Sum256(text)
	for _, t := range tables {
		e, err := c.Exhibit(t.exhibit)
		if err != nil {
			return "", err
		}
		if len(t.Losses) > 0 && slices.ContainsFunc(e.Artifacts, func(a evidence.Artifact) bool { return a.SHA256 == hex.EncodeToString(hash[:]) }) {
			return "", refuse(n.File, "loss.twice", t.exhibit, "這份損失表已列為證"+t.exhibit+"，不重複計入；要更正者，請先撤回該證物之損失。",
				"This table is "+t.exhibit+" already and would count twice; to mend it, take back the losses of that exhibit first.")
		}
	}
	got, err := w.AddFile(ctx, c, NewFile{Kind: evidence.Complaint, MediaType: "text/csv", Source: n.Source}, bytes.NewReader(text))
	return got.Exhibit, err
}

// DropLosses takes the table of an exhibit back: its losses count no longer. The exhibit stays, and the log has the reason.
func (w *Workbench) DropLosses(ctx context.Context, c *casefile.Case, exhibit, reason string) error {
	if _, err := c.Get(kindLosses, exhibit); err != nil {
		return fmt.Errorf("losses of %s: %w", exhibit, err)
	}
	_, err := c.Put(ctx, kindLosses, exhibit, lossTable{}, reason)
	return err
}

// lossTable is the record of one exhibit.
type lossTable struct {
	Losses  []application.Loss `json:"losses"`
	Columns map[string]string  `json:"columns,omitempty"`

	exhibit string
}

// lossFields are the words for what is wrong with a table of losses, and for the form that is wanted.
var lossFields = map[string][4]string{
	application.LossVictim: {"被害人", "victim", "不得為空白", "it may not be empty"},
	application.LossDate: {
		"日期", "date", "請寫如 115/11/02、2026-11-02 或 民國115年11月2日，不得晚於今日",
		"write 2026-11-02, 115/11/02 or 民國115年11月2日, not later than today",
	},
	application.LossAmount: {"金額", "amount", "請寫如 1200000、1,200,000 或 120萬元", "write 1200000, 1,200,000 or 120萬元"},
	application.LossTarget: {"標的", "target", "請寫標的編號（D001）或其網域名稱", "write the number of a target (D001) or its domain name"},
	application.LossWay:    {"付款方式", "way of payment", "", ""},
	application.LossText:   {"檔案", "file", "須為 CSV，UTF-8、UTF-16 或 Big5 編碼，4 MiB 以內", "it must be CSV in UTF-8, UTF-16 or Big5, of at most 4 MiB"},
	application.LossRows:   {"列數", "rows", "至少 1 列，至多 1 萬列", "at least 1, at most 10,000"},
	application.LossTotal:  {"合計", "total", "與其上各列之和不符", "the rows above add up to something else"},
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
		f := lossFields[row.Field]
		if row.Headings != "" {
			refused.Reasons = append(refused.Reasons, Reason{
				"loss.column", at, "無法確定何欄為「" + f[0] + "」，請指定欄名。表的欄名：" + row.Headings + "。",
				"which column is the " + f[1] + " is not sure; name its heading. The table has: " + row.Headings + ".",
			})
			continue
		}
		refused.Reasons = append(refused.Reasons, Reason{
			"loss.row", at, zh + "無法讀取：" + f[0] + "「" + row.Value + "」（" + f[2] + "）。", en + " cannot be read: " + f[1] + " “" + row.Value + "” (" + f[3] + ").",
		})
	}
	return refused
}

// Losses lists every loss that was reported in a case, by exhibit.
func (w *Workbench) Losses(c *casefile.Case) ([]application.Loss, error) {
	targets, err := w.Targets(c)
	if err != nil {
		return nil, err
	}
	return lossesAt(c, targets, always)
}

// lossesAt are those that were reported when the log had so many entries.
func lossesAt(c *casefile.Case, targets []application.Target, entries int64) ([]application.Loss, error) {
	tables, err := recordsAt(c, kindLosses, entries, func(*lossTable, string) {})
	list := []application.Loss{}
	for _, t := range tables {
		for _, l := range t.Losses {
			list = append(list, l.Assign(targets))
		}
	}
	return list, err
}
