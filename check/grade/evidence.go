package grade

import (
	"slices"
	"strings"

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
		switch m := &s.Marks[i]; m.Verdict {
		case Right:
			a.numbers[i] = asTrue
		case Blank:
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
		if a.numbers[s.Item] == s.Value && !slices.ContainsFunc(but, known) && !a.beside(b, s.Item) {
			cells = append(cells, s.Item)
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
		if own.Node == c.Node && own.IsAnswer() && a.Marks[i].Verdict != Blank && a.numbers[i] != asTrue {
			return !slices.Contains(b.says, variant.Prediction{Item: i, Value: a.numbers[i]})
		}
	}
	return false
}

// An earner is a belief, and those of who has it that have earned their name.
type earner struct {
	*belief
	by [][]raft.Deviation
}

// best gives, of the beliefs that have earned a name, those of the highest
// score, and that; 0 for none. What right answers contradict by half of what
// wrong ones say for it, or more, earns none.
func (a *answers) best(earned func(*belief) [][]raft.Deviation) (best []earner, score int) {
	for i, explained := range a.explainedBy() {
		if explained < max(score, 1) {
			continue
		}
		b := &a.beliefs.all[i]
		_, contradicted := a.holds(b)
		now := explained - contradicted
		if now < max(score, 1) || explained <= 2*contradicted {
			continue
		}
		by := earned(b)
		switch {
		case len(by) == 0:
		case now > score:
			best, score = []earner{{b, by}}, now
		default:
			best = append(best, earner{b, by})
		}
	}
	return best, score
}

// explainedBy counts the wrong answers that each of the beliefs explains.
func (a *answers) explainedBy() []int {
	counts := make([]int, len(a.beliefs.all))
	for i, n := range a.numbers {
		if n == asTrue || n == variant.Unpredicted {
			continue
		}
		for _, at := range a.beliefs.sharing[variant.Prediction{Item: i, Value: n}] {
			counts[at]++
		}
	}
	return counts
}

// leastPieces is how many pieces of evidence give a name.
const leastPieces = 2

// leastForPair is how much more two deviations have to explain than one.
const leastForPair = 2

// earned gives who of a belief has earned the name: by two pieces of evidence,
// or by one that is hardly chance, where no right answer contradicts it and in
// one the rule in question was asked too.
func (a *answers) earned(b *belief) [][]raft.Deviation {
	cells := a.explained(b)
	if a.pieces(cells) >= leastPieces {
		return b.by
	}
	if _, contradicted := a.holds(b); contradicted > 0 || !slices.ContainsFunc(cells, a.telling) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.by), func(by []raft.Deviation) bool { return !a.tested(by[0], cells) })
}

// earnedByTwo gives the pairs of which each one has earned its name beside the
// other: by two pieces of evidence that the other alone does not explain.
func (a *answers) earnedByTwo(b *belief, alone map[string][]*belief) [][]raft.Deviation {
	return slices.DeleteFunc(slices.Clone(b.by), func(by []raft.Deviation) bool {
		return a.pieces(a.explained(b, alone[by[0].Name]...)) < leastPieces ||
			a.pieces(a.explained(b, alone[by[1].Name]...)) < leastPieces
	})
}

// A piece of evidence is what the wrong answers of one occasion are: of a step
// and a node, or of the nodes that decided on the same figures.
type piece struct {
	step int
	node raft.NodeID // NoNode where the figures say it
	why  raft.Decision
}

// pieces counts the pieces of evidence in wrong answers. What follows from an
// earlier mistake is none.
func (a *answers) pieces(cells []int) int {
	var found []piece
	for _, i := range cells {
		m := &a.Marks[i]
		if m.Verdict != Wrong {
			continue
		}
		p := piece{step: m.Cell.Step, node: m.Cell.Node}
		if d := a.Key.Run.Steps[p.step-1].Delivery(p.node); d != nil {
			p.node, p.why = raft.NoNode, d.Decision
		}
		if !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return len(found)
}

// telling reports whether a wrong answer is hardly chance if it comes out just
// as predicted: a log, a term or an index. A yes for a no, a role or a node may
// be.
func (a *answers) telling(cell int) bool {
	m := &a.Marks[cell]
	field, _, _ := strings.Cut(m.Cell.Name, "[")
	switch field {
	case "term", "log", "commitIndex", "lastApplied", "nextIndex", "matchIndex":
		return m.Verdict == Wrong && m.Written != "none"
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
