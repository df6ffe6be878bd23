package intake

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// cell gives every address and clue of a text, each with what e says of it, and tells how many came out of it. Where none did, the
// reason is why.
func (r *reading) cell(e Entry, text string, p place) (n int, why Reason, err error) {
	if blank(text) {
		return 0, whyEmpty, nil
	}
	if isNone(text) {
		return 0, whyNone, nil
	}
	why = whyNoAddress
	for piece, long := range pieces(text, maxPiece) {
		if long {
			n++
			if err := r.skip(e.Line, piece, whyTooLong); err != nil {
				return n, "", err
			}
			continue
		}
		m, err := r.piece(e, piece, p)
		if n += m; err != nil {
			return n, "", err
		}
	}
	switch {
	case n > 0:
		return n, "", nil
	case strings.ContainsRune(text, utf8.RuneError):
		return 0, whyUndecodable, nil
	case p == inCell && hostShaped(text):
		return 0, whyNotPublic, nil
	}
	return 0, why, nil
}

// piece reads a part of a text that is short enough to stand as the Raw of all that is in it. One with many addresses is cut smaller,
// so that what is kept for them stays in proportion to the file.
func (r *reading) piece(e Entry, piece string, p place) (n int, err error) {
	text := refang(piece)
	found := find(text, p)
	if len(found) > maxShared && len(piece) > maxPiece/maxShared {
		for smaller := range pieces(piece, len(piece)/2) {
			if len(smaller) == len(piece) {
				break // it cannot be cut
			}
			m, err := r.piece(e, smaller, p)
			if n += m; err != nil {
				return n, err
			}
		}
		if n > 0 {
			return n, nil
		}
	}
	e.Raw = piece
	for _, c := range found {
		e.Raw = strings.ReplaceAll(e.Raw, c.user+"@", withoutPassword(c.user)+"@")
	}
	for _, c := range found {
		n++
		if err := r.candidate(e, c); err != nil {
			return n, err
		}
	}
	if len(found) == 1 && found[0].begin == 0 && found[0].end == len(text) {
		return n, nil
	}
	for _, c := range clues(without(text, found)) {
		n++
		c.Entry = e
		if err := r.clue(c); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (r *reading) candidate(e Entry, c candidate) error {
	if c.email {
		if strings.ContainsRune(c.host, utf8.RuneError) {
			return r.skip(e.Line, e.Raw, whyUndecodable)
		}
		clue, ok := mailbox(c)
		if !ok {
			return r.skip(e.Line, e.Raw, whyTooLong)
		}
		clue.Entry = e
		return r.clue(clue)
	}
	row, why := r.row(c)
	if why != "" {
		return r.skip(e.Line, e.Raw, why)
	}
	row.Entry = e
	if r.broken {
		row.warn(warnQuotes, "")
	}
	return r.address(row)
}

// without blanks the candidates of a text.
func without(text string, found []candidate) string {
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, c := range found {
		if c.begin >= at {
			b.WriteString(text[at:c.begin])
			b.WriteByte(' ')
		}
		at = max(at, c.end)
	}
	b.WriteString(text[at:])
	return b.String()
}

// pieces cuts a text of more than size bytes at spaces and marks that no address goes over, and where there are none at commas. A
// stretch without any is told as long if no address can be of that length.
func pieces(text string, size int) iter.Seq2[string, bool] {
	return func(yield func(piece string, long bool) bool) {
		for len(text) > size {
			cut := strings.LastIndexFunc(text[:size], between)
			if cut <= 0 {
				cut = strings.LastIndexAny(text[:size], ",;")
			}
			if cut <= 0 {
				cut = 1 + strings.IndexFunc(text[1:], func(c rune) bool { return between(c) || c == ',' || c == ';' })
			}
			if cut <= 0 {
				break
			}
			if !yield(text[:cut], cut > maxURL) {
				return
			}
			text = text[cut:]
		}
		if text != "" {
			yield(text, len(text) > max(size, maxURL))
		}
	}
}

// between is true of space and of the marks of Chinese text before which a text may be cut.
func between(c rune) bool {
	return c <= ' ' || c >= utf8.RuneSelf && hard(c) && !strings.ContainsRune("。．：／", c)
}

func blank(text string) bool {
	return strings.Trim(text, " \t\r\n\f\v\u3000\u00a0\ufeff\u200b\x00") == ""
}

// isNone is true of what stands in a list for nothing.
func isNone(text string) bool {
	if len(text) > 24 {
		return false
	}
	switch strings.ToLower(strings.Trim(text, " \t\r\n\u3000\u00a0\"'()[]（）「」。.")) {
	case "無", "无", "無網址", "無資料", "不詳", "不明", "未提供", "沒有", "none", "n/a", "na", "null", "nil", "-", "--", "---", "－", "—", "x", "0":
		return true
	}
	return false
}

// hostShaped is true of a cell that would be a host if it lay under a public suffix.
func hostShaped(text string) bool {
	host, _, _ := strings.Cut(strings.TrimSpace(refang(text)), "/")
	name := host
	if i := strings.LastIndexByte(host, ':'); i > 0 && portEnd(host[i:]) == len(host)-i {
		name = host[:i]
	}
	name = strings.TrimRight(name, ".")
	if strings.EqualFold(name, "localhost") {
		return true
	}
	return strings.Contains(name, ".") && runEnd(name, "") == len(name) && strings.Trim(name, "0123456789.") != ""
}
