// Package icons carries the picture of the program, as a window and a task bar want it.
package icons

import _ "embed"

// PNG is the icon, 256 by 256 pixels, drawn from yuzheng.svg.
//
//go:embed yuzheng.png
var PNG []byte
