package render

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
)

func TestJUnit(t *testing.T) {
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="raftsheet" tests="10" failures="2" errors="4" skipped="0" time="0">
  <testsuite name="traces/away.yaml" tests="3" failures="1" errors="0" skipped="0" time="0">
    <testcase classname="traces/away.yaml" name="step 1" file="traces/away.yaml" line="4" time="0"></testcase>
    <testcase classname="traces/away.yaml" name="step 2" file="traces/away.yaml" line="7" time="0"></testcase>
    <testcase classname="traces/away.yaml" name="step Q3" file="traces/away.yaml" line="10" time="0">
      <failure message="step Q3, node 4 answers ok: expected by the trace, but the replay says no; and 1 more" type="response">traces/away.yaml:12:33: step Q3, node 4 answers ok: expected by the trace, but the replay says no
  node 4&#39;s log ends at index 0; the message says prevLogIndex 1 (AppendEntries rule 2, §5.3)
traces/away.yaml:14:24: step Q3, node 1 has commitIndex 1: expected by the trace, but the replay says 2
  node 1&#39;s commitIndex is 2: its log goes no further (leaders rule 4, §5.4.2)</failure>
    </testcase>
  </testsuite>
  <testsuite name="traces/broken.yaml" tests="5" failures="1" errors="2" skipped="0" time="0">
    <testcase classname="traces/broken.yaml" name="document 1, step 1" file="traces/broken.yaml" line="3" time="0"></testcase>
    <testcase classname="traces/broken.yaml" name="document 2, malformed at 7:5" file="traces/broken.yaml" line="7" time="0">
      <error message="unknown key &#34;timout&#34;; did you mean &#34;timeout&#34;?" type="malformed">traces/broken.yaml:7:5: unknown key &#34;timout&#34;; did you mean &#34;timeout&#34;?</error>
    </testcase>
    <testcase classname="traces/broken.yaml" name="document 2, malformed at 8:14" file="traces/broken.yaml" line="8" time="0">
      <error message="timeout: there is no node &#34;9&#34;; the nodes are 1 to 3" type="malformed">traces/broken.yaml:8:14: timeout: there is no node &#34;9&#34;; the nodes are 1 to 3</error>
    </testcase>
    <testcase classname="traces/broken.yaml" name="document 3, initial state" file="traces/broken.yaml" line="10" time="0">
      <failure message="initial state: the cluster is no longer safe" type="safety">traces/broken.yaml:13:3: initial state: the cluster is no longer safe
  Leader Completeness: node 2 leads term 2 with no entry at index 1, where node 1 has committed 1:a in term 1 (§5.4)</failure>
    </testcase>
    <testcase classname="traces/broken.yaml" name="document 3, step 1" file="traces/broken.yaml" line="15" time="0"></testcase>
  </testsuite>
  <testsuite name="gone.yaml" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase classname="gone.yaml" name="malformed" file="gone.yaml" time="0">
      <error message="no such file or directory" type="malformed">gone.yaml: no such file or directory</error>
    </testcase>
  </testsuite>
  <testsuite name="half.yaml" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase classname="half.yaml" name="malformed" file="half.yaml" time="0">
      <error message="input/output error" type="malformed">half.yaml: input/output error</error>
    </testcase>
  </testsuite>
</testsuites>
`
	got := machineText(t, "junit", Options{Notes: true, Color: true}, machineFiles()...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
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
	for _, text := range hostileTexts {
		clean := Clean(text)
		out := machineText(t, "junit", Options{}, hostileFile(text), malformedFile(text))
		noneHidden(t, out)
		r := readJUnit(t, out)
		step, broken := r.Suites[0].Cases[0], r.Suites[1].Cases[0]
		if r.Tests != 2 || step.Classname != clean || step.Name != "step "+clean || len(step.Failures) != 1 || len(broken.Errors) != 1 {
			t.Errorf("%q: %+v", text, r)
			continue
		}
		if f := step.Failures[0]; !strings.Contains(f.Message, "log[1] 1:"+clean+": expected") || !strings.HasPrefix(f.Body, clean+":7:") {
			t.Errorf("%q: %+v", text, f)
		}
		if e := broken.Errors[0]; !strings.HasPrefix(e.Body, clean+":2:1: ") || !strings.HasSuffix(e.Body, e.Message) {
			t.Errorf("%q: %+v", text, e)
		}
	}
}

func TestJUnitNoFiles(t *testing.T) {
	if r := readJUnit(t, machineText(t, "junit", Options{})); r.Tests != 0 || len(r.Suites) != 0 {
		t.Errorf("%+v", r)
	}
	if r := readJUnit(t, machineText(t, "junit", Options{}, &check.File{Name: "f"})); r.Tests != 1 {
		t.Errorf("a file with nothing in it: %+v", r)
	}
}
