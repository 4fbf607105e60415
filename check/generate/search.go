package generate

import "raftsheet/raft"

// A search looks for the play that is worth most.
type search struct {
	w      *Wish
	kit    kit
	stake  [][]raft.Deviation
	weight int             // of each of them
	apart  bool            // they are to be told apart, too
	plain  bool            // nothing is asked but answers, and what it takes
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
	d := newDice(seed, streamOfPlay)
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
	if s.best != nil && worth+s.weight*s.goal() < s.verdict.score {
		return // whatever it reveals
	}
	v := p.judge(s.stake)
	if v == nil {
		return
	}
	if s.apart {
		v.apart = v.tellsApart()
	}
	if v.score = worth + s.weight*(v.revealed+v.apart); s.best != nil && v.score < s.verdict.score {
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
	d := newDice(seed, streamOfSearch)
	for range n.first {
		s.try(s.start, nil, d.seed())
	}
	for i := 0; i < n.most; i++ {
		if s.best != nil && s.done() && i >= n.then {
			return
		}
		if s.best == nil || i%4 == 3 && !s.done() {
			s.try(s.start, nil, d.seed())
			continue
		}
		at := d.below(len(s.marks))
		s.try(s.marks[at], s.marks[:at], d.seed())
	}
}

// goal is how much a play can reveal and tell apart, and done whether the best does.
func (s *search) goal() int {
	n := len(s.stake)
	if s.apart {
		n += n * (n - 1) / 2
	}
	return n
}

func (s *search) done() bool { return s.verdict.revealed+s.verdict.apart == s.goal() }
