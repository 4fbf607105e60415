package check

import (
	"slices"

	"raftsheet/check/finding"
	"raftsheet/check/replay"
)

// A Result is what became of a trace.
type Result string

// The results of a trace that could be read.
const (
	Agrees   Result = "agrees"
	Diverges Result = "diverges"
	// Malformed is a trace of which something could not be read.
	Malformed Result = "malformed"
	// Readable is a trace that was read and not replayed, see [ReadFile].
	Readable Result = "readable"
	// Unjudged is a trace on which an implementation was not judged at all.
	Unjudged Result = "unjudged"
)

// A Tally counts what was compared.
type Tally struct {
	Steps   int
	Answers int // Agree + Diverge + Blank
	Agree   int
	Diverge int
	Blank   int
	Untold  int // answers of unknown nodes: not among Answers
	States  int // fields of tables that differ
}

// A Report is a trace's replay held against what is written in it.
type Report struct {
	Run      *replay.Run
	Mode     finding.Mode
	Findings []finding.Finding // by line, column and kind
	More     int               // how many there are beyond those
	Tally    Tally

	// Read is how much is written where nothing was replayed, see [ReadFile]: the
	// findings are then what cannot be read, and no answer is among those that agree.
	Read *Written

	// Asked says, where an implementation is judged, which steps it has answered
	// something in; of the others nobody can say that they pass. nil elsewhere.
	Asked []bool

	cut [finding.NumKinds]int // by kind: the step from which on not all are among Findings; 0 for none
}

// CutAt is the first step of which not every divergence need be listed: nothing
// can be said of those after it. It is 0 where all are.
func (r *Report) CutAt() int {
	at := 0
	for k, step := range r.cut {
		divergence := r.Mode.Severity(&finding.Finding{Kind: finding.Kind(k)}) == finding.Error
		if divergence && step > 0 && (at == 0 || step < at) {
			at = step
		}
	}
	return at
}

// Result is Malformed if something could not be read, otherwise Readable where
// nothing more was asked, and Diverges if any finding is an error in the report's
// mode. Of an implementation it is Unjudged where it answered nothing.
func (r *Report) Result() Result {
	if r.CountKind(finding.Unread) > 0 {
		return Malformed
	}
	if r.Read != nil {
		return Readable
	}
	if r.Count(finding.Error) > 0 {
		return Diverges
	}
	if r.Asked != nil && !slices.Contains(r.Asked, true) {
		return Unjudged
	}
	return Agrees
}

// Count counts the findings of a severity.
func (r *Report) Count(s finding.Severity) int {
	n := 0
	for i := range r.Findings {
		if r.Mode.Severity(&r.Findings[i]) == s {
			n++
		}
	}
	return n
}

// CountKind counts the findings of a kind.
func (r *Report) CountKind(k finding.Kind) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Kind == k {
			n++
		}
	}
	return n
}

// CountImplied counts what the trace leaves unwritten; late arrivals are none
// of it.
func (r *Report) CountImplied() int {
	n := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == finding.Implied && !f.Late() {
			n++
		}
	}
	return n
}

// CountKnown counts the findings that would be errors if they were not known.
func (r *Report) CountKnown() int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Known != "" {
			n++
		}
	}
	return n
}
