// Package raft is Figures 2 and 13 of the Raft paper (Ongaro and Ousterhout, "In
// Search of an Understandable Consensus Algorithm", extended version) as a
// deterministic state machine: no clock, no randomness, no I/O.
//
// A [Node] holds the state of one server, under the figures' headings. The
// handlers are named for the RPCs, and read line by line as the figures do;
// every line that decides something is a function of its own in a [Rules]
// value. [Figure2] returns the rules of the paper. Other rules can be put in
// their place, and then the same handlers play a Raft that is wrong in just
// that line.
//
// The package knows single servers. It does not know a network, what a message
// implies about its sender, or when a cluster is safe; and it knows no file format.
//
// # Figure 2, line by line
//
//	State                         State, Log
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
//	  Candidates: majority          C2   Rules.C2, Rules.Majority, Rules.Lead
//	  Candidates: AppendEntries     C3   Rules.C3
//	  Leaders: client command       L2   Rules.L2
//	  Leaders: answers              L3   Rules.L3, Rules.Matched
//	  Leaders: commit               L4   Rules.L4, Rules.Majority, Rules.Replicated
//
// Figure 2's remaining lines ask for no decision that a replay could get
// wrong: followers respond to RPCs (F1), candidates restart an election when
// it times out (C4, the same as F2 here), leaders send heartbeats (L1).
//
// # Figure 13, line by line
//
//	InstallSnapshot RPC           Node.HandleInstallSnapshot
//	  1. term < currentTerm         IS1  Rules.IS1
//	  2. to 5. the file's chunks         one message brings the whole snapshot
//	  6. what follows it stays      IS6  Rules.IS6
//	  7. the log is discarded       IS7  Rules.IS7
//	  8. the state machine          IS8  Rules.IS8
//	When a leader sends it        Node.NeedsSnapshot, Node.InstallSnapshot
//
// A snapshot is where a [Log] begins: [Log.Snapshot] is its lastIncludedIndex and
// lastIncludedTerm, and the entries that it covers are gone. They are committed and
// applied, so that no rule, and no deviation, decides anything about them.
//
// # Deviations
//
// A [Deviation] is Raft as people get it wrong: a change to one rule, with a
// name. [Deviations] is the catalogue, in the files deviation_*.go; a [Set] is
// several under one name, such as what a real implementation does differently.
// [Rules.With] puts them on top of the paper's rules, and [RulesNamed] does so by
// name.
//
// # What the figures leave open
//
// A node that leads a term and receives AppendEntries or InstallSnapshot of that
// same term from another node does not answer; Figure 2 rules the case out. A
// majority is more than half of the voters, which are all nodes unless a
// [Configuration] says otherwise; a single voter is its own. Answers of an earlier
// term are ignored, and so are votes for a node that is no longer a candidate.
// matchIndex never falls, and a refusal lowers nextIndex by one, never to
// matchIndex or less. A success for more than the leader's log has is refused: it
// answers nothing that the leader can have sent.
//
// Three things happen to real servers that the figures do not describe: they step
// down by themselves ([Node.StepDown]), they restart from a disk that lost something
// ([Node.RestartFrom]), and they get another configuration ([Node.Configure]). Only
// the first leaves the paper's guarantees intact.
package raft
