package grade

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/grade/intake"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A Student is who handed something in, and an Input a file not read yet: see
// package intake, which finds them.
type (
	Student = intake.Student
	Input   = intake.Input
)

// An Outcome is what became of a file.
type Outcome uint8

// The outcomes. None is silent: each has its line in every report.
const (
	Marked     Outcome = iota // cells may still be to review: see [Submission.Counts]
	Malformed                 // to review: it cannot be read as a trace
	Refused                   // to review: it was not opened, or is too large
	Superseded                // its student has handed in a later one, and that counts
	Unmatched                 // to review: fewer than half of the key's steps are on it, it is of another worksheet or variant than its student's, or it is not what the scheme marks
	Given                     // an instructor gave it its points as a whole: the submission's Hand says how
)

var outcomeNames = [...]string{"marked", "malformed", "refused", "superseded", "unmatched", "byHand"}

// String is the outcome's name, as the reports have it.
func (o Outcome) String() string { return outcomeNames[o] }

// A Submission is what one file came to.
type Submission struct {
	Input
	By      Student // as the file's name, the LMS or the roster has it: what a sheet says of itself, anybody can write
	Outcome Outcome
	Digest  string       // of its bytes, as DigestOf gives it; empty where it was not opened
	Hand    *Hand        // of Given; nil otherwise
	Why     string       // of all but Marked; of Given, why it was to review
	File    *trace.File  // its text alone; nil where it was not opened
	Errors  trace.Errors // of Malformed
	Sheet   *Sheet       // nil where nothing could be marked; also of Superseded, so that it can be shown

	Changes []mend.Change // the slips that were set right to read it
	Lost    []mend.Lost   // the lines that could not be read whatever was tried

	read    *reading // of a game's: until it is marked
	key     *Key     // of the student's variant; nil where there is one key, or nobody can say
	astray  bool     // its variant is not its student's, or nobody can say which it is
	foreign bool     // it is of another worksheet than the key
	number  int      // of the student, where the class is anonymous
	says    saying
}

// Counts gives what a submission counts; ok is false where it has no mark, since
// it could not be read or is not the one that counts. That is not 0.
func (s *Submission) Counts() (r Range, ok bool) {
	switch s.Outcome {
	case Marked:
		return s.Sheet.Counts(), true
	case Given:
		return Range{s.Hand.Points, s.Hand.Points}, true
	}
	return Range{}, false
}

// ToReview reports whether the submission, or some of its cells, wait for an
// instructor.
func (s *Submission) ToReview() bool {
	return s.Unmarked() || s.Outcome == Marked && len(s.Sheet.Reviews) > 0
}

// Unmarked reports whether a submission has no mark, and waits for an instructor as a
// whole.
func (s *Submission) Unmarked() bool {
	return s.Outcome == Malformed || s.Outcome == Refused || s.Outcome == Unmatched
}

// Astray reports whether a submission has no mark since nobody can say by which
// variant's key it would be marked: that an instructor can decide.
func (s *Submission) Astray() bool { return s.astray && s.Outcome == Unmatched }

// Empty reports whether nothing is in the file.
func (s *Submission) Empty() bool {
	return s.Outcome == Malformed && s.File != nil && len(bytes.TrimSpace(s.File.Bytes())) == 0
}

// A Class is all that was handed in, marked.
type Class struct {
	Key         *Key         // of a scheme, or of variants, one that asks for nothing: see [Class.KeyOf]
	Variants    []*Key       // the keys of several worksheets, by their names; nil where there is one
	Submissions []Submission // by student and name
	Game        *Game        // of a group that has played one: its nodes are the variants; nil for none
	Unused      []string     // why decisions of an instructor's were not used, each with its place

	named     []attribution
	nameless  bool       // variants may be called as students
	diagnoser *diagnoser // nil until one is needed; see Explained
}

// KeyOf gives the key that a submission is marked against: the class's, that of its
// variant, or where a scheme marks that of its own messages.
func (c *Class) KeyOf(s *Submission) *Key {
	switch {
	case s.Sheet != nil:
		return s.Sheet.Key
	case s.key != nil:
		return s.key
	}
	return c.Key
}

// MaxOf gives what a submission could have come to.
func (c *Class) MaxOf(s *Submission) Points {
	if c.Variants == nil {
		return c.Key.Max
	}
	return c.KeyOf(s).Max
}

// NoneFits reports whether several sheets are of another worksheet than the key, and none
// is its own: then the key is not the one that was meant.
func (c *Class) NoneFits() bool {
	foreign := 0
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if s.Sheet != nil {
			return false
		}
		if s.foreign {
			foreign++
		}
	}
	return foreign > 1
}

// VariantOf names the worksheet that a submission is marked as; empty where all have the
// same, nobody can say which it is, or the class is anonymous.
func (c *Class) VariantOf(s *Submission) string {
	if c.Variants == nil || c.nameless || s.key == nil {
		return ""
	}
	return s.key.Variant()
}

// Settings are how a class is marked.
type Settings struct {
	Diagnose bool
	Roster   *intake.Roster     // the class, by which a name on a sheet is another's; nil for none
	Decided  *Decisions         // by an instructor; nil for nothing
	Apart    []*trace.Trace     // those of which one may tell the explanations of a tie apart
	Progress func(done, of int) // told after each file, by one goroutine at a time; nil for nobody
}

// MarkAll marks what was handed in, as many files at a time as there are cores.
// What it gives depends neither on their order nor on the number of workers.
func MarkAll(key *Key, inputs []Input, set Settings) *Class {
	return MarkEach(OneKey(key), inputs, set)
}

// MarkEach is [MarkAll] where students have worksheets of their own: each sheet is
// marked against the key of its student's variant.
func MarkEach(keys *Keys, inputs []Input, set Settings) *Class {
	var ds *diagnosers
	if set.Diagnose {
		ds = newDiagnosers(newParters(set.Apart))
	}
	c := markAll(keys.any, inputs, set, func() marker { return keys.marker(set, ds) })
	if len(keys.all) > 1 {
		c.Variants = keys.all
	} else if set.Diagnose {
		c.diagnoser = ds.of(keys.any)
	}
	return c
}

// A marker marks the sheet of a submission, which was read with these errors, by what
// has been decided of it.
type marker func(s *Submission, r *reading, errs trace.Errors, by *rulings)

// markAll marks what was handed in; each worker has a marker of its own.
func markAll(key *Key, inputs []Input, set Settings, newMarker func() marker) *Class {
	c := &Class{Key: key, Submissions: make([]Submission, len(inputs))}
	names := make([]string, len(inputs))
	for i := range inputs {
		names[i] = inputs[i].Name
	}
	set.Decided.bind(names)
	next := make(chan int)
	var workers sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range min(runtime.GOMAXPROCS(0), len(inputs)) {
		workers.Go(func() {
			mark := newMarker()
			for i := range next {
				c.Submissions[i] = submission(inputs[i], key.limits(), set, mark)
				if set.Progress != nil {
					mu.Lock()
					done++
					set.Progress(done, len(inputs))
					mu.Unlock()
				}
			}
		})
	}
	for i := range inputs {
		next <- i
	}
	close(next)
	workers.Wait()
	c.Unused = set.Decided.told()
	c.attribute(set.Roster)
	c.order()
	c.supersede()
	return c
}

// submission reads and marks one file, by what has been decided of it.
func submission(in Input, lim trace.Limits, set Settings, mark marker) Submission {
	s := Submission{Input: in, By: in.Student, Outcome: Refused}
	data, err := in.Read()
	if err != nil {
		s.Why = err.Error()
	} else {
		s.Digest = DigestOf(data)
	}
	own := set.Decided.of(s.Name, s.Digest)
	if err == nil {
		s.take(data, lim, set.Roster, own, mark)
	}
	if s.In != "" && len(s.Errors) > 0 { // where in the file of all sheets
		s.Why = s.Errors[0].Error()
	}
	own.whole(&s)
	return s
}

// take reads and marks what was handed in. Whatever happens in it stays in it.
func (s *Submission) take(data []byte, lim trace.Limits, roster *intake.Roster, own *rulings, mark marker) {
	defer func() {
		if r := recover(); r != nil {
			s.Outcome, s.Sheet, s.Why = Malformed, nil, fmt.Sprintf("it could not be marked: %v", r)
		}
	}()
	name, text := s.source(data)
	if len(bytes.TrimSpace(text)) == 0 {
		s.Outcome, s.File, s.Why = Malformed, trace.Text(name, text), "the file is empty; upload it again"
		return
	}
	r, errs := read(name, text, lim)
	s.File = trace.Text(name, text) // and not one that holds what reading has left there
	if r == nil {
		s.Outcome, s.Why, s.Errors = Malformed, errs[0].Msg, errs
		return
	}
	s.Outcome, s.Changes, s.Lost = Marked, r.changes, r.lost
	s.says = saying{signature(r.trace.Student), strings.Clone(r.trace.Variant)}
	if s.says.student != "" && !s.Student.Known() {
		s.Student.Name = s.says.student
	}
	mark(s, r, errs, own)
	if s.Sheet == nil {
		return
	}
	if name := s.says.student; signedByAnother(name, s, roster) {
		s.Sheet.remarkWhose("the sheet has the name of somebody else: %s", name)
	}
}

// whole gives a sheet that could not be marked the points that it was given.
func (r *rulings) whole(s *Submission) {
	if r == nil {
		return
	}
	for _, by := range r.all {
		switch {
		case by.give == markAs && (r.as == nil || r.as.as != by.as):
			r.unused(by, by.Variant.Pos, "%s cannot be marked by any key: it is %s", r.name, s.Outcome)
		case by.give == markAs:
		case by.cells != nil && s.Outcome != Marked && s.Outcome != Given:
			r.unused(by, by.Pos, "%s is %s now, and nothing of it is marked", r.name, s.Outcome)
		case by.cells != nil:
		case s.Outcome == Given && s.Hand.Points.Cmp(by.points) == 0:
		case s.Outcome == Given:
			r.unused(by, by.Pos, "%s has been given other points already, by %s", r.name, s.Hand.By)
		case !s.Unmarked():
			r.unused(by, by.Pos, "%s can be marked now; its points are those of its answers", r.name)
		default:
			s.Outcome, s.Hand = Given, by.hand(by.points, by.points.Cmp(by.worth) == 0)
		}
	}
}

// signedByAnother reports whether the name on a sheet is that of none who handed it
// in.
func signedByAnother(name string, s *Submission, roster *intake.Roster) bool {
	for _, who := range append([]Student{s.By}, s.With...) {
		if !intake.SignedByAnother(name, who, roster) {
			return false
		}
	}
	return true
}

// markSubmission marks a sheet against the key, by what has been decided of it.
func (k *Key) markSubmission(s *Submission, r *reading, errs trace.Errors, by *rulings, d *diagnoser) {
	r, sheet := k.decide(r, s.Late, by)
	if sheet.Unmatched() {
		if s.foreign = sheet.OfAnother(); s.foreign {
			errs = nil // they are beside the point
		}
		s.unmatched(errs, sheet.whyUnmatched())
		return
	}
	s.Sheet = sheet
	r.remark(sheet)
	if d != nil {
		sheet.Diagnosis = d.diagnose(sheet)
	}
	sheet.letGo(r)
}

// unmatched leaves a sheet unmarked that is not what it should be: for its errors,
// or else for a reason.
func (s *Submission) unmatched(errs trace.Errors, why string) {
	s.Outcome, s.Why = Unmatched, why
	if len(errs) > 0 {
		s.Outcome, s.Why, s.Errors = Malformed, errs[0].Msg, errs
	}
}

// signature is what a sheet says of whose it is, cut to what a name may be.
func signature(name string) string {
	const most = 100
	if strings.TrimSpace(name) == "" {
		return ""
	}
	if r := []rune(name); len(r) > most {
		name = string(r[:most]) + "..."
	}
	return strings.Clone(name) // and not the whole file with it
}

// order sorts by student, as names are sorted whatever their case and accents, then by
// the name of the file.
func (c *Class) order() {
	folded := make(map[string]string)
	for i := range c.Submissions {
		name := c.Submissions[i].By.Name
		folded[name] = intake.Folded(name)
	}
	slices.SortStableFunc(c.Submissions, func(a, b Submission) int {
		return cmp.Or(
			strings.Compare(folded[a.By.Name], folded[b.By.Name]),
			strings.Compare(a.By.Name, b.By.Name),
			strings.Compare(a.By.ID, b.By.ID),
			cmp.Compare(a.Attempt, b.Attempt),
			strings.Compare(a.Name, b.Name))
	})
}

// supersede leaves the latest of each student's submissions to count: the one of
// the highest attempt, or else the last by name; and one that was marked before
// any that was not. Sheets of different files that name one student all count,
// and say so of each other.
func (c *Class) supersede() {
	latest := make(map[Student]int)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		was, ok := latest[s.By.Identity()]
		switch {
		case !ok || s.By == Student{}:
			latest[s.By.Identity()] = i
		case s.hasMark() || !c.Submissions[was].hasMark():
			c.Submissions[was].give(s)
			latest[s.By.Identity()] = i
		default:
			s.give(&c.Submissions[was])
		}
	}
	named := make(map[string]*Submission)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if s.Outcome != Marked || s.By.Known() {
			continue
		}
		if other := named[s.Student.Name]; other != nil {
			s.Sheet.remarkWhose("%s names the same student; both are marked", other.Name)
			other.Sheet.remarkWhose("%s names the same student; both are marked", s.Name)
		}
		named[s.Student.Name] = s
	}
}

func (s *Submission) hasMark() bool { _, ok := s.Counts(); return ok }

// give leaves the counting to another submission of the same student.
func (s *Submission) give(to *Submission) {
	was := ""
	if !s.hasMark() {
		was = "; this one is " + s.Outcome.String() + ": " + s.Why
	}
	s.Outcome, s.Why = Superseded, fmt.Sprintf("of this student's submissions %s counts%s", to.Name, was)
}
