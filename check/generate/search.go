package generate

import (
	"raftsheet/raft"
)

// A search looks for the play that is worth most.
type search struct {
	w      *Wish
	kit    kit
	stake  [][]raft.Deviation
	weight int             // of each of them
	extra  func(*play) int // what else counts; nil for nothing

	start   *play
	best    *play
	verdict *verdict
	marks   []*play // the best as it was before each of its moves
}

// roll plays on from a place to the end, with lots of that seed; nil where the story gets
// stuck. With mark it also gives the play as it was before each move.
func (s *search) roll(from *play, seed uint64, mark bool) (*play, []*play) {
	p := from.clone()
	d := newDice(seed, 1)
	var marks []*play
	for !p.over() {
		if mark {
			marks = append(marks, p.clone())
		}
		if !p.next(d) {
			return nil, nil
		}
		if len(p.steps) > mostSteps {
			return nil, nil
		}
	}
	return p, marks
}

// mostSteps bounds a play with restarts and answers that are steps beside the
// messages.
const mostSteps = 400

// try plays on from a place, and keeps what comes of it if it is as good as the best.
func (s *search) try(from *play, before []*play, seed uint64) {
	p, _ := s.roll(from, seed, false)
	if p == nil {
		return
	}
	worth := p.story()
	if s.extra != nil {
		worth += s.extra(p)
	}
	if s.best != nil && worth+s.weight*len(s.stake) < s.verdict.score {
		return // whatever it reveals
	}
	v := p.judge(s.stake)
	if v == nil {
		return
	}
	if v.score = worth + s.weight*v.revealed; s.best != nil && v.score < s.verdict.score {
		return
	}
	_, marks := s.roll(from, seed, true)
	s.best, s.verdict = p, v
	s.marks = append(append([]*play(nil), before...), marks...)
}

// tries bound a search: so many plays from the start, then so many from somewhere in
// the best; more, as long as something at stake is not revealed.
type tries struct{ first, then, most int }

// run searches.
func (s *search) run(seed uint64, n tries) {
	d := newDice(seed, 2)
	for range n.first {
		s.try(s.start, nil, d.seed())
	}
	for i := 0; i < n.most; i++ {
		if s.best != nil && s.verdict.revealed == len(s.stake) && i >= n.then {
			return
		}
		if s.best == nil || i%4 == 3 && s.verdict.revealed < len(s.stake) {
			s.try(s.start, nil, d.seed())
			continue
		}
		at := d.below(len(s.marks))
		s.try(s.marks[at], s.marks[:at], d.seed())
	}
}
