package edit

import (
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// A Place is where in a step, by its number from 1, a text belongs. The
// functions of this file make one.
type Place struct {
	step  int
	node  raft.NodeID
	field string
	set   func(e *Editor, r request, field, text string) error
}

// Response is the step's response row as a whole: blank, or not there yet and
// added behind the event.
func Response(step int) Place { return Place{step: step, set: (*Editor).setResponse} }

// Others is the blank cell named others.
func Others(step int) Place { return Place{step: step, set: (*Editor).setOthers} }

// Answer is a node's answer to the step's request: its blank cell, or a new one
// at the end of a row that does not name the node.
func Answer(step int, node raft.NodeID) Place {
	return Place{step: step, node: node, set: (*Editor).setAnswer}
}

// AnswerField is a field of an answer that is a mapping: {success: , term: 3}.
func AnswerField(step int, node raft.NodeID, field string) Place {
	return Place{step: step, node: node, field: field, set: (*Editor).setAnswerField}
}

// States is a state that is blank as a whole.
func States(step int) Place { return Place{step: step, set: (*Editor).setStates} }

// State is a blank field of a node's table in state. A dot leads to an entry of
// a field that is a mapping: nextIndex.3. An empty field is the node's table as
// a whole.
func State(step int, node raft.NodeID, field string) Place {
	return Place{step: step, node: node, field: field, set: (*Editor).setState}
}

// Message is a field of the step's message: in its blank place, or added behind
// the last field.
func Message(step int, field string) Place {
	return Place{step: step, field: field, set: (*Editor).setMessage}
}

func (e *Editor) setResponse(r request, _, row string) error {
	n, err := e.step(r)
	if err != nil {
		return err
	}
	if s, ok := field(n, "response"); ok {
		return e.fill(r, s, row)
	}
	event, ok := r.event(n)
	if !ok {
		return r.errorf(n, "step %d has no event to answer", r.step)
	}
	return e.insert(r, n, event.i/2, "response", row, "")
}

func (e *Editor) setOthers(r request, _, text string) error {
	row, err := e.row(r)
	if err != nil {
		return err
	}
	s, err := r.slot(row, "others")
	switch {
	case err != nil:
		return err
	case !isUnanswered(source.Deref(s.value())):
		return r.errorf(s.value(), "others has an answer already")
	}
	return e.put(r, s, text, "")
}

func (e *Editor) setAnswer(r request, _, text string) error {
	row, err := e.row(r)
	if err != nil {
		return err
	}
	cell, ok := r.cell(row)
	switch {
	case !ok:
		return e.insert(r, row, len(row.Content)/2-1, r.t.Name(r.node), text, "")
	case !isUnanswered(source.Deref(cell.value())):
		return r.errorf(cell.value(), "node %s has an answer here already", r.t.Name(r.node))
	}
	return e.put(r, cell, text, "")
}

func (e *Editor) setAnswerField(r request, field, text string) error {
	cell, err := e.cell(r)
	if err != nil {
		return err
	}
	s, err := r.slot(cell.value(), field)
	if err != nil {
		return err
	}
	return e.fill(r, s, text)
}

func (e *Editor) setStates(r request, _, text string) error { return e.fillPath(r, text, "state") }

// setState asks for a table's field. The request names the node as whose table
// it is: a table's change is not excused, as that of the sender's own cell is.
func (e *Editor) setState(r request, field, text string) error {
	path := []string{"state", r.t.Name(r.node)}
	if field != "" {
		path = append(path, strings.SplitN(field, ".", 2)...)
	}
	r.node, r.table = raft.NoNode, r.node
	return e.fillPath(r, text, path...)
}

func (e *Editor) setMessage(r request, name, text string) error {
	n, err := e.step(r)
	if err != nil {
		return err
	}
	event, ok := r.event(n)
	if !ok {
		return r.errorf(n, "step %d has no event", r.step)
	}
	message := source.Deref(event.value())
	if message.Kind != yaml.MappingNode {
		return r.errorf(message, "%s has no fields", r.t.Steps[r.step-1].EventName())
	}
	if s, ok := field(message, name); ok {
		return e.fill(r, s, text)
	}
	return e.insert(r, message, len(message.Content)/2-1, name, text, "")
}

func (e *Editor) fillPath(r request, text string, path ...string) error {
	n, err := e.step(r)
	if err != nil {
		return err
	}
	s, err := r.slot(n, path...)
	if err != nil {
		return err
	}
	return e.fill(r, s, text)
}
