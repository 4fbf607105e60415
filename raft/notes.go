package raft

// notes is the pseudocode with which this project began, read as it stands.
// Where one of its comments and a statement differ, the comment says what the
// statement means.
func notes() Set {
	conflict, match := catalogued("conflict-by-message-term"), catalogued("match-by-addition")
	ds := []Deviation{
		catalogued("vote-strictly-newer"),
		catalogued("vote-once-forever"),
		catalogued("vote-not-repeated"),
		catalogued("term-kept-on-refusal"),
		catalogued("voter-keeps-role"),
		conflict.as("The entry after prevLogIndex conflicts if its term is not the message's, whatever the message brings.", conflictOfNext),
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
	return Set{Name: "notes", Title: "a student's pseudocode of Raft, just as it stands", Deviations: ds}
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
