package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"yuzheng/casefile/evidence"
)

// label is a word behind which, or under which, a number is of a kind that it alone would not be taken for.
type label struct {
	word  string
	kind  evidence.RedactionKind
	least int  // digits
	most  int  //
	reach int  // bytes that may stand between the word and the first digit
	bank  bool // the name of one, behind which other numbers stand too
}

// accountReach and nearReach are those of words for an account, which stand in markup and forms, and of words that stand for much else.
const (
	accountReach = 48
	nearReach    = 24
)

// labels are the words. An account of the post is seven digits for the office and seven for the depositor; those of banks have ten to sixteen.
var labels = func() (list []label) {
	for word := range strings.FieldsSeq("帳號 帳戶 账号 账户 戶頭 局號 存簿 account acct") {
		one := label{word: word, kind: evidence.RedactAccount, least: 7, most: 19, reach: accountReach}
		if word[0] < utf8.RuneSelf || strings.HasPrefix(word, "账") {
			one.least = 8
		}
		list = append(list, one)
	}
	for word := range strings.FieldsSeq(`銀行 郵局 郵政 農會 漁會 信用合作社 信合社 合庫 合作金庫 土銀 彰銀 華銀 台銀 臺銀 一銀 兆豐 國泰世華 世華 富邦 北富銀 玉山 中信 中國信託
		台新 永豐 元大 凱基 遠銀 新光 陽信 板信 聯邦 京城 星展 渣打 匯豐 花旗 台企 臺企 高銀 瑞興 華泰 三信 安泰 王道 樂天 將來 連線`) {
		list = append(list, label{word: word, kind: evidence.RedactAccount, least: 10, most: 16, reach: nearReach, bank: true})
	}
	for word := range strings.FieldsSeq("電話 电话 手機 手机 行動 市話 家電 專線 傳真 聯絡方式 telephone phone mobile cellphone tel fax") {
		list = append(list, label{word: word, kind: evidence.RedactPhone, least: 7, most: 9, reach: nearReach})
	}
	return list
}()

// named adds the numbers behind such words.
func (r *Redactor) named(text string, add func(evidence.RedactionKind, int, int)) {
	for _, l := range labels {
		if !r.kinds[l.kind] {
			continue
		}
		for at := 0; ; {
			next := strings.Index(text[at:], l.word)
			if next < 0 {
				break
			}
			at += next + len(l.word)
			if strings.HasPrefix(text[at:], "]"+squares) || !l.stands(text, at) { // the word of a mask
				continue
			}
			from := strings.IndexAny(text[at:min(len(text), at+l.reach)], "0123456789")
			if from > 0 && !l.near(text, at, at+from) {
				continue
			}
			for from >= 0 {
				to := l.number(text, at+from)
				if to > 0 {
					add(l.kind, at+from, to)
				} else if d := number(text, at+from); l.kind == evidence.RedactPhone {
					to = max(d.mobile(), d.phone()) // which is found by itself
				}
				if to == 0 {
					break
				}
				from = following(text, at, to)
			}
		}
	}
}

// stands reports whether what ends at a place is the word, and no part of another one in letters of ASCII.
func (l label) stands(text string, end int) bool {
	if l.word[0] >= utf8.RuneSelf || l.kind == evidence.RedactAccount {
		return true
	}
	from := end - len(l.word)
	return (from == 0 || !isWord(text[from-1])) && (end == len(text) || !isWord(text[end]) && text[end] != '_')
}

// near reports whether what stands between such a word and a number leaves them together: no tag, and another line only where the word has its own, and
// nothing else between. Of a table columns tells what belongs together. Words for an account reach further, but not out of the headings of a table.
func (l label) near(text string, word, number int) bool {
	between := text[word:number]
	if l.reach != nearReach {
		at := strings.LastIndexAny(text[:word], "\n\r\f") + 1
		return !strings.ContainsAny(between, "\n\r") || strings.Contains(between, "<") || !strings.Contains(text[at:number], ",")
	}
	if strings.Contains(between, "<") {
		return false
	}
	if !strings.ContainsAny(between, "\n\r\f") {
		return true
	}
	line := text[strings.LastIndexAny(text[:word], "\n\r\f")+1 : word]
	return !strings.ContainsAny(line, ",;|\t") && !strings.ContainsFunc(between, unicode.IsLetter)
}

// following gives where another number begins behind one, of several behind the same word; from is counted from at.
func following(text string, at, to int) int {
	i, n := over(text, to)
	if n == 0 || n > maxMarks || i >= len(text) || !isDigit(text[i]) || strings.Trim(text[to:i], " ") == "-" {
		return -1
	}
	return i - at
}

// number gives where a number ends that begins at a place, if it is one that stands behind such a word; else 0.
func (l label) number(text string, from int) int {
	if l.kind == evidence.RedactPhone {
		return shortPhone(text, from)
	}
	d, n := number(text, from), 0
	for n < len(d.digit) && !strings.ContainsAny(d.gaps[n], "\n\r\f\t()") {
		if of, alike := weakIn(d.gaps[n]); n >= 7 && (of != "" || !alike) && (n >= 10 || strings.Contains(d.gaps[n], " ")) {
			break // another number
		}
		n++
	}
	if n < l.least || n > l.most || !d.joined(n) || d.amount(n) || n == len(d.digit) && d.end(n) == 0 {
		return 0
	}
	to := d.ends[n-1]
	if aDay.MatchString(text[from:to]) || l.bank && (service.Match(d.digit) || d.mobile() > 0 || d.phone() > 0 || moment.Match(d.digit[:n])) {
		return 0
	}
	return to
}

// aDay is a date, with or without hours behind it, digital one without marks; service are numbers that nobody has to himself.
var (
	aDay    = regexp.MustCompile(`^(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?:\D|$)`)
	digital = regexp.MustCompile(`^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$`)
	service = regexp.MustCompile(`^0(?:800|809|204)`)
	// rounded is a telephone that a table has made a large number of.
	rounded = regexp.MustCompile(`^[2-9]\.\d{4,8}e\+?0?[78]`)
)

// shortPhone gives where a telephone ends that has lost its zero, or that is dialled within its area; 0 where none stands there. One that is whole is
// found wherever it stands.
func shortPhone(text string, from int) int {
	if m := rounded.FindStringIndex(text[from:min(len(text), from+24)]); m != nil {
		return from + m[1]
	}
	d := number(text, from)
	if d.digit[0] < '2' {
		return 0
	}
	for _, n := range []int{9, 8, 7} {
		to, fits := d.end(n), d.grouped(n)
		if d.digit[0] == '9' {
			fits = n == 9
		} else if area := d.behind(1); n == 9 && len(d.gaps) > 1 && d.gaps[1] != "" { // (2)27123456
			to, fits = area.end(8), area.grouped(8)
		}
		switch {
		case to == 0, !fits, d.amount(n):
			continue
		case aDay.MatchString(text[from:to]), digital.MatchString(text[from:to]):
			return 0
		case d.connected(n) && strings.Trim(string(d.digit[n:]), "0") == "" && d.gaps[n] == ".": // 912345678.0
			return d.ends[len(d.digit)-1]
		case d.connected(n):
			continue
		}
		return to
	}
	return 0
}

// behind are the digits behind the first n.
func (d digits) behind(n int) digits {
	if n >= len(d.digit) {
		return digits{text: d.text, weak: most, mixed: most}
	}
	return number(d.text, d.ends[n]-1)
}

// columns adds what stands in a table under a heading: in lines of cells, as CSV has them, or in rows and cells of markup, as untag writes them. A
// heading by itself in its line counts for the lines behind it, up to the first that is none of its numbers.
func (r *Redactor) columns(text string, add func(evidence.RedactionKind, int, int)) {
	row := "\n"
	if strings.Contains(text, "\f") {
		row = "\f"
	}
	if !hasLabel(text) {
		return
	}
	heads := map[int]label{}
	for at := 0; at < len(text); {
		end := strings.Index(text[at:], row)
		if end < 0 {
			end = len(text) - at
		}
		line := text[at : at+end]
		if strings.TrimSpace(line) != "" && (len(heads) > 0 || hasLabel(line)) {
			r.row(text, cells(line, at, row), heads, add)
		}
		at += end + 1
	}
}

// hasLabel is quick: most lines have none.
func hasLabel(line string) bool {
	for _, l := range labels {
		if !l.bank && strings.Contains(line, l.word) {
			return true
		}
	}
	return false
}

// row is one of a table: of headings, or of what stands under them.
func (r *Redactor) row(text string, list []span, heads map[int]label, add func(evidence.RedactionKind, int, int)) {
	found, headed := false, false
	for i, c := range list {
		if l, ok := r.heading(text[c.from:c.to]); ok {
			if !headed {
				clear(heads)
			}
			heads[i], headed = l, true
		}
	}
	for i, c := range list {
		l, under := heads[i]
		if !under || headed {
			continue
		}
		from := strings.IndexAny(text[c.from:c.to], "0123456789")
		if from < 0 || strings.TrimLeft(text[c.from:c.from+from], " \n\r\"'=(") != "" {
			continue
		}
		if to := l.number(text[:c.to], c.from+from); to > 0 {
			add(l.kind, c.from+from, to)
			found = true
		}
	}
	if len(list) == 1 && !found && !headed {
		clear(heads)
	}
}

// heading gives the word of a cell that is one: no longer than headings are, and without a number.
func (r *Redactor) heading(cell string) (label, bool) {
	cell = strings.Trim(cell, " \"'")
	if len(cell) > 30 || cell == "" || strings.ContainsAny(cell, "0123456789■") {
		return label{}, false
	}
	for _, l := range labels {
		if i := strings.Index(cell, l.word); i >= 0 && !l.bank && r.kinds[l.kind] && l.stands(cell, i+len(l.word)) {
			return l, true
		}
	}
	return label{}, false
}

// cells gives those of a line that begins at a place in its text.
func cells(line string, at int, row string) (list []span) {
	by := "\t"
	if row == "\n" && !strings.Contains(line, "\t") {
		by = ","
		if !strings.Contains(line, ",") {
			by = ";|"
		}
	}
	from, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"' && row == "\n":
			quoted = !quoted
		case !quoted && strings.IndexByte(by, c) >= 0:
			list = append(list, span{at + from, at + i})
			from = i + 1
		}
	}
	return append(list, span{at + from, at + len(line)})
}
