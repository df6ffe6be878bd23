package intake

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// cellOf makes the address cell of row i of a generated list, and tells how many things in it must come out.
func cellOf(r *rand.Rand, i int) (cell string, things int) {
	unique := fmt.Sprintf("s%d-x.cc", i)
	switch r.IntN(14) {
	case 0:
		return "", 1
	case 1:
		return "無", 1
	case 2:
		return "查無資料，請洽櫃台", 1
	case 3:
		return "dup-x.cc", 1
	case 4:
		return unique + "、https://" + unique + "/wap　www." + unique, 3
	case 5:
		return "hxxps://" + strings.ReplaceAll(unique, ".", "[.]") + "/a?b=" + fmt.Sprint(i), 1
	case 6:
		return "請至" + unique + "註冊", 1
	case 7:
		return fmt.Sprintf("09%08d", i), 1
	case 8:
		return "http://192.168.0.1/", 1
	case 9:
		return unique + " https://line.me/ti/p/~" + fmt.Sprint(i), 2
	case 10:
		return "說明：\"" + unique + "\", 另見 localhost", 1
	case 11:
		return unique + "\nhttp://" + unique + "/2", 2
	}
	return "https://" + unique + "/h5/", 1
}

// form writes generated rows as one kind of list, and tells the line at which each row begins.
type form struct {
	name  string
	write func(cells []string) (text string, begins []int)
}

var forms = []form{
	{"list.csv", func(cells []string) (string, []int) {
		b, begins := &strings.Builder{}, []int{1}
		b.WriteString("網站名稱,網址\r\n")
		for _, c := range cells {
			begins = append(begins, 1+strings.Count(b.String(), "\n"))
			fmt.Fprintf(b, "名稱,\"%s\"\r\n", strings.ReplaceAll(c, `"`, `""`))
		}
		return b.String(), begins
	}},
	{"list.txt", func(cells []string) (string, []int) {
		text := ""
		for _, c := range cells {
			text += strings.ReplaceAll(c, "\n", " ") + "\n"
		}
		begins := make([]int, len(cells))
		for i := range begins {
			begins[i] = i + 1
		}
		return text, begins
	}},
	{"list.json", func(cells []string) (string, []int) {
		lines, begins := []string{}, []int{}
		for i, c := range cells {
			row, _ := json.Marshal(map[string]string{"name": "x", "url": c})
			lines, begins = append(lines, string(row)), append(begins, i+2)
		}
		return "[\n" + strings.Join(lines, ",\n") + "\n]", begins
	}},
	{"list.html", func(cells []string) (string, []int) {
		b, begins := &strings.Builder{}, []int{2}
		b.WriteString("<html><table>\n<tr><th>網站名稱<th>網址\n")
		for _, c := range cells {
			begins = append(begins, 1+strings.Count(b.String(), "\n"))
			fmt.Fprintf(b, "<tr><td>名稱<td>%s</tr>\n", html.EscapeString(c))
		}
		return b.String() + "</table></html>", begins
	}},
}

// TestEveryRowOnce holds, for generated lists in every form, that every row comes out: as exactly the addresses, clues and repetitions
// that are in it, or as one row skipped; under the line at which it begins; and that the report counts the same.
func TestEveryRowOnce(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		cells, things := make([]string, r.IntN(40)), []int{}
		for i := range cells {
			c, n := cellOf(r, i)
			cells[i], things = c, append(things, n)
		}
		for _, f := range forms {
			text, begins := f.write(cells)
			want := map[int]int{}
			for i, line := range begins {
				want[line] = 1 // the heading
				if i >= len(begins)-len(cells) {
					want[line] = things[i-(len(begins)-len(cells))]
				}
			}
			c, report := collect(t, f.name, text)
			got := map[int]int{}
			for _, line := range c.lines {
				got[line]++
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("seed %d, %s: rows give\n got %v\nwant %v\n%s\n%q", seed, f.name, got, want, text, c.brief())
			}
			skipped := 0
			for _, n := range report.Skipped {
				skipped += n
			}
			if report.Rows != len(begins) || report.Addresses != len(c.rows) || report.Clues != len(c.clues) || skipped != len(c.skipped) ||
				report.Duplicates != report.Skipped[whyDuplicate] {
				t.Fatalf("seed %d, %s: %d rows, %+v", seed, f.name, len(begins), report)
			}
		}
	}
}

// TestHalves cuts a list at every byte: whole rows stay the same, and nothing comes out that is not in the whole list.
func TestHalves(t *testing.T) {
	for name, text := range map[string]string{"list.csv": sample160055, "list.json": `[{"url":"a-x.cc"},` + "\n" + `{"url":"https://b-x.cc/鼎","name":"x"}]`} {
		all, _ := collect(t, name, text)
		for i := range len(text) {
			c, report := collect(t, name, text[:i])
			for j, row := range c.rows {
				if j < len(all.rows) && row.URL == all.rows[j].URL || report.Kind == kindText {
					continue
				}
				if last := row.Line == 1+strings.Count(text[:i], "\n"); !last || report.Kind == kindJSON {
					t.Errorf("%s cut at %d gives %s", name, i, row.URL)
				}
			}
			if report.Kind == kindJSON && report.Cut != cutTruncated {
				t.Errorf("%s cut at %d: %+v", name, i, report)
			}
		}
	}
}

// TestHosts holds that addresses on one host are kept and counted.
func TestHosts(t *testing.T) {
	c, report := collect(t, "list", "a-x.cc\na-x.cc/1\nhttps://A-X.cc/#2\nwww.a-x.cc\nhttps://a-x.cc:443/\n")
	if report.Addresses != 4 || report.Hosts != 2 || report.SameHost != 2 || report.Duplicates != 1 || !slices.Equal(c.lines, []int{1, 2, 3, 4, 5}) {
		t.Errorf("%+v %q", report, c.brief())
	}
}
