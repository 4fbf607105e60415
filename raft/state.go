package raft

import "slices"

// A State is the state of one server, under the headings of Figure 2. The
// snapshot that its log begins after is part of the log, see [Log.Snapshot]. A State is a
// value; only NextIndex and MatchIndex are shared between copies, see Clone.
type State struct {
	// Persistent state on all servers.
	CurrentTerm Term   // latest term the server has seen; 0 at first, never falls
	VotedFor    NodeID // candidate that received the vote in currentTerm, or NoNode
	Log         Log    // the entries; the first has index 1, or comes right after a snapshot

	// Volatile state on all servers.
	CommitIndex Index // highest entry known to be committed; never falls, nor lies below the snapshot's last
	LastApplied Index // highest entry applied; the same

	// Role is follower, candidate or leader (§5.1).
	Role Role

	// Leader is the leader of currentTerm that the server knows: the one whose
	// AppendEntries or InstallSnapshot it has accepted as such, or itself; NoNode
	// if it knows none. Figure 2 decides nothing by it ("so followers can redirect
	// clients"); some real implementations do.
	Leader NodeID

	// Votes is a candidate's: who granted it a vote in currentTerm.
	Votes NodeSet

	// Volatile state on leaders, by NodeID-1; nil on others. The leader's own
	// places count for nothing: its copies are its log.
	NextIndex  []Index // next entry to send to that server
	MatchIndex []Index // highest entry known to be replicated on that server

	// Extra is what rules that deviate keep beyond the figure.
	Extra Extra
}

// Extra is what some deviations have a server remember. Under [Figure2] it is
// always zero. It does not outlive a role.
type Extra struct {
	Answered NodeSet // a candidate's: who has answered its request, either way
	Again    int     // a candidate's: grants of servers that had granted before
}

// Clone gives a copy that shares nothing that changes.
func (s State) Clone() State {
	s.NextIndex = slices.Clone(s.NextIndex)
	s.MatchIndex = slices.Clone(s.MatchIndex)
	return s
}
