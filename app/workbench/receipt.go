package workbench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/private"
)

// HashList is what an agency registers of a packet (存證, on the judicial chain b-JADE): the file's own hash and those of all files in it. How that agency
// takes it is not public; so the list is handed in by a person, and what it answers is recorded with AddReceipt.
type HashList struct {
	Packet string            `json:"packet"` // its name
	File   string            `json:"file"`
	Size   int64             `json:"size"`
	SHA256 string            `json:"sha256"`
	Files  []packet.FileHash `json:"files"`
}

// PacketHashes lists the hashes of a packet that was written, once it has been verified: what does not hold is not registered (ErrMismatch).
func (w *Workbench) PacketHashes(ctx context.Context, file string) (HashList, error) {
	info, err := os.Stat(file)
	if err != nil {
		return HashList{}, fmt.Errorf("packet: %w", err)
	}
	if info.IsDir() {
		return HashList{}, fmt.Errorf("%s is a folder: %w", file, ErrNoPacket)
	}
	report, err := w.Verify(ctx, file, VerifyOptions{})
	if err != nil {
		return HashList{}, err
	}
	list := HashList{Packet: report.Name, File: filepath.Base(file), Files: report.Hashes()}
	list.SHA256, list.Size, err = hashed(file)
	return list, err
}

func hashed(file string) (sum string, size int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", 0, fmt.Errorf("packet: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// CSV is the list as a table: first the packet itself, then its files.
func (l HashList) CSV() []byte {
	rows := [][]string{{"檔案", "SHA-256", "大小（位元組）"}, {l.File, l.SHA256, strconv.FormatInt(l.Size, 10)}}
	for _, f := range l.Files {
		rows = append(rows, []string{f.Path, f.SHA256, strconv.FormatInt(f.Size, 10)})
	}
	return application.WriteCSV(rows)
}

// Save writes the table into a file that is not there yet.
func (l HashList) Save(file string) error {
	if err := free(file); err != nil {
		return err
	}
	return private.Whole(file, func(w io.Writer) error { _, err := w.Write(l.CSV()); return err })
}

// Receipt is what an agency answered about a packet.
type Receipt struct {
	Packet  string `json:"packet"` // X01
	Number  string `json:"number"` // 存證編號, as it is written there
	At      string `json:"at"`     // when it was registered, as it is written there
	By      string `json:"by"`     // the agency
	SHA256  string `json:"sha256"` // of the packet's file that it is about
	Exhibit string `json:"exhibit,omitempty"`
	Entry   int64  `json:"entry"`
}

// The keys of the entry packet.receipt.
const (
	detailNumber     = "registration"
	detailRegistered = "registered"
	detailBy         = "by"
)

// maxReceipt is how many characters number, time and agency may have.
const maxReceipt = 200

// AddReceipt records what an agency answered: an entry, and its paper as an exhibit where there is one (r; nil: none). An empty SHA256 is the file that
// was written last. ErrNotFound without such a packet or such a file of it, ErrExists where the number is there.
func (w *Workbench) AddReceipt(ctx context.Context, c *casefile.Case, n Receipt, file NewFile, r io.Reader) (Receipt, error) {
	if err := n.check(); err != nil {
		return n, err
	}
	packets, err := w.Packets(c)
	if err != nil {
		return n, err
	}
	if err := n.belongs(packets); err != nil {
		return n, err
	}
	if r != nil {
		file.From, file.Received, file.Reason = n.By, n.At, n.Number
		got, err := w.AddFile(ctx, c, file, r)
		if err != nil {
			return n, err
		}
		n.Exhibit = got.Exhibit
	}
	detail := map[string]string{detailNumber: n.Number, detailRegistered: n.At, detailBy: n.By, "sha256": n.SHA256}
	if n.Exhibit != "" {
		detail["exhibit"] = n.Exhibit
	}
	e, err := c.Log(ctx, custody.Entry{Actor: custody.Person, Action: custody.PacketReceipt, Object: n.Packet, Detail: detail})
	n.Entry = e.Number
	return n, err
}

// check refuses what no paper says.
func (n *Receipt) check() error {
	for _, text := range []*string{&n.Number, &n.At, &n.By} {
		*text = strings.TrimSpace(*text)
		if *text == "" || utf8.RuneCountInString(*text) > maxReceipt || strings.ContainsFunc(*text, unicode.IsControl) {
			return refuse("receipt of "+n.Packet, "receipt.field", n.Packet, "存證編號、時間及機關均須填寫，各一行，不逾 200 字。",
				"Number, time and agency are needed, each one line of at most 200 characters.")
		}
	}
	return nil
}

// belongs finds the packet, and the file of it that the receipt is about.
func (n *Receipt) belongs(packets []PacketState) error {
	i := slices.IndexFunc(packets, func(p PacketState) bool { return p.ID == n.Packet })
	if i < 0 || len(packets[i].Written) == 0 {
		return fmt.Errorf("packet %s: %w", n.Packet, casefile.ErrNotFound)
	}
	p := packets[i]
	if n.SHA256 == "" {
		n.SHA256 = p.Written[len(p.Written)-1].SHA256
	}
	if !slices.ContainsFunc(p.Written, func(f WrittenPacket) bool { return f.SHA256 == n.SHA256 }) {
		return fmt.Errorf("packet %s with SHA-256 %s: %w", n.Packet, n.SHA256, casefile.ErrNotFound)
	}
	if slices.ContainsFunc(p.Receipts, func(r Receipt) bool { return r.Number == n.Number && r.By == n.By }) {
		return fmt.Errorf("receipt %s of %s: %w", n.Number, n.Packet, casefile.ErrExists)
	}
	return nil
}

// PacketState is a packet of the case: the files that were written of it, and who has registered it.
type PacketState struct {
	ID string `json:"packet"`
	evidence.PacketRecord
	Written  []WrittenPacket `json:"written"`
	Handed   []HandOver      `json:"handed"`
	Receipts []Receipt       `json:"receipts"`
}

// WrittenPacket is one file that was written of a packet, as the log says.
type WrittenPacket struct {
	Entry  int64        `json:"entry"`
	Time   custody.Time `json:"time"`
	File   string       `json:"file"`
	SHA256 string       `json:"sha256"`
	Signer string       `json:"signer,omitempty"`
}

// Packets lists the packets of a case by their numbers.
func (w *Workbench) Packets(c *casefile.Case) ([]PacketState, error) {
	list, err := records(c, kindPacket, func(p *PacketState, id string) { p.ID = id })
	if err != nil {
		return nil, err
	}
	at := map[string]*PacketState{}
	for i := range list {
		at[list[i].ID], list[i].Written, list[i].Handed, list[i].Receipts = &list[i], []WrittenPacket{}, []HandOver{}, []Receipt{}
	}
	for e, err := range c.Entries(1) {
		if err != nil {
			return nil, err
		}
		if p := at[e.Object]; p != nil {
			p.hear(e)
		}
	}
	return list, nil
}

// hear takes over what an entry says of the packet.
func (p *PacketState) hear(e custody.Entry) {
	switch d := e.Detail; {
	case e.Action == custody.PacketHand:
		p.Handed = append(p.Handed, handOf(e))
	case e.Action == custody.PacketReceipt:
		p.Receipts = append(p.Receipts, Receipt{p.ID, d[detailNumber], d[detailRegistered], d[detailBy], d["sha256"], d["exhibit"], e.Number})
	case e.Action == custody.PacketBuild && d[detailResult] == "written":
		p.Written = append(p.Written, WrittenPacket{e.Number, e.Time, d["file"], d["sha256"], d["signer"]})
	}
}
