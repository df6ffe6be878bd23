package rpz

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// The columns of domains.csv: the number is that of the target in every other paper, so that no name has two; the scope is one of two words. The last says
// by which wider name of the list a name is stopped, without a line of its own in the zone.
var (
	csvHeader = []string{"編號", "網域名稱", "範圍", "已由上層名稱涵蓋"}
	csvScope  = map[bool]string{false: "僅本名", true: "含子網域"}
)

const bom = "\ufeff"

// List says what a written list is: it goes onto the letter that accompanies the file.
type List struct {
	Count  int
	SHA256 string // of the file's bytes
}

// WriteCSV writes the rules in canonical order, with the numbers that their names have, as UTF-8 with a byte order mark, lines ended by CR LF.
func WriteCSV(w io.Writer, rules []Rule, numbers map[string]string) (List, error) {
	rules, err := Canonical(rules)
	if err != nil {
		return List{}, err
	}
	var b bytes.Buffer
	b.WriteString(bom)
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	rows, covered := [][]string{csvHeader}, Cover(rules)
	for _, r := range rules {
		rows = append(rows, []string{numbers[r.Name], r.Name, csvScope[r.Subdomains], covered[r.Name]})
	}
	if err := c.WriteAll(rows); err != nil {
		return List{}, fmt.Errorf("write list: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	_, err = w.Write(b.Bytes())
	return List{len(rules), hex.EncodeToString(sum[:])}, err
}

// ParseCSV reads what WriteCSV wrote, rules and numbers; anything else is an error.
func ParseCSV(r io.Reader) ([]Rule, map[string]string, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("read list: %w", err)
	}
	body, ok := bytes.CutPrefix(text, []byte(bom))
	if !ok {
		return nil, nil, errors.New("list without a byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("parse list: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil, errors.New("list without a header")
	}
	var rules []Rule
	numbers := map[string]string{}
	for _, row := range rows[1:] {
		if len(row) != len(csvHeader) {
			return nil, nil, fmt.Errorf("list row with %d fields", len(row))
		}
		numbers[row[1]] = row[0]
		rules = append(rules, Rule{Name: row[1], Subdomains: row[2] == csvScope[true]})
	}
	var again bytes.Buffer
	if _, err := WriteCSV(&again, rules, numbers); err != nil {
		return nil, nil, err
	}
	if !bytes.Equal(again.Bytes(), text) {
		return nil, nil, errors.New("list is not in its canonical form")
	}
	return rules, numbers, nil
}
