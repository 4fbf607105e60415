package grade

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"raftsheet/raft"
)

// Items is what the sheets of a class say of the key's questions.
//
// The sheets that count are those that were marked and have an answer. What was
// malformed or refused has none that can be read, what was superseded has a
// successor, and a blank sheet says nothing of the questions: they are counted, and
// are in none of the statistics. None of these depends on the order of the
// submissions.
type Items struct {
	Key      *Key
	Outcomes [len(outcomeNames)]int // submissions by Outcome
	Sheets   int                    // that count
	Empty    int                    // that were marked, and are blank throughout
	Rules    []RuleItem             // those that the key asks about, the hardest first
	ToReview int                    // cells of the sheets that wait for an instructor
	Cells    []Item                 // by Key.Cells
	Steps    []Item                 // by Key.Steps; the zero Item for one that asks nothing
	Marks    Spread
	Learned  Diagnoses
	Variants []*Key // of the worksheets, where there are several: then the rules alone are compared

	Criteria []CriterionItem // of the scheme that marks, in its order
	Deducted int             // sheets with a message that nobody could have sent
}

// An Item is one question: a cell, or all cells of a step.
type Item struct {
	Max Points
	By  [len(verdictNames)]int // sheets by Verdict

	// Discrimination is the point-biserial correlation of right (1, else 0)
	// with the rest of the marks: those of all other cells, what follows from
	// mistakes with them, nothing taken off for being late, and each cell of a
	// step that scores as a whole for itself.
	Discrimination Correlation
	Silence        Silence
	Answers        []Answer // a cell's that are not right, the commonest first
}

// A Correlation lies between -1 and 1. It is defined where both sides vary.
type Correlation struct {
	R       float64
	Defined bool
}

// A Silence is why a question tells nothing of those who answer it.
type Silence uint8

// The silences. Speaks is none.
const (
	Speaks    Silence = iota
	Unasked           // there are no sheets, or no cells
	AllRight          // everybody has it right
	NoneRight         // nobody has it right
	RestAlike         // some have it right and some not, and all have the same rest
)

var silenceNames = [...]string{"", "unasked", "allRight", "noneRight", "restAlike"}

// String is the silence's name, as the reports have it; empty for none.
func (s Silence) String() string { return silenceNames[s] }

// An Answer is one that is written on so many sheets.
type Answer struct {
	Written any // in the format's words
	Sheets  int
	Follows int // of them, those where it follows from an earlier mistake
}

// A Spread is how the marks that count lie between 0 and the most there is.
type Spread struct {
	Lowest, Median, Mean, Highest Points
	Bins                          []Bin // ten equal parts; none where there are no points to be had
}

// A Bin is the sheets whose marks lie in a range: From is in it, and To only in
// the last.
type Bin struct {
	From, To Points
	Sheets   int
}

// Diagnoses is what the diagnoses of a class come to.
type Diagnoses struct {
	Sheets   int // that have been diagnosed
	Right    int // with nothing to diagnose
	Slips    int // whose mistakes give no misunderstanding a name
	Named    []Misunderstanding
	Tied     []Undecided
	Untested []raft.Deviation // those that the key never puts to the test
}

// A Misunderstanding is what one explanation has been named on so many sheets:
// one deviation, or two together.
type Misunderstanding struct {
	Deviations []raft.Deviation
	Sheets     int
}

// An Undecided is explanations between which so many sheets do not decide.
type Undecided struct {
	Explanations [][]raft.Deviation
	Sheets       int
}

// Items works out what the class's sheets say of the questions.
func (c *Class) Items() *Items {
	a := &analysis{Items: Items{Key: c.Key, Variants: c.Variants,
		Cells: make([]Item, len(c.Key.Cells)), Steps: make([]Item, len(c.Key.Steps))}}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		a.Outcomes[s.Outcome]++
		switch {
		case s.Outcome != Marked:
		case s.Sheet.Empty():
			a.Empty++
		default:
			a.sheets = append(a.sheets, s.Sheet)
			a.ToReview += s.Sheet.Count(ToReview)
		}
	}
	a.Sheets = len(a.sheets)
	a.score()
	for i := range a.Cells {
		a.Cells[i] = a.cell(i)
	}
	for i := range a.Steps {
		a.Steps[i] = a.step(i)
	}
	a.Rules = a.rules()
	a.Marks = a.spread()
	a.Learned = a.diagnoses()
	a.contents()
	return &a.Items
}

// An analysis counts points in whole units, small enough for every mark, so that
// its sums are exact.
type analysis struct {
	Items
	sheets []*Sheet
	unit   *big.Int   // so many are one point
	totals []*big.Int // of each sheet
	one    big.Int    // see units
}

var millionths = big.NewInt(onePoint) // of a point

// score works out the unit and the sheets' totals.
func (a *analysis) score() {
	a.unit = big.NewInt(1)
	for i := range a.Key.Cells {
		p := a.Key.Cells[i].Points
		for _, p := range []Points{p, p.Times(a.Key.Follow)} {
			denom := p.rat().Denom()
			common := new(big.Int).GCD(nil, nil, a.unit, denom)
			a.unit.Mul(a.unit, new(big.Int).Quo(denom, common))
		}
	}
	for _, s := range a.sheets {
		total := new(big.Int)
		for i := range s.Marks {
			total.Add(total, a.units(s.Marks[i].Through))
		}
		a.totals = append(a.totals, total)
	}
}

// units is a number of points in units, until it is called again.
func (a *analysis) units(p Points) *big.Int {
	if p.r == nil {
		a.one.Mul(a.one.SetInt64(p.n), a.unit)
		return a.one.Quo(&a.one, millionths)
	}
	a.one.Quo(a.unit, p.r.Denom())
	return a.one.Mul(&a.one, p.r.Num())
}

func (a *analysis) cell(i int) Item {
	item := a.item(i, i+1)
	item.Max = a.Key.Cells[i].Points
	written := make(map[any]*Answer)
	for _, s := range a.sheets {
		m := &s.Marks[i]
		if m.Verdict == Right || m.silent() {
			continue
		}
		if written[m.Written] == nil {
			written[m.Written] = &Answer{Written: m.Written}
		}
		written[m.Written].Sheets++
		if m.Verdict == Follows || m.Doubt == AllNo {
			written[m.Written].Follows++
		}
	}
	for _, answer := range written {
		item.Answers = append(item.Answers, *answer)
	}
	slices.SortFunc(item.Answers, func(a, b Answer) int {
		return cmp.Or(-cmp.Compare(a.Sheets, b.Sheets), strings.Compare(fmt.Sprint(a.Written), fmt.Sprint(b.Written)))
	})
	return item
}

func (a *analysis) step(i int) Item {
	s := &a.Key.Steps[i]
	item := a.item(s.First, s.Last)
	item.Max = s.Max
	return item
}

// item counts the cells [first, last) as one question.
func (a *analysis) item(first, last int) Item {
	if first == last || a.Sheets == 0 {
		return Item{Silence: Unasked}
	}
	var item Item
	var with sums
	var rest big.Int
	for i, s := range a.sheets {
		v := s.verdict(first, last)
		item.By[v]++
		rest.Set(a.totals[i])
		for j := first; j < last; j++ {
			rest.Sub(&rest, a.units(s.Marks[j].Through))
		}
		with.add(v == Right, &rest)
	}
	item.Discrimination = with.correlation()
	switch {
	case item.By[Right] == a.Sheets:
		item.Silence = AllRight
	case item.By[Right] == 0:
		item.Silence = NoneRight
	case !item.Discrimination.Defined:
		item.Silence = RestAlike
	}
	return item
}

// severity puts the verdicts in an order for what several come to together.
var severity = [len(verdictNames)]int{Right: 0, Follows: 1, ByHand: 2, ToReview: 3, Blank: 4, Wrong: 5}

// verdict is what the cells [first, last) come to together: the worst of them.
func (s *Sheet) verdict(first, last int) Verdict {
	worst := Right
	for i := first; i < last; i++ {
		if v := s.Marks[i].Verdict; severity[v] > severity[worst] {
			worst = v
		}
	}
	return worst
}

// A sums adds up a variable that is 0 or 1 and a whole number beside it.
type sums struct {
	n, x      int64
	y, yy, xy big.Int
	square    big.Int
}

func (s *sums) add(x bool, y *big.Int) {
	s.n++
	s.y.Add(&s.y, y)
	s.yy.Add(&s.yy, s.square.Mul(y, y))
	if x {
		s.x++
		s.xy.Add(&s.xy, y)
	}
}

// correlation is Pearson's of the two, which of a variable that is 0 or 1 is the
// point-biserial one:
//
//	(n Σxy - Σx Σy) / sqrt((n Σx² - (Σx)²) (n Σy² - (Σy)²))
//
// All up to the root is exact.
func (s *sums) correlation() Correlation {
	n, x := big.NewInt(s.n), big.NewInt(s.x)
	together := minus(n, &s.xy, x, &s.y)
	apart := minus(n, x, x, x)
	apart.Mul(apart, minus(n, &s.yy, &s.y, &s.y))
	if apart.Sign() == 0 {
		return Correlation{}
	}
	squared, _ := new(big.Rat).SetFrac(new(big.Int).Mul(together, together), apart).Float64()
	return Correlation{R: math.Copysign(math.Sqrt(squared), float64(together.Sign())), Defined: true}
}

// minus is ab - cd.
func minus(a, b, c, d *big.Int) *big.Int {
	ab := new(big.Int).Mul(a, b)
	return ab.Sub(ab, new(big.Int).Mul(c, d))
}

// bins is how many parts the marks are shown in.
const bins = 10

func (a *analysis) spread() Spread {
	var s Spread
	tenth := a.Key.Max.Times(exactly(big.NewRat(1, bins)))
	for i := range bins {
		if tenth.Sign() > 0 {
			s.Bins = append(s.Bins, Bin{From: tenth.Times(Whole(i)), To: tenth.Times(Whole(i + 1))})
		}
	}
	if a.Sheets == 0 {
		return s
	}
	marks := make([]Points, a.Sheets)
	var sum Points
	for i, sheet := range a.sheets {
		marks[i] = sheet.Counted
		sum = sum.Plus(sheet.Counted)
		for b := len(s.Bins) - 1; b >= 0; b-- {
			if b == 0 || sheet.Counted.Cmp(s.Bins[b].From) >= 0 {
				s.Bins[b].Sheets++
				break
			}
		}
	}
	slices.SortFunc(marks, Points.Cmp)
	part := func(p Points, of int) Points { return p.Times(exactly(big.NewRat(1, int64(of)))) }
	s.Lowest, s.Highest = marks[0], marks[a.Sheets-1]
	s.Median = part(marks[(a.Sheets-1)/2].Plus(marks[a.Sheets/2]), 2)
	s.Mean = part(sum, a.Sheets)
	return s
}

func (a *analysis) diagnoses() Diagnoses {
	var out Diagnoses
	named, tied := make(map[string]*Misunderstanding), make(map[string]*Undecided)
	for _, s := range a.sheets {
		d := s.Diagnosis
		if d == nil || d.Verdict == Undiagnosed {
			continue
		}
		out.Sheets++
		if a.Key.Scheme == nil && a.Variants == nil { // of sheets with messages of their own each leaves others untested
			out.Untested = d.Untested
		}
		switch d.Verdict {
		case NothingWrong:
			out.Right++
		case Slip:
			out.Slips++
		case Named:
			m := d.Explanations[0].Deviations
			at := together(m)
			if named[at] == nil {
				named[at] = &Misunderstanding{Deviations: m}
			}
			named[at].Sheets++
		case Tie:
			t, at := tieOf(d.Explanations)
			if tied[at] == nil {
				tied[at] = &t
			}
			tied[at].Sheets++
		}
	}
	for _, at := range commonest(named, func(m *Misunderstanding) int { return m.Sheets }) {
		out.Named = append(out.Named, *named[at])
	}
	for _, at := range commonest(tied, func(t *Undecided) int { return t.Sheets }) {
		out.Tied = append(out.Tied, *tied[at])
	}
	return out
}

// together names deviations that go together.
func together(ds []raft.Deviation) string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = d.Name
	}
	return strings.Join(names, " + ")
}

// tieOf gives explanations as a tie, in an order of their own, and a name for it.
func tieOf(es []Explanation) (Undecided, string) {
	var t Undecided
	for _, e := range es {
		t.Explanations = append(t.Explanations, e.Deviations)
	}
	slices.SortFunc(t.Explanations, func(a, b []raft.Deviation) int { return strings.Compare(together(a), together(b)) })
	var names []string
	for _, ds := range t.Explanations {
		names = append(names, together(ds))
	}
	return t, strings.Join(names, ", ")
}

// commonest orders the keys by how many sheets each stands for, then by
// themselves.
func commonest[V any](of map[string]V, sheets func(V) int) []string {
	var keys []string
	for at := range of {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(-cmp.Compare(sheets(of[a]), sheets(of[b])), strings.Compare(a, b))
	})
	return keys
}
