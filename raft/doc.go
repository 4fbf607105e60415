// Package raft is Figure 2 of the Raft paper (Ongaro and Ousterhout, "In
// Search of an Understandable Consensus Algorithm", extended version) as a
// deterministic state machine: no clock, no randomness, no I/O.
//
// A [Node] holds the state of one server, under the figure's headings. The
// handlers are named for the RPCs, and read line by line as the figure does;
// every line that decides something is a function of its own in a [Rules]
// value. [Figure2] returns the rules of the paper. Other rules can be put in
// their place, and then the same handlers play a Raft that is wrong in just
// that line.
//
// # Figure 2, line by line
//
//	State                         Node, Log
//	AppendEntries RPC             Node.HandleAppendEntries
//	  1. term < currentTerm         AE1  Rules.AE1
//	  2. prevLogIndex, prevLogTerm  AE2  Rules.AE2
//	  3. conflicting entries        AE3  Rules.AE3
//	  4. new entries                AE4  Rules.AE4
//	  5. leaderCommit               AE5  Rules.AE5
//	RequestVote RPC               Node.HandleRequestVote
//	  1. term < currentTerm         RV1  Rules.RV1
//	  2. votedFor, and the log      RV2  Rules.RV2a, Rules.RV2b
//	Rules for Servers
//	  All: apply                    A1   Rules.A1
//	  All: higher term              A2   Rules.A2
//	  Followers: timeout            F2   Node.Timeout
//	  Candidates: start election    C1   Rules.C1
//	  Candidates: majority          C2   Rules.C2, Rules.Lead
//	  Candidates: AppendEntries     C3   Rules.C3
//	  Leaders: client command       L2   Rules.L2
//	  Leaders: answers              L3   Rules.L3, Rules.Matched
//	  Leaders: commit               L4   Rules.L4, Rules.Replicated
//
// Figure 2's remaining lines ask for no decision that a replay could get
// wrong: followers respond to RPCs (F1), candidates restart an election when
// it times out (C4, the same as F2 here), leaders send heartbeats (L1).
//
// # Deviations
//
// A [Deviation] is Raft as people get it wrong: a change to one rule, with a
// name. [Deviations] is the catalogue, in the files deviation_*.go; a [Set] is
// several under one name, such as what a real implementation does otherwise.
// [Rules.With] puts them on top of the figure, and [RulesNamed] does so by name.
//
// # What Figure 2 leaves open
//
// A node that leads a term and receives AppendEntries of that same term from
// another node does not answer; Figure 2 rules the case out. A majority is
// more than half of all nodes, so a single node is its own. Answers of an
// earlier term are ignored, and so are votes for a node that is no longer a
// candidate. matchIndex never falls, and a refusal lowers nextIndex by one,
// never to matchIndex or less.
package raft
