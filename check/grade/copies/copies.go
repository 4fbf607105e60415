package copies

import (
	"cmp"
	"slices"

	"raftsheet/check/grade"
)

// A Report is which sheets of a class share mistakes.
type Report struct {
	Class    *grade.Class
	Compared int     // sheets: those that count and have a mistake
	Matches  []Match // identical files first; then those of the least chance
	Blind    bool    // the key is too long to find out where misunderstandings lead, so that none is left out; see [grade.MostWork]
}

// A Match is sheets of different students that share mistakes: two, or all files
// of the same bytes.
type Match struct {
	Key       *grade.Key // of the sheets
	Sheets    []Side     // by place in the class
	Identical bool       // byte for byte, with a mistake at least
	Shared    []Mistake
	Explained int     // shared mistakes besides, to which a misunderstanding leads; they count for nothing
	Differ    int     // cells in which both have a mistake, each another
	Chance    float64 // how many pairs in a class like this would share as much if everybody worked alone: less than 1, but for identical files, where 1 is that or more
}

// A Side is one sheet of a match.
type Side struct {
	*grade.Submission
	Mistakes int                 // of its own, wherever misunderstandings lead
	Same     []*grade.Submission // of a pair: other files of the same bytes
}

// A Mistake is a wrong answer that all sheets of a match have, each as a mistake
// of its own.
type Mistake struct {
	Cell    *grade.Cell
	Written any // in the format's words
	Others  int // sheets besides that have it, whether or not it follows from something
}

// Count counts the matches of identical files, and the others.
func (r *Report) Count() (identical, pairs int) {
	for i := range r.Matches {
		if r.Matches[i].Identical {
			identical++
		} else {
			pairs++
		}
	}
	return identical, pairs
}

// mostChance is the largest chance of a pair that is listed: chance alone gives
// fewer than so many.
const mostChance = 1

// Find compares the sheets of a class. It is called by one goroutine at a time.
func Find(class *grade.Class) *Report {
	r := &Report{Class: class}
	for _, alike := range class.Alike() {
		f := newFinder(alike)
		r.Compared, r.Blind = r.Compared+f.compared, r.Blind || f.blind
		r.Matches = append(r.Matches, f.matches()...)
	}
	slices.SortStableFunc(r.Matches, func(a, b Match) int {
		switch {
		case a.Identical != b.Identical && a.Identical:
			return -1
		case a.Identical != b.Identical:
			return 1
		}
		return cmp.Compare(a.Chance, b.Chance)
	})
	return r
}

// matches gives the sheets that share mistakes, identical files first.
func (f *finder) matches() []Match {
	var out []Match
	for _, s := range f.sheets {
		if len(s.same) > 0 {
			out = append(out, f.identical(s))
		}
	}
	for i := range f.sheets {
		for _, j := range f.candidates(i) {
			if m := f.pair(f.sheets[i], f.sheets[j]); m.Chance < mostChance {
				out = append(out, m)
			}
		}
	}
	return out
}

// leastShared is on how many occasions a pair has to share a mistake to be looked
// at. One slip in common is not evidence, however rare it is.
const leastShared = 2

// candidates gives the places, after its own, of the sheets that share enough with
// a sheet to be looked at, in order.
func (f *finder) candidates(i int) []int {
	occasions := make(map[int]map[int]bool) // shared, by the place of the other sheet
	for _, c := range f.sheets[i].slips {
		for _, j := range f.made[f.sheets[i].answer(c)] {
			if j <= i {
				continue
			}
			if occasions[j] == nil {
				occasions[j] = make(map[int]bool)
			}
			occasions[j][f.occasion[c]] = true
		}
	}
	var out []int
	for j, shared := range occasions {
		if len(shared) >= leastShared {
			out = append(out, j)
		}
	}
	slices.Sort(out)
	return out
}

// pair compares two sheets. Where they look alike their diagnoses are held against
// them more closely, which takes longer.
func (f *finder) pair(a, b *sheet) Match {
	m := f.compare(a, b)
	if m.Chance < mostChance {
		m = f.compare(f.closely(a), f.closely(b))
	}
	return m
}

func (f *finder) compare(a, b *sheet) Match {
	m := Match{
		Key:    f.class.Key,
		Sheets: []Side{{a.Submission, len(a.mistakes), a.same}, {b.Submission, len(b.mistakes), b.same}},
		Chance: digits(f.pairs * max(f.chance(a, b), f.chance(b, a))),
	}
	for _, c := range a.mistakes {
		switch {
		case !b.isMistaken(c):
		case a.answer(c) != b.answer(c):
			m.Differ++
		case a.isSlip(c) && b.isSlip(c):
			m.Shared = append(m.Shared, f.mistake(c, a, b))
		default:
			m.Explained++
		}
	}
	return m
}

// identical gives the files that have the same bytes as a sheet.
func (f *finder) identical(s *sheet) Match {
	s = f.closely(s)
	n := float64(f.compared)
	m := Match{Key: f.class.Key, Identical: true, Sheets: []Side{{s.Submission, len(s.mistakes), nil}}, Chance: digits(min(1, n*(n-1)/2*f.chance(s, s)))}
	for _, other := range s.same {
		m.Sheets = append(m.Sheets, Side{other, len(s.mistakes), nil})
	}
	for _, c := range s.slips {
		m.Shared = append(m.Shared, f.mistake(c, s))
	}
	m.Explained = len(s.mistakes) - len(s.slips)
	return m
}

// mistake gives a mistake that these sheets share.
func (f *finder) mistake(cell int, of ...*sheet) Mistake {
	others := f.written[of[0].answer(cell)]
	for _, s := range of {
		others -= 1 + len(s.same)
	}
	return Mistake{&f.class.Key.Cells[cell], of[0].answer(cell).written, others}
}
