package doc

// Options say how a document is written, as far as its format leaves that open.
type Options struct {
	Color bool             // of text: whether to colour; decided for the stream that is written to
	Width int              // of text: columns; 0 for 80
	Paper string           // of LaTeX and PDF: one of [Papers]; empty for the first
	Tell  func(say string) // is told what of the document the format cannot show; nil for nobody
}
