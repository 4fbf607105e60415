package edit

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// This file finds the YAML nodes of a trace's steps and answers again.

// A request is what asks for a change: a step, for one of its nodes.
type request struct {
	t     *trace.Trace
	step  int         // from 1
	node  raft.NodeID // whose answer it is
	table raft.NodeID // whose table it is
}

func (r request) errorf(n *yaml.Node, format string, args ...any) error {
	return &trace.Error{File: r.t.File, Document: r.t.Document, Pos: posOf(n), Msg: fmt.Sprintf(format, args...)}
}

// field gives the slot of a mapping's key.
func field(m *yaml.Node, key string) (s slot, ok bool) {
	m = source.Deref(m)
	for i := 0; i+1 < len(m.Content) && m.Kind == yaml.MappingNode; i += 2 {
		if source.Deref(m.Content[i]).Value == key {
			return slot{m, i + 1}, true
		}
	}
	return slot{}, false
}

// event gives the slot of the step's event.
func (r request) event(step *yaml.Node) (s slot, ok bool) {
	return field(step, r.t.Steps[r.step-1].EventName())
}

// slot follows keys from a mapping down.
func (r request) slot(n *yaml.Node, keys ...string) (slot, error) {
	var s slot
	for _, key := range keys {
		var ok bool
		if s, ok = field(n, key); !ok {
			return s, r.errorf(n, "there is no %s here", key)
		}
		n = s.value()
	}
	return s, nil
}

// edits reports whether a trace is one of the file's, or that without what could
// not be played ([trace.Trace.Without]).
func (e *Editor) edits(t *trace.Trace) bool {
	own := e.traces[t.Document]
	return own == t || own != nil && own.File == t.File && own.Pos == t.Pos && len(own.Steps) == len(t.Steps)
}

// step gives the mapping of the request's step.
func (e *Editor) step(r request) (*yaml.Node, error) {
	if !e.edits(r.t) || r.step < 1 || r.step > len(r.t.Steps) {
		return nil, &trace.Error{File: e.name, Document: r.t.Document, Pos: r.t.Pos, Msg: fmt.Sprintf("there is no step %d here", r.step)}
	}
	steps, err := r.slot(e.docs[r.t.Document-1].Content[0], "steps")
	if err != nil {
		return nil, err
	}
	return source.Deref(source.Deref(steps.value()).Content[r.step-1]), nil
}

// row gives the mapping or list that is the step's response.
func (e *Editor) row(r request) (*yaml.Node, error) {
	n, err := e.step(r)
	if err != nil {
		return nil, err
	}
	s, err := r.slot(n, "response")
	if err != nil {
		return nil, err
	}
	row := source.Deref(s.value())
	if row.Kind == yaml.ScalarNode {
		return nil, r.errorf(s.value(), "response is %s here; there are no cells", source.Describe(row))
	}
	return row, nil
}

// cell gives the slot of the node's own cell in a row.
func (r request) cell(row *yaml.Node) (s slot, ok bool) {
	if row.Kind == yaml.SequenceNode {
		i := int(r.node) - 1
		return slot{row, i}, i >= 0 && i < len(row.Content)
	}
	return field(row, r.t.Name(r.node))
}

func (e *Editor) cell(r request) (slot, error) {
	row, err := e.row(r)
	if err != nil {
		return slot{}, err
	}
	s, ok := r.cell(row)
	if !ok {
		return s, r.errorf(row, "node %s has no cell here", r.t.Name(r.node))
	}
	return s, nil
}

// isUnanswered reports whether nothing is written in a cell: it is blank, or a
// mapping in which everything is.
func isUnanswered(cell *yaml.Node) bool {
	if cell.Kind != yaml.MappingNode {
		return source.IsNull(cell) || cell.Kind == yaml.ScalarNode && cell.Value == "?"
	}
	for _, v := range source.Pairs(cell) {
		if !source.IsNull(v) {
			return false
		}
	}
	return true
}
