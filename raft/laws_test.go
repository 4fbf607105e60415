package raft

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/raft/wide"
)

// A law is broken where its function says false. The laws of a state are asked
// of the cluster after every step, those of a step of every server and what it
// was before. They are slow and obvious.
type law[of any] struct {
	name  string
	holds func(of) bool
}

// laws are those that a run is held to.
type laws struct {
	state []law[*cluster]
	step  []law[change]
}

var allLaws = laws{stateLaws, stepLaws}

var stateLaws = []law[*cluster]{
	// Figure 3: "at most one leader can be elected in a given term." §5.2
	{"Election Safety", func(c *cluster) bool { return c.all(func(n *Node) bool { return c.leads(n) || n.Role != Leader }) }},
	// Figure 3: "if two logs contain an entry with the same index and term, then
	// the logs are identical in all entries up through the given index." §5.3
	{"Log Matching", func(c *cluster) bool { return c.allPairs(logsMatch) }},
	// Figure 3: "if a log entry is committed in a given term, then that entry
	// will be present in the logs of the leaders for all higher-numbered terms." §5.4
	{"Leader Completeness", func(c *cluster) bool { return c.all(c.complete) }},
	// Figure 3: "if a server has applied a log entry at a given index to its state
	// machine, no other server will ever apply a different log entry for the
	// same index." §5.4.3
	{"State Machine Safety", func(c *cluster) bool { return c.all(c.appliedSame) }},
	// Terms never fall along a log, and none is above currentTerm. §5.1
	{"terms rise along the log", func(c *cluster) bool { return c.all(termsRise) }},
	// §7: "Raft also includes a small amount of metadata in the snapshot": a
	// snapshot covers just what is committed and applied.
	{"a snapshot is applied", func(c *cluster) bool { return c.all(c.snapshotIsApplied) }},
	// Figure 2, A1: all that is committed is applied, and it is there. §5.3
	{"lastApplied is commitIndex", func(c *cluster) bool { return c.all(appliedIsCommitted) }},
	// "Each server will vote for at most one candidate in a given term": once and for
	// all, whether or not it remembers. §5.2
	{"one vote a term", func(c *cluster) bool { return c.all(c.votesOnce) }},
	// Figure 2, C2: a candidate counts only votes that were given. §5.2
	{"votes were given", func(c *cluster) bool { return c.all(c.votesWereGiven) }},
	// Figure 2, L3: matchIndex is "highest log entry known to be replicated". §5.3
	{"matchIndex is replicated", func(c *cluster) bool { return c.all(c.matchIsReplicated) }},
	// Figure 2, L3: nextIndex is from matchIndex + 1 to the end of the log + 1. §5.3
	{"nextIndex is in range", func(c *cluster) bool { return c.all(nextInRange) }},
}

var stepLaws = []law[change]{
	// Figure 3: "a leader never overwrites or deletes entries in its log; it only
	// appends new entries." §5.3
	{"Leader Append-Only", func(c change) bool { return !c.stillLeads() || startsWith(c.now.Log, c.was.Log) }},
	// Figure 2: currentTerm "increases monotonically", and is persistent. §5.1
	{"currentTerm never falls", func(c change) bool { return c.now.CurrentTerm >= c.was.CurrentTerm }},
	// Figure 2: votedFor is "candidateId that received vote in current term". §5.2
	{"votedFor stays for its term", func(c change) bool {
		return c.newTerm() || c.was.VotedFor == NoNode || c.now.VotedFor == c.was.VotedFor
	}},
	// Figure 2: commitIndex "increases monotonically", but it is volatile. §5.3
	{"commitIndex never falls", func(c change) bool { return c.restarted() || c.now.CommitIndex >= c.was.CommitIndex }},
	// Figure 2: matchIndex "increases monotonically", while one leads. §5.3
	{"matchIndex never falls", func(c change) bool { return !c.stillLeads() || noneFell(c.was.MatchIndex, c.now.MatchIndex) }},
	// Figures 2 and 13: a log changes by a client's command (L2), by AppendEntries
	// (AE3, AE4), by a snapshot of the server's own or of its leader (IS6, IS7). §5.3, §7
	{"the log changes as it may", func(c change) bool {
		base, entries := c.mayBecome()
		return c.lost() || c.now.Log.Snapshot() == base && slices.Equal(c.now.Log.Entries(), entries)
	}},
	// Figure 2, AE1, AE2, RV1, RV2: what is refused changes no log and no commitIndex. §5.3
	{"a refusal changes nothing", func(c change) bool { return !c.refused() || sameLogAndCommit(c.was, c.now) }},
	// Figure 2, AE2: a success means that prevLogIndex and prevLogTerm matched. §5.3
	{"a success has matched", func(c change) bool { return !c.succeeded() || c.prevMatched() }},
	// A server changes by what happens to itself.
	{"others stay as they are", func(c change) bool { return c.event.node == c.id || reflect.DeepEqual(c.was, c.now) }},
}

// A change is a server before and after a step.
type change struct {
	id       NodeID
	was, now State
	event    happening
}

func (c change) own() bool       { return c.event.node == c.id }
func (c change) newTerm() bool   { return c.now.CurrentTerm != c.was.CurrentTerm }
func (c change) restarted() bool { return c.own() && c.event.restart }
func (c change) refused() bool   { return c.own() && c.event.refused }
func (c change) received() bool  { return c.own() && c.event.request != nil && c.event.answered }
func (c change) lost() bool      { return c.own() && c.event.lost }
func (c change) succeeded() bool { return c.received() && !c.event.refused }
func (c change) stillLeads() bool {
	return c.was.Role == Leader && c.now.Role == Leader && !c.newTerm()
}

func (c change) prevMatched() bool {
	log, base, m := c.was.Log.Entries(), c.was.Log.Snapshot(), c.event.request
	switch prev := m.PrevLogIndex; {
	case prev == 0, prev < base.Index:
		return true
	case prev == base.Index:
		return base.Term == m.PrevLogTerm
	default:
		at := int(prev-base.Index) - 1
		return at < len(log) && log[at].Term == m.PrevLogTerm
	}
}

// mayBecome gives the log that the server must have after the step.
func (c change) mayBecome() (base Mark, log []Entry) {
	base, log = c.was.Log.Snapshot(), c.was.Log.Entries()
	switch {
	case c.own() && c.event.command && c.was.Role == Leader:
		return base, append(log, c.now.Log.Entry(base.Index+Index(len(log)+1)))
	case c.own() && c.event.snapshot && c.was.LastApplied <= c.was.Log.LastIndex():
		return withoutFirst(base, log, c.was.LastApplied)
	case c.own() && c.event.install != nil && c.event.answered && !c.event.refused:
		m := c.event.install
		has := m.LastIncluded() == base
		if i := m.LastIncludedIndex; i > base.Index && int(i-base.Index) <= len(log) {
			has = log[i-base.Index-1].Term == m.LastIncludedTerm
		}
		if m.LastIncludedIndex >= base.Index && !has {
			return m.LastIncluded(), nil
		}
		return withoutFirst(base, log, m.LastIncludedIndex)
	case c.succeeded():
		r := run{int(c.event.request.PrevLogIndex), c.event.request.Entries.Slice(), Entries{}}.after(base.Index)
		if i := plainConflict(log, r); i > 0 {
			log = log[:i-1]
		}
		return base, plainAppend(log, r)
	}
	return base, log
}

// withoutFirst gives what follows a snapshot up to an index that the log has, or
// that its own snapshot covers.
func withoutFirst(base Mark, log []Entry, last Index) (Mark, []Entry) {
	if last <= base.Index {
		return base, log
	}
	gone := last - base.Index
	return Mark{last, log[gone-1].Term}, log[gone:]
}

func sameLogAndCommit(a, b State) bool {
	return a.Log.Snapshot() == b.Log.Snapshot() && slices.Equal(a.Log.Entries(), b.Log.Entries()) && a.CommitIndex == b.CommitIndex
}

func noneFell(was, now []Index) bool {
	for i := range was {
		if now[i] < was[i] {
			return false
		}
	}
	return true
}

func startsWith(long, short Log) bool { return agreeUpTo(long, short, short.LastIndex()) }

// agreeUpTo reports whether both logs go up to that index, and have the same
// entries there. What a snapshot of either covers is committed, and not asked about.
func agreeUpTo(a, b Log, last Index) bool {
	for i := max(a.Snapshot().Index, b.Snapshot().Index) + 1; i <= last; i++ {
		if a.Entry(i) != b.Entry(i) {
			return false
		}
	}
	return a.LastIndex() >= last && b.LastIndex() >= last
}

func (c *cluster) all(holds func(*Node) bool) bool {
	for _, n := range c.nodes {
		if !holds(n) {
			return false
		}
	}
	return true
}

func (c *cluster) allPairs(hold func(a, b Log) bool) bool {
	for i, a := range c.nodes {
		for _, b := range c.nodes[:i] {
			if !hold(a.Log, b.Log) {
				return false
			}
		}
	}
	return true
}

// leads reports whether n is the one leader of its term.
func (c *cluster) leads(n *Node) bool { return c.leaders[n.CurrentTerm] == n.ID }

func (c *cluster) votesOnce(n *Node) bool {
	return n.VotedFor == NoNode || c.voted[ballot{n.CurrentTerm, n.ID}] == n.VotedFor
}

func logsMatch(a, b Log) bool {
	from := max(a.Snapshot().Index, b.Snapshot().Index)
	for i := min(a.LastIndex(), b.LastIndex()); i > from; i-- {
		if a.Term(i) == b.Term(i) {
			return agreeUpTo(a, b, i) && (from == 0 || a.Term(from) == b.Term(from))
		}
	}
	return true
}

// complete: what was committed before a leader's term is in its log.
func (c *cluster) complete(n *Node) bool {
	for i, e := range c.committed {
		if at := Index(i + 1); n.Role == Leader && e.term < n.CurrentTerm && at > n.Log.Snapshot().Index && n.Log.Entry(at) != e.entry {
			return false
		}
	}
	return true
}

func (c *cluster) appliedSame(n *Node) bool {
	base := n.Log.Snapshot()
	if base.Index > 0 && (int(base.Index) > len(c.applied) || c.applied[base.Index-1].Term != base.Term) {
		return false
	}
	for i := base.Index + 1; i <= n.LastApplied; i++ {
		if !n.Log.Has(i) || n.Log.Entry(i) != c.applied[i-1] {
			return false
		}
	}
	return true
}

func (c *cluster) snapshotIsApplied(n *Node) bool {
	last := n.Log.Snapshot().Index
	return last <= n.CommitIndex && last <= n.LastApplied && int(last) <= len(c.committed) &&
		(last == 0 || c.committed[last-1].entry.Term == n.Log.Snapshot().Term)
}

func termsRise(n *Node) bool {
	last := max(1, n.Log.Snapshot().Term)
	for _, e := range n.Log.Entries() {
		if e.Term < last || e.Term > n.CurrentTerm {
			return false
		}
		last = e.Term
	}
	return true
}

func appliedIsCommitted(n *Node) bool {
	return n.LastApplied == n.CommitIndex && n.CommitIndex <= n.Log.LastIndex()
}

func (c *cluster) votesWereGiven(n *Node) bool {
	for id := range n.Votes.All() {
		if id != n.ID && !c.votes[grant{n.CurrentTerm, id, n.ID}] {
			return false
		}
	}
	return (n.Votes == 0) == (n.Role != Candidate)
}

// matchIsReplicated: as long as a follower is in the leader's term, it has the
// leader's entries up to matchIndex.
func (c *cluster) matchIsReplicated(n *Node) bool {
	for i, match := range n.MatchIndex {
		f := c.nodes[i]
		if match > n.Log.LastIndex() || f.CurrentTerm == n.CurrentTerm && f != n && !agreeUpTo(f.Log, n.Log, match) {
			return false
		}
	}
	return true
}

func nextInRange(n *Node) bool {
	for i, next := range n.NextIndex {
		if next <= n.MatchIndex[i] || next > n.Log.LastIndex()+1 {
			return false
		}
	}
	return true
}

// remember writes down what the laws look back on: who leads, who has voted for
// whom, what a leader has committed, what anyone has applied first.
func (c *cluster) remember() {
	for _, n := range c.nodes {
		if _, known := c.leaders[n.CurrentTerm]; n.Role == Leader && !known {
			c.leaders[n.CurrentTerm] = n.ID
		}
		if at := (ballot{n.CurrentTerm, n.ID}); n.VotedFor != NoNode && c.voted[at] == NoNode {
			c.voted[at] = n.VotedFor
		}
		for i := Index(len(c.committed) + 1); n.Role == Leader && i <= n.CommitIndex && n.Log.Has(i); i++ {
			c.committed = append(c.committed, commitment{n.Log.Entry(i), n.CurrentTerm})
		}
		for i := Index(len(c.applied) + 1); i <= n.LastApplied && n.Log.Has(i); i++ {
			c.applied = append(c.applied, n.Log.Entry(i))
		}
	}
}

// play takes a step and gives those of the laws that it breaks, with what it did.
func (c *cluster) play(pick choose, held laws) (broken []string, event happening) {
	was := c.states()
	event = c.step(pick)
	c.remember()
	for _, l := range held.state {
		if !l.holds(c) {
			broken = append(broken, l.name)
		}
	}
	for _, l := range held.step {
		for _, n := range c.nodes {
			if !l.holds(change{n.ID, was[n.ID-1], n.State, event}) {
				broken = append(broken, l.name)
			}
		}
	}
	return broken, event
}

// The laws hold in every cluster, whatever is lost, late or delivered twice, whoever
// steps down or takes a snapshot, and whoever the voters are.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }
		c := newCluster(rapid.IntRange(1, 5).Draw(t, "servers"), Figure2())
		if rapid.Bool().Draw(t, "some vote") {
			c.fix(pick)
		}
		for range 100 {
			was := c.String()
			if broken, event := c.play(pick, allLaws); broken != nil {
				t.Fatalf("%s: broken as %d: %s\nbefore:\n%safter:\n%s", strings.Join(broken, ", "), event.node, event.text, was, c)
			}
		}
	})
}

// A check of this package takes microseconds: more of them than rapid makes by
// default.
func init() { wide.Checks(300, 2000) }

// seeded gives choices that follow from a number.
func seeded(seed uint64) choose { return rand.New(rand.NewPCG(seed, 1)).IntN }

var longRunSizes = [10]int{1, 2, 3, 3, 3, 4, 5, 5, 5, 5}

// Long runs, the same every time: the laws hold, and every rule is seen to act
// and not to act, so that the laws are asked of all that can happen.
func TestLawsLongRuns(t *testing.T) {
	t.Parallel()
	seen := make(map[string]int)
	for seed := range uint64(150) {
		c := newCluster(longRunSizes[seed%10], Figure2())
		pick := seeded(seed)
		if seed%4 == 3 {
			c.fix(pick)
		}
		for step := range 400 {
			if broken, event := c.play(pick, allLaws); broken != nil {
				t.Fatalf("%s: broken in run %d, step %d, as %d: %s\nafter:\n%s", strings.Join(broken, ", "), seed, step, event.node, event.text, c)
			}
		}
		for _, d := range c.decisions {
			seen[deciding(d)]++
		}
	}
	for _, want := range []string{"A1 acted", "A1 idle", "A2 acted", "A2 idle", "AE1 passed", "AE1 refused",
		"AE2 passed", "AE2 refused", "AE3 acted", "AE3 idle", "AE4 acted", "AE4 idle", "AE5 acted", "AE5 idle",
		"RV1 passed", "RV1 refused", "RV2a passed", "RV2a refused", "RV2b passed", "RV2b refused", "F2 acted", "F2 idle",
		"C1 acted", "C2 acted", "C2 idle", "C2 ignored", "C3 acted", "C3 idle", "L2 acted", "L2 ignored",
		"L3 acted", "L3 ignored", "L4 acted", "L4 idle",
		"IS1 passed", "IS1 refused", "IS6 acted", "IS6 idle", "IS6 ignored", "IS7 acted", "IS8 acted", "IS8 idle"} {
		if seen[want] < 10 {
			t.Errorf("%s: seen %d times in all the runs; the laws were hardly asked of it", want, seen[want])
		}
	}
	if n := seen["L3 refused"]; n > 0 {
		t.Errorf("L3: %d times a follower vouched for more than its leader has", n)
	}
	if n := seen["C3 ignored"]; n > 0 {
		t.Errorf("Election Safety: %d times a leader received AppendEntries of its own term from another", n)
	}
	if testing.Verbose() {
		t.Log(seen)
	}
}
