package grade

import (
	"path"
	"strings"
)

// This file holds what a class came to in two runs against each other: whose mark
// has moved, by how much, and by which cells.

// Results are what a class came to in one run.
type Results struct {
	Tool        string // the version of the program
	Key         string // the digest of the key; empty if nobody says
	Submissions []Result
}

// A Result is what one file came to.
type Result struct {
	Student Student
	File    string
	Outcome string
	Counts  *Range // nil where there is no mark
	Cells   []CellResult
}

// A CellResult is what a cell came to.
type CellResult struct {
	Step, Node, Field string
	Verdict           string
	Points            Range // with what follows from mistakes
}

// A cellName tells the cells of a key apart. An answer's term and a table's have one
// name; the answer comes first.
type cellName struct {
	step, node, field string
	nth               int
}

// cellNames gives the names of cells.
func cellNames(cells []CellResult) []cellName {
	out := make([]cellName, len(cells))
	seen := make(map[cellName]int)
	for i := range cells {
		n := cellName{step: cells[i].Step, node: cells[i].Node, field: cells[i].Field}
		out[i] = n
		out[i].nth = seen[n]
		seen[n]++
	}
	return out
}

// Results gives what the class has come to.
func (c *Class) Results(tool string) *Results {
	out := &Results{Tool: tool, Key: c.Key.Digest, Submissions: make([]Result, len(c.Submissions))}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		t := c.KeyOf(s).Trace
		r := Result{Student: s.Student, File: s.Name, Outcome: s.Outcome.String()}
		if counts, ok := s.Counts(); ok {
			r.Counts = &Range{counts.Least.written(), counts.Most.written()}
		}
		if s.Sheet != nil {
			r.Cells = make([]CellResult, len(s.Sheet.Marks))
			for j := range s.Sheet.Marks {
				m := &s.Sheet.Marks[j]
				r.Cells[j] = CellResult{t.Steps[m.Cell.Step-1].ID, t.Name(m.Cell.Node), m.Cell.Name, m.Verdict.String(), Range{m.Through.written(), m.Most.written()}}
			}
		}
		out.Submissions[i] = r
	}
	return out
}

// Moves are what has changed from one run to the next.
type Moves struct {
	Before, Now *Results
	KeyChanged  bool
	Moved       []Move    // whose mark or cells have changed, in the order of the later run
	New         []*Result // that the earlier run did not have
	Gone        []*Result // that the later run does not have
	Same        int       // whose mark and cells are as they were
}

// A Move is a submission that came to something else before.
type Move struct {
	Before, Now *Result
	Cells       []CellMove // by the key
}

// A CellMove is a cell that came to something else before; nil where the key did
// not ask for it, or the sheet had no marks.
type CellMove struct{ Before, Now *CellResult }

// Cell gives the cell as either of the runs has it.
func (m *CellMove) Cell() *CellResult {
	if m.Now != nil {
		return m.Now
	}
	return m.Before
}

// Since holds the results against those of an earlier run. A submission is found by
// its student's number, or else by its file's name; what does not count, since its
// student has handed in a later one, is left out.
func (r *Results) Since(before *Results) *Moves {
	m := &Moves{Before: before, Now: r, KeyChanged: before.Key != "" && r.Key != "" && before.Key != r.Key}
	was, is := before.counting(), r.counting()
	shared := sharedIDs(was, is)
	earlier := make(map[found]*Result)
	for i, name := range foundBy(was, shared) {
		earlier[name] = was[i]
	}
	for i, name := range foundBy(is, shared) {
		s, old := is[i], earlier[name]
		if old == nil {
			m.New = append(m.New, s)
			continue
		}
		delete(earlier, name)
		cells := movedCells(old.Cells, s.Cells)
		if old.Outcome == s.Outcome && sameRange(old.Counts, s.Counts) && cells == nil {
			m.Same++
			continue
		}
		m.Moved = append(m.Moved, Move{old, s, cells})
	}
	for i, name := range foundBy(was, shared) {
		if earlier[name] != nil {
			m.Gone = append(m.Gone, was[i])
		}
	}
	return m
}

// counting gives the results that count.
func (r *Results) counting() []*Result {
	var out []*Result
	for i := range r.Submissions {
		if s := &r.Submissions[i]; s.Outcome != Superseded.String() {
			out = append(out, s)
		}
	}
	return out
}

// sharedIDs are the students' numbers that several submissions of one run have.
func sharedIDs(runs ...[]*Result) map[string]bool {
	shared := make(map[string]bool)
	for _, run := range runs {
		seen := make(map[string]bool)
		for _, s := range run {
			shared[s.Student.ID] = shared[s.Student.ID] || seen[s.Student.ID]
			seen[s.Student.ID] = true
		}
	}
	return shared
}

// A found is what a submission is found by in another run: of several files of one
// name, as an archive may have them, its place among them too.
type found struct {
	id, file string
	nth      int
}

func foundBy(all []*Result, shared map[string]bool) []found {
	out := make([]found, len(all))
	seen := make(map[found]int)
	for i, r := range all {
		f := found{id: r.Student.ID}
		if f.id == "" || shared[f.id] {
			f = found{file: path.Clean(strings.ReplaceAll(r.File, `\`, "/"))}
		}
		out[i] = f
		out[i].nth = seen[f]
		seen[f]++
	}
	return out
}

// movedCells gives the cells that came to something else, in the later order, and
// then those that are not asked for any more.
func movedCells(was, is []CellResult) []CellMove {
	earlier := make(map[cellName]*CellResult, len(was))
	wasNames := cellNames(was)
	for i := range was {
		earlier[wasNames[i]] = &was[i]
	}
	var out []CellMove
	for i, name := range cellNames(is) {
		c := &is[i]
		old := earlier[name]
		delete(earlier, name)
		if old == nil || old.Verdict != c.Verdict || !sameRange(&old.Points, &c.Points) {
			out = append(out, CellMove{old, c})
		}
	}
	for i := range was {
		if earlier[wasNames[i]] != nil {
			out = append(out, CellMove{&was[i], nil})
		}
	}
	return out
}

func sameRange(a, b *Range) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Least.Cmp(b.Least) == 0 && a.Most.Cmp(b.Most) == 0
}
