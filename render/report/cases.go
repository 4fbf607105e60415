package report

import (
	"cmp"
	"fmt"
	"slices"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// A testCase is what the formats of test runners make of a step, or of a place
// where a file is malformed. It passes if it holds neither.
type testCase struct {
	name      string // clean, and the only one of its file
	document  int    // 0 where the file as a whole is meant
	pos       trace.Pos
	failures  []*finding.Finding // the step's errors
	notes     []*finding.Finding // the step's notes, where they are asked for
	rules     *raft.Rules        // of the replay
	malformed *trace.Error
	skipped   string // why an implementation was not judged here, empty where it was

	suggestions []string // how what is malformed could be meant
}

// testCases gives the cases of a file, in the order of its documents: at least
// one, since a file without any would be lost on its way.
func testCases(f *check.File, opt CheckOptions) []testCase {
	var cases []testCase
	for _, r := range f.Reports {
		cases = append(cases, reportCases(r, opt.Notes)...)
	}
	for i, e := range f.Stopped() {
		c := malformedCase(e)
		if i == 0 {
			c.suggestions = opt.suggestions(f)
		}
		cases = append(cases, c)
	}
	if len(cases) == 0 {
		cases = []testCase{{name: "no trace"}}
	}
	slices.SortStableFunc(cases, func(a, b testCase) int { return cmp.Compare(a.document, b.document) })
	nameCases(cases)
	return cases
}

// reportCases gives a case for each step of a trace, up to the one at which a
// report without end is cut: no later one is said to pass. The initial state has
// a case if something is said of it, or if there is no step.
func reportCases(r *check.Report, notes bool) []testCase {
	if r.Read != nil {
		return []testCase{readCase(r)}
	}
	t := r.Run.Trace
	cases := make([]testCase, len(t.Steps)+1)
	cases[0] = testCase{name: "initial state", document: t.Document, pos: t.Pos, rules: r.Run.Rules}
	for i := range t.Steps {
		s := &t.Steps[i]
		cases[i+1] = testCase{name: "step " + doc.Clean(s.ID), document: t.Document, pos: s.Pos, rules: r.Run.Rules, skipped: render.Skipped(r, s.Number)}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		switch c := &cases[f.Step]; {
		case r.Mode.Severity(f) == finding.Error:
			c.failures = append(c.failures, f)
		case notes:
			c.notes = append(c.notes, f)
		}
	}
	if at := r.CutAt(); at > 0 {
		cases = cases[:at+1]
	}
	if len(t.Steps) > 0 && len(cases[0].failures) == 0 && len(cases[0].notes) == 0 {
		return cases[1:]
	}
	return cases
}

// readCase is the case of a trace that was read and not replayed. It has no steps:
// one that passes would look as if its answers were right.
func readCase(r *check.Report) testCase {
	t := r.Run.Trace
	c := testCase{name: "can be read", document: t.Document, pos: t.Pos, rules: r.Run.Rules}
	for i := range r.Findings {
		c.failures = append(c.failures, &r.Findings[i])
	}
	return c
}

// noteLines are a case's notes, a line of a log each.
func (c *testCase) noteLines() []string {
	lines := make([]string, len(c.notes))
	for i, f := range c.notes {
		lines[i] = fmt.Sprintf("note: %s: %s: %s", f.Pos, headline(f, c.rules), sentence(f))
	}
	return lines
}

func malformedCase(e *trace.Error) testCase {
	name := malformed
	if e.Pos.IsValid() {
		name += " at " + e.Pos.String()
	}
	return testCase{name: name, document: e.Document, pos: e.Pos, malformed: e}
}

// nameCases puts the document before the names where there are several, and
// numbers what goes by one name: two ids may look the same once they are clean,
// and two errors may stand at one place.
func nameCases(cases []testCase) {
	last := cases[len(cases)-1].document
	several := slices.ContainsFunc(cases, func(c testCase) bool { return c.document > 0 && c.document != last })
	taken := make(map[string]bool, len(cases))
	for i := range cases {
		c := &cases[i]
		if several && c.document > 0 {
			c.name = fmt.Sprintf("document %d, %s", c.document, c.name)
		}
		plain := c.name
		for n := 2; taken[c.name]; n++ {
			c.name = fmt.Sprintf("%s (%d)", plain, n)
		}
		taken[c.name] = true
	}
}
