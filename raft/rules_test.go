package raft

import (
	"fmt"
	"slices"
	"testing"
)

// Rules that deviate ask the paper's rules for what those do in cases that the
// figure's order keeps from them: the request has not passed AE2 here.
func TestRulesAlone(t *testing.T) {
	const one, three = "t3 follower vote=- [1] commit=0", "t3 follower vote=- [1 1 2] commit=0"
	for _, r := range []struct {
		rule                    Rule
		why, was, request, says string
	}{
		{AE3, "the entry at prevLogIndex is none of the new ones", three, "AE t3 from 2 prev=2/3 [2] commit=0", "idle [1 1 2]"},
		{AE3, "where there is a hole, no entry conflicts", one, "AE t3 from 2 prev=3/1 [2] commit=0", "idle [1]"},
		{AE4, "a hole closes up", one, "AE t3 from 2 prev=3/1 [2 3] commit=0", "acted [1 2 3]"},
		{AE4, "a heartbeat past the log's end has no new entry", one, "AE t3 from 2 prev=3/1 [] commit=0", "idle [1]"},
	} {
		n := nodeIn(3, r.was)
		ask := map[Rule]func(*Node, *AppendEntries) *Decision{AE3: n.Rules.AE3, AE4: n.Rules.AE4}[r.rule]
		if got := askAlone(n, ask, parseAppendEntries(r.request)); got != r.says {
			t.Errorf("%v: %s: %s, asked of %s: %s, want %s", r.rule, r.why, r.was, r.request, got, r.says)
		}
	}
}

// askAlone gives the rule's outcome, and the log that it leaves.
func askAlone(n *Node, rule func(*Node, *AppendEntries) *Decision, m *AppendEntries) (says string) {
	defer sayPanic(&says)
	outcome := rule(n, m).Outcome
	return fmt.Sprint(outcome, " ", n.Log.Entries())
}

// A run of entries that the log has all of, or of none, appends nothing.
func TestAppendRunNothing(t *testing.T) {
	l := NewLog(parseEntries("1 1 2")...)
	for _, es := range []Entries{{}, l.After(3), l.Truncate(2).After(0), NewEntries(0, 0, parseEntries("1 1")...), NewEntries(1, 1, parseEntries("1 2")...)} {
		if got := appendAlone(l, es); got != "[1 1 2]" {
			t.Errorf("AE4: log [1 1 2] with the entries %v appended is %s", es.Slice(), got)
		}
	}
}

// What goes on from a log that begins after a snapshot begins after it too,
// whether the log's cells are shared or copied.
func TestAppendRunAfterSnapshot(t *testing.T) {
	for _, l := range []Log{NewLogAfter(Mark{3, 2}, parseEntries("2 3")...), NewLog(parseEntries("1 1 2 2 3")...).compact(3)} {
		longer := l.Append(Entry{3, "x"})
		for _, es := range []Entries{longer.After(5), longer.After(3), NewEntries(5, 3, Entry{3, "x"}), NewEntries(4, 2, Entry{3, ""}, Entry{3, "x"})} {
			if got := appendAlone(l, es); got != "3/2+[2 3 3:x]" {
				t.Errorf("AE4 (§7): log %s with the entries %v appended is %s", showLog(l), es.Slice(), got)
			}
		}
	}
}

func appendAlone(l Log, es Entries) (says string) {
	defer sayPanic(&says)
	return showLog(l.appendRun(es))
}

// The handlers do what the rules say that they are given, also where those say
// what the paper's never do: a deviation is one rule, and no other handler.
func TestHandlersHeedRules(t *testing.T) {
	const follower = "t3 follower vote=- [1] commit=0"
	for _, r := range []struct {
		rule            Rule
		why             string
		change          func(r *Rules)
		event, says, is string
	}{
		{C3, "a leader that is not recognised is refused", func(r *Rules) {
			r.C3 = func(n *Node, _ Claim) *Decision { return n.Decide(C3, Refused) }
		}, "AE t3 from 2 prev=1/1 [3] commit=0", "C3 refused: t3 false", follower},
		{C3, "a leader that is not recognised installs no snapshot", func(r *Rules) {
			r.C3 = func(n *Node, _ Claim) *Decision { return n.Decide(C3, Refused) }
		}, "IS t3 from 2 last=1/1", "C3 refused: t3", follower},
		{IS1, "a stale leader's snapshot is left without an answer", func(r *Rules) {
			r.IS1 = func(n *Node, _ *InstallSnapshot) *Decision { return n.Decide(IS1, Ignored) }
		}, "IS t2 from 2 last=1/1", "IS1 ignored: no answer", follower},
		{AE4, "entries that are not taken are refused", func(r *Rules) {
			r.AE4 = func(n *Node, _ *AppendEntries) *Decision { return n.Decide(AE4, Refused) }
		}, "AE t3 from 2 prev=1/1 [3] commit=0", "AE4 refused: t3 false", follower},
		{AE1, "a stale leader is left without an answer", func(r *Rules) {
			r.AE1 = func(n *Node, _ *AppendEntries) *Decision { return n.Decide(AE1, Ignored) }
		}, "AE t2 from 2 prev=1/1 [] commit=0", "AE1 ignored: no answer", follower},
		{AE2, "a refusal of AppendEntries leaves something behind", func(r *Rules) {
			r.RefuseAppend = func(n *Node, m *AppendEntries) { n.VotedFor = m.LeaderID }
		}, "AE t3 from 2 prev=2/2 [] commit=0", "AE2 refused: t3 false", "t3 follower vote=2 [1] commit=0"},
		{RV2b, "a refusal of RequestVote leaves something behind", func(r *Rules) {
			r.RefuseVote = func(n *Node, m *RequestVote) { n.VotedFor = m.CandidateID }
		}, "RV t3 from 2 last=0/0", "RV2b refused: t3 denied", "t3 follower vote=2 [1] commit=0"},
	} {
		n := nodeIn(3, follower)
		r.change(n.Rules)
		if says := perform(n, r.event); says != r.says || show(n.State) != r.is {
			t.Errorf("%v: %s: %s, then %s\n says %s\n want %s\n now  %s\n want %s", r.rule, r.why, follower, r.event, says, r.says, show(n.State), r.is)
		}
	}
}

// Every RequestVote is answered under Figure 2, and it is the rules that say
// where one is not.
func TestRequestVoteAnswered(t *testing.T) {
	silent := Figure2()
	silent.RV1 = func(n *Node, _ *RequestVote) *Decision { return n.Decide(RV1, Ignored) }
	for _, r := range []struct {
		rule     Rule
		rules    *Rules
		request  string
		answered bool
	}{
		{RV1, Figure2(), "RV t2 from 2 last=1/1", true},
		{RV2a, Figure2(), "RV t3 from 2 last=1/1", true},
		{RV2b, Figure2(), "RV t4 from 2 last=0/0", true},
		{RV2b, Figure2(), "RV t4 from 2 last=1/1", true},
		{RV1, silent, "RV t2 from 2 last=1/1", false},
	} {
		n := nodeIn(3, "t3 follower vote=3 [1] commit=0")
		n.Rules = r.rules
		if _, d, answered := n.HandleRequestVote(parseRequestVote(r.request)); answered != r.answered || d.Rule != r.rule {
			t.Errorf("%v: %s: %s, answered: %t, want %t", r.rule, r.request, deciding(d), answered, r.answered)
		}
	}
}

// A2 hears of every message: its term and, for deviations, its kind and which
// request it answers.
func TestHeard(t *testing.T) {
	var heard []Heard
	n := nodeIn(3, "t3 follower vote=- [] commit=0")
	n.Rules.A2 = func(n *Node, m Heard) *Decision {
		heard = append(heard, m)
		return n.Decide(A2, Idle)
	}
	for _, event := range []string{"RV t4 from 2 last=0/0", "vote from 2 asked t1 says t5 denied",
		"AE t6 from 2 prev=0/0 [] commit=0", "IS t6 from 2 last=1/1", "ack from 2 asked t1 says t7 refused"} {
		perform(n, event)
	}
	n.HandleAck(Ack{From: 2, Request: 1, Term: 8, Entries: 1})
	want := []Heard{{RequestVoteRequest, 4, 0, false}, {RequestVoteAnswer, 5, 1, false}, {AppendEntriesRequest, 6, 0, false},
		{InstallSnapshotRequest, 6, 0, false}, {AppendEntriesAnswer, 7, 1, true}, {AppendEntriesAnswer, 8, 1, false}}
	if !slices.Equal(heard, want) {
		t.Errorf("A2: of six messages it hears %v, want %v", heard, want)
	}
}

// What deviations remember of a role ends with the role, and with a candidacy.
func TestExtraEndsWithRole(t *testing.T) {
	const candidate = "t3 candidate vote=1 [] commit=0 votes=1"
	for _, r := range []struct {
		rule  Rule
		event string
	}{
		{A2, "RV t4 from 2 last=0/0"},
		{C1, "timeout"},
		{C2, "vote from 2 asked t3 says t3 granted"},
		{C3, "AE t3 from 2 prev=0/0 [] commit=0"},
		{NoRule, "stepdown"},
	} {
		n := nodeIn(3, candidate)
		n.Extra = Extra{Answered: SetOf(2), Again: 1}
		if perform(n, r.event); n.Extra != (Extra{}) {
			t.Errorf("%v: %s, then %s: Extra is still %+v", r.rule, candidate, r.event, n.Extra)
		}
	}
}

// A success vouches for the log up to the last new entry, whatever the node has
// beyond it: a leader that takes more for replicated commits what is not (§5.3).
// A refusal vouches for nothing.
func TestSuccessVouches(t *testing.T) {
	for _, r := range []struct {
		was, request string
		want         Index
	}{
		{"t3 follower vote=- [1 1 2] commit=0", "AE t3 from 2 prev=1/1 [1] commit=0", 2},
		{"t3 follower vote=- [1 1 2] commit=0", "AE t3 from 2 prev=2/1 [] commit=0", 2},
		{"t3 follower vote=- [] commit=0", "AE t3 from 2 prev=0/0 [1 1 2] commit=0", 3},
		{"t3 follower vote=- [1 1 2] commit=0", "AE t3 from 2 prev=3/3 [3] commit=0", 0},
	} {
		resp, _, _ := nodeIn(3, r.was).HandleAppendEntries(parseAppendEntries(r.request))
		if resp.MatchIndex != r.want {
			t.Errorf("L3: %s, then %s: the answer vouches for index %d, want %d", r.was, r.request, resp.MatchIndex, r.want)
		}
	}
}
