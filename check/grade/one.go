package grade

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file diagnoses traces that are their own keys.

// DiagnoseAll says what explains the wrong answers of compared traces, each held
// against its own replay; nil where a trace asks for nothing. Those that differ
// in their answers alone are diagnosed side by side, and what the deviations make
// of them is found out once. Of a tie, apart are the traces that may tell its
// explanations apart.
func DiagnoseAll(reports []*check.Report, apart []*trace.Trace) []*Diagnosis {
	return DiagnoseEach(len(reports), func(i int) *check.Report { return reports[i] }, apart)
}

// DiagnoseEach is [DiagnoseAll] of n traces that need not be in memory all at once:
// report gives the one of a place whenever it is looked at, several side by side.
func DiagnoseEach(n int, report func(i int) *check.Report, apart []*trace.Trace) []*Diagnosis {
	out := make([]*Diagnosis, n)
	telling := newParters(apart)
	// One sitting after another, so that the predictions for one alone are in memory.
	for _, s := range sittingsOf(n, report) {
		k := s.key(report(s.of[0]).Run)
		if len(k.Cells) == 0 || k.Run.Incomplete() {
			continue
		}
		d := newDiagnoser(k, telling)
		check.SideBySide(len(s.of), func(i int) { out[s.of[i]] = s.diagnose(d, report(s.of[i]).Run.Trace) })
	}
	return out
}

// sittingsOf puts the traces that differ in their answers alone together, in order.
func sittingsOf(n int, report func(i int) *check.Report) []*sitting {
	type asking struct {
		question imprint
		items    []item.Item
	}
	var all []*sitting
	known := make(map[imprint]*sitting)
	asks := func(i int) asking {
		run := report(i).Run
		return asking{question(run), item.Of(run.Trace)}
	}
	_ = check.InOrder(n, asks, func(i int, a asking) error { // which has no error
		s := known[a.question]
		if s == nil {
			s = &sitting{known: make(map[place]bool)}
			known[a.question] = s
			all = append(all, s)
		}
		s.take(i, a.items)
		return nil
	})
	return all
}

// question stands for all of a trace that its replay depends on.
func question(run *replay.Run) imprint {
	t := *run.Trace
	t.Title, t.Student, t.Variant, t.Grading, t.Rules = "", "", "", trace.Grading{}, []string{run.Rules.Name}
	t.Steps = slices.Clone(t.Steps)
	for i := range t.Steps {
		s := &t.Steps[i]
		s.Note, s.Points, s.State, s.StatePos = "", trace.Opt[string]{}, nil, trace.Pos{}
		if t.Unknown == 0 { // an unknown node answers as it is written
			s.Response = nil
		}
	}
	var text bytes.Buffer
	if err := trace.Write(&text, &t); err != nil {
		panic(err) // it has been read
	}
	return sha256.Sum256(text.Bytes())
}

// A sitting is sheets of one sequence of messages, and what any of them asks.
type sitting struct {
	of    []int // the places of the sheets
	items []item.Item
	known map[place]bool // those of items
}

// A place is where an item is, whatever is written there.
type place struct {
	step  int
	node  raft.NodeID
	field item.Field
	line  uint64
}

func placeOf(it *item.Item) place { return place{it.Step, it.Node, it.Field, it.Line} }

// take takes one sheet more in.
func (s *sitting) take(i int, asks []item.Item) {
	s.of = append(s.of, i)
	for _, it := range asks {
		if at := placeOf(&it); !s.known[at] {
			s.known[at] = true
			s.items = append(s.items, it)
		}
	}
}

// key makes a key that asks all that any of the sheets does.
func (s *sitting) key(run *replay.Run) *Key {
	slices.SortStableFunc(s.items, func(a, b item.Item) int { return cmp.Compare(a.Step, b.Step) })
	k := &Key{Trace: run.Trace, Run: run}
	k.ask(s.items)
	return k
}

// diagnose diagnoses a sheet. What it does not ask it leaves untested.
func (s *sitting) diagnose(d *diagnoser, sheet *trace.Trace) *Diagnosis {
	out := d.diagnose(d.key.verdicts(sheet))
	if len(s.of) == 1 || out.Verdict == Undiagnosed {
		return out
	}
	asked := make(map[place]bool)
	for _, it := range item.Of(sheet) {
		asked[placeOf(&it)] = true
	}
	if len(asked) < len(d.key.Cells) {
		asks := func(p variant.Prediction) bool { return asked[placeOf(&d.key.Cells[p.Item].Item)] }
		out.Untested = slices.DeleteFunc(raft.Deviations(), func(dev raft.Deviation) bool {
			return slices.ContainsFunc(d.of[dev.Name], func(b *belief) bool { return slices.ContainsFunc(b.says, asks) })
		})
	}
	return out
}

// verdicts marks a sheet whose steps are the key's own, as far as a diagnosis
// needs it: without points, reasons and remarks.
func (k *Key) verdicts(t *trace.Trace) *Sheet {
	s := &Sheet{Key: k, Marks: make([]Mark, len(k.Cells)), steps: k.asked(alongside(t))}
	f := carryForward(k.Run, s.steps)
	judged := make([]Judgement, len(k.Cells))
	for i := range k.Cells {
		on := k.Cells[i].On(s.steps[k.Cells[i].Step-1])
		judged[i] = Judgement{Cell: &k.Cells[i], Verdict: verdictOf(k.Run, f, &on)}
		s.Marks[i].Judgement = &judged[i]
	}
	return s
}
