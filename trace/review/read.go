package review

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// What is read of a list: those of a class of thousands are far smaller.
const (
	mostNodes  = 2_000_000
	mostDepth  = 16
	mostErrors = 100
)

// Read reads a list. The name is used in messages only. The errors, each with its
// place, are of what cannot be a list, or not be decided so; the list holds what
// could be read all the same.
func Read(name string, data []byte) (*List, trace.Errors) {
	r := &reader{Source: source.New(data), list: &List{File: name}}
	if bad := r.Check(); bad != nil {
		r.errorf(trace.Pos(bad.Pos), "%s", bad.Msg)
		return r.list, r.errs
	}
	if at, _, over := r.Crowded(mostNodes); over {
		r.errorf(trace.Pos(at), "the list is too long: more than %d values", mostNodes)
		return r.list, r.errs
	}
	found := false
	for doc, bad := range r.Documents(mostDepth) {
		switch {
		case bad != nil:
			r.errorf(trace.Pos(bad.Pos), "%s", bad.Msg)
		case source.IsNull(doc.Content[0]):
		case found:
			r.errorf(posOf(doc.Content[0]), "a list of decisions is one document, and here begins another")
		default:
			found = true
			r.top(doc.Content[0])
		}
	}
	if !found && len(r.errs) == 0 {
		r.errorf(trace.Pos{Line: 1, Column: 1}, notList)
	}
	return r.list, r.errs
}

const notList = "this is not a list of decisions; grade --review writes one"

type reader struct {
	*source.Source
	list *List
	errs trace.Errors
}

func posOf(n *yaml.Node) trace.Pos { return trace.Pos(source.PosOf(n)) }

func (r *reader) errorf(at trace.Pos, format string, args ...any) {
	if len(r.errs) < mostErrors {
		r.errs = append(r.errs, &trace.Error{File: r.list.File, Document: 1, Pos: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// A field is a key of a mapping, and what is to be done with its value.
type field struct {
	name string
	take func(*yaml.Node)
}

// mapping reads the keys of a mapping; ok is false for what is not one.
func (r *reader) mapping(n *yaml.Node, what string, fields ...field) (ok bool) {
	if n.Kind != yaml.MappingNode {
		r.errorf(posOf(n), "%s is a mapping, not %s", what, source.Describe(n))
		return false
	}
	var names, seen []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	for k, v := range source.Pairs(n) {
		i := slices.Index(names, k.Value)
		switch {
		case i < 0:
			r.unknown(k, what, names)
		case slices.Contains(seen, k.Value):
			r.errorf(posOf(k), "%s is there twice", k.Value)
		case v.Kind == yaml.AliasNode:
			r.errorf(posOf(v), "a list of decisions has no aliases; write the value out")
		default:
			fields[i].take(v)
		}
		seen = append(seen, k.Value)
	}
	return true
}

func (r *reader) unknown(k *yaml.Node, what string, names []string) {
	if best := trace.Nearest(k.Value, names); best != "" {
		r.errorf(posOf(k), "unknown key %s; did you mean %q?", source.Quote(k.Value), best)
		return
	}
	r.errorf(posOf(k), "unknown key %s; %s takes %s", source.Quote(k.Value), what, strings.Join(names, ", "))
}

// text takes a value that is text into to.
func (r *reader) text(name string, to *string) field {
	return field{name, func(n *yaml.Node) {
		switch {
		case n.Kind != yaml.ScalarNode:
			r.errorf(posOf(n), "%s is a text, not %s", name, source.Describe(n))
		case !source.IsNull(n):
			*to = n.Value
		}
	}}
}

// entry takes what an instructor filled in.
func (r *reader) entry(name string, to *Entry) field {
	of := r.text(name, &to.Text)
	return field{name, func(n *yaml.Node) {
		to.Pos = posOf(n)
		of.take(n)
		to.Text = strings.TrimSpace(to.Text)
	}}
}

// items takes each item of a list.
func (r *reader) items(name string, take func(*yaml.Node)) field {
	return field{name, func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			if !source.IsNull(n) {
				r.errorf(posOf(n), "%s is a list, not %s", name, source.Describe(n))
			}
			return
		}
		for _, item := range n.Content {
			if item.Kind == yaml.AliasNode {
				r.errorf(posOf(item), "a list of decisions has no aliases; write the value out")
				continue
			}
			take(item)
		}
	}}
}

func (r *reader) top(n *yaml.Node) {
	if n.Kind != yaml.MappingNode || source.Child(n, "decisions") == nil {
		r.errorf(posOf(n), notList)
		return
	}
	r.mapping(n, "a list of decisions", r.text("key", &r.list.Key), r.items("decisions", r.decision))
}

func (r *reader) decision(n *yaml.Node) {
	d := Decision{Pos: posOf(n)}
	var one Cell
	ok := r.mapping(n, "a decision",
		r.text("step", &one.Step), r.text("node", &one.Node), r.text("field", &one.Field),
		r.text("written", &one.Written), r.text("right", &one.Right),
		r.items("cells", func(n *yaml.Node) { r.cell(n, &d) }),
		r.text("why", &d.Why), r.text("worth", &d.Worth), r.text("key", &d.Key),
		r.items("sheets", func(n *yaml.Node) { r.sheet(n, &d) }),
		r.entry("give", &d.Give), r.raw("read", &d.Read), r.entry("variant", &d.Variant), r.entry("note", &d.Note))
	if !ok {
		return
	}
	if one != (Cell{}) {
		r.addCell(d.Pos, one, &d)
	}
	switch {
	case !d.Decided():
	case len(d.Sheets) == 0:
		r.errorf(d.Pos, "this decision lists no sheets")
	case d.Variant.Text != "" && (d.Give.Text != "" || d.Read.Text != ""):
		r.errorf(d.Variant.Pos, "fill in variant or give, not both")
	case d.Variant.Text != "" && len(d.Cells) > 0:
		r.errorf(d.Variant.Pos, "variant is of whole sheets, and this decision is about cells")
	case d.Give.Text != "" && d.Read.Text != "":
		r.errorf(d.Read.Pos, "fill in give or read, not both")
	case d.Read.Text != "" && len(d.Cells) != 1:
		r.errorf(d.Read.Pos, "read is what was meant in one cell, and here are %d; fill in give", len(d.Cells))
	}
	r.list.Decisions = append(r.list.Decisions, d)
}

func (r *reader) cell(n *yaml.Node, d *Decision) {
	var c Cell
	if r.mapping(n, "a cell", r.text("step", &c.Step), r.text("node", &c.Node), r.text("field", &c.Field),
		r.text("written", &c.Written), r.text("right", &c.Right)) {
		r.addCell(posOf(n), c, d)
	}
}

func (r *reader) addCell(at trace.Pos, c Cell, d *Decision) {
	if c.Step == "" || c.Node == "" || c.Field == "" {
		r.errorf(at, "a cell has a step, a node and a field")
		return
	}
	d.Cells = append(d.Cells, c)
}

func (r *reader) sheet(n *yaml.Node, d *Decision) {
	s := Sheet{Pos: posOf(n)}
	if r.mapping(n, "a sheet", r.text("file", &s.File), r.text("student", &s.Student), r.text("id", &s.ID), r.text("digest", &s.Digest)) {
		if s.File == "" {
			r.errorf(s.Pos, "a sheet has a file")
			return
		}
		d.Sheets = append(d.Sheets, s)
	}
}

// raw takes what would be typed on a sheet, as it is written here: a log has its
// brackets, and a text its quotes.
func (r *reader) raw(name string, to *Entry) field {
	return field{name, func(n *yaml.Node) {
		if source.IsNull(n) {
			return
		}
		start, end := r.Range(source.PosOf(n))
		to.Pos = trace.Pos(start)
		to.Text = strings.TrimSpace(string(r.Bytes()[r.Offset(start):r.Offset(end)]))
		if strings.ContainsAny(to.Text, "\r\n") || n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle == 0 {
			r.errorf(to.Pos, "%s is what would be typed in the cell, on one line", name)
			to.Text = ""
		}
	}}
}
