package application

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Visit is how a page was asked for: everything in which the program was not an ordinary visitor, and the machine not any other. A field that
// the exhibit does not have is empty, or nil, and printed as not recorded.
type Visit struct {
	Program      string   `json:"program,omitempty"`
	Browser      string   `json:"browser,omitempty"`
	UserAgent    string   `json:"user_agent,omitempty"`
	Platform     string   `json:"platform,omitempty"`
	Languages    string   `json:"languages,omitempty"`
	TimeZone     string   `json:"time_zone,omitempty"`
	Width        int64    `json:"width,omitempty"` // of the window, CSS pixels
	Height       int64    `json:"height,omitempty"`
	Scale        float64  `json:"scale,omitempty"`
	Referrer     *string  `json:"referrer,omitempty"` // "" is none; nil is not recorded
	Headless     *bool    `json:"headless,omitempty"`
	Sandbox      *bool    `json:"sandbox,omitempty"`
	Unverified   *bool    `json:"unverified,omitempty"` // certificate errors did not stop the browser
	Resolver     string   `json:"resolver,omitempty"`   // of the facts; pages are resolved by the machine
	Mapped       []string `json:"mapped,omitempty"`     // HOST:PORT=ADDRESS that the operator set
	Proxy        *string  `json:"proxy,omitempty"`      // "" is none
	ClockServer  string   `json:"clock_server,omitempty"`
	ClockOffset  *float64 `json:"clock_offset_ms,omitempty"`
	ClockFailure string   `json:"clock_failure,omitempty"`
}

// pair is one line of facts.
type pair struct{ Name, Text string }

// Visited says in lines how the page of a capture was asked for.
func (v *view) Visited(e Exhibit) []pair {
	if !e.Captured() {
		return nil
	}
	s := e.Visit
	return []pair{
		{"訪客設定", s.visitor(v.View(e), e.Making.Session)},
		{"User-Agent", v.Or(s.UserAgent, unrecorded) + "（程式所設）"},
		{"瀏覽器", s.browser(v)},
		{"對外連線", s.network(v)},
		{"本機時鐘", s.clock(v)},
	}
}

func (s Visit) visitor(who, session string) string {
	window := unrecorded
	if s.Width > 0 {
		window = fmt.Sprintf("%d×%d（比例 %g）", s.Width, s.Height, s.Scale)
	}
	from := unrecorded
	if s.Referrer != nil {
		from = "無"
		if *s.Referrer != "" {
			from = *s.Referrer + "（程式送出，並非實際自該處點入）"
		}
	}
	text := "以程式模擬之訪客：" + who
	if session != "" {
		text = "由人操作，瀏覽器所稱身分由程式設為" + who
	}
	or := func(t string) string {
		if t == "" {
			return unrecorded
		}
		return t
	}
	return text + "；視窗 " + window + "；語言 " + or(s.Languages) + "；時區 " + or(s.TimeZone) + "；Referer " + from
}

func (s Visit) browser(v *view) string {
	said := func(b *bool, yes, no, what string) string {
		switch {
		case b == nil:
			return what + unrecorded
		case *b:
			return yes
		}
		return no
	}
	return strings.Join([]string{
		v.Or(s.Browser, "版本"+unrecorded), said(s.Headless, "無畫面（headless）", "有畫面", "有無畫面"), said(s.Sandbox, "沙箱開啟", "沙箱關閉", "沙箱"),
		said(s.Unverified, "憑證錯誤予以記錄而不中止", "憑證錯誤即中止", "憑證錯誤之處理"),
	}, "；")
}

func (s Visit) network(v *view) string {
	way := "對外路徑" + unrecorded
	if s.Proxy != nil {
		way = "本機直接連線"
		if *s.Proxy != "" {
			way = "經代理 " + *s.Proxy
		}
	}
	text := way + "；對外（公網）位址未記錄；DNS 查詢 " + v.Or(s.Resolver, unrecorded)
	if len(s.Mapped) > 0 {
		text += "；操作者指定、非由 DNS 查得之位址 " + strings.Join(s.Mapped, "、")
	}
	return text
}

func (s Visit) clock(v *view) string {
	switch {
	case s.ClockOffset != nil:
		slow := map[bool]string{true: "慢", false: "快"}[*s.ClockOffset > 0] // the offset is what is to be added to the machine's clock
		return fmt.Sprintf("較時間伺服器 %s %s %.1f 毫秒", s.ClockServer, slow, math.Abs(*s.ClockOffset))
	case s.ClockFailure != "":
		return "時間伺服器 " + s.ClockServer + " 未能查得：" + s.ClockFailure
	}
	return "偏差" + unrecorded
}

// Visits groups the cited captures by how they were asked for: one line each of what they share.
func (v *view) Visits() []visitGroup {
	var list []visitGroup
	for _, e := range v.Cited {
		if !e.Captured() {
			continue
		}
		lines := v.Visited(e)
		clock := lines[len(lines)-1].Text
		lines = lines[:len(lines)-1]
		i := slices.IndexFunc(list, func(g visitGroup) bool { return slices.Equal(g.Lines, lines) })
		if i < 0 {
			list = append(list, visitGroup{Lines: lines})
			i = len(list) - 1
		}
		list[i].Exhibits = append(list[i].Exhibits, "證"+e.ID)
		list[i].Clocks = append(list[i].Clocks, "證"+e.ID+" "+clock)
	}
	return list
}

// visitGroup is captures that were asked for alike.
type visitGroup struct {
	Exhibits []string
	Lines    []pair
	Clocks   []string // of each
}
