package page

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	look "yuzheng/app/window/theme"
	own "yuzheng/app/window/widget"
	"yuzheng/casefile/application"
)

// Dispatch is what has left the case, and what came back of it.
type Dispatch interface {
	Packets(ctx context.Context) ([]Packet, error)
	// Hand records that a packet's file is handed over, and encrypts a copy of it where one is asked for.
	Hand(ctx context.Context, h NewHandOver) error
	// AddReceipt records what an agency answered; its paper becomes an exhibit.
	AddReceipt(ctx context.Context, r NewReceipt) (exhibit string, err error)
	// SaveHashes verifies a packet, and writes the hashes of it and of its files as a table (CSV) into a file that is not there yet.
	SaveHashes(ctx context.Context, packet, table string) error
}

// Packet is a packet of the case.
type Packet struct {
	ID, Application string
	For             application.Recipient // "" in packets of before 2026-11-30
	Written         []WrittenPacket
	Handed          []HandOver
	Receipts        []Receipt
}

// WrittenPacket is one file that was written of a packet.
type WrittenPacket struct {
	File, SHA256, Signer string
	At                   time.Time
}

// HandOver says who has taken a packet's file.
type HandOver struct {
	To, Means, SHA256 string
	At                time.Time
	Encrypted         string   // file of the encrypted copy; "" where the packet went as it is
	Keys              []string // that open it; none is a passphrase
}

// Receipt is what an agency answered, as it writes it.
type Receipt struct{ Number, At, By, SHA256, Exhibit string }

// NewHandOver is a hand-over as a person fills it in.
type NewHandOver struct {
	Packet, File, To, Means, At string
	Copy                        string // where an encrypted copy is written; "" is none
	Passphrase                  string
	Keys                        []string // age1…
}

// NewReceipt is a receipt as a person fills it in. File is the agency's paper, "" for none.
type NewReceipt struct{ Packet, Number, At, By, File string }

// PacketsNeeds is what the page needs.
type PacketsNeeds struct {
	Dispatch Dispatch
	File     string   // of the packet that was just written; "" asks
	Known    []string // what stands on the case's papers, and makes no passphrase
	// Copy and Table ask where those are written, beginning with the suggestion.
	Copy, Table func(suggested string, chosen func(file string))
	Verify      func(file string)
	Show        func(exhibit string)
	Back        func()
}

// Packets lists the packets of the case, and writes down who took them and what agencies answered (S23).
type Packets struct {
	frame
	needs  PacketsNeeds
	all    []Packet
	shown  string
	rows   *widget.List
	what   *fyne.Container // of the packet that is shown
	forms  *fyne.Container
	detail *container.AppTabs
	jobs   int // of the forms, under way
}

// Busy reports whether work is under way: the page then stays when another is shown.
func (p *Packets) Busy() bool { return p.jobs > 0 }

// NewPackets makes the page.
func NewPackets(r Room, needs PacketsNeeds) *Packets {
	p := &Packets{frame: frame{Room: r}, needs: needs, what: container.NewVBox(own.Caption(r.t("packets.choose")))}
	p.rows = widget.NewList(func() int { return len(p.all) }, newPacketRow, p.fill)
	p.rows.OnSelected = func(i widget.ListItemID) { p.open(p.all[i]) }
	p.forms = container.NewStack(own.Scrolling(p.what))
	split := container.NewHSplit(p.rows, own.Card(p.forms))
	split.Offset = 0.36
	head := container.NewHBox(widget.NewButton(p.t("back"), needs.Back), own.Heading(p.t("packets.title")))
	p.object = container.NewBorder(container.NewVBox(head, own.Caption(p.t("packets.hint"))), nil, nil, nil, split)
	p.load()
	return p
}

// load reads the packets, and shows again the one that is shown, or the last.
func (p *Packets) load() {
	var all []Packet
	p.Work.Go(func(ctx context.Context) (err error) {
		all, err = p.needs.Dispatch.Packets(ctx)
		return err
	}, func(err error) {
		if err != nil {
			p.Fail(err)
			return
		}
		p.all = all
		p.rows.Refresh()
		if len(all) == 0 {
			p.what.RemoveAll()
			p.what.Add(own.Caption(p.t("packets.none")))
			return
		}
		for i, k := range all {
			if k.ID == p.shown {
				p.tell(all[i])
				return
			}
		}
		p.rows.Select(len(all) - 1)
	})
}

var packetWidths = []float32{56, 56, 0}

func newPacketRow() fyne.CanvasObject {
	return own.Columns(packetWidths, own.NewMiddle("", theme.ColorNameForeground, true), own.NewMiddle("", look.Secondary, false), own.NewMiddle("", theme.ColorNameForeground, false))
}

func (p *Packets) fill(i widget.ListItemID, o fyne.CanvasObject) {
	row, k := o.(*fyne.Container).Objects, p.all[i]
	row[0].(*own.Middle).SetText(k.ID)
	row[1].(*own.Middle).SetText(k.Application)
	row[2].(*own.Middle).SetText(p.recipient(k.For))
}

func (p *Packets) recipient(r application.Recipient) string {
	if r == "" {
		return ""
	}
	return p.t("recipient." + string(r))
}

// open shows a packet, with forms of its own: what was typed for another is not taken for this one.
func (p *Packets) open(k Packet) {
	if k.ID == p.shown {
		return
	}
	p.shown = k.ID
	p.detail = container.NewAppTabs(
		container.NewTabItem(p.t("packets.what"), own.Scrolling(p.what)),
		container.NewTabItem(p.t("packets.hand"), own.Scrolling(p.handForm(k.ID))),
		container.NewTabItem(p.t("packets.receipt"), own.Scrolling(p.receiptForm(k.ID))),
		container.NewTabItem(p.t("packets.hashes"), own.Scrolling(p.hashesForm(k.ID))),
	)
	p.forms.Objects = []fyne.CanvasObject{p.detail}
	p.forms.Refresh()
	p.tell(k)
}

// tell lists what is known of a packet.
func (p *Packets) tell(k Packet) {
	p.what.RemoveAll()
	p.what.Add(own.Subheading(told(k.ID, p.t("packets.of", "id", k.Application), p.recipient(k.For))))
	for _, f := range k.Written {
		p.what.Add(own.Wrapped(told(p.t("packets.written"), Clock(p.Say, f.At), f.File)))
		if f.Signer != "" {
			p.what.Add(own.Caption(p.t("life.signed", "signer", f.Signer)))
		}
		p.what.Add(own.Caption("SHA-256 " + f.SHA256))
	}
	if len(k.Written) == 0 {
		p.what.Add(own.Caption(p.t("packets.unwritten")))
	}
	for _, h := range k.Handed {
		p.what.Add(own.Wrapped(told(p.t("packets.handed"), Clock(p.Say, h.At), h.To, h.Means)))
		p.what.Add(own.Caption("SHA-256 " + h.SHA256))
		if h.Encrypted != "" {
			p.what.Add(own.Caption(p.t("packets.closed", "file", h.Encrypted, "by", p.openers(h.Keys))))
		}
	}
	for _, r := range k.Receipts {
		p.what.Add(p.receipt(r))
	}
	p.what.Refresh()
}

func (p *Packets) openers(keys []string) string {
	if len(keys) == 0 {
		return p.t("packets.passphrase")
	}
	return strings.Join(keys, "、")
}

func (p *Packets) receipt(r Receipt) fyne.CanvasObject {
	line := own.Wrapped(told(p.t("packets.registered"), r.Number, r.At, r.By))
	body := container.NewVBox(line, own.Caption("SHA-256 "+r.SHA256))
	if r.Exhibit == "" {
		return body
	}
	return container.NewBorder(nil, nil, nil, own.Quiet(p.t("execution.open"), func() { p.needs.Show(r.Exhibit) }), body)
}
