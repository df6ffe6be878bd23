package intake

import (
	"slices"
	"strings"
	"testing"
)

func TestShortcut(t *testing.T) {
	c, report := collect(t, "site.url", "[{000214A0-0000-0000-C000-000000000046}]\r\n")
	if report.Kind == kindShortcut {
		t.Errorf("%+v", c)
	}
	c, report = collect(t, "site.url", "[InternetShortcut]\r\nURL=https://short-x.cc/a?b=c,d\r\nIconFile=https://icon-x.cc/favicon.ico\r\n")
	if got := c.brief(); !slices.Equal(got, []string{"2 https://short-x.cc/a?b=c,d"}) || report.Kind != kindShortcut {
		t.Errorf("%q %+v", got, report)
	}
}

// TestPage holds that what a page leads to and what a visitor reads comes out, and nothing of its machinery.
func TestPage(t *testing.T) {
	c, report := collect(t, "saved", `<!DOCTYPE html>
<!-- saved from url=(0025)https://saved-x.cc/page -->
<html><head><title>會員 title-x.cc</title><meta http-equiv="refresh" content="0;url=https://refresh-x.cc/">
<script src="https://script-x.cc/a.js">var u = "inside-x.cc"</script><style>@import "https://style-x.cc"</style>
<link rel=stylesheet href="https://sheet-x.cc/a.css"><meta property="og:image" content="https://og-x.cc/a.png"></head>
<body><p>請至<b>bold-x</b>.cc
註冊</p><a href="/relative">x</a><a href="//scheme-x.cc/">x</a><a
 href="https://link-x.cc/?a=1&amp;b=2">文字</a>
<a href="mailto:boss@mail-x.cc">信</a><a href="tel:+886912345678">話</a><a href="line://ti/p/~x">賴</a><a href="javascript:go('js-x.cc')">x</a>
<iframe src="https://frame-x.cc/"></iframe><form action="https://form-x.cc/post"></form><img src="https://picture-x.cc/a.png">
<table><tr><td>版面<td>cell-x.cc</table>
<template><table><tr><td>template-x.cc</td></tr></table></template><div>div-x.cc</div>ａｆｔｅｒ-x．cc</body></html>`)
	want := []string{
		"2 https://saved-x.cc/page", "3 https://title-x.cc/", "3 https://refresh-x.cc/", "6 https://bold-x.cc/ glued=請至", "7 https://scheme-x.cc/",
		"7 https://link-x.cc/?a=1&b=2", "9 line://ti/p/~x record-only", "10 https://frame-x.cc/", "10 https://form-x.cc/post", "11 https://cell-x.cc/",
		"12 https://div-x.cc/", "12 https://after-x.cc/", "9 email:boss@mail-x.cc", "9 phone:+886912345678",
	}
	got := c.brief()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || report.Kind != kindPage || report.Rows != len(want) {
		t.Errorf(" got %q\nwant %q", got, want)
	}
}

func TestPageEncoding(t *testing.T) {
	for name, text := range map[string]string{
		"big5":  `<html><meta charset="big5"><body>` + inBig5(t, "許功蓋a-x.cc請"),
		"utf-8": `<html><meta charset="utf-8"><body>許功蓋a-x.cc請`,
	} {
		c, report := collect(t, "page", text)
		if got := c.brief(); !slices.Equal(got, []string{"1 https://a-x.cc/ glued=許功蓋 請"}) || report.Encoding != name {
			t.Errorf("%s: %q %+v", name, got, report)
		}
	}
}

var letter = strings.ReplaceAll(`Return-Path: <scam@sender-x.cc>
From: =?big5?B?q8Kk6A==?= <boss@sender-x.cc>
To: victim@mail.tw
Subject: =?utf-8?B?6KuL6IezIHN1YmplY3QteC5jYw==?=
broken line without a colon
Content-Type: multipart/mixed;
 boundary="B"
MIME-Version: 1.0

preamble-x.cc
--B
Content-Type: multipart/alternative; boundary=C

--C
Content-Type: text/plain; charset=big5
Content-Transfer-Encoding: quoted-printable

see https://long-x.cc/a=
bc?x=3D1
--C
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGEgaHJlZj0iaHR0cHM6Ly9odG1sLXguY2MvYSI+eDwvYT4=
--C--
between-x.cc
--B
Content-Type: application/zip; name="=?utf-8?B?5Ye65outLnppcA==?="
Content-Disposition: attachment
Content-Transfer-Encoding: base64

YS14LmNj
--B
Content-Type: text/html; name=bill.html
Content-Disposition: attachment; filename=bill.html

<p>
attached-x.cc</p>
--B
Content-Type: message/rfc822

Subject: inner-x.cc

body-x.cc
--B
Content-Type: text/plain

plain-x.cc 賴：happy888

http://line.two-x.cc/
--B--
epilogue-x.cc
`, "\n", "\r\n")

func TestMail(t *testing.T) {
	want := []string{
		"4 https://subject-x.cc/", "18 https://long-x.cc/abc?x=1", "24 https://html-x.cc/a", "38 https://attached-x.cc/", "42 https://inner-x.cc/",
		"44 https://body-x.cc/", "48 https://plain-x.cc/", "50 http://line.two-x.cc/",
		"1 email:scam@sender-x.cc", "2 email:boss@sender-x.cc", "48 line_id:happy888", "28 -attachment",
	}
	c, report := collect(t, "letter", letter)
	if got := c.brief(); !slices.Equal(got, want) || report.Kind != kindMail || report.Cut != "" || report.Bytes != int64(len(letter)) {
		t.Errorf(" got %q\nwant %q\n%+v", got, want, report)
	}
	if c.skipped[0].Raw != "application/zip 出拭.zip" && !strings.HasSuffix(c.skipped[0].Raw, ".zip") {
		t.Errorf("attachment is %q", c.skipped[0].Raw)
	}
	half := letter[:strings.Index(letter, "two-x")]
	c, report = collect(t, "letter", half)
	if got := len(c.rows); got != 7 || report.Cut != cutTruncated {
		t.Errorf("of half a letter: %q %+v", c.brief(), report)
	}
}

func TestClues(t *testing.T) {
	for text, want := range map[string][]string{
		"LINE ID：Abc_123 加我":                                                    {"line_id:abc_123"},
		"加line@VIP168，line: x-y.z":                                              {"line_id:@vip168", "line_id:x-y.z"},
		"Line的ID是abc-1":                                                         {"line_id:abc-1"},
		"賴 = happy888":                                                          {"line_id:happy888"},
		"online: casino, line up, airline: delta":                               nil,
		"0912-345-678、+886 912 345 679、886-2-2345-6789":                         {"phone:+886912345678", "phone:+886912345679", "phone:+886223456789"},
		"091234567 09123456789 20260912345678":                                  nil,
		"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u": {"tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t checked"},
		"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": {"bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa checked", "bitcoin:3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy checked"},
		"匯入bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4。":                         {"bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 checked"},
		"bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr":        {"bitcoin:bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr checked"},
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5":                            nil,
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed":                            {"ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed checked"},
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD":                            nil,
		"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed":                            {"ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
	} {
		c, _ := collect(t, "pasted", text)
		var got []string
		for _, k := range c.clues {
			s := string(k.Kind) + ":" + k.Value
			if k.Checked {
				s += " checked"
			}
			got = append(got, s)
		}
		if !slices.Equal(got, want) || len(c.rows) > 0 {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"11412": "2025-12", "115年08月": "2026-08", "115年8月": "2026-08", "115/3/12": "2026-03-12", "115.03.12": "2026-03-12", "民國115年3月12日": "2026-03-12",
		"1150312": "2026-03-12", "99/1/2": "2010-01-02", "2023/12/12": "2023-12-12", "2023-1-2": "2023-01-02", "20260826": "2026-08-26", "202608": "2026-08",
		"2026-06-20T15:13:38": "2026-06-20", "2023/07/28 15:32": "2023-07-28", " 2026/8 ": "2026-08", "2024/02/29": "2024-02-29",
		"": "", "11413": "", "2023/02/29": "", "115/13/1": "", "99999999": "", "0000000": "", "昨天": "", "990101": "", "1/2/2023": "",
	} {
		if got := isoDate(text); got != want {
			t.Errorf("isoDate(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string][2]string{
		"115/3/12-115/3/18民眾通報": {"2026-03-12", "2026-03-18"},
		"109/03/26-04/1民眾":      {"2020-03-26", "2020-04-01"},
		"自115年3月12日～3月18日":      {"2026-03-12", "2026-03-18"},
		"115/13/12-115/3/18":    {},
		"電話 02-2345-6789":       {},
	} {
		if from, to := isoSpan(text); want != [2]string{from, to} {
			t.Errorf("isoSpan(%q) = %q, %q", text, from, to)
		}
	}
}
