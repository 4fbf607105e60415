package grade

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file makes students: sheets that are filled in by what somebody believes,
// with slips or without.

// A student fills in a key's cells.
type student struct {
	key   *Key
	run   *replay.Run // what it takes for true
	sheet *trace.Trace
}

// answering gives a student who answers all of a key as a replay of it has it.
func answering(k *Key, run *replay.Run) *student {
	s := blankStudent(k)
	s.run = run
	for i := range k.Cells {
		s.fill(&k.Cells[i], run)
	}
	return s
}

func blankStudent(k *Key) *student {
	sheet := *k.Trace
	sheet.Steps = slices.Clone(k.Trace.Steps)
	for i := range sheet.Steps {
		st := &sheet.Steps[i]
		st.Response, st.State, st.StatePos = nil, nil, trace.Pos{}
	}
	return &student{key: k, run: k.Run, sheet: &sheet}
}

// believing gives a student who takes deviations for Raft, all through a key.
func believing(t testing.TB, k *Key, as replay.Wording, ds ...raft.Deviation) *student {
	t.Helper()
	run := checktest.Under(t, k.Run, k.Run.Rules.With(ds...), as)
	return answering(k, run)
}

// steps gives the sheet's steps up to one, nil for those after it.
func (s *student) steps(last int) []*trace.Step {
	out := make([]*trace.Step, len(s.sheet.Steps))
	for i := range out[:last] {
		out[i] = &s.sheet.Steps[i]
	}
	return out
}

// fill writes what a replay gives into a cell, over what is there.
func (s *student) fill(c *Cell, run *replay.Run) {
	st := &s.sheet.Steps[c.Step-1]
	if c.IsAnswer() {
		fillAnswer(s.answer(c), c, run.Steps[c.Step-1].Delivery(c.Node))
		return
	}
	state := run.State(c.Node, c.Step)
	fillTable(s.table(st, c.Node), c, state, run)
}

// answer gives the place of an answer on the sheet.
func (s *student) answer(c *Cell) *trace.Cell {
	st := &s.sheet.Steps[c.Step-1]
	if st.Response == nil {
		st.Response = &trace.Row{Pos: st.Pos}
	}
	cells := &st.Response.Cells
	i := slices.IndexFunc(*cells, func(at trace.Cell) bool { return at.Node == c.Node })
	if i < 0 {
		i = len(*cells)
		*cells = append(*cells, trace.Cell{Node: c.Node, Pos: st.Pos})
	}
	return &(*cells)[i]
}

func fillAnswer(to *trace.Cell, c *Cell, d *replay.Delivery) {
	switch {
	case d == nil || !d.Answered():
		to.None, to.OK, to.Term, to.MatchIndex = true, trace.Opt[bool]{}, trace.Opt[raft.Term]{}, trace.Opt[raft.Index]{}
	case c.Field == item.AnswerTerm:
		to.Whole, to.Term = true, is(d.Term)
	case c.Field == item.AnswerMatch && d.OK:
		to.Whole, to.MatchIndex = true, is(d.Match)
	case c.Field == item.AnswerMatch:
		to.Whole, to.MatchIndex = true, is(raft.Index(0))
	default:
		to.None, to.OK = false, is(d.OK)
	}
}

func (s *student) table(st *trace.Step, id raft.NodeID) *trace.NodeState {
	i := slices.IndexFunc(st.State, func(at trace.NodeState) bool { return at.Node == id })
	if i < 0 {
		i = len(st.State)
		st.State = append(st.State, trace.NodeState{Node: id, Pos: st.Pos})
	}
	return &st.State[i]
}

func fillTable(to *trace.NodeState, c *Cell, s *raft.State, run *replay.Run) {
	field, rest, line := strings.Cut(strings.TrimSuffix(c.Name, "]"), "[")
	switch {
	case field == "term":
		to.Term = is(s.CurrentTerm)
	case field == "votedFor":
		to.VotedFor = is(s.VotedFor)
	case field == "role":
		to.Role = is(s.Role)
	case field == "log":
		to.Log = is(written(s.Log))
	case field == "commitIndex":
		to.CommitIndex = is(s.CommitIndex)
	case field == "lastApplied":
		to.LastApplied = is(s.LastApplied)
	case field == "leader":
		to.Leader = is(s.Leader)
	case field == "lastLogIndex":
		to.LastLogIndex = is(s.Log.LastIndex())
	case field == "lastLogTerm":
		to.LastLogTerm = is(s.Log.LastTerm())
	case strings.HasPrefix(field, "snapshot"):
		last := s.Log.Snapshot()
		to.Snapshot = is(trace.Snapshot{LastIncludedIndex: is(last.Index), LastIncludedTerm: is(last.Term)})
	case field == "terms":
		fillTerms(to, rest, run.Terms(c.Node, c.Step))
	case s.Role != raft.Leader: // no such table: left blank
	case field == "nextIndex":
		to.NextIndex = is(lines(to.NextIndex.Value, run.Trace, c.Node, rest, line, s.NextIndex))
	case field == "matchIndex":
		to.MatchIndex = is(lines(to.MatchIndex.Value, run.Trace, c.Node, rest, line, s.MatchIndex))
	}
}

func written(log raft.Log) []trace.LogEntry {
	out := make([]trace.LogEntry, log.LastIndex())
	for i, e := range log.Entries() {
		out[i].Entry = e
	}
	return out
}

// lines gives a nextIndex or matchIndex with one line of it written, or all.
func lines(had []trace.NodeIndex, t *trace.Trace, own raft.NodeID, name string, one bool, has []raft.Index) []trace.NodeIndex {
	out := slices.Clone(had)
	for i, index := range has {
		id := raft.NodeID(i + 1)
		if id == own || one && t.Name(id) != name {
			continue
		}
		out = slices.DeleteFunc(out, func(x trace.NodeIndex) bool { return x.Node == id })
		out = append(out, trace.NodeIndex{Node: id, Index: is(index)})
	}
	return out
}

// fillTerms writes one term of a history, or all of it for none.
func fillTerms(to *trace.NodeState, term string, history []replay.Term) {
	var out []trace.TermVote
	out = append(out, to.Terms.Value...)
	for _, line := range history {
		if line.Term == 0 || term != "" && term != strconv.FormatUint(uint64(line.Term), 10) {
			continue
		}
		out = slices.DeleteFunc(out, func(v trace.TermVote) bool { return v.Term == line.Term })
		out = append(out, trace.TermVote{Term: line.Term, VotedFor: is(line.VotedFor)})
	}
	to.Terms = is(out)
}

func is[T any](v T) trace.Opt[T] { return trace.Opt[T]{Value: v, Presence: trace.Given} }

// slip writes another plausible value into a cell. A student who carries it on
// answers all that comes after it from where it leads; another writes the rest
// as if it had not happened.
func (s *student) slip(r *rand.Rand, cell int, carried bool) {
	c := &s.key.Cells[cell]
	if c.IsAnswer() {
		slipAnswer(r, s.answer(c), c)
	} else {
		s.slipTable(r, s.table(&s.sheet.Steps[c.Step-1], c.Node), c)
	}
	if !carried {
		return
	}
	run := carryForward(s.run, s.steps(c.Step)).Run
	for i := cell + 1; i < len(s.key.Cells); i++ {
		s.fill(&s.key.Cells[i], run)
	}
}

func slipAnswer(r *rand.Rand, at *trace.Cell, c *Cell) {
	switch {
	case c.Field == item.AnswerTerm:
		at.Whole, at.Term = true, is(other(r, at.Term.Value))
	case c.Field == item.AnswerMatch:
		at.Whole, at.MatchIndex = true, is(other(r, at.MatchIndex.Value))
	case at.None:
		at.None, at.OK = false, is(r.IntN(2) == 0)
	default:
		at.OK = is(!at.OK.Value)
	}
}

func (s *student) slipTable(r *rand.Rand, at *trace.NodeState, c *Cell) {
	size := s.key.Trace.Size()
	field, line, _ := strings.Cut(strings.TrimSuffix(c.Name, "]"), "[")
	switch field {
	case "term":
		at.Term = is(other(r, at.Term.Value))
	case "votedFor":
		at.VotedFor = is((at.VotedFor.Value + raft.NodeID(1+r.IntN(size))) % raft.NodeID(size+1))
	case "role":
		at.Role = is((at.Role.Value + raft.Role(1+r.IntN(2))) % 3)
	case "leader":
		at.Leader = is((at.Leader.Value + raft.NodeID(1+r.IntN(size))) % raft.NodeID(size+1))
	case "lastLogIndex":
		at.LastLogIndex = is(other(r, at.LastLogIndex.Value))
	case "lastLogTerm":
		at.LastLogTerm = is(other(r, at.LastLogTerm.Value))
	case "snapshot", "snapshot.lastIncludedIndex":
		at.Snapshot.Value.LastIncludedIndex = is(other(r, at.Snapshot.Value.LastIncludedIndex.Value))
	case "snapshot.lastIncludedTerm":
		at.Snapshot.Value.LastIncludedTerm = is(other(r, at.Snapshot.Value.LastIncludedTerm.Value))
	case "log":
		at.Log = is(otherLog(r, at.Log.Value))
	case "commitIndex":
		at.CommitIndex = is(other(r, at.CommitIndex.Value))
	case "lastApplied":
		at.LastApplied = is(other(r, at.LastApplied.Value))
	case "nextIndex":
		s.slipLine(r, at.NextIndex.Value, line)
	case "matchIndex":
		s.slipLine(r, at.MatchIndex.Value, line)
	case "terms":
		votes := slices.DeleteFunc(slices.Clone(at.Terms.Value), func(v trace.TermVote) bool {
			return line != "" && line != strconv.FormatUint(uint64(v.Term), 10)
		})
		if len(votes) > 0 {
			term := votes[r.IntN(len(votes))].Term
			i := slices.IndexFunc(at.Terms.Value, func(v trace.TermVote) bool { return v.Term == term })
			vote := &at.Terms.Value[i].VotedFor
			vote.Value = (vote.Value + raft.NodeID(1+r.IntN(size))) % raft.NodeID(size+1)
		}
	}
}

// slipLine changes the line of that node, or any of them for none.
func (s *student) slipLine(r *rand.Rand, lines []trace.NodeIndex, name string) {
	if len(lines) == 0 {
		return
	}
	at := r.IntN(len(lines))
	for i := range lines {
		if s.key.Trace.Name(lines[i].Node) == name {
			at = i
		}
	}
	lines[at].Index = is(other(r, lines[at].Index.Value))
}

// other gives a number nearby.
func other[N ~uint64](r *rand.Rand, n N) N {
	if n > 0 && r.IntN(2) == 0 {
		return n - 1 - N(r.Uint64N(min(uint64(n), 2)))
	}
	return n + 1 + N(r.IntN(2))
}

// otherLog gives a log that somebody might write for another: an entry too few
// or too many, or one of another term.
func otherLog(r *rand.Rand, log []trace.LogEntry) []trace.LogEntry {
	n := len(log)
	switch r.IntN(3) {
	case 0:
		if n > 0 {
			return log[:n-1]
		}
	case 1:
		if n > 0 {
			out := slices.Clone(log)
			at := r.IntN(n)
			out[at].Term = other(r, out[at].Term)
			return out
		}
	}
	last := trace.LogEntry{Entry: raft.Entry{Term: 1}}
	if n > 0 {
		last = log[n-1]
	}
	return append(slices.Clone(log), last)
}

// mark marks and diagnoses what the student has written.
func (s *student) mark(d *diagnoser) *Sheet {
	sheet := s.key.Mark(s.sheet, false)
	sheet.Diagnosis = d.diagnose(sheet)
	return sheet
}
