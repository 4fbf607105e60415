package check

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has what holds one trace's replay against another's answers: those
// of a sheet that was handed in.

// With gives the replay with what another sheet has written in the place of the
// trace's own answers and tables. Its steps stand for the trace's, by place, and
// name the same nodes; nil is a step that the sheet does not have.
func (r *Run) With(sheet []*trace.Step) *Run {
	t := *r.Trace
	t.Steps = slices.Clone(t.Steps)
	out := *r
	out.Trace, out.findings = &t, nil
	out.Steps = slices.Clone(r.Steps)
	for i := range t.Steps {
		s := &t.Steps[i]
		s.Response, s.State, s.StatePos = nil, nil, trace.Pos{}
		if own := sheet[i]; own != nil {
			s.Response, s.State, s.StatePos = own.Response, own.State, own.StatePos
		}
		out.Steps[i].Trace = s
	}
	return &out
}

// On gives the cell as a step of another sheet has it, nil for a sheet without
// that step: asked for the same, with what is written there.
func (c Cell) On(s *trace.Step) Cell {
	c.Pos, c.written = trace.Pos{}, nil
	if s == nil {
		return c
	}
	c.Pos = s.Pos
	if c.IsAnswer() {
		c.onRow(s.Response)
		return c
	}
	for i := range s.State {
		if s.State[i].Node == c.Node {
			c.onTable(&s.State[i])
		}
	}
	return c
}

// OnlyAsked gives what a sheet's step says of these cells, all of one step, and
// nothing else that is written there.
func OnlyAsked(cells []Cell, s *trace.Step) *trace.Step {
	if s == nil || len(cells) == 0 {
		return nil
	}
	out := &trace.Step{Pos: s.Pos, Number: s.Number, ID: s.ID}
	if s.Response != nil {
		out.Response = &trace.Row{Pos: s.Response.Pos}
	}
	for i := range cells {
		c := &cells[i]
		switch {
		case !c.IsAnswer():
			out.State = c.keepTable(out.State, s.State)
		case s.Response != nil:
			c.keepAnswer(out.Response, s.Response.Cell(c.Node))
		}
	}
	return out
}

// keepAnswer keeps what a row says of the cell.
func (c *Cell) keepAnswer(out *trace.Row, said *trace.Cell) {
	if said == nil {
		return
	}
	i := slices.IndexFunc(out.Cells, func(k trace.Cell) bool { return k.Node == c.Node })
	if i < 0 {
		i = len(out.Cells)
		out.Cells = append(out.Cells, trace.Cell{Node: c.Node, Pos: said.Pos, None: said.None})
	}
	if c.kind == termOfAnswer {
		out.Cells[i].Term = said.Term
	} else {
		out.Cells[i].OK = said.OK
	}
}

// keepTable keeps what a table says of the cell.
func (c *Cell) keepTable(out, said []trace.NodeState) []trace.NodeState {
	from := slices.IndexFunc(said, func(st trace.NodeState) bool { return st.Node == c.Node })
	if from < 0 {
		return out
	}
	i := slices.IndexFunc(out, func(st trace.NodeState) bool { return st.Node == c.Node })
	if i < 0 {
		i = len(out)
		out = append(out, trace.NodeState{Node: c.Node, Pos: said[from].Pos})
	}
	to, st := &out[i], &said[from]
	switch c.kind {
	case termCell:
		to.Term = st.Term
	case votedForCell:
		to.VotedFor = st.VotedFor
	case roleCell:
		to.Role = st.Role
	case logCell:
		to.Log = st.Log
	case commitIndexCell:
		to.CommitIndex = st.CommitIndex
	case lastAppliedCell:
		to.LastApplied = st.LastApplied
	case nextIndexCell:
		to.NextIndex = st.NextIndex
	case matchIndexCell:
		to.MatchIndex = st.MatchIndex
	case nextIndexLine:
		keepLine(c, &to.NextIndex, st.NextIndex)
	case matchIndexLine:
		keepLine(c, &to.MatchIndex, st.MatchIndex)
	case termsCell:
		to.Terms = st.Terms
	case termsLine:
		for _, x := range st.Terms.Value {
			if uint64(x.Term) == c.of {
				to.Terms.Pos, to.Terms.Presence = st.Terms.Pos, st.Terms.Presence
				to.Terms.Value = append(to.Terms.Value, x)
			}
		}
	}
	return out
}

// keepLine keeps the cell's line of a nextIndex or matchIndex.
func keepLine(c *Cell, to *trace.Opt[[]trace.NodeIndex], said trace.Opt[[]trace.NodeIndex]) {
	for _, x := range said.Value {
		if uint64(x.Node) == c.of {
			to.Pos, to.Presence = said.Pos, said.Presence
			to.Value = append(to.Value, x)
		}
	}
}

func (c *Cell) onRow(row *trace.Row) {
	if row == nil {
		return
	}
	c.Pos = row.Pos
	cell := row.Cell(c.Node)
	if cell == nil {
		return
	}
	c.Pos = cell.Pos
	switch {
	case cell.None:
		c.written = nothing{}
	case c.kind == termOfAnswer:
		onto(c, cell.Term)
	default:
		onto(c, cell.OK)
	}
}

// onto takes in what is written, if anything is.
func onto[T any](c *Cell, o trace.Opt[T]) {
	if o.Presence != trace.Absent {
		c.Pos = o.Pos
	}
	if o.Given() {
		c.written = o.Value
	}
}

func (c *Cell) onTable(st *trace.NodeState) {
	c.Pos = st.Pos
	switch c.kind {
	case termCell:
		onto(c, st.Term)
	case votedForCell:
		onto(c, st.VotedFor)
	case roleCell:
		onto(c, st.Role)
	case logCell:
		onto(c, st.Log)
	case commitIndexCell:
		onto(c, st.CommitIndex)
	case lastAppliedCell:
		onto(c, st.LastApplied)
	case nextIndexCell, nextIndexLine:
		c.onIndexes(st.NextIndex)
	case matchIndexCell, matchIndexLine:
		c.onIndexes(st.MatchIndex)
	case termsCell, termsLine:
		c.onTerms(st.Terms)
	}
}

func (c *Cell) onIndexes(o trace.Opt[[]trace.NodeIndex]) {
	if !o.Given() {
		return
	}
	c.Pos = o.Pos
	if c.kind == nextIndexCell || c.kind == matchIndexCell {
		c.written = o.Value
		return
	}
	for _, w := range o.Value {
		if uint64(w.Node) == c.of {
			onto(c, w.Index)
		}
	}
}

func (c *Cell) onTerms(o trace.Opt[[]trace.TermVote]) {
	if !o.Given() {
		return
	}
	c.Pos = o.Pos
	if c.kind == termsCell {
		c.written = o.Value
		return
	}
	for _, w := range o.Value {
		if uint64(w.Term) == c.of {
			onto(c, w.VotedFor)
		}
	}
}

// differsWhole is Differs for a nextIndex, matchIndex or history that was asked
// for as a whole: each line that there is has to be written, and no other.
func (r *Run) differsWhole(c *Cell) (differs, ok bool) {
	switch w := c.written.(type) {
	case []trace.NodeIndex:
		s := r.state(c.Node, c.Step)
		has := s.NextIndex
		if c.kind == matchIndexCell {
			has = s.MatchIndex
		}
		return s.Role != raft.Leader || !sameIndexes(c.Node, w, has), true
	case []trace.TermVote:
		return !sameTerms(w, merged(r.termsUpTo(c.Node, c.Step))), true
	}
	return false, false
}

func sameIndexes(own raft.NodeID, w []trace.NodeIndex, has []raft.Index) bool {
	lines := 0
	for _, x := range w {
		if x.Node == own {
			continue // its own place counts for nothing
		}
		if !x.Index.Given() || x.Index.Value != has[x.Node-1] {
			return false
		}
		lines++
	}
	return lines == len(has)-1
}

func sameTerms(w []trace.TermVote, lines []Term) bool {
	votes := make(map[raft.Term]raft.NodeID)
	for _, line := range lines {
		if line.Term == 0 {
			continue
		}
		for term := range line.Each() {
			votes[term] = line.VotedFor
		}
	}
	for _, x := range w {
		vote, had := votes[x.Term]
		if !had || !x.VotedFor.Given() || x.VotedFor.Value != vote {
			return false
		}
	}
	return len(w) == len(votes)
}

// flowIndexLines gives a nextIndex or matchIndex as it is written.
func flowIndexLines(t *trace.Trace, w []trace.NodeIndex) string {
	pairs := make([]string, len(w))
	for i, x := range w {
		pairs[i] = t.FlowName(x.Node) + ": "
		if x.Index.Given() {
			pairs[i] += fmt.Sprint(x.Index.Value)
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// flowTermLines gives a history of terms as it is written.
func flowTermLines(t *trace.Trace, w []trace.TermVote) string {
	pairs := make([]string, len(w))
	for i, x := range w {
		pairs[i] = fmt.Sprint(x.Term, ": ")
		if x.VotedFor.Given() {
			pairs[i] += t.FlowName(x.VotedFor.Value)
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// WhyCell gives the rule by which a field of a table came to what it is, and one
// sentence that says what it is and why, where the step decides that.
func (r *Run) WhyCell(c *Cell) (raft.Rule, string) {
	by := &comparer{run: r, t: r.Trace, step: &r.Steps[c.Step-1]}
	given := r.Gives(c)
	rule, why := by.why(c.Node, c.Field, uint64(0))
	says := fmt.Sprintf("node %s's %s is %v", r.Trace.Name(c.Node), c.Field, given)
	if why != "" {
		says += ": " + why
	}
	return rule, says
}
