package window

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"yuzheng/app/window/page"
	"yuzheng/app/workbench"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
)

// Packets implements page.Dispatch.
func (f *file) Packets(context.Context) ([]page.Packet, error) {
	list, err := f.bench.Packets(f.c)
	var all []page.Packet
	for _, p := range list {
		k := page.Packet{ID: p.ID, Application: p.Application, For: application.Recipient(p.For)}
		for _, w := range p.Written {
			k.Written = append(k.Written, page.WrittenPacket{File: w.File, SHA256: w.SHA256, Signer: w.Signer, At: w.Time.Time})
		}
		for _, h := range p.Handed {
			k.Handed = append(k.Handed, handed(h))
		}
		for _, r := range p.Receipts {
			k.Receipts = append(k.Receipts, page.Receipt{Number: r.Number, At: r.At, By: r.By, SHA256: r.SHA256, Exhibit: r.Exhibit})
		}
		all = append(all, k)
	}
	return all, err
}

func handed(h workbench.HandOver) page.HandOver {
	out := page.HandOver{To: h.To, Means: h.Means, SHA256: h.SHA256, At: h.At}
	if h.Closed != nil {
		out.Encrypted, out.Keys = h.Closed.File, h.Closed.Keys
	}
	return out
}

// Hand implements page.Dispatch.
func (f *file) Hand(ctx context.Context, h page.NewHandOver) error {
	at, err := workbench.Moment(h.At)
	if err != nil {
		return err
	}
	_, err = f.bench.Hand(ctx, f.c, workbench.NewHandOver{
		Packet: h.Packet, File: h.File, To: h.To, Means: h.Means, At: at, Out: h.Copy, Lock: casefile.PackTo{Passphrase: h.Passphrase, Recipients: h.Keys},
	})
	return err
}

// AddReceipt implements page.Dispatch.
func (f *file) AddReceipt(ctx context.Context, n page.NewReceipt) (string, error) {
	var file workbench.NewFile
	var paper io.Reader
	if n.File != "" {
		r, err := os.Open(n.File)
		if err != nil {
			return "", err
		}
		defer r.Close()
		file.MediaType, file.File, paper = workbench.MediaType(n.File), filepath.Base(n.File), r
	}
	got, err := f.bench.AddReceipt(ctx, f.c, workbench.Receipt{Packet: n.Packet, Number: n.Number, At: n.At, By: n.By}, file, paper)
	return got.Exhibit, err
}

// SaveHashes implements page.Dispatch.
func (f *file) SaveHashes(ctx context.Context, packet, table string) error {
	list, err := f.bench.PacketHashes(ctx, packet)
	if err != nil {
		return err
	}
	return list.Save(table)
}
