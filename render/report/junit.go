package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/render/doc"
)

// JUnit XML, which has no standard: these are the elements and attributes that
// Jenkins, GitLab and their like have in common.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Cases []junitCase `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Time     int `xml:"time,attr"`
	}
	junitCase struct {
		Classname string        `xml:"classname,attr"`
		Name      string        `xml:"name,attr"`
		File      string        `xml:"file,attr"`
		Line      int32         `xml:"line,attr,omitempty"`
		Time      int           `xml:"time,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		Notes     *junitText    `xml:"system-out"`
	}
	junitText    string
	junitProblem struct {
		Message string
		Type    string
		Body    string
	}
)

// MarshalXML writes the body as a token of its own, since a field of a struct
// would have each line end of it escaped.
func (p *junitProblem) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Attr = []xml.Attr{
		{Name: xml.Name{Local: "message"}, Value: p.Message},
		{Name: xml.Name{Local: "type"}, Value: p.Type},
	}
	return junitText(p.Body).MarshalXML(e, start)
}

// MarshalXML writes the text with its line ends as they are.
func (t junitText) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := e.EncodeToken(xml.CharData(t)); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

// checkJUnit writes a test suite for each file, with a test case for each step
// and for each malformed place. The body of a failure says it all, with the
// message again: some readers show nothing else. Notes are a case's output.
func checkJUnit(w io.Writer, files []*check.File, opt CheckOptions) error {
	all := junitSuites{Name: "raftsheet"}
	for _, f := range files {
		suite := suiteOf(f, opt)
		all.add(suite.junitCounts)
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (c *junitCounts) add(d junitCounts) {
	c.Tests += d.Tests
	c.Failures += d.Failures
	c.Errors += d.Errors
}

func suiteOf(f *check.File, opt CheckOptions) junitSuite {
	name := doc.Clean(f.Name)
	suite := junitSuite{Name: name}
	for _, c := range testCases(f, opt) {
		jc := junitCase{Classname: name, Name: c.name, File: name, Line: c.pos.Line}
		suite.Tests++
		switch {
		case c.malformed != nil:
			suite.Errors++
			jc.Error = &junitProblem{doc.Clean(c.malformed.Msg), malformed,
				strings.Join(append([]string{doc.Clean(c.malformed.Error())}, c.suggestions...), "\n")}
		case slices.ContainsFunc(c.failures, func(f *finding.Finding) bool { return f.Kind == finding.Unread }):
			suite.Errors++
			jc.Error = failureOf(name, c)
		case len(c.failures) > 0:
			suite.Failures++
			jc.Failure = failureOf(name, c)
		}
		if lines := c.noteLines(); len(lines) > 0 {
			jc.Notes = new(junitText(strings.Join(lines, "\n")))
		}
		suite.Cases = append(suite.Cases, jc)
	}
	return suite
}

// failureOf makes one failure of the errors of a step, since a test case has
// one at most.
func failureOf(file string, c testCase) *junitProblem {
	errors := c.failures
	first := errors[0]
	p := junitProblem{Message: headline(first, c.rules), Type: first.Kind.String()}
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
