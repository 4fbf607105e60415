package trace

import _ "embed"

//go:embed format.md
var format string

// Format gives the format's reference for people, as Markdown that a terminal
// can show as it is: no line is wider than 100 columns.
func Format() string { return format }
