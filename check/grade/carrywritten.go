package grade

import (
	"fmt"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file gives a node the state that a sheet has written of it, against the
// rules.

// heed makes of a node, and of its answer, what is written.
func (f *carrier) heed(n *raft.Node, before *raft.State, d *replay.Delivery, cell *trace.Cell) {
	switch {
	case cell == nil || cell.IsBlank():
		return
	case cell.None:
		if !d.Lost {
			n.State = *before
		}
		d.Lost = true
		return
	}
	if want := cell.OK.Or(d.OK); want != d.OK || d.Fate == replay.Silent {
		d.OK, d.Fate = want, replay.Handled
		d.Match = d.Request.LastIndex()
		f.force(n, before, d)
		d.Term = n.CurrentTerm
	}
	if d.OK && d.Append != nil {
		d.Match = cell.MatchIndex.Or(d.Match)
	}
	if cell.Term.Given() && cell.Term.Value != d.Term {
		d.Term = cell.Term.Value
		f.forceTerm(n, before, d.Term)
	}
}

// force gives a node the state that a written answer makes, against the rules.
func (f *carrier) force(n *raft.Node, before *raft.State, d *replay.Delivery) {
	term := d.Request.Term()
	if !d.OK {
		n.State = *before
	}
	n.Rules.A2(n, raft.Heard{Kind: raft.RequestVoteRequest, Term: term})
	switch {
	case !d.OK:
	case d.Vote != nil:
		n.VotedFor = d.Vote.CandidateID
		if n.Role != raft.Follower {
			n.Role, n.Votes, n.NextIndex, n.MatchIndex = raft.Follower, 0, nil, nil
			n.Leader = raft.NoNode
		}
	case d.Install != nil:
		f.forceInstall(n, d.Install)
	default:
		f.forceAppend(n, d.Append)
	}
}

// forceInstall takes the snapshot as if its request had passed every check.
func (f *carrier) forceInstall(n *raft.Node, m *raft.InstallSnapshot) {
	n.Role, n.Leader, n.Votes, n.NextIndex, n.MatchIndex = raft.Follower, m.LeaderID, 0, nil, nil
	switch n.Rules.IS6(n, m).Outcome {
	case raft.Ignored:
		return // its own snapshot covers more
	case raft.Idle:
		n.Rules.IS7(n, m)
	}
	n.Rules.IS8(n, m)
	f.checkState(n, figures{})
}

// forceAppend appends as if the request had passed every check.
func (f *carrier) forceAppend(n *raft.Node, m *raft.AppendEntries) {
	if m.PrevLogIndex > n.Log.LastIndex() {
		const hole = "with the entries of this message its log would have a hole: "
		f.stop(n, fmt.Sprintf(hole+"it ends at index %d, and they come after index %d", n.Log.LastIndex(), m.PrevLogIndex),
			fmt.Sprintf(hole+"it ends before index %d, after which they come", m.PrevLogIndex))
		return
	}
	n.Role, n.Votes, n.NextIndex, n.MatchIndex = raft.Follower, 0, nil, nil
	n.Leader = m.LeaderID
	n.Rules.AE3(n, m)
	n.Rules.AE4(n, m)
	n.Rules.AE5(n, m)
	n.Rules.A1(n)
	f.checkState(n, figures{log: m.Entries.Len() > 0})
}

// forceTerm gives a node the term that its answer is said to carry.
func (f *carrier) forceTerm(n *raft.Node, before *raft.State, term raft.Term) {
	if term == before.CurrentTerm {
		n.VotedFor = before.VotedFor
	}
	n.CurrentTerm = term
	f.checkState(n, figures{term: true})
}

// replace puts what a table says of a node in the place of what it was. A table
// of its term and log takes up a node that was not followed.
func (f *carrier) replace(st *trace.NodeState) {
	n := f.Node(st.Node)
	if n == nil || st.Blank {
		return
	}
	stop := f.stopIndex(st.Node)
	if stop >= 0 && !(st.Log.Given() && st.Term.Given()) {
		return
	}
	if st.Term.Given() && st.Term.Value != n.CurrentTerm {
		n.CurrentTerm = st.Term.Value
		n.VotedFor, n.Leader = raft.NoNode, raft.NoNode
	}
	n.VotedFor = st.VotedFor.Or(n.VotedFor)
	n.Log = logOf(after(n.Log, st), st)
	n.CommitIndex = st.CommitIndex.Or(max(n.CommitIndex, n.Log.Snapshot().Index))
	n.LastApplied = st.LastApplied.Or(n.CommitIndex)
	f.become(n, st)
	f.ahead = append(f.ahead, n.ID)
	if stop >= 0 {
		f.out.Stops[stop].Until = f.at
	}
	f.checkState(n, figures{term: st.Term.Given(), log: st.Log.Given(), commit: st.CommitIndex.Given()})
}

// stopIndex gives the stop that a node is in after this step, -1 for none.
func (f *carrier) stopIndex(id raft.NodeID) int {
	return slices.IndexFunc(f.out.Stops, func(s Stop) bool { return s.Node == id && s.Until == 0 })
}

// after gives the log with the snapshot that is written. Where the node has its last
// entry, what follows it stays; where a snapshot goes that the node had, the
// entries that it covered are not known, and only a list that is written beside it
// tells them.
func after(own raft.Log, st *trace.NodeState) raft.Log {
	s, had := st.Snapshot.Value, own.Snapshot()
	i := s.LastIncludedIndex.Or(had.Index)
	now := raft.Mark{Index: i, Term: s.LastIncludedTerm.Or(own.Term(i))}
	listed := st.Log.Given() && st.LogFrom == 0
	switch {
	case !st.Snapshot.Given() || now == had || i > 0 && now.Term == 0:
		return own
	case i > had.Index && own.Term(i) == now.Term:
		return raft.NewLogAfter(now, own.After(i).Slice()...)
	case i >= had.Index && i > 0, listed:
		return raft.NewLogAfter(now)
	}
	return own
}

// logOf gives the log that is written, with the values of the entries that it
// has in common with the node's own. Of what the node's snapshot covers nothing
// is taken.
func logOf(own raft.Log, st *trace.NodeState) raft.Log {
	base := own.Snapshot().Index
	written, before := st.Log.Value, base
	if st.LogFrom > 0 {
		before = st.LogFrom - 1
	}
	if !st.Log.Given() || before > own.LastIndex() {
		return own
	}
	if covered := base - min(before, base); covered > 0 {
		written, before = written[min(int(covered), len(written)):], base
	}
	same := 0
	for i, e := range own.Truncate(before + raft.Index(len(written))).After(before).Slice() {
		if !written[i].Matches(e) {
			break
		}
		same = i + 1
	}
	return own.Truncate(before + raft.Index(same)).Append(trace.Entries(written[same:])...)
}

// become gives a node the role that is written, and what a leader knows.
func (f *carrier) become(n *raft.Node, st *trace.NodeState) {
	role := st.Role.Or(n.Role)
	switch {
	case role == n.Role:
	case role == raft.Leader:
		n.Elect(n.CurrentTerm)
		n.VotedFor = st.VotedFor.Or(n.ID)
	default:
		n.Role, n.Votes, n.NextIndex, n.MatchIndex = role, 0, nil, nil
		if n.Leader == n.ID {
			n.Leader = raft.NoNode
		}
		if role == raft.Candidate {
			n.Votes = raft.SetOf(n.ID)
		}
	}
	if n.Role != raft.Leader {
		n.Leader = st.Leader.Or(n.Leader)
		return
	}
	n.Leader = n.ID
	for _, x := range st.NextIndex.Value {
		n.NextIndex[x.Node-1] = x.Index.Or(n.NextIndex[x.Node-1])
	}
	for _, x := range st.MatchIndex.Value {
		n.MatchIndex[x.Node-1] = min(x.Index.Or(n.MatchIndex[x.Node-1]), n.Log.LastIndex())
	}
}
