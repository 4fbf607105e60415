package event

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"
)

// A Writer writes lines. Several goroutines may share it: give all nodes of a
// cluster the same, so that their lines are in one order.
type Writer struct {
	mu  sync.Mutex
	out *bufio.Writer
	enc *json.Encoder
	err error
}

// NewWriter writes to out, beginning with the header, whose form and version it
// fills in.
func NewWriter(out io.Writer, h Header) *Writer {
	b := bufio.NewWriter(out)
	w := &Writer{out: b, enc: json.NewEncoder(b)}
	w.enc.SetEscapeHTML(false)
	h.Raftsheet, h.Version = Events, 1
	w.Write(Line{Header: h})
	return w
}

// Write writes a line. After an error it writes nothing more.
func (w *Writer) Write(l Line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = w.enc.Encode(l)
	}
}

// Flush brings out what has been written, and says the first error if there was
// one.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}
