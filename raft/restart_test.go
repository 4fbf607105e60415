package raft

import "testing"

// What a disk can give back: what was there, or less. The rest of the persistent
// state survives, and the volatile state does not (Figure 2, State).
func TestRestartFromDisk(t *testing.T) {
	const (
		was   = "t3 follower vote=2 [1:a 1 3:c] commit=2 leader=2"
		after = "t3 follower vote=2 [1:a 1 3:c] commit=0"
	)
	playRows(t, 3, []paperRow{
		{NoRule, "all of it", was, "restart t3 vote=2 [1:a 1 3:c]", "kept", after},
		{NoRule, "the term that was there", was, "restart t3", "kept", after},
		{NoRule, "the vote that was there", was, "restart vote=2", "kept", after},
		{NoRule, "no vote", was, "restart vote=-", "lost", "t3 follower vote=- [1:a 1 3:c] commit=0"},
		{NoRule, "no vote, where there was none", "t3 follower vote=- [1] commit=0", "restart vote=-", "kept", "t3 follower vote=- [1] commit=0"},
		{NoRule, "a prefix of the log", was, "restart [1:a]", "lost", "t3 follower vote=2 [1:a] commit=0"},
		{NoRule, "an empty log", was, "restart []", "lost", "t3 follower vote=2 [] commit=0"},
		{NoRule, "entries without their values: they have them", was, "restart [1 1]", "lost", "t3 follower vote=2 [1:a 1] commit=0"},
		{NoRule, "a lower term: its votes are not known", was, "restart t2", "lost", "t2 follower vote=- [1:a 1 3:c] commit=0"},
		{NoRule, "a lower term and no vote", was, "restart t2 vote=-", "lost", "t2 follower vote=- [1:a 1 3:c] commit=0"},
		{NoRule, "a lower term, in which no vote is known anyway", "t3 follower vote=- [1] commit=0", "restart t2", "lost", "t2 follower vote=- [1] commit=0"},
		{NoRule, "term 0, below that of the log", was, "restart t0", "lost", "t0 follower vote=- [1:a 1 3:c] commit=0"},
		{NoRule, "a leader comes back as a follower", "t3 leader vote=1 [1 3] commit=2 next=3,3,3 match=0,2,0", "restart t3 [1]", "lost", "t3 follower vote=1 [1] commit=0"},
		{NoRule, "after a snapshot, a prefix of what follows it", "t3 follower vote=- 3/2+[2 3] commit=5", "restart 3/2+[2]", "lost", "t3 follower vote=- 3/2+[2] commit=3"},
		{NoRule, "the snapshot alone", "t3 follower vote=- 3/2+[2 3] commit=5", "restart 3/2+[]", "lost", "t3 follower vote=- 3/2+[] commit=3"},

		{NoRule, "a higher term", was, "restart t4", "the disk gives back term 4; currentTerm was 3, and a crash does not raise it", "="},
		{NoRule, "another vote", was, "restart vote=3", "the disk gives back a vote for 3; the vote of term 3 was for 2", "="},
		{NoRule, "a vote that was not given", "t3 follower vote=- [] commit=0", "restart vote=3", "the disk gives back a vote for 3; none was given in term 3", "="},
		{NoRule, "the vote of a term that is lost", was, "restart t2 vote=2", "the disk gives back a vote for 2 with term 2; no vote of a term before 3 is known", "="},
		{NoRule, "a longer log", was, "restart [1:a 1 3:c 3]", "the disk gives back a log up to index 4; it ended at 3", "="},
		{NoRule, "an entry of another term", was, "restart [1:a 2]", "the disk gives back entry 2 at index 2; it was 1", "="},
		{NoRule, "an entry of another value", was, "restart [1:b]", "the disk gives back entry 1:b at index 1; it was 1:a", "="},
		{NoRule, "a log without its snapshot", "t3 follower vote=- 3/2+[2 3] commit=3", "restart [2]", "the disk gives back a log that begins after index 0; it began after 3", "="},
		{NoRule, "an entry of another term after a snapshot", "t3 follower vote=- 3/2+[2 3] commit=3", "restart 3/2+[3]", "the disk gives back entry 3 at index 4; it was 2", "="},
	})
}

// A term that lies below the log's is one that Figure 2 never comes to; the node
// goes on by its rules all the same.
func TestRestartBelowLog(t *testing.T) {
	playRows(t, 3, []paperRow{
		{NoRule, "the disk has lost two terms", "t3 follower vote=1 [1 3] commit=1", "restart t1", "lost", "t1 follower vote=- [1 3] commit=0"},
		{AE2, "the leader of a term before follows", "^", "AE t2 from 2 prev=1/1 [] commit=1", "AE2 passed: t2 true", "t2 follower vote=- [1 3] commit=1"},
		{C1, "it stands in a term that it has been in", "^", "timeout", "C1 acted", "t3 candidate vote=1 [1 3] commit=1 votes=1"},
		{L4, "an entry of a term above is not the leader's own", "t2 leader vote=1 [2 3] commit=0 next=3,3,3 match=0,0,0", "ack from 2 asked t2 says t2 match=2", "L3 acted", "t2 leader vote=1 [2 3] commit=1 next=3,3,3 match=0,2,0"},
	})
}

// A leader or candidate steps down by itself: it is a follower of its term, and
// what it has stored stays.
func TestStepDown(t *testing.T) {
	playRows(t, 3, []paperRow{
		{NoRule, "a leader", "t3 leader vote=1 [1 3] commit=1 next=3,3,3 match=0,2,0 leader=1", "stepdown", "", "t3 follower vote=1 [1 3] commit=1"},
		{L3, "its followers' answers find no leader", "^", "ack from 3 asked t3 says t3 match=2", "L3 ignored", "="},
		{L2, "nor do clients", "^", "client x", "L2 ignored", "="},
		{RV2a, "it has voted in this term", "^", "RV t3 from 2 last=9/3", "RV2a refused: t3 denied", "="},
		{C1, "it may stand again, in a new one", "^", "timeout", "C1 acted", "t4 candidate vote=1 [1 3] commit=1 votes=1"},
		{NoRule, "a candidate", "^", "stepdown", "", "t4 follower vote=1 [1 3] commit=1"},
		{C2, "its voters' answers find no candidate", "^", "vote from 2 asked t4 says t4 granted", "C2 ignored", "="},
		{NoRule, "a follower is one already, and knows its leader", "t3 follower vote=- [1] commit=0 leader=2", "stepdown", "refused", "="},
	})
}
