package trace

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// A File is what was read of a file: its traces, and the bytes that they were
// written in.
type File struct {
	Name    string
	Traces  []*Trace  // of the documents in which nothing is wrong
	Damaged []Damaged // of those in which something is
	src     *source.Source
}

// A Damaged trace holds all that could be read of a document with errors. What
// an error is about is left out: a cell or a field is blank, an event lacks a
// field or is nil. An error says which step it is in. A document whose nodes
// cannot be read has no Damaged trace: its steps name nobody.
type Damaged struct {
	*Trace
	Errors Errors // at least one, in the order in which they were found
}

// Read reads every trace of a file. The name is used in messages only.
//
// All that is wrong is reported, as [Errors]; the file returned then holds the
// traces of those documents in which nothing is wrong. It is never nil.
func Read(name string, in io.Reader, lim Limits) (*File, error) {
	var buf bytes.Buffer
	buf.Grow(int(min(size(in), lim.Bytes)) + bytes.MinRead)
	_, err := buf.ReadFrom(io.LimitReader(in, min(lim.Bytes, math.MaxInt64-1)+1))
	data := buf.Bytes()
	if err != nil {
		return &File{Name: name, src: source.New(nil)}, Errors{{File: name, Msg: errText(err)}}
	}
	if int64(len(data)) > lim.Bytes {
		return &File{Name: name, src: source.New(nil)}, Errors{{File: name, Pos: Pos{1, 1},
			Msg: fmt.Sprintf("the file is larger than %d bytes; --max-bytes raises the limit", lim.Bytes)}}
	}
	return Parse(name, data, lim)
}

// size is how many bytes a reader is known to hold, 0 where it does not say.
func size(in io.Reader) int64 {
	switch in := in.(type) {
	case interface{ Len() int }:
		return int64(in.Len())
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// Parse is Read for bytes that are at hand. The file keeps data.
func Parse(name string, data []byte, lim Limits) (*File, error) {
	f := &File{Name: name, src: source.New(data)}
	if bad := f.src.Check(); bad != nil {
		return f, Errors{{File: name, Pos: Pos(bad.Pos), Msg: bad.Msg}}
	}
	if at, more := f.src.MoreNodesThan(lim.Nodes); more {
		return f, Errors{{File: name, Pos: Pos(at), Msg: fmt.Sprintf("here the file passes the limit of %d YAML nodes", lim.Nodes)}}
	}
	errs := f.documents(lim)
	if len(errs) == 0 && len(f.Traces) == 0 {
		errs = Errors{{File: name, Pos: Pos{1, 1}, Msg: "the file has no trace; write at least nodes: and steps:"}}
	}
	if len(errs) > 0 {
		return f, errs.first()
	}
	return f, nil
}

// documents reads one document after the other. Errors far past what is reported
// are not kept.
func (f *File) documents(lim Limits) Errors {
	var all Errors
	document := 0
	for doc, bad := range f.src.Documents(lim.Depth) {
		document++
		if bad != nil {
			return append(all, &Error{File: f.Name, Document: document, Pos: Pos(bad.Pos), Msg: bad.Msg})
		}
		root := doc.Content[0]
		if source.IsNull(root) {
			continue
		}
		t, errs := parseTrace(f.Name, document, root, lim, lim.aliased(len(f.src.Bytes())))
		switch {
		case len(errs) == 0:
			f.Traces = append(f.Traces, t)
		case t.Size() > 0:
			f.Damaged = append(f.Damaged, Damaged{t, errs})
		}
		if len(all) <= maxErrors {
			all = append(all, errs...)
		}
	}
	return all
}

// parseTrace reads a document's root; aliased is what aliases may add to it.
func parseTrace(name string, document int, root *yaml.Node, lim Limits, aliased int) (*Trace, Errors) {
	p := &parser{lim: lim, aliased: aliased, t: &Trace{File: name, Document: document, Pos: posOf(root)}}
	if p.vet(root) {
		documentKeys.read(p, root, p.t)
	}
	if p.names == nil {
		p.t.Names = nil
	}
	for _, e := range p.errs {
		e.File, e.Document = name, document
	}
	return p.t, p.errs
}

// errText is an error of the operating system without the path that the caller
// has named already.
func errText(err error) string {
	s := err.Error()
	if i := strings.LastIndex(s, ": "); i >= 0 {
		return s[i+2:]
	}
	return s
}
