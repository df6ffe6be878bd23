package intake

import (
	"slices"
	"strings"
)

// Field is what a column of a list means.
type Field string

// The fields.
const (
	fieldAddress   Field = "address"
	fieldDomain    Field = "domain" // looked at where no address is given
	fieldName      Field = "name"
	fieldCount     Field = "count"
	fieldFrom      Field = "from"
	fieldTo        Field = "to"
	fieldCreated   Field = "created"
	fieldStopped   Field = "stopped_on"
	fieldNature    Field = "nature"
	fieldLaw       Field = "law"
	fieldApplicant Field = "applicant"
	fieldLine      Field = "line_id"
)

// Dataset is a known list: its number on data.gov.tw, or the tables in the articles of 165.
type Dataset string

// The known lists.
const (
	reported165 Dataset = "160055" // 165 假投資(博弈)網站
	stopped165  Dataset = "176455" // 165 遭停止解析涉詐網站
	stoppedMODA Dataset = "165027" // 數位產業署聲請停止解析網址清單
	lineIDs165  Dataset = "78432"  // 165 詐騙 LINE ID
	articles165 Dataset = "165-articles"
)

const (
	maxColumns = 1000 // cells of a row beyond it are read as part of the last
	maxHeaders = 64   // a line of more cells is no heading
)

// headers are the words that stand over a column, without spaces and underscores, in lower case. Those of the known lists come first.
var headers = map[string]Field{
	"weburl": fieldAddress, "網址": fieldAddress, "偽冒網址": fieldAddress,
	"websitenm": fieldName, "webname": fieldName, "網站名稱": fieldName, "一頁式數位經濟詐騙網站": fieldName, "一頁式詐騙購物網站": fieldName,
	"cnt": fieldCount, "件數": fieldCount,
	"stasdate": fieldFrom, "統計起始日期": fieldFrom, "民國年月": fieldFrom, "接獲通報日期": fieldFrom, "通報日期": fieldFrom,
	"staedate": fieldTo, "統計結束日期": fieldTo,
	"網域": fieldDomain, "網域名稱": fieldDomain,
	"網站性質": fieldNature, "法律依據": fieldLaw, "聲請單位": fieldApplicant,
	"詐騙網站創建日期": fieldCreated, "停止解析日期": fieldStopped,

	"url": fieldAddress, "urls": fieldAddress, "uri": fieldAddress, "link": fieldAddress, "href": fieldAddress, "website": fieldAddress,
	"websiteurl": fieldAddress, "siteurl": fieldAddress, "webaddress": fieldAddress, "連結": fieldAddress, "網站連結": fieldAddress, "網頁連結": fieldAddress,
	"domain": fieldDomain, "domainname": fieldDomain, "host": fieldDomain, "hostname": fieldDomain, "fqdn": fieldDomain, "主機名稱": fieldDomain,
	"name": fieldName, "sitename": fieldName, "websitename": fieldName, "title": fieldName, "名稱": fieldName, "標題": fieldName,
	"count": fieldCount, "通報件數": fieldCount, "date": fieldFrom, "日期": fieldFrom,
	"lineid": fieldLine, "line帳號": fieldLine, "詐騙lineid": fieldLine, "賴id": fieldLine,
}

// ignored are headers that are known to mean nothing here; they show that a row is a heading.
var ignored = []string{"編號", "帳號", "序號", "項次", "備註", "id", "no", "no.", "note", "標籤"}

var spaces = strings.NewReplacer(" ", "", "_", "", "\u3000", "", "\ufeff", "")

// fieldOf gives what a header means; known is also true of one that is known to mean nothing.
func fieldOf(header string) (f Field, known bool) {
	if len(header) > 64 {
		return "", false
	}
	h := spaces.Replace(strings.ToLower(strings.TrimSpace(header)))
	if f, ok := headers[h]; ok {
		return f, true
	}
	switch {
	case slices.Contains(ignored, h):
		return "", true
	case strings.ContainsAny(h, ".:/：,;|\t、，；") || len(h) > 36:
		return "", false
	case strings.Contains(h, "網址"):
		return fieldAddress, true
	case strings.Contains(h, "網域"):
		return fieldDomain, true
	}
	return "", false
}

// columns is what is known of the columns of a list.
type columns struct {
	headers []string
	fields  []Field
	dataset Dataset
	guessed bool // found by looking: where its column has nothing, all of the row is looked at
}

// heading reads a row as the heading of a list. It is one if a column of it is of use and every other word, or at least half of them, is known.
func heading(cells []string) (columns, bool) {
	if len(cells) > maxHeaders {
		return columns{}, false
	}
	filled := 0
	for _, cell := range cells {
		if strings.IndexByte(cell, '.') > 2 {
			return columns{}, false // an address; "no." is the only word with a dot
		}
		if strings.TrimSpace(cell) != "" {
			filled++
		}
	}
	c, known := mapped(cells)
	return c, c.useful() && known*2 >= filled
}

// mapped gives the columns that a row of headers names, and how many of them it knows.
func mapped(cells []string) (columns, int) {
	c := columns{headers: slices.Clone(cells), fields: make([]Field, len(cells))}
	n := 0
	for i, cell := range cells {
		f, ok := fieldOf(cell)
		if ok {
			n++
		}
		c.fields[i] = f
	}
	c.recognise()
	return c, n
}

func (c *columns) useful() bool {
	return c.has(fieldAddress) || c.has(fieldDomain) || c.has(fieldLine)
}

func (c *columns) has(f Field) bool { return slices.Contains(c.fields, f) }

// recognise names the dataset by its headers.
func (c *columns) recognise() {
	trimmed := make([]string, len(c.headers))
	for i, h := range c.headers {
		trimmed[i] = strings.Trim(h, " \t\u3000\ufeff\"")
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.Contains(trimmed, n) {
				return false
			}
		}
		return true
	}
	switch {
	case has("WEBSITE_NM", "WEBURL"), has("網站名稱", "網址", "件數", "統計起始日期"):
		c.dataset = reported165
	case has("民國年月", "網域", "聲請單位"), has("民國年月", "網域", "法律依據"), has("民國年月", "網域", "網站性質"):
		c.dataset = stopped165
	case has("偽冒網址", "網域名稱"):
		c.dataset = stoppedMODA
	case has("網站名稱", "網址", "件數"):
		c.dataset = articles165
	case has("編號", "帳號") && !c.useful():
		c.dataset = lineIDs165
		c.fields[slices.Index(trimmed, "帳號")] = fieldLine
	}
}

// report gives the columns as the report shows them.
func (c *columns) report() []column {
	out := make([]column, len(c.fields))
	for i, f := range c.fields {
		out[i].Field = f
		if i < len(c.headers) {
			out[i].Header = shorten(c.headers[i], maxSkippedRaw)
		}
	}
	return out
}
