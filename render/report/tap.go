package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render/doc"
)

// A checkTAP writes version 14 of the Test Anything Protocol: a test point for
// each step of each file, and for each malformed place. Notes are comments
// behind their step's. Their number comes first, so they wait for the end.
type checkTAP struct {
	w      io.Writer
	points bytes.Buffer
	number int
}

func newCheckTAP(w io.Writer) Checking { return &checkTAP{w: w} }

func (t *checkTAP) Add(f *check.File, opt CheckOptions) error {
	for _, c := range testCases(f, opt) {
		t.number++
		tapPoint(&t.points, t.number, doc.Clean(f.Name), c)
		for _, line := range c.noteLines() {
			fmt.Fprintln(&t.points, "# "+line)
		}
	}
	return nil
}

func (t *checkTAP) Close(CheckOptions) error {
	if _, err := fmt.Fprintf(t.w, "TAP version 14\n1..%d\n", t.number); err != nil {
		return err
	}
	_, err := t.points.WriteTo(t.w)
	return err
}

func tapPoint(w io.Writer, number int, file string, c testCase) {
	status := "ok"
	if c.malformed != nil || len(c.failures) > 0 {
		status = "not ok"
	}
	fmt.Fprintf(w, "%s %d - %s", status, number, tapDescription(file+": "+c.name))
	if status == "ok" && c.skipped != "" {
		fmt.Fprint(w, " # SKIP "+tapDescription(doc.Clean(c.skipped)))
	}
	fmt.Fprintln(w)
	if status == "ok" {
		return
	}
	fmt.Fprint(w, "  ---\n")
	tapDiagnostic(w, file, c)
	fmt.Fprint(w, "  ...\n")
}

// tapDescription escapes what would begin a directive. A last { is one too: it
// begins a subtest, as some harnesses read it.
func tapDescription(s string) string {
	if rest, found := strings.CutSuffix(s, "{"); found {
		s = rest + `\x7b`
	}
	return tapEscapes.Replace(s)
}

var tapEscapes = strings.NewReplacer(`\`, `\\`, `#`, `\#`)

// tapDiagnostic says in YAML what is wrong: the first error, and the others of
// the step as a list under more.
func tapDiagnostic(w io.Writer, file string, c testCase) {
	if e := c.malformed; e != nil {
		tapKey(w, "  ", "message", doc.Clean(e.Msg))
		tapKey(w, "  ", "file", file)
		if e.Pos.IsValid() {
			fmt.Fprintf(w, "  line: %d\n  column: %d\n", e.Pos.Line, e.Pos.Column)
		}
		if len(c.suggestions) > 0 {
			tapKey(w, "  ", "suggestions", strings.Join(c.suggestions, "; "))
		}
		return
	}
	tapFinding(w, "  ", "  ", file, c.failures[0], c.rules)
	if len(c.failures) > 1 {
		fmt.Fprint(w, "  more:\n")
	}
	for _, f := range c.failures[1:] {
		tapFinding(w, "    - ", "      ", file, f, c.rules)
	}
}

// tapFinding writes a finding's keys, the first of them behind a lead of its
// own.
func tapFinding(w io.Writer, lead, indent, file string, f *finding.Finding, rules *raft.Rules) {
	tapKey(w, lead, "message", headline(f, rules))
	if why := sentence(f); why != "" {
		tapKey(w, indent, "reason", why)
	}
	tapKey(w, indent, "file", file)
	fmt.Fprintf(w, "%sline: %d\n%scolumn: %d\n", indent, f.Pos.Line, indent, f.Pos.Column)
	tapKey(w, indent, "expected", f.Expected)
	tapKey(w, indent, "actual", f.Actual)
	if rule := f.Rule.String(); rule != "" {
		tapKey(w, indent, "rule", rule)
	}
}

// tapKey writes a key and its value, if it has one.
func tapKey(w io.Writer, lead, key string, value any) {
	switch v := value.(type) {
	case nil:
	case string:
		fmt.Fprintf(w, "%s%s: %s\n", lead, key, doc.JSONString(doc.Clean(v)))
	default:
		fmt.Fprintf(w, "%s%s: %v\n", lead, key, v)
	}
}
