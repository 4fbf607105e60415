package page

import (
	"errors"
	"io"
)

// A Playground is what the page is made of in which a trace is written, checked and
// stepped through as it is typed.
type Playground struct {
	// Program is raftsheet in WebAssembly, gzipped, and Support the script of the Go
	// that has made it, wasm_exec.js. Without a program the page asks the server that
	// it came from, at addresses relative to its own:
	//
	//	POST ask     a request of package engine, and its reply
	//	GET  events  server-sent events; one named file has the JSON of a [Served]
	//	POST save    the JSON of a Served, to be written over the version that it names:
	//	             200 with the Served of the file now, 409 with it where the file has
	//	             another version, or an error as text
	Program []byte
	Support string

	Examples []Example
	Served   *Served // the file that the server follows; nil for none
}

// An Example is a trace to start from.
type Example struct {
	Name    string `json:"name"`    // figure7.yaml
	Teaches string `json:"teaches"` // in a line
	Text    string `json:"text"`
}

// A Served is a file on the server, as it was at some time.
type Served struct {
	Name    string `json:"name"`
	Text    string `json:"text"`
	Version string `json:"version"`           // of the text: who saves says which one is replaced
	Problem string `json:"problem,omitempty"` // why there is no text: the file is gone, or cannot be read
	Write   bool   `json:"write,omitempty"`   // whether it may be saved
}

// WritePlayground writes the page.
func WritePlayground(w io.Writer, p Playground) error { return errors.New("not yet") }
