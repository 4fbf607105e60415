// Package junit writes JUnit XML. It has no standard: these are the elements and
// attributes that Jenkins, GitLab and their like have in common. It knows nothing of
// what is tested; all texts that it is given are safe to show.
package junit

import (
	"encoding/xml"
	"io"
)

// A Suite is test cases of one file.
type Suite struct {
	Name  string
	Cases []Case
}

// A Case is one test. At most one of Error, Failure and Skipped is written, the
// first of them.
type Case struct {
	Name, File              string
	Line                    int32 // from 1; 0 for none
	Error, Failure, Skipped *Problem
	Output                  string // what there is to say of a test whatever became of it; empty for nothing
}

// A Problem is why a test has not passed. The body says it all, with the message
// again: some readers show nothing else.
type Problem struct{ Message, Type, Body string }

type (
	suites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		counts
		Suites []suite `xml:"testsuite"`
	}
	suite struct {
		Name string `xml:"name,attr"`
		counts
		Cases []testcase `xml:"testcase"`
	}
	counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Time     int `xml:"time,attr"`
	}
	testcase struct {
		Classname string   `xml:"classname,attr"`
		Name      string   `xml:"name,attr"`
		File      string   `xml:"file,attr"`
		Line      int32    `xml:"line,attr,omitempty"`
		Time      int      `xml:"time,attr"`
		Failure   *Problem `xml:"failure"`
		Error     *Problem `xml:"error"`
		Skipped   *Problem `xml:"skipped"`
		Output    *text    `xml:"system-out"`
	}
	text string
)

// MarshalXML writes the body as a token of its own, since a field of a struct
// would have each line end of it escaped.
func (p *Problem) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Attr = []xml.Attr{{Name: xml.Name{Local: "message"}, Value: p.Message}}
	if p.Type != "" {
		start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "type"}, Value: p.Type})
	}
	return text(p.Body).MarshalXML(e, start)
}

// MarshalXML writes the text with its line ends as they are.
func (t text) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := e.EncodeToken(xml.CharData(t)); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

// Write writes the suites of a run of that name, with their counts.
func Write(w io.Writer, name string, of []Suite) error {
	all := suites{Name: name}
	for _, s := range of {
		one := suite{Name: s.Name}
		for _, c := range s.Cases {
			one.add(s.Name, c)
		}
		all.Tests += one.Tests
		all.Failures += one.Failures
		all.Errors += one.Errors
		all.Skipped += one.Skipped
		all.Suites = append(all.Suites, one)
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

// add adds a case, and counts it.
func (s *suite) add(class string, c Case) {
	out := testcase{Classname: class, Name: c.Name, File: c.File, Line: c.Line}
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
		out.Error = c.Error
	case c.Failure != nil:
		s.Failures++
		out.Failure = c.Failure
	case c.Skipped != nil:
		s.Skipped++
		out.Skipped = c.Skipped
	}
	if c.Output != "" {
		out.Output = new(text(c.Output))
	}
	s.Cases = append(s.Cases, out)
}
