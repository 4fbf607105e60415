package replay_test

import (
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// A witness hears every decision of a run from its first step on, and remembers
// which one last set each field of each node.
type witness struct {
	run  *replay.Run
	last map[place]heard
}

type place struct {
	node  raft.NodeID
	field raft.Fields
	of    raft.NodeID // whose line of nextIndex or matchIndex, or NoNode
}

type heard struct {
	step    int
	outcome replay.Outcome
	restart bool
}

var fields = []raft.Fields{raft.FieldTerm, raft.FieldVotedFor, raft.FieldRole, raft.FieldLog,
	raft.FieldCommitIndex, raft.FieldLastApplied, raft.FieldNextIndex, raft.FieldMatchIndex, raft.FieldLeader}

const (
	volatile = raft.FieldRole | raft.FieldLeader | raft.FieldCommitIndex | raft.FieldLastApplied | raft.FieldNextIndex | raft.FieldMatchIndex
	indexes  = raft.FieldNextIndex | raft.FieldMatchIndex
)

// listen takes in a step.
func (w *witness) listen(step int) {
	size := w.run.Trace.Size()
	for _, o := range w.run.Decisions(step) {
		for _, f := range fields {
			if !o.Set.Has(f) {
				continue
			}
			w.last[place{o.Node, f, raft.NoNode}] = heard{step: step, outcome: o}
			for id := range raft.AllNodes(size).All() {
				if indexes.Has(f) && (o.Rule != raft.L3 || o.Decision.Node == id) {
					w.last[place{o.Node, f, id}] = heard{step: step, outcome: o}
				}
			}
		}
	}
	for _, a := range w.run.Steps[step-1].Acts {
		anew := raft.Fields(0)
		switch a.Kind {
		case replay.Restarts: // and what a disk lost
			anew = volatile | w.run.State(a.Node, step-1).Changed(w.run.State(a.Node, step))
		case replay.StepsDown:
			anew = (raft.FieldRole | raft.FieldLeader | indexes) & w.run.State(a.Node, step-1).Changed(w.run.State(a.Node, step))
		}
		for _, f := range fields {
			for id := raft.NodeID(0); int(id) <= size; id++ {
				if anew.Has(f) {
					w.last[place{a.Node, f, id}] = heard{step: step, restart: true}
				}
			}
		}
	}
}

// hold holds the causes of every field after a step against what was heard.
func (w *witness) hold(fail func(format string, args ...any), step int) {
	for id := range checktest.Known(w.run) {
		w.holdLog(fail, step, id)
		for _, f := range fields {
			w.holdOne(fail, step, place{id, f, raft.NoNode})
			if !indexes.Has(f) {
				continue
			}
			for of := range raft.AllNodes(w.run.Trace.Size()).Without(id).All() {
				w.holdOne(fail, step, place{id, f, of})
			}
		}
	}
}

// holdLog holds the causes of a log's end and of its snapshot. But for what a
// snapshot retains, the end is as it is because the log is; and no rule but those of
// InstallSnapshot makes a snapshot.
func (w *witness) holdLog(fail func(format string, args ...any), step int, id raft.NodeID) {
	whole := w.run.Cause(replay.Place{Node: id, Field: raft.FieldLog}, step)
	end := w.run.Cause(replay.Place{Node: id, Field: raft.FieldLog, Part: replay.LogEnd}, step)
	if end != whole && whole.Rule() != raft.IS6 {
		fail("after step %d the cause of the end of node %d's log is %+v, and of the log %+v", step, id, end, whole)
	}
	base := w.run.Cause(replay.Place{Node: id, Field: raft.FieldLog, Part: replay.LogBase}, step)
	switch base.Rule() {
	case raft.IS1, raft.IS6, raft.IS7:
		return
	}
	if got := w.run.State(id, step).Log.Snapshot() != w.run.State(id, 0).Log.Snapshot(); base.Rule() != raft.NoRule || got != (base.Origin == replay.Compacted) && base.Origin != replay.Restarted {
		fail("after step %d the cause of node %d's snapshot is %+v", step, id, base)
	}
}

func (w *witness) holdOne(fail func(format string, args ...any), step int, at place) {
	c := w.run.Cause(replay.Place{Node: at.node, Field: at.field, Of: at.of}, step)
	last, known := w.last[at]
	says := fmt.Sprintf("after step %d the cause of field %b of node %d (for %d) is %+v, and what was heard is %+v", step, at.field, at.node, at.of, c, last)
	switch c.Origin {
	case replay.AtStart:
		if known {
			fail("%s: something has set it", says)
		}
	case replay.Decided:
		if !known || last.restart || last.step != c.Step || last.outcome != c.Outcome {
			fail("%s: it is not what last set it", says)
		}
	case replay.Restarted, replay.SteppedDown:
		if here := c.Step == step; !here && (!last.restart || last.step != c.Step) {
			fail("%s: no restart has set it", says)
		}
	case replay.Stayed:
		if c.Step != step {
			fail("%s: it stayed in another step", says)
		}
		if known && last.step == step && c.Outcome.Outcome != raft.Refused {
			fail("%s: it was set in this step", says)
		}
		if c.Outcome.Set.Has(at.field) {
			fail("%s: what left it has set it", says)
		}
	}
}

func holdAll(fail func(format string, args ...any), run *replay.Run) {
	w := &witness{run: run, last: make(map[place]heard)}
	w.hold(fail, 0)
	for step := 1; step <= len(run.Steps); step++ {
		w.listen(step)
		w.hold(fail, step)
	}
}

// Why a field is what it is: the decision that last set it, as somebody knows who
// has heard every decision since the start. Where this fails, a reason that check,
// grade or explain gives is false.
func TestCauseIsWhatLastSetIt(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		holdAll(func(format string, args ...any) { t.Fatalf(format+"\n%s", append(args, text)...) }, run)
	})
	for _, name := range checktest.ExampleFiles(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, tr := range checktest.Read(t, string(data)).Traces {
			run, halt := replay.Play(tr, raft.Figure2())
			if halt != nil {
				t.Fatalf("%s: %+v", name, halt)
			}
			holdAll(func(format string, args ...any) { t.Errorf(name+": "+format, args...) }, run)
		}
	}
}

// A clone goes on by itself: what is applied to it changes nothing of what it was
// made of, and both come to what a replay of the same steps comes to.
func TestClone(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		at := rapid.IntRange(0, len(run.Steps)).Draw(t, "at")
		c := replay.New(run.Trace, run.Rules)
		for i := range at {
			c.Apply(&run.Trace.Steps[i])
		}
		d := c.Clone()
		for i := at; i < len(run.Steps); i++ {
			d.Apply(&run.Trace.Steps[i])
		}
		if n := len(c.Run().Steps); n != at {
			t.Fatalf("the clone's steps are the first one's: %d of %d\n%s", n, at, text)
		}
		for i := at; i < len(run.Steps); i++ {
			c.Apply(&run.Trace.Steps[i])
		}
		for step := range len(run.Steps) + 1 {
			want := fmt.Sprint(checktest.States(run, step))
			for who, one := range map[string]*replay.Run{"the first": c.Run(), "the clone": d.Run()} {
				if got := fmt.Sprint(checktest.States(one, step)); got != want {
					t.Fatalf("after step %d %s has\n%s\nand a replay\n%s\n%s", step, who, got, want, text)
				}
			}
		}
		for _, one := range []*replay.Run{c.Run(), d.Run()} {
			if got, want := facts(one), facts(run); got != want {
				t.Fatalf("the facts are\n%s\nand of a replay\n%s\n%s", got, want, text)
			}
		}
	})
}

// facts writes what a replay came upon; logs by their entries, since those of two
// replays have no cell in common.
func facts(run *replay.Run) string {
	out := ""
	for _, f := range run.Facts() {
		values := fmt.Sprint(item.Any(run.Trace, f.Node, f.Says), item.Any(run.Trace, f.Node, f.Has), item.Any(run.Trace, f.Node, f.Mine))
		f.Says, f.Has, f.Mine = nil, nil, nil
		out += fmt.Sprintf("%+v %s\n", f, values)
	}
	return out
}
