package report

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func TestJUnit(t *testing.T) {
	got := machineText(t, "junit", CheckOptions{Notes: true}, rendertest.Files()...)
	rendertest.Golden(t, "check.junit.xml", got)
	readJUnit(t, got)
}

// junitReport is what a reader takes from the XML, by its names alone.
type junitReport struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Cases    []struct {
			Classname string      `xml:"classname,attr"`
			Name      string      `xml:"name,attr"`
			File      string      `xml:"file,attr"`
			Line      int         `xml:"line,attr"`
			Time      string      `xml:"time,attr"`
			Failures  []junitFlaw `xml:"failure"`
			Errors    []junitFlaw `xml:"error"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitFlaw struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Body    string `xml:",chardata"`
}

// readJUnit reads a report, and holds its counts against its cases.
func readJUnit(t *testing.T, text string) junitReport {
	t.Helper()
	var r junitReport
	if err := xml.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var all [3]int
	for _, s := range r.Suites {
		counts := [3]int{len(s.Cases), 0, 0}
		var names []string
		for _, c := range s.Cases {
			counts[1] += len(c.Failures)
			counts[2] += len(c.Errors)
			names = append(names, c.Name)
			if len(c.Failures)+len(c.Errors) > 1 || c.Classname != s.Name || c.File != s.Name || c.Time != "0" {
				t.Errorf("suite %q: case %+v", s.Name, c)
			}
		}
		slices.Sort(names)
		if len(names) == 0 || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("suite %q: the names %q", s.Name, names)
		}
		if counts != [3]int{s.Tests, s.Failures, s.Errors} {
			t.Errorf("suite %q: counted %v: %+v", s.Name, counts, s)
		}
		for i, n := range counts {
			all[i] += n
		}
	}
	if all != [3]int{r.Tests, r.Failures, r.Errors} {
		t.Errorf("counted %v: %+v", all, r)
	}
	return r
}

func TestJUnitHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		clean := doc.Clean(text)
		out := machineText(t, "junit", CheckOptions{Notes: true}, rendertest.HostileFile(text), rendertest.MalformedFile(text))
		rendertest.NoneHidden(t, out)
		r := readJUnit(t, out)
		step, broken := r.Suites[0].Cases[0], r.Suites[1].Cases[0]
		if r.Tests != 2 || step.Classname != clean || step.Name != "step "+clean || len(step.Failures) != 1 || len(broken.Errors) != 1 {
			t.Errorf("%q: %+v", text, r)
			continue
		}
		if f := step.Failures[0]; !strings.Contains(f.Message, "log[1] 1:"+clean+"; Figure 2") || !strings.HasPrefix(f.Body, doc.Line(clean)+":7:") {
			t.Errorf("%q: %+v", text, f)
		}
		if e := broken.Errors[0]; !strings.HasPrefix(e.Body, clean+":1:8: ") || !strings.HasSuffix(e.Body, e.Message) {
			t.Errorf("%q: %+v", text, e)
		}
	}
}

func TestJUnitNoFiles(t *testing.T) {
	if r := readJUnit(t, machineText(t, "junit", CheckOptions{})); r.Tests != 0 || len(r.Suites) != 0 {
		t.Errorf("%+v", r)
	}
	if r := readJUnit(t, machineText(t, "junit", CheckOptions{}, &check.File{Name: "f"})); r.Tests != 1 {
		t.Errorf("a file with nothing in it: %+v", r)
	}
}
