package grade

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"raftsheet/raft"
)

// oneVote asks four nodes for their vote: each answers ok.
const oneVote = `
nodes: 5
steps:
- id: v
  requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: , 3: , 4: , 5: }
`

// voters is a sheet with the four answers.
func voters(answers string) string {
	a := strings.Fields(answers)
	return fmt.Sprintf("nodes: 5\nsteps:\n- id: v\n  requestVote: {candidateId: 1}\n  response: {2: %s, 3: %s, 4: %s, 5: %s}\n", a[0], a[1], a[2], a[3])
}

// handedIn is a file of a student.
func handedIn(student, text string) Input {
	return Input{Name: student + ".yaml", Student: Student{Name: student},
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func newKey(t *testing.T, text string) *Key {
	t.Helper()
	k, err := NewKey(parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// fourVoters is a class whose statistics have been worked out by hand:
//
//	     2  3  4  5   total
//	Ada  1  1  1  1     4
//	Bob  1  1  1  0     3
//	Cyd  0  1  0  0     1
//	Dan  0  0  0  0     0
var fourVoters = []Input{
	handedIn("Ada", voters("ok ok ok ok")),
	handedIn("Bob", voters("ok ok ok no")),
	handedIn("Cyd", voters("no ok none no")),
	handedIn("Dan", voters("no no no ~")),
}

// The numbers of a class of four are those worked out on paper. For node 2, say,
// right is 1 1 0 0 and the rest of the marks 3 2 1 0: the means 5/2 and 1/2, the
// deviation of the rest sqrt(5)/2, so that r is 2 / (sqrt(5)/2) * 1/2 = 2/sqrt(5).
// A teacher who is told otherwise drops the wrong question.
func TestItemsByHand(t *testing.T) {
	items := MarkAll(newKey(t, oneVote), fourVoters, Settings{}).Items()
	want := []struct {
		by      [6]int
		r       float64
		answers string
	}{
		{[6]int{Right: 2, Wrong: 2}, 2 / math.Sqrt(5), "[{false 2 0}]"},
		{[6]int{Right: 3, Wrong: 1}, 5. / 9, "[{false 1 0}]"},
		{[6]int{Right: 2, Wrong: 2}, 2 / math.Sqrt(5), "[{false 1 0} {none 1 0}]"},
		{[6]int{Right: 1, Wrong: 2, Blank: 1}, 5. / 9, "[{false 2 0}]"},
	}
	for i, w := range want {
		got := items.Cells[i]
		if got.By != w.by || got.Silence != Speaks || fmt.Sprint(got.Answers) != w.answers {
			t.Errorf("node %d: by verdict %v, silence %d, answers %v; want %v, %s", i+2, got.By, got.Silence, got.Answers, w.by, w.answers)
		}
		if d := got.Discrimination; !d.Defined || math.Abs(d.R-w.r) > 1e-12 {
			t.Errorf("node %d discriminates by %v, want %.12f", i+2, d, w.r)
		}
	}
	step := items.Steps[0] // it is the whole sheet: nothing is left to hold it against
	if step.Max.String() != "4" || step.By != [6]int{Right: 1, Wrong: 3} || step.Silence != RestAlike || step.Discrimination.Defined {
		t.Errorf("the step: %+v", step)
	}
	m := items.Marks
	if got := fmt.Sprint(m.Lowest, m.Median, m.Mean, m.Highest); got != "0 2 2 4" {
		t.Errorf("lowest, median, mean and highest are %s, want 0 2 2 4", got)
	}
	var bins []int
	for _, b := range m.Bins {
		bins = append(bins, b.Sheets)
	}
	if want := []int{1, 0, 1, 0, 0, 0, 0, 1, 0, 1}; !slices.Equal(bins, want) { // 0, 25, 75 and 100%
		t.Errorf("marks by tenths %v, want %v", bins, want)
	}
}

// What follows from a mistake is not right, and is marked all the same: the
// discrimination of other questions goes by the marks, where it counts.
func TestItemsFollowThrough(t *testing.T) {
	const sheet = "nodes: 3\nsteps:\n- {id: v, response: {2: ok, 3: ok}, requestVote: {candidateId: 1}}\n" +
		"- {id: a, appendEntries: {leaderId: 1}, response: {2: %s, 3: none}}\n" +
		"- {id: b, appendEntries: {leaderId: 1}, response: {2: %s, 3: no}, state: {2: {log: %s, commitIndex: %s}}}\n"
	class := MarkAll(newKey(t, keyText), []Input{
		handedIn("right", fmt.Sprintf(sheet, "ok", "ok", "[1:x, 1:y]", "1")),
		handedIn("follows", fmt.Sprintf(sheet, "no", "no", "[]", "0")),
		handedIn("blank", fmt.Sprintf(sheet, "ok", "~", "~", "~")),
	}, Settings{})
	items := class.Items()
	var got []string
	for _, item := range items.Cells {
		got = append(got, fmt.Sprint(item.By[Right], item.By[Follows], item.By[Wrong], item.By[Blank], item.Answers))
	}
	want := []string{
		"3 0 0 0 []", "3 0 0 0 []", // v
		"2 0 1 0 [{false 1 0}]", "3 0 0 0 []", // a
		"1 1 0 1 [{false 1 1}]", "3 0 0 0 []", // b
		"1 1 0 1 [{[] 1 1}]", "1 1 0 1 [{0 1 1}]", // its tables
	}
	if !slices.Equal(got, want) {
		t.Errorf("right, follows, wrong, blank and answers:\n%q, want\n%q", got, want)
	}
	for i, want := range []Silence{AllRight, AllRight, Speaks, AllRight, Speaks, AllRight, Speaks, Speaks} {
		if items.Cells[i].Silence != want {
			t.Errorf("cell %d: silence %d, want %d", i, items.Cells[i].Silence, want)
		}
	}
	// By marks the rest of cell 2 is 7, 7 and 4: who has it wrong is as good as
	// the best. Right is 1 0 1, so that r = -1/2. By right answers alone the rest
	// would be 7, 4 and 4.
	if d := items.Cells[2].Discrimination; !d.Defined || math.Abs(d.R+.5) > 1e-12 {
		t.Errorf("the first mistake discriminates by %v, want -0.5", d)
	}
	if by := items.Steps[2].By; by != [6]int{Right: 1, Follows: 1, Blank: 1} {
		t.Errorf("step b comes to %v", by)
	}
}

// Files that were not marked are counted, and change no statistic: their zeros
// would make every question look as if it told the good from the bad.
func TestItemsCountWhatCounts(t *testing.T) {
	inputs := append(slices.Clone(fourVoters),
		handedIn("Eve", "steps: [unfinished"),
		Input{Name: "Fay.exe", Student: Student{Name: "Fay"}, Refused: "it is no YAML"},
		Input{Name: "Gil.yaml", Student: Student{Name: "Gil"}, Open: func() (io.ReadCloser, error) { return nil, errors.New("gone") }},
		Input{Name: "Ada-0.yaml", Student: Student{Name: "Ada"}, Attempt: -1, Open: fourVoters[3].Open},
	)
	key := newKey(t, oneVote)
	items := MarkAll(key, inputs, Settings{}).Items()
	if want := [6]int{Marked: 4, Malformed: 1, Refused: 2, Superseded: 1}; items.Outcomes != want || items.Sheets != 4 {
		t.Errorf("outcomes %v, %d sheets; want %v", items.Outcomes, items.Sheets, want)
	}
	alone := MarkAll(key, fourVoters, Settings{}).Items()
	if got, want := statistics(items), statistics(alone); got != want {
		t.Errorf("with files that do not count:\n%s\nwithout:\n%s", got, want)
	}
}

// Without sheets, and with one, nothing can be said of a question, and nothing
// breaks.
func TestItemsOfFew(t *testing.T) {
	key := newKey(t, oneVote)
	none := MarkAll(key, nil, Settings{}).Items()
	if none.Sheets != 0 || none.Cells[0].Silence != Unasked || len(none.Marks.Bins) != 10 || none.Marks.Mean.Sign() != 0 {
		t.Errorf("of nobody: %s", statistics(none))
	}
	one := MarkAll(key, fourVoters[1:2], Settings{}).Items()
	if one.Cells[0].Silence != AllRight || one.Cells[3].Silence != NoneRight || one.Cells[0].Discrimination.Defined {
		t.Errorf("of one: %s", statistics(one))
	}
	worthless := newKey(t, strings.Replace(oneVote, "steps:", "grading: {points: 0}\nsteps:", 1))
	nothing := MarkAll(worthless, fourVoters, Settings{}).Items()
	if len(nothing.Marks.Bins) != 0 || nothing.Cells[0].Silence != RestAlike {
		t.Errorf("where nothing is worth a point: %s", statistics(nothing))
	}
}

// statistics is all of the items but the outcomes, as text.
func statistics(it *Items) string {
	var b strings.Builder
	for _, items := range [][]Item{it.Cells, it.Steps} {
		for _, i := range items {
			fmt.Fprintln(&b, i)
		}
	}
	fmt.Fprintln(&b, it.Marks, it.Learned.Sheets, it.Learned.Right, it.Learned.Slips, it.Learned.Tied)
	for _, m := range it.Learned.Named {
		fmt.Fprintln(&b, together(m.Deviations), m.Sheets)
	}
	return b.String()
}

// randomClass is sheets with any verdicts: points of three sizes, and half of
// them for what follows.
func randomClass(r *rand.Rand, cells, sheets int) *Class {
	half, _ := ParsePoints("0.5")
	k := &Key{Cells: make([]Cell, cells), Follow: half}
	for i := range k.Cells {
		k.Cells[i].Points, _ = ParsePoints([]string{"1", "0.25", "3.1"}[r.IntN(3)])
		k.Max = k.Max.Plus(k.Cells[i].Points)
	}
	for first := 0; first < cells; {
		last := min(cells, first+1+r.IntN(3))
		k.Steps = append(k.Steps, KeyStep{First: first, Last: last})
		first = last
	}
	c := &Class{Key: k}
	for range sheets {
		s := &Sheet{Key: k, Marks: make([]Mark, cells)}
		for i := range s.Marks {
			m := &s.Marks[i]
			m.Judgement = new(Judgement)
			m.Verdict = []Verdict{Right, Right, Follows, Wrong, Blank, ToReview}[r.IntN(6)]
			m.Written = r.IntN(3)
			switch m.Verdict {
			case Right:
				m.Points, m.Through = k.Cells[i].Points, k.Cells[i].Points
			case Follows:
				m.Through = k.Cells[i].Points.Times(half)
			}
			s.Counted = s.Counted.Plus(m.Through)
		}
		c.Submissions = append(c.Submissions, Submission{Sheet: s})
	}
	return c
}

// pointBiserial is the formula of the textbooks, in its own arithmetic:
//
//	r = (M1 - M0) / s * sqrt(p q)
//
// where M1 and M0 are the means of those who have the question right and of the
// others, s is the standard deviation of all, and p and q are the parts of the
// two.
func pointBiserial(right []bool, rest []float64) (r float64, ok bool) {
	var n, sum [2]float64
	for i, x := range right {
		of := 0
		if x {
			of = 1
		}
		n[of]++
		sum[of] += rest[i]
	}
	all := n[0] + n[1]
	mean, variance := (sum[0]+sum[1])/all, 0.
	for _, y := range rest {
		variance += (y - mean) * (y - mean) / all
	}
	if n[0] == 0 || n[1] == 0 || variance < 1e-9 {
		return 0, false
	}
	return (sum[1]/n[1] - sum[0]/n[0]) / math.Sqrt(variance) * math.Sqrt(n[1]/all*n[0]/all), true
}

// The discrimination agrees with the formula of the textbooks on any class, by
// cells and by steps; of classes of two or three it is often not defined.
func TestDiscriminationByTheTextbook(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	defined := [2]int{}
	for range 300 {
		c := randomClass(r, 1+r.IntN(7), 2+r.IntN(9))
		items := c.Items()
		hold := func(name string, got Item, first, last int) {
			var right []bool
			var rest []float64
			for _, s := range c.Submissions {
				if s.Sheet.Empty() {
					continue // it says nothing of the questions
				}
				all, sum := true, 0.
				for i := range s.Sheet.Marks {
					if i >= first && i < last {
						all = all && s.Sheet.Marks[i].Verdict == Right
					} else {
						sum += s.Sheet.Marks[i].Through.Float()
					}
				}
				right, rest = append(right, all), append(rest, sum)
			}
			want, ok := pointBiserial(right, rest)
			if d := got.Discrimination; d.Defined != ok || math.Abs(d.R-want) > 1e-9 {
				t.Errorf("%s: %v, the textbook says %v %v (right %v, rest %v)", name, d, want, ok, right, rest)
			}
			if ok != (got.Silence == Speaks) {
				t.Errorf("%s: silence %d, and the textbook's is defined: %v", name, got.Silence, ok)
			}
			if ok {
				defined[1]++
			} else {
				defined[0]++
			}
		}
		for i := range items.Cells {
			hold("a cell", items.Cells[i], i, i+1)
		}
		for i, s := range c.Key.Steps {
			hold("a step", items.Steps[i], s.First, s.Last)
		}
	}
	if defined[0] < 100 || defined[1] < 100 {
		t.Errorf("%d discriminations were defined and %d not: too few of a kind to tell", defined[1], defined[0])
	}
}

// The same sheets in another order give the same figures, to the last bit.
func TestItemsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	deviations := raft.Deviations()
	for range 20 {
		c := randomClass(r, 6, 30)
		for i := range c.Submissions {
			d := &Diagnosis{Verdict: []string{NothingWrong, Named, Tie, Slip}[r.IntN(4)]}
			for range map[string]int{Named: 1, Tie: 2}[d.Verdict] {
				d.Explanations = append(d.Explanations, Explanation{Deviations: deviations[r.IntN(3):][:1]})
			}
			c.Submissions[i].Sheet.Diagnosis = d
		}
		want := statistics(c.Items())
		r.Shuffle(len(c.Submissions), func(i, j int) {
			c.Submissions[i], c.Submissions[j] = c.Submissions[j], c.Submissions[i]
		})
		if got := statistics(c.Items()); got != want {
			t.Fatalf("in another order:\n%s\nwas:\n%s", got, want)
		}
	}
}

// Misunderstandings are counted by what was named, ties apart from them; the
// order of a tie's explanations makes no other tie.
func TestDiagnosesOfClass(t *testing.T) {
	all := raft.Deviations()
	alone := func(i int) Explanation { return Explanation{Deviations: all[i : i+1]} }
	sheet := func(verdict string, es ...Explanation) Submission {
		return Submission{Sheet: &Sheet{Diagnosis: &Diagnosis{Verdict: verdict, Explanations: es, Untested: all[5:6]}}}
	}
	c := &Class{Key: &Key{}, Submissions: []Submission{
		sheet(Named, alone(1)), sheet(Tie, alone(0), alone(2)), sheet(Named, Explanation{Deviations: all[0:2]}), sheet(Slip),
		sheet(Named, alone(1)), sheet(Tie, alone(2), alone(0)), sheet(NothingWrong), {Sheet: &Sheet{}},
		{Outcome: Superseded, Sheet: &Sheet{Diagnosis: &Diagnosis{Verdict: Slip}}},
	}}
	got := c.Items().Learned
	if got.Sheets != 7 || got.Right != 1 || got.Slips != 1 || len(got.Untested) != 1 {
		t.Errorf("%d diagnosed, %d right, %d slips, untested %d; want 7, 1, 1, 1", got.Sheets, got.Right, got.Slips, len(got.Untested))
	}
	if len(got.Named) != 2 || got.Named[0].Sheets != 2 || got.Named[0].Deviations[0].Name != all[1].Name || len(got.Named[1].Deviations) != 2 {
		t.Errorf("named: %v", got.Named)
	}
	if len(got.Tied) != 1 || got.Tied[0].Sheets != 2 || len(got.Tied[0].Explanations) != 2 {
		t.Errorf("tied: %v", got.Tied)
	}
}

// A class of a thousand on a large sheet takes little beside its marking.
func BenchmarkItems(b *testing.B) {
	c := randomClass(rand.New(rand.NewPCG(1, 1)), 150, 1000)
	for b.Loop() {
		c.Items()
	}
}
