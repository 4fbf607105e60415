package raft

import (
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/raft/wide"
)

// figure3 is the properties of servers together (Figure 3) that rest on what a
// disk keeps and on whose votes count.
var figure3 = []string{"Election Safety", "Log Matching", "Leader Completeness", "State Machine Safety"}

// byItself is the laws that each server keeps by itself, whatever befalls it and
// the others.
var byItself = []string{
	"Leader Append-Only", "commitIndex never falls", "matchIndex never falls", "nextIndex is in range",
	"the log changes as it may", "a refusal changes nothing", "a success has matched",
	"votes were given", "others stay as they are",
}

// What Figures 2 and 13 promise holds as long as disks give back what was written
// and the voters stay the same: TestLaws says so. Here one of the two does not, and
// the promises are lost, each in some run; but what a server does with what it is
// told still follows the figures. Otherwise either the trouble is none, or the
// laws of one server lean on the others.
func TestLawsInTrouble(t *testing.T) {
	t.Parallel()
	for trouble, what := range map[trouble]string{
		loss:    "disks lose what was written",
		revoter: "the voters change by no log entry",
	} {
		seen := brokenIn(trouble)
		for _, name := range figure3 {
			if !seen[name] {
				t.Errorf("%s, and %q holds in every run", what, name)
			}
		}
		for name := range seen {
			if slices.Contains(byItself, name) {
				t.Errorf("%s: %q is broken, which a server keeps by itself", what, name)
			}
		}
	}
}

// brokenIn plays clusters in that trouble, some hundreds and as many more as it
// takes to lose all of Figure 3, and gives the laws that broke.
func brokenIn(trouble trouble) map[string]bool {
	seen := make(map[string]bool)
	for seed := range uint64(5000) {
		if seed >= 300 && !slices.ContainsFunc(figure3, func(name string) bool { return !seen[name] }) {
			break
		}
		c, pick := newCluster(3+2*int(seed%2), Figure2()), seeded(seed)
		c.trouble = trouble
		for range 300 {
			broken, _ := c.play(pick, allLaws)
			for _, name := range broken {
				seen[name] = true
			}
		}
	}
	return seen
}

// No deviation touches what a snapshot covers, alone or with another: it stays
// committed, and stays the log's beginning. None ends in a panic, whatever arrives.
func TestDeviationsKeepSnapshots(t *testing.T) {
	t.Parallel()
	c := chance{rand.New(rand.NewPCG(2014, 13))}
	all := slices.Concat(Deviations(), setsOwn())
	for i := range wide.Of(10_000, 100_000) {
		d, other := all[i%len(all)], all[c.IntN(len(all))]
		w := twinOf(c.server(1+c.IntN(5), make(branches)))
		n := w.node
		n.Rules = Figure2().With(d, other)
		for range 3 {
			event := c.message(n)
			if c.IntN(3) == 0 {
				event = c.alone(n)
			}
			was := n.State.Clone()
			says := func() (says string) {
				defer sayPanic(&says)
				deliver(n, event)
				return ""
			}()
			covered, now := was.Log.Snapshot(), n.Log.Snapshot()
			_, installs := event.(*InstallSnapshot)
			switch {
			case says != "":
			case now.Index < covered.Index, now != covered && !installs:
				says = "the snapshot is another"
			case n.CommitIndex < now.Index || n.LastApplied < now.Index:
				says = "what the snapshot covers is not committed and applied"
			}
			if says != "" {
				t.Fatalf("%s: %s\n  was  %s\n  then %+v\n  now  %s", n.Rules.Name, says, showLed(was), event, showLed(n.State))
			}
		}
	}
}
