package report

import (
	"io"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A Checking is a report of check in the making. Files are added to it one after
// another; it keeps of each what it will show, and not the file.
type Checking interface {
	// Add adds a file that was checked. The error is that of writing it.
	Add(f *check.File, opt CheckOptions) error
	// Close writes the report. The options are those of what is said of all files.
	Close(opt CheckOptions) error
}

// CheckOptions say what of a check a report holds.
type CheckOptions struct {
	Notes bool // notes too; JSON has them in any case
	Quiet bool // no counts after the annotations

	// Diagnoses says what explains the wrong answers of a report's trace, for
	// JSON; it has none where none was asked for.
	Diagnoses map[*check.Report]*grade.Diagnosis

	// Run is what asking an implementation came to, whose answers were checked; nil
	// where a trace's own were.
	Run *conform.Result

	// Mends are the slips that keep a file from being read, and what they would be
	// set right as.
	Mends map[*check.File][]mend.Change
}

// The JSON of check. Its names are stable: programs read them.
type (
	jsonMend struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Was    string `json:"was"`
		Now    string `json:"now"`
		What   string `json:"what"`
		Moves  bool   `json:"moves"`           // it could move a value
		Lines  []int  `json:"lines,omitempty"` // the first and the last of those where, then
	}
	jsonSummary struct {
		Files   int `json:"files"`
		Traces  int `json:"traces"`
		Steps   int `json:"steps"`
		Answers int `json:"answers"`
		Agree   int `json:"agree"`
		Diverge int `json:"diverge"`
		Blank   int `json:"blank"`
		Untold  int `json:"untold"`
		Unread  int `json:"unread"`
		Loss    int `json:"loss"`
		Errors  int `json:"errors"`
	}
	jsonTrace struct {
		File     string        `json:"file"`
		Document int           `json:"document"`
		Title    string        `json:"title"`
		Variant  string        `json:"variant,omitempty"`
		Rules    string        `json:"rules"`
		Result   string        `json:"result"`
		Findings []jsonFinding `json:"findings"`

		More      int              `json:"more,omitempty"`      // findings that are counted and not listed
		Diagnosis *gradesDiagnosis `json:"diagnosis,omitempty"` // where one was asked for
	}
	jsonFinding struct {
		Kind     string `json:"kind"`
		Severity string `json:"severity"`
		Step     int    `json:"step"`
		ID       string `json:"id"`
		Line     int32  `json:"line"`
		Column   int32  `json:"column"`
		Node     string `json:"node"`
		Event    string `json:"event"`
		Field    string `json:"field"`
		Expected any    `json:"expected"`
		Actual   any    `json:"actual"`
		Rule     string `json:"rule"`
		Section  string `json:"section"`
		Message  string `json:"message"`
		Known    string `json:"known,omitempty"` // why it is expected
	}
	jsonError struct {
		File     string `json:"file"`
		Document int    `json:"document,omitempty"`
		Line     int32  `json:"line"`
		Column   int32  `json:"column"`
		Message  string `json:"message"`
	}
)

const malformed = "malformed"

// A checkJSON writes the JSON of check: an object with a version; traces, each as
// soon as it is checked; errors; the run of an implementation and mends, where there
// are any; and a summary.
type checkJSON struct {
	out    *doc.JSONStream
	begun  bool
	sum    check.Summary
	errors []jsonError
	mends  []jsonMend
}

func newCheckJSON(w io.Writer) Checking {
	return &checkJSON{out: doc.NewJSONStream(w), errors: []jsonError{}}
}

// begin writes what comes before the traces.
func (c *checkJSON) begin() error {
	if c.begun {
		return nil
	}
	c.begun = true
	c.out.Member("version", 1)
	return c.out.List("traces")
}

func (c *checkJSON) Add(f *check.File, opt CheckOptions) error {
	err := c.begin()
	c.sum.Add(f)
	for _, r := range f.Reports {
		t := traceJSON(r)
		if d := opt.Diagnoses[r]; d != nil {
			t.Diagnosis = gradesOfDiagnosis(d)
		}
		err = c.out.Item(t)
	}
	for _, doc := range f.Malformed() {
		err = c.out.Item(jsonTrace{File: f.Name, Document: max(doc, 1), Result: malformed, Findings: []jsonFinding{}})
	}
	for _, e := range f.Errors {
		c.errors = append(c.errors, errorJSON(e))
	}
	for _, m := range opt.Mends[f] {
		c.mends = append(c.mends, mendJSON(f.Name, m))
	}
	return err
}

func (c *checkJSON) Close(opt CheckOptions) error {
	c.begin()
	c.out.Member("errors", c.errors)
	if opt.Run != nil {
		c.out.Member("run", judgedJSON(opt.Run))
	}
	if len(c.mends) > 0 {
		c.out.Member("mends", c.mends)
	}
	s := &c.sum
	c.out.Member("summary", jsonSummary{Files: s.Files, Traces: s.Traces, Steps: s.Steps, Answers: s.Answers,
		Agree: s.Agree, Diverge: s.Diverge, Blank: s.Blank, Untold: s.Untold, Unread: s.Unread, Loss: s.Loss, Errors: s.Errors})
	return c.out.Close()
}

func mendJSON(file string, c mend.Change) jsonMend {
	out := jsonMend{File: file, Line: c.Line, Column: c.Column, Was: c.Was, Now: c.Now, What: c.What, Moves: c.Moves}
	if c.Moves {
		out.Lines = c.Lines[:]
	}
	return out
}

func errorJSON(e *trace.Error) jsonError {
	return jsonError{File: e.File, Document: e.Document, Line: e.Pos.Line, Column: e.Pos.Column, Message: e.Msg}
}

func traceJSON(r *check.Report) jsonTrace {
	t := r.Run.Trace
	out := jsonTrace{File: t.File, Document: t.Document, Title: t.Title, Variant: t.Variant, Rules: r.Run.Rules.Name,
		Result: string(r.Result()), Findings: make([]jsonFinding, len(r.Findings)), More: r.More}
	for i := range r.Findings {
		f := &r.Findings[i]
		out.Findings[i] = findingJSON(f, r.Mode)
	}
	return out
}

func findingJSON(f *finding.Finding, mode finding.Mode) jsonFinding {
	return jsonFinding{
		Kind: f.Kind.String(), Severity: mode.Severity(f).String(),
		Step: f.Step, ID: f.ID, Line: f.Pos.Line, Column: f.Pos.Column,
		Node: f.Node, Event: f.Event, Field: f.Field, Expected: f.Expected, Actual: f.Actual,
		Rule: f.Rule.String(), Section: f.PaperSection(), Message: f.Message, Known: f.Known,
	}
}
