package raft

import (
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/raft/wide"
)

// figure3 is the properties of servers together that rest on what a disk keeps and
// on whose votes count. Leader Append-Only is the leader's own.
var figure3 = []string{"Election Safety", "Log Matching", "Leader Completeness", "State Machine Safety"}

// byItself is the laws that each server keeps by itself, whatever befalls it and
// the others.
var byItself = []string{
	"Leader Append-Only", "commitIndex never falls", "matchIndex never falls", "nextIndex is in range",
	"the log changes as it may", "a refusal changes nothing", "a success has matched",
	"votes were given", "others stay as they are",
}

// befallen is what each trouble does to the laws: those that break in some run, and
// those that break in none, beside the ones that a server keeps by itself. The
// remaining ones rest on others of the laws, and may break with them.
//
// Log Matching breaks with the log, though each term keeps its one leader: a
// follower does not compare what its snapshot covers (§7), and where that was not
// what the leader has, it goes on from it all the same.
var befallen = []struct {
	trouble trouble
	what    string
	breaks  []string
	keeps   []string
}{
	{termLost, "disks lose terms",
		slices.Concat(figure3, []string{"currentTerm never falls", "one vote a term", "terms rise along the log"}), nil},
	{voteLost, "disks lose votes",
		slices.Concat(figure3, []string{"one vote a term", "votedFor stays for its term"}),
		[]string{"currentTerm never falls"}},
	{logLost, "disks lose entries",
		[]string{"Log Matching", "Leader Completeness", "State Machine Safety", "matchIndex is replicated"},
		[]string{"Election Safety", "currentTerm never falls", "one vote a term", "votedFor stays for its term"}},
	{revoter, "the voters change by no log entry",
		figure3,
		[]string{"currentTerm never falls", "one vote a term", "votedFor stays for its term"}},
}

// What Figures 2 and 13 promise holds as long as disks give back what was written
// and the voters stay the same: TestLaws says so. Here one of the two does not.
// Until that first happens all laws hold; then those break that rest on it, and no
// others: what a server does with what it is told still follows the figures. If
// this fails, a law leans on another than it seems to, or the trouble is none.
func TestLawsInTrouble(t *testing.T) {
	t.Parallel()
	for _, tt := range befallen {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			runs, unsafe, broken := brokenIn(t, tt.trouble, tt.breaks)
			t.Logf("%d runs, in %d of them a property of Figure 3 breaks: %v", runs, unsafe, broken)
			if unsafe == 0 {
				t.Error("no property of Figure 3 breaks in any run")
			}
			for _, name := range tt.breaks {
				if broken[name] == 0 {
					t.Errorf("%q holds in every run", name)
				}
			}
			for _, name := range slices.Concat(byItself, tt.keeps) {
				if n := broken[name]; n > 0 {
					t.Errorf("%q breaks in %d runs", name, n)
				}
			}
		})
	}
}

// brokenIn plays clusters in that trouble, a hundred and as many more as it takes
// to break those laws. It counts the runs in which a property of Figure 3 breaks,
// and those in which each law does.
func brokenIn(t *testing.T, trouble trouble, breaks []string) (runs, unsafe int, broken map[string]int) {
	t.Helper()
	broken = make(map[string]int)
	missing := func(name string) bool { return broken[name] == 0 }
	for ; runs < wide.Of(100, 3000) || runs < 5000 && slices.ContainsFunc(breaks, missing); runs++ {
		lost := inTrouble(t, trouble, uint64(runs))
		if slices.ContainsFunc(figure3, func(name string) bool { return lost[name] }) {
			unsafe++
		}
		for name := range lost {
			broken[name]++
		}
	}
	return runs, unsafe, broken
}

// inTrouble plays a cluster in that trouble, and gives the laws that break once it
// has happened. None may break before.
func inTrouble(t *testing.T, trouble trouble, seed uint64) map[string]bool {
	t.Helper()
	lost := make(map[string]bool)
	c, pick := newCluster(3, Figure2()), seeded(seed)
	c.trouble = trouble
	happened := false
	for step := range 300 {
		broken, event := c.play(pick, allLaws)
		happened = happened || event.lost || event.revoter
		for _, name := range broken {
			if !happened {
				t.Fatalf("run %d, step %d: %q breaks before anything has happened: %s", seed, step, name, event.text)
			}
			lost[name] = true
		}
	}
	return lost
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
