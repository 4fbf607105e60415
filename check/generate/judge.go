package generate

import (
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
	run := p.cluster.Run()
	points := 0
	refused := make(map[raft.NodeID]bool) // since when a follower lacks entries
	repaired, truncated, rivals, idle, deposed := 0, 0, 0, 0, 0
	stood := make(map[raft.Term]raft.NodeID)
	for i := range run.Steps {
		s := &run.Steps[i]
		if s.Changed == 0 && len(s.Deliveries) > 0 {
			idle++
		}
		if s.Sent.Vote != nil {
			if c, ok := stood[s.Sent.Term()]; ok && c != s.Sent.Sender() {
				rivals++
			}
			stood[s.Sent.Term()] = s.Sent.Sender()
		}
		for j := range s.Deliveries {
			d := &s.Deliveries[j]
			if d.Append == nil || !d.Answered() {
				continue
			}
			switch {
			case d.Decision.Rule == raft.AE2 && !d.OK:
				refused[d.To] = true
			case d.Decision.Rule == raft.AE1 && !d.OK:
				deposed++
			case d.OK && refused[d.To] && d.Append.Entries.Len() > 0:
				refused[d.To] = false
				repaired++
			}
			if d.OK && run.State(d.To, i+1).Log.LastIndex() < run.State(d.To, i).Log.LastIndex() {
				truncated++
			}
		}
	}
	points += 25*min(repaired, 2) + 15*min(truncated, 1) + 25*min(rivals, 1) + 15*min(deposed, 1) + 15*min(p.won, 3) - 12*idle
	if p.w.Leaders > 0 {
		points -= 400 * max(p.won-p.w.Leaders, p.w.Leaders-p.won)
	}
	if p.sent > 0 {
		share := p.lost * 100 / p.sent
		points -= 3 * max(share-p.w.Lost, p.w.Lost-share)
	}
	return points
}
