package raft

import (
	"fmt"
	"strings"
	"testing"
)

// The tables of this file and of paper_append_test.go are named for the
// sections of the extended Raft paper. Every row says why the paper wants it
// so; the answers are the paper's, not this package's.

// §5.1: "Current terms are exchanged whenever servers communicate; if one
// server's current term is smaller than the other's, then it updates its
// current term to the larger value. If a candidate or leader discovers that
// its term is out of date, it immediately reverts to follower state."
func TestSection51HigherTerm(t *testing.T) {
	const (
		follower  = "t2 follower vote=3 [1 2] commit=1"
		candidate = "t2 candidate vote=1 [1 2] commit=1 votes=1"
		leader    = "t2 leader vote=1 [1 2] commit=1 next=3,3,3 match=0,1,0"
		behind    = "t3 follower vote=- [1 2] commit=1" // any of them, in term 3
	)
	playRows(t, 3, []paperRow{
		{A2, "term + 1 is higher: taken in, and its vote is still free", follower, "AE t3 from 2 prev=2/2 [] commit=0", "AE2 passed: t3 true", behind},
		{A2, "an equal term is not higher: the vote stays", follower, "AE t2 from 2 prev=2/2 [] commit=0", "AE2 passed: t2 true", "="},
		{A2, "a lower term is not taken in", follower, "AE t1 from 2 prev=2/2 [] commit=0", "AE1 refused: t2 false", "="},
		{A2, "the term is set, not counted up", follower, "AE t7 from 2 prev=2/2 [] commit=0", "AE2 passed: t7 true", "t7 follower vote=- [1 2] commit=1"},
		{A2, "the highest term there is", follower, "AE t9223372036854775807 from 2 prev=0/0 [] commit=0", "AE2 passed: t9223372036854775807 true", "t9223372036854775807 follower vote=- [1 2] commit=1"},
		{A2, "a refused AppendEntries leaves its higher term", follower, "AE t3 from 2 prev=2/1 [] commit=0", "AE2 refused: t3 false", behind},
		{A2, "a refused RequestVote leaves its higher term", follower, "RV t3 from 2 last=0/0", "RV2b refused: t3 denied", behind},
		{A2, "the old term's vote does not bind in the new one", follower, "RV t3 from 2 last=2/2", "RV2b passed: t3 granted", "t3 follower vote=2 [1 2] commit=1"},
		{A2, "the same candidate asks again in a later term", follower, "RV t3 from 3 last=2/2", "RV2b passed: t3 granted", "t3 follower vote=3 [1 2] commit=1"},
		{A2, "a late answer to a vote brings its term to a follower too", follower, "vote from 2 asked t1 says t3 denied", "A2 acted", behind},
		{A2, "a late answer to AppendEntries brings its term to a follower too", follower, "ack from 2 asked t1 says t3 refused", "A2 acted", behind},

		{A2, "candidate: AppendEntries of a higher term", candidate, "AE t3 from 2 prev=0/0 [] commit=0", "AE2 passed: t3 true", behind},
		{A2, "candidate: refused AppendEntries of a higher term", candidate, "AE t3 from 2 prev=3/2 [] commit=0", "AE2 refused: t3 false", behind},
		{A2, "candidate: RequestVote of a higher term, granted", candidate, "RV t3 from 2 last=2/2", "RV2b passed: t3 granted", "t3 follower vote=2 [1 2] commit=1"},
		{A2, "candidate: RequestVote of a higher term, refused", candidate, "RV t3 from 2 last=1/1", "RV2b refused: t3 denied", behind},
		{A2, "candidate: a refusal of a higher term", candidate, "vote from 2 asked t2 says t3 denied", "A2 acted", behind},
		{A2, "candidate: an equal term in a refusal ends nothing", candidate, "vote from 2 asked t2 says t2 denied", "C2 idle", "="},
		{A2, "candidate: a late AppendEntries answer of a higher term", candidate, "ack from 2 asked t1 says t3 refused", "A2 acted", behind},

		{A2, "leader: AppendEntries of a higher term", leader, "AE t3 from 2 prev=2/2 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 2 3] commit=1"},
		{A2, "leader: RequestVote of a higher term, granted", leader, "RV t3 from 2 last=2/2", "RV2b passed: t3 granted", "t3 follower vote=2 [1 2] commit=1"},
		{A2, "leader: RequestVote of a higher term, refused", leader, "RV t3 from 2 last=1/1", "RV2b refused: t3 denied", behind},
		{A2, "leader: a refusal of a higher term is no log inconsistency", leader, "ack from 2 asked t2 says t3 refused", "A2 acted", behind},
		{A2, "leader: a success of a higher term counts for nothing", leader, "ack from 2 asked t2 says t3 match=2", "A2 acted", behind},
		{A2, "leader: a late vote answer of a higher term", leader, "vote from 2 asked t2 says t3 denied", "A2 acted", behind},
		{A2, "leader: an equal term in a refusal ends nothing", leader, "ack from 3 asked t2 says t2 refused", "L3 acted", "t2 leader vote=1 [1 2] commit=1 next=3,3,2 match=0,1,0"},
	})
}

// §5.1: "If a server receives a request with a stale term number, it rejects
// the request." The answer carries currentTerm, for the sender to step down.
func TestSection51StaleTerm(t *testing.T) {
	const (
		follower  = "t3 follower vote=- [1] commit=0"
		candidate = "t3 candidate vote=1 [1] commit=0 votes=1"
		leader    = "t3 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0"
	)
	playRows(t, 3, []paperRow{
		{AE1, "term - 1 is stale: no entry, no commit", follower, "AE t2 from 2 prev=1/1 [2] commit=1", "AE1 refused: t3 false", "="},
		{AE1, "an equal term is not stale", follower, "AE t3 from 2 prev=1/1 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=- [1 3] commit=0"},
		{AE1, "a higher term is not stale", follower, "AE t4 from 2 prev=1/1 [4] commit=0", "AE2 passed: t4 true", "t4 follower vote=- [1 4] commit=0"},
		{AE1, "a stale leader does not end a candidacy", candidate, "AE t2 from 2 prev=1/1 [] commit=1", "AE1 refused: t3 false", "="},
		{AE1, "a stale leader is answered by the new one", leader, "AE t2 from 2 prev=1/1 [] commit=1", "AE1 refused: t3 false", "="},
		{RV1, "term - 1 is stale, however good the log", follower, "RV t2 from 2 last=9/2", "RV1 refused: t3 denied", "="},
		{RV1, "an equal term is not stale", follower, "RV t3 from 2 last=1/1", "RV2b passed: t3 granted", "t3 follower vote=2 [1] commit=0"},
		{RV1, "a late duplicate, of the very candidate that has the vote", "t3 follower vote=2 [1] commit=0", "RV t2 from 2 last=1/1", "RV1 refused: t3 denied", "="},
		{RV1, "a candidate refuses a stale rival for its term", candidate, "RV t2 from 2 last=1/1", "RV1 refused: t3 denied", "="},
		{RV1, "a leader refuses a stale rival for its term", leader, "RV t2 from 2 last=1/1", "RV1 refused: t3 denied", "="},
	})
}

// Figure 2, State: currentTerm, votedFor and log[] are persistent, "updated on
// stable storage before responding to RPCs"; all else is volatile.
func TestFigure2Restart(t *testing.T) {
	playRows(t, 3, []paperRow{
		{NoRule, "a follower keeps term, vote and log; commitIndex starts at 0", "t3 follower vote=2 [1 2] commit=2", "restart", "", "t3 follower vote=2 [1 2] commit=0"},
		{RV2a, "the vote that was kept still binds", "^", "RV t3 from 3 last=9/2", "RV2a refused: t3 denied", "="},
		{RV1, "the term that was kept still refuses", "^", "RV t2 from 3 last=9/2", "RV1 refused: t3 denied", "="},
		{AE5, "commitIndex is learnt anew, and entries applied anew", "^", "AE t3 from 2 prev=2/2 [] commit=2", "AE2 passed: t3 true", "t3 follower vote=2 [1 2] commit=2"},
		{NoRule, "a candidate comes back as a follower without votes", "t3 candidate vote=1 [1] commit=1 votes=1", "restart", "", "t3 follower vote=1 [1] commit=0"},
		{C2, "a grant that arrives after the crash finds no candidate", "^", "vote from 2 asked t3 says t3 granted", "C2 ignored", "="},
		{NoRule, "a leader comes back as a follower", "t3 leader vote=1 [1 3] commit=2 next=3,3,3 match=0,2,0", "restart", "", "t3 follower vote=1 [1 3] commit=0"},
		{L3, "a success that arrives after the crash finds no leader", "^", "ack from 2 asked t3 says t3 match=2", "L3 ignored", "="},
		{C1, "its next election is in a new term", "^", "timeout", "C1 acted", "t4 candidate vote=1 [1 3] commit=0 votes=1"},
	})
}

// §5.2: "If a follower receives no communication over a period of time called
// the election timeout, then it ... begins an election": "increments its
// current term and transitions to candidate state. It then votes for itself."
func TestSection52StartElection(t *testing.T) {
	playRows(t, 5, []paperRow{
		{F2, "the first election is of term 1", "t0 follower vote=- [] commit=0", "timeout", "C1 acted", "t1 candidate vote=1 [] commit=0 votes=1"},
		{C1, "log and commitIndex stay as they are", "t2 follower vote=- [1 2] commit=1", "timeout", "C1 acted", "t3 candidate vote=1 [1 2] commit=1 votes=1"},
		{C1, "the vote of the term before went to another", "t2 follower vote=3 [1] commit=1", "timeout", "C1 acted", "t3 candidate vote=1 [1] commit=1 votes=1"},
		{F2, "a split vote: the candidate tries again, without the old votes", "t3 candidate vote=1 [1] commit=0 votes=1,2", "timeout", "C1 acted", "t4 candidate vote=1 [1] commit=0 votes=1"},
		{C2, "a grant of the term that timed out", "^", "vote from 3 asked t3 says t3 granted", "C2 ignored", "="},
		{F2, "a leader has no election timeout: a heartbeat falls due", "t3 leader vote=1 [1] commit=0 next=2,2,2,2,2 match=0,0,0,0,0", "timeout", "F2 idle", "="},
		{C1, "the last term there is", "t9223372036854775806 follower vote=- [] commit=0", "timeout", "C1 acted", "t9223372036854775807 candidate vote=1 [] commit=0 votes=1"},
	})
}

// §5.2: "A candidate wins an election if it receives votes from a majority of
// the servers in the full cluster for the same term."
func TestSection52CountVotes(t *testing.T) {
	const (
		one    = "t3 candidate vote=1 [1 1 2] commit=1 votes=1"
		two    = "t3 candidate vote=1 [1 1 2] commit=1 votes=1,2"
		leader = "t3 leader vote=1 [1 1 2] commit=1 next=4,4,4,4,4 match=0,0,0,0,0"
	)
	playRows(t, 5, []paperRow{
		{C2, "two of five are no majority", one, "vote from 2 asked t3 says t3 granted", "C2 acted", two},
		{C2, "the same voter counts once", "^", "vote from 2 asked t3 says t3 granted", "C2 acted", "="},
		{C2, "its own vote counts once", "^", "vote from 1 asked t3 says t3 granted", "C2 acted", "="},
		{C2, "a refusal is no vote", "^", "vote from 3 asked t3 says t3 denied", "C2 idle", "="},
		{C2, "a grant of an earlier term is no vote of this one", "^", "vote from 3 asked t2 says t2 granted", "C2 ignored", "="},
		{C2, "a late refusal by a server that has reached this term", "^", "vote from 3 asked t2 says t3 denied", "C2 ignored", "="},
		{C2, "three of five win; nextIndex is last log index + 1, matchIndex 0", "^", "vote from 5 asked t3 says t3 granted", "C2 acted", leader},
		{C2, "a vote too many changes nothing", "^", "vote from 4 asked t3 says t3 granted", "C2 ignored", "="},
		{C2, "a candidate that has yielded is none any more", "t3 follower vote=1 [1] commit=0", "vote from 2 asked t3 says t3 granted", "C2 ignored", "="},
		{C2, "it does not matter which servers the votes are from", one, "vote from 4 asked t3 says t3 granted", "C2 acted", "t3 candidate vote=1 [1 1 2] commit=1 votes=1,4"},
		{NoRule, "elected unseen: votes for itself, and all is fresh", "t2 follower vote=3 [1 1 2] commit=1", "elect t3", "", leader},
		{NoRule, "elected unseen in its current term", one, "elect t3", "", leader},
	})
}

// A majority is more than half: 5 of 8. One vote less leaves a candidate.
func TestSection52Majority(t *testing.T) {
	need := map[int]int{1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 4, 8: 5, 9: 5, 10: 6, 63: 32, 64: 33}
	for size, want := range need {
		n := NewNode(NodeID(size), size, Figure2())
		n.Timeout()
		votes := 1
		for voter := NodeID(1); n.Role == Candidate && int(voter) < size; voter++ {
			n.HandleVote(Vote{From: voter, Request: 1, Term: 1, Granted: true})
			votes++
		}
		if n.Role != Leader || votes != want {
			t.Errorf("C2: of %d servers a %v has %d votes; a majority is %d (§5.2: more than half)", size, n.Role, votes, want)
		}
	}
}

// A single server is its own majority: it leads at once, and commits at once.
func TestSection52SingleServer(t *testing.T) {
	playRows(t, 1, []paperRow{
		{C2, "its own vote is a majority", "t0 follower vote=- [] commit=0", "timeout", "C1 acted", "t1 leader vote=1 [] commit=0 next=1 match=0"},
		{L4, "its own copy is a majority", "^", "client x", "L2 acted", "t1 leader vote=1 [1:x] commit=1 next=1 match=0"},
		{L4, "each command at once", "^", "client y", "L2 acted", "t1 leader vote=1 [1:x 1:y] commit=2 next=1 match=0"},
		{NoRule, "a crash forgets commitIndex alone", "^", "restart", "", "t1 follower vote=1 [1:x 1:y] commit=0"},
		{L4, "entries of an earlier term are not committed by being there", "^", "timeout", "C1 acted", "t2 leader vote=1 [1:x 1:y] commit=0 next=3 match=0"},
		{L4, "an entry of this term commits those before it", "^", "client z", "L2 acted", "t2 leader vote=1 [1:x 1:y 2:z] commit=3 next=3 match=0"},
	})
}

// §5.2: "Each server will vote for at most one candidate in a given term, on a
// first-come-first-served basis."
func TestSection52OneVoteATerm(t *testing.T) {
	playRows(t, 3, []paperRow{
		{RV2a, "the first to ask gets the vote", "t3 follower vote=- [1] commit=0", "RV t3 from 2 last=1/1", "RV2b passed: t3 granted", "t3 follower vote=2 [1] commit=0"},
		{RV2a, "the second does not, however good its log", "^", "RV t3 from 3 last=9/2", "RV2a refused: t3 denied", "="},
		{RV2a, "the same request again gets the same answer", "^", "RV t3 from 2 last=1/1", "RV2b passed: t3 granted", "="},
		{RV2a, "entries from the term's leader leave the vote as it was", "^", "AE t3 from 3 prev=1/1 [3] commit=0", "AE2 passed: t3 true", "t3 follower vote=2 [1 3] commit=0"},
		{RV2b, "again, but now the voter's log is ahead: both halves are asked", "^", "RV t3 from 2 last=1/1", "RV2b refused: t3 denied", "="},
		{RV2a, "a refused candidate took no vote", "t3 follower vote=- [1] commit=0", "RV t3 from 2 last=0/0", "RV2b refused: t3 denied", "="},
		{RV2a, "so that the next one can have it", "^", "RV t3 from 3 last=1/1", "RV2b passed: t3 granted", "t3 follower vote=3 [1] commit=0"},
		{RV2a, "a candidate has voted for itself", "t3 candidate vote=1 [] commit=0 votes=1", "RV t3 from 2 last=9/2", "RV2a refused: t3 denied", "="},
		{RV2a, "a leader has voted for itself", "t3 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "RV t3 from 2 last=9/2", "RV2a refused: t3 denied", "="},
	})
}

// §5.2: "If the leader's term (included in its RPC) is at least as large as the
// candidate's current term, then the candidate recognizes the leader as
// legitimate and returns to follower state."
func TestSection52YieldToLeader(t *testing.T) {
	const (
		candidate = "t3 candidate vote=1 [1 2] commit=1 votes=1"
		yielded   = "t3 follower vote=1 [1 2] commit=1"
		leader    = "t3 leader vote=1 [1 3] commit=1 next=3,3,3 match=0,0,0"
	)
	playRows(t, 3, []paperRow{
		{C3, "a leader of the same term: follower, and the vote was cast", candidate, "AE t3 from 2 prev=2/2 [] commit=0", "AE2 passed: t3 true", yielded},
		{C3, "it is the leader even where the logs do not match", candidate, "AE t3 from 2 prev=2/1 [] commit=0", "AE2 refused: t3 false", yielded},
		{C2, "grants that come after that find no candidate", "^", "vote from 3 asked t3 says t3 granted", "C2 ignored", "="},
		{C3, "an earlier term's leader is none", candidate, "AE t2 from 2 prev=2/2 [] commit=0", "AE1 refused: t3 false", "="},
		{C3, "a follower needs not have voted for the leader", "t3 follower vote=3 [1 2] commit=1", "AE t3 from 2 prev=2/2 [] commit=0", "AE2 passed: t3 true", "="},
		{C3, "two leaders in one term: Election Safety rules it out, no answer", leader, "AE t3 from 2 prev=1/1 [3 3] commit=3", "C3 ignored: no answer", "="},
		{C3, "no answer either where AE2 would refuse", leader, "AE t3 from 2 prev=9/3 [] commit=0", "C3 ignored: no answer", "="},
	})
}

// §5.4.1: "If the logs have last entries with different terms, then the log
// with the later term is more up-to-date. If the logs end with the same term,
// then whichever log is longer is more up-to-date." Equal logs are enough.
func TestSection541ElectionRestriction(t *testing.T) {
	rows := []struct {
		why   string
		log   string
		last  string // the candidate's lastLogIndex/lastLogTerm
		grant bool
	}{
		{"equal logs", "1 2 2", "3/2", true},
		{"same last term, longer by one", "1 2 2", "4/2", true},
		{"same last term, shorter by one", "1 2 2", "2/2", false},
		{"later last term, same length", "1 2 2", "3/3", true},
		{"later last term, shorter", "1 2 2", "1/3", true},
		{"later last term, longer", "1 2 2", "4/3", true},
		{"earlier last term, same length", "1 2 2", "3/1", false},
		{"earlier last term, longer", "1 2 2", "9/1", false},
		{"earlier last term, shorter", "1 2 2", "2/1", false},
		{"an empty log against any other", "1", "0/0", false},
		{"two empty logs", "", "0/0", true},
		{"any log against an empty one", "", "1/1", true},
		{"the voter's last term counts, not its current one", "1", "1/1", true},
	}
	for _, r := range rows {
		// The voter's commitIndex is 0 or its last index: it plays no part.
		for _, commit := range []int{0, len(strings.Fields(r.log))} {
			was := fmt.Sprintf("t5 follower vote=- [%s] commit=%d", r.log, commit)
			now := fmt.Sprintf("t6 follower vote=- [%s] commit=%d", r.log, commit)
			says := "RV2b refused: t6 denied"
			if r.grant {
				says, now = "RV2b passed: t6 granted", strings.Replace(now, "vote=-", "vote=2", 1)
			}
			playRows(t, 3, []paperRow{{RV2b, r.why, was, "RV t6 from 2 last=" + r.last, says, now}})
		}
	}
}

// L4 as Figure 2 has it, "there exists an N", on a log that only an impossible
// message can have made: its terms fall, and the highest N is not the one.
func TestCommitRuleFallenTerms(t *testing.T) {
	playRows(t, 3, []paperRow{
		{AE4, "impossible, delivered all the same", "t2 follower vote=- [] commit=0", "AE t2 from 2 prev=0/0 [3 2] commit=0", "AE2 passed: t2 true", "t2 follower vote=- [3 2] commit=0"},
		{C1, "", "^", "timeout", "C1 acted", "t3 candidate vote=1 [3 2] commit=0 votes=1"},
		{C2, "", "^", "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [3 2] commit=0 next=3,3,3 match=0,0,0"},
		{L4, "N = 1 has a majority and log[1].term == currentTerm", "^", "ack from 2 asked t3 says t3 match=2", "L3 acted", "t3 leader vote=1 [3 2] commit=1 next=3,3,3 match=0,2,0"},
		{L4, "no N at all", "t3 leader vote=1 [2 1] commit=0 next=3,3,3 match=0,0,0", "ack from 2 asked t3 says t3 match=2", "L3 acted", "t3 leader vote=1 [2 1] commit=0 next=3,3,3 match=0,2,0"},
		{L4, "no N where more is committed than this leader knows of", "t3 leader vote=1 [2 1 1] commit=2 next=4,4,4 match=0,0,0", "ack from 2 asked t3 says t3 match=1", "L3 acted", "t3 leader vote=1 [2 1 1] commit=2 next=4,2,4 match=0,1,0"},
	})
}

// The same on a log with entries of terms that its server has not seen: their
// leader counts the entries of its own term before them.
func TestCommitRuleLaterTerms(t *testing.T) {
	playRows(t, 3, []paperRow{
		{AE4, "impossible, delivered all the same", "t2 follower vote=- [] commit=0", "AE t2 from 2 prev=0/0 [2 3 4] commit=0", "AE2 passed: t2 true", "t2 follower vote=- [2 3 4] commit=0"},
		{C1, "", "^", "timeout", "C1 acted", "t3 candidate vote=1 [2 3 4] commit=0 votes=1"},
		{C2, "", "^", "vote from 2 asked t3 says t3 granted", "C2 acted", "t3 leader vote=1 [2 3 4] commit=0 next=4,4,4 match=0,0,0"},
		{L4, "N = 2 has a majority and log[2].term == currentTerm", "^", "ack from 2 asked t3 says t3 match=3", "L3 acted", "t3 leader vote=1 [2 3 4] commit=2 next=4,4,4 match=0,3,0"},
	})
}
