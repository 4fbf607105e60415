package trace

import (
	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// state reads the tables of a step.
func (p *parser) state(n *yaml.Node, s *Step) {
	if isNull(n) {
		s.StatePos = posOf(n)
		return
	}
	s.State = p.states(n, "state")
}

// initial reads the states before the first step, and refuses a state that no
// node can be in.
func (p *parser) initial(n *yaml.Node) {
	if isNull(n) {
		return
	}
	before := len(p.errs)
	p.t.Initial = p.states(n, "initial")
	if len(p.errs) == before && p.names != nil {
		p.checkInitial()
	}
}

func (p *parser) states(n *yaml.Node, what string) []NodeState {
	if !p.isMapping(n, what, "1: {term: 2, log: [1, 2]}") {
		return nil
	}
	states := make([]NodeState, 0, len(deref(n).Content)/2)
	for key, value := range pairs(n) {
		id, ok := p.nodeKey(key, value, what)
		if !ok {
			continue
		}
		st := NodeState{Node: id, Pos: posOf(key), Blank: isNull(value)}
		if !st.Blank && p.isMapping(value, "the state of a node", "term: and log:") {
			p.nodeState(value, &st, what)
		}
		states = append(states, st)
	}
	return states
}

func (p *parser) nodeState(n *yaml.Node, st *NodeState, what string) {
	for key, value := range pairs(n) {
		switch key.Value {
		case "term":
			st.Term = optNumber[raft.Term](p, value, "term")
		case "votedFor":
			st.VotedFor = p.vote(value)
		case "role":
			st.Role = p.role(value)
		case "log":
			st.Log = p.log(value, "log")
		case "commitIndex":
			st.CommitIndex = optNumber[raft.Index](p, value, "commitIndex")
		case "lastApplied":
			st.LastApplied = optNumber[raft.Index](p, value, "lastApplied")
		case "nextIndex":
			st.NextIndex = p.nodeIndexes(value, "nextIndex", st.Node)
		case "matchIndex":
			st.MatchIndex = p.nodeIndexes(value, "matchIndex", st.Node)
		case "terms":
			if what == "initial" {
				p.errorf(posOf(key), "terms is a history; a node starts with a term and a votedFor alone")
				continue
			}
			st.Terms = p.terms(value)
		default:
			p.unknownKey(key, value, "the state of a node", stateKeys)
		}
	}
}

func (p *parser) role(n *yaml.Node) Opt[raft.Role] {
	o := Opt[raft.Role]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	s, ok := p.scalar(n, "role")
	if !ok {
		return o
	}
	if o.Value, ok = raft.ParseRole(s); !ok {
		p.errorf(posOf(n), "role: %s is none; write follower, candidate or leader", quote(s))
		return o
	}
	o.Presence = Given
	return o
}

// nodeIndexes reads a leader's nextIndex or matchIndex: node to index.
func (p *parser) nodeIndexes(n *yaml.Node, what string, leader raft.NodeID) Opt[[]NodeIndex] {
	o := Opt[[]NodeIndex]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	if !p.isMapping(n, what, "2: 4") {
		return o
	}
	o.Presence = Given
	for key, value := range pairs(n) {
		id, ok := p.nodeKey(key, value, what)
		if !ok {
			continue
		}
		if id != raft.NoNode && id == leader {
			p.errorf(posOf(key), "%s: node %s is the leader itself; its own log is its copy", what, p.t.Name(id))
			continue
		}
		o.Value = append(o.Value, NodeIndex{Node: id, Index: optNumber[raft.Index](p, value, what)})
	}
	return o
}

// terms reads a node's history: term to votedFor.
func (p *parser) terms(n *yaml.Node) Opt[[]TermVote] {
	o := Opt[[]TermVote]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	if !p.isMapping(n, "terms", "1: 2 (term: votedFor)") {
		return o
	}
	o.Presence = Given
	for key, value := range pairs(n) {
		t, problem := parseNumber(key.Value)
		if problem != "" {
			p.errorf(posOf(key), "terms: %s %s", quote(key.Value), problem)
			continue
		}
		o.Value = append(o.Value, TermVote{Term: raft.Term(t), Pos: posOf(key), VotedFor: p.vote(value)})
	}
	return o
}

// StartTerm is the currentTerm of a written initial state: as written, or the
// last term of its log.
func (st *NodeState) StartTerm() raft.Term {
	if st.Term.Given() {
		return st.Term.Value
	}
	if log := st.Log.Value; len(log) > 0 {
		return log[len(log)-1].Term
	}
	return 0
}

// StartVote is the votedFor of a written initial state: as written, or itself
// for a candidate or leader.
func (st *NodeState) StartVote() raft.NodeID {
	if !st.VotedFor.Given() && st.Role.Or(raft.Follower) != raft.Follower {
		return st.Node
	}
	return st.VotedFor.Value
}
