// Package assets carries what the program needs beside its code: translations, icons, document templates, data lists,
// and the offline viewer.
//
// Each data list and each template states its version, source, date and how long that is good for. Nothing here is imported by capture or casefile:
// they are given an fs.FS, in which an office has its own templates and lists in place of these (package office).
package assets

import "embed"

// Translations holds translations/LANG.json, and the help of commands in a language that is not English as translations/help.LANG.json.
//
//go:embed translations
var Translations embed.FS

// Documents holds documents/NAME.paper: the templates of papers (package casefile/document has their form).
//
//go:embed documents
var Documents embed.FS

// Data holds data/NAME.json: statutes, platforms, popular names, sinkholes and what else the gate and the papers rely on.
//
//go:embed data
var Data embed.FS

// Viewer holds viewer/: the parts of the offline viewer of a packet.
//
//go:embed viewer
var Viewer embed.FS
