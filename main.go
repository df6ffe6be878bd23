// Yuzheng keeps web evidence: it captures scam sites, seals them in a case file and packs them for a court.
//
// This one package makes two programs: the desktop yuzheng, and with the tag headless the console yuzheng-cli.
package main

import (
	"os"

	"yuzheng/app"
)

func main() { os.Exit(app.Main(app.System())) }
