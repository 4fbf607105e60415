package trace

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// An Editor collects changes to a file's text and applies them all at once,
// keeping every other byte: blanks are filled in, pairs added to mappings, wrong
// answers replaced.
//
// A change is asked for by one step. Where it falls on text that several steps
// share through an alias, each of them has to ask for the same; [Editor.Bytes]
// refuses to change an answer behind a step's back. An alias that stands for a
// single value is itself replaced, not what it stands for.
//
// A method that returns an error, always an [*Error] with its place, leaves the
// Editor as it was.
type Editor struct {
	name   string
	traces map[int]*Trace // by Document
	docs   []*yaml.Node   // by Document-1
	src    layout

	changes map[place]*change
	added   map[*yaml.Node][]addition // pairs by mapping, in the order asked for
	words   []splice                  // written values that are replaced
	gaps    map[int]*gap              // by offset
	lines   []*ownLine
	notes   map[int]*note       // by the offset of the line's end
	tokens  []token             // of src; made when first asked for
	parsed  map[string]yamlText // the texts that were given
	bytes   int                 // of all texts that were asked for
}

// A place is a value, or one that is added to a mapping under a key.
type place struct {
	node *yaml.Node
	key  string // empty: node is the value itself
}

// A change is what becomes of a place.
type change struct {
	text  string
	want  *yaml.Node
	by    []request // that asked for it, the first at least
	seen  int       // checkShared: the step that came upon it last,
	times int       // and how often it did
}

// An addition is a pair that is added to a mapping.
type addition struct {
	after int // the pair of the mapping behind which it comes, -1 for none
	key   string
	line  *ownLine // the pair has this line of its own, or nil
}

// A yamlText is a text that is to be filled in, parsed.
type yamlText struct {
	node *yaml.Node
	ok   bool
}

// NewEditor reads f's bytes once more, for their layout. It wants a file in
// which nothing is wrong.
func NewEditor(f *File) (*Editor, error) {
	e := &Editor{
		name:    f.Name,
		traces:  make(map[int]*Trace, len(f.Traces)),
		src:     layout{source: &source{data: f.data}},
		changes: make(map[place]*change),
		added:   make(map[*yaml.Node][]addition),
		gaps:    make(map[int]*gap),
		notes:   make(map[int]*note),
		parsed:  make(map[string]yamlText),
	}
	var err *Error
	if e.docs, err = f.nodes(); err != nil {
		return nil, err
	}
	for _, t := range f.Traces {
		e.traces[t.Document] = t
	}
	for i, doc := range e.docs {
		if root := doc.Content[0]; e.traces[i+1] == nil && !isNull(root) {
			return nil, &Error{File: f.Name, Document: i + 1, Pos: posOf(root),
				Msg: "this document is no trace, so the file is not edited"}
		}
	}
	return e, nil
}

// Added is how many bytes of text the editor has been asked to write.
func (e *Editor) Added() int { return e.bytes }

// SetAnswer fills in a node's answer to the step's request: its blank cell, or
// a new one at the end of a row that does not name the node.
func (e *Editor) SetAnswer(t *Trace, step int, node raft.NodeID, text string) error {
	r := request{t: t, step: step, node: node}
	row, err := e.row(r)
	if err != nil {
		return err
	}
	cell, ok := r.cell(row)
	switch {
	case !ok:
		return e.insert(r, row, len(row.Content)/2-1, t.Name(node), text, "")
	case !isUnanswered(deref(cell.value())):
		return r.errorf(cell.value(), "node %s has an answer here already", t.Name(node))
	}
	return e.put(r, cell, text, "")
}

// SetAnswerField fills in a blank field of a cell that is a mapping:
// {success: , term: 3}.
func (e *Editor) SetAnswerField(t *Trace, step int, node raft.NodeID, field, text string) error {
	r := request{t: t, step: step, node: node}
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

// SetOthers fills in the blank cell named others.
func (e *Editor) SetOthers(t *Trace, step int, text string) error {
	r := request{t: t, step: step}
	row, err := e.row(r)
	if err != nil {
		return err
	}
	s, err := r.slot(row, "others")
	switch {
	case err != nil:
		return err
	case !isUnanswered(deref(s.value())):
		return r.errorf(s.value(), "others has an answer already")
	}
	return e.put(r, s, text, "")
}

// ReplaceAnswer puts another answer in the place of a written one: of the whole
// cell, or of the field of it that is named. A comment at the end of the line
// says what stood there. A node that only others speaks for gets a cell of its
// own.
func (e *Editor) ReplaceAnswer(t *Trace, step int, node raft.NodeID, field, text, was string) error {
	r := request{t: t, step: step, node: node}
	row, err := e.row(r)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("node %s was %s", t.Name(node), strings.Join(strings.Fields(was), " "))
	s, ok := r.cell(row)
	if !ok {
		if _, err := r.slot(row, "others"); err != nil {
			return r.errorf(row, "node %s has no answer here", t.Name(node))
		}
		return e.insert(r, row, len(row.Content)/2-1, t.Name(node), text, said)
	}
	if field != "" {
		if s, err = r.slot(s.value(), field); err != nil {
			return err
		}
	}
	if isUnanswered(deref(s.value())) {
		return r.errorf(s.value(), "node %s's answer is blank here; there is none to replace", t.Name(node))
	}
	return e.put(r, s, text, said)
}

// AddResponse gives a step its response row: behind the event, or in the place
// of a response that is blank as a whole.
func (e *Editor) AddResponse(t *Trace, step int, row string) error {
	r := request{t: t, step: step}
	n, err := e.step(r)
	if err != nil {
		return err
	}
	if s, ok := field(n, "response"); ok {
		return e.fill(r, s, row)
	}
	event, ok := eventSlot(n)
	if !ok {
		return r.errorf(n, "step %d has no event to answer", step)
	}
	return e.insert(r, n, event.i/2, "response", row, "")
}

// SetState fills in a blank field of a node's table in state. Of the fields
// that are mappings, a dot leads to an entry: nextIndex.3. An empty field is the
// node's table as a whole.
func (e *Editor) SetState(t *Trace, step int, node raft.NodeID, field, text string) error {
	path := []string{"state", t.Name(node)}
	if field != "" {
		path = append(path, strings.SplitN(field, ".", 2)...)
	}
	return e.fillPath(request{t: t, step: step, table: node}, text, path...)
}

// SetStates fills in a state that is blank as a whole.
func (e *Editor) SetStates(t *Trace, step int, text string) error {
	return e.fillPath(request{t: t, step: step}, text, "state")
}

// SetField writes out a field of the step's message: in its blank place, or
// behind the last field.
func (e *Editor) SetField(t *Trace, step int, name, text string) error {
	r := request{t: t, step: step}
	n, err := e.step(r)
	if err != nil {
		return err
	}
	event, ok := eventSlot(n)
	if !ok {
		return r.errorf(n, "step %d has no event", step)
	}
	message := deref(event.value())
	if message.Kind != yaml.MappingNode {
		return r.errorf(message, "%s has no fields", t.Steps[step-1].EventName())
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

// fill is put for a place that has to be blank.
func (e *Editor) fill(r request, s slot, text string) error {
	if v := s.value(); !isNull(v) {
		return r.errorf(v, "this is %s; it is not blank", describe(deref(v)))
	}
	return e.put(r, s, text, "")
}

// Bytes applies what was asked for and gives the file's new text. It reads the
// text again before it gives it away: all but what was asked for is as it was,
// and every document is still a trace. Without a change it is the old text.
func (e *Editor) Bytes() ([]byte, error) {
	if len(e.changes) == 0 {
		return e.src.data, nil
	}
	if err := e.checkShared(); err != nil {
		return nil, err
	}
	splices := e.splices()
	out := apply(e.src.data, splices)
	if err := e.verify(out, splices); err != nil {
		return nil, err
	}
	return slices.Clip(out), nil
}
