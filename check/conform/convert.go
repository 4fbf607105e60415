package conform

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// This file turns the reference's values into the protocol's, and the other way
// round.

// A roster is the nodes' names, by NodeID-1.
type roster []string

// of gives a node's name, empty for none.
func (ns roster) of(id raft.NodeID) Name {
	if id == raft.NoNode {
		return ""
	}
	return Name(ns[id-1])
}

// id gives the node of a name, NoNode for the empty one; ok is false if there is
// none of that name.
func (ns roster) id(name Name) (id raft.NodeID, ok bool) {
	if name == "" {
		return raft.NoNode, true
	}
	i := slices.Index(ns, string(name))
	return raft.NodeID(i + 1), i >= 0
}

// voters gives a configuration as lists of names.
func (ns roster) voters(c raft.Configuration) [][]string {
	lists := [][]string{ns.list(c.Voters)}
	if c.Joint != 0 {
		lists = append(lists, ns.list(c.Joint))
	}
	return lists
}

func (ns roster) list(set raft.NodeSet) []string {
	out := []string{}
	for id := range set.All() {
		out = append(out, ns[id-1])
	}
	return out
}

// configuration is voters the other way round.
func (ns roster) configuration(lists [][]string) (c raft.Configuration) {
	for i, list := range lists {
		var set raft.NodeSet
		for _, name := range list {
			if id, ok := ns.id(Name(name)); ok {
				set = set.With(id)
			}
		}
		if i == 0 {
			c.Voters = set
		} else {
			c.Joint = set
		}
	}
	return c
}

func tell[T any](v T) Told[T] { return Told[T]{v, true} }

// state gives all of a node's state. A log without a snapshot says so by leaving
// the snapshot out.
func (ns roster) state(id raft.NodeID, s *raft.State) State {
	out := State{
		Term: tell(s.CurrentTerm), VotedFor: tell(ns.of(s.VotedFor)), Role: tell(s.Role.String()), Leader: tell(ns.of(s.Leader)),
		Log: tell(protocolEntries(s.Log.Entries())), CommitIndex: tell(s.CommitIndex), LastApplied: tell(s.LastApplied),
	}
	if last := s.Log.Snapshot(); last.Index > 0 {
		out.Snapshot = tell(&SnapshotEnd{last.Index, last.Term})
	}
	if s.Role == raft.Leader {
		out.NextIndex, out.MatchIndex = tell(ns.indexes(id, s.NextIndex)), tell(ns.indexes(id, s.MatchIndex))
	}
	return out
}

func (ns roster) indexes(leader raft.NodeID, indexes []raft.Index) map[string]raft.Index {
	out := make(map[string]raft.Index, len(indexes))
	for i, x := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			out[ns[i]] = x
		}
	}
	return out
}

func protocolEntries(es []raft.Entry) []Entry {
	out := make([]Entry, len(es))
	for i, e := range es {
		out[i] = Entry(e)
	}
	return out
}

func raftEntries(es []Entry) []raft.Entry {
	out := make([]raft.Entry, len(es))
	for i, e := range es {
		out[i] = raft.Entry(e)
	}
	return out
}

// asRaft gives a state that a call carries. What a call of this program leaves out
// is as at start-up.
func (ns roster) asRaft(id raft.NodeID, st *State) raft.State {
	s := raft.State{CurrentTerm: st.Term.Value, CommitIndex: st.CommitIndex.Value, LastApplied: st.LastApplied.Value}
	s.VotedFor, _ = ns.id(st.VotedFor.Value)
	s.Leader, _ = ns.id(st.Leader.Value)
	s.Role, _ = raft.ParseRole(st.Role.Value)
	var after raft.Mark
	if end := st.Snapshot.Value; end != nil {
		after = raft.Mark{Index: end.LastIncludedIndex, Term: end.LastIncludedTerm}
	}
	s.Log = raft.NewLogAfter(after, raftEntries(st.Log.Value)...)
	switch s.Role {
	case raft.Candidate:
		s.Votes = raft.SetOf(id)
	case raft.Leader:
		s.NextIndex, s.MatchIndex = ns.asIndexes(st.NextIndex.Value), ns.asIndexes(st.MatchIndex.Value)
	}
	return s
}

func (ns roster) asIndexes(of map[string]raft.Index) []raft.Index {
	out := make([]raft.Index, len(ns))
	for i, name := range ns {
		out[i] = of[name]
	}
	return out
}

// check says what of a state nobody can have told: a node or a role that there is
// not, a number past the largest. It is an error of the implementation's.
func (ns roster) check(st *State) error {
	for _, who := range []struct {
		field string
		name  Told[Name]
	}{{"votedFor", st.VotedFor}, {"leader", st.Leader}} {
		if _, ok := ns.id(who.name.Value); !ok {
			return fmt.Errorf("%s: the cluster has no node %q", who.field, who.name.Value)
		}
	}
	if _, ok := raft.ParseRole(st.Role.Value); st.Role.Told && !ok {
		return fmt.Errorf("role %q is not follower, candidate or leader", st.Role.Value)
	}
	for _, of := range []struct {
		field string
		lines Told[map[string]raft.Index]
	}{{"nextIndex", st.NextIndex}, {"matchIndex", st.MatchIndex}} {
		for name, i := range of.lines.Value {
			if _, ok := ns.id(Name(name)); !ok || name == "" {
				return fmt.Errorf("%s: the cluster has no node %q", of.field, name)
			}
			if i > raft.MaxNumber {
				return tooLarge(of.field)
			}
		}
	}
	numbers := []uint64{uint64(st.Term.Value), uint64(st.CommitIndex.Value), uint64(st.LastApplied.Value)}
	if end := st.Snapshot.Value; end != nil {
		numbers = append(numbers, uint64(end.LastIncludedIndex), uint64(end.LastIncludedTerm))
	}
	for _, e := range st.Log.Value {
		numbers = append(numbers, uint64(e.Term))
	}
	if slices.Max(numbers) > raft.MaxNumber {
		return tooLarge("the state")
	}
	return nil
}

func tooLarge(what string) error {
	return fmt.Errorf("%s has a number above 2^63-1", what)
}

// vote, append and install give a request's arguments.
func (ns roster) vote(m *raft.RequestVote) VoteArguments {
	return VoteArguments{m.Term, string(ns.of(m.CandidateID)), m.LastLogIndex, m.LastLogTerm}
}

func (ns roster) append(m *raft.AppendEntries) AppendArguments {
	return AppendArguments{m.Term, string(ns.of(m.LeaderID)), m.PrevLogIndex, m.PrevLogTerm, protocolEntries(m.Entries.Slice()), m.LeaderCommit}
}

func (ns roster) install(m *raft.InstallSnapshot) SnapshotArguments {
	return SnapshotArguments{m.Term, string(ns.of(m.LeaderID)), m.LastIncludedIndex, m.LastIncludedTerm}
}

// asVote, asAppend and asInstall are these the other way round.
func (ns roster) asVote(a *VoteArguments) *raft.RequestVote {
	id, _ := ns.id(Name(a.CandidateID))
	return &raft.RequestVote{Term: a.Term, CandidateID: id, LastLogIndex: a.LastLogIndex, LastLogTerm: a.LastLogTerm}
}

func (ns roster) asAppend(a *AppendArguments) *raft.AppendEntries {
	id, _ := ns.id(Name(a.LeaderID))
	return &raft.AppendEntries{Term: a.Term, LeaderID: id, PrevLogIndex: a.PrevLogIndex, PrevLogTerm: a.PrevLogTerm,
		Entries: raft.NewEntries(a.PrevLogIndex, a.PrevLogTerm, raftEntries(a.Entries)...), LeaderCommit: a.LeaderCommit}
}

func (ns roster) asInstall(a *SnapshotArguments) *raft.InstallSnapshot {
	id, _ := ns.id(Name(a.LeaderID))
	return &raft.InstallSnapshot{Term: a.Term, LeaderID: id, LastIncludedIndex: a.LastIncludedIndex, LastIncludedTerm: a.LastIncludedTerm}
}

// event gives what is sent as the event of a step.
func (ns roster) event(s *Sends) trace.Event {
	switch {
	case s.RequestVote != nil:
		return logs.Request{Vote: ns.asVote(s.RequestVote)}.Event()
	case s.AppendEntries != nil:
		return logs.Request{Append: ns.asAppend(s.AppendEntries)}.Event()
	}
	return logs.Request{Install: ns.asInstall(s.InstallSnapshot)}.Event()
}
