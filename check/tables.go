package check

import (
	"fmt"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file compares the tables of a step with the states after it.

func (c *comparer) tables() {
	s := c.step.Trace
	if s.StateBlank() {
		c.blankTable(raft.NoNode, s.StatePos, "", "the tables of this step are left blank")
	}
	for i := range s.State {
		st := &s.State[i]
		switch name := c.t.Name(st.Node); {
		case c.t.Unknown.Has(st.Node):
			c.find(Untold, st.Node, st.Pos, Finding{Message: fmt.Sprintf("node %s is unknown: its state cannot be told", name)})
		case st.Blank:
			c.blankTable(st.Node, st.Pos, "", fmt.Sprintf("node %s's table is left blank", name))
		default:
			c.table(st)
		}
	}
}

func (c *comparer) blankTable(id raft.NodeID, at trace.Pos, field, message string) {
	c.find(Unfilled, id, at, Finding{Field: field, Message: message})
}

// table compares what is written of one node.
func (c *comparer) table(st *trace.NodeState) {
	now := c.run.State(st.Node, c.step.Trace.Number)
	cellOf(c, st, st.Term, "term", now.CurrentTerm, number[raft.Term])
	cellOf(c, st, st.VotedFor, "votedFor", now.VotedFor, c.nodeName)
	cellOf(c, st, st.Role, "role", now.Role, roleName)
	c.log(st, now.Log)
	cellOf(c, st, st.CommitIndex, "commitIndex", now.CommitIndex, number[raft.Index])
	cellOf(c, st, st.LastApplied, "lastApplied", now.LastApplied, number[raft.Index])
	c.progress(st, st.NextIndex, "nextIndex", now.Role, now.NextIndex)
	c.progress(st, st.MatchIndex, "matchIndex", now.Role, now.MatchIndex)
	c.terms(st)
}

// cellOf compares a field of a single value.
func cellOf[T comparable](c *comparer, st *trace.NodeState, o trace.Opt[T], field string, now T, show func(T) any) {
	switch {
	case o.Presence == trace.Blank:
		c.blankTable(st.Node, o.Pos, field, fmt.Sprintf("node %s's %s is left blank", c.t.Name(st.Node), field))
	case o.Given() && o.Value != now:
		c.differs(st.Node, o.Pos, field, show(o.Value), show(now), "")
	}
}

func number[T raft.Term | raft.Index](v T) any { return uint64(v) }
func roleName(r raft.Role) any                 { return r.String() }
func (c *comparer) nodeName(id raft.NodeID) any {
	return c.t.Name(id)
}

// differs finds that a field of a table differs from the replay.
func (c *comparer) differs(id raft.NodeID, at trace.Pos, field string, expected, actual any, message string) {
	rule, why := c.why(id, field, expected)
	if strings.HasPrefix(field, "terms[") && actual == any(c.t.Name(id)) {
		rule = raft.C1 // it has voted for itself
	}
	if message == "" {
		message = fmt.Sprintf("node %s's %s is %v", c.t.Name(id), field, actual)
	}
	if why != "" {
		message += ": " + why
	}
	kind := State
	if c.step.doubts(id) {
		kind = Untold
	} else {
		c.tally.States++
	}
	c.find(kind, id, at, Finding{Field: field, Expected: expected, Actual: actual, Rule: rule, Message: message})
}

// log compares a written log, and finds the first index that differs.
func (c *comparer) log(st *trace.NodeState, now raft.Log) {
	o := st.Log
	if o.Presence == trace.Blank {
		c.blankTable(st.Node, o.Pos, "log", fmt.Sprintf("node %s's log is left blank", c.t.Name(st.Node)))
	}
	if !o.Given() {
		return
	}
	both := now.Truncate(raft.Index(len(o.Value))).Entries()
	for i, e := range both {
		if !o.Value[i].Matches(e) {
			c.differs(st.Node, o.Value[i].Pos, fmt.Sprintf("log[%d]", i+1), o.Value[i].String(), e.String(), "")
			return
		}
	}
	i, name := raft.Index(len(both)+1), c.t.Name(st.Node)
	switch {
	case int(i) <= len(o.Value):
		e := o.Value[i-1]
		c.differs(st.Node, e.Pos, fmt.Sprintf("log[%d]", i), e.String(), "none", fmt.Sprintf("node %s's log ends at index %d", name, i-1))
	case now.Has(i):
		c.differs(st.Node, o.Pos, fmt.Sprintf("log[%d]", i), "none", now.Entry(i).String(),
			fmt.Sprintf("node %s's log goes on to index %d, with %s at index %d", name, now.LastIndex(), now.Entry(i), i))
	}
}

// progress compares a leader's nextIndex or matchIndex.
func (c *comparer) progress(st *trace.NodeState, o trace.Opt[[]trace.NodeIndex], field string, role raft.Role, now []raft.Index) {
	if o.Presence == trace.Blank {
		c.blankTable(st.Node, o.Pos, field, fmt.Sprintf("node %s's %s is left blank", c.t.Name(st.Node), field))
	}
	if !o.Given() {
		return
	}
	if text := c.givenIndexes(o.Value); role != raft.Leader && text != "" {
		c.differs(st.Node, o.Pos, field, text, "none", fmt.Sprintf("node %s is a %s; only a leader has %s", c.t.Name(st.Node), role, field))
		return
	}
	for _, w := range o.Value {
		name, has := fmt.Sprintf("%s[%s]", field, c.t.Name(w.Node)), raft.Index(0)
		if role == raft.Leader {
			has = now[w.Node-1]
		}
		cellOf(c, st, w.Index, name, has, number[raft.Index])
	}
}

// givenIndexes is what is written of a nextIndex or matchIndex, its blanks left
// out: {2: 4, 3: 1}. It is empty where all is blank.
func (c *comparer) givenIndexes(written []trace.NodeIndex) string {
	var pairs []string
	for _, w := range written {
		if w.Index.Given() {
			pairs = append(pairs, fmt.Sprintf("%s: %d", c.t.Name(w.Node), w.Index.Value))
		}
	}
	if pairs == nil {
		return ""
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// terms compares a written history of terms.
func (c *comparer) terms(st *trace.NodeState) {
	if st.Terms.Presence == trace.Blank {
		c.blankTable(st.Node, st.Terms.Pos, "terms", fmt.Sprintf("node %s's terms are left blank", c.t.Name(st.Node)))
	}
	for i := range st.Terms.Value {
		c.termRow(st.Node, &st.Terms.Value[i])
	}
}

func (c *comparer) termRow(id raft.NodeID, w *trace.TermVote) {
	had, ok := c.run.term(id, c.step.Trace.Number, w.Term)
	if ok && w.VotedFor.Given() && w.VotedFor.Value == had.VotedFor {
		return
	}
	field, name := fmt.Sprintf("terms[%d]", w.Term), c.t.Name(id)
	switch {
	case !ok:
		said := "written"
		if w.VotedFor.Given() {
			said = c.t.Name(w.VotedFor.Value)
		}
		c.differs(id, w.Pos, field, said, "none", fmt.Sprintf("node %s was never in term %d", name, w.Term))
	case w.VotedFor.Given():
		c.differs(id, w.VotedFor.Pos, field, c.t.Name(w.VotedFor.Value), c.t.Name(had.VotedFor),
			fmt.Sprintf("node %s voted for %s in term %d", name, c.t.Name(had.VotedFor), w.Term))
	default:
		c.blankTable(id, w.VotedFor.Pos, field, fmt.Sprintf("node %s's vote of term %d is left blank", name, w.Term))
	}
}
