package grade

import (
	"cmp"
	"slices"

	"raftsheet/raft"
)

// A Diagnosis says which misunderstandings explain the wrong answers of a sheet
// without going against its right ones. It changes no mark.
type Diagnosis struct {
	Verdict      string           // one of those below
	Wrong        int              // answers that are not right, blanks left out
	Explanations []Explanation    // the best: one of Named, several of Tie, none of the others
	Fits         []Explanation    // the deviations that lead to every wrong answer, whether or not they have earned a name: the first of them
	MoreFits     int              // how many there are beyond those
	Untested     []raft.Deviation // those that the key never puts to the test: neither understood nor not
	Apart        string           // of a tie: the file of the trace that tells most of its explanations apart, empty for none
}

// The verdicts of a diagnosis.
const (
	NothingWrong = "right"       // no answer is wrong
	Named        = "named"       // one explanation is the best
	Tie          = "tie"         // several are equally good
	Slip         = "slip"        // no explanation earns a name
	Undiagnosed  = "undiagnosed" // the key is past the bounds of a diagnosis
)

// An Explanation is a deviation, or two together.
type Explanation struct {
	Deviations   []raft.Deviation
	Explained    int   // wrong answers that it predicts
	Contradicted int   // right answers where it predicts another
	Cells        []int // by Key.Cells: those that it predicts otherwise than the truth
}

// settle puts the explanations in order, and says what they come to.
func (out *Diagnosis) settle() {
	slices.SortStableFunc(out.Explanations, func(a, b Explanation) int {
		return slices.CompareFunc(a.Deviations, b.Deviations, byCatalogue)
	})
	switch len(out.Explanations) {
	case 0:
		out.Verdict = Slip
	case 1:
		out.Verdict = Named
	default:
		out.Verdict = Tie
	}
}

// byCatalogue has deviations in the order of the catalogue.
func byCatalogue(a, b raft.Deviation) int {
	return cmp.Compare(catalogued(a), catalogued(b))
}

// catalogued is a deviation's place in the catalogue.
func catalogued(d raft.Deviation) int {
	return slices.IndexFunc(raft.Deviations(), func(other raft.Deviation) bool { return other.Name == d.Name })
}
