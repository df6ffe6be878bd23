package application

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"yuzheng/casefile/document"
	"yuzheng/casefile/rpz"
)

// lists makes every file that lists the targets, out of the one list of targets, then reads each back and compares.
func (v *view) lists() error {
	var err error
	want, err := rpz.Canonical(rules(v.Rows))
	if err != nil {
		return err
	}
	if v.ListSHA256, err = rpz.Sum(want); err != nil {
		return err
	}
	var zone, domains bytes.Buffer
	z := rpz.Zone{Origin: v.Lists.origin(), Serial: v.Serial, TTL: v.Sink.TTL, Sinkhole: v.Sink.Addresses, Comment: []string{
		fmt.Sprintf("聲請 %s　網域名稱 %d 個，本檔列 %d 個　清單雜湊 %s", document.Clean(v.App.ID), len(want), v.Uncovered(), v.ListSHA256),
	}}
	if !v.Decided() {
		z.Comment = append(z.Comment, "裁定前草稿，不得執行 / draft before the order, not to be executed")
	}
	if err := z.Write(&zone, want); err != nil {
		return fmt.Errorf("policy zone: %w", err)
	}
	if _, err := rpz.WriteCSV(&domains, want, v.numbers()); err != nil {
		return fmt.Errorf("list of domains: %w", err)
	}
	v.zone, v.domainsCSV = zone.Bytes(), domains.Bytes()
	if v.update, v.Relisted, err = v.freed(z); err != nil {
		return fmt.Errorf("removal from the policy zone: %w", err)
	}
	v.annexCSV = WriteCSV(v.annexRows())
	if v.annexJSON, err = v.annexData(); err != nil {
		return err
	}
	return v.compare(want)
}

// freed says what comes off the zone of the earlier application, and what has to be listed by itself once that is gone; nothing where nothing is let go.
func (v *view) freed(z rpz.Zone) (update []byte, relisted []Target, err error) {
	if !v.Type.Restores || v.Earlier == nil {
		return nil, nil, nil
	}
	standing := v.Earlier.Life.Ordered(chosenTargets(v.Earlier.Application, v.Earlier.Targets))
	for _, t := range v.Rows {
		if _, ok := findTarget(standing, t.ID); !ok {
			standing = append(standing, t)
		}
	}
	_, on := rpz.Freed(rules(standing), rules(v.Rows))
	for _, r := range on {
		i := slices.IndexFunc(standing, func(t Target) bool { return t.Name == r.Name })
		relisted = append(relisted, standing[i])
	}
	z.Comment = []string{
		fmt.Sprintf("解除 %s　自聲請 %s 之清單移除 %d 個名稱　清單雜湊 %s", document.Clean(v.App.ID), document.Clean(v.Earlier.Application.ID), len(v.Rows), v.ListSHA256),
		"nsupdate (RFC 2136)；各行之區域名稱 " + v.Lists.origin() + " 請一併改為實際之區域",
	}
	var b bytes.Buffer
	err = z.WriteUpdate(&b, rules(standing), rules(v.Rows))
	return b.Bytes(), relisted, err
}

// numbers are those of the targets, by name.
func (v *view) numbers() map[string]string {
	list := map[string]string{}
	for _, t := range v.Rows {
		list[t.Name] = t.ID
	}
	return list
}

// compare reads the four files as a stranger would. It believes nothing of what is in memory. The zone lacks what its wildcards cover.
func (v *view) compare(want []rpz.Rule) error {
	_, zone, err := rpz.Parse(bytes.NewReader(v.zone))
	if err != nil {
		return err
	}
	domains, numbers, err := rpz.ParseCSV(bytes.NewReader(v.domainsCSV))
	if err != nil {
		return err
	}
	sheet, err := readAnnexCSV(v.annexCSV)
	if err != nil {
		return err
	}
	var data struct{ Targets []Target }
	if err := json.Unmarshal(v.annexJSON, &data); err != nil {
		return fmt.Errorf("annex: %w", err)
	}
	table, err := rpz.Canonical(rules(data.Targets))
	if err != nil {
		return err
	}
	if !maps.Equal(numbers, v.numbers()) {
		return fmt.Errorf("numbers of the targets: %w", rpz.ErrReadBack)
	}
	if !slices.Equal(zone, rpz.Uncovered(want)) {
		return fmt.Errorf("zone of the targets: %w", rpz.ErrReadBack)
	}
	for name, got := range map[string][]rpz.Rule{"domains": domains, "sheet": sheet, "table": table} {
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s of the targets: %w", name, rpz.ErrReadBack)
		}
	}
	return nil
}

// The columns of annex 1 (law.md 1.6). The two that a reader must find are named here.
const (
	columnName  = "網域名稱（ASCII）"
	columnScope = "範圍"
)

var annexHeader = []string{
	"編號", columnName, "網域名稱（Unicode）", "可註冊網域", columnScope, "範圍理由", "對應證物", "首見時間", "末見時間", "IP 位址", "註冊商", "註冊日",
	"網站性質", "被害件數", "被害金額（新臺幣）", "備註",
}

func (v *view) annexRows() [][]string {
	rows := [][]string{annexHeader}
	for _, t := range v.Rows {
		rows = append(rows, []string{
			t.ID, t.Name, t.Unicode, t.Registrable, scopeWords[t.Scope][0], t.ScopeReason, strings.Join(t.Exhibits, "、"),
			stamp(t.FirstSeen), stamp(t.LastSeen), strings.Join(v.Located(t), "、"), t.Registrar, dateOr(t.Registered, ""), t.SiteKind,
			countOr(int64(t.Victims)), countOr(t.Amount), t.Note,
		})
	}
	return rows
}

func countOr(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// annexData is annex 1 as JSON.
func (v *view) annexData() ([]byte, error) {
	return writeJSON(struct {
		Application string   `json:"application"`
		Case        string   `json:"case"`
		Count       int      `json:"count"`
		ListSHA256  string   `json:"list_sha256"`
		Targets     []Target `json:"targets"`
	}{v.App.ID, v.App.Number, len(v.Rows), v.ListSHA256, v.Rows})
}

func readAnnexCSV(text []byte) ([]rpz.Rule, error) {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte(bom)))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("annex: %w", err)
	}
	name, scope := slices.Index(rows[0], columnName), slices.Index(rows[0], columnScope)
	var list []rpz.Rule
	for _, row := range rows[1:] {
		list = append(list, rpz.Rule{Name: row[name], Subdomains: row[scope] == scopeWords[Subdomains][0]})
	}
	return rpz.Canonical(list)
}

const bom = "\ufeff"

// WriteCSV writes rows as UTF-8 with a byte order mark and CR LF, so that a spreadsheet opens it as it is. A cell that a
// spreadsheet would take for a formula gets an apostrophe before it.
func WriteCSV(rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString(bom)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = cell(c)
		}
		// Writing to a buffer cannot fail.
		_ = w.Write(cells)
	}
	w.Flush()
	return b.Bytes()
}

func cell(s string) string {
	s = strings.ReplaceAll(document.Clean(s), "\n", " ")
	trimmed := strings.TrimLeft(s, " 　")
	if trimmed == "" || !strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}

func writeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return visible(b.Bytes()), nil
}

// visible writes format characters as JSON escapes: the same value, but a reader of the text sees that they are there.
func visible(text []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(text) {
		switch high, low := utf16.EncodeRune(r); {
		case !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			b.WriteRune(r)
		case high == unicode.ReplacementChar:
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		}
	}
	return b.Bytes()
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}
