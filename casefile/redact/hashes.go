package redact

import "regexp"

// hash is a hash as a whole value, in hexadecimal or as subresource integrity writes it: of MD5, SHA-1, SHA-2. What it is of may be a text that is
// masked in the copy, and then it tells whoever tries all numbers which one stood there.
var hash = regexp.MustCompile(`^(?:[a-zA-Z0-9-]+[:=])?(?:[[:xdigit:]]{32}|[[:xdigit:]]{40}|[[:xdigit:]]{64}|[[:xdigit:]]{96}|[[:xdigit:]]{128}|` +
	`sha(?:256|384|512)-[A-Za-z0-9+/=]{43,90})$`)
