package grade

import (
	"cmp"
	"crypto/sha256"
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
	Unmatched                 // to review: fewer than half of the key's steps are on it
)

var outcomeNames = [...]string{"marked", "malformed", "refused", "superseded", "unmatched"}

// String is the outcome's name, as the reports have it.
func (o Outcome) String() string { return outcomeNames[o] }

// A Submission is what one file came to.
type Submission struct {
	Input
	By      Student // as the file's name or the LMS has it: what the sheet says of itself, anybody can write
	Outcome Outcome
	Why     string       // of all but Marked
	File    *trace.File  // as far as it was read; nil for nothing
	Errors  trace.Errors // of Malformed
	Sheet   *Sheet       // nil where nothing could be marked; also of Superseded, so that it can be shown

	Digest  Digest        // of the file's bytes; zero of one that was not read
	Changes []mend.Change // the slips that were set right to read it
	Lost    []mend.Lost   // the lines that could not be read whatever was tried

	number int // of the student, where the class is anonymous
}

// Counts gives what a submission counts; ok is false where it has no mark, since
// it could not be read or is not the one that counts. That is not 0.
func (s *Submission) Counts() (r Range, ok bool) {
	if s.Outcome != Marked {
		return Range{}, false
	}
	return s.Sheet.Counts(), true
}

// ToReview reports whether the submission, or some of its cells, wait for an
// instructor.
func (s *Submission) ToReview() bool {
	switch s.Outcome {
	case Superseded:
		return false
	case Marked:
		return len(s.Sheet.Reviews) > 0
	}
	return true
}

// A Digest stands for a file's bytes: equal files have one, others another.
type Digest [sha256.Size]byte

// A Class is all that was handed in, marked.
type Class struct {
	Key         *Key
	Submissions []Submission // by student and name

	diagnoser *diagnoser // nil until one is needed; see Explained
}

// Settings are how a class is marked.
type Settings struct {
	Diagnose bool
	Roster   *intake.Roster     // the class, by which a name on a sheet is another's; nil for none
	Apart    []*trace.Trace     // those of which one may tell the explanations of a tie apart
	Progress func(done, of int) // told after each file, by one goroutine at a time; nil for nobody
}

// MarkAll marks what was handed in, as many files at a time as there are cores.
// What it gives depends neither on their order nor on the number of workers.
func MarkAll(key *Key, inputs []Input, set Settings) *Class {
	c := &Class{Key: key, Submissions: make([]Submission, len(inputs))}
	var d *diagnoser
	if set.Diagnose {
		d = newDiagnoser(key, newParters(set.Apart))
	}
	next := make(chan int)
	var workers sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range min(runtime.GOMAXPROCS(0), len(inputs)) {
		workers.Go(func() {
			own := key.Clone()
			for i := range next {
				c.Submissions[i] = own.submission(inputs[i], d, set.Roster)
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
	c.diagnoser = d
	c.order()
	c.supersede()
	return c
}

// submission reads and marks one file. Whatever happens in it stays in it.
func (k *Key) submission(in Input, d *diagnoser, roster *intake.Roster) (s Submission) {
	s = Submission{Input: in, By: in.Student, Outcome: Refused}
	defer func() {
		if r := recover(); r != nil {
			s.Outcome, s.Sheet, s.Why = Malformed, nil, fmt.Sprintf("it could not be marked: %v", r)
		}
	}()
	data, err := in.Read()
	if err != nil {
		s.Why = err.Error()
		return s
	}
	s.Digest = sha256.Sum256(data)
	r, file, errs := k.read(s.Name, data)
	s.File = file
	if r == nil {
		s.Outcome, s.Why, s.Errors = Malformed, errs[0].Msg, errs
		return s
	}
	s.Outcome, s.Changes, s.Lost = Marked, r.changes, r.lost
	if signed := signature(r.trace.Student); signed != "" && !s.Student.Known() {
		s.Student.Name = signed
	}
	s.Sheet = k.mark(r, in.Late)
	switch {
	case s.Sheet.Unmatched() && len(errs) > 0:
		s.Outcome, s.Sheet, s.Why, s.Errors = Malformed, nil, errs[0].Msg, errs
		return s
	case s.Sheet.Unmatched():
		s.Outcome, s.Why = Unmatched, fmt.Sprintf("of the key's %d steps that ask for something it has %d; are the messages and ids those of this key?", s.Sheet.Asked, s.Sheet.Matched)
		s.Sheet = nil
		return s
	}
	r.remark(s.Sheet)
	if name := signature(r.trace.Student); signedByAnother(name, &s, roster) {
		s.Sheet.remarkWhose("the sheet has the name of somebody else: %s", name)
	}
	if d != nil {
		s.Sheet.Diagnosis = d.diagnose(s.Sheet)
	}
	return s
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

// signature is what a sheet says of whose it is, cut to what a name may be.
func signature(name string) string {
	const most = 100
	if strings.TrimSpace(name) == "" {
		return ""
	}
	if r := []rune(name); len(r) > most {
		name = string(r[:most]) + "..."
	}
	return name
}

// order sorts by student, then by the name of the file.
func (c *Class) order() {
	slices.SortStableFunc(c.Submissions, func(a, b Submission) int {
		return cmp.Or(
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
		case s.Outcome == Marked || c.Submissions[was].Outcome != Marked:
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

// give leaves the counting to another submission of the same student.
func (s *Submission) give(to *Submission) {
	was := ""
	if s.Outcome != Marked {
		was = s.Outcome.String() + ": " + s.Why + "; "
	}
	s.Outcome, s.Why = Superseded, fmt.Sprintf("%sof this student's submissions %s counts", was, to.Name)
}
