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
	Name   string
	Traces []*Trace
	src    *source.Source
	keyed  bool // a document has one of the format's keys at its top, or nobody can tell
}

// IsForeign reports whether the file has none of the format's keys at the top of
// any document: it was hardly meant to be a trace.
func (f *File) IsForeign() bool { return !f.keyed }

// Read reads every trace of a file. The name is used in messages only.
//
// All that is wrong is reported, as [Errors]. The file returned holds the traces
// of all documents whose nodes and steps can be read, each with its own errors:
// an error costs what it stands at, and the rest is a trace like any other. The
// file is never nil.
func Read(name string, in io.Reader, lim Limits) (*File, error) {
	f, err := readText(name, in, lim)
	if err != nil {
		return f, err
	}
	return parseSource(f.Name, f.src, lim)
}

// ReadToEdit is Read for a file that package edit will change. What is decoded of it
// is kept, so that edit need not decode it again.
func ReadToEdit(name string, in io.Reader, lim Limits) (*File, error) {
	f, err := readText(name, in, lim)
	if err != nil {
		return f, err
	}
	f.src.Keep()
	return parseSource(f.Name, f.src, lim)
}

// readText reads a file whole, and nothing of what it says.
func readText(name string, in io.Reader, lim Limits) (*File, error) {
	var buf bytes.Buffer
	buf.Grow(int(min(size(in), lim.Bytes)) + bytes.MinRead)
	_, err := buf.ReadFrom(io.LimitReader(in, min(lim.Bytes, math.MaxInt64-1)+1))
	data := buf.Bytes()
	if err != nil {
		return &File{Name: name, src: source.New(nil), keyed: true}, Errors{{File: name, Msg: errText(err)}}
	}
	if int64(len(data)) > lim.Bytes {
		return &File{Name: name, src: source.New(nil), keyed: true}, Errors{{File: name, Pos: Pos{1, 1},
			Msg: fmt.Sprintf("the file is larger than %d bytes; --max-bytes raises the limit", lim.Bytes)}}
	}
	return &File{Name: name, src: source.New(data)}, nil
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
	return parseSource(name, source.New(data), lim)
}

func parseSource(name string, src *source.Source, lim Limits) (*File, error) {
	f, data := &File{Name: name, src: src}, src.Bytes()
	if bad := f.src.Check(); bad != nil {
		f.keyed = LooksKeyed(data)
		return f, Errors{{File: name, Pos: Pos(bad.Pos), Msg: bad.Msg}}
	}
	if at, document, over := f.src.Crowded(lim.Nodes); over {
		f.keyed = LooksKeyed(data)
		return f, Errors{{File: name, Document: document, Pos: Pos(at), Msg: fmt.Sprintf(tooManyNodes, lim.Nodes)}}
	}
	errs := f.documents(lim)
	if len(errs) == 0 && len(f.Traces) == 0 {
		errs = Errors{{File: name, Pos: Pos{1, 1}, Msg: "the file has no trace; write at least nodes and steps"}}
	}
	if len(errs) > 0 {
		return f, errs.first()
	}
	return f, nil
}

// isKeyed reports whether a document has one of the format's keys at its top, and is
// not a scheme, which shares some.
func isKeyed(root *yaml.Node) bool {
	keyed := false
	for key := range source.Pairs(root) {
		switch {
		case key.Value == "steps":
			return true
		case key.Value == "must", key.Value == "cells":
			return false
		}
		keyed = keyed || documentKeys.find(key.Value) >= 0
	}
	return keyed
}

// documents reads one document after the other. Errors far past what is reported
// are not kept.
func (f *File) documents(lim Limits) Errors {
	var all Errors
	document := 0
	for doc, bad := range f.src.Passing(lim.Depth) {
		document++
		if bad != nil {
			f.keyed = f.keyed || LooksKeyed(f.src.Bytes())
			return append(all, &Error{File: f.Name, Document: document, Pos: Pos(bad.Pos), Msg: bad.Msg})
		}
		root := doc.Content[0]
		if source.IsNull(root) {
			continue
		}
		f.keyed = f.keyed || isKeyed(root)
		t, errs := parseTrace(f.Name, document, root, lim, lim.aliased(len(f.src.Bytes())))
		if t != nil {
			f.Traces = append(f.Traces, t)
		}
		if len(all) <= maxErrors {
			all = append(all, errs...)
		}
	}
	return all
}

// parseTrace reads a document's root. The trace is nil where nothing of it can be
// judged. aliased is what aliases may add to it.
func parseTrace(name string, document int, root *yaml.Node, lim Limits, aliased int) (*Trace, Errors) {
	p := &parser{lim: lim, aliased: aliased, t: &Trace{File: name, Document: document, Pos: posOf(root)}, docKeys: documentKeys.names()}
	if p.vet(root) {
		documentKeys.read(p, root, p.t)
	}
	for _, e := range p.errs {
		e.File, e.Document = name, document
	}
	errs := p.errs.first()
	if p.names == nil || !p.listed {
		return nil, errs
	}
	p.t.Errors, p.t.More = errs, p.full()
	return p.t, errs
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
