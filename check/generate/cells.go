package generate

import (
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file settles what a worksheet asks.

// A cell is something that a worksheet can ask, of a step from 1.
type cell struct {
	step  int
	node  raft.NodeID
	field item.Field
	line  uint64
}

func cellOf(it *item.Item) cell { return cell{it.Step, it.Node, it.Field, it.Line} }

// tableFields are the fields of the tables that follow a step.
var tableFields = []item.Field{item.Term, item.VotedFor, item.Role, item.Log, item.CommitIndex}

// everyCell gives all that can be asked of a play: the answers, what each node that
// takes part in a step is after it, and the tables at the end.
func (p *play) everyCell() []cell {
	var out []cell
	run := p.cluster.Run()
	for i := range run.Steps {
		s := &run.Steps[i]
		for j := range s.Deliveries {
			to := s.Deliveries[j].To
			out = append(out, cell{i + 1, to, item.Outcome, 0})
			if s.Deliveries[j].Answered() {
				out = append(out, cell{i + 1, to, item.AnswerTerm, 0})
			}
		}
		taking := raft.SetOf(run.Concerned(i + 1)...)
		for id := range taking.All() {
			for _, field := range tableFields {
				out = append(out, cell{i + 1, id, field, 0})
			}
			if run.State(id, i+1).Role == raft.Leader {
				out = append(out, p.indexCells(i+1, id)...)
			}
		}
	}
	return append(out, p.endCells()...)
}

// indexCells are the lines of a leader's nextIndex and matchIndex.
func (p *play) indexCells(step int, id raft.NodeID) []cell {
	var out []cell
	for _, field := range []item.Field{item.NextIndexLine, item.MatchIndexLine} {
		for other := range p.all.Without(id).All() {
			out = append(out, cell{step, id, field, uint64(other)})
		}
	}
	return out
}

// endCells are the tables at the end: each node's page of the paper form.
func (p *play) endCells() []cell {
	var out []cell
	end := len(p.steps) + 1
	for id := range p.all.All() {
		for term := range p.node(id).CurrentTerm {
			out = append(out, cell{end, id, item.TermsLine, uint64(term + 1)})
		}
		out = append(out, cell{end, id, item.Log, 0}, cell{end, id, item.CommitIndex, 0})
	}
	return out
}

// usual reports whether a worksheet asks a cell in any case: all answers, whether an
// election is won, what a leader commits where a majority follows it, and the tables at
// the end.
func (p *play) usual(c cell) bool {
	run := p.cluster.Run()
	if c.step > len(run.Steps) || c.field == item.Outcome {
		return true
	}
	s := &run.Steps[c.step-1]
	sender, sends := s.Trace.Sender()
	switch {
	case !sends || c.node != sender:
		return false
	case s.Sent.Vote != nil:
		return c.field == item.Role
	}
	copies := 1
	for i := range s.Deliveries {
		if s.Deliveries[i].Answered() && s.Deliveries[i].OK {
			copies++
		}
	}
	before, after := run.State(sender, c.step-1).CommitIndex, run.State(sender, c.step).CommitIndex
	return c.field == item.CommitIndex && (copies >= p.majority() || before != after)
}

// cost says how much a cell is worth avoiding where another one tells the same.
func (c cell) cost() int {
	switch c.field {
	case item.Outcome, item.TermsLine:
		return 0
	case item.Role, item.CommitIndex, item.Log, item.VotedFor, item.Term:
		return 1
	case item.AnswerTerm:
		return 2
	}
	return 3
}

// burden is in which order cells are asked beyond the usual ones: those that a student
// has at hand first.
func (c cell) burden() int {
	switch c.field {
	case item.Outcome:
		return 0
	case item.Log, item.CommitIndex, item.Role:
		return 1
	case item.TermsLine:
		return 2
	case item.Term, item.VotedFor:
		return 3
	}
	return 4
}

// asking gives a play as a trace that asks these cells, all of them blank.
func (p *play) asking(cells []cell) *trace.Trace {
	t := &trace.Trace{Document: 1, Names: p.cluster.Run().Trace.Names}
	for _, s := range p.steps {
		t.Steps = append(t.Steps, *s)
	}
	p.holdBack(t)
	p.begin(&t.Steps[0])
	if slices.ContainsFunc(cells, func(c cell) bool { return c.step > len(p.steps) }) {
		t.Steps = append(t.Steps, trace.Step{Number: len(t.Steps) + 1, ID: "end"})
	}
	for _, c := range cells {
		ask(&t.Steps[c.step-1], c)
	}
	return t
}

// begin has the first step say what a student needs to know.
func (p *play) begin(s *trace.Step) {
	note := "All nodes begin in term 0, with empty logs."
	if p.kit.leaveOut != 0 {
		note += " What a message leaves out follows from the state of its sender."
	}
	s.Note = strings.TrimSpace(note + " " + s.Note)
}

// holdBack has the copies that arrive late be on their way until then: the step in
// which they were sent says so.
func (p *play) holdBack(t *trace.Trace) {
	for i := range t.Steps {
		s := &t.Steps[i]
		of := p.late[i+1]
		if of == 0 {
			continue
		}
		arrives := slices.IndexFunc(t.Steps[i+1:], func(o trace.Step) bool { return o.Event == s.Event && o.To.Value == of })
		s.To = trace.OptOf(s.Recipients(t.Size()) &^ of)
		s.Lost &^= of
		note := "Held up on its way to " + names(of) + " (see " + t.Steps[i+1+arrives].ID + ")."
		if s.Note != "" {
			note = s.Note + " " + note
		}
		s.Note = note
	}
}

func blank[T any]() trace.Opt[T] { return trace.Opt[T]{Presence: trace.Blank} }

// ask puts a blank into a step.
func ask(s *trace.Step, c cell) {
	if c.field.IsAnswer() {
		askAnswer(s, c)
		return
	}
	i := slices.IndexFunc(s.State, func(st trace.NodeState) bool { return st.Node == c.node })
	if i < 0 {
		i = len(s.State)
		s.State = append(s.State, trace.NodeState{Node: c.node})
	}
	switch st := &s.State[i]; c.field {
	case item.Term:
		st.Term = blank[raft.Term]()
	case item.VotedFor:
		st.VotedFor = blank[raft.NodeID]()
	case item.Role:
		st.Role = blank[raft.Role]()
	case item.Log:
		st.Log = blank[[]trace.LogEntry]()
	case item.CommitIndex:
		st.CommitIndex = blank[raft.Index]()
	case item.NextIndexLine:
		st.NextIndex = trace.OptOf(append(st.NextIndex.Value, trace.NodeIndex{Node: raft.NodeID(c.line), Index: blank[raft.Index]()}))
	case item.MatchIndexLine:
		st.MatchIndex = trace.OptOf(append(st.MatchIndex.Value, trace.NodeIndex{Node: raft.NodeID(c.line), Index: blank[raft.Index]()}))
	case item.TermsLine:
		st.Terms = trace.OptOf(append(st.Terms.Value, trace.TermVote{Term: raft.Term(c.line), VotedFor: blank[raft.NodeID]()}))
	}
}

func askAnswer(s *trace.Step, c cell) {
	if s.Response == nil {
		s.Response = &trace.Row{}
	}
	row := s.Response
	i := slices.IndexFunc(row.Cells, func(o trace.Cell) bool { return o.Node == c.node })
	if i < 0 {
		i = len(row.Cells)
		row.Cells = append(row.Cells, trace.Cell{Node: c.node, OK: blank[bool]()})
	}
	if c.field == item.AnswerTerm {
		row.Cells[i].Whole, row.Cells[i].Term = true, blank[raft.Term]()
	}
}
