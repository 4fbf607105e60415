package raft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A smallestCase is the least that tells a deviation from Figure 2: server 1 of
// size servers in a state, what happens to it, and what is then looked at.
type smallestCase struct {
	deviation string
	size      int
	was       string // the state before
	events    string // in the notation, with semicolons between
	looks     string // see look
	right     string // what Figure 2 comes to
	wrong     string // what the deviation comes to
}

// The states and messages follow from what is believed; right is worked out from
// Figure 2, wrong from the belief.
var smallestCases = []smallestCase{
	// RequestVote: whose log is good enough (§5.4.1).
	{"vote-longer-log-wins", 3, "t2 follower vote=- [1 2] commit=0", "RV t3 from 2 last=3/1", "answers", "no", "yes"},
	{"vote-last-term-only", 3, "t1 follower vote=- [1 1] commit=0", "RV t2 from 2 last=1/1", "answers", "no", "yes"},
	{"vote-strictly-newer", 3, "t0 follower vote=- [] commit=0", "RV t1 from 2 last=0/0", "answers", "yes", "no"},
	{"vote-both-at-least", 3, "t1 follower vote=- [1 1 1] commit=0", "RV t3 from 2 last=2/2", "answers", "yes", "no"},
	{"vote-log-unchecked", 3, "t1 follower vote=- [1] commit=0", "RV t2 from 2 last=0/0", "answers", "no", "yes"},
	{"vote-against-current-term", 3, "t3 follower vote=- [1] commit=0", "RV t4 from 2 last=1/1", "answers", "yes", "no"},
	{"vote-against-commit-index", 3, "t1 follower vote=- [1 1 1] commit=2", "RV t2 from 2 last=2/1", "answers", "no", "yes"},

	// RequestVote: whether the vote is free (§5.2).
	{"vote-twice", 3, "t0 follower vote=- [] commit=0", "RV t2 from 2 last=0/0; RV t2 from 3 last=0/0", "answers", "yes no", "yes yes"},
	{"vote-not-repeated", 3, "t0 follower vote=- [] commit=0", "RV t2 from 2 last=0/0; RV t2 from 2 last=0/0", "answers", "yes yes", "yes no"},
	{"vote-for-rival", 3, "t2 candidate vote=1 [] commit=0 votes=1", "RV t2 from 2 last=0/0", "answers", "no", "yes"},
	{"vote-cleared-by-append", 3, "t0 follower vote=- [] commit=0",
		"RV t2 from 2 last=0/0; AE t2 from 2 prev=0/0 [] commit=0; RV t2 from 3 last=0/0", "answers", "yes yes no", "yes yes yes"},
	{"vote-once-forever", 3, "t1 follower vote=2 [] commit=0", "RV t2 from 3 last=0/0", "answers", "yes", "no"},

	// RequestVote: the term (§5.1).
	{"term-must-be-newer", 3, "t1 follower vote=- [1] commit=0", "RV t3 from 2 last=0/0; RV t3 from 3 last=1/1", "answers", "no yes", "no no"},
	{"stale-vote-granted", 3, "t5 follower vote=- [] commit=0", "RV t4 from 2 last=0/0", "answers", "no", "yes"},
	{"term-kept-on-refusal", 3, "t1 follower vote=- [1] commit=0", "RV t5 from 2 last=0/0", "term", "5", "1"},
	{"term-plus-one", 3, "t1 follower vote=- [] commit=0", "RV t4 from 2 last=0/0", "term", "4", "2"},
	{"term-falls", 3, "t4 follower vote=- [] commit=0",
		"RV t6 from 2 last=0/0; AE t4 from 3 prev=0/0 [] commit=0; RV t6 from 3 last=0/0", "answers", "yes no no", "yes no yes"},
	{"no-step-down", 3, "t2 leader vote=1 [1] commit=0 next=2,2,2 match=0,0,0", "RV t3 from 2 last=1/1", "answers", "yes", "no"},
	{"grant-keeps-term", 3, "t1 follower vote=- [] commit=0", "RV t2 from 2 last=0/0", "term", "2", "1"},
	{"voter-keeps-role", 3, "t2 candidate vote=1 [] commit=0 votes=1", "RV t3 from 2 last=0/0", "role", "follower", "candidate"},

	// Elections (§5.2).
	{"count-any-vote", 3, "t1 candidate vote=1 [] commit=0 votes=1", "timeout; vote from 2 asked t1 says t1 granted", "role", "candidate", "leader"},
	{"count-voter-twice", 5, "t1 candidate vote=1 [] commit=0 votes=1",
		"vote from 2 asked t1 says t1 granted; vote from 2 asked t1 says t1 granted", "role", "candidate", "leader"},
	{"majority-of-answers", 5, "t1 candidate vote=1 [] commit=0 votes=1", "vote from 2 asked t1 says t1 granted", "role", "candidate", "leader"},
	{"majority-is-half", 8, "t1 candidate vote=1 [] commit=0 votes=1,2,3", "vote from 4 asked t1 says t1 granted", "role", "candidate", "leader"},
	{"majority-is-half", 8, "t1 leader vote=1 [1] commit=0 next=2,2,2,2,2,2,2,2 match=0,1,1,0,0,0,0,0",
		"ack from 4 asked t1 says t1 match=1", "commit", "0", "1"},
	{"majority-is-all", 5, "t1 candidate vote=1 [] commit=0 votes=1,2", "vote from 3 asked t1 says t1 granted", "role", "leader", "candidate"},
	{"majority-is-all", 5, "t1 leader vote=1 [1] commit=0 next=2,2,2,2,2 match=0,1,0,0,0",
		"ack from 3 asked t1 says t1 match=1", "commit", "1", "0"},
	{"own-vote-uncounted", 3, "t0 follower vote=- [] commit=0", "timeout; vote from 2 asked t1 says t1 granted", "role", "leader", "candidate"},
	{"term-kept-on-timeout", 3, "t1 follower vote=- [] commit=0", "timeout", "RequestVote", "RV t2 from 1 last=0/0", "RV t1 from 1 last=0/0"},
	{"offers-commit-index", 3, "t1 follower vote=- [1 1 1] commit=1", "timeout", "RequestVote", "RV t2 from 1 last=3/1", "RV t2 from 1 last=1/1"},

	// AppendEntries: the consistency check (§5.3).
	{"heartbeat-unchecked", 3, "t2 follower vote=- [1] commit=0", "AE t2 from 2 prev=3/2 [] commit=0", "answers", "no", "yes"},
	{"prev-unchecked", 3, "t2 follower vote=- [1] commit=0", "AE t2 from 2 prev=3/2 [2] commit=0", "answers", "no", "yes"},
	{"prev-unchecked", 3, "t2 follower vote=- [1] commit=0", "AE t2 from 2 prev=3/2 [2] commit=0", "log", "[1]", "[1 2]"},
	{"prev-term-unchecked", 3, "t2 follower vote=- [1 1] commit=0", "AE t2 from 2 prev=2/2 [2] commit=0", "answers", "no", "yes"},
	{"prev-must-be-last", 3, "t1 follower vote=- [1 1] commit=0", "AE t1 from 2 prev=1/1 [1] commit=0", "answers", "yes", "no"},
	{"prev-is-first-entry", 3, "t1 follower vote=- [1] commit=0", "AE t2 from 2 prev=1/1 [2] commit=0", "log", "[1 2]", "[2]"},
	{"prev-zero-missing", 3, "t0 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1] commit=0", "answers", "yes", "no"},

	// AppendEntries: the log (§5.3).
	{"always-truncate", 3, "t1 follower vote=- [1 1 1] commit=0", "AE t1 from 2 prev=1/1 [1] commit=0", "log", "[1 1 1]", "[1 1]"},
	{"conflict-kept", 3, "t2 follower vote=- [1 2 2] commit=0", "AE t3 from 2 prev=1/1 [3] commit=0", "log", "[1 3]", "[1 2 2 3]"},
	{"conflict-overwrites-one", 3, "t2 follower vote=- [1 2 2] commit=0", "AE t3 from 2 prev=1/1 [3] commit=0", "log", "[1 3]", "[1 3 2]"},
	{"conflict-by-message-term", 3, "t3 follower vote=- [1 1 1] commit=0", "AE t3 from 2 prev=1/1 [1] commit=0", "log", "[1 1 1]", "[1 1]"},
	{"append-blindly", 3, "t0 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1] commit=0; AE t1 from 2 prev=0/0 [1] commit=0", "log", "[1]", "[1 1]"},
	{"entries-take-message-term", 3, "t1 follower vote=- [1] commit=0", "AE t4 from 2 prev=1/1 [2] commit=0", "log", "[1 2]", "[1 4]"},
	{"refused-deletes-prev", 3, "t2 follower vote=- [1 1 2] commit=0", "AE t3 from 2 prev=3/3 [] commit=0", "log", "[1 1 2]", "[1 1]"},

	// AppendEntries: the leader and its term (§5.1, §5.2).
	{"stale-leader-accepted", 3, "t3 follower vote=- [1] commit=0", "AE t2 from 2 prev=1/1 [2] commit=0", "answers", "no", "yes"},
	{"equal-term-refused", 3, "t2 follower vote=- [1] commit=0", "AE t2 from 2 prev=1/1 [2] commit=0", "answers", "yes", "no"},
	{"candidate-ignores-leader", 3, "t2 candidate vote=1 [1] commit=0 votes=1", "AE t2 from 2 prev=1/1 [] commit=0", "answers", "yes", "no"},
	{"candidate-stays-candidate", 3, "t2 candidate vote=1 [1] commit=0 votes=1", "AE t2 from 2 prev=1/1 [] commit=0", "role", "follower", "candidate"},
	{"candidate-stays-candidate", 3, "t2 candidate vote=1 [1] commit=0 votes=1", "AE t2 from 2 prev=1/1 [] commit=0", "answers", "yes", "yes"},
	{"voted-for-leader", 3, "t2 follower vote=- [] commit=0", "AE t2 from 2 prev=0/0 [] commit=0; RV t2 from 3 last=0/0", "answers", "yes yes", "yes no"},
	{"reply-carries-old-term", 3, "t1 follower vote=- [] commit=0", "RV t3 from 2 last=0/0", "answer", "t3 granted", "t1 granted"},
	{"reply-carries-old-term", 3, "t1 follower vote=- [] commit=0", "AE t3 from 2 prev=1/1 [] commit=0", "answer", "t3 false", "t1 false"},
	{"reply-carries-old-term", 3, "t1 follower vote=- [] commit=0", "AE t3 from 2 prev=0/0 [] commit=0", "answer", "t3 true", "t1 true"},
	{"reply-carries-old-term", 3, "t1 follower vote=- [] commit=0", "IS t3 from 2 last=4/1", "answer", "t3", "t1"},
	{"reply-carries-old-term", 3, "t1 follower vote=- [1] commit=0", "RV t3 from 2 last=0/0", "answer", "t3 denied", "t1 denied"},
	{"conflict-cuts-to-commit", 3, "t2 follower vote=- [1 1 2 2] commit=1", "AE t3 from 2 prev=2/1 [3] commit=0", "answers", "yes", "no"},
	{"conflict-cuts-to-commit", 3, "t2 follower vote=- [1 1 2 2] commit=1", "AE t3 from 2 prev=2/1 [3] commit=0", "log", "[1 1 3]", "[1]"},
	{"tail-lost-on-step-down", 3, "t2 leader vote=1 [1 2] commit=1 next=3,3,3 match=0,0,0", "AE t3 from 2 prev=1/1 [] commit=0", "log", "[1 2]", "[1]"},
	{"tail-lost-on-step-down", 3, "t2 candidate vote=1 [1 2] commit=1 votes=1", "RV t3 from 2 last=0/0", "log", "[1 2]", "[1]"},
	{"leader-must-have-vote", 5, "t2 follower vote=3 [1] commit=0", "AE t2 from 2 prev=1/1 [] commit=0", "answers", "yes", "no"},
	{"term-kept-on-refused-append", 3, "t1 follower vote=- [1] commit=0", "AE t3 from 2 prev=2/2 [] commit=0", "term", "3", "1"},
	{"empty-append-fails", 3, "t1 follower vote=- [1] commit=0", "AE t1 from 2 prev=1/1 [] commit=0", "answers", "yes", "no"},

	// AppendEntries: commitIndex (§5.3).
	{"commit-unclamped", 3, "t1 follower vote=- [1] commit=0", "AE t1 from 2 prev=1/1 [] commit=5", "commit", "1", "5"},
	{"commit-to-log-end", 3, "t2 follower vote=- [1 2] commit=0", "AE t3 from 2 prev=1/1 [] commit=2", "commit", "1", "2"},
	{"commit-falls", 3, "t1 follower vote=- [1 1] commit=2", "AE t1 from 2 prev=2/1 [] commit=1", "commit", "2", "1"},
	{"commit-on-refusal", 3, "t2 follower vote=- [1 2] commit=0", "AE t3 from 2 prev=2/3 [] commit=2", "commit", "0", "2"},
	{"commit-on-store", 3, "t0 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1] commit=0", "commit", "0", "1"},
	{"commit-never-on-heartbeat", 3, "t1 follower vote=- [1] commit=0", "AE t1 from 2 prev=1/1 [] commit=1", "commit", "1", "0"},
	{"commit-never-on-follower", 3, "t0 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1] commit=1", "commit", "1", "0"},

	// The leader commits (§5.3, §5.4.2). The first two are Figure 8, (c) and (e).
	{"commit-any-term", 5, "t4 leader vote=1 [1 2 4] commit=1 next=4,3,4,4,4 match=0,2,0,0,0", "ack from 3 asked t4 says t4 match=2", "commit", "1", "2"},
	{"commit-stops-at-old-term", 5, "t4 leader vote=1 [1 2 4] commit=1 next=4,4,4,4,4 match=0,3,0,0,0", "ack from 3 asked t4 says t4 match=3", "commit", "3", "1"},
	{"own-copy-uncounted", 5, "t1 leader vote=1 [1] commit=0 next=2,2,2,2,2 match=0,1,0,0,0", "ack from 3 asked t1 says t1 match=1", "commit", "1", "0"},
	{"commit-on-append", 3, "t1 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "client x", "commit", "0", "1"},
	{"commit-on-election", 3, "t3 candidate vote=1 [1 2] commit=0 votes=1", "vote from 2 asked t3 says t3 granted", "commit", "0", "2"},

	// What the leader knows of the others (§5.3).
	{"match-index-at-last", 3, "t2 candidate vote=1 [1] commit=0 votes=1", "vote from 2 asked t2 says t2 granted", "match", "0", "1"},
	{"match-index-at-last", 3, "t2 candidate vote=1 [1] commit=0 votes=1",
		"vote from 3 asked t2 says t2 granted; ack from 2 asked t2 says t2 refused", "next", "1", "2"},
	{"match-index-overwritten", 3, "t1 leader vote=1 [1 1] commit=0 next=3,3,3 match=0,0,0",
		"ack from 2 asked t1 says t1 match=2; ack from 2 asked t1 says t1 match=1", "match", "2", "1"},
	{"count-any-success", 3, "t4 leader vote=1 [1 2] commit=0 next=3,3,3 match=0,0,0", "ack from 2 asked t2 says t2 match=2", "match", "0", "2"},
	{"higher-term-answer-ignored", 3, "t2 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "ack from 2 asked t2 says t3 refused", "role", "follower", "leader"},
	{"next-index-below-one", 3, "t2 leader vote=1 [1 1] commit=0 next=3,3,3 match=0,0,0",
		"ack from 2 asked t2 says t2 refused; ack from 2 asked t2 says t2 refused; ack from 2 asked t2 says t2 refused", "next", "1", "0"},
	{"match-is-last-index", 3, "t1 follower vote=- [1 1 1] commit=0", "AE t1 from 2 prev=1/1 [] commit=0", "vouched", "1", "3"},
	{"match-by-addition", 3, "t1 leader vote=1 [1 1] commit=0 next=3,3,3 match=0,0,0",
		"ack from 2 asked t1 says t1 match=1 entries=1; ack from 2 asked t1 says t1 match=1 entries=1", "match", "1", "2"},
	{"commit-one-behind", 3, "t1 leader vote=1 [1 1] commit=0 next=3,3,3 match=0,0,0", "ack from 2 asked t1 says t1 match=2", "commit", "2", "0"},
	{"commit-one-behind", 3, "t1 leader vote=1 [1 1] commit=0 next=3,3,3 match=0,0,0", "ack from 2 asked t1 says t1 match=2", "applied", "2", "1"},

	// What the leader sends (§5.3). The first is Figure 7's first heartbeat.
	{"next-index-at-last", 3, "t8 candidate vote=1 [1 1 1 4 4 5 5 6 6 6] commit=0 votes=1", "vote from 2 asked t8 says t8 granted",
		"AppendEntries", "AE t8 from 1 prev=10/6 [] commit=0", "AE t8 from 1 prev=9/6 [6] commit=0"},
	{"prev-term-is-current", 3, "t4 leader vote=1 [1 2] commit=0 next=3,3,3 match=0,0,0", "",
		"AppendEntries", "AE t4 from 1 prev=2/2 [] commit=0", "AE t4 from 1 prev=2/4 [] commit=0"},
	{"leader-commit-is-last", 5, "t1 leader vote=1 [1 1] commit=1 next=3,3,3,3,3 match=0,0,0,0,0", "",
		"AppendEntries", "AE t1 from 1 prev=2/1 [] commit=1", "AE t1 from 1 prev=2/1 [] commit=2"},

	// A crash and a restart (Figure 2, State).
	{"vote-lost-on-restart", 3, "t2 follower vote=2 [] commit=0", "restart; RV t2 from 3 last=0/0", "answers", "no", "yes"},
	{"tail-lost-on-restart", 3, "t0 follower vote=- [] commit=0", "AE t1 from 2 prev=0/0 [1] commit=0; restart", "log", "[1]", "[]"},
	{"term-lost-on-restart", 3, "t5 follower vote=- [1] commit=0", "restart; RV t3 from 2 last=1/1", "answers", "no", "yes"},
	{"commit-kept-on-restart", 3, "t1 follower vote=- [1 1] commit=2", "restart", "commit", "0", "2"},
	{"role-kept-on-restart", 3, "t1 leader vote=1 [] commit=0 next=1,1,1 match=0,0,0", "restart", "role", "follower", "leader"},
}

// A deviation that comes to what Figure 2 does is none; one that comes to
// something third is another than the one described.
func TestDeviationsInTheirSmallestCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range smallestCases {
		seen[c.deviation] = true
		d, ok := DeviationNamed(c.deviation)
		if !ok {
			t.Errorf("there is no deviation %s", c.deviation)
			continue
		}
		if got := c.play(Figure2().With(d)); got != c.wrong {
			t.Errorf("%s: %s; %s\n  %s under the deviation is %s, and should be %s", d.Name, c.was, c.events, c.looks, got, c.wrong)
		}
		if got := c.play(Figure2()); got != c.right {
			t.Errorf("%s: %s; %s\n  %s under Figure 2 is %s, and should be %s", d.Name, c.was, c.events, c.looks, got, c.right)
		}
	}
	for _, d := range Deviations() {
		if !seen[d.Name] {
			t.Errorf("%s has no case", d.Name)
		}
	}
}

// play plays the case by the rules, and looks at what comes of it.
func (c *smallestCase) play(rules *Rules) string {
	if c.looks == "vouched" {
		return fmt.Sprint(vouched(nodeBy(c, rules), c.events))
	}
	n := nodeBy(c, rules)
	var answers []string
	var last string
	for event := range strings.SplitSeq(c.events, "; ") {
		says := performSized(n, event)
		if strings.HasPrefix(event, "RV ") || strings.HasPrefix(event, "AE ") {
			answers = append(answers, yesOrNo(says))
		}
		_, last, _ = strings.Cut(says, ": ")
	}
	if c.looks == "answer" {
		return last
	}
	return look(n, c.looks, answers)
}

func nodeBy(c *smallestCase, rules *Rules) *Node {
	n := nodeIn(c.size, c.was)
	n.Rules = rules
	return n
}

// vouched is the matchIndex of the node's answer to an AppendEntries.
func vouched(n *Node, event string) Index {
	resp, _, _ := n.HandleAppendEntries(parseAppendEntries(event))
	return resp.MatchIndex
}

// performSized is perform, which also knows the number of entries of the
// request that an answer is to: ack ... entries=1.
func performSized(n *Node, event string) string {
	if event == "" {
		return ""
	}
	ack, entries, sized := strings.Cut(event, " entries=")
	if !sized {
		return perform(n, event)
	}
	f := matchNotation(ackPattern, ack)
	return deciding(n.HandleAck(Ack{From: parseNumber[NodeID](f[1]), Request: parseNumber[Term](f[2]),
		Term: parseNumber[Term](f[3]), Success: true, MatchIndex: parseNumber[Index](f[4]),
		Entries: int(parseNumber[uint64](entries))}))
}

// yesOrNo is the outcome in what perform says of a request.
func yesOrNo(says string) string {
	switch words := strings.Fields(says); words[len(words)-1] {
	case "granted", "true":
		return "yes"
	case "denied", "false":
		return "no"
	}
	return "none"
}

// look gives what a case looks at (but for "answer", the last answer in full, and
// "vouched", the matchIndex of a success): the answers, a part of server 1's state, what
// it knows of server 2, or the request that it would send now, to server 2.
func look(n *Node, what string, answers []string) string {
	switch what {
	case "answers":
		return strings.Join(answers, " ")
	case "term":
		return fmt.Sprint(n.CurrentTerm)
	case "role":
		return n.Role.String()
	case "log":
		return fmt.Sprint(n.Log.Entries())
	case "commit":
		return fmt.Sprint(n.CommitIndex)
	case "applied":
		return fmt.Sprint(n.LastApplied)
	case "next":
		return fmt.Sprint(n.NextIndex[1])
	case "match":
		return fmt.Sprint(n.MatchIndex[1])
	case "RequestVote":
		return n.RequestVote().String()
	case "AppendEntries":
		return n.AppendEntries(2).String()
	}
	panic("nothing is called " + strconv.Quote(what))
}

// Who names several rules gets all of them at once, in whatever order.
func TestRulesTogether(t *testing.T) {
	twice := func(r *Rules) string {
		c := smallestCase{size: 3, was: "t0 follower vote=- [] commit=0", looks: "answers",
			events: "RV t2 from 2 last=0/0; RV t2 from 3 last=0/0"}
		return c.play(r)
	}
	store := func(r *Rules) string {
		c := smallestCase{size: 3, was: "t0 follower vote=- [] commit=0", looks: "commit",
			events: "AE t1 from 2 prev=0/0 [1] commit=0"}
		return c.play(r)
	}
	for _, c := range []struct {
		names        []string
		twice, store string
	}{
		{nil, "yes no", "0"},
		{[]string{"figure2"}, "yes no", "0"},
		{[]string{"vote-twice"}, "yes yes", "0"},
		{[]string{"commit-on-store"}, "yes no", "1"},
		{[]string{"vote-twice", "commit-on-store"}, "yes yes", "1"},
		{[]string{"commit-on-store", "figure2", "vote-twice"}, "yes yes", "1"},
		{[]string{"notes"}, "no no", "0"}, // equal logs are not enough there
		{[]string{"notes", "commit-on-store"}, "no no", "1"},
	} {
		rules, err := RulesNamed(c.names...)
		if err != nil {
			t.Fatalf("%v: %v", c.names, err)
		}
		if v, s := twice(rules), store(rules); v != c.twice || s != c.store {
			t.Errorf("under %v, two candidates hear %s and commitIndex is %s; it should be %s and %s", c.names, v, s, c.twice, c.store)
		}
	}
}

// A deviation that a set alone has can be named alone, as all others can. If this
// fails, rules explains a name by which nothing can be replayed.
func TestMembersByName(t *testing.T) {
	for _, s := range Sets() {
		for _, d := range s.Deviations {
			rules, err := RulesNamed(d.Name)
			if err != nil || rules.Name != d.Name {
				t.Errorf("%s of %s: %+v, %v", d.Name, s.Name, rules, err)
			}
			if !slices.Contains(RulesNames(), d.Name) {
				t.Errorf("%s of %s is not among the names", d.Name, s.Name)
			}
		}
	}
}
