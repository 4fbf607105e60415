package raft

// RuleInfo is what there is to say of a rule wherever it is named.
type RuleInfo struct {
	Rule    Rule
	Name    string // the short name, as findings and deviations use it: AE2
	Figure  string // the place in Figure 2 or 13: AppendEntries rule 2
	Text    string // what it decides, in one line
	Section string // the paper's section: 5.3
}

// rulebook has a row for each Rule, in the order of the constants.
var rulebook = [numRules]RuleInfo{
	{},
	{A1, "A1", "all servers rule 1", "commitIndex > lastApplied: apply the entries between, in order", "5.3"},
	{A2, "A2", "all servers rule 2", "a term above currentTerm is taken in: become a follower, with no vote given yet", "5.1"},
	{AE1, "AE1", "AppendEntries rule 1", "false if term < currentTerm", "5.1"},
	{AE2, "AE2", "AppendEntries rule 2", "false if the log has no entry at prevLogIndex with term prevLogTerm", "5.3"},
	{AE3, "AE3", "AppendEntries rule 3", "an entry whose term differs from that of the new one at its index is deleted, with all that follow it", "5.3"},
	{AE4, "AE4", "AppendEntries rule 4", "new entries that the log does not have are appended", "5.3"},
	{AE5, "AE5", "AppendEntries rule 5", "leaderCommit > commitIndex: commitIndex = min(leaderCommit, index of last new entry)", "5.3"},
	{RV1, "RV1", "RequestVote rule 1", "false if term < currentTerm", "5.1"},
	{RV2a, "RV2a", "RequestVote rule 2", "one vote per term: votedFor is null, or it is the candidate that asks", "5.2"},
	{RV2b, "RV2b", "RequestVote rule 2", "the vote goes only to a candidate whose log is at least as up-to-date as the voter's", "5.4.1"},
	{F2, "F2", "followers rule 2", "election timeout: become a candidate", "5.2"},
	{C1, "C1", "candidates rule 1", "start an election: currentTerm + 1, vote for self, ask all others", "5.2"},
	{C2, "C2", "candidates rule 2", "votes from a majority: become leader", "5.2"},
	{C3, "C3", "candidates rule 3", "AppendEntries of this term: become a follower", "5.2"},
	{L2, "L2", "leaders rule 2", "a client's command is appended to the leader's log", "5.3"},
	{L3, "L3", "leaders rule 3", "a success moves matchIndex and nextIndex up; a refusal lowers nextIndex", "5.3"},
	{L4, "L4", "leaders rule 4", "commit N if a majority's matchIndex >= N and log[N].term == currentTerm", "5.4.2"},
	{IS1, "IS1", "InstallSnapshot rule 1", "reply immediately if term < currentTerm", "7"},
	{IS6, "IS6", "InstallSnapshot rule 6", "if the log has an entry with the index and term of the snapshot's last one, the entries after it stay", "7"},
	{IS7, "IS7", "InstallSnapshot rule 7", "otherwise the whole log is discarded", "7"},
	{IS8, "IS8", "InstallSnapshot rule 8", "the state machine is reset to the snapshot: commitIndex and lastApplied rise to lastIncludedIndex", "7"},
}

// Source is the figure of the paper that has the rule: Figure 2, or Figure 13.
func (i RuleInfo) Source() string {
	if i.Rule >= IS1 {
		return "Figure 13"
	}
	return "Figure 2"
}

// Rulebook gives every rule in the figures' order.
func Rulebook() []RuleInfo { return append([]RuleInfo(nil), rulebook[1:]...) }

// Checks reports whether the rule lets a request pass or refuses it. Any other
// rule acts, or leaves the node as it is.
func (r Rule) Checks() bool {
	switch r {
	case AE1, AE2, RV1, RV2a, RV2b, IS1:
		return true
	}
	return false
}

// Info gives the rule's row; that of NoRule is empty.
func (r Rule) Info() RuleInfo { return rulebook[r] }

// String is the rule's short name, empty for NoRule.
func (r Rule) String() string { return rulebook[r].Name }

// RuleNamed gives the row of the rule of that short name; ok is false if there
// is none.
func RuleNamed(name string) (info RuleInfo, ok bool) {
	for _, r := range rulebook[1:] {
		if r.Name == name {
			return r, true
		}
	}
	return RuleInfo{}, false
}
