package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"yuzheng/casefile"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/sign"
)

// signPapers seals the papers once more with those signed that the office signs, and gives them as they are where there are none, or where this certificate
// has signed them already. A signature is another one each time: so that a packet can be built again, the signed paper is a version in the case,
// and the packet's is read from there. It begins with the bytes of the paper that was approved; all other papers are the same.
func (w *Workbench) signPapers(ctx context.Context, c *casefile.Case, b brief, papers casefile.Exhibit, by *sign.Signer) (casefile.Exhibit, error) {
	var made evidence.Rendering
	if err := json.Unmarshal(papers.Summary, &made); err != nil {
		return papers, fmt.Errorf("papers of %s: %w", b.app.ID, err)
	}
	certificate := by.Certificate()
	if made.Signer == certificate.Fingerprint {
		return papers, nil
	}
	signed, sizes := map[string][]byte{}, map[string]int64{}
	for _, name := range b.lists.Signed(b.life.Type, b.to) {
		unsigned, err := paperOf(ctx, c, papers, name)
		if err != nil {
			return papers, err
		}
		if size, already := made.Unsigned[name]; already { // somebody else's: what stands before his signature is the paper
			unsigned = unsigned[:min(size, int64(len(unsigned)))]
		}
		if signed[name], err = by.PDF(unsigned, w.Now()); err != nil {
			return papers, fmt.Errorf("paper %s: %w", name, err)
		}
		sizes[name] = int64(len(unsigned))
	}
	if len(signed) == 0 {
		return papers, nil
	}
	made.Signer, made.Unsigned = certificate.Fingerprint, sizes
	detail := signerDetail(certificate)
	detail["inputs_sha256"] = made.Inputs
	in, err := c.Receive(ctx, casefile.IntakeOptions{Action: custody.DocumentRender, Object: b.set(), Actor: custody.Tool})
	if err != nil {
		return papers, err
	}
	if err := refill(ctx, c, in, papers, signed); err != nil {
		return papers, errors.Join(err, in.Abandon(context.WithoutCancel(ctx), err.Error()))
	}
	summary, err := json.Marshal(made)
	if err != nil {
		return papers, err
	}
	return in.Admit(ctx, summary, detail, "")
}

func paperOf(ctx context.Context, c *casefile.Case, papers casefile.Exhibit, name string) ([]byte, error) {
	r, err := c.OpenArtifact(ctx, papers.Entry, name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(err, r.Close())
}

// refill writes the papers once more, with the signed ones in their places.
func refill(ctx context.Context, c *casefile.Case, in *casefile.Intake, papers casefile.Exhibit, signed map[string][]byte) error {
	for _, a := range papers.Artifacts {
		data := signed[a.Name]
		if data == nil {
			var err error
			if data, err = paperOf(ctx, c, papers, a.Name); err != nil {
				return err
			}
		}
		if err := fill(in, a.Name, a.MediaType, bytes.NewReader(data)); err != nil {
			return err
		}
	}
	return nil
}

// signerDetail is what an entry says of who signs.
func signerDetail(by sign.Certificate) map[string]string {
	return map[string]string{"signer": by.Subject, "signer_serial": by.Serial, "signer_sha256": by.Fingerprint}
}
