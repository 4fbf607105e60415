// Package edit changes a trace's file in place: it fills in blanks, adds what is
// missing and replaces wrong answers, and keeps every other byte. Comments,
// order, quotes and layout stay as they are.
//
// It splices bytes at the places of YAML nodes, reads the result again, and
// proves that nothing else has changed; where it cannot, it refuses and says
// where. It knows the format's layout, and nothing of Raft: what belongs in a
// blank is for its callers.
package edit

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
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
// A method that returns an error, always an [*trace.Error] with its place, leaves the
// Editor as it was.
type Editor struct {
	name   string
	traces map[int]*trace.Trace // by Document
	docs   []*yaml.Node         // by Document-1
	wrong  []trace.Pos          // of what cannot be read: it stays as it is
	json   bool                 // the file is JSON, and stays so: it has no place for comments
	src    layout

	changes map[*yaml.Node]*change    // of values
	added   map[*yaml.Node][]addition // pairs by mapping, in the order asked for
	room    []change                  // for changes to come
	words   []splice                  // written values that are replaced
	gaps    []*gap                    // in order
	lines   []*ownLine
	notes   map[int]*note       // by the offset of the line's end
	parsed  map[string]yamlText // the texts that were given
	bytes   int                 // of all texts that were asked for
	proof   int                 // how often a new text was looked at

	// Made when first asked for:
	comments []source.Span // of src
	leaves   []slot        // its scalars and aliases, in order
}

// A change is what becomes of a value, or of one that is added to a mapping.
type change struct {
	text  string
	want  *yaml.Node
	by    []request // that asked for it, the first at least
	first [1]request
	seen  int // checkShared: the step that came upon it last,
	times int // and how often it did
	made  int // the proof that has found it in the new text
}

// An addition is a pair that is added to a mapping.
type addition struct {
	*change
	after int // the pair of the mapping behind which it comes, -1 for none
	key   string
	line  *ownLine // the pair has this line of its own, or nil
}

// A yamlText is a text that is to be filled in, parsed.
type yamlText struct {
	node *yaml.Node
	ok   bool
}

// Open looks at f's layout. It wants a file of which every document is a trace; what
// of one cannot be read stays as it is. A file of [trace.ReadToEdit] is not decoded
// again.
func Open(f *trace.File) (*Editor, error) {
	src := f.Source()
	docs, bad := documents(src)
	if bad != nil {
		return nil, &trace.Error{File: f.Name, Document: len(docs) + 1, Pos: trace.Pos(bad.Pos), Msg: bad.Msg}
	}
	e := &Editor{
		name:    f.Name,
		traces:  make(map[int]*trace.Trace, len(f.Traces)),
		docs:    docs,
		json:    src.IsJSON(),
		src:     layout{source.NewLayout(src)},
		changes: make(map[*yaml.Node]*change),
		added:   make(map[*yaml.Node][]addition),
		notes:   make(map[int]*note),
		parsed:  make(map[string]yamlText),
	}
	for _, t := range f.Traces {
		e.traces[t.Document] = t
		for _, bad := range t.Errors {
			e.wrong = append(e.wrong, bad.Pos)
		}
	}
	for i, doc := range e.docs {
		if root := doc.Content[0]; e.traces[i+1] == nil && !source.IsNull(root) {
			return nil, &trace.Error{File: f.Name, Document: i + 1, Pos: posOf(root),
				Msg: "this document is not a trace, so the file is not edited"}
		}
	}
	return e, nil
}

// documents decodes every document of a file, up to one that is not YAML.
func documents(src *source.Source) ([]*yaml.Node, *source.Error) {
	var docs []*yaml.Node
	for doc, err := range src.Kept(trace.DefaultLimits().Depth) {
		if err != nil {
			return docs, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

func posOf(n *yaml.Node) trace.Pos { return trace.Pos(source.PosOf(n)) }

// Added is how many bytes of text the editor has been asked to write.
func (e *Editor) Added() int { return e.bytes }

// Set writes a text into a place of the trace that is blank, or that is not
// there yet and can be added. Text that is there already is an error. The text is
// YAML; in a file that is JSON, its JSON is written.
func (e *Editor) Set(t *trace.Trace, p Place, text string) error {
	return p.set(e, request{t: t, step: p.step, node: p.node}, p.field, e.inFile(text))
}

// inFile gives a text as it is written in this file.
func (e *Editor) inFile(text string) string {
	if !e.json {
		return text
	}
	if y := parseFlow(text); y.ok {
		return source.JSON(y.node)
	}
	return text // refused where it is asked for
}

// Replace puts another answer into the place of a written one, which is an
// [Answer] or an [AnswerField]. A comment at the end of the line says what was
// there, but in JSON, which has none. A node that only others speaks for gets a cell of its own.
func (e *Editor) Replace(t *trace.Trace, p Place, text, was string) error {
	r := request{t: t, step: p.step, node: p.node}
	row, err := e.row(r)
	if err != nil {
		return err
	}
	text = e.inFile(text)
	said := fmt.Sprintf("node %s was %s", t.Name(p.node), strings.Join(strings.Fields(was), " "))
	if e.json {
		said = ""
	}
	s, ok := r.cell(row)
	if !ok {
		if _, err := r.slot(row, "others"); err != nil {
			return r.errorf(row, "node %s has no answer here", t.Name(p.node))
		}
		return e.insert(r, row, len(row.Content)/2-1, t.Name(p.node), text, said)
	}
	if p.field != "" {
		if s, err = r.slot(s.value(), p.field); err != nil {
			return err
		}
	}
	if isUnanswered(source.Deref(s.value())) {
		return r.errorf(s.value(), "node %s's answer is blank here, so it cannot be replaced", t.Name(p.node))
	}
	return e.put(r, s, text, said)
}

// fill is put for a place that has to be blank.
func (e *Editor) fill(r request, s slot, text string) error {
	if v := s.value(); !source.IsNull(v) {
		return r.errorf(v, "this is %s; it is not blank", source.Describe(source.Deref(v)))
	}
	return e.put(r, s, text, "")
}

// Bytes applies what was asked for and gives the file's new text. It reads the
// text again before it gives it away: all but what was asked for is as it was,
// and every document is still a trace. Without a change it is the old text.
func (e *Editor) Bytes() ([]byte, error) {
	if len(e.changes) == 0 && len(e.added) == 0 {
		return e.src.Bytes(), nil
	}
	if err := e.checkShared(); err != nil {
		return nil, err
	}
	splices := e.splices()
	out := apply(e.src.Bytes(), splices)
	if err := e.verify(out, splices); err != nil {
		return nil, err
	}
	return slices.Clip(out), nil
}
