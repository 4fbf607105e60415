package item

import (
	"fmt"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Field is what an item is about: of an answer, or of a node's state.
type Field uint8

// The fields. Of nextIndex, matchIndex, snapshot and terms, which have lines of
// their own, there is the whole and the line.
const (
	Outcome     Field = iota // success or voteGranted
	AnswerTerm               // the term of an answer
	AnswerMatch              // the matchIndex of an answer
	Term
	VotedFor
	Role
	Snapshot
	Log
	CommitIndex
	LastApplied
	NextIndex
	MatchIndex
	Leader
	LastLogIndex
	LastLogTerm
	Terms
	NextIndexLine  // nextIndex[2]
	MatchIndexLine // matchIndex[2]
	SnapshotLine   // snapshot.lastIncludedIndex
	TermsLine      // terms[3]
)

// A row is a field of a node's state, wherever one is written, filled in or
// compared.
type row struct {
	field Field
	line  Field       // of one line, where the field has lines; 0 for none
	name  string      // in the format
	state raft.Fields // the field of Figure 2's state behind it
	asked bool        // by a table that is left blank as a whole
	leads bool        // only a leader has it

	written func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos)
	lines   func(out []lineOf, st *trace.NodeState) []lineOf // adds those that are written
	given   func(s *raft.State) replay.Value                 // nil: it is not the state's alone
	keep    func(to, from *trace.NodeState, lines lineSet)   // these lines alone, or all of it for nil
	wipe    func(st *trace.NodeState)                        // leaves it blank; each of its lines, where it is written in lines
}

// A lineOf is one written line of a field that has several.
type lineOf struct {
	of       uint64 // the node, the term, or one of the parts of a snapshot
	value    replay.Value
	presence trace.Presence
	at       trace.Pos // of the value
	key      trace.Pos // of the line's key
}

// rows has every field of a state, in the order of the format.
var rows = [...]row{
	single(Term, "term", raft.FieldTerm,
		func(st *trace.NodeState) *trace.Opt[raft.Term] { return &st.Term },
		func(v raft.Term) replay.Value { return replay.Number(v) },
		func(s *raft.State) raft.Term { return s.CurrentTerm }),
	single(VotedFor, "votedFor", raft.FieldVotedFor,
		func(st *trace.NodeState) *trace.Opt[raft.NodeID] { return &st.VotedFor },
		func(v raft.NodeID) replay.Value { return replay.Node(v) },
		func(s *raft.State) raft.NodeID { return s.VotedFor }),
	single(Role, "role", raft.FieldRole,
		func(st *trace.NodeState) *trace.Opt[raft.Role] { return &st.Role },
		func(v raft.Role) replay.Value { return replay.Role(v) },
		func(s *raft.State) raft.Role { return s.Role }),
	snapshotRow(), // says where the list of the log begins
	logRow(),
	single(CommitIndex, "commitIndex", raft.FieldCommitIndex,
		func(st *trace.NodeState) *trace.Opt[raft.Index] { return &st.CommitIndex },
		func(v raft.Index) replay.Value { return replay.Number(v) },
		func(s *raft.State) raft.Index { return s.CommitIndex }),
	single(LastApplied, "lastApplied", raft.FieldLastApplied,
		func(st *trace.NodeState) *trace.Opt[raft.Index] { return &st.LastApplied },
		func(v raft.Index) replay.Value { return replay.Number(v) },
		func(s *raft.State) raft.Index { return s.LastApplied }),
	indexRow(NextIndex, NextIndexLine, "nextIndex", raft.FieldNextIndex,
		func(st *trace.NodeState) *trace.Opt[[]trace.NodeIndex] { return &st.NextIndex },
		func(s *raft.State) *[]raft.Index { return &s.NextIndex }),
	indexRow(MatchIndex, MatchIndexLine, "matchIndex", raft.FieldMatchIndex,
		func(st *trace.NodeState) *trace.Opt[[]trace.NodeIndex] { return &st.MatchIndex },
		func(s *raft.State) *[]raft.Index { return &s.MatchIndex }),
	single(Leader, "leader", raft.FieldLeader,
		func(st *trace.NodeState) *trace.Opt[raft.NodeID] { return &st.Leader },
		func(v raft.NodeID) replay.Value { return replay.Node(v) },
		func(s *raft.State) raft.NodeID { return s.Leader }).unlessNamed(),
	single(LastLogIndex, "lastLogIndex", raft.FieldLog,
		func(st *trace.NodeState) *trace.Opt[raft.Index] { return &st.LastLogIndex },
		func(v raft.Index) replay.Value { return replay.Number(v) },
		func(s *raft.State) raft.Index { return s.Log.LastIndex() }).unlessNamed(),
	single(LastLogTerm, "lastLogTerm", raft.FieldLog,
		func(st *trace.NodeState) *trace.Opt[raft.Term] { return &st.LastLogTerm },
		func(v raft.Term) replay.Value { return replay.Number(v) },
		func(s *raft.State) raft.Term { return s.Log.LastTerm() }).unlessNamed(),
	termsRow(),
}

// rowOf gives the row of a state's field, or of one of its lines.
func rowOf(f Field) *row {
	for i := range rows {
		if rows[i].field == f || rows[i].line == f && f != 0 {
			return &rows[i]
		}
	}
	panic(fmt.Sprintf("item: no table has the field %d", f))
}

// single is the row of a field that is one value.
func single[T any](f Field, name string, state raft.Fields, at func(*trace.NodeState) *trace.Opt[T], as func(T) replay.Value, has func(*raft.State) T) row {
	return row{field: f, name: name, state: state, asked: true,
		written: func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos) { return valueOf(at(st), as) },
		given:   func(s *raft.State) replay.Value { return as(has(s)) },
		keep:    func(to, from *trace.NodeState, _ lineSet) { *at(to) = *at(from) },
		wipe:    func(st *trace.NodeState) { *at(st) = leftBlank[T]() },
	}
}

// leftBlank is an option that is there and left blank.
func leftBlank[T any]() trace.Opt[T] { return trace.Opt[T]{Presence: trace.Blank} }

// unlessNamed is the row of a field for which a table that is left blank as a whole
// does not ask: only where the field itself is named.
func (r row) unlessNamed() row {
	r.asked = false
	return r
}

// valueOf is what is written of an option; nil for a blank.
func valueOf[T any](o *trace.Opt[T], as func(T) replay.Value) (replay.Value, trace.Presence, trace.Pos) {
	if !o.Given() {
		return nil, o.Presence, o.Pos
	}
	return as(o.Value), o.Presence, o.Pos
}

func logRow() row {
	at := func(st *trace.NodeState) *trace.Opt[[]trace.LogEntry] { return &st.Log }
	return row{field: Log, name: "log", state: raft.FieldLog, asked: true,
		written: func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos) {
			o := at(st)
			return valueOf(o, func([]trace.LogEntry) replay.Value { return logOf(st) })
		},
		given: func(s *raft.State) replay.Value { return replay.Log{Log: s.Log} },
		keep:  func(to, from *trace.NodeState, _ lineSet) { to.Log, to.LogFrom = from.Log, from.LogFrom },
		wipe:  func(st *trace.NodeState) { *at(st) = leftBlank[[]trace.LogEntry]() }, // from is a part of the question
	}
}

// logOf is what a table has written of its log.
func logOf(table *trace.NodeState) replay.WrittenLog {
	return replay.WrittenLog{Of: &table.Log, From: table.LogFrom, Begins: begins(table)}
}

// begins is the index of the first entry of a written list, where a snapshot that
// is written beside it says so; 0 where the list begins after the node's own.
func begins(st *trace.NodeState) raft.Index {
	if s := &st.Snapshot; s.Given() && s.Value.LastIncludedIndex.Given() {
		return s.Value.LastIncludedIndex.Value + 1
	}
	return 0
}

// indexRow is a leader's nextIndex or matchIndex. Of a node that does not lead a
// state has none.
func indexRow(f, line Field, name string, state raft.Fields, at func(*trace.NodeState) *trace.Opt[[]trace.NodeIndex], has func(*raft.State) *[]raft.Index) row {
	return row{field: f, line: line, name: name, state: state, asked: true, leads: true,
		written: func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos) {
			o := at(st)
			return valueOf(o, func([]trace.NodeIndex) replay.Value { return replay.WrittenIndex{Of: o} })
		},
		lines: func(out []lineOf, st *trace.NodeState) []lineOf {
			for _, w := range at(st).Value {
				v, p, pos := valueOf(&w.Index, func(i raft.Index) replay.Value { return replay.Number(i) })
				out = append(out, lineOf{uint64(w.Node), v, p, pos, pos})
			}
			return out
		},
		given: func(s *raft.State) replay.Value {
			if s.Role != raft.Leader {
				return replay.None{}
			}
			return replay.Index{Of: has(s)}
		},
		keep: func(to, from *trace.NodeState, some lineSet) { keepLines(at(to), at(from), some, nodeOf) },
		wipe: func(st *trace.NodeState) {
			wipeLines(at(st), func(x *trace.NodeIndex) { x.Index = leftBlank[raft.Index]() })
		},
	}
}

func nodeOf(x trace.NodeIndex) uint64 { return uint64(x.Node) }
func termOf(x trace.TermVote) uint64  { return uint64(x.Term) }

// A lineSet has lines of a field, by what they are of. A nil one stands for the
// whole field.
type lineSet map[uint64]bool

// keepLines keeps these lines of what is written, or all of it for nil.
func keepLines[T any](to, from *trace.Opt[[]T], lines lineSet, of func(T) uint64) {
	if lines == nil {
		*to = *from
		return
	}
	for _, x := range from.Value {
		if lines[of(x)] {
			to.Pos, to.Presence = from.Pos, from.Presence
			to.Value = append(to.Value, x)
		}
	}
}

// wipeLines leaves each written line of a field blank, or the field.
func wipeLines[L any](o *trace.Opt[[]L], wipe func(*L)) {
	if !o.Given() {
		*o = leftBlank[[]L]()
		return
	}
	o.Value = slices.Clone(o.Value)
	for i := range o.Value {
		wipe(&o.Value[i])
	}
}

// termsRow is a node's history of terms, which no one state has.
func termsRow() row {
	return row{field: Terms, line: TermsLine, name: "terms", state: raft.FieldVotedFor,
		written: func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos) {
			return valueOf(&st.Terms, func([]trace.TermVote) replay.Value { return replay.WrittenTerms{Of: &st.Terms} })
		},
		lines: func(out []lineOf, st *trace.NodeState) []lineOf {
			for _, w := range st.Terms.Value {
				v, p, pos := valueOf(&w.VotedFor, func(id raft.NodeID) replay.Value { return replay.Node(id) })
				out = append(out, lineOf{uint64(w.Term), v, p, pos, w.Pos})
			}
			return out
		},
		keep: func(to, from *trace.NodeState, some lineSet) { keepLines(&to.Terms, &from.Terms, some, termOf) },
		wipe: func(st *trace.NodeState) {
			wipeLines(&st.Terms, func(x *trace.TermVote) { x.VotedFor = leftBlank[raft.NodeID]() })
		},
	}
}

// IsAnswer reports whether the field is an answer's, and not a table's.
func (f Field) IsAnswer() bool { return f <= AnswerMatch }

// IsLine reports whether the field is one line of a field that has several.
func (f Field) IsLine() bool { return f >= NextIndexLine }

// State is the field of Figure 2's state behind a table's.
func (f Field) State() raft.Fields { return rowOf(f).state }

// OutcomeName is what the answer to a step's request is called.
func OutcomeName(s *trace.Step) string {
	if s.EventName() == (*trace.RequestVote)(nil).Name() {
		return "voteGranted"
	}
	return "success"
}
