//go:build !js

package doc

// writers are the formats of a document, the default first.
var writers = Writers[beginning]{
	{"text", newText},
	{"markdown", newMarkdown},
	{"html", atTheEnd(writeHTML)},
	{"latex", atTheEnd(writeLaTeX)},
	{"pdf", atTheEnd(writePDF)},
}
