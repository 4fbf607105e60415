package grade

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/grade/intake"
	"raftsheet/trace"
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
	Marked     Outcome = iota
	Malformed          // it cannot be read as a trace: 0 points, and the errors
	Refused            // it was not opened, or is too large: 0 points, and the reason
	Superseded         // its student has handed in a later one, and that counts
)

var outcomeNames = [...]string{"marked", "malformed", "refused", "superseded"}

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
}

// A Class is all that was handed in, marked.
type Class struct {
	Key         *Key
	Submissions []Submission // by student and name
}

// Settings are how a class is marked.
type Settings struct {
	Diagnose bool
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
				c.Submissions[i] = own.submission(inputs[i], d)
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
	c.order()
	c.supersede()
	return c
}

// submission reads and marks one file. Whatever happens in it stays in it.
func (k *Key) submission(in Input, d *diagnoser) (s Submission) {
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
	if k.read(&s, data); s.Outcome != Marked {
		return s
	}
	t := s.File.Traces[0]
	if signed := signature(t.Student); signed != "" && !s.Student.Known() {
		s.Student.Name = signed
	}
	s.Sheet = k.Mark(t, in.Late)
	for _, e := range t.Errors {
		s.Sheet.remark(e.Pos, "this cannot be read: %s", e.Msg)
	}
	defer func() { s.File.Traces = nil }() // it has been read
	if n := len(s.File.Traces); n > 1 {
		s.Sheet.remark(s.File.Traces[1].Pos, "the file holds %d traces; the first is marked", n)
	}
	if d != nil {
		s.Sheet.Diagnosis = d.diagnose(s.Sheet)
	}
	return s
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

// read reads a file's traces.
func (k *Key) read(s *Submission, data []byte) {
	s.Outcome = Marked
	f, err := trace.Parse(s.Name, data, k.limits())
	if s.File = f; err == nil || holdsFirst(f, err) {
		return
	}
	s.Outcome, s.Why = Malformed, err.Error()
	s.Errors = trace.Errors{{File: s.Name, Msg: err.Error()}}
	if errs, ok := err.(trace.Errors); ok {
		s.Errors, s.Why = errs, errs[0].Msg
	}
}

// holdsFirst reports whether the first document of a file with errors is a trace:
// it is marked by what can be read of it.
func holdsFirst(f *trace.File, err error) bool {
	errs, ok := err.(trace.Errors)
	return ok && len(f.Traces) > 0 && !slices.ContainsFunc(errs, func(e *trace.Error) bool { return e.Document < f.Traces[0].Document })
}

// limits bound what is read of a submission: what the key asks, several times
// over, and no more than fits beside a thousand others.
func (k *Key) limits() trace.Limits {
	lim := trace.DefaultLimits()
	lim.Nodes = 200_000
	lim.Steps = 1000 + 4*len(k.Trace.Steps)
	return lim
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
			s.Sheet.remark(trace.Pos{}, "%s names the same student; both are marked", other.Name)
			other.Sheet.remark(trace.Pos{}, "%s names the same student; both are marked", s.Name)
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
