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
	out := make([]*Diagnosis, len(reports))
	telling := newParters(apart)
	// One class after another, so that the predictions for one alone are in memory.
	for _, of := range classesOf(reports) {
		c := newSitting(reports, of)
		if len(c.key.Cells) == 0 || c.key.Run.Incomplete() {
			continue
		}
		d := newDiagnoser(c.key, telling)
		check.SideBySide(len(of), func(i int) { out[of[i]] = c.diagnose(d, i) })
	}
	return out
}

// classesOf gives the places of the reports whose traces differ in their answers
// alone, in order.
func classesOf(reports []*check.Report) [][]int {
	var classes [][]int
	known := make(map[imprint]int)
	for i, r := range reports {
		asks := question(r.Run)
		at, ok := known[asks]
		if !ok {
			at = len(classes)
			known[asks] = at
			classes = append(classes, nil)
		}
		classes[at] = append(classes[at], i)
	}
	return classes
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

// A sitting is sheets of one sequence of messages, and a key that asks all that
// any of them does.
type sitting struct {
	key    *Key
	sheets []*trace.Trace
	asked  []map[place]bool // by sheet; nil where there is one, which asks all
}

// A place is where an item is, whatever is written there.
type place struct {
	step  int
	node  raft.NodeID
	field item.Field
	line  uint64
}

func placeOf(it *item.Item) place { return place{it.Step, it.Node, it.Field, it.Line} }

func newSitting(reports []*check.Report, of []int) *sitting {
	first := reports[of[0]].Run
	c := &sitting{key: &Key{Trace: first.Trace, Run: first}}
	for _, i := range of {
		c.sheets = append(c.sheets, reports[i].Run.Trace)
	}
	if len(of) == 1 {
		c.key.ask(item.Of(first.Trace))
	} else {
		c.key.ask(c.union())
	}
	return c
}

// union gives the items that any of the sheets asks for, by step.
func (c *sitting) union() []item.Item {
	var items []item.Item
	known := make(map[place]bool)
	for _, t := range c.sheets {
		asked := make(map[place]bool)
		for _, it := range item.Of(t) {
			at := placeOf(&it)
			if asked[at] = true; !known[at] {
				known[at] = true
				items = append(items, it)
			}
		}
		c.asked = append(c.asked, asked)
	}
	slices.SortStableFunc(items, func(a, b item.Item) int { return cmp.Compare(a.Step, b.Step) })
	return items
}

// diagnose diagnoses a sheet. What it does not ask it leaves untested.
func (c *sitting) diagnose(d *diagnoser, i int) *Diagnosis {
	out := d.diagnose(c.key.verdicts(c.sheets[i]))
	if c.asked != nil && len(c.asked[i]) < len(c.key.Cells) && out.Verdict != Undiagnosed {
		asks := func(s variant.Prediction) bool { return c.asked[i][placeOf(&c.key.Cells[s.Item].Item)] }
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
