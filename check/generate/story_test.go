package generate_test

import (
	"testing"

	"raftsheet/check/generate"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// A tale is what happens on a worksheet.
type tale struct {
	leaders, splits, repaired, truncated int
	sent, lost                           int
}

// tell reads a worksheet by its replay.
func tell(t *testing.T, s *generate.Sheet) tale {
	t.Helper()
	run, halt := replay.Play(s.Trace, raft.Figure2())
	if halt != nil {
		t.Fatal(halt)
	}
	var what tale
	led := make(map[raft.Term]bool)
	stood := make(map[raft.Term]raft.NodeSet)
	var behind raft.NodeSet
	for i := range run.Steps {
		step := &run.Steps[i]
		for id := range raft.AllNodes(s.Trace.Size()).All() {
			if st := run.State(id, i+1); st.Role == raft.Leader {
				led[st.CurrentTerm] = true
			}
		}
		if v := step.Sent.Vote; v != nil {
			stood[v.Term] = stood[v.Term].With(v.CandidateID)
		}
		reached := 0
		for j := range step.Deliveries {
			d := &step.Deliveries[j]
			what.sent++
			if !d.Answered() {
				what.lost++
				continue
			}
			reached++
			switch {
			case d.Append == nil:
			case !d.OK && d.Decision.Rule == raft.AE2:
				behind = behind.With(d.To)
			case d.OK && behind.Has(d.To) && d.Append.Entries.Len() > 0:
				behind = behind.Without(d.To)
				what.repaired++
			}
			if run.State(d.To, i+1).Log.LastIndex() < run.State(d.To, i).Log.LastIndex() {
				what.truncated++
			}
		}
		if len(step.Deliveries) > 0 && reached == 0 {
			t.Errorf("step %d reaches nobody\n%s", i+1, text(t, s))
		}
	}
	for term, by := range stood {
		if by.Len() > 1 && !led[term] {
			what.splits++
		}
	}
	what.leaders = len(led)
	return what
}

// Worksheets tell stories: leaders change, votes are split, followers fall behind and
// are repaired, and about as much is lost as is wished. It fails where moves are made
// no more, or the weather runs wild.
func TestStory(t *testing.T) {
	n := wide.Of(10, 200)
	var change, split, repair, truncate, weather int
	for seed := range n {
		w := generate.Wish{Nodes: 5, AppendEntries: 8, RequestVotes: 4, Lost: 20, Form: generate.Form(seed % 2),
			AtStake: []raft.Deviation{deviation(t, "commit-on-store")}}
		s, err := generate.New(w, uint64(seed))
		if err != nil {
			t.Fatal(err)
		}
		what := tell(t, s)
		count := func(of *int, is bool) {
			if is {
				*of++
			}
		}
		count(&change, what.leaders > 1)
		count(&split, what.splits > 0)
		count(&repair, what.repaired > 0)
		count(&truncate, what.truncated > 0)
		share := 100 * what.lost / what.sent
		count(&weather, share >= 10 && share <= 35)
	}
	for _, c := range []struct {
		what      string
		have, per int // of a hundred, at least
	}{{"two leaders", change, 90}, {"a split vote", split, 20}, {"entries that lost", truncate, 20}, {"a repaired follower", repair, 80}, {"about 20% lost", weather, 90}} {
		if 100*c.have < c.per*n {
			t.Errorf("%d of %d worksheets have %s; want %d%%", c.have, n, c.what, c.per)
		}
	}
	t.Logf("of %d: %d change leaders, %d split votes, %d repair, %d truncate, %d of the weather wished for", n, change, split, repair, truncate, weather)
}
