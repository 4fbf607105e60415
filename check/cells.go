package check

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Cell is one thing that a trace asks of whoever fills it in: an answer of a
// response row, or a field of a table, written or left blank.
//
// What is asked follows from the trace alone, so that the cells are the same
// under all rules, and in the same order: two replays of one trace can be held
// against each other cell by cell, and what is written against either.
//
// A cell is asked where the page can tell it. Answers and tables of unknown
// nodes are not among the cells, and a step that has no response asks for no
// answer. A table that is left blank as a whole asks for each of its fields.
type Cell struct {
	Step  int         // from 1
	Node  raft.NodeID // whose answer or table it is
	Field string      // success, voteGranted, term; log, terms[3], nextIndex[2], ...
	Pos   trace.Pos   // of what is written, or of the place where it belongs

	kind    cellKind
	of      uint64 // the term of terms[3], the node of nextIndex[2]
	written any    // see words; nil: left blank
}

// A cellKind says where in a replay a cell is to be found.
type cellKind uint8

const (
	outcomeCell cellKind = iota // of an answer, as termOfAnswer
	termOfAnswer
	termCell // of a table, as all below
	votedForCell
	roleCell
	logCell
	commitIndexCell
	lastAppliedCell
	nextIndexCell
	matchIndexCell
	termsCell
	nextIndexLine
	matchIndexLine
	termsLine
)

// tableCells is the fields of which a blank table asks: those that Fill writes.
var tableCells = [...]struct {
	kind  cellKind
	field string
}{
	{termCell, "term"}, {votedForCell, "votedFor"}, {roleCell, "role"}, {logCell, "log"},
	{commitIndexCell, "commitIndex"}, {lastAppliedCell, "lastApplied"},
	{nextIndexCell, "nextIndex"}, {matchIndexCell, "matchIndex"},
}

// Cells gives the cells of a trace: the steps in order, in each the answers and
// then the tables as they are written.
func Cells(t *trace.Trace) []Cell {
	a := asker{t: t}
	for i := range t.Steps {
		a.step = &t.Steps[i]
		a.answers()
		a.tables()
	}
	return a.cells
}

// IsAnswer reports whether the cell is one of a response row, and not of a table.
func (c *Cell) IsAnswer() bool { return c.kind <= termOfAnswer }

// Blank reports whether nothing is written in the cell.
func (c *Cell) Blank() bool { return c.written == nil }

// Written is what stands in a cell of the replay's trace: a bool, a uint64, or a
// string in the format's own words; nil if it is blank.
func (r *Run) Written(c *Cell) any { return words(r.Trace, c.written) }

// Gives is what the replay has for a cell of its trace, as [Run.Written] has it;
// none is no answer, or no such line.
func (r *Run) Gives(c *Cell) any { return words(r.Trace, r.gives(c)) }

// Differs reports whether what is written in a cell is other than what the
// replay gives. What is blank is not, but for the line of a term that the node
// was never in.
func (r *Run) Differs(c *Cell) bool {
	if differs, ok := r.differsWhole(c); ok {
		return differs
	}
	switch w := c.written.(type) {
	case nil:
		return c.kind == termsLine && r.gives(c) == nothing{}
	case []trace.LogEntry:
		return !matches(w, r.gives(c).(raft.Log))
	}
	return c.written != r.gives(c)
}

// matches reports whether the log can be the one that is written.
func matches(w []trace.LogEntry, log raft.Log) bool {
	if log.LastIndex() != raft.Index(len(w)) {
		return false
	}
	for i, e := range log.Entries() {
		if !w[i].Matches(e) {
			return false
		}
	}
	return true
}

// Doubts reports whether the replay cannot tell a cell for sure: one of the table
// of a node whose state rests on what is off its sheet.
func (r *Run) Doubts(c *Cell) bool {
	return !c.IsAnswer() && r.Steps[c.Step-1].doubts(c.Node)
}

// nothing is what a replay gives where there is no answer, or no such line: the
// node was never in that term, or is no leader.
type nothing struct{}

const none = "none" // nothing in the format's words, and no node

// words puts what is in a cell, or belongs there, into the format's words.
func words(t *trace.Trace, v any) any {
	switch v := v.(type) {
	case nothing:
		return none
	case raft.Term:
		return uint64(v)
	case raft.Index:
		return uint64(v)
	case raft.NodeID:
		return t.Name(v)
	case raft.Role:
		return v.String()
	case []trace.LogEntry:
		return trace.FlowLog(trace.Entries(v))
	case raft.Log:
		return trace.FlowLog(v.Entries())
	case *history:
		return v.flow(t)
	case []trace.NodeIndex:
		return flowIndexLines(t, v)
	case []trace.TermVote:
		return flowTermLines(t, v)
	}
	return v // nil, a bool, the text of a nextIndex or matchIndex
}

// gives is what the replay has for a cell, of the type that is written there.
func (r *Run) gives(c *Cell) any {
	if c.IsAnswer() {
		return r.answerGiven(c)
	}
	return r.tableGives(c, r.state(c.Node, c.Step))
}

// tableGives is what belongs in a cell of a table, where s is the node's state.
func (r *Run) tableGives(c *Cell, s *raft.State) any {
	leads := s.Role == raft.Leader
	switch c.kind {
	case termCell:
		return s.CurrentTerm
	case votedForCell:
		return s.VotedFor
	case roleCell:
		return s.Role
	case logCell:
		return s.Log
	case commitIndexCell:
		return s.CommitIndex
	case lastAppliedCell:
		return s.LastApplied
	case termsCell:
		return r.history(c.Node, c.Step)
	case termsLine:
		if had, ok := r.term(c.Node, c.Step, raft.Term(c.of)); ok {
			return had.VotedFor
		}
		return nothing{}
	}
	switch {
	case !leads:
		return nothing{}
	case c.kind == nextIndexCell:
		return r.Trace.FlowIndexes(c.Node, s.NextIndex)
	case c.kind == matchIndexCell:
		return r.Trace.FlowIndexes(c.Node, s.MatchIndex)
	case c.kind == nextIndexLine:
		return s.NextIndex[c.of-1]
	}
	return s.MatchIndex[c.of-1]
}

// answerGiven is what a node answers. Where the answer is lost on its way back
// and the cell says none, nothing more is asked of it.
func (r *Run) answerGiven(c *Cell) any {
	d := r.Steps[c.Step-1].Delivery(c.Node)
	switch {
	case d == nil || !d.Answered() || d.Lost && c.written == nothing{}:
		return nothing{}
	case c.kind == termOfAnswer:
		return d.Term
	}
	return d.OK
}

// An asker goes through a trace step by step.
type asker struct {
	t     *trace.Trace
	step  *trace.Step
	cells []Cell
}

// add adds a cell of the step.
func (a *asker) add(id raft.NodeID, kind cellKind, field string, at trace.Pos, written any) *Cell {
	a.cells = append(a.cells, Cell{Step: a.step.Number, Node: id, Field: field, Pos: at, kind: kind, written: written})
	return &a.cells[len(a.cells)-1]
}

// answers adds the cells of the step's response row.
func (a *asker) answers() {
	row := a.step.Response
	if row == nil {
		return
	}
	sender, _ := a.step.Sender()
	var done raft.NodeSet
	for i := range row.Cells {
		cell := &row.Cells[i]
		if cell.Node != sender {
			a.answer(cell.Node, cell)
		}
		done = done.With(cell.Node)
	}
	for id := range (a.step.Recipients(a.t.Size()) &^ done).All() {
		a.answer(id, row.Others)
	}
}

// answer adds the cells of one node's answer; nil where the row has none for it.
func (a *asker) answer(id raft.NodeID, cell *trace.Cell) {
	field := outcomeField(a.step)
	switch {
	case a.t.Unknown.Has(id):
	case cell == nil:
		a.add(id, outcomeCell, field, a.step.Response.Pos, nil)
	case cell.None:
		a.add(id, outcomeCell, field, cell.Pos, nothing{})
	case cell.OK.Presence == trace.Absent && cell.Term.Presence == trace.Absent:
		a.add(id, outcomeCell, field, cell.Pos, nil)
	default:
		ask(a, id, outcomeCell, field, cell.OK)
		ask(a, id, termOfAnswer, "term", cell.Term)
	}
}

// ask adds a cell if it is written or blank, and gives it.
func ask[T any](a *asker, id raft.NodeID, kind cellKind, field string, o trace.Opt[T]) *Cell {
	switch o.Presence {
	case trace.Absent:
		return nil
	case trace.Blank:
		return a.add(id, kind, field, o.Pos, nil)
	}
	return a.add(id, kind, field, o.Pos, o.Value)
}

// tables adds the cells of the step's state.
func (a *asker) tables() {
	if a.step.StateBlank() {
		for id := range (raft.AllNodes(a.t.Size()) &^ a.t.Unknown).All() {
			a.blankTable(id, a.step.StatePos)
		}
	}
	for i := range a.step.State {
		switch st := &a.step.State[i]; {
		case a.t.Unknown.Has(st.Node):
		case st.Blank:
			a.blankTable(st.Node, st.Pos)
		default:
			a.table(st)
		}
	}
}

func (a *asker) blankTable(id raft.NodeID, at trace.Pos) {
	for _, f := range tableCells {
		a.add(id, f.kind, f.field, at, nil)
	}
}

func (a *asker) table(st *trace.NodeState) {
	ask(a, st.Node, termCell, "term", st.Term)
	ask(a, st.Node, votedForCell, "votedFor", st.VotedFor)
	ask(a, st.Node, roleCell, "role", st.Role)
	ask(a, st.Node, logCell, "log", st.Log)
	ask(a, st.Node, commitIndexCell, "commitIndex", st.CommitIndex)
	ask(a, st.Node, lastAppliedCell, "lastApplied", st.LastApplied)
	a.indexes(st.Node, nextIndexCell, nextIndexLine, "nextIndex", st.NextIndex)
	a.indexes(st.Node, matchIndexCell, matchIndexLine, "matchIndex", st.MatchIndex)
	a.terms(st)
}

// indexes adds a nextIndex or matchIndex: one cell where all of it is blank,
// otherwise one for each line.
func (a *asker) indexes(id raft.NodeID, whole, line cellKind, field string, o trace.Opt[[]trace.NodeIndex]) {
	if o.Presence == trace.Blank {
		a.add(id, whole, field, o.Pos, nil)
	}
	for _, w := range o.Value {
		c := ask(a, id, line, fmt.Sprintf("%s[%s]", field, a.t.Name(w.Node)), w.Index)
		c.of = uint64(w.Node)
	}
}

// terms adds a history of terms: one cell where all of it is blank, otherwise
// one for each line.
func (a *asker) terms(st *trace.NodeState) {
	if st.Terms.Presence == trace.Blank {
		a.add(st.Node, termsCell, "terms", st.Terms.Pos, nil)
	}
	for _, w := range st.Terms.Value {
		c := ask(a, st.Node, termsLine, fmt.Sprintf("terms[%d]", w.Term), w.VotedFor)
		c.of = uint64(w.Term)
	}
}
