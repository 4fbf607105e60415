package raft

import "testing"

// §7, Figure 13: the lines of InstallSnapshot, for a follower that has heard of
// its leader.
func TestSection7InstallSnapshot(t *testing.T) {
	const (
		three = "t3 follower vote=- [1 1 2] commit=1"
		after = "t3 follower vote=- 2/1+[2 2] commit=3"
	)
	playRows(t, 3, []paperRow{
		{IS1, "term - 1 is stale: it installs nothing", three, "IS t2 from 2 last=5/2", "IS1 refused: t3", "="},
		{IS1, "an equal term is not stale", three, "IS t3 from 2 last=2/1", "IS1 passed: t3", "t3 follower vote=- 2/1+[2] commit=2"},
		{A2, "a higher term is taken in", three, "IS t4 from 2 last=2/1", "IS1 passed: t4", "t4 follower vote=- 2/1+[2] commit=2"},
		{A2, "and ends a leadership", "t3 leader vote=1 [1 1 2] commit=1 next=4,4,4 match=0,0,0", "IS t4 from 2 last=2/1", "IS1 passed: t4", "t4 follower vote=- 2/1+[2] commit=2"},

		{IS6, "an entry with the same index and term: what follows it stays", three, "IS t3 from 2 last=1/1", "IS1 passed: t3", "t3 follower vote=- 1/1+[1 2] commit=1"},
		{IS6, "the last entry: nothing follows it", three, "IS t3 from 2 last=3/2", "IS1 passed: t3", "t3 follower vote=- 3/2+[] commit=3"},
		{IS6, "the same snapshot a second time", after, "IS t3 from 2 last=2/1", "IS1 passed: t3", "="},
		{IS6, "an entry after the node's own snapshot", after, "IS t3 from 2 last=3/2", "IS1 passed: t3", "t3 follower vote=- 3/2+[2] commit=3"},
		{IS6, "an older snapshot comes late", after, "IS t3 from 2 last=1/1", "IS1 passed: t3", "="},
		{IS6, "an older one, of another term than was committed there", after, "IS t3 from 2 last=1/3", "IS1 passed: t3", "="},
		{IS6, "index 0 covers nothing", three, "IS t3 from 2 last=0/0", "IS1 passed: t3", "="},
		{IS6, "whatever its term", three, "IS t3 from 2 last=0/3", "IS1 passed: t3", "="},

		{IS7, "an entry of another term: the whole log goes, also what comes before it", three, "IS t3 from 2 last=2/2", "IS1 passed: t3", "t3 follower vote=- 2/2+[] commit=2"},
		{IS7, "no entry there", three, "IS t3 from 2 last=5/2", "IS1 passed: t3", "t3 follower vote=- 5/2+[] commit=5"},
		{IS7, "one past the end, of the last entry's term", three, "IS t3 from 2 last=4/2", "IS1 passed: t3", "t3 follower vote=- 4/2+[] commit=4"},
		{IS7, "an empty log", "t3 follower vote=- [] commit=0", "IS t3 from 2 last=4/2", "IS1 passed: t3", "t3 follower vote=- 4/2+[] commit=4"},
		{IS7, "the node's own snapshot goes with the log", after, "IS t3 from 2 last=6/3", "IS1 passed: t3", "t3 follower vote=- 6/3+[] commit=6"},
		{IS7, "an impossible one: the own snapshot ends there in another term", after, "IS t3 from 2 last=2/2", "IS1 passed: t3", "t3 follower vote=- 2/2+[] commit=3"},

		{IS8, "commitIndex does not fall", "t3 follower vote=- [1 1 2] commit=3", "IS t3 from 2 last=2/1", "IS1 passed: t3", "t3 follower vote=- 2/1+[2] commit=3"},
		{IS8, "lastApplied rises by itself", "t3 follower vote=- [1 1 2] commit=3 applied=1", "IS t3 from 2 last=2/1", "IS1 passed: t3", "t3 follower vote=- 2/1+[2] commit=3 applied=2"},
		{IS8, "lastApplied does not fall", "t3 follower vote=- [1 1 2] commit=1 applied=3", "IS t3 from 2 last=2/1", "IS1 passed: t3", "t3 follower vote=- 2/1+[2] commit=2 applied=3"},

		{C3, "a candidate yields to its term's leader", "t3 candidate vote=1 [1] commit=0 votes=1", "IS t3 from 2 last=4/2", "IS1 passed: t3", "t3 follower vote=1 4/2+[] commit=4 leader=2"},
		{C3, "a node that leads the term itself does not answer", "t3 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0", "IS t3 from 2 last=4/2", "C3 ignored: no answer", "="},
	})
}

// §7: a log begins after a snapshot. All lines of AppendEntries and RequestVote
// hold for what follows it, and what it covers is committed.
func TestSection7AfterSnapshot(t *testing.T) {
	const (
		log   = "t3 follower vote=- 3/2+[2 3] commit=3"
		empty = "t3 follower vote=- 3/2+[] commit=3"
	)
	playRows(t, 3, []paperRow{
		{AE2, "prevLogIndex is the snapshot's last: its term is known", log, "AE t3 from 2 prev=3/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "and another term does not match", log, "AE t3 from 2 prev=3/1 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "the same where nothing follows the snapshot", empty, "AE t3 from 2 prev=3/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "another term there", empty, "AE t3 from 2 prev=3/3 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "below the snapshot's last everything matches", log, "AE t3 from 2 prev=2/1 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "whatever term the message says", log, "AE t3 from 2 prev=1/3 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "index 0 too", log, "AE t3 from 2 prev=0/0 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "after it, as ever", log, "AE t3 from 2 prev=4/2 [] commit=0", "AE2 passed: t3 true", "="},
		{AE2, "after it, another term", log, "AE t3 from 2 prev=5/2 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "one past the end", log, "AE t3 from 2 prev=6/3 [] commit=0", "AE2 refused: t3 false", "="},
		{AE2, "one past the end of a snapshot alone", empty, "AE t3 from 2 prev=4/2 [] commit=0", "AE2 refused: t3 false", "="},

		{AE3, "entries that the snapshot covers are passed over", log, "AE t3 from 2 prev=0/0 [1 1 2 2 3] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "so are those of another term than was committed there", log, "AE t3 from 2 prev=1/1 [3 3] commit=0", "AE2 passed: t3 true", "="},
		{AE3, "a conflict after the snapshot", log, "AE t3 from 2 prev=2/1 [2 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3] commit=3"},
		{AE3, "a conflict right after the snapshot, which stays", log, "AE t3 from 2 prev=3/2 [3 3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3 3] commit=3"},
		{AE4, "new entries at the end", log, "AE t3 from 2 prev=5/3 [3:x] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[2 3 3:x] commit=3"},
		{AE4, "the first entries after a snapshot", empty, "AE t3 from 2 prev=3/2 [3:x 3:y] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3:x 3:y] commit=3"},
		{AE4, "and one more", "^", "AE t3 from 2 prev=5/3 [3:z] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3:x 3:y 3:z] commit=3"},
		{AE4, "of a run that begins below, those past the snapshot", empty, "AE t3 from 2 prev=1/1 [1 2 3:x] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3:x] commit=3"},
		{AE4, "though it disagrees about what is covered: a later term", empty, "AE t3 from 2 prev=1/1 [3 3 3:x] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3:x] commit=3"},
		{AE4, "or an earlier one", empty, "AE t3 from 2 prev=1/1 [1 1 3:x] commit=0", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[3:x] commit=3"},
		{AE4, "a run that is covered appends nothing", empty, "AE t3 from 2 prev=0/0 [1 1 2] commit=0", "AE2 passed: t3 true", "="},
		{AE5, "the last new entry bounds it", log, "AE t3 from 2 prev=4/2 [] commit=9", "AE2 passed: t3 true", "t3 follower vote=- 3/2+[2 3] commit=4"},
		{AE5, "it does not fall below the snapshot", log, "AE t3 from 2 prev=1/1 [1] commit=2", "AE2 passed: t3 true", "="},

		{RV2b, "a log that is a snapshot alone ends at its last entry", empty, "RV t3 from 2 last=3/2", "RV2b passed: t3 granted", "t3 follower vote=2 3/2+[] commit=3"},
		{RV2b, "a shorter log of the same last term", empty, "RV t3 from 2 last=2/2", "RV2b refused: t3 denied", "="},
		{RV2b, "a longer log of an earlier last term", empty, "RV t3 from 2 last=9/1", "RV2b refused: t3 denied", "="},
		{L2, "a command comes after the snapshot", "t3 leader vote=1 3/2+[] commit=3 next=4,4,4 match=0,0,0", "client x", "L2 acted", "t3 leader vote=1 3/2+[3:x] commit=3 next=4,4,4 match=0,0,0"},
		{L4, "and is committed by a majority", "^", "ack from 2 asked t3 says t3 match=4", "L3 acted", "t3 leader vote=1 3/2+[3:x] commit=4 next=4,5,4 match=0,4,0"},
		{C2, "nextIndex starts after the log's end", "t3 candidate vote=1 3/2+[] commit=3 votes=1", "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 3/2+[] commit=3 next=4,4,4 match=0,0,0"},
		{NoRule, "a restart: what the snapshot covers is applied, the rest is learnt anew", "t3 leader vote=1 3/2+[2 3] commit=5 next=6,6,6 match=0,5,5", "restart", "", "t3 follower vote=1 3/2+[2 3] commit=3"},
	})
}

// §7: "the leader must occasionally send snapshots to followers that lag behind",
// "when the leader has already discarded the next log entry that it needs to send".
func TestSection7LeaderSends(t *testing.T) {
	n := nodeIn(4, "t3 leader vote=1 3/2+[2 3] commit=4 next=6,4,3,0 match=0,0,0,0")
	for _, r := range []struct {
		to         NodeID
		due        bool
		sends, why string
	}{
		{2, false, "AE t3 from 1 prev=3/2 [2 3] commit=4", "prevLogIndex is the snapshot's last: its term is known"},
		{3, true, "AE t3 from 1 prev=3/2 [2 3] commit=4", "the next entry is covered"},
		{4, true, "AE t3 from 1 prev=3/2 [2 3] commit=4", "a deviation has brought nextIndex to 0"},
	} {
		if due, sends := sending(n, r.to); due != r.due || sends != r.sends {
			t.Errorf("AppendEntries arguments, InstallSnapshot due (§7): %s: to %d %t, and %s; want %t, and %s", r.why, r.to, due, sends, r.due, r.sends)
		}
	}
	if got := n.InstallSnapshot().String(); got != "IS t3 from 1 last=3/2" {
		t.Errorf("InstallSnapshot arguments (§7): %s, want the leader's own snapshot", got)
	}
	n = nodeIn(3, "t3 leader vote=1 [] commit=0 next=1,1,0 match=0,0,0")
	for to := NodeID(2); to <= 3; to++ {
		if due, _ := sending(n, to); due {
			t.Errorf("InstallSnapshot due (§7): to %d, by a leader without a snapshot", to)
		}
	}
	n.State = parseState("t3 candidate vote=1 3/2+[] commit=3 votes=1")
	if got := n.RequestVote().String(); got != "RV t3 from 1 last=3/2" {
		t.Errorf("RequestVote arguments (§7): %s, want the snapshot's last entry", got)
	}
}

// sending says whether a snapshot is due to a server, and what AppendEntries would
// be sent there.
func sending(n *Node, to NodeID) (due bool, sends string) {
	defer sayPanic(&sends)
	return n.NeedsSnapshot(to), n.AppendEntries(to).String()
}

// The leader takes the answer to a snapshot for a success up to its last entry: the
// follower has all of that. A higher term it takes in.
func TestSection7Answer(t *testing.T) {
	m := InstallSnapshot{Term: 3, LeaderID: 1, LastIncludedIndex: 3, LastIncludedTerm: 2}
	for _, r := range []struct {
		term Term
		rule Rule
		now  string
	}{
		{2, L3, "t3 leader vote=1 3/2+[2 3] commit=4 next=6,4,6 match=0,3,0"}, // of one who answers with the term before
		{3, L3, "t3 leader vote=1 3/2+[2 3] commit=4 next=6,4,6 match=0,3,0"},
		{4, A2, "t4 follower vote=- 3/2+[2 3] commit=4"},
	} {
		n := nodeIn(3, "t3 leader vote=1 3/2+[2 3] commit=4 next=6,1,6 match=0,0,0")
		if says := installed(n, m, r.term); says != r.rule.String()+" acted" || show(n.State) != r.now {
			t.Errorf("%v: an InstallSnapshot is answered in term %d: %s, %s; want %s", r.rule, r.term, says, show(n.State), r.now)
		}
	}
	refused := InstallSnapshotResponse{4}.Ack(2, m)
	if refused.Success || refused.MatchIndex != 0 || refused.Request != 3 {
		t.Errorf("L3: an answer of a higher term is %+v, and vouches for nothing", refused)
	}
}

// installed has server 2 answer the request in a term.
func installed(n *Node, m InstallSnapshot, term Term) (says string) {
	defer sayPanic(&says)
	return deciding(n.HandleAck(InstallSnapshotResponse{term}.Ack(2, m)))
}

// The leader that a node knows is its own term's, accepted as such, or itself.
func TestSection5KnownLeader(t *testing.T) {
	const knows = "t3 follower vote=- [1] commit=0 leader=2"
	playRows(t, 3, []paperRow{
		{C3, "AppendEntries of this term", "t3 follower vote=- [1] commit=0", "AE t3 from 2 prev=1/1 [] commit=0", "AE2 passed: t3 true", knows},
		{C3, "it is the leader even where the logs do not match", "t3 follower vote=- [1] commit=0", "AE t3 from 2 prev=2/1 [] commit=0", "AE2 refused: t3 false", knows},
		{C3, "a snapshot of this term", "t3 follower vote=- [1] commit=0", "IS t3 from 2 last=1/1", "IS1 passed: t3", "t3 follower vote=- 1/1+[] commit=1 leader=2"},
		{C3, "a candidate that yields", "t3 candidate vote=1 [1] commit=0 votes=1", "AE t3 from 2 prev=1/1 [] commit=0", "AE2 passed: t3 true", "t3 follower vote=1 [1] commit=0 leader=2"},
		{AE1, "a stale leader is none", "t3 follower vote=- [1] commit=0", "AE t2 from 2 prev=1/1 [] commit=0", "AE1 refused: t3 false", "t3 follower vote=- [1] commit=0"},
		{IS1, "nor the sender of a stale snapshot", knows, "IS t2 from 3 last=1/1", "IS1 refused: t3", "="},
		{A2, "a new term has another, or none yet", knows, "RV t4 from 3 last=1/1", "RV2b passed: t4 granted", "t4 follower vote=3 [1] commit=0"},
		{A2, "a new term's leader is known at once", knows, "AE t4 from 3 prev=1/1 [] commit=0", "AE2 passed: t4 true", "t4 follower vote=- [1] commit=0 leader=3"},
		{RV2a, "a vote in this term changes nothing", knows, "RV t3 from 3 last=1/1", "RV2b passed: t3 granted", "t3 follower vote=3 [1] commit=0 leader=2"},
		{C1, "a candidate knows none", knows, "timeout", "C1 acted", "t4 candidate vote=1 [1] commit=0 votes=1"},
		{C2, "a leader knows itself", "^", "vote from 2 asked t4 says t4 granted", "C2 acted", "t4 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0 leader=1"},
		{C3, "a second leader of its term is none", "^", "AE t4 from 2 prev=1/1 [] commit=0", "C3 ignored: no answer", "="},
		{NoRule, "elected unseen", knows, "elect t5", "", "t5 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0 leader=1"},
		{NoRule, "a crash forgets it", knows, "restart", "", "t3 follower vote=- [1] commit=0"},
	})
}

// §5.3: a leader never takes in a success for what its log does not have, since it
// cannot have sent it.
func TestSection53SuccessPastLog(t *testing.T) {
	const leader = "t3 leader vote=1 [1 3] commit=0 next=3,3,3 match=0,1,0"
	playRows(t, 3, []paperRow{
		{L3, "one past the log's end", leader, "ack from 2 asked t3 says t3 match=3", "L3 refused", "="},
		{L3, "the log's end is not past it", leader, "ack from 2 asked t3 says t3 match=2", "L3 acted", "t3 leader vote=1 [1 3] commit=2 next=3,3,3 match=0,2,0"},
		{L3, "of an earlier term it is not looked at", leader, "ack from 2 asked t2 says t2 match=9", "L3 ignored", "="},
		{A2, "a higher term comes first", leader, "ack from 2 asked t3 says t4 match=9", "A2 acted", "t4 follower vote=- [1 3] commit=0"},
	})
	n := nodeIn(3, "t3 leader vote=1 [1 3] commit=0 next=3,3,3 match=0,1,0")
	if d := n.HandleAck(Ack{From: 3, Request: 3, Term: 3, MatchIndex: 9}); d.Rule != L3 || d.Outcome != Acted || n.NextIndex[2] != 2 {
		t.Errorf("L3: a refusal vouches for nothing, whatever it carries: %s, nextIndex %v", deciding(d), n.NextIndex)
	}
}
