package explore

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// orders gives every order of so many servers.
func orders(nodes int) (all []order) {
	var o order
	for i := range o {
		o[i] = uint8(i)
	}
	var permute func(from int)
	permute = func(from int) {
		if from == nodes {
			all = append(all, o)
			return
		}
		for i := from; i < nodes; i++ {
			o[from], o[i] = o[i], o[from]
			permute(from + 1)
			o[from], o[i] = o[i], o[from]
		}
	}
	permute(0)
	return all
}

// least gives the least of a cluster's texts in any numbering.
func least(c *cluster, all []order, nodes int) string {
	var texts [][]byte
	for _, o := range all {
		texts = append(texts, write(nil, c, o, nodes))
	}
	return string(slices.MinFunc(texts, bytes.Compare))
}

// naive walks a scope the obvious way: every numbering of the servers is a state
// of its own, and every state is kept whole. It gives the number of states, that
// of the states without regard to numbers, and after how many actions a property
// first breaks, 0 for never.
func naive(s *Scope, rules *raft.Rules) (states, orbits, breach int) {
	p, e := newPlayer(s, rules), enabled{scope: s}
	seen := map[cluster]bool{{}: true}
	orbit := make(map[string]bool)
	all := orders(s.Nodes)
	for level, depth := []cluster{{}}, 1; len(level) > 0 && breach == 0; depth++ {
		var next []cluster
		for _, c := range level {
			orbit[least(&c, all, s.Nodes)] = true
			for _, a := range e.list(&c) {
				p.play(&c, a)
				switch {
				case p.broken.Property != None:
					breach = depth
				case !p.outside && !seen[p.now]:
					seen[p.now] = true
					next = append(next, p.now)
				}
			}
		}
		level = next
	}
	return len(seen), len(orbit), breach
}

// tiny is scopes that can be walked the obvious way.
var tiny = []Scope{
	{Name: "two", Nodes: 2, Terms: 2, Log: 1, Timeouts: 1, Lost: true, Restarts: true, InFlight: 1, Late: AnyLate},
	{Name: "two messages in flight", Nodes: 2, Terms: 1, Log: 2, Timeouts: 1, InFlight: 2, Late: AnyLate},
	{Name: "three", Nodes: 3, Terms: 2, Log: 1, Timeouts: 2, Together: true},
	{Name: "three, crashes", Nodes: 3, Terms: 2, Log: 1, Timeouts: 1, Restarts: true, Lost: true},
	{Name: "three, one term", Nodes: 3, Terms: 1, Log: 1, Timeouts: 1, InFlight: 1, Late: AnyLate},
	{Name: "four", Nodes: 4, Terms: 1, Log: 1, Timeouts: 1, Restarts: true, Together: true},
	{Name: "three, steps down", Nodes: 3, Terms: 2, Log: 1, Timeouts: 1, StepDowns: true},
	{Name: "two, entries lost", Nodes: 2, Terms: 2, Log: 2, Timeouts: 1, StepDowns: true, Losses: LostEntry, Only: ElectionSafety},
	{Name: "two, anything lost", Nodes: 2, Terms: 2, Log: 1, Timeouts: 1, Losses: AnyLoss, Only: LeaderAppendOnly},
}

// Merging states that differ in the servers' numbers alone loses none, and keeps
// no two of a kind: the obvious walk finds just as many, and the same breach
// after as few actions. If this fails, either behaviours go unexplored, or a
// counterexample is not a shortest one.
func TestSymmetry(t *testing.T) {
	t.Parallel()
	deviating := []string{"vote-twice", "commit-on-append", "no-step-down"}
	deviating = append(deviating, wide.Of(nil, []string{"majority-is-half", "vote-log-unchecked",
		"stale-leader-accepted", "vote-lost-on-restart", "always-truncate"})...)
	for _, s := range tiny {
		for _, name := range append([]string{"figure2"}, deviating...) {
			rules, err := raft.RulesNamed(name)
			if err != nil {
				t.Fatal(err)
			}
			states, orbits, breach := naive(&s, rules)
			b, r := s.Explore(rules)
			actions := 0
			if b != nil {
				actions = b.Actions()
			}
			if actions != breach {
				t.Errorf("%s, %s: a breach after %d actions, and after %d the obvious way", s.Name, name, actions, breach)
			}
			if breach == 0 && r.States != orbits {
				t.Errorf("%s, %s: %d states, and %d the obvious way (%d with their numbers)", s.Name, name, r.States, orbits, states)
			}
			if name == "figure2" && states < 3*orbits/2 {
				t.Errorf("%s: %d states have only %d numberings; the comparison shows nothing", s.Name, orbits, states)
			}
		}
	}
}

// A state's text does not depend on the numbering in which it is met, and says
// all of the state. If this fails, one state is kept as several, or a state is
// explored as another.
func TestText(t *testing.T) {
	t.Parallel()
	for _, s := range []Scope{
		{Nodes: 3, Terms: 2, Log: 1, Timeouts: 1, InFlight: 2, Late: AnyLate, Depth: wide.Of(5, 6)},
		{Nodes: 4, Terms: 2, Log: 1, Timeouts: 1, InFlight: 1, Late: AnyLate, Restarts: true, Depth: wide.Of(5, 6)},
		{Nodes: 5, Terms: 2, Log: 1, Timeouts: 1, Together: true, Depth: wide.Of(4, 5)},
	} {
		all := orders(s.Nodes)
		x := newSearch(&s, raft.Figure2())
		x.visit = func(text []byte) {
			c := read(text, s.Nodes)
			if err := sameText(&c, text, all, &s); err != nil {
				t.Fatal(err)
			}
		}
		x.run(1)
		if x.result.States < wide.Of(500, 1000) {
			t.Errorf("%d servers: only %d states", s.Nodes, x.result.States)
		}
	}
}

// sameText says whether a state has its text in every numbering.
func sameText(c *cluster, text []byte, all []order, s *Scope) error {
	if again := write(nil, c, all[0], s.Nodes); !bytes.Equal(again, text) {
		return fmt.Errorf("%x is read as %+v, and that is written %x", text, *c, again)
	}
	w := newWriter(s)
	for _, o := range all {
		other := read(write(nil, c, o, s.Nodes), s.Nodes)
		if got := w.canonical(&other); !bytes.Equal(got, text) {
			return fmt.Errorf("in the order %v, %x is written %x", o[:s.Nodes], text, got)
		}
	}
	return nil
}

// What a search comes to does not depend on how many share its work: if this
// fails, a counterexample is another from run to run.
func TestParallel(t *testing.T) {
	t.Parallel()
	s := Scope{Nodes: 3, Terms: 3, Log: 1, Timeouts: 2, Together: true}
	for _, name := range []string{"figure2", "heartbeat-unchecked"} {
		rules, err := raft.RulesNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		one, three := newSearch(&s, rules), newSearch(&s, rules)
		one.run(1)
		three.run(3)
		if one.result != three.result || !slices.Equal(one.parents, three.parents) {
			t.Errorf("%s: one worker: %+v; three: %+v", name, one.result, three.result)
		}
		if one.found != nil && !slices.Equal(one.path(), three.path()) {
			t.Errorf("%s: the counterexamples differ", name)
		}
	}
}
