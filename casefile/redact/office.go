package redact

import (
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"

	"yuzheng/casefile/evidence"
)

// office masks DOCX and ODT: the text of every part, over the runs of a paragraph; who wrote and changed it, when, with which program, is taken
// out, and so are previews and paths on the machine on which it was written. A picture that nobody has looked at is black. A document with other files in it (tables of other programs, macros,
// fonts) is left out: what they show is not known, and without them it does not open.
func (r *Redactor) office(name string, list []file) Copy {
	out := Copy{Masked: map[evidence.RedactionKind]int{}}
	var kept []file
	for _, f := range list {
		switch {
		case strings.HasPrefix(f.name, "Thumbnails/"), strings.HasPrefix(f.name, "docProps/"), f.name == "meta.xml", f.name == "manifest.rdf",
			strings.HasPrefix(f.name, "Configurations2/"), f.name == "META-INF/documentsignatures.xml", strings.HasPrefix(f.name, "customXml/"):
			continue
		case f.name == "mimetype":
			kept = append(kept, f)
			continue
		case isPicture(f.name):
			c := r.Piece(name+"!"+f.name, "", f.data)
			if c.LeftOut != "" {
				c.Data = blank(f.name)
			}
			out.Add(f.name, c)
			kept = append(kept, file{f.name, c.Data})
			continue
		case !strings.HasSuffix(f.name, ".xml") && !strings.HasSuffix(f.name, ".rels"):
			return leaveOut(evidence.LeftEmbedded)
		}
		c := r.text(unowned(string(f.data)))
		if c.LeftOut != "" {
			return leaveOut(c.LeftOut)
		}
		out.Add(f.name, c)
		kept = append(kept, file{f.name, c.Data})
	}
	for _, f := range kept {
		if f.name != r.Text(f.name, nil) {
			return leaveOut(evidence.LeftUnmaskable)
		}
	}
	out.Data = pack(kept)
	return out
}

func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}

func isJPEG(name string) bool {
	return strings.EqualFold(path.Ext(name), ".jpg") || strings.EqualFold(path.Ext(name), ".jpeg")
}

// owners finds what in the parts of a document, as Word and LibreOffice write them, tells of people and programs, and what refers to parts that are
// taken out; left is what stays of it.
var owners = []struct {
	find *regexp.Regexp
	left string
}{
	{regexp.MustCompile(`<Override\b[^>]*PartName="/(?:docProps|customXml)/[^>]*/>`), ""},
	{regexp.MustCompile(`<Relationship\b[^>]*(?:Target="[^"]*(?:docProps|customXml|Thumbnails)/|/attachedTemplate")[^>]*/>`), ""},
	{regexp.MustCompile(`<w:attachedTemplate\b[^>]*/>`), ""},
	{regexp.MustCompile(`<manifest:file-entry\b[^>]*full-path="(?:Thumbnails/|meta\.xml|manifest\.rdf|Configurations2/)[^>]*/>`), ""},
	{regexp.MustCompile(`<(?:dc:creator|dc:date|meta:[a-z-]+|config:config-item)\b[^>]*>[^<]*</[a-zA-Z:-]+>`), ""},
	{regexp.MustCompile(`<text:(?:author-name|author-initials|initial-creator|creator)\b[^>]*>[^<]*</[a-zA-Z:-]+>`), ""},
	{regexp.MustCompile(`(\s(?:w:author|w:initials|w15:author|w15:userId)=)"[^"]*"`), `$1""`}, // which have to be there
	{regexp.MustCompile(`\s(?:w:date|w:rsid[A-Za-z]*|office:name)="[^"]*"`), ""},
	{regexp.MustCompile(`(?s)<w:mailMerge>.*?</w:mailMerge>|<w:mailMerge\b[^>]*/>`), ""}, // where the addresses came from
	{regexp.MustCompile(`(?s)<w:rsids>.*?</w:rsids>|<w:rsid[A-Za-z]*\b[^>]*/>`), ""},
}

func unowned(text string) string {
	for _, o := range owners {
		text = o.find.ReplaceAllString(text, o.left)
	}
	text = attribute.ReplaceAllStringFunc(text, func(whole string) string {
		m := attribute.FindStringSubmatch(whole)
		switch {
		case !onMachine(m[2] + m[3]):
			return whole
		case strings.HasSuffix(m[1], "Target=") || strings.HasSuffix(m[1], "href="): // which have to lead somewhere
			return m[1] + `"about:blank"`
		}
		return m[1] + `""`
	})
	fields := strings.SplitAfter(text, `w:fldCharType="begin"`)
	for i, f := range fields {
		var code strings.Builder // over the runs in which it stands
		for _, m := range fieldCode.FindAllStringSubmatch(f, -1) {
			code.WriteString(m[2])
		}
		if onMachine(code.String()) {
			fields[i] = fieldCode.ReplaceAllString(f, "$1$3")
		}
	}
	return homePath.ReplaceAllString(strings.Join(fields, ""), "$1"+squares)
}

var (
	// attribute is one with a value in either quotes.
	attribute = regexp.MustCompile(`(\s[\w:.-]+=)(?:"([^"<]*)"|'([^'<]*)')`)
	// machinePath is a file of the machine on which a document was written: of a drive, a share, a home, or as an address.
	machinePath = regexp.MustCompile(`(?i)file:|(?:^|[^a-z])[a-z]:(?:\\|/[^/])|(?:^|[\s=;"'])\\\\|(?:^|[\s=;"'])/(?:home|users|root|mnt|media|tmp|var)/|[\\/](?:users|home|documents and settings)[\\/]`)
	onWeb       = regexp.MustCompile(`^(?i:https?://|mailto:|tel:)[^"]*$`)
	fieldCode   = regexp.MustCompile(`(<w:instrText\b[^>]*>)([^<]*)(</w:instrText>)`)
	// homePath is, in the text of a field or of a paragraph, whose home a path leads through.
	homePath = regexp.MustCompile(`(?i)((?:^|[^\w.%-])(?:[a-z]:|file:/*)?(?:[\\/]|%5c|%2f)+(?:users|home|documents and settings)(?:[\\/]|%5c|%2f)+)[^\\/<>"'&|:*?\r\n\t]+`)
)

// onMachine reports whether the value of an attribute tells a path on the machine of who wrote it, however it is escaped.
func onMachine(value string) bool {
	value = html.UnescapeString(value)
	if plain, err := url.PathUnescape(value); err == nil {
		value = plain
	}
	if onWeb.MatchString(value) {
		return false
	}
	return machinePath.MatchString(value)
}
