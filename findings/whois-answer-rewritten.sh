#!/usr/bin/env bash
# Guess:  the Go WHOIS client github.com/likexian/whois returns what the server sent
#         (RFC 3912: text, until the server closes), and with statistics and referrals
#         turned off certainly; so the hash of the result is that of the answer.
# Seen:   the result is trimmed at both ends, the last line's end included; and by
#         default two lines are appended that look like the server's own remarks:
#         "% Query time: …" and "% WHEN: …", in LF, below an answer in CRLF.
#         SetDisableStats takes the two lines away, but nothing gives the bytes.
# Versions: github.com/likexian/whois v1.15.6. Seen on 2026-11-28.
set -eu
command -v go >/dev/null || { echo "missing: Go, to fetch and run the library"; exit 2; }
t=$(mktemp -d); trap 'rm -rf "$t"' EXIT; cd "$t"
cat >main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"regexp"

	"github.com/likexian/whois"
)

const sent = "\r\n   Domain name: shop.example\r\n   Registrar: Example\r\n\r\n"

func serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		bufio.NewReader(c).ReadString('\n')
		fmt.Fprint(c, sent)
		c.Close()
	}
}

func ask(c *whois.Client, server, want string) {
	got, err := c.Whois("shop.example", server)
	fmt.Printf("got  %q %v\n", got, err)
	if err != nil || !regexp.MustCompile(want).MatchString(got) {
		fmt.Println("changed: the result is another")
		os.Exit(1)
	}
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go serve(l)
	fmt.Printf("sent %q\n", sent)
	const trimmed = "^Domain name: shop.example\r\n   Registrar: Example"
	ask(whois.NewClient(), l.Addr().String(), trimmed+"\n\n% Query time: [0-9]+ msec\n% WHEN: .*\n$")
	bare := whois.NewClient().SetDisableStats(true).SetDisableReferral(true)
	ask(bare, l.Addr().String(), trimmed+"$")
	fmt.Println("as stated")
}
GO
go mod init finding >/dev/null 2>&1
go get github.com/likexian/whois@v1.15.6 2>get.log || { cat get.log; exit 2; }
go run .
