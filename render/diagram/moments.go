package diagram

import (
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// PanelsOf gives the logs of a trace's nodes after some steps, 0 for the start, with
// what is written wrong of them there; it is an error if that is more than anybody
// compares.
// Where no step is named, they are the moments at which the trace itself looks at
// the logs: the start, if they differ there; each step whose tables write the logs
// of a majority of the nodes; and the end, if it shows others than the last of
// these.
func PanelsOf(s Shown, steps []int) (Panels, error) {
	run := s.Report.Run
	p := Panels{Title: titleOf(run.Trace)}
	if run.Deviates() {
		p.Rules = run.Rules.Name
	}
	if steps == nil {
		steps = moments(run, s.nodes())
	}
	if err := boundedPanels(run.Trace, len(steps)); err != nil {
		return p, err
	}
	for _, n := range steps {
		p.Logs = append(p.Logs, logsAt(run, s.nodes(), n, writtenLogs(run, s.nodes(), n)))
	}
	return p, nil
}

func moments(run *replay.Run, nodes raft.NodeSet) (steps []int) {
	if differ(run, nodes, 0) {
		steps = []int{0}
	}
	for i := range run.Steps {
		looked := 0
		for _, st := range run.Steps[i].Trace.State {
			if st.Log.Given() {
				looked++
			}
		}
		if 2*looked > run.Trace.Size() {
			steps = append(steps, i+1)
		}
	}
	end := len(run.Steps)
	if n := len(steps); n == 0 || steps[n-1] != end && !same(run, nodes, steps[n-1], end) {
		steps = append(steps, end)
	}
	return steps
}

// differ reports whether the nodes have different logs after a step.
func differ(run *replay.Run, nodes raft.NodeSet, step int) bool {
	var first *raft.State
	for id := range nodes.All() {
		if !told(run, id, step) {
			continue
		}
		s := run.State(id, step)
		if first == nil {
			first = s
		}
		if s.Log.LastIndex() != first.Log.LastIndex() || !s.Log.StartsWith(first.Log) {
			return true
		}
	}
	return false
}

// same reports whether the nodes have the same logs after two steps, and the same
// of them committed.
func same(run *replay.Run, nodes raft.NodeSet, a, b int) bool {
	for id := range nodes.All() {
		s, t := run.State(id, a), run.State(id, b)
		if s.CommitIndex != t.CommitIndex || parts(s.Log, t.Log) > 0 {
			return false
		}
	}
	return true
}
