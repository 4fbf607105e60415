package variant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

func rulesOf(t testing.TB, names ...string) *raft.Rules {
	t.Helper()
	rules, err := raft.RulesNamed(names...)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// contrastLines gives the differences, a line each: STEP KIND NODE FIELD A/B
// RULE/RULE.
func contrastLines(c *variant.Diff) []string {
	var out []string
	for i := range c.Differences {
		d := &c.Differences[i]
		a, b := d.Sides[0], d.Sides[1]
		out = append(out, fmt.Sprintf("%d %s %s %s %v/%v %s/%s", d.Step, d.Kind, c.Trace.Name(d.Node), d.Field, a.Value, b.Value, a.Rule, b.Rule))
	}
	return out
}

// Where two sets of rules part, by which rule, and what follows, worked out by
// hand.
func TestContrast(t *testing.T) {
	tests := []struct {
		why, rules, text string
		want             []string
		apart            string // what differs in the end
	}{
		{"a second vote in a term elects a second leader", "vote-twice", `
nodes: 3
steps:
- requestVote: {candidateId: 1}
  to: [2]
- requestVote: {candidateId: 3, term: 1}
  to: [2]`, []string{
			// Node 3 stands for term 1 too, and asks node 2, which has voted.
			"2 response 2 voteGranted false/true RV2a/RV2b",
			"2 state 2 votedFor 1/3 RV2a/RV2a",
			"2 state 3 role candidate/leader C2/C2",
			"2 safety 3 Election Safety holds/breaks /",
		}, "2 votedFor, 3 role"},
		{"a follower cuts off what a late message does not speak of", "always-truncate", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:x, 1:y]}, 2: {term: 1, log: [1:x, 1:y]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [1:x]}
- appendEntries: {leaderId: 1, prevLogIndex: 2}`, []string{
			"1 state 2 log[2] 1:y/none AE3/AE3",
			// The first brings matchIndex 1, and commits entry 1. The heartbeat
			// tells node 2 of it, or fails.
			"2 response 2 success true/false AE2/AE2",
			"2 state 1 commitIndex 2/1 L4/L3",
			"2 state 1 nextIndex[2] 3/2 L3/L3", "2 state 1 matchIndex[2] 2/1 L3/L3",
			"2 state 2 commitIndex 1/0 AE5/AE2",
		}, "1 commitIndex nextIndex[2] matchIndex[2], 2 log[2] commitIndex"},
		{"what a crash takes is no rule's decision", "vote-lost-on-restart", `
nodes: 2
initial: {1: {term: 1, votedFor: 2}}
steps:
- restart: 1`, []string{"1 state 1 votedFor 2/none /"}, "1 votedFor"},
		{"what a rule leaves behind, on the same figures", "term-kept-on-refusal", `
nodes: 2
initial: {1: {log: [1]}}
steps:
- requestVote: {candidateId: 2, term: 5, lastLogIndex: 0, lastLogTerm: 0}`, []string{
			"1 response 1 term 5/1 A2/A2", "1 state 1 term 5/1 A2/A2",
			// The answer makes no difference to the candidate: term 1 is below 5.
		}, "1 term"},
		{"what the sender makes of a message that is left out", "offers-commit-index", `
nodes: 2
initial: {1: {term: 1, log: [1, 1], commitIndex: 1}, 2: {term: 1, log: [1, 1]}}
steps:
- timeout: 1
- requestVote: {candidateId: 1}`, []string{
			"2 message 1 lastLogIndex 2/1 /",
			"2 response 2 voteGranted true/false RV2b/RV2b",
			"2 state 1 role leader/candidate C2/C2",
			"2 state 2 votedFor 1/none RV2b/RV2b",
		}, "1 role, 2 votedFor"},
		{"what differs only for a while", "majority-is-half", `
nodes: 4
steps:
- requestVote: {candidateId: 1}
  to: [2]
- requestVote: {candidateId: 3, term: 2}`, []string{
			"1 state 1 role candidate/leader C2/C2",
		}, ""},
		{"what is the same", "next-index-below-one", `
nodes: 2
steps:
- requestVote: {candidateId: 1}`, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			c := variant.NewDiff(checktest.Read(t, tt.text).Traces[0], raft.Figure2(), rulesOf(t, tt.rules))
			if d := cmp.Diff(tt.want, contrastLines(c)); d != "" {
				t.Errorf("figure2 and %s part otherwise (-want +got):\n%s", tt.rules, d)
			}
			if got := apart(c); got != tt.apart {
				t.Errorf("in the end %q differs; it should be %q", got, tt.apart)
			}
		})
	}
}

func apart(c *variant.Diff) string {
	var nodes []string
	for _, a := range c.Apart {
		nodes = append(nodes, c.Trace.Name(a.Node)+" "+strings.Join(a.Fields, " "))
	}
	return strings.Join(nodes, ", ")
}

// Each side says in its own words why.
func TestContrastSaysWhy(t *testing.T) {
	c := variant.NewDiff(checktest.Read(t, `
nodes: 3
steps:
- requestVote: {candidateId: 1}
  to: [2]
- requestVote: {candidateId: 3, term: 1}
  to: [2]`).Traces[0], raft.Figure2(), rulesOf(t, "vote-twice"))
	d := &c.Differences[0]
	for side, want := range []string{"node 2 has voted for node 1 in term 1", "which vote-twice lets pass"} {
		if !strings.Contains(d.Sides[side].Why, want) {
			t.Errorf("side %d says %q, which does not say %q", side, d.Sides[side].Why, want)
		}
	}
}

// A side that cannot go on says where and why; what differs before it is there.
func TestContrastStops(t *testing.T) {
	c := variant.NewDiff(checktest.Read(t, `nodes: 2
initial: {1: {term: 1, role: leader, log: [1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [1]}
  responseLost: [2]
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true}
- timeout: 2
`).Traces[0], raft.Figure2(), rulesOf(t, "prev-zero-missing"))
	if c.Sides[0].Stopped != nil || c.Sides[1].Stopped == nil || c.Sides[1].Stopped.Pos.Line != 6 {
		t.Errorf("the sides stop at %v and %v; only the second does, in line 6", c.Sides[0].Stopped, c.Sides[1].Stopped)
	}
	if want := []string{"1 response 2 success true/false AE2/AE2", "1 state 2 log[1] 1/none AE4/AE2"}; !slices.Equal(contrastLines(c), want) {
		t.Errorf("before that these differ:\n\t%s\nthey should be\n\t%s", strings.Join(contrastLines(c), "\n\t"), strings.Join(want, "\n\t"))
	}
}

// Rules do not differ from themselves, and two differ the same way round as the
// other way round.
func TestContrastIsSymmetric(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		_, tr := checktest.MustParse(t, text)
		a, b := checktest.Deviating(t), checktest.Deviating(t)
		if c := variant.NewDiff(tr, a, a); c.Differs() || len(c.Apart) > 0 {
			t.Errorf("%s differs from itself:\n%s\n%s", a.Name, strings.Join(contrastLines(c), "\n"), text)
		}
		there, back := variant.NewDiff(tr, a, b), variant.NewDiff(tr, b, a)
		for i := range back.Differences {
			s := &back.Differences[i].Sides
			s[0], s[1] = s[1], s[0]
		}
		if d := cmp.Diff(sorted(contrastLines(there)), sorted(contrastLines(back))); d != "" {
			t.Errorf("%s and %s (-there +back):\n%s\n%s", a.Name, b.Name, d, text)
		}
	})
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}

// What differs is what two replays, one after the other, have otherwise: every
// answer, and in every step the nodes whose states come to differ.
func TestContrastIsComplete(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		_, tr := checktest.MustParse(t, text)
		rules := checktest.Deviating(t)
		other, err := check.Replay(tr, rules)
		if err != nil {
			return
		}
		right, err := check.Replay(tr, raft.Figure2())
		if err != nil {
			t.Fatal(err)
		}
		c := variant.NewDiff(tr, raft.Figure2(), rules)
		if want, got := answersApart(right, other), ofKind(c, finding.Response); !slices.Equal(want, got) {
			t.Errorf("under %s the answers %q differ, and %q are said to\n%s", rules.Name, want, got, text)
		}
		for step := range len(right.Steps) {
			said := ofKind(c, finding.State)
			for id := range checktest.Known(right) {
				where := fmt.Sprintf("%d %d", step+1, id)
				was := item.FlowState(right, id, step) != item.FlowState(other, id, step)
				is := item.FlowState(right, id, step+1) != item.FlowState(other, id, step+1)
				if is && !was && !slices.Contains(said, where) {
					t.Errorf("in step and node %s the states of figure2 and %s come to differ, and nothing says so\n%s", where, rules.Name, text)
				}
				if !is && slices.Contains(said, where) {
					t.Errorf("in step and node %s the states of figure2 and %s are the same, and are said to differ\n%s", where, rules.Name, text)
				}
			}
		}
		var last []raft.NodeID
		for id := range checktest.Known(right) {
			if n := len(right.Steps); item.FlowState(right, id, n) != item.FlowState(other, id, n) {
				last = append(last, id)
			}
		}
		var left []raft.NodeID
		for _, a := range c.Apart {
			left = append(left, a.Node)
		}
		if !slices.Equal(left, last) {
			t.Errorf("under %s the states of %v differ in the end; %v are said to\n%s", rules.Name, last, left, text)
		}
		for _, d := range c.Differences {
			for _, s := range d.Sides {
				if strings.Contains(s.Why, "%!") || s.Value == nil {
					t.Errorf("a reading without words or value: %+v\n%s", s, text)
				}
			}
		}
	})
}

// ofKind gives the steps and nodes of the differences of a kind, each once.
func ofKind(c *variant.Diff, kind finding.Kind) []string {
	var out []string
	for _, d := range c.Differences {
		if d.Kind == kind {
			out = append(out, fmt.Sprintf("%d %d", d.Step, d.Node))
		}
	}
	return slices.Compact(out)
}

// answersApart gives the steps and nodes whose answers differ.
func answersApart(a, b *replay.Run) []string {
	var out []string
	for i := range a.Steps {
		for j := range a.Steps[i].Deliveries {
			x, y := &a.Steps[i].Deliveries[j], &b.Steps[i].Deliveries[j]
			if answerOf(a.Trace, x) != answerOf(b.Trace, y) {
				out = append(out, fmt.Sprintf("%d %d", i+1, x.To))
			}
		}
	}
	return out
}

func answerOf(t *trace.Trace, d *replay.Delivery) string {
	if !d.Answered() || t.Unknown.Has(d.To) {
		return "none"
	}
	return fmt.Sprint(d.OK, d.Term)
}

// A small file cannot ask for a list without end: what is past its bound is
// said to be there.
func TestContrastIsBounded(t *testing.T) {
	text := "nodes: 64\ninitial: {1: {term: 1, role: leader}}\nsteps:\n" + strings.Repeat("- appendEntries: {leaderId: 1, prevLogIndex: 0}\n", 1600)
	c := variant.NewDiff(checktest.Read(t, text).Traces[0], raft.Figure2(), rulesOf(t, "prev-zero-missing"))
	if len(c.Differences) != 100_000 || !c.More {
		t.Errorf("of 100,800 answers that differ %d are listed, and that there are more is said: %t", len(c.Differences), c.More)
	}
}
