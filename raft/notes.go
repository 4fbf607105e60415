package raft

// notes is the pseudocode with which this project began, read as it stands. Where
// a comment and a statement of it differ, the comment says what the statement means.
func notes() Set {
	conflict, match := catalogued("conflict-by-message-term"), catalogued("match-by-addition")
	ds := []Deviation{
		catalogued("vote-strictly-newer"),
		catalogued("vote-once-forever"),
		catalogued("vote-not-repeated"),
		catalogued("term-kept-on-refusal"),
		catalogued("voter-keeps-role"),
		conflict.as("The entry after prevLogIndex conflicts if its term is not the message's, whatever the message carries.", conflictOfNext),
		catalogued("entries-take-message-term"),
		catalogued("commit-to-log-end"),
		catalogued("commit-any-term"),
		catalogued("commit-one-behind"),
		catalogued("next-index-at-last"),
		match.as("A success adds the number of entries sent to matchIndex, and to nextIndex.", addBoth),
		catalogued("next-index-below-one"),
		catalogued("count-any-vote"),
		catalogued("count-voter-twice"),
		catalogued("count-any-success"),
		catalogued("term-kept-on-timeout"),
	}
	return Set{Name: "notes", Title: "a student's pseudocode of Raft, as it stands", Deviations: ds, Lines: notesLines}
}

// conflictOfNext: "if( log[prevLogIndex+1] != null && log[prevLogIndex+1].Term
// != term )".
func conflictOfNext(r *Rules) {
	r.AE3 = func(n *Node, m *AppendEntries) *Decision {
		d := n.Decide(AE3, Idle)
		if next := m.PrevLogIndex + 1; n.Log.Has(next) && n.Log.Term(next) != m.Term {
			n.cut(d, m.PrevLogIndex)
		}
		return d
	}
}

// addBoth: "nextIndex[serverId] += entries.length", and matchIndex as well.
var addBoth = changeAnswer(func(a Ack, was, now *progress) {
	if a.Success {
		now.next = was.next + Index(a.Entries)
		now.match = was.match + Index(a.Entries)
	}
})

// notesLines is the pseudocode's lines that decide, in their order.
var notesLines = []Line{
	{"variables", "currentTerm votedFor log[] commitIndex lastApplied nextIndex[] matchIndex[] myState", NoRule, "",
		"The first entry is log[1], log.length is the index of the last, and log[0] is the place before the first, with term 0. The notes do not say what survives a crash, when a follower applies an entry, or what a leader does with a command: read as in Figure 2."},

	{"AppendEntriesReq", "if ( term < currentTerm ) return currentTerm, false", AE1, "", ""},
	{"AppendEntriesReq", "if ( mystate == leader && term == currentTerm ) return null, false", C3, "",
		"Figure 2 says nothing about this case. Read as no answer."},
	{"AppendEntriesReq", "myState = follower", C3, "", ""},
	{"AppendEntriesReq", "currentTerm = term", A2, "vote-once-forever", "Nothing here or below sets votedFor back to null."},
	{"AppendEntriesReq", "else if ( log[prevLogIndex] == null || log[prevLogIndex].Term != prevLogTerm ) return currentTerm, false", AE2, "",
		"There is no if before this else; read as an if."},
	{"AppendEntriesReq", "if( log[prevLogIndex+1] != null && log[prevLogIndex+1].Term != term ) log.Trim( from(prevLogIndex+1), to(end) )", AE3, "conflict-by-message-term",
		"A heartbeat trims too: the line does not look at entries[]."},
	{"AppendEntriesReq", "log.Append ( term, entries )", AE4, "entries-take-message-term",
		"The comment above it, \"Update log if entries are not present\", says that entries that are present are not appended again."},
	{"AppendEntriesReq", "if ( leaderCommit > commitIndex ) commitIndex = min(leaderCommit, log.length)", AE5, "commit-to-log-end", ""},

	{"AppendEntriesResp", "if ( term == null ) ... crash or something?", NoRule, "", "No answer arrives, so this is never reached."},
	{"AppendEntriesResp", "if ( currentTerm < term ) currentTerm = term, myState = follower", A2, "vote-once-forever", ""},
	{"AppendEntriesResp", "if ( success == false ) nextIndex[serverId]--", L3, "next-index-below-one,count-any-success",
		"No line asks which term's request this answers. A server that does not lead has no nextIndex and ignores it."},
	{"AppendEntriesResp", "<increment number of responses for a given entries>", L4, "",
		"Replicas are the servers that the leader knows to hold the entry, the leader included, each counted once: the comment below says \"on majority of nodes\"."},
	{"AppendEntriesResp", "for ( i=lastApplied+1 ; i<log.length ; i++ ) if ( log[i].replicas > #_of_nodes/2 )", L4, "commit-any-term",
		"Taken literally, the loop never reaches the last entry; its comment says any entry, and it is read so."},
	{"AppendEntriesResp", "lastApplied = i-1", L4, "commit-one-behind",
		"\"Commit all entries up to prev\": the entry itself is not applied, and commitIndex does not change."},
	{"AppendEntriesResp", "nextIndex[serverId] += entries.length; matchIndex[serverId] += entries.length", L3, "match-by-addition", ""},

	{"RequestVote", "if ( term < currentTerm ) return currentTerm, false", RV1, "", ""},
	{"RequestVote", "if ( votedFor == null )", RV2a, "vote-not-repeated", ""},
	{"RequestVote", "if ( lastLogTerm > log.LastEntry.Term || lastLogTerm == log.LastEntry.Term && lastLogIndex > log.length )", RV2b, "vote-strictly-newer",
		"The last entry of an empty log has term 0."},
	{"RequestVote", "votedFor = candidateId, currentTerm = term, return currentTerm, true", A2, "voter-keeps-role", "myState does not change."},
	{"RequestVote", "return currentTerm, false", A2, "term-kept-on-refusal", "currentTerm is set above only if the vote is granted."},

	{"RequestVoteResp", "if ( voteGranted ) increment # of votes", C2, "count-any-vote,count-voter-twice",
		"No line resets the count or counts the node's own vote; read as starting with that vote at each Timeout."},
	{"RequestVoteResp", "if ( #_of_votes > size_of_raft/2 ) myState = leader", C2, "", ""},
	{"RequestVoteResp", "Reset ( nextIndex, value=log.length )", C2, "next-index-at-last", ""},
	{"RequestVoteResp", "Reset ( matchIndex, value=0 ), Send ( to_all, AppendEntries(empty) )", C2, "", ""},
	{"RequestVoteResp", "else if ( term > currentTerm ) currentTerm = term, myState = follower", A2, "vote-once-forever",
		"The else skips grants; a grant is answered in the term of the request, so its term is never higher."},

	{"Timeout", "if ( mystate == candidate ) myState = candidate", C1, "term-kept-on-timeout", "No line raises currentTerm."},
	{"Timeout", "else if ( myState == leader ) Send( to_all, AppendEntries(empty) ), return", F2, "", ""},
	{"Timeout", "else if ( myState == follower ) myState = candidate", F2, "", ""},
	{"Timeout", "votedFor = selfId, Send ( to_all , RequestVote )", C1, "term-kept-on-timeout",
		"votedFor is overwritten even if the vote of this term went to another candidate."},
}
