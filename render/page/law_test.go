package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/render"
	"raftsheet/render/doc"
)

func init() { wide.Checks(30, 1000) }

// A shown is a node as a reader of the page sees it: what the script makes of the
// changes. It is written after the words of the data alone.
type shown struct {
	is, role, vote, leader, voters string
	term                           raft.Term
	commit, applied                raft.Index
	base                           raft.Mark
	log                            []raft.Entry // after base
	others                         map[int]Follower
}

func (s *shown) apply(c *Change) {
	set(&s.is, c.Is)
	set(&s.role, c.Role)
	set(&s.vote, c.Vote)
	set(&s.leader, c.Leader)
	set(&s.voters, c.Voters)
	set(&s.term, c.Term)
	set(&s.commit, c.Commit)
	set(&s.applied, c.Apply)
	if c.Base != nil {
		s.log = s.log[min(max(int(c.Base.Index)-int(s.base.Index), 0), len(s.log)):]
		s.base = *c.Base
	}
	if c.Log != nil {
		s.log = append(slices.Clone(s.log[:c.Log.From-s.base.Index-1]), c.Log.Entries...)
	}
	for _, f := range c.Others {
		s.others[f.Node] = f
	}
}

func set[V any](field *V, to *V) {
	if to != nil {
		*field = *to
	}
}

// The changes of a page, applied step by step, give the states of the run. If this
// fails, the page shows states that no node was in.
func TestChanges(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		var b builder
		side := b.replay(check.Compare(run), len(run.Steps))
		nodes := make([]shown, run.Trace.Size())
		for i := range nodes {
			nodes[i] = shown{role: "follower", vote: "none", leader: "none", others: make(map[int]Follower)}
		}
		for step := 0; step <= len(run.Steps); step++ {
			changes := side.Start
			if step > 0 {
				changes = side.Steps[step-1].Changes
			}
			for i := range changes {
				for _, n := range changes[i].Nodes {
					nodes[n-1].apply(&changes[i])
				}
			}
			for i := range nodes {
				if wrong := nodes[i].differs(run, raft.NodeID(i+1), step); wrong != "" {
					t.Fatalf("after step %d node %d has another %s:\n%s", step, i+1, wrong, text)
				}
			}
		}
	})
}

// differs names what of a node is not as in the run.
func (s *shown) differs(run *replay.Run, id raft.NodeID, step int) string {
	now, name := run.State(id, step), run.Trace.Name
	untold := run.Untold(id, step) || step > 0 && run.Steps[step-1].Doubts(id)
	switch {
	case untold != (s.is == isUntold):
		return "knowledge of it"
	case untold:
		return ""
	case s.role != now.Role.String():
		return "role"
	case s.term != now.CurrentTerm:
		return "term"
	case s.vote != doc.Clean(name(now.VotedFor)):
		return "vote"
	case s.leader != doc.Clean(name(now.Leader)):
		return "leader"
	case s.commit != now.CommitIndex || s.applied != now.LastApplied:
		return "commitIndex or lastApplied"
	case s.base != now.Log.Snapshot() || !slices.Equal(s.log, now.Log.Entries()):
		return "log"
	case render.CountsVoters(run.Trace) && s.voters != render.VotersOf(run, id, step):
		return "voters"
	}
	if now.Role == raft.Leader {
		for i := range now.NextIndex {
			if want := (Follower{i + 1, now.NextIndex[i], now.MatchIndex[i]}); raft.NodeID(i+1) != id && s.others[i+1] != want {
				return "nextIndex or matchIndex"
			}
		}
	}
	return ""
}

// A text says what its sentence says, whatever figures are in it. If this fails, a
// reader sees other figures than the replay has.
func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s shapes
		for range 5 {
			words := rapid.StringOf(rapid.SampledFrom([]rune("ab 0012399.-:é日\x00\x01\n\t%"))).Draw(t, "sentence")
			if got, want := s.tell(s.say(words)), doc.Clean(words); got != want {
				t.Fatalf("%q reads %q", want, got)
			}
		}
	})
	var s shapes
	a, b := s.say("node 3's log ends at index 0; term 12"), s.say("node 4's log ends at index 7; term 9")
	if a.shape != b.shape || fmt.Sprint(b.figures) != "[4 7 9]" || len(s.all) != 1 {
		t.Errorf("two sentences that differ in figures alone have shapes %d and %d, figures %v", a.shape, b.shape, b.figures)
	}
	// Figures that a script cannot hold, or would write otherwise, stay words.
	if x := s.say("007 and 12345678901234567890"); len(x.figures) != 0 {
		t.Errorf("%v are taken for figures", x.figures)
	}
}

// Every decision of a replay is on its page once, with its reason. If this fails, the
// page tells less than explain, or another thing.
func TestDecisions(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		var b builder
		side := b.replay(check.Compare(run), len(run.Steps))
		for i := range run.Steps {
			told := 0
			s := &side.Steps[i]
			for _, rules := range rulesOf(s) {
				told += len(strings.Split(b.tell(*rules), "\n"))
			}
			want := len(run.Decisions(i + 1))
			for j := range run.Steps[i].Deliveries {
				if run.Steps[i].Doubts(run.Steps[i].Deliveries[j].To) {
					want = told // what cannot be told is left out
				}
			}
			if told != want {
				t.Fatalf("step %d: %d decisions are told, and %d were taken:\n%s", i+1, told, want, text)
			}
		}
	})
}

func rulesOf(s *Step) (out []*Text) {
	for i := range s.Row {
		out = append(out, s.Row[i].Rules, s.Row[i].Then)
	}
	for i := range s.Others {
		out = append(out, s.Others[i].Rules)
	}
	return slices.DeleteFunc(out, func(t *Text) bool { return t == nil })
}
