package quiz

import (
	"fmt"
	"io"
	"slices"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// A Quiz is the questions of one key.
type Quiz struct {
	Title   string // never empty
	Variant string // of the worksheet, empty for none
	Steps   []Step // those that ask
	Whole   bool   // a step of the key scores as a whole
}

// A Step is the questions of one step.
type Step struct {
	ID    string
	Text  []Block // what is known, what happens, and how to answer
	Form  []Block // with a place for each cell
	Cells []Cell
}

// A Block is a part of a question's text: a heading, a paragraph, a table, or one below
// the other.
type Block struct {
	Head, Text string
	Columns    []string // of the table; nil where its rows have their names alone
	Rows       [][]Entry
}

// An Entry is what is in a place of a table: text, or a cell to fill in. The first of a
// row is its name.
type Entry struct {
	Text string
	Cell int // from 1, by Step.Cells; 0 for text
}

// A Cell is one thing that is asked.
type Cell struct {
	Label   string // what it is, where it stands alone: node 3's log
	Answer  bool   // it is whether a node answers ok, no or none
	Choices []string
	Right   []string // one of the choices; of a cell without choices, each way to write it
	Why     string   // a sentence with its figures
	Points  grade.Points
}

// mostLines bounds what the questions of a key repeat: each tells the steps before it.
const mostLines = 200_000

// New makes the questions of a key. It is an error if what is right in a cell cannot be
// told, or if the questions together repeat more than anybody imports.
func New(k *grade.Key) (*Quiz, error) {
	q := k.Questions()
	z := &Quiz{Title: q.Title, Variant: q.Variant}
	if doc.Clean(z.Title) == "" {
		z.Title = "Worksheet"
	}
	b := newBuilder(k, q)
	lines := 0
	for i := range q.Steps {
		asked := slices.DeleteFunc(item.OfStep(q, &q.Steps[i]), func(it item.Item) bool { return q.Unknown.Has(it.Node) })
		if len(asked) > 0 {
			if lines += i + 1; lines > mostLines {
				return nil, fmt.Errorf("%s: too many steps for an LMS: each question repeats the messages before it, and together that is over %d lines; cut the trace", k.Trace.File, mostLines)
			}
			step, err := b.step(&q.Steps[i], asked)
			if err != nil {
				return nil, err
			}
			z.Steps = append(z.Steps, *step)
			z.Whole = z.Whole || k.Steps[i].Whole
		}
		b.happened(&q.Steps[i])
	}
	return z, nil
}

// Name is what a question is called in a bank with those of other worksheets.
func (z *Quiz) name(s *Step) string { return z.called() + ", step " + s.ID }

// called is what the whole is called.
func (z *Quiz) called() string {
	if z.Variant == "" {
		return z.Title
	}
	return z.Title + " (" + z.Variant + ")"
}

// A writer writes questions in one format. It tells what the format leaves out.
type writer func(w io.Writer, all []*Quiz, tell func(string)) error

var writers = doc.Writers[writer]{
	{Format: "gift", Write: writeGIFT},
	{Format: "moodle-xml", Write: writeMoodle},
	{Format: "qti", Write: writeQTI},
}

// Formats gives the names of the formats.
func Formats() []string { return writers.Formats() }

// IsBinary reports whether a format is not text.
func IsBinary(format string) bool { return format == "qti" }

// Write writes questions in the format of that name: those of each key in a category or
// a quiz of its own. It tells of what the format cannot hold.
func Write(w io.Writer, format string, all []*Quiz, tell func(string)) error {
	write, err := writers.Of(format)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(z *Quiz) bool { return z.Whole }) {
		tell("the key has steps that score as a whole or not at all; an LMS counts each of their cells")
	}
	return write(w, all, tell)
}

// because is why a cell is what it is, with the rule.
func (b *builder) because(it *item.Item) string {
	blank := *it
	blank.Written = nil
	rule, why := reason.Item(b.k.Run, &blank)
	return reason.WithPlace(why, reason.Authority(rule))
}

// itemKey is which item of a key it is.
type itemKey struct {
	step, node int
	field      item.Field
	line       uint64
}

func keyOf(it *item.Item) itemKey { return itemKey{it.Step, int(it.Node), it.Field, it.Line} }

// A builder makes questions step by step.
type builder struct {
	k     *grade.Key
	q     *trace.Trace // what the key asks, without its answers
	cells map[itemKey]*grade.Cell
	start []Block   // the cluster, and what its nodes are before the first step
	sofar [][]Entry // what has happened, a line a step
}

func newBuilder(k *grade.Key, q *trace.Trace) *builder {
	b := &builder{k: k, q: q, cells: make(map[itemKey]*grade.Cell, len(k.Cells))}
	for i := range k.Cells {
		b.cells[keyOf(&k.Cells[i].Item)] = &k.Cells[i]
	}
	b.start = b.cluster()
	return b
}
