package favicon

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxLinks = 32
	maxHTML  = 4 << 20  // bytes of a document that are looked at
	maxToken = 1 << 20  // bytes of one tag
	maxLink  = 64 << 10 // bytes of one address
)

// Links gives the addresses of the icons of a document (HTML Living Standard, 4.6.7.8; Apple's touch icons), in the order in which it
// names them, each once, and at last /favicon.ico of its site. base is the document's own address. They are http, https or data
// addresses; nothing is asked for.
func Links(document []byte, base string) []string {
	address, err := url.Parse(base)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return nil
	}
	var list []string
	add := func(from *url.URL, link string) {
		if to := resolve(from, link); to != "" && !slices.Contains(list, to) && len(list) < maxLinks {
			list = append(list, to)
		}
	}
	from, based := address, false
	tags(document, func(name string, attribute map[string]string) {
		switch {
		case name == "base" && !based && attribute["href"] != "":
			if to, err := url.Parse(resolve(address, attribute["href"])); err == nil && to.Host != "" {
				from, based = to, true
			}
		case name == "link" && isIcon(attribute["rel"]):
			add(from, attribute["href"])
		}
	})
	root := url.URL{Scheme: address.Scheme, Host: address.Host, Path: "/favicon.ico"}
	if to := root.String(); !slices.Contains(list, to) {
		list = append(list, to)
	}
	return list
}

// tags calls for each start tag with its attributes; the first of a name counts.
func tags(document []byte, found func(name string, attribute map[string]string)) {
	z := html.NewTokenizer(bytes.NewReader(document[:min(len(document), maxHTML)]))
	z.SetMaxBuf(maxToken)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		tag, attribute := string(name), map[string]string{}
		for more && (tag == "link" || tag == "base") {
			var key, value []byte
			key, value, more = z.TagAttr()
			if _, known := attribute[string(key)]; !known && len(value) <= maxLink {
				attribute[string(key)] = string(value)
			}
		}
		found(tag, attribute)
	}
}

// isIcon reads the list of words of a link's relation.
func isIcon(rel string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(rel)), func(word string) bool {
		return word == "icon" || word == "apple-touch-icon" || word == "apple-touch-icon-precomposed"
	})
}

// resolve gives the whole address of a link, as the URL Standard reads it: without line breaks and tabs, without spaces around.
func resolve(from *url.URL, link string) string {
	link = strings.TrimSpace(strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(link))
	if link == "" || strings.HasPrefix(strings.ToLower(link), "data:") {
		return link
	}
	to, err := from.Parse(link)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String()
}
