package intake

import (
	"slices"
	"strings"
)

// Field is what a column of a list means.
type Field string

// The fields.
const (
	FieldAddress   Field = "address"
	FieldDomain    Field = "domain" // looked at where no address is given
	FieldName      Field = "name"
	FieldCount     Field = "count"
	FieldFrom      Field = "from"
	FieldTo        Field = "to"
	FieldCreated   Field = "created"
	FieldStopped   Field = "stopped_on"
	FieldNature    Field = "nature"
	FieldLaw       Field = "law"
	FieldApplicant Field = "applicant"
	FieldLine      Field = "line_id"
)

// Dataset is a known list: its number on data.gov.tw, or the tables in the articles of 165.
type Dataset string

// The known lists.
const (
	Reported165 Dataset = "160055" // 165 假投資(博弈)網站
	Stopped165  Dataset = "176455" // 165 遭停止解析涉詐網站
	StoppedMODA Dataset = "165027" // 數位產業署聲請停止解析網址清單
	LineIDs165  Dataset = "78432"  // 165 詐騙 LINE ID
	Articles165 Dataset = "165-articles"
)

const (
	maxColumns = 1000 // cells of a row beyond it are read as part of the last
	maxHeaders = 64   // a line of more cells is no heading
)

// headers are the words that stand over a column, without spaces and underscores, in lower case. Those of the known lists come first.
var headers = map[string]Field{
	"weburl": FieldAddress, "網址": FieldAddress, "偽冒網址": FieldAddress,
	"websitenm": FieldName, "webname": FieldName, "網站名稱": FieldName, "一頁式數位經濟詐騙網站": FieldName, "一頁式詐騙購物網站": FieldName,
	"cnt": FieldCount, "件數": FieldCount,
	"stasdate": FieldFrom, "統計起始日期": FieldFrom, "民國年月": FieldFrom, "接獲通報日期": FieldFrom, "通報日期": FieldFrom,
	"staedate": FieldTo, "統計結束日期": FieldTo,
	"網域": FieldDomain, "網域名稱": FieldDomain,
	"網站性質": FieldNature, "法律依據": FieldLaw, "聲請單位": FieldApplicant,
	"詐騙網站創建日期": FieldCreated, "停止解析日期": FieldStopped,

	"url": FieldAddress, "urls": FieldAddress, "uri": FieldAddress, "link": FieldAddress, "href": FieldAddress, "website": FieldAddress,
	"websiteurl": FieldAddress, "siteurl": FieldAddress, "webaddress": FieldAddress, "連結": FieldAddress, "網站連結": FieldAddress, "網頁連結": FieldAddress,
	"domain": FieldDomain, "domainname": FieldDomain, "host": FieldDomain, "hostname": FieldDomain, "fqdn": FieldDomain, "主機名稱": FieldDomain,
	"name": FieldName, "sitename": FieldName, "websitename": FieldName, "title": FieldName, "名稱": FieldName, "標題": FieldName,
	"count": FieldCount, "通報件數": FieldCount, "date": FieldFrom, "日期": FieldFrom,
	"lineid": FieldLine, "line帳號": FieldLine, "詐騙lineid": FieldLine, "賴id": FieldLine,
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
		return FieldAddress, true
	case strings.Contains(h, "網域"):
		return FieldDomain, true
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
	return c.has(FieldAddress) || c.has(FieldDomain) || c.has(FieldLine)
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
		c.dataset = Reported165
	case has("民國年月", "網域", "聲請單位"), has("民國年月", "網域", "法律依據"), has("民國年月", "網域", "網站性質"):
		c.dataset = Stopped165
	case has("偽冒網址", "網域名稱"):
		c.dataset = StoppedMODA
	case has("網站名稱", "網址", "件數"):
		c.dataset = Articles165
	case has("編號", "帳號") && !c.useful():
		c.dataset = LineIDs165
		c.fields[slices.Index(trimmed, "帳號")] = FieldLine
	}
}

// report gives the columns as the report shows them.
func (c *columns) report() []Column {
	out := make([]Column, len(c.fields))
	for i, f := range c.fields {
		out[i].Field = f
		if i < len(c.headers) {
			out[i].Header = shorten(c.headers[i], maxSkippedRaw)
		}
	}
	return out
}
