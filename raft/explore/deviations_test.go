package explore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// breaking is the deviations of which a reader of the paper can say how they come
// to break safety: a second vote in a term, a majority that is none, a log that
// is not compared, an entry that is counted but not held, and the like. The
// actions are those of the shortest behaviour where it can be counted by hand.
var breaking = map[string]int{
	"vote-longer-log-wins":      0,
	"vote-last-term-only":       0,
	"vote-log-unchecked":        4, // an election, a command, its replication, the election of a server without it
	"vote-against-commit-index": 0,
	"vote-twice":                2, // two elections by one voter
	"vote-for-rival":            3, // two stand, the first votes for the second, and is elected by a third
	"vote-cleared-by-append":    3, // an election, a heartbeat to the voter, another election
	"term-plus-one":             2, // two elections for term 2, by a voter of term 0 that is then in term 1 and 2
	"term-falls":                3, // an election, a candidate of an earlier term, an election again
	"grant-keeps-term":          2, // two elections for the same new term, by a voter that stays behind
	"voter-keeps-role":          2, // two elections, the second by the first's winner
	"count-any-vote":            0,
	"count-voter-twice":         0,
	"majority-of-answers":       2, // two elections in four servers, by one vote each
	"majority-is-half":          2, // two timeouts in two servers
	"term-kept-on-timeout":      2, // two elections, the second by the first's voter
	"heartbeat-unchecked":       0,
	"prev-unchecked":            0,
	"prev-term-unchecked":       0,
	"prev-is-first-entry":       0,
	"always-truncate":           5, // an election, a command, two messages with it to two servers, an earlier heartbeat
	"conflict-kept":             0,
	"conflict-overwrites-one":   0,
	"conflict-by-message-term":  0,
	"append-blindly":            5, // an election, a command, its replication unanswered, a command, both to the same server
	"entries-take-message-term": 0,
	"stale-leader-accepted":     5, // two elections, a command for each, and the first's to the second
	"commit-unclamped":          6, // an election, a command, both elsewhere, its replication, a heartbeat to the first
	"commit-to-log-end":         6, // the same
	"commit-on-refusal":         0,
	"commit-on-store":           4, // in five servers: an election, a command, its replication to one, another election
	"commit-any-term":           8, // Figure 8: two elections with a command each, the first again, a refusal, the old entry's replication, the second again
	"commit-on-append":          3, // an election, a command, another election
	"commit-on-election":        5, // an election, a command, a crash, an election, another's
	"count-any-success":         0,
	"leader-commit-is-last":     4, // as with commit-on-store
	"match-by-addition":         0,
	"match-is-last-index":       6, // an election, a command, both elsewhere, a heartbeat to the first, which counts as a copy, another election
	"tail-lost-on-step-down":    5, // an election, a command, its replication, the follower stands, and votes for another
	"conflict-cuts-to-commit":   0,
	"vote-lost-on-restart":      3, // an election, the voter's crash, another election
	"tail-lost-on-restart":      5, // an election, a command, its replication, the follower's crash, its vote for another
	"term-lost-on-restart":      3, // as with vote-lost-on-restart
}

// Each deviation is found to be unsafe, by a behaviour that a replay confirms, or
// to break nothing within the bound. The log lists both. If this fails, the
// program calls unsafe rules safe, or shows a counterexample that is none.
//
// A narrow run looks for those alone that are counted by hand: what breaks
// nothing, or late, takes a search to the end of most scopes.
func TestDeviations(t *testing.T) {
	t.Parallel()
	var broken, held strings.Builder
	for _, d := range raft.Deviations() {
		least, known := breaking[d.Name]
		if least == 0 && !wide.On() {
			continue
		}
		start := time.Now()
		b, r := explore.Find(raft.Figure2().With(d))
		took := time.Since(start).Round(time.Millisecond)
		if b == nil {
			fmt.Fprintf(&held, "  %-28s %7d states, %v\n", d.Name, r.States, took)
			if known {
				t.Errorf("%s: nothing breaks in %d states", d.Name, r.States)
			}
			continue
		}
		fmt.Fprintf(&broken, "  %-28s %-20s %2d actions, %7d states, %v; %s\n",
			d.Name, b.Breach.Property, b.Actions(), r.States, took, b.Scope.Name)
		if least > 0 && b.Actions() != least {
			t.Errorf("%s: %d actions; by hand it takes %d", d.Name, b.Actions(), least)
		}
		confirm(t, d, b)
	}
	t.Logf("unsafe:\n%s\nsafe within the bound:\n%s", broken.String(), held.String())
}

// confirm replays a counterexample's trace: every answer is as written, every
// message one that its sender sends, and the property breaks, in the last step
// and not before.
func confirm(t *testing.T, d raft.Deviation, b *explore.Behavior) {
	t.Helper()
	c := variant.Counterexample(b, d.Name, d.Believed)
	run := replayText(t, d.Name, c)
	breaks := false
	for _, f := range check.Compare(run).Findings {
		switch {
		case f.Late():
		case f.Kind == finding.Safety && f.Step == len(run.Steps):
			breaks = breaks || f.Field == b.Breach.Property.String()
		default:
			t.Errorf("%s: step %d: %s: %s\n%s", d.Name, f.Step, f.Kind, f.Message, text(c))
		}
	}
	if !breaks {
		t.Errorf("%s: the replay does not see %s break\n%s", d.Name, b.Breach.Property, text(c))
	}
}

// replayText replays a counterexample under rules, as its reader has it: from its
// text.
func replayText(t *testing.T, rules string, c *trace.Trace) *replay.Run {
	t.Helper()
	f, err := trace.Parse("counterexample.yaml", []byte(text(c)), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("%s: %v\n%s", rules, err, text(c))
	}
	run, err := check.ReplayWith(f.Traces[0], []string{rules})
	if err != nil {
		t.Fatalf("%s: %v\n%s", rules, err, text(c))
	}
	return run
}

func text(c *trace.Trace) string {
	var b strings.Builder
	if err := trace.Write(&b, c); err != nil {
		return err.Error()
	}
	return b.String()
}
