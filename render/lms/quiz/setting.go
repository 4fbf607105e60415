package quiz

import (
	"cmp"
	"fmt"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file has what a question says before it asks.

// cluster is who plays and by what, and what nodes are before the first step.
func (b *builder) cluster() []Block {
	q := b.q
	says := []string{fmt.Sprintf("The cluster has %s: %s.", render.Count(q.Size(), "node", "nodes"), strings.Join(q.Names, ", "))}
	for _, f := range render.PlayedBy(q) {
		says = append(says, f.Name+": "+f.Value.String()+".")
	}
	switch others := q.Unknown; {
	case q.RaftID != raft.NoNode:
		says = append(says, "The states of the other nodes are not on this page.")
	case others != 0:
		says = append(says, "Not on this page: the states of "+names(q, others)+".")
	}
	out := []Block{{Text: strings.Join(says, " ")}}
	before := Block{Head: "Before the first step"}
	for i := range q.Names {
		if id := raft.NodeID(i + 1); render.HasInitial(q, id) {
			before.Rows = append(before.Rows, []Entry{{Text: "node " + q.Name(id)}, {Text: item.FlowState(b.k.Run, id, 0)}})
		}
	}
	switch known := q.Size() - q.Unknown.Len(); {
	case len(before.Rows) == 0:
		before.Text = "Each node is a follower in term 0 with an empty log."
	case len(before.Rows) < known:
		before.Text = "Each node that is not listed is a follower in term 0 with an empty log."
	}
	return append(out, before)
}

func names(q *trace.Trace, set raft.NodeSet) string {
	var all []string
	for id := range set.All() {
		all = append(all, q.Name(id))
	}
	return reason.And(all)
}

// happened adds a step to what has happened.
func (b *builder) happened(s *trace.Step) {
	if s.Event == nil && s.Note == "" {
		return // tables alone
	}
	var says []string
	for _, f := range render.WrittenFields(b.q, s) {
		says = append(says, f.Name+" "+cmp.Or(f.Value.String(), "blank"))
	}
	if says = append(says, b.given(s)...); s.Note != "" {
		says = append(says, s.Note)
	}
	line := render.FormHead(b.q, s)
	if says != nil {
		line += ": " + strings.Join(says, "; ")
	}
	b.sofar = append(b.sofar, []Entry{{Text: s.ID}, {Text: line}})
}

// given is what nodes answer of which the page knows nothing else.
func (b *builder) given(s *trace.Step) []string {
	var out []string
	if s.Response == nil {
		return nil
	}
	for i := range s.Response.Cells {
		if c := &s.Response.Cells[i]; b.q.Unknown.Has(c.Node) {
			out = append(out, fmt.Sprintf("node %s answers %s", b.q.Name(c.Node), answerOf(c)))
		}
	}
	return out
}

// answerOf is an answer that is given.
func answerOf(c *trace.Cell) string {
	says := "none"
	if c.OK.Given() {
		says = item.Word(c.OK.Value)
	}
	if c.Term.Given() {
		says += fmt.Sprintf(" in term %d", c.Term.Value)
	}
	return says
}

// text is all that a question says before its form.
func (b *builder) text(s *trace.Step, how []string) []Block {
	out := b.start[:len(b.start):len(b.start)]
	if len(b.sofar) > 0 {
		out = append(out, Block{Head: "So far, in this order", Rows: b.sofar[:len(b.sofar):len(b.sofar)]})
	}
	now := Block{Head: "Step " + s.ID, Text: s.Note}
	if s.Event != nil {
		now.Head += ": " + render.FormHead(b.q, s)
	}
	for _, f := range render.WrittenFields(b.q, s) {
		now.Rows = append(now.Rows, []Entry{{Text: f.Name}, {Text: f.Value.String()}})
	}
	return append(out, now, Block{Text: strings.Join(how, " ")})
}
