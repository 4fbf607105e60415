package doc

import (
	"bufio"
	"io"
)

// OnPages reports whether a format is one whole, a page or pages: two documents
// in it are not one after the other, but are joined.
func OnPages(format string) bool { return format == "html" || OnPaper(format) }

// OnPaper reports whether a format is for paper.
func OnPaper(format string) bool { return format == "latex" || format == "pdf" }

// Formats gives the names of the formats of a document, the default first.
func Formats() []string { return writers.Formats() }

// Write writes a document in the format of that name.
func Write(w io.Writer, format string, d *Document, opt Options) error {
	head := *d
	head.Blocks = nil
	s, err := NewStream(w, format, &head, opt)
	if err != nil {
		return err
	}
	if err := s.write.blocks(d.Blocks); err != nil {
		return err
	}
	return s.Close()
}

// A Stream writes a document whose blocks come one after another. Text and
// Markdown are written as they come; a format [OnPages] needs all of them.
type Stream struct {
	out   *bufio.Writer
	write writer
}

// NewStream begins a document in the format of that name: this one, which has no
// blocks yet.
func NewStream(w io.Writer, format string, d *Document, opt Options) (*Stream, error) {
	begin, err := writers.Of(format)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriter(w)
	return &Stream{out, begin(out, d, opt)}, nil
}

// Add puts blocks at the document's end.
func (s *Stream) Add(blocks ...Block) error {
	if err := s.write.blocks(blocks); err != nil {
		return err
	}
	return s.out.Flush()
}

// Close ends the document.
func (s *Stream) Close() error {
	if err := s.write.end(); err != nil {
		return err
	}
	return s.out.Flush()
}
