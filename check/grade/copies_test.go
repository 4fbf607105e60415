package grade_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// This file has sheets compared in classes of which it is known who copied.

// A classroom makes classes that sit one key.
type classroom struct {
	t         testing.TB
	empty     *grade.Class
	believers map[string]grade.Simulated // by belief, without a slip
}

func newClassroom(t testing.TB, key string) *classroom {
	return &classroom{t, &grade.Class{Key: grade.KeyOf(t, key)}, make(map[string]grade.Simulated)}
}

// believer gives a student who takes deviations for Raft, and a name for these.
func (c *classroom) believer(ds []raft.Deviation) (s grade.Simulated, belief string) {
	for _, d := range ds {
		belief += d.Name + " "
	}
	if _, ok := c.believers[belief]; !ok {
		c.believers[belief] = grade.Believer(c.t, c.empty.Key, ds...)
	}
	return c.believers[belief].Copy(), belief
}

// A sitting is one class under way. Its questions differ in how hard they are, the
// hardest many times as hard as the easiest, and each invites one wrong answer in
// particular; and there are misunderstandings that many share.
type sitting struct {
	*classroom
	r       *rand.Rand
	seed    uint64
	hard    []float64 // by Key.Cells
	all     float64   // the sum of these
	popular []raft.Deviation
}

// A sat is a class that has handed in.
type sat struct {
	*grade.Class
	beliefs []string // by submission; empty for none, and for a copy
	honest  int      // the submissions before this one
	copied  [][2]int
}

// sit has a class handed in, one in ten a copy of another's with two changes.
func (c *classroom) sit(seed uint64, students int) *sat {
	s := &sitting{classroom: c, r: rand.New(rand.NewPCG(seed, 11)), seed: seed}
	for range c.empty.Key.Cells {
		hard := math.Exp(1.2 * s.r.NormFloat64())
		s.hard = append(s.hard, hard)
		s.all += hard
	}
	all := raft.Deviations()
	for range 4 {
		s.popular = append(s.popular, all[s.r.IntN(len(all))])
	}
	out := &sat{honest: students - students/10}
	var sheets []grade.Simulated
	for range out.honest {
		sheet, belief := s.student()
		sheets, out.beliefs = append(sheets, sheet), append(out.beliefs, belief)
	}
	for _, from := range s.r.Perm(out.honest)[:students-out.honest] {
		sheet := sheets[from].Copy()
		for range 2 {
			sheet.Slip(s.r, s.r.IntN(len(s.hard)), false)
		}
		out.copied = append(out.copied, [2]int{from, len(sheets)})
		sheets, out.beliefs = append(sheets, sheet), append(out.beliefs, "")
	}
	submissions := make([]grade.Submission, len(sheets))
	for i := range sheets {
		submissions[i].Sheet = sheets[i].Mark()
		c.empty.Diagnose(submissions[i].Sheet)
		submissions[i].Name = fmt.Sprint(i)
	}
	out.Class = c.empty.Of(submissions)
	return out
}

// student gives one who works alone: under a misunderstanding that many have, under
// any, under two, or none; with slips, three or so, of which some make many more
// than others.
func (s *sitting) student() (sheet grade.Simulated, belief string) {
	var ds []raft.Deviation
	switch x := s.r.IntN(100); {
	case x < 40:
	case x < 75:
		ds = s.popular[s.r.IntN(len(s.popular)):][:1]
	case x < 92:
		all := raft.Deviations()
		ds = all[s.r.IntN(len(all)):][:1]
	default:
		ds = s.popular[:2]
	}
	sheet, belief = s.believer(ds)
	mean := 3 * math.Exp(.8*s.r.NormFloat64())
	const most = 20
	for p, n := s.r.Float64(), 0; p > math.Exp(-mean) && n < most; n++ { // Poisson's, as Knuth draws it
		s.slip(sheet)
		p *= s.r.Float64()
	}
	return sheet, belief
}

// slip has a student slip at a question, the harder the likelier: six times in ten
// to the answer that it invites. Every other one carries it on.
func (s *sitting) slip(sheet grade.Simulated) {
	cell := len(s.hard) - 1
	x := s.r.Float64() * s.all
	for i, hard := range s.hard {
		if x -= hard; x < 0 {
			cell = i
			break
		}
	}
	to := s.r
	if s.r.IntN(10) < 6 {
		to = rand.New(rand.NewPCG(s.seed, uint64(cell)))
	}
	sheet.Slip(to, cell, s.r.IntN(2) == 0)
}

// slipsInCommon counts the decisions in which two sheets have made the same mistake,
// to which no misunderstanding leads.
func (s *sat) slipsInCommon(a, b int) int {
	left, right := s.Submissions[a].Sheet, s.Submissions[b].Sheet
	explainedLeft, explainedRight := s.ExplainedOwn(left, s.Explained(left)), s.ExplainedOwn(right, s.Explained(right))
	decisions := make(map[grade.Occasion]bool)
	for i := range left.Marks {
		l, r := &left.Marks[i], &right.Marks[i]
		if l.Verdict == grade.Wrong && r.Verdict == grade.Wrong && l.Written == r.Written && !explainedLeft[i] && !explainedRight[i] {
			decisions[s.Key.Occasion(l.Cell)] = true
		}
	}
	return len(decisions)
}

// A count is how many of some pairs are listed.
type count struct{ listed, of int }

func (c *count) add(listed bool) {
	c.of++
	if listed {
		c.listed++
	}
}

func (c count) String() string { return fmt.Sprintf("%d of %d", c.listed, c.of) }

func (c count) percent() float64 { return 100 * float64(c.listed) / float64(max(1, c.of)) }

// A tally is what came of some classes.
type tally struct {
	classes        int
	copied         count // pairs of which one copied the other
	telling        count // of these, with three mistakes in common to which no misunderstanding leads
	honest         count // pairs of which both worked alone
	misunderstood  count // of these, under one misunderstanding
	longestCompare time.Duration
}

func (out *tally) add(s *sat) {
	out.classes++
	start := time.Now()
	report := copies.Find(s.Class)
	out.longestCompare = max(out.longestCompare, time.Since(start))
	listed := make(map[[2]int]bool)
	for _, m := range report.Matches {
		var pair [2]int
		for i := range pair {
			fmt.Sscan(m.Sheets[i].Name, &pair[i])
		}
		listed[pair] = true
	}
	for _, pair := range s.copied {
		out.copied.add(listed[pair])
		if s.slipsInCommon(pair[0], pair[1]) >= 3 {
			out.telling.add(listed[pair])
		}
	}
	for a := range s.honest {
		for b := a + 1; b < s.honest; b++ {
			is := listed[[2]int{a, b}]
			out.honest.add(is)
			if s.beliefs[a] != "" && s.beliefs[a] == s.beliefs[b] {
				out.misunderstood.add(is)
			}
		}
	}
}

// sized is so many classes of so many students.
type sized struct{ students, classes int }

// Of pairs copied with two changes that share three mistakes to which nothing else
// leads, 95 in 100 are listed; of honest pairs under one misunderstanding at most one
// in 100; and of all honest pairs less than one a class, as the figure says. A list
// that misses copies is of no use, and one that accuses the honest does harm.
func TestCopiesInClasses(t *testing.T) {
	for _, key := range []string{"grading/key.yaml", exam} {
		room := newClassroom(t, key)
		for _, size := range wide.Of([]sized{{30, 6}}, []sized{{30, 200}, {200, 40}}) {
			var all tally
			for seed := range size.classes {
				all.add(room.sit(uint64(seed), size.students))
			}
			t.Logf("%s, %d classes of %d:\n%v", key, all.classes, size.students, all)
			if all.telling.of < wide.Of(3, 50) || all.telling.percent() < 95 {
				t.Errorf("too few copies are listed")
			}
			if all.misunderstood.percent() > 1 || all.honest.listed > all.classes {
				t.Errorf("too many honest pairs are listed")
			}
		}
	}
}

// String is the figures, a line each.
func (out tally) String() string {
	return fmt.Sprintf(`copies that share three mistakes to which nothing else leads: %v listed (%.1f%%); of all copies %v
honest pairs under one misunderstanding: %v listed (%.2f%%); of all honest pairs %v, %.2f a class
a class is compared in %v at most`,
		out.telling, out.telling.percent(), out.copied,
		out.misunderstood, out.misunderstood.percent(), out.honest, float64(out.honest.listed)/float64(out.classes),
		out.longestCompare.Round(time.Millisecond))
}

// Two who misunderstand alike, and make no slip, are not taken for copies, whatever
// it is and however few others do: friends learn together.
func TestBelieversAreNotCopies(t *testing.T) {
	room := newClassroom(t, exam)
	knows, _ := room.believer(nil)
	right := knows.Mark()
	for _, d := range raft.Deviations() {
		believes, _ := room.believer([]raft.Deviation{d})
		submissions := make([]grade.Submission, 20)
		for i := range submissions {
			if submissions[i].Sheet = right; i < 2 {
				submissions[i].Sheet = believes.Mark()
			}
		}
		if r := copies.Find(room.empty.Of(submissions)); len(r.Matches) > 0 {
			t.Errorf("two who believe %s share %d mistakes, it is said", d.Name, len(r.Matches[0].Shared))
		}
	}
}

const exam = "grading/exam.yaml"

// The sheets of a thousand students are compared in a second or so.
func BenchmarkCopies(b *testing.B) {
	const students, most = 1000, 1500 * time.Millisecond
	class := newClassroom(b, exam).sit(1, students)
	for b.Loop() {
		copies.Find(class.Class)
	}
	if each := b.Elapsed() / time.Duration(b.N); each > most {
		b.Errorf("%v, and %v are allowed", each, most)
	}
}
