package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// The laws that hold of every replay, whatever the trace says.

// One trace has one replay.
func TestReplayIsDeterministic(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		again := checktest.MustReplay(t, text)
		if a, b := fmt.Sprint(checktest.Lines(check.Compare(run))), fmt.Sprint(checktest.Lines(check.Compare(again))); a != b {
			t.Errorf("a second replay finds\n%s\nand the first found\n%s\n%s", b, a, text)
		}
		for step := range len(run.Steps) + 1 {
			if a, b := fmt.Sprint(checktest.States(run, step)), fmt.Sprint(checktest.States(again, step)); a != b {
				t.Errorf("after step %d a second replay has\n%s\nand the first had\n%s\n%s", step, b, a, text)
			}
		}
	})
}

// currentTerm falls by a disk that lost something alone; commitIndex and lastApplied
// fall by a restart alone,
// and lastApplied is where commitIndex is. A leader's nextIndex stays above its
// matchIndex, and its matchIndex within its log.
func TestWhatNeverFalls(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		for step := 1; step <= len(run.Steps); step++ {
			_, restart := run.Trace.Steps[step-1].Event.(*trace.Restart)
			for id := range checktest.Known(run) {
				was, now := run.State(id, step-1), run.State(id, step)
				up := run.Steps[step-1].ActOf(replay.Restarts, id)
				if lost := up != nil && up.Disk != nil; now.CurrentTerm < was.CurrentTerm && !lost {
					t.Errorf("step %d: node %d falls from term %d to %d\n%s", step, id, was.CurrentTerm, now.CurrentTerm, text)
				}
				if now.CommitIndex < was.CommitIndex && !restart {
					t.Errorf("step %d: node %d's commitIndex falls from %d to %d\n%s", step, id, was.CommitIndex, now.CommitIndex, text)
				}
				if now.LastApplied != now.CommitIndex {
					t.Errorf("step %d: node %d has lastApplied %d and commitIndex %d\n%s", step, id, now.LastApplied, now.CommitIndex, text)
				}
				for i := range now.NextIndex {
					if raft.NodeID(i+1) != id && (now.NextIndex[i] <= now.MatchIndex[i] || now.MatchIndex[i] > now.Log.LastIndex()) {
						t.Errorf("step %d: node %d has nextIndex %d and matchIndex %d for node %d, and its log ends at %d\n%s",
							step, id, now.NextIndex[i], now.MatchIndex[i], i+1, now.Log.LastIndex(), text)
					}
				}
			}
		}
	})
}

// From a fresh start, a safety property breaks only where a message is
// impossible, an election is off the page, a disk has lost something, or it has
// changed who counts, there or before.
func TestSafetyBreaksForACause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, run := checktest.RandomTrace(t, "fresh")
		rep := check.Compare(run)
		for i := range rep.Findings {
			f := &rep.Findings[i]
			if f.Kind == finding.Safety && !hasCause(rep, f.Step) {
				t.Errorf("step %d: %s; and every message up to there was possible\n%s", f.Step, f.Message, text)
			}
		}
	})
}

func hasCause(rep *check.Report, step int) bool {
	for i := range rep.Findings {
		f := &rep.Findings[i]
		offPage := f.Kind == finding.Implied && f.Rule == raft.C2
		if f.Step <= step && (f.Kind == finding.Message || f.Kind == finding.Loss || offPage) {
			return true
		}
	}
	return slices.ContainsFunc(rep.Run.Steps[:step], func(s replay.Step) bool { return s.Act(replay.Configures) != nil })
}

// A property is reported once.
func TestSafetyIsReportedOnce(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		seen := make(map[string]bool)
		rep := check.Compare(run)
		for i := range rep.Findings {
			if f := &rep.Findings[i]; f.Kind == finding.Safety {
				if seen[f.Field] {
					t.Errorf("%s is reported twice\n%s", f.Field, text)
				}
				seen[f.Field] = true
			}
		}
	})
}

// A step changes nobody but the node that acts, the node that a late answer
// reaches, and those whom its request reaches.
func TestWhoIsNotReachedDoesNotChange(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		for i := range run.Steps {
			s := &run.Steps[i]
			for id := range s.Changed.All() {
				if !concerns(s, id) {
					t.Errorf("step %d changes node %d, which it does not reach, to %s\n%s", i+1, id, item.FlowState(run, id, i+1), text)
				}
			}
		}
	})
}

// concerns reports whether a step has to do with a node.
func concerns(s *replay.Step, id raft.NodeID) bool {
	switch e := s.Trace.Event.(type) {
	case *trace.VoteResponse:
		return e.To == id
	case *trace.AppendResponse:
		return e.To == id
	case *trace.ClientRequest:
		return e.Node == id
	case *trace.Timeout, *trace.Restart, *trace.StepDown, *trace.Voters:
		return true
	}
	if sender, ok := s.Trace.Sender(); ok && sender == id {
		return true
	}
	d := s.Delivery(id)
	return d != nil && d.Reached()
}

// Who else hears a request, and whose answers arrive, makes no difference to a
// node that the request reaches: not in that step.
func TestLossesChangeOnlyTheSender(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		step := rapid.IntRange(1, len(run.Steps)).Draw(t, "step")
		sender, ok := run.Trace.Steps[step-1].Sender()
		for ; !ok && step < len(run.Steps); step++ {
			sender, ok = run.Trace.Steps[step].Sender()
		}
		if !ok {
			return
		}
		f, tr := checktest.MustParse(t, text)
		tr.Steps = tr.Steps[:step]
		s := &tr.Steps[step-1]
		asked := s.Recipients(tr.Size())
		draw := func(name string) raft.NodeSet {
			return asked & raft.NodeSet(rapid.Uint64Range(0, 1<<tr.Size()-1).Draw(t, name))
		}
		was := s.Lost
		s.Lost = draw("lost")
		s.ResponseLost = draw("responseLost") &^ s.Lost
		other, err := check.ReplayWith(f.Traces[0], nil)
		if err != nil {
			t.Fatalf("with other losses the trace cannot be replayed: %v\n%s", err, text)
		}
		for id := range checktest.Known(run) {
			toggled := (was ^ s.Lost).Has(id)
			if a, b := item.FlowState(run, id, step), item.FlowState(other, id, step); id != sender && !toggled && a != b {
				t.Errorf("step %d leaves node %d in\n%s\nand with lost %b, responseLost %b in\n%s\n%s", step, id, a, s.Lost, s.ResponseLost, b, text)
			}
		}
	})
}

// Every answer is counted once: it agrees, diverges or is blank.
func TestTallyAddsUp(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		rep := check.Compare(run)
		if c := rep.Tally; c.Answers != c.Agree+c.Diverge+c.Blank {
			t.Errorf("%d answers, of which %d agree, %d diverge and %d are blank\n%s", c.Answers, c.Agree, c.Diverge, c.Blank, text)
		}
		if c := rep.Tally; (c.Diverge > 0) != (rep.CountKind(finding.Response) > 0) {
			t.Errorf("%d answers diverge, and there are %d findings about answers\n%s", c.Diverge, rep.CountKind(finding.Response), text)
		}
		for i := range rep.Findings {
			f := &rep.Findings[i]
			if f.Message == "" || !f.Pos.IsValid() || strings.Contains(f.Message, "%!") {
				t.Errorf("a finding without words or place: %+v\n%s", *f, text)
			}
			if id, ok := run.Trace.Node(f.Node); f.Kind == finding.Response && ok && run.Trace.Unknown.Has(id) {
				t.Errorf("the answer of an unknown node is found wrong: %s\n%s", f.Message, text)
			}
		}
	})
}

// The decisions of a step can be had at any time, have words, and are those that
// were made: who asks changes nothing, and what they set is what changed.
func TestDecisionsOfAnyStep(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		step := rapid.IntRange(1, len(run.Steps)).Draw(t, "step")
		before := fmt.Sprint(checktest.States(run, len(run.Steps)))
		set := make(map[raft.NodeID]raft.Fields)
		for _, d := range run.Decisions(step) {
			set[d.Node] |= d.Set
			if s := reason.Decision(run, d.Node, d.Decision); s == "" || strings.Contains(s, "%!") {
				t.Errorf("step %d: %s of node %d is put into the words %q\n%s", step, d.Rule, d.Node, s, text)
			}
		}
		for id := range checktest.Known(run) {
			changed := run.State(id, step-1).Changed(run.State(id, step))
			s := &run.Steps[step-1]
			anew := s.ActOf(replay.Restarts, id) != nil || s.ActOf(replay.StepsDown, id) != nil
			if !anew && set[id]&changed != changed {
				t.Errorf("step %d changes the fields %b of node %d, and its decisions set %b\n%s", step, changed, id, set[id], text)
			}
		}
		if after := fmt.Sprint(checktest.States(run, len(run.Steps))); before != after {
			t.Errorf("asking for the decisions of step %d changes the states at the end from\n%s\nto\n%s\n%s", step, before, after, text)
		}
	})
}
