package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/render/doc"
	"raftsheet/render/internal/junit"
)

// A checkJUnit is a test suite for each file, with a test case for each step and
// for each malformed place. Notes are a case's output.
type checkJUnit struct {
	w      io.Writer
	suites []junit.Suite
}

func newCheckJUnit(w io.Writer) Checking { return &checkJUnit{w: w} }

func (c *checkJUnit) Add(f *check.File, opt CheckOptions) error {
	c.suites = append(c.suites, suiteOf(f, opt))
	return nil
}

func (c *checkJUnit) Close(CheckOptions) error { return junit.Write(c.w, "raftsheet", c.suites) }

func suiteOf(f *check.File, opt CheckOptions) junit.Suite {
	name := doc.Clean(f.Name)
	suite := junit.Suite{Name: name}
	for _, c := range testCases(f, opt) {
		jc := junit.Case{Name: c.name, File: name, Line: c.pos.Line, Output: strings.Join(c.noteLines(), "\n")}
		switch {
		case c.malformed != nil:
			jc.Error = &junit.Problem{Message: doc.Clean(c.malformed.Msg), Type: malformed,
				Body: strings.Join(append([]string{doc.Clean(c.malformed.Error())}, c.suggestions...), "\n")}
		case slices.ContainsFunc(c.failures, func(f *finding.Finding) bool { return f.Kind == finding.Unread || f.Kind == finding.Failed }):
			jc.Error = failureOf(name, c)
		case len(c.failures) > 0:
			jc.Failure = failureOf(name, c)
		case c.skipped != "":
			jc.Skipped = &junit.Problem{Message: doc.Clean(c.skipped), Type: finding.Skipped.String(), Body: doc.Clean(c.skipped)}
		}
		suite.Cases = append(suite.Cases, jc)
	}
	return suite
}

// failureOf makes one failure of the errors of a step, since a test case has
// one at most.
func failureOf(file string, c testCase) *junit.Problem {
	errors := c.failures
	first := errors[0]
	p := junit.Problem{Message: headline(first, c.rules), Type: first.Kind.String()}
	if more := len(errors) - 1; more > 0 {
		p.Message += fmt.Sprintf("; and %d more", more)
	}
	lines := make([]string, len(errors))
	for i, f := range errors {
		lines[i] = fmt.Sprintf("%s:%s: %s\n  %s", doc.Line(file), f.Pos, headline(f, c.rules), sentence(f))
		lines[i] = strings.TrimRight(lines[i], " \n")
	}
	p.Body = strings.Join(lines, "\n")
	return &p
}
