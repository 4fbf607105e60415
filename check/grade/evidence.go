package grade

import (
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// This file weighs a sheet's answers for and against what deviations predict.

// answers is a sheet's answers as beliefs number them.
type answers struct {
	*Sheet
	beliefs *beliefs
	numbers []uint16 // by Key.Cells; asTrue, or variant.Unpredicted for what nobody predicts and for a blank
	wrong   int
}

const asTrue = 0 // the number of a right answer, which no deviation predicts

// read numbers a sheet's answers.
func (bs *beliefs) read(s *Sheet) *answers {
	a := &answers{Sheet: s, beliefs: bs, numbers: make([]uint16, len(s.Marks))}
	for i := range s.Marks {
		switch m := &s.Marks[i]; {
		case m.Verdict == Right:
			a.numbers[i] = asTrue
		case m.silent():
			a.numbers[i] = variant.Unpredicted
		default:
			on := m.Cell.On(s.steps[m.Cell.Step-1])
			a.numbers[i] = bs.Written(i, &on)
			a.wrong++
		}
	}
	return a
}

// holds counts the wrong answers that a belief explains, and the right ones that
// contradict it.
func (a *answers) holds(b *belief) (explained, contradicted int) {
	for _, s := range b.says {
		switch a.numbers[s.Item] {
		case s.Value:
			explained++
		case asTrue:
			contradicted++
		}
	}
	return explained, contradicted
}

// explained gives the wrong answers that a belief explains and none of some
// others does.
func (a *answers) explained(b *belief, but ...*belief) []int {
	var cells []int
	for _, s := range b.says {
		known := func(other *belief) bool { return slices.Contains(other.says, s) }
		if a.numbers[s.Item] == s.Value && !slices.ContainsFunc(but, known) && !a.beside(b, int(s.Item)) {
			cells = append(cells, int(s.Item))
		}
	}
	return cells
}

// beside reports whether a cell is of a table after an answer that is wrong, and
// not as the belief has it: what the table says then comes of that answer.
func (a *answers) beside(b *belief, cell int) bool {
	c := a.Marks[cell].Cell
	if c.IsAnswer() {
		return false
	}
	step := &a.Key.Steps[c.Step-1]
	for i := step.First; i < step.Last; i++ {
		own := a.Marks[i].Cell
		if own.Node == c.Node && own.IsAnswer() && !a.Marks[i].silent() && a.numbers[i] != asTrue {
			return !slices.Contains(b.says, variant.Prediction{Item: int32(i), Value: a.numbers[i]})
		}
	}
	return false
}

// best gives the beliefs of the highest score, and that; 0 for none. Whether
// they have earned a name is not asked: one that has not is still better than one
// of a lower score that has.
//
// An answer that a belief explains and one that contradicts it weigh alike, for
// without the belief the one is a slip, and with it the other is. So where one
// belief says all that another does and more, the rest decides: what is written
// as it says makes it the better one, what is right the worse. What is left blank
// decides nothing, and they tie.
func (a *answers) best() (best []*belief, score int) {
	score = 1
	for i, explained := range a.explainedBy() {
		if explained < score {
			continue
		}
		b := &a.beliefs.all[i]
		_, contradicted := a.holds(b)
		switch now := explained - contradicted; {
		case now > score:
			best, score = []*belief{b}, now
		case now == score:
			best = append(best, b)
		}
	}
	if best == nil {
		return nil, 0
	}
	return best, score
}

// fitting gives the beliefs that lead to every wrong answer, those that right
// answers contradict least first.
func (a *answers) fitting() []*belief {
	var fit []*belief
	against := make(map[*belief]int)
	for i, explained := range a.explainedBy() {
		if explained == a.wrong {
			b := &a.beliefs.all[i]
			fit = append(fit, b)
			_, against[b] = a.holds(b)
		}
	}
	slices.SortStableFunc(fit, func(x, y *belief) int { return against[x] - against[y] })
	return fit
}

// explainedBy counts the wrong answers that each of the beliefs explains.
func (a *answers) explainedBy() []int {
	counts := make([]int, len(a.beliefs.all))
	for i, n := range a.numbers {
		if n == asTrue || n == variant.Unpredicted {
			continue
		}
		for _, s := range a.beliefs.sharing[i] {
			if s.value == n {
				counts[s.belief]++
			}
		}
	}
	return counts
}

// leastPieces is how many pieces of evidence give a name.
const leastPieces = 2

// leastForPair is how much more two deviations have to explain than one.
const leastForPair = 2

// earned reports whether a belief has earned a name: by two pieces of evidence,
// or by one that is hardly chance, where no right answer contradicts it and in
// one the rule in question was asked too. What right answers contradict by half
// of what wrong ones say for it, or more, earns none.
func (a *answers) earned(b *belief) bool {
	explained, contradicted := a.holds(b)
	if explained <= 2*contradicted {
		return false
	}
	cells := a.explained(b)
	if a.pieces(cells) >= leastPieces {
		return true
	}
	return contradicted == 0 && (explained == a.wrong || a.rare()) && slices.ContainsFunc(cells, a.telling) &&
		slices.ContainsFunc(b.by, func(by []raft.Deviation) bool { return a.tested(by[0], cells) })
}

// answersAMistake is of how many answers one at most is a mistake where mistakes
// are rare.
const answersAMistake = 40

// rare reports whether mistakes are so rare on the sheet that hardly one of them
// comes out by chance just as some deviation has it. The more of them there are
// among the fewer answers, the sooner one does.
func (a *answers) rare() bool {
	var wrong []int
	answered := 0
	for i := range a.Marks {
		switch m := &a.Marks[i]; {
		case m.silent():
			continue
		case m.Verdict == Wrong:
			wrong = append(wrong, i)
		}
		answered++
	}
	return a.pieces(wrong)*answersAMistake <= answered
}

// earnedByTwo reports whether of two deviations together each one has earned its
// name beside the other: by two pieces of evidence that the other alone does not
// explain.
func (a *answers) earnedByTwo(b *belief, alone map[string][]*belief) bool {
	if explained, contradicted := a.holds(b); explained <= 2*contradicted {
		return false
	}
	return slices.ContainsFunc(b.by, func(by []raft.Deviation) bool {
		return a.pieces(a.explained(b, alone[by[0].Name]...)) >= leastPieces &&
			a.pieces(a.explained(b, alone[by[1].Name]...)) >= leastPieces
	})
}

// An Occasion is where one decision is made: a step and a node, or in a step the
// nodes that decided on the same figures. Wrong answers of one occasion are one
// piece of evidence, for whoever gets the decision wrong gets them all wrong.
type Occasion struct {
	step int
	node raft.NodeID // NoNode where the figures say it
	why  raft.Decision
}

// Occasion gives the occasion of a cell.
func (k *Key) Occasion(c *Cell) Occasion {
	if d := k.Run.Steps[c.Step-1].Delivery(c.Node); d != nil {
		return Occasion{step: c.Step, why: d.Decision}
	}
	return Occasion{step: c.Step, node: c.Node}
}

// pieces counts the pieces of evidence in wrong answers. What follows from an
// earlier mistake is none.
func (a *answers) pieces(cells []int) int {
	var found []Occasion
	for _, i := range cells {
		m := &a.Marks[i]
		if m.Verdict != Wrong {
			continue
		}
		if o := a.Key.Occasion(m.Cell); !slices.Contains(found, o) {
			found = append(found, o)
		}
	}
	return len(found)
}

// telling reports whether a wrong answer is hardly chance if it comes out just
// as predicted: a log, a term or an index. A yes for a no, a role or a node may
// be.
func (a *answers) telling(cell int) bool {
	m := &a.Marks[cell]
	switch m.Cell.Field {
	case item.AnswerTerm, item.AnswerMatch, item.Term, item.Log, item.LastLogIndex, item.LastLogTerm, item.Snapshot, item.SnapshotLine, item.CommitIndex, item.LastApplied,
		item.NextIndex, item.NextIndexLine, item.MatchIndex, item.MatchIndexLine:
		on := m.Cell.On(a.steps[m.Cell.Step-1])
		return m.Verdict == Wrong && on.Written != replay.None{}
	}
	return false
}

// tested reports whether a deviation was put to the test in a right answer too:
// its rule was asked there, on another occasion than those of the wrong ones.
func (a *answers) tested(d raft.Deviation, wrong []int) bool {
	for _, name := range strings.Fields(d.Rule) {
		rule, ok := raft.RuleNamed(name)
		if !ok {
			continue // what a crash takes, and what there is no rule of
		}
		for i := range a.Marks {
			m := &a.Marks[i]
			if m.Verdict == Right && a.beliefs.Asked(m.Cell.Step, m.Cell.Node, rule.Rule) && !a.sameOccasion(m, wrong) {
				return true
			}
		}
	}
	return false
}

// sameOccasion reports whether an answer is of the step and the node of one of
// some others.
func (a *answers) sameOccasion(m *Mark, cells []int) bool {
	return slices.ContainsFunc(cells, func(i int) bool {
		other := a.Marks[i].Cell
		return other.Step == m.Cell.Step && other.Node == m.Cell.Node
	})
}
