package trace

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads the states of nodes: a step's tables, and those before the
// first step.

// states reads a mapping from node to a state of these keys.
func (p *parser) states(n *yaml.Node, what string, keys *mapping[NodeState]) []NodeState {
	if !p.isMapping(n, what, "1: {term: 2, log: [1, 2]}") {
		p.unknownState(what, raft.NoNode)
		return nil
	}
	states := make([]NodeState, 0, len(source.Deref(n).Content)/2)
	var seen raft.NodeSet
	for key, value := range source.Pairs(n) {
		id, ok := p.nodeKey(key, value, what)
		if !ok {
			p.unknownState(what, raft.NoNode)
			continue
		}
		twice := seen.Has(id)
		seen = seen.With(id)
		states = append(states, NodeState{Node: id, Pos: posOf(key), Blank: source.IsNull(value)})
		st := &states[len(states)-1]
		before := p.wrong
		if !st.Blank {
			keys.read(p, value, st)
			spilled(value, st)
		}
		if twice || p.wrong != before {
			p.unknownState(what, id)
		}
		if twice {
			states = states[:len(states)-1]
		}
	}
	return states
}

// spilled finds a log without its brackets, of which what follows the first comma is
// read as keys: log: 1:x, 1:y. It cannot be read.
func spilled(n *yaml.Node, st *NodeState) {
	for key := range source.Pairs(n) {
		if term, _, _ := strings.Cut(key.Value, ":"); st.Log.Given() && isDigits(term) {
			st.Log.Presence = Unread
		}
	}
}

// unknownState notes that a node's initial state, or anybody's, cannot be read.
func (p *parser) unknownState(what string, id raft.NodeID) {
	switch {
	case what != initialStates:
	case id == raft.NoNode:
		p.t.Unread = raft.AllNodes(p.t.Size())
	default:
		p.t.Unread = p.t.Unread.With(id)
	}
}

const initialStates = "initial"

// writeStates gives states, each on a line of its own.
func writeStates(w *writer, states []NodeState, keys *mapping[NodeState]) value {
	v := value{open: '{', block: len(states) > 0}
	for i := range states {
		st := value{}
		if !states[i].Blank {
			st = keys.write(w, &states[i])
		}
		v.items = append(v.items, pair(w.name(states[i].Node), st))
	}
	return v
}

// ownIndexes takes the leader's own line out of its nextIndex and matchIndex.
func (p *parser) ownIndexes(_ *yaml.Node, st *NodeState) {
	own := func(what string, o *Opt[[]NodeIndex]) {
		kept := o.Value[:0]
		for _, x := range o.Value {
			if x.Node == st.Node && x.Node != raft.NoNode {
				p.errorf(x.Pos, "%s: node %s is the leader itself; list the other nodes only", what, p.t.Name(x.Node))
				continue
			}
			kept = append(kept, x)
		}
		o.Value = kept
	}
	own("nextIndex", &st.NextIndex)
	own("matchIndex", &st.MatchIndex)
}

// indexes is a leader's nextIndex or matchIndex: node to index.
var indexes = opt(kind[[]NodeIndex]{
	inParts: true,
	read: func(p *parser, n *yaml.Node, what string) ([]NodeIndex, bool) {
		if !p.isMapping(n, what, "2: 4") {
			return nil, false
		}
		all := make([]NodeIndex, 0, len(source.Deref(n).Content)/2)
		for key, v := range source.Pairs(n) {
			if id, ok := p.nodeKey(key, v, what); ok {
				x, _ := optNumber[raft.Index]().read(p, v, what)
				all = append(all, NodeIndex{Node: id, Pos: posOf(key), Index: x})
			}
		}
		return all, true
	},
	write: func(w *writer, all []NodeIndex) (value, bool) {
		v := value{open: '{'}
		for _, x := range all {
			index, _ := optNumber[raft.Index]().write(w, x.Index)
			v.items = append(v.items, pair(w.name(x.Node), index))
		}
		return v, true
	},
}, "indexes", byNode(`{"$ref": "#/definitions/numberOrBlank"}`))

// byNode is the schema of a mapping from node to something, or a blank.
func byNode(schema string) jsonSchema {
	return fixed(`"anyOf": [
		{"type": "null"},
		{
			"type": "object",
			"propertyNames": {"$ref": "#/definitions/node"},
			"additionalProperties": ` + schema + `
		}
	]`)
}

// terms is a node's history: term to votedFor.
var terms = opt(kind[[]TermVote]{
	inParts: true,
	read: func(p *parser, n *yaml.Node, what string) ([]TermVote, bool) {
		if !p.isMapping(n, what, "1: 2 (term: votedFor)") {
			return nil, false
		}
		all := make([]TermVote, 0, len(source.Deref(n).Content)/2)
		for key, v := range source.Pairs(n) {
			t, problem := parseNumber(key.Value)
			if problem != "" {
				p.errorf(posOf(key), "%s: %s %s", what, source.Quote(key.Value), problem)
				continue
			}
			votedFor, _ := vote.read(p, v, "votedFor")
			all = append(all, TermVote{Term: raft.Term(t), Pos: posOf(key), VotedFor: votedFor})
		}
		return all, true
	},
	write: func(w *writer, all []TermVote) (value, bool) {
		v := value{open: '{'}
		for _, x := range all {
			votedFor, _ := vote.write(w, x.VotedFor)
			v.items = append(v.items, pair(strconv.FormatUint(uint64(x.Term), 10), votedFor))
		}
		return v, true
	},
}, "", fixed(`"anyOf": [
	{"type": "null"},
	{
		"type": "object",
		"propertyNames": {"pattern": "^(0|[1-9][0-9]{0,18})$"},
		"additionalProperties": {"$ref": "#/definitions/vote"}
	}
]`))

// StartTerm is the currentTerm of a written initial state: as written, or the
// last term of its log or snapshot.
func (st *NodeState) StartTerm() raft.Term {
	if st.Term.Given() {
		return st.Term.Value
	}
	if log := st.Log.Value; len(log) > 0 {
		return log[len(log)-1].Term
	}
	return st.Snapshot.Value.LastIncludedTerm.Value
}

// StartVote is the votedFor of a written initial state: as written, or itself
// for a candidate or leader.
func (st *NodeState) StartVote() raft.NodeID {
	if !st.VotedFor.Given() && st.Role.Or(raft.Follower) != raft.Follower {
		return st.Node
	}
	return st.VotedFor.Value
}
