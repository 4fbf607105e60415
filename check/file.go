package check

import (
	"cmp"
	"io"
	"slices"

	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Settings are how files are checked.
type Settings struct {
	finding.Mode
	Limits trace.Limits
	Rules  []string // in place of the trace's own; nil leaves those
	Each   bool     // judge every step from the states that the trace itself last told, see replay.PlayEach
}

// A File is a file that was read, replayed and compared.
type File struct {
	Name    string
	Source  *trace.File
	Reports []*Report    // of the documents that could be replayed
	Errors  trace.Errors // what could not be read or replayed, by place
}

// CheckFile reads a file, and replays and compares each of its traces.
func CheckFile(name string, in io.Reader, set Settings) *File {
	src, err := trace.Read(name, in, set.Limits)
	return CheckSource(src, err, set)
}

// CheckSource is [CheckFile] of a file that was read, with the error of reading it.
func CheckSource(src *trace.File, err error, set Settings) *File {
	f := &File{Name: src.Name, Source: src}
	f.addErrors(err)
	for _, t := range src.Traces {
		run, errs := replayRest(t, set.Rules, set.Each)
		if f.Errors = append(f.Errors, errs...); run == nil {
			continue
		}
		rep := Compare(run)
		rep.Mode = set.Mode
		f.Reports = append(f.Reports, rep)
	}
	slices.SortStableFunc(f.Errors, func(a, b *trace.Error) int { return cmp.Compare(a.Document, b.Document) })
	return f
}

func (f *File) addErrors(err error) {
	switch err := err.(type) {
	case nil:
	case trace.Errors:
		f.Errors = append(f.Errors, err...)
	default:
		f.Errors = append(f.Errors, &trace.Error{File: f.Name, Msg: err.Error()})
	}
}

// Replay plays a trace through the rules. The error, of type [trace.Errors], is
// for what no replay can go on from: a field that is left out and cannot be
// filled in, a term past 2^63-1.
func Replay(t *trace.Trace, rules *raft.Rules) (*replay.Run, error) {
	run, halt := replay.Play(t, rules)
	if halt != nil {
		return nil, trace.Errors{reason.Halt(run, halt)}
	}
	return run, nil
}

// ReplayWith is Replay under the rules of those names, or under the trace's own
// where names is nil.
func ReplayWith(t *trace.Trace, names []string) (*replay.Run, error) {
	rules, err := rulesOf(t, names)
	if err != nil {
		return nil, err
	}
	return Replay(t, rules)
}

// ReplayRest is [ReplayWith] for whoever goes on where a step cannot be played:
// that step stands in the run's trace as one that cannot be read, and the errors
// tell of it. The run is nil where nothing can be played, or a limit is passed.
func ReplayRest(t *trace.Trace, names []string) (*replay.Run, trace.Errors) {
	return replayRest(t, names, false)
}

func replayRest(t *trace.Trace, names []string, each bool) (*replay.Run, trace.Errors) {
	play := replay.Play
	if each {
		play = replay.PlayEach
	}
	rules, err := rulesOf(t, names)
	if err != nil {
		return nil, err
	}
	var errs trace.Errors
	for {
		run, halt := play(t, rules)
		if halt == nil {
			return run, errs
		}
		err := reason.Halt(run, halt)
		errs = append(errs, err)
		if !halt.IsLocal() || len(errs) == mostHalts {
			return nil, errs
		}
		t = t.Without(halt.Step, err)
	}
}

// mostHalts bounds how often a trace is played anew without a step of it.
const mostHalts = 20

func rulesOf(t *trace.Trace, names []string) (*raft.Rules, trace.Errors) {
	if names == nil {
		names = t.Rules
	}
	rules, err := RulesNamed(names)
	if err != nil {
		return nil, trace.Errors{{File: t.File, Document: t.Document, Pos: t.RulesPos, Msg: err.Error()}}
	}
	return rules, nil
}

// RulesNamed gives the rules of these names taken together, figure2 for none. A
// name that comes twice counts once.
func RulesNamed(names []string) (*raft.Rules, error) {
	var once []string
	for _, n := range names {
		if !slices.Contains(once, n) {
			once = append(once, n)
		}
	}
	return raft.RulesNamed(once...)
}

// Stopped gives the errors of the documents that could not be replayed. Those of
// the others are among the findings of their reports.
func (f *File) Stopped() trace.Errors {
	var out trace.Errors
	for _, e := range f.Errors {
		if !slices.ContainsFunc(f.Reports, func(r *Report) bool { return r.Run.Trace.Document == e.Document }) {
			out = append(out, e)
		}
	}
	return out
}

// Malformed gives the numbers of the documents that could not be replayed; 0
// stands for a file that could not be read at all.
func (f *File) Malformed() []int {
	var docs []int
	for _, e := range f.Stopped() {
		if !slices.Contains(docs, e.Document) {
			docs = append(docs, e.Document)
		}
	}
	slices.Sort(docs)
	return docs
}

// A Summary counts over files.
type Summary struct {
	Files  int
	Traces int // documents, and files that hold none
	Tally
	Errors    int // malformed places
	Diverged  int // traces that diverge
	Malformed int // documents, or whole files, that could not be replayed, or not all of them be read
	Unread    int // findings of what could not be read
	Loss      int // of what a restart did not bring back
}

// Summarize counts over files.
func Summarize(files []*File) Summary {
	var s Summary
	for _, f := range files {
		s.Add(f)
	}
	return s
}

// Add counts one file more.
func (s *Summary) Add(f *File) {
	s.Files++
	stopped := len(f.Malformed())
	s.Traces += len(f.Reports) + stopped
	s.Errors += len(f.Errors)
	s.Malformed += stopped
	for _, r := range f.Reports {
		s.Tally.add(r.Tally)
		s.Unread += r.CountKind(finding.Unread)
		s.Loss += r.CountKind(finding.Loss)
		switch r.Result() {
		case Diverges:
			s.Diverged++
		case Malformed:
			s.Malformed++
		}
	}
}

func (t *Tally) add(u Tally) {
	t.Steps += u.Steps
	t.Answers += u.Answers
	t.Agree += u.Agree
	t.Diverge += u.Diverge
	t.Blank += u.Blank
	t.Untold += u.Untold
	t.States += u.States
}
