package cmd

import (
	"bytes"
	"slices"

	"raftsheet/check"
	"raftsheet/check/grade"
	"raftsheet/check/variant"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file hands the deviations' smallest traces, which the program carries, to
// the packages that play them.

// deviationFile is where the project has a deviation's smallest trace.
func deviationFile(name string) string { return "examples/deviations/" + name + ".yaml" }

// misbelief plays a deviation's smallest trace under it.
func (a *app) misbelief(d raft.Deviation) render.Misbelief {
	text, _ := examples.Deviation(d.Name)
	m := render.Misbelief{Deviation: d, File: deviationFile(d.Name), Trace: text}
	m.Checked = check.CheckFile(m.File, bytes.NewReader(text), check.Settings{Limits: trace.DefaultLimits(), Rules: []string{d.Name}})
	cover, _ := variant.Cover(m.Checked.Source.Traces)
	for _, group := range cover.Alike {
		m.Alike = append(m.Alike, others(group, d.Name)...)
	}
	return m
}

// others gives the names in a group but for one that belongs to it; none if that
// does not.
func others(group []raft.Deviation, one string) []string {
	var names []string
	for _, d := range group {
		names = append(names, d.Name)
	}
	i := slices.Index(names, one)
	if i < 0 {
		return nil
	}
	return slices.Delete(names, i, i+1)
}

// tellingTraces gives the smallest traces of the deviations, by which a tie
// between two of them may be told apart.
func tellingTraces() []*trace.Trace { return grade.Telling(deviationFile, examples.Deviation) }
