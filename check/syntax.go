package check

import (
	"io"

	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace"
)

// ReadFile reads a file for whoever fills it in: its reports hold what cannot be
// read and how much is written. Nothing is replayed, so that nothing in them
// depends on what is right.
func ReadFile(name string, in io.Reader, limits trace.Limits) *File {
	src, err := trace.Read(name, in, limits)
	f := &File{Name: src.Name, Source: src}
	f.addErrors(err)
	for _, t := range src.Traces {
		rules, err := RulesNamed(t.Rules)
		if err != nil {
			panic(err) // the trace has been read, and with it their names
		}
		f.Reports = append(f.Reports, readOnly(&replay.Run{Trace: t, Rules: rules}))
	}
	return f
}

// Written counts what is written in a trace: whole answers, and fields of tables.
type Written struct{ Answers, Fields, Blank int }

// readOnly is a report of reading alone, on a run that has not been played.
func readOnly(run *replay.Run) *Report {
	c := &comparer{run: run, t: run.Trace}
	c.unread()
	finding.Sort(c.findings)
	r := &Report{Run: run, Read: &Written{}, Findings: c.findings, Tally: Tally{Steps: len(run.Trace.Steps)}}
	for items := item.Of(run.Trace); len(items) > 0; {
		n, blank := 1, items[0].Blank()
		for ; n < len(items) && oneAnswer(&items[0], &items[n]); n++ {
			blank = blank || items[n].Blank()
		}
		r.count(&items[0], blank)
		items = items[n:]
	}
	return r
}

// oneAnswer reports whether two items are of the same node's answer.
func oneAnswer(a, b *item.Item) bool {
	return a.IsAnswer() && b.IsAnswer() && a.Node == b.Node && a.Step == b.Step
}

// count counts an answer or a field.
func (r *Report) count(it *item.Item, blank bool) {
	if it.IsAnswer() {
		r.Tally.Answers++
	}
	switch {
	case blank && it.IsAnswer():
		r.Tally.Blank++
		fallthrough
	case blank:
		r.Read.Blank++
	case it.IsAnswer():
		r.Read.Answers++
	default:
		r.Read.Fields++
	}
}
