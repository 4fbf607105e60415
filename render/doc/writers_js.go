package doc

// writers are the formats of a document where the program runs in a page: the libraries
// that lay out a terminal's tables and a PDF would be most of what the page loads.
var writers = Writers[beginning]{
	{"html", atTheEnd(writeHTML)},
}
