package copies

import (
	"slices"

	"raftsheet/check/grade"
)

// A finder holds the sheets of a class that are compared.
type finder struct {
	class    *grade.Class
	blind    bool
	marked   int              // sheets that count
	compared int              // of them, those with a mistake
	sheets   []*sheet         // one for all files of the same bytes
	occasion []int            // by Key.Cells: the number of its occasion
	written  map[answer]int   // how many sheets that count have a wrong answer, for whatever reason
	made     map[answer][]int // places in sheets of those whose slip it is, in order
	slips    map[answer]int   // how many sheets that count have it as a slip
	pairs    float64          // how many pairs of sheets could share enough to be looked at
}

// A sheet is one of a class, read for comparison. Cells are places in Key.Cells.
type sheet struct {
	*grade.Submission
	same      []*grade.Submission // other files of the same bytes
	mistakes  []int               // cells: see isMistake
	slips     []int               // cells: mistakes to which no misunderstanding leads
	occasions [][]int             // slips by occasion
	explained []bool              // by cell: whether one does; nil if that is not known
	place     int                 // in finder.sheets
	close     *sheet              // see closely; nil until it is needed
}

// An answer is what is written in a cell.
type answer struct {
	cell    int
	written any // in the format's words, which are comparable
}

func newFinder(class *grade.Class) *finder {
	f := &finder{class: class, written: make(map[answer]int), made: make(map[answer][]int), slips: make(map[answer]int)}
	f.number()
	first := make(map[string]*sheet)
	for i := range class.Submissions {
		if s := &class.Submissions[i]; s.Outcome == grade.Marked {
			f.take(s, first)
		}
	}
	able := 0.0
	for i, s := range f.sheets {
		for _, c := range s.slips {
			f.made[s.answer(c)] = append(f.made[s.answer(c)], i)
			f.slips[s.answer(c)] += 1 + len(s.same)
		}
		if len(s.occasions) >= leastShared {
			able++
		}
	}
	f.pairs = max(1, able*(able-1)/2)
	return f
}

// number numbers the occasions of the key's cells.
func (f *finder) number() {
	k := f.class.Key
	known := make(map[grade.Occasion]int)
	for i := range k.Cells {
		o := k.Occasion(&k.Cells[i])
		if _, ok := known[o]; !ok {
			known[o] = len(known)
		}
		f.occasion = append(f.occasion, known[o])
	}
}

// take takes in a sheet that counts.
func (f *finder) take(sub *grade.Submission, first map[string]*sheet) {
	f.marked++
	s := &sheet{Submission: sub}
	for i := range sub.Sheet.Marks {
		m := &sub.Sheet.Marks[i]
		if isMistake(m) {
			s.mistakes = append(s.mistakes, i)
		}
		if m.Verdict != grade.Right && m.Written != nil {
			f.written[s.answer(i)]++
		}
	}
	if s.mistakes == nil {
		return
	}
	f.compared++
	if was := first[sub.Digest]; was != nil {
		was.same = append(was.same, sub)
		return
	}
	if sub.Digest != "" {
		first[sub.Digest] = s
	}
	s.explained = f.class.Explained(sub.Sheet)
	f.blind = f.blind || s.explained == nil
	f.sift(s)
	s.place = len(f.sheets)
	f.sheets = append(f.sheets, s)
}

// isMistake reports whether a cell is wrong, and does not follow from what was
// wrong before.
func isMistake(m *grade.Mark) bool { return m.Verdict == grade.Wrong && m.Written != nil }

// sift sets the slips apart from what misunderstandings lead to.
func (f *finder) sift(s *sheet) {
	s.slips, s.occasions = nil, nil
	at := make(map[int]int) // places in occasions, by number
	for _, c := range s.mistakes {
		if s.explained != nil && s.explained[c] {
			continue
		}
		s.slips = append(s.slips, c)
		i, ok := at[f.occasion[c]]
		if !ok {
			i = len(s.occasions)
			at[f.occasion[c]] = i
			s.occasions = append(s.occasions, nil)
		}
		s.occasions[i] = append(s.occasions[i], c)
	}
}

// closely gives a sheet without the mistakes to which its diagnosis leads from
// other mistakes of its own. To find them takes a replay for each explanation.
func (f *finder) closely(s *sheet) *sheet {
	if s.explained == nil {
		return s
	}
	if s.close == nil {
		c := *s
		c.explained = f.class.ExplainedOwn(s.Sheet, s.explained)
		f.sift(&c)
		s.close = &c
	}
	return s.close
}

func (s *sheet) answer(cell int) answer { return answer{cell, s.Sheet.Marks[cell].Written} }

func (s *sheet) isMistaken(cell int) bool { return isMistake(&s.Sheet.Marks[cell]) }

func (s *sheet) isSlip(cell int) bool {
	_, ok := slices.BinarySearch(s.slips, cell)
	return ok
}
