package oracle

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"raftsheet/raft"
)

var (
	flagN    = flag.Int("oracle.n", 0, "how many cases to compare with each implementation; 0 is what each test sets")
	flagSeed = flag.Uint64("oracle.seed", 1, "where the random cases start")
)

// self is the id of the server under test.
const self raft.NodeID = 1

// cases is how many cases a test compares.
func cases(ordinary int) int {
	if *flagN > 0 {
		return *flagN
	}
	return ordinary
}

// An implementation is a server of a real implementation of Raft, driven by
// hand.
type implementation interface {
	// take delivers the step and gives the answer to it.
	take(s step) answer
	// state reads back what the server holds.
	state() raft.State
	close()
}

// An answer is what a step was answered with, if at all.
type answer struct {
	given bool
	term  raft.Term
	ok    bool
	match raft.Index // of a success of AppendEntries: what the leader counts as replicated
}

func (a answer) String() string {
	if !a.given {
		return "no answer"
	}
	return fmt.Sprintf("t%d %t match=%d", a.term, a.ok, a.match)
}

// outcome is an answer and the state that the step left, as text: what is
// compared.
func outcome(a answer, s raft.State) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v; %s", a, describe(s))
	return b.String()
}

// describe gives a state in one line. What is not known of a leader's matchIndex
// is left out.
func describe(s raft.State) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v t%d voted %d commit %d %v", s.Role, s.CurrentTerm, s.VotedFor, s.CommitIndex, s.Log.Entries())
	if len(s.MatchIndex) > 0 {
		fmt.Fprintf(&b, " match %v", s.MatchIndex[1:]) // self's is the first
	}
	return b.String()
}

// A departure is a known difference from Figure 2: the deviation that has its
// name, and where it can show.
type departure struct {
	name  string
	holds func(before *raft.Node, s step) bool
}

// A tally counts where an implementation was seen to depart from Figure 2.
type tally struct {
	cases    int
	roles    [3]int         // the cases by the role that the server had
	departed map[string]int // cases in which the departure held and Figure 2 was not followed
	alone    map[string]int // of those, the ones in which no other departure held
}

// comparison sets servers of one implementation beside the reference.
type comparison struct {
	set        string // the set's name
	departures []departure
	start      func(n *raft.Node) implementation
	draw       func(c chance, n *raft.Node) step // what may come next
	steps      int                               // at most so many in the life of a server
	tally
}

// run compares so many cases: short lives of servers, each from a random state
// through a few steps. A seed is one life. It stops at the first that goes wrong.
func (c *comparison) run(t *testing.T, n int, rules *raft.Rules) {
	c.departed, c.alone = map[string]int{}, map[string]int{}
	for seed := *flagSeed; c.cases < n; seed++ {
		ch := seeded(seed)
		node := ch.node(rules)
		initial := describe(node.State)
		real := c.start(node)
		for range 1 + ch.IntN(c.steps) {
			s, role := c.draw(ch, node), node.Role
			if problem := c.step(node, real, s); problem != "" {
				t.Fatalf("seed %d: of %d servers, from %s\n%s", seed, node.Size, initial, problem)
			}
			c.cases++
			c.roles[role]++
		}
		real.close()
	}
	c.report(t)
}

// step delivers one step to the implementation, to the reference by the
// implementation's rules, and to the reference by Figure 2 from the same state.
// It says what is wrong with what comes of it.
func (c *comparison) step(node *raft.Node, real implementation, s step) string {
	before := *node
	before.State = node.Clone()
	byFigure2 := before
	byFigure2.State, byFigure2.Rules = before.Clone(), raft.Figure2()

	a := real.take(s)
	after := real.state()
	got := outcome(a, after)
	want := outcome(s.to(node), node.State)
	figure2 := outcome(s.to(&byFigure2), byFigure2.State)

	problem := func(what string) string {
		return fmt.Sprintf("  in      %s, leader %d\n  %v\n  %-7s %s\n  rules   %s\n  figure2 %s\n%s",
			describe(before.State), before.Leader, s, c.set, got, want, figure2, what)
	}
	if got != want {
		return problem("the rules of the set do not agree with the implementation")
	}
	if node.Role == raft.Follower && after.Leader != node.Leader {
		return problem(fmt.Sprintf("the implementation takes %d for the leader, the rules %d", after.Leader, node.Leader))
	}
	if got != figure2 && !c.recognise(&before, s) {
		return problem("Figure 2 does not agree, and no known departure is at work")
	}
	return ""
}

// recognise counts the departures that are at work in a difference; there must
// be one.
func (c *comparison) recognise(before *raft.Node, s step) bool {
	var at []string
	for _, d := range c.departures {
		if d.holds(before, s) {
			at = append(at, d.name)
			c.departed[d.name]++
		}
	}
	if len(at) == 1 {
		c.alone[at[0]]++
	}
	return len(at) > 0
}

// report logs what was compared. Each departure must have been seen by itself:
// one that never shows is none, and one that others cover is not needed.
func (c *comparison) report(t *testing.T) {
	t.Helper()
	t.Logf("%s: %d cases from seed %d: %d on a follower, %d on a candidate, %d on a leader", c.set, c.cases, *flagSeed,
		c.roles[raft.Follower], c.roles[raft.Candidate], c.roles[raft.Leader])
	for _, d := range c.departures {
		t.Logf("  %-28s %6d, by itself %6d", d.name, c.departed[d.name], c.alone[d.name])
		if c.alone[d.name] == 0 {
			t.Errorf("%s: no case has shown %s by itself", c.set, d.name)
		}
	}
}

// rulesOf gives the rules of a set.
func rulesOf(t testing.TB, set string) *raft.Rules {
	t.Helper()
	rules, err := raft.RulesNamed(set)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// checkNames compares the departures that a test knows, here and elsewhere,
// with the set's: if they differ, a row of the set is not looked for, or
// something is looked for that is not told.
func checkNames(t *testing.T, set string, departures []departure, elsewhere ...string) {
	t.Helper()
	s, ok := raft.SetNamed(set)
	if !ok {
		t.Fatalf("no set %s", set)
	}
	told, known := map[string]bool{}, map[string]bool{}
	for _, d := range s.Deviations {
		told[d.Name] = true
	}
	for _, d := range departures {
		known[d.name] = true
	}
	for _, name := range elsewhere {
		known[name] = true
	}
	if !maps.Equal(told, known) {
		t.Errorf("the set %s has %v, its test %v", set,
			slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(known)))
	}
}
