package doc

import (
	"bufio"
	"fmt"
	"strings"
)

// Writers is how each format of something is written, the default first.
type Writers[W any] []Writer[W]

// A Writer is a format's name, and the function that writes it.
type Writer[W any] struct {
	Format string
	Write  W
}

// Formats gives the names of the formats, the default first.
func (ws Writers[W]) Formats() []string {
	names := make([]string, len(ws))
	for i, w := range ws {
		names[i] = w.Format
	}
	return names
}

// Of gives the writer of the format of that name. It is an error if there is none.
func (ws Writers[W]) Of(format string) (write W, err error) {
	for _, w := range ws {
		if w.Format == format {
			return w.Write, nil
		}
	}
	return write, fmt.Errorf("there is no format %q; the formats are %s", format, strings.Join(ws.Formats(), ", "))
}

// A writer writes a document in one format.
type writer interface {
	// blocks writes more of the document, or keeps it for the end.
	blocks([]Block) error
	// end writes what is left.
	end() error
}

// A beginning begins a document in one format.
type beginning func(*bufio.Writer, *Document, Options) writer

// A keeper keeps a document for a format that is one whole, and writes it at the end.
type keeper struct {
	w     *bufio.Writer
	doc   Document
	opt   Options
	write func(*bufio.Writer, *Document, Options) error
}

// atTheEnd begins a document that is written at the end.
func atTheEnd(write func(*bufio.Writer, *Document, Options) error) beginning {
	return func(w *bufio.Writer, d *Document, opt Options) writer { return &keeper{w, *d, opt, write} }
}

func (k *keeper) blocks(bs []Block) error {
	k.doc.Add(bs...)
	return nil
}

func (k *keeper) end() error { return k.write(k.w, &k.doc, k.opt) }
