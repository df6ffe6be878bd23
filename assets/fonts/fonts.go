// Package fonts carries Noto Sans TC (SIL Open Font License 1.1, see LICENSE) for the window.
//
// It is apart from package assets so that the console program does not carry 14 MB of fonts.
package fonts

import _ "embed"

// Regular is Noto Sans TC, weight 400, TrueType.
//
//go:embed NotoSansTC-Regular.ttf
var Regular []byte

// Bold is Noto Sans TC, weight 700, TrueType.
//
//go:embed NotoSansTC-Bold.ttf
var Bold []byte
