package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// Limits bounds what a file may ask for. Past one is an error at its place.
type Limits struct {
	Bytes int64 // of a file
	Nodes int   // YAML nodes of a document, aliases expanded
	Depth int   // levels of nesting
	Steps int   // of a trace
	Value int   // bytes of an entry's value
}

// DefaultLimits are those of the format.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Nodes: 4_000_000, Depth: 64, Steps: 200_000, Value: 1024}
}

// A File is what was read of a file: the traces that are well formed, and the
// bytes that they were written in.
type File struct {
	Name   string
	Traces []*Trace
	source
}

// Read reads every trace of a file. The name is used in messages alone.
//
// All that is wrong is reported, as [Errors]; the file returned then holds the
// traces of those documents in which nothing is wrong. It is never nil.
func Read(name string, in io.Reader, lim Limits) (*File, error) {
	var buf bytes.Buffer
	buf.Grow(int(min(size(in), lim.Bytes)) + bytes.MinRead)
	_, err := buf.ReadFrom(io.LimitReader(in, lim.Bytes+1))
	data := buf.Bytes()
	if err != nil {
		return &File{Name: name}, Errors{{File: name, Msg: errText(err)}}
	}
	if int64(len(data)) > lim.Bytes {
		return &File{Name: name}, Errors{{File: name, Pos: Pos{1, 1},
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
	f := &File{Name: name, source: source{data: data}}
	if e := checkBytes(data); e != nil {
		e.File = name
		return f, Errors{e}
	}
	errs := f.documents(lim)
	if len(errs) == 0 && len(f.Traces) == 0 {
		errs = Errors{{File: name, Pos: Pos{1, 1}, Msg: "the file holds no trace: write at least nodes: and steps:"}}
	}
	if len(errs) > 0 {
		return f, errs.first()
	}
	return f, nil
}

// documents decodes one document after the other. A document that is no YAML
// ends the file: where the next one starts cannot be told. Errors far past what
// is reported are not kept.
func (f *File) documents(lim Limits) Errors {
	var all Errors
	dec := yaml.NewDecoder(bytes.NewReader(f.data))
	for document := 1; ; document++ {
		var doc yaml.Node
		err := decode(dec, &doc)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			return append(all, f.syntaxError(document, err, lim))
		}
		root := doc.Content[0]
		if isNull(root) {
			continue
		}
		t, errs := parseTrace(f.Name, document, root, lim)
		if len(errs) == 0 {
			f.Traces = append(f.Traces, t)
		}
		if len(all) <= maxErrors {
			all = append(all, errs...)
		}
	}
}

// decode gives the next document.
func decode(dec *yaml.Decoder, n *yaml.Node) error {
	return guard(func() error { return dec.Decode(n) })
}

// guard makes an error of a panic of the YAML library: a file must not be able
// to end the program.
func guard(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return do()
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

// parseTrace reads a document's root.
func parseTrace(name string, document int, root *yaml.Node, lim Limits) (*Trace, Errors) {
	p := &parser{lim: lim, t: &Trace{File: name, Document: document, Pos: posOf(root)}}
	if p.vet(root) {
		p.trace(root)
	}
	for _, e := range p.errs {
		e.File, e.Document = name, document
	}
	return p.t, p.errs
}

// A parser turns the nodes of one document into a Trace. It goes on after an
// error, so that all are found.
type parser struct {
	lim  Limits
	t    *Trace
	errs Errors

	names map[string]raft.NodeID // nil: nodes is wrong, so whom a name means cannot be told
	sizes map[*yaml.Node]int     // vet: what an anchored node amounts to

	wholeSteps []*yaml.Node // what grading says in allOrNothing, item by item

	hazard bool // vet: the document is not to be read on
}

func (p *parser) errorf(at Pos, format string, args ...any) {
	if !p.full() {
		p.errs = append(p.errs, &Error{Pos: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// full reports whether the document has more errors than are reported.
func (p *parser) full() bool { return len(p.errs) > maxErrors }

// trace reads the keys of the document. The nodes come first: everything else
// names them.
func (p *parser) trace(root *yaml.Node) {
	if !p.isMapping(root, "a trace", "nodes: and steps:") {
		return
	}
	t := p.t
	if !p.nodes(root) {
		p.names = nil
	}
	p.unknown(child(root, "raftId"), child(root, "unknown"))
	for key, value := range pairs(root) {
		switch key.Value {
		case "nodes", "unknown", "raftId":
		case "title":
			t.Title = p.text(value, "title")
		case "student":
			t.Student = p.text(value, "student")
		case "rules":
			p.rules(value)
		case "initial":
			p.initial(value)
		case "grading":
			p.grading(value)
		case "steps":
			p.steps(value)
		default:
			p.unknownKey(key, value, "a trace", traceKeys)
		}
	}
	p.checkWhole()
	if !p.meant(root, []string{"steps"}, traceKeys) {
		p.errorf(posOf(root), "steps is missing: a trace lists what happened, one step an item")
	}
}

// nodes reads the cluster: a count, or names.
func (p *parser) nodes(root *yaml.Node) bool {
	const advice = "how many nodes the cluster has decides what a majority is; write nodes: 5, or a list of names"
	n := child(root, "nodes")
	switch {
	case n == nil:
		if !p.meant(root, []string{"nodes"}, traceKeys) {
			p.errorf(posOf(root), "nodes is missing: %s", advice)
		}
		return false
	case isNull(n):
		p.errorf(posOf(n), "nodes is left blank: %s", advice)
		return false
	case deref(n).Kind == yaml.SequenceNode:
		return p.nodeNames(n)
	}
	if d := deref(n); d.Kind != yaml.ScalarNode || !isDigits(d.Value) {
		p.errorf(posOf(n), "nodes is %s here; it takes a number, such as 5, or a list of names, such as [S1, S2, S3]", describe(d))
		return false
	}
	count, ok := p.number(n, "nodes")
	if !ok {
		return false
	}
	if count < 1 || count > raft.MaxNodes {
		p.errorf(posOf(n), "nodes: %d: a cluster has 1 to %d nodes", count, raft.MaxNodes)
		return false
	}
	for i := range int(count) {
		p.addName(fmt.Sprint(i + 1))
	}
	return true
}

func (p *parser) nodeNames(n *yaml.Node) bool {
	names := sequence(n)
	if len(names) == 0 || len(names) > raft.MaxNodes {
		p.errorf(posOf(n), "nodes: %d names: a cluster has 1 to %d nodes", len(names), raft.MaxNodes)
		return false
	}
	good := true
	for _, n := range names {
		name, ok := p.scalar(n, "a node's name")
		switch {
		case !ok:
			good = false
			continue
		case isNull(n):
			p.errorf(posOf(n), "a node's name is left blank; YAML reads ~ and null as blanks too")
		case !validName(name):
			p.errorf(posOf(n), "%s is no name for a node: write 1 to 32 letters, digits or any of _ . -, but not none or others", quote(name))
		case p.names[name] != raft.NoNode:
			p.errorf(posOf(n), "two nodes are named %s", quote(name))
		default:
			p.addName(name)
			continue
		}
		good = false
	}
	return good
}

func (p *parser) addName(name string) {
	p.t.Names = append(p.t.Names, name)
	if p.names == nil {
		p.names = make(map[string]raft.NodeID, raft.MaxNodes)
	}
	p.names[name] = raft.NodeID(len(p.t.Names))
}

func validName(s string) bool {
	if s == "" || len(s) > 32 || s == "none" || s == "others" {
		return false
	}
	for _, c := range []byte(s) {
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alphanumeric && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// unknown reads which nodes are not on the page.
func (p *parser) unknown(raftID, unknown *yaml.Node) {
	if raftID != nil && !isNull(raftID) {
		if id, ok := p.node(raftID, "raftId"); ok {
			p.t.RaftID = id
			p.t.Unknown = raft.AllNodes(p.t.Size()).Without(id)
		}
	}
	if unknown == nil || isNull(unknown) {
		return
	}
	ids := p.nodeList(unknown, "unknown")
	if p.t.RaftID != raft.NoNode && ids.Has(p.t.RaftID) {
		p.errorf(posOf(unknown), "node %s is raftId, so it is not unknown", p.t.Name(p.t.RaftID))
	}
	p.t.Unknown |= ids
}

// rules reads the names of the rules; whether they exist is checked here too.
func (p *parser) rules(n *yaml.Node) {
	if isNull(n) {
		return
	}
	p.t.RulesPos = posOf(n)
	items := []*yaml.Node{n}
	if d := deref(n); d.Kind == yaml.SequenceNode {
		items = d.Content
	}
	for _, item := range items {
		name, ok := p.scalar(item, "rules")
		if !ok {
			continue
		}
		if _, err := raft.RulesNamed(name); err != nil {
			p.errorf(posOf(item), "%s%s", err, MeantRules(name))
			continue
		}
		p.t.Rules = append(p.t.Rules, name)
	}
}

// MeantRules suggests rules for a name that there are none of: ; did you
// mean vote-twice? It is empty where no name is near.
func MeantRules(name string) string {
	if best := Nearest(name, raft.RulesNames()); best != "" {
		return "; did you mean " + best + "?"
	}
	return ""
}
