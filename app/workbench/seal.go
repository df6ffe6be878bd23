package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/stamp"
)

// Seal signs the log as it stands and asks the case's time-stamp servers. A server that is away leaves the stamp
// pending; the next seal asks again.
func (w *Workbench) Seal(ctx context.Context, c *casefile.Case) (casefile.SealRecord, error) {
	if err := w.seal(ctx, c); err != nil {
		return casefile.SealRecord{}, err
	}
	return lastSeal(c)
}

func (w *Workbench) seal(ctx context.Context, c *casefile.Case) error {
	s, err := readSettings(c)
	if err != nil {
		return err
	}
	if _, err := c.Seal(ctx, s.TSA); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return w.stampPending(ctx, c)
}

// CatchUp asks for the stamps that earlier seals still want, and makes no new seal; it gives all seals as they stand then.
func (w *Workbench) CatchUp(ctx context.Context, c *casefile.Case) ([]casefile.SealRecord, error) {
	if err := w.stampPending(ctx, c); err != nil {
		return nil, err
	}
	return c.Seals()
}

// stampPending asks for every stamp that is still wanted, each authority for itself; one that is away is asked no second time in a run. Only a case
// that can't be written fails it.
func (w *Workbench) stampPending(ctx context.Context, c *casefile.Case) error {
	seals, err := c.Seals()
	if err != nil {
		return err
	}
	away := map[string]bool{}
	for _, s := range seals {
		for _, url := range s.Pending {
			if away[url] {
				continue
			}
			if away[url], err = w.stampOne(ctx, c, s, url); err != nil {
				return err
			}
		}
	}
	return nil
}

// stampOne asks one authority for the stamp of one seal, and reports whether it is away.
func (w *Workbench) stampOne(ctx context.Context, c *casefile.Case, s casefile.SealRecord, url string) (away bool, err error) {
	reply, err := stamp.Request(ctx, w.HTTP, url, s.Text, w.Now())
	detail := map[string]string{detailSeal: fmt.Sprint(s.Size), "result": "stamped"}
	if err != nil {
		detail["result"] = err.Error()
	}
	_, logErr := c.Log(context.WithoutCancel(ctx), custody.Entry{ // whom we asked is said, whatever came of it
		Actor: custody.Tool, Action: custody.NetworkContact, Object: url, Reason: "time stamp", Detail: detail,
	})
	if logErr != nil {
		return false, logErr
	}
	if err != nil {
		return errors.Is(err, stamp.ErrAway), nil // it stays pending, and the log says why
	}
	return false, c.AddStamp(ctx, s.Size, url, reply)
}

// detailSeal is the size of the seal that an authority was asked to stamp, in the entry that tells what came of it.
const detailSeal = "seal"

// Unstamped says why an authority has not stamped a seal, as the log tells of the last time that it was asked.
type Unstamped struct {
	URL   string       `json:"url"`
	Asked custody.Time `json:"asked"`
	Why   string       `json:"why"` // English; package faults has words for it
}

// Unstamped tells of each stamp of a seal that is pending why it did not come; of one that was never asked for nothing.
func (w *Workbench) Unstamped(c *casefile.Case, seal casefile.SealRecord) ([]Unstamped, error) {
	list := []Unstamped{}
	if len(seal.Pending) == 0 {
		return list, nil
	}
	last := map[string]custody.Entry{}
	for e, err := range c.Entries(seal.Size + 1) {
		if err != nil {
			return nil, err
		}
		if e.Action == custody.NetworkContact && e.Detail[detailSeal] == fmt.Sprint(seal.Size) {
			last[e.Object] = e
		}
	}
	for _, url := range seal.Pending {
		if e, asked := last[url]; asked {
			list = append(list, Unstamped{url, e.Time, WhyUnstamped(e)})
		}
	}
	return list, nil
}

// WhyUnstamped gives why a stamp did not come of which an entry tells, without the address that the entry names; empty where it did, or the entry is of
// something else.
func WhyUnstamped(e custody.Entry) string {
	if e.Action != custody.NetworkContact || e.Detail[detailSeal] == "" || e.Detail["result"] == "stamped" {
		return ""
	}
	return strings.TrimPrefix(e.Detail["result"], e.Object+": ")
}

func lastSeal(c *casefile.Case) (casefile.SealRecord, error) {
	seals, err := c.Seals()
	if err != nil {
		return casefile.SealRecord{}, err
	}
	if len(seals) == 0 {
		return casefile.SealRecord{}, fmt.Errorf("seal: %w", casefile.ErrNotFound)
	}
	return seals[len(seals)-1], nil
}

// SetTSA names the time-stamp servers that the case's seals go to from now on.
func (w *Workbench) SetTSA(ctx context.Context, c *casefile.Case, urls []string) error {
	if err := checkTSA(urls); err != nil {
		return err
	}
	_, err := c.Put(ctx, kindSettings, settingsID, evidence.Settings{TSA: urls}, "")
	return err
}

func checkTSA(urls []string) error {
	for _, url := range urls {
		if err := stamp.CheckAddress(url); err != nil {
			return err
		}
	}
	return nil
}

func readSettings(c *casefile.Case) (evidence.Settings, error) {
	var s evidence.Settings
	r, err := c.Get(kindSettings, settingsID)
	if errors.Is(err, casefile.ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(r.Value, &s); err != nil {
		return s, fmt.Errorf("settings of the case: %w", err)
	}
	return s, nil
}

// Check re-derives everything in the case and returns what does not match; with findings the error is ErrMismatch.
func (w *Workbench) Check(ctx context.Context, c *casefile.Case, progress func(done, total int64)) ([]casefile.Finding, error) {
	var findings []casefile.Finding
	options := casefile.CheckOptions{Progress: progress, Stamp: checkStamp}
	for f, err := range c.Check(ctx, options) {
		if err != nil {
			detail := map[string]string{casefile.DetailFailed: err.Error()}
			_, lerr := c.Log(context.WithoutCancel(ctx), custody.Entry{Actor: custody.Tool, Action: custody.CaseCheck, Detail: detail})
			return findings, errors.Join(err, lerr)
		}
		findings = append(findings, f)
	}
	_, err := c.Log(ctx, custody.Entry{
		Actor: custody.Tool, Action: custody.CaseCheck, Detail: map[string]string{"findings": fmt.Sprint(len(findings))},
	})
	if len(findings) > 0 {
		return findings, errors.Join(ErrMismatch, err)
	}
	return nil, err
}

// checkStamp judges a stored reply by itself: imprint, signature, purpose. Whom to trust is the reader's choice.
func checkStamp(seal, reply []byte) error {
	_, err := stamp.Verify(seal, reply, nil)
	return err
}
