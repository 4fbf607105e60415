package raft

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decisionsOf lets the event happen to server 1 of size servers, and gives what
// it recorded.
func decisionsOf(size int, was, event string) []Decision {
	var record []Decision
	n := nodeIn(size, was)
	n.Record = &record
	perform(n, event)
	return record
}

// Figure 2's rules are asked in the figure's order, and none after the one that
// settles the answer.
func TestRulesInFigureOrder(t *testing.T) {
	const (
		follower = "t2 follower vote=- [1 1] commit=0"
		leader   = "t2 leader vote=1 [2] commit=0 next=2,2,2 match=0,0,0"
	)
	for _, r := range []struct{ why, was, event, rules string }{
		{"all five lines", follower, "AE t3 from 2 prev=1/1 [3] commit=2", "A2 acted, AE1 passed, C3 idle, AE2 passed, AE3 acted, AE4 acted, AE5 acted, A1 acted"},
		{"a heartbeat changes nothing", follower, "AE t2 from 2 prev=2/1 [] commit=0", "A2 idle, AE1 passed, C3 idle, AE2 passed, AE3 idle, AE4 idle, AE5 idle, A1 idle"},
		{"no line after 1", follower, "AE t1 from 2 prev=2/1 [] commit=2", "A2 idle, AE1 refused"},
		{"no line after 2", follower, "AE t2 from 2 prev=3/1 [] commit=2", "A2 idle, AE1 passed, C3 idle, AE2 refused"},
		{"a candidate yields before the logs are compared", "t2 candidate vote=1 [] commit=0 votes=1", "AE t2 from 2 prev=1/1 [] commit=0", "A2 idle, AE1 passed, C3 acted, AE2 refused"},
		{"a leader heeds no leader of its term", leader, "AE t2 from 2 prev=0/0 [] commit=0", "A2 idle, AE1 passed, C3 ignored"},
		{"both lines of RequestVote", follower, "RV t3 from 2 last=2/1", "A2 acted, RV1 passed, RV2a passed, RV2b passed"},
		{"the log is not asked about without a free vote", "t2 follower vote=3 [] commit=0", "RV t2 from 2 last=0/0", "A2 idle, RV1 passed, RV2a refused"},
		{"nor the vote in a stale term", follower, "RV t1 from 2 last=0/0", "A2 idle, RV1 refused"},
		{"a snapshot of what the log has", follower, "IS t3 from 2 last=1/1", "A2 acted, IS1 passed, C3 idle, IS6 acted, IS8 acted"},
		{"a snapshot of what the log does not have", follower, "IS t2 from 2 last=4/2", "A2 idle, IS1 passed, C3 idle, IS6 idle, IS7 acted, IS8 acted"},
		{"a snapshot of what is applied", "t2 follower vote=- [1 1] commit=2", "IS t2 from 2 last=1/1", "A2 idle, IS1 passed, C3 idle, IS6 acted, IS8 idle"},
		{"an old snapshot", "t2 follower vote=- 2/1+[] commit=2", "IS t2 from 2 last=1/1", "A2 idle, IS1 passed, C3 idle, IS6 ignored"},
		{"no line after IS1", follower, "IS t1 from 2 last=1/1", "A2 idle, IS1 refused"},
		{"a candidate yields before it installs", "t2 candidate vote=1 [] commit=0 votes=1", "IS t2 from 2 last=1/1", "A2 idle, IS1 passed, C3 acted, IS6 idle, IS7 acted, IS8 acted"},
		{"a leader heeds no snapshot of its term", leader, "IS t2 from 2 last=1/1", "A2 idle, IS1 passed, C3 ignored"},
		{"a success past the log commits nothing", leader, "ack from 2 asked t2 says t2 match=2", "A2 idle, L3 refused"},
		{"a new configuration asks L4 of a leader", leader, "voters 1,2", "L4 idle, A1 idle"},
		{"and nothing of another", follower, "voters 1,2", ""},
		{"a timeout is an election", follower, "timeout", "F2 acted, C1 acted"},
		{"but not a leader's", leader, "timeout", "F2 idle"},
		{"the winning vote", "t2 candidate vote=1 [] commit=0 votes=1", "vote from 2 asked t2 says t2 granted", "A2 idle, C2 acted, A1 idle"},
		{"a success may commit", leader, "ack from 2 asked t2 says t2 match=1", "A2 idle, L3 acted, L4 acted, A1 acted"},
		{"a refusal cannot", leader, "ack from 2 asked t2 says t2 refused", "A2 idle, L3 acted"},
		{"whoever steps down does not count the answer", leader, "ack from 2 asked t2 says t3 refused", "A2 acted"},
		{"a command waits for answers", leader, "client x", "L2 acted"},
		{"a leader that is elected unseen", follower, "elect t3", "C2 acted, A1 idle"},
	} {
		var names []string
		for _, d := range decisionsOf(3, r.was, r.event) {
			names = append(names, deciding(d))
		}
		if got := strings.Join(names, ", "); got != r.rules {
			t.Errorf("%s: %s: %s, then %s\n asks %s\n want %s", firstDifferent(names, strings.Split(r.rules, ", ")), r.why, r.was, r.event, got, r.rules)
		}
	}
}

// A majority without an answer is C2's decision too: of one's own vote alone, or
// of votes that nobody has seen.
func TestDecisionFiguresUnanswered(t *testing.T) {
	for _, r := range []struct {
		size       int
		was, event string
		want       []Decision
	}{
		{1, "t2 follower vote=- [1] commit=0", "timeout", []Decision{{Rule: C2, Outcome: Acted, Node: 1, Role: Candidate, Term: 3, Current: 3, Count: 1, Need: 1}}},
		{2, "t2 follower vote=- [1] commit=0", "timeout", nil},
		{3, "t2 candidate vote=1 [1] commit=0 votes=1", "elect t4", []Decision{{Rule: C2, Outcome: Acted, Role: Candidate, Term: 4, Current: 2, Need: 2}}},
	} {
		var got []Decision
		for _, d := range decisionsOf(r.size, r.was, r.event) {
			if d.Rule == C2 {
				d.Set = 0 // see TestDecisionSets
				got = append(got, d)
			}
		}
		if diff := cmp.Diff(r.want, got); diff != "" {
			t.Errorf("C2, elect: %s, then %s: the figures of the decision (-want +got):\n%s", r.was, r.event, diff)
		}
	}
}

// firstDifferent gives what the lists have where they part: "C3 acted, want C3
// idle".
func firstDifferent(got, want []string) string {
	got, want = append(got, "nothing"), append(want, "nothing")
	i := 0
	for got[i] == want[i] {
		i++
	}
	return got[i] + ", want " + want[i]
}

// The figures of each rule: those of this very case, as its doc comment says.
func TestDecisionFigures(t *testing.T) {
	const (
		follower  = "t3 follower vote=2 [1 1 2] commit=1"
		candidate = "t3 candidate vote=1 [1 1 2] commit=0 votes=1"
		leader    = "t3 leader vote=1 [1 1 3] commit=1 next=4,4,4 match=0,0,0"
		after     = "t3 follower vote=- 2/1+[2 2] commit=2"
	)
	for _, r := range []struct {
		was, event string
		want       Decision
	}{
		{leader, "AE t5 from 2 prev=0/0 [] commit=0", Decision{Rule: A2, Outcome: Acted, Role: Leader, Term: 5, Current: 3}},
		{follower, "AE t3 from 2 prev=0/0 [] commit=0", Decision{Rule: A2, Outcome: Idle, Role: Follower, Term: 3, Current: 3}},
		{follower, "AE t2 from 2 prev=0/0 [] commit=0", Decision{Rule: AE1, Outcome: Refused, Term: 2, Current: 3}},
		{follower, "AE t3 from 2 prev=0/0 [] commit=0", Decision{Rule: AE2, Outcome: Passed}},
		{follower, "AE t3 from 2 prev=2/1 [] commit=0", Decision{Rule: AE2, Outcome: Passed, Msg: Mark{2, 1}, Own: Mark{2, 1}}},
		{follower, "AE t3 from 2 prev=2/3 [] commit=0", Decision{Rule: AE2, Outcome: Refused, Msg: Mark{2, 3}, Own: Mark{2, 1}}},
		{follower, "AE t3 from 2 prev=5/3 [] commit=0", Decision{Rule: AE2, Outcome: Refused, Msg: Mark{5, 3}, Own: Mark{3, 2}}},
		{follower, "AE t3 from 2 prev=1/1 [3] commit=0", Decision{Rule: AE3, Outcome: Acted, Own: Mark{2, 1}, From: 2, To: 3}},
		{follower, "AE t3 from 2 prev=1/1 [1] commit=0", Decision{Rule: AE3, Outcome: Idle}},
		{follower, "AE t3 from 2 prev=2/1 [2 3 3] commit=0", Decision{Rule: AE4, Outcome: Acted, From: 4, To: 5, Count: 3}},
		{follower, "AE t3 from 2 prev=2/1 [2] commit=0", Decision{Rule: AE4, Outcome: Idle, Count: 1}},
		{follower, "AE t3 from 2 prev=0/0 [1] commit=0", Decision{Rule: AE4, Outcome: Idle, Count: 1}},
		{follower, "AE t3 from 2 prev=2/1 [] commit=9", Decision{Rule: AE5, Outcome: Acted, Msg: Mark{Index: 9}, Own: Mark{Index: 2}, From: 1, To: 2}},
		{follower, "AE t3 from 2 prev=2/1 [] commit=1", Decision{Rule: AE5, Outcome: Idle, Msg: Mark{Index: 1}, Own: Mark{Index: 2}, From: 1, To: 1}},
		{follower, "AE t3 from 2 prev=3/2 [] commit=3", Decision{Rule: A1, Outcome: Acted, From: 1, To: 3}},
		{after, "AE t3 from 2 prev=2/1 [] commit=0", Decision{Rule: AE2, Outcome: Passed, Msg: Mark{2, 1}, Own: Mark{2, 1}, Base: 2}},
		{after, "AE t3 from 2 prev=2/2 [] commit=0", Decision{Rule: AE2, Outcome: Refused, Msg: Mark{2, 2}, Own: Mark{2, 1}, Base: 2}},
		{after, "AE t3 from 2 prev=1/2 [] commit=0", Decision{Rule: AE2, Outcome: Passed, Msg: Mark{1, 2}, Base: 2}},
		{after, "AE t3 from 2 prev=1/1 [1 3] commit=0", Decision{Rule: AE3, Outcome: Acted, Own: Mark{3, 2}, From: 3, To: 4}},
		{after, "AE t3 from 2 prev=1/1 [1 2 2 3] commit=0", Decision{Rule: AE4, Outcome: Acted, From: 5, To: 5, Count: 4}},
		{follower, "IS t2 from 2 last=2/1", Decision{Rule: IS1, Outcome: Refused, Term: 2, Current: 3}},
		{follower, "IS t3 from 2 last=2/1", Decision{Rule: IS6, Outcome: Acted, Msg: Mark{2, 1}, Own: Mark{2, 1}, From: 3, To: 3}},
		{follower, "IS t3 from 2 last=3/2", Decision{Rule: IS6, Outcome: Acted, Msg: Mark{3, 2}, Own: Mark{3, 2}}},
		{follower, "IS t3 from 2 last=2/2", Decision{Rule: IS6, Outcome: Idle, Msg: Mark{2, 2}, Own: Mark{2, 1}}},
		{follower, "IS t3 from 2 last=9/2", Decision{Rule: IS6, Outcome: Idle, Msg: Mark{9, 2}, Own: Mark{3, 2}}},
		{candidate, "IS t3 from 2 last=1/1", Decision{Rule: C3, Outcome: Acted, Node: 2, Role: Candidate, Term: 3, Current: 3}},
		{after, "IS t3 from 2 last=2/1", Decision{Rule: IS6, Outcome: Acted, Msg: Mark{2, 1}, Own: Mark{2, 1}, From: 3, To: 4, Base: 2}},
		{after, "IS t3 from 2 last=1/1", Decision{Rule: IS6, Outcome: Ignored, Msg: Mark{1, 1}, Own: Mark{2, 1}, Base: 2}},
		{after, "IS t3 from 2 last=3/2", Decision{Rule: IS6, Outcome: Acted, Msg: Mark{3, 2}, Own: Mark{3, 2}, From: 4, To: 4, Base: 2}},
		{follower, "IS t3 from 2 last=2/2", Decision{Rule: IS7, Outcome: Acted, Msg: Mark{2, 2}, From: 1, To: 3}},
		{after, "IS t3 from 2 last=9/2", Decision{Rule: IS7, Outcome: Acted, Msg: Mark{9, 2}, From: 3, To: 4, Base: 2}},
		{"t3 follower vote=- 2/1+[] commit=2", "IS t3 from 2 last=9/2", Decision{Rule: IS7, Outcome: Acted, Msg: Mark{9, 2}, Base: 2}},
		{follower, "IS t3 from 2 last=2/1", Decision{Rule: IS8, Outcome: Acted, Msg: Mark{2, 1}, From: 1, To: 2}},
		{follower, "IS t3 from 2 last=1/1", Decision{Rule: IS8, Outcome: Idle, Msg: Mark{1, 1}, From: 1, To: 1}},
		{"t3 follower vote=- [1 1 2] commit=3 applied=1", "IS t3 from 2 last=2/1", Decision{Rule: IS8, Outcome: Acted, Msg: Mark{2, 1}, From: 3, To: 3}},
		{candidate, "AE t3 from 2 prev=0/0 [] commit=0", Decision{Rule: C3, Outcome: Acted, Node: 2, Role: Candidate, Term: 3, Current: 3}},
		{leader, "AE t3 from 2 prev=0/0 [] commit=0", Decision{Rule: C3, Outcome: Ignored, Node: 2, Role: Leader, Term: 3, Current: 3}},

		{follower, "RV t2 from 3 last=9/2", Decision{Rule: RV1, Outcome: Refused, Term: 2, Current: 3}},
		{follower, "RV t3 from 3 last=9/2", Decision{Rule: RV2a, Outcome: Refused, Node: 2, Asker: 3, Current: 3}},
		{candidate, "RV t3 from 3 last=9/2", Decision{Rule: RV2a, Outcome: Refused, Node: 1, Asker: 3, Role: Candidate, Current: 3}},
		{follower, "RV t3 from 2 last=2/2", Decision{Rule: RV2b, Outcome: Refused, Msg: Mark{2, 2}, Own: Mark{3, 2}}},
		{follower, "RV t4 from 3 last=1/3", Decision{Rule: RV2b, Outcome: Passed, Msg: Mark{1, 3}, Own: Mark{3, 2}}},

		{candidate, "timeout", Decision{Rule: F2, Outcome: Acted, Role: Candidate, Current: 3}},
		{candidate, "timeout", Decision{Rule: C1, Outcome: Acted, Role: Candidate, Term: 4, Current: 3}},
		{leader, "timeout", Decision{Rule: F2, Outcome: Idle, Role: Leader, Current: 3}},
		{candidate, "vote from 2 asked t3 says t3 granted", Decision{Rule: C2, Outcome: Acted, Node: 2, Role: Candidate, Term: 3, Current: 3, Count: 2, Need: 2}},
		{candidate, "vote from 2 asked t3 says t3 denied", Decision{Rule: C2, Outcome: Idle, Node: 2, Role: Candidate, Term: 3, Current: 3, Count: 1, Need: 2}},
		{leader, "vote from 2 asked t3 says t3 granted", Decision{Rule: C2, Outcome: Ignored, Node: 2, Role: Leader, Term: 3, Current: 3, Need: 2}},

		{leader, "client x", Decision{Rule: L2, Outcome: Acted, Role: Leader, Current: 3, To: 4}},
		{follower, "client x", Decision{Rule: L2, Outcome: Ignored, Role: Follower, Current: 3}},
		{leader, "ack from 2 asked t3 says t3 match=2", Decision{Rule: L3, Outcome: Acted, Node: 2, Role: Leader, Term: 3, Current: 3, Own: Mark{Index: 2}, From: 4, To: 3}},
		{leader, "ack from 2 asked t3 says t3 refused", Decision{Rule: L3, Outcome: Acted, Node: 2, Role: Leader, Term: 3, Current: 3, From: 4, To: 3}},
		{leader, "ack from 2 asked t2 says t2 refused", Decision{Rule: L3, Outcome: Ignored, Node: 2, Role: Leader, Term: 2, Current: 3}},
		{leader, "ack from 2 asked t3 says t3 match=4", Decision{Rule: L3, Outcome: Refused, Node: 2, Role: Leader, Term: 3, Current: 3, Msg: Mark{Index: 4}, Own: Mark{3, 3}}},
		{leader, "ack from 2 asked t3 says t3 match=2", Decision{Rule: L4, Outcome: Idle, Current: 3, Own: Mark{2, 1}, From: 1, To: 1, Need: 2}},
		{leader, "ack from 2 asked t3 says t3 match=3", Decision{Rule: L4, Outcome: Acted, Current: 3, Own: Mark{3, 3}, From: 1, To: 3, Need: 2}},
		{"t3 leader vote=1 [3] commit=1 next=2,2,2 match=0,1,0", "ack from 3 asked t3 says t3 match=1", Decision{Rule: L4, Outcome: Idle, Current: 3, Own: Mark{1, 3}, From: 1, To: 1, Need: 2}},
	} {
		var got []Decision
		for _, d := range decisionsOf(3, r.was, r.event) {
			if d.Rule == r.want.Rule {
				d.Set = 0 // see TestDecisionSets
				got = append(got, d)
			}
		}
		if diff := cmp.Diff([]Decision{r.want}, got); diff != "" {
			t.Errorf("%v: %s, then %s: the figures of the decision (-want +got):\n%s", r.want.Rule, r.was, r.event, diff)
		}
	}
}

// Each field that an event changes is set by the rule whose text in Figure 2 sets
// it, and by no other: a reason that names another rule would be false.
func TestDecisionSets(t *testing.T) {
	const (
		follower = "t2 follower vote=- [1 1] commit=0"
		leader   = "t2 leader vote=1 [2] commit=0 next=2,2,2 match=0,0,0"
	)
	rows := []struct{ was, event, sets string }{
		{follower, "AE t3 from 2 prev=1/1 [3] commit=2", "A2 term votedFor role leader, C3 leader, AE3 log, AE4 log, AE5 commitIndex, A1 lastApplied"},
		{follower, "AE t2 from 2 prev=2/1 [] commit=0", "C3 leader"},
		{"t2 candidate vote=1 [] commit=0 votes=1", "AE t2 from 2 prev=0/0 [] commit=0", "C3 role leader"},
		{follower, "RV t3 from 2 last=2/1", "A2 term votedFor role leader, RV2b votedFor"},
		{follower, "RV t3 from 2 last=1/1", "A2 term votedFor role leader"},
		{"t2 follower vote=2 [] commit=0", "RV t2 from 2 last=0/0", ""},
		{follower, "timeout", "C1 term votedFor role leader"},
		{"t2 candidate vote=1 [] commit=0 votes=1", "vote from 2 asked t2 says t2 granted", "C2 role nextIndex matchIndex leader"},
		{leader, "ack from 2 asked t2 says t2 match=1", "L3 matchIndex, L4 commitIndex, A1 lastApplied"},
		{leader, "ack from 2 asked t2 says t2 refused", "L3 nextIndex"},
		{leader, "vote from 2 asked t2 says t4 denied", "A2 term votedFor role nextIndex matchIndex leader"},
		{leader, "client x", "L2 log"},
		{"t2 candidate vote=1 [1] commit=0 votes=1", "elect t4", "C2 term role nextIndex matchIndex leader"},
	}
	for _, r := range rows {
		var got []string
		for _, d := range decisionsOf(3, r.was, r.event) {
			if d.Set != 0 {
				got = append(got, d.Rule.String()+" "+fieldNames(d.Set))
			}
		}
		if is := strings.Join(got, ", "); is != r.sets {
			t.Errorf("%s: %s, then %s: sets %s; want %s", firstDifferent(got, strings.Split(r.sets, ", ")), r.was, r.event, is, r.sets)
		}
	}
}

// What a deviation has a refusal leave behind is set by the refusal.
func TestDecisionSetsOfRefusals(t *testing.T) {
	n := nodeIn(3, "t2 follower vote=3 [1 1] commit=0")
	rules := *Figure2()
	rules.RefuseVote = func(n *Node, m *RequestVote) { n.VotedFor = NoNode }
	rules.RefuseAppend = func(n *Node, m *AppendEntries) { n.Log = n.Log.Truncate(1) }
	var record []Decision
	n.Rules, n.Record = &rules, &record
	perform(n, "RV t2 from 2 last=2/1")
	perform(n, "AE t1 from 2 prev=2/1 [] commit=0")
	var got []string
	for _, d := range record {
		if d.Set != 0 {
			got = append(got, d.Rule.String()+" "+fieldNames(d.Set))
		}
	}
	if is := strings.Join(got, ", "); is != "RV2a votedFor, AE1 log" {
		t.Errorf("the refusals by RV1, RV2a, RV2b, AE1 and AE2 set what they leave behind: they set %q", is)
	}
}

// A change of the voters sets what L4, which is asked again, commits by it.
func TestDecisionSetsOfConfigure(t *testing.T) {
	n := nodeIn(3, "t2 leader vote=1 [2] commit=0 next=2,2,2 match=0,0,0")
	var record []Decision
	n.Record = &record
	n.Configure(Configuration{Voters: SetOf(1)})
	if len(record) == 0 || fieldNames(record[0].Set) != "commitIndex" {
		t.Errorf("L4 after a change of the voters sets commitIndex, and nothing else: %v", record)
	}
}

func fieldNames(fs Fields) string {
	var names []string
	for i, name := range []string{"term", "votedFor", "role", "log", "commitIndex", "lastApplied", "nextIndex", "matchIndex", "leader"} {
		if fs.Has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// Every rule has its row, in its place, with nothing left blank.
func TestRulebookComplete(t *testing.T) {
	book := Rulebook()
	if len(book) != int(numRules)-1 {
		t.Fatalf("the rulebook has %d rows for %d rules", len(book), numRules-1)
	}
	for i, info := range book {
		if want := Rule(i + 1); info.Rule != want || want.Info() != info || want.String() != info.Name {
			t.Errorf("row %d of the rulebook is that of %q, want rule %d in its place", i, info.Name, want)
		}
		if info.Name == "" || info.Figure == "" || info.Text == "" || !strings.HasPrefix(info.Section, "5.") && info.Section != "7" {
			t.Errorf("the rulebook's row of %q leaves something blank: %+v", info.Name, info)
		}
	}
	book[0].Name = "overwritten"
	if A1.String() != "A1" || NoRule.String() != "" {
		t.Errorf("a caller's copy of the rulebook is the rulebook itself: A1 is %q, NoRule %q", A1, NoRule)
	}
}

// The rules can be had by their name, and by no other.
func TestRulesNamed(t *testing.T) {
	if rules, err := RulesNamed("figure2"); rules == nil || err != nil {
		t.Errorf("RulesNamed(figure2): %v, %v", rules, err)
	}
	if rules, err := RulesNamed("figure3"); rules != nil || err == nil || !strings.Contains(err.Error(), "figure3") {
		t.Errorf("RulesNamed(figure3): rules %v, error %v; want none, and an error that says the name", rules, err)
	}
}
