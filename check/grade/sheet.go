package grade

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Verdict is what becomes of a cell.
type Verdict uint8

// The verdicts.
const (
	Right    Verdict = iota // equal to the truth
	Follows                 // wrong, but what the reference answers from the sheet's own state
	Wrong                   // a mistake of its own
	Blank                   // nothing is written
	ForHuman                // it follows, but from a state in which every answer is no: a human's to judge
)

var verdictNames = [...]string{"right", "followThrough", "wrong", "blank", "forHuman"}

// String is the verdict's name, as the reports have it.
func (v Verdict) String() string { return verdictNames[v] }

// A Mark is one cell of a sheet, marked.
type Mark struct {
	Cell    *Cell
	Pos     trace.Pos // on the sheet; not valid where nothing of it is there
	Written any       // in the format's words, nil for a blank
	Verdict Verdict
	Points  Points // for what is right
	Through Points // for what follows from a mistake too

	Own    any       // what the reference answers from the sheet's own state
	Rule   raft.Rule // that decides the cell
	Why    string    // with the figures of the case
	Remark string    // what else there is to say, empty for nothing
}

// A Sheet is one set of answers, marked.
type Sheet struct {
	Key     *Key
	Marks   []Mark // by Key.Cells
	Strict  Points // the total of what is right
	Through Points // with what follows from mistakes
	Counted Points // the better one, less what is taken off for being late
	Penalty Points // that much
	Late    bool
	Stops   []Stop
	Remarks []Remark // what the sheet has otherwise than the key
	Humans  []Human  // runs of marks that a human has to judge

	Diagnosis *Diagnosis // nil where none was asked for

	steps []*trace.Step // the sheet's for each of the key's, nil for one that it does not have
}

// A Remark is something that the sheet has otherwise than the key, which changes
// no mark.
type Remark struct {
	Pos  trace.Pos // on the sheet; not valid for what is not there
	Text string
}

// A Human is a run of one node's answers, all of which follow from a mistake
// that makes every answer no.
type Human struct {
	Node  raft.NodeID
	Cells []int // by Key.Cells
	Why   string
}

// Count counts the marks of a verdict.
func (s *Sheet) Count(v Verdict) int {
	n := 0
	for i := range s.Marks {
		if s.Marks[i].Verdict == v {
			n++
		}
	}
	return n
}
