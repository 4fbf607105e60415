package generate

import (
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// A verdict is what a play is worth.
type verdict struct {
	score     int
	revealed  int // of what is at stake
	apart     int // pairs of what is at stake that some cell tells apart
	run       *replay.Run
	items     []item.Item            // all that can be asked
	otherwise [][]variant.Prediction // by what is at stake: the items that it gives otherwise
}

// judge says what a play reveals of what is at stake.
func (p *play) judge(stake [][]raft.Deviation) *verdict {
	t := p.asking(p.everyCell())
	run, halt := replay.Play(t, raft.Figure2())
	if halt != nil {
		return nil // a move of this package is wrong; TestSheets tells
	}
	v := &verdict{run: run, items: item.Of(t)}
	v.otherwise = variant.NewMatrix(run, v.items).Predict(stake, replay.AsFilled)
	for _, ps := range v.otherwise {
		if len(ps) > 0 {
			v.revealed++
		}
	}
	return v
}

// story says how good a story the play is, 0 to about 200.
func (p *play) story() int {
	split, contested := p.contests()
	repaired, truncated, deposed, dull := p.followers()
	points := 25*min(repaired, 2) + 40*min(truncated, 1) + 10*min(deposed, 1) - 10*dull +
		35*min(split, 1) + 10*min(contested, 1) + 15*min(p.won, 3)
	if p.w.Leaders > 0 {
		points -= 400 * apart(p.won, p.w.Leaders)
	}
	return points - 3*apart(p.lost*100/max(p.sent, 1), p.w.Lost)
}

// apart is how far two numbers are apart.
func apart(a, b int) int { return max(a-b, b-a) }

// contests counts the terms for which two nodes have stood, by whether either of them
// has won.
func (p *play) contests() (split, contested int) {
	run := p.cluster.Run()
	stood := make(map[raft.Term]raft.NodeSet)
	won := make(map[raft.Term]bool)
	for i := range run.Steps {
		if v := run.Steps[i].Sent.Vote; v != nil {
			after := run.State(v.CandidateID, i+1)
			stood[v.Term] = stood[v.Term].With(v.CandidateID)
			won[v.Term] = won[v.Term] || after.Role == raft.Leader && after.CurrentTerm == v.Term
		}
	}
	for term, by := range stood {
		switch {
		case by.Len() < 2:
		case won[term]:
			contested++
		default:
			split++
		}
	}
	return split, contested
}

// followers counts what happens to followers: those that lacked entries and have them,
// entries that are gone, leaders that are told of a higher term, and messages that
// change nothing, or to which all agree like to the one before.
func (p *play) followers() (repaired, truncated, deposed, dull int) {
	run := p.cluster.Run()
	var behind raft.NodeSet
	agreed := false // all did to the message before
	for i := range run.Steps {
		s := &run.Steps[i]
		if len(s.Deliveries) == 0 {
			continue
		}
		agree := !slices.ContainsFunc(s.Deliveries, func(d replay.Delivery) bool { return d.Answered() && !d.OK })
		if s.Changed == 0 || agree && agreed {
			dull++
		}
		agreed = agree
		for j := range s.Deliveries {
			d := &s.Deliveries[j]
			if d.Append == nil || !d.Answered() {
				continue
			}
			switch {
			case d.Decision.Rule == raft.AE2 && !d.OK:
				behind = behind.With(d.To)
			case d.Decision.Rule == raft.AE1 && !d.OK:
				deposed++
			case d.OK && behind.Has(d.To) && d.Append.Entries.Len() > 0:
				behind = behind.Without(d.To)
				repaired++
			}
			if d.OK && run.State(d.To, i+1).Log.LastIndex() < run.State(d.To, i).Log.LastIndex() {
				truncated++
			}
		}
	}
	return repaired, truncated, deposed, dull
}
