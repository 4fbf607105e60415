package variant

import (
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// This file finds the rule by which two replays of a step part.

// governing gives, for a field of a state, the rules that set it.
var governing = map[raft.Fields][]raft.Rule{
	raft.FieldTerm:        {raft.A2, raft.C1},
	raft.FieldVotedFor:    {raft.RV2a, raft.RV2b, raft.A2, raft.C1},
	raft.FieldRole:        {raft.C2, raft.C3, raft.A2},
	raft.FieldLog:         {raft.AE3, raft.AE4, raft.L2},
	raft.FieldCommitIndex: {raft.AE5, raft.L4},
	raft.FieldLastApplied: {raft.A1, raft.L4},
	raft.FieldNextIndex:   {raft.L3, raft.C2},
	raft.FieldMatchIndex:  {raft.L3, raft.C2},
}

// because gives why a field of a node comes to differ in this step, on each
// side.
//
// Both sides ask a node the same rules in the same order, up to the first that
// comes to something else. From there on it is the rule that settles the field
// and comes to one thing here and to another there; or else what last settled
// the field on that side, as where votes are counted one by one; or else the
// rule at which they part. Where no rule that settles the field decides
// otherwise, and still the field differs, it is what the last of them leaves
// behind, which no figures show.
func (p *pair) because(id raft.NodeID, f fieldPair) [2]Reading {
	rules, values := governing[f.state], f.values
	ds := [2][]raft.Decision{p.sides[0].decided(id), p.sides[1].decided(id)}
	k := 0
	for k < len(ds[0]) && k < len(ds[1]) && ds[0][k] == ds[1][k] {
		k++
	}
	if at := otherwise(ds, k, rules); at >= 0 {
		return p.readings(func(i int) Reading { return p.sides[i].reading(id, values[i], ds[i][at]) })
	}
	var settled [2]raft.Decision
	for i := range settled {
		settled[i] = last(ds[i][k:], rules)
	}
	if settled[0].Rule == raft.NoRule && settled[1].Rule == raft.NoRule {
		return p.readings(func(i int) Reading { return p.sides[i].unseen(id, values[i], last(ds[i], rules)) })
	}
	return p.readings(func(i int) Reading {
		if settled[i].Rule == raft.NoRule && k < len(ds[i]) {
			settled[i] = ds[i][k]
		}
		return p.sides[i].reading(id, values[i], settled[i])
	})
}

// unseen is a reading of what a rule leaves behind on figures that are the same
// on both sides.
func (s *side) unseen(id raft.NodeID, value replay.Value, settled raft.Decision) Reading {
	restarts := slices.ContainsFunc(s.step().Acts, func(a replay.Act) bool { return a.Kind == replay.Restarts && a.Node == id })
	switch r := s.reading(id, value, settled); {
	case restarts:
		return Reading{Value: item.Any(s.run.Trace, id, value), Why: "it restarts in this step"}
	case s.run.Deviates() && settled.Rule != raft.NoRule:
		r.Why = "on these figures it comes out this way under " + s.run.Rules.Name
		return r
	default:
		return r
	}
}

// otherwise is the first place from k on where both sides ask one of the rules,
// and it comes to different things; -1 for none. One vote more or less is none:
// the last one counted elects.
func otherwise(ds [2][]raft.Decision, k int, rules []raft.Rule) int {
	for ; k < len(ds[0]) && k < len(ds[1]) && ds[0][k].Rule == ds[1][k].Rule; k++ {
		if rule := ds[0][k].Rule; ds[0][k].Outcome != ds[1][k].Outcome && rule != raft.C2 && slices.Contains(rules, rule) {
			return k
		}
	}
	return -1
}

// last is the last decision of one of the rules that applied, or else the last
// of any of them; that of NoRule where there is none.
func last(ds []raft.Decision, rules []raft.Rule) raft.Decision {
	var settled raft.Decision
	for _, d := range slices.Backward(ds) {
		if !slices.Contains(rules, d.Rule) {
			continue
		}
		if d.Outcome == raft.Acted {
			return d
		}
		if settled.Rule == raft.NoRule {
			settled = d
		}
	}
	return settled
}

// decided gives the decisions of a node in the step, in order.
func (s *side) decided(id raft.NodeID) []raft.Decision {
	var ds []raft.Decision
	for _, d := range s.decisions() {
		if d.Node == id {
			ds = append(ds, d.Decision)
		}
	}
	return ds
}

func (s *side) reading(id raft.NodeID, value replay.Value, d raft.Decision) Reading {
	r := Reading{Value: item.Any(s.run.Trace, id, value)}
	if d.Rule != raft.NoRule {
		r.Rule, r.Why = d.Rule, reason.Decision(s.run, id, d)
	}
	return r
}
