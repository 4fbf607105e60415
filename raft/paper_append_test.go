package raft

import "testing"

// §5.3, AppendEntries rule 2: "If the follower does not find an entry in its
// log with the same index and term, then it refuses the new entries."
func TestSection53ConsistencyCheck(t *testing.T) {
	const (
		three = "t3 follower vote=- [1 1 2] commit=0"
		empty = "t3 follower vote=- [] commit=0"
	)
	playRows(t, 3, []paperRow{
		{AE2, "the last entry, same term", three, "AE t3 from 2 prev=3/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "an entry in the middle: it need not be the last", three, "AE t3 from 2 prev=2/1 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "the first entry", three, "AE t3 from 2 prev=1/1 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "the place before the first entry always matches", three, "AE t3 from 2 prev=0/0 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "in an empty log too", empty, "AE t3 from 2 prev=0/0 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "no entry at index 0, so no term to compare", three, "AE t3 from 2 prev=0/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "one past the end", three, "AE t3 from 2 prev=4/2 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "one past the end of an empty log", empty, "AE t3 from 2 prev=1/1 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "no entry there, and term 0 does not make one", three, "AE t3 from 2 prev=4/0 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "the last index there is", three, "AE t3 from 2 prev=9223372036854775807/3 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "an entry there, of an earlier term", three, "AE t3 from 2 prev=3/3 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "an entry there, of a later term", three, "AE t3 from 2 prev=3/1 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "the term of the last entry, at another index", three, "AE t3 from 2 prev=1/2 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "a refusal stores nothing and commits nothing", three, "AE t3 from 2 prev=3/3 [3 3] commit=5", "AE2 refused: t3 false", "="},
		{AE2, "a refusal deletes nothing, not even the entry that differs", three, "AE t3 from 2 prev=2/3 [3] commit=1", "AE2 refused: t3 false", "="},
		{AE2, "a gap does not close up", three, "AE t3 from 2 prev=4/3 [3] commit=0", "AE2 refused: t3 false", "="},
	})
}

// §5.3, AppendEntries rule 3: "If an existing entry conflicts with a new one
// (same index but different terms), delete the existing entry and all that
// follow it." Without a conflict nothing is deleted.
func TestSection53Conflict(t *testing.T) {
	const three = "t3 follower vote=- [1 1 2] commit=0"
	playRows(t, 3, []paperRow{
		{AE3, "the last entry conflicts", three, "AE t3 from 2 prev=2/1 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 1 3] commit=0"},
		{AE3, "an entry in the middle conflicts: what follows it goes too", three, "AE t3 from 2 prev=1/1 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 3] commit=0"},
		{AE3, "the first entry conflicts", three, "AE t3 from 2 prev=0/0 [2] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [2] commit=0"},
		{AE3, "the second new entry is the first to conflict", three, "AE t3 from 2 prev=0/0 [1 2] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 2] commit=0"},
		{AE3, "more new entries than old ones", three, "AE t3 from 2 prev=1/1 [3 3 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 3 3 3] commit=0"},
		{AE3, "a conflict, then an entry that would agree: it was deleted, and comes again", "t3 follower vote=- [1 1:a 2:b] commit=0", "AE t3 from 2 prev=1/1 [2 2:c] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 2 2:c] commit=0"},
		{AE3, "an entry of a later term than the new one conflicts as well", "t4 follower vote=- [1 3 3] commit=0", "AE t4 from 2 prev=1/1 [2] commit=0", "AE2 passed: t4 true", "t4 follower vote=- [1 2] commit=0"},
		{AE3, "an entry with the same term is there already: what follows it stays", three, "AE t3 from 2 prev=0/0 [1] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "the same in the middle", three, "AE t3 from 2 prev=1/1 [1] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "every entry is there already", three, "AE t3 from 2 prev=0/0 [1 1 2] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "entries of two terms, both there already", "t3 follower vote=- [1 1 2 2] commit=0", "AE t3 from 2 prev=1/1 [1 2] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "a heartbeat carries no entry that could conflict", three, "AE t3 from 2 prev=1/1 [] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "the message's own term conflicts with nothing", "t3 follower vote=- [1 1 1] commit=0", "AE t3 from 2 prev=1/1 [1] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "same index, same term: the same entry, whatever the message says it holds", "t3 follower vote=- [1:a] commit=0", "AE t3 from 2 prev=0/0 [1:b 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1:a 3] commit=0"},
		{AE3, "an impossible message deletes committed entries too; commitIndex never falls", "t3 follower vote=- [1 2 2] commit=3", "AE t3 from 2 prev=1/1 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 3] commit=3"},
	})
}

// §5.3, AppendEntries rule 4: "Append any new entries not already in the log."
func TestSection53Append(t *testing.T) {
	const three = "t3 follower vote=- [1 1 2] commit=0"
	playRows(t, 3, []paperRow{
		{AE4, "the first entry of all", "t1 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1:x] commit=0", "AE2 passed: t1 true", "t1 follower vote=- [1:x] commit=0"},
		{AE4, "at the end", three, "AE t3 from 2 prev=3/2 [3:x 3:y] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 3:x 3:y] commit=0"},
		{AE4, "entries keep the term they were made in, not the message's", three, "AE t3 from 2 prev=3/2 [2] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 2] commit=0"},
		{AE4, "only those that are not there yet", three, "AE t3 from 2 prev=1/1 [1 2 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 3] commit=0"},
		{AE4, "the same message again adds nothing", "^", "AE t3 from 2 prev=1/1 [1 2 3] commit=0", "AE2 passed: t3 true", "="},
		{AE4, "nor does an older, shorter one that comes late", "^", "AE t3 from 2 prev=1/1 [1] commit=0", "AE2 passed: t3 true", "="},
		{AE4, "a late one and a new one overlap", "^", "AE t3 from 2 prev=3/2 [3 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 3 3] commit=0"},
		{AE4, "nothing to append is a success as well", three, "AE t3 from 2 prev=3/2 [] commit=0", "AE2 passed: t3 true", "="},
	})
}

// §5.3, AppendEntries rule 5: "If leaderCommit > commitIndex, set commitIndex =
// min(leaderCommit, index of last new entry)", which is prevLogIndex + the
// number of entries: as much as the message has checked. And it is Figure 2's
// "increases monotonically".
func TestSection53FollowerCommit(t *testing.T) {
	const four = "t3 follower vote=- [1 1 2 2] commit=1"
	at := func(commit string) string { return "t3 follower vote=- [1 1 2 2] commit=" + commit }
	playRows(t, 3, []paperRow{
		{AE5, "leaderCommit below commitIndex", four, "AE t3 from 2 prev=4/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE5, "leaderCommit equal to commitIndex", four, "AE t3 from 2 prev=4/2 [] commit=1", "AE2 passed: t3 true", "="},
		{AE5, "leaderCommit one above", four, "AE t3 from 2 prev=4/2 [] commit=2", "AE2 passed: t3 true", at("2")},
		{AE5, "leaderCommit one below the last new entry", four, "AE t3 from 2 prev=4/2 [] commit=3", "AE2 passed: t3 true", at("3")},
		{AE5, "leaderCommit equal to the last new entry", four, "AE t3 from 2 prev=4/2 [] commit=4", "AE2 passed: t3 true", at("4")},
		{AE5, "leaderCommit one past the last new entry", four, "AE t3 from 2 prev=4/2 [] commit=5", "AE2 passed: t3 true", at("4")},
		{AE5, "the largest leaderCommit there is", four, "AE t3 from 2 prev=4/2 [] commit=9223372036854775807", "AE2 passed: t3 true", at("4")},
		{AE5, "a heartbeat vouches for the log up to prevLogIndex and no further", four, "AE t3 from 2 prev=2/1 [] commit=4", "AE2 passed: t3 true", at("2")},
		{AE5, "prevLogIndex equal to commitIndex: nothing new", four, "AE t3 from 2 prev=1/1 [] commit=4", "AE2 passed: t3 true", "="},
		{AE5, "prevLogIndex below commitIndex: it does not fall", at("3"), "AE t3 from 2 prev=2/1 [] commit=4", "AE2 passed: t3 true", "="},
		{AE5, "prevLogIndex 0 vouches for nothing", four, "AE t3 from 2 prev=0/0 [] commit=4", "AE2 passed: t3 true", "="},
		{AE5, "entries that are there already are new ones of the message", four, "AE t3 from 2 prev=1/1 [1 2] commit=4", "AE2 passed: t3 true", at("3")},
		{AE5, "an appended entry that the leader has committed", four, "AE t3 from 2 prev=4/2 [3] commit=5", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 2 3] commit=5"},
		{AE5, "an appended entry that it has not: stored is not committed", four, "AE t3 from 2 prev=4/2 [3] commit=4", "AE2 passed: t3 true", "t3 follower vote=- [1 1 2 2 3] commit=4"},
		{AE5, "the entry that took a conflicting one's place", four, "AE t3 from 2 prev=2/1 [3] commit=9", "AE2 passed: t3 true", "t3 follower vote=- [1 1 3] commit=3"},
		{AE5, "a refused request commits nothing", four, "AE t3 from 2 prev=4/3 [] commit=4", "AE2 refused: t3 false", "="},
		{AE5, "a stale request commits nothing", four, "AE t2 from 2 prev=4/2 [] commit=4", "AE1 refused: t3 false", "="},
		{A1, "lastApplied follows commitIndex", four, "AE t3 from 2 prev=3/2 [] commit=3", "AE2 passed: t3 true", at("3")},
		{A1, "also where it had fallen behind", at("3") + " applied=1", "AE t3 from 2 prev=4/2 [] commit=3", "AE2 passed: t3 true", at("3")},
		{A1, "lastApplied increases monotonically", four + " applied=2", "AE t3 from 2 prev=4/2 [] commit=1", "AE2 passed: t3 true", "="},
	})
}

// §5.3, leaders: a command from a client is appended to the local log.
func TestSection53ClientCommand(t *testing.T) {
	playRows(t, 3, []paperRow{
		{L2, "the leader appends it in its own term; nothing is committed by that", "t3 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 [1 3:x] commit=0 next=2,2,2 match=0,0,0"},
		{L2, "one after the other", "^", "client y", "L2 acted", "t3 leader vote=1 [1 3:x 3:y] commit=0 next=2,2,2 match=0,0,0"},
		{A1, "a server that is behind applies what is committed", "t3 leader vote=1 [1] commit=1 applied=0 next=2,2,2 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 [1 3:x] commit=1 next=2,2,2 match=0,0,0"},
		{L2, "a follower takes no command", "t3 follower vote=- [1] commit=0", "client x", "L2 ignored", "="},
		{L2, "a candidate takes no command", "t3 candidate vote=1 [1] commit=0 votes=1", "client x", "L2 ignored", "="},
	})
}

// §5.3, leaders: "If successful: update nextIndex and matchIndex for follower.
// If AppendEntries fails because of log inconsistency: decrement nextIndex."
// matchIndex "increases monotonically", whatever order the answers come in.
func TestSection53LeaderProgress(t *testing.T) {
	const fresh = "t3 leader vote=1 [1 2 2] commit=0 next=4,4,4 match=0,0,0"
	at := func(next, match string) string {
		return "t3 leader vote=1 [1 2 2] commit=0 next=4," + next + ",4 match=0," + match + ",0"
	}
	playRows(t, 3, []paperRow{
		{L3, "success: matchIndex is the last new entry, nextIndex one above", fresh, "ack from 2 asked t3 says t3 match=3", "L3 acted", at("4", "3")},
		{L3, "the same answer twice", "^", "ack from 2 asked t3 says t3 match=3", "L3 acted", "="},
		{L3, "an earlier answer that comes late: matchIndex does not fall", "^", "ack from 2 asked t3 says t3 match=2", "L3 acted", "="},
		{L3, "a late refusal: nextIndex does not fall to matchIndex", "^", "ack from 2 asked t3 says t3 refused", "L3 acted", "="},
		{L3, "a success short of the end", fresh, "ack from 2 asked t3 says t3 match=1", "L3 acted", at("2", "1")},
		{L3, "then one more", "^", "ack from 2 asked t3 says t3 match=2", "L3 acted", at("3", "2")},
		{L3, "a success of prevLogIndex 0 tells of no entry", fresh, "ack from 2 asked t3 says t3 match=0", "L3 acted", at("1", "0")},
		{L3, "refusal: one less", fresh, "ack from 2 asked t3 says t3 refused", "L3 acted", at("3", "0")},
		{L3, "again", "^", "ack from 2 asked t3 says t3 refused", "L3 acted", at("2", "0")},
		{L3, "down to the first entry", "^", "ack from 2 asked t3 says t3 refused", "L3 acted", at("1", "0")},
		{L3, "and never below 1", "^", "ack from 2 asked t3 says t3 refused", "L3 acted", "="},
		{L3, "one above matchIndex + 1: one less", at("3", "1"), "ack from 2 asked t3 says t3 refused", "L3 acted", at("2", "1")},
		{L3, "matchIndex + 1 is as low as it gets", "^", "ack from 2 asked t3 says t3 refused", "L3 acted", "="},
		{L3, "an answer to a request of an earlier term: success", fresh, "ack from 2 asked t2 says t2 match=3", "L3 ignored", "="},
		{L3, "an answer to a request of an earlier term: refusal", fresh, "ack from 2 asked t2 says t2 refused", "L3 ignored", "="},
		{L3, "an earlier request answered by a server that has reached this term", fresh, "ack from 2 asked t2 says t3 refused", "L3 ignored", "="},
		{L3, "a follower has nothing to update", "t3 follower vote=- [1 2 2] commit=0", "ack from 2 asked t3 says t3 match=3", "L3 ignored", "="},
		{L3, "a candidate has nothing to update", "t3 candidate vote=1 [1 2 2] commit=0 votes=1", "ack from 2 asked t2 says t2 match=3", "L3 ignored", "="},
	})
}

// §5.3, §5.4.2, leaders: "If there exists an N such that N > commitIndex, a
// majority of matchIndex[i] >= N, and log[N].term == currentTerm: set
// commitIndex = N."
func TestSection542CommitRule(t *testing.T) {
	at := func(commit, next, match string) string {
		return "t4 leader vote=1 [1 2 4 4] commit=" + commit + " next=5," + next + " match=0," + match
	}
	playRows(t, 5, []paperRow{
		{L4, "two copies of five are no majority", at("0", "5,5,5,5", "0,0,0,0"), "ack from 2 asked t4 says t4 match=3", "L3 acted", at("0", "4,5,5,5", "3,0,0,0")},
		{L4, "a third copy, one index short: N = 2 is of an earlier term", "^", "ack from 3 asked t4 says t4 match=2", "L3 acted", at("0", "4,3,5,5", "3,2,0,0")},
		{L4, "three copies, the leader's own among them: all up to N", "^", "ack from 3 asked t4 says t4 match=3", "L3 acted", at("3", "4,4,5,5", "3,3,0,0")},
		{L4, "one more copy of what is committed", "^", "ack from 4 asked t4 says t4 match=3", "L3 acted", at("3", "4,4,4,5", "3,3,3,0")},
		{L4, "N + 1 on two servers of five", "^", "ack from 2 asked t4 says t4 match=4", "L3 acted", at("3", "5,4,4,5", "4,3,3,0")},
		{L4, "N + 1 on three", "^", "ack from 4 asked t4 says t4 match=4", "L3 acted", at("4", "5,4,5,5", "4,3,4,0")},
		{L4, "the highest N that a majority has: entries of this term below it are not enough", at("0", "5,5,5,5", "4,0,0,0"), "ack from 3 asked t4 says t4 match=4", "L3 acted", at("4", "5,5,5,5", "4,4,0,0")},
		{L4, "an entry of an earlier term on every server is not committed by counting", at("0", "3,3,3,5", "2,2,2,0"), "ack from 5 asked t4 says t4 match=2", "L3 acted", at("0", "3,3,3,3", "2,2,2,2")},
		{L4, "an entry of this term commits the earlier ones before it", "^", "ack from 2 asked t4 says t4 match=3", "L3 acted", at("0", "4,3,3,3", "3,2,2,2")},
		{L4, "with a majority", "^", "ack from 5 asked t4 says t4 match=3", "L3 acted", at("3", "4,3,3,4", "3,2,2,3")},
		{L4, "commitIndex never falls, though no majority is known to this leader yet", at("4", "5,5,5,5", "0,3,0,0"), "ack from 2 asked t4 says t4 match=3", "L3 acted", at("4", "4,5,5,5", "3,3,0,0")},
		{L4, "a matchIndex past the log's end, however it came there: N is one of the log's", at("0", "10,10,10,5", "9,9,9,0"), "ack from 5 asked t4 says t4 match=1", "L3 acted", at("4", "10,10,10,2", "9,9,9,1")},
		{L4, "a refusal commits nothing", at("0", "5,5,5,5", "3,3,0,0"), "ack from 4 asked t4 says t4 refused", "L3 acted", at("0", "5,5,4,5", "3,3,0,0")},
	})
}

// A majority of an even number is more than half: 3 of 4, 5 of 8.
func TestSection542CommitMajority(t *testing.T) {
	playRows(t, 4, []paperRow{
		{L4, "two copies of four are half", "t1 leader vote=1 [1] commit=0 next=2,2,2,2 match=0,0,0,0", "ack from 4 asked t1 says t1 match=1", "L3 acted", "t1 leader vote=1 [1] commit=0 next=2,2,2,2 match=0,0,0,1"},
		{L4, "three are more than half", "^", "ack from 2 asked t1 says t1 match=1", "L3 acted", "t1 leader vote=1 [1] commit=1 next=2,2,2,2 match=0,1,0,1"},
	})
	playRows(t, 8, []paperRow{
		{L4, "four copies of eight are half", "t1 leader vote=1 [1] commit=0 next=2,2,2,2,2,2,2,2 match=0,1,1,0,0,0,0,0", "ack from 4 asked t1 says t1 match=1", "L3 acted", "t1 leader vote=1 [1] commit=0 next=2,2,2,2,2,2,2,2 match=0,1,1,1,0,0,0,0"},
		{L4, "five are more than half", "^", "ack from 8 asked t1 says t1 match=1", "L3 acted", "t1 leader vote=1 [1] commit=1 next=2,2,2,2,2,2,2,2 match=0,1,1,1,0,0,0,1"},
	})
	playRows(t, 2, []paperRow{
		{L4, "two of two", "t1 leader vote=1 [1] commit=0 next=2,2 match=0,0", "ack from 2 asked t1 says t1 match=1", "L3 acted", "t1 leader vote=1 [1] commit=1 next=2,2 match=0,1"},
	})
}
