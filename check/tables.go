package check

import (
	"fmt"

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
	if role != raft.Leader {
		c.differs(st.Node, o.Pos, field, "written", "none", fmt.Sprintf("node %s is a %s; only a leader has %s", c.t.Name(st.Node), role, field))
		return
	}
	for _, w := range o.Value {
		name := fmt.Sprintf("%s[%s]", field, c.t.Name(w.Node))
		cellOf(c, st, w.Index, name, now[w.Node-1], number[raft.Index])
	}
}

// terms compares a written history of terms.
func (c *comparer) terms(st *trace.NodeState) {
	if st.Terms.Presence == trace.Blank {
		c.blankTable(st.Node, st.Terms.Pos, "terms", fmt.Sprintf("node %s's terms are left blank", c.t.Name(st.Node)))
	}
	for _, w := range st.Terms.Value {
		field := fmt.Sprintf("terms[%d]", w.Term)
		had, ok := c.run.term(st.Node, c.step.Trace.Number, w.Term)
		if !ok {
			c.differs(st.Node, w.Pos, field, "written", "none", fmt.Sprintf("node %s was never in term %d", c.t.Name(st.Node), w.Term))
			continue
		}
		if w.VotedFor.Given() && w.VotedFor.Value != had.VotedFor {
			c.differs(st.Node, w.VotedFor.Pos, field, c.t.Name(w.VotedFor.Value), c.t.Name(had.VotedFor),
				fmt.Sprintf("node %s voted for %s in term %d", c.t.Name(st.Node), c.t.Name(had.VotedFor), w.Term))
		}
		if w.VotedFor.Presence == trace.Blank {
			c.blankTable(st.Node, w.VotedFor.Pos, field, fmt.Sprintf("node %s's vote of term %d is left blank", c.t.Name(st.Node), w.Term))
		}
	}
}
