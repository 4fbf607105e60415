package render

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"raftsheet/check/variant"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

func coverageOf(t *testing.T, format string, traces ...*trace.Trace) string {
	t.Helper()
	cov, errs := variant.Cover(traces)
	if errs != nil {
		t.Fatal(errs)
	}
	var b strings.Builder
	if err := doc.Write(&b, format, Coverage(cov, CoverageOptions{}), doc.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The text fits a terminal where the trace's own words do.
func TestCoverageFitsATerminal(t *testing.T) {
	for line := range strings.Lines(coverageOf(t, "text", rendertest.Traces(t, rendertest.OneVote)...)) {
		if ansi.StringWidth(strings.TrimSuffix(line, "\n")) > 80 {
			t.Errorf("this line is longer than %d columns:\n%s", 80, line)
		}
	}
}

// The folder that all traces are in goes without saying.
func TestSharedFolder(t *testing.T) {
	for _, tt := range []struct {
		files, want string
	}{
		{"a/b/x.yaml a/b/y.yaml", "a/b/"},
		{"a/b/x.yaml a/bc/y.yaml", "a/"},
		{"a/x.yaml b/x.yaml", ""},
		{"x.yaml y.yaml", ""},
		{"/x.yaml /y/z.yaml", "/"},
		{"a/b/x.yaml", "a/b/"},
		{"ab/x.yaml a/x.yaml", ""},
	} {
		var traces []*trace.Trace
		for name := range strings.FieldsSeq(tt.files) {
			traces = append(traces, &trace.Trace{File: name})
		}
		if got := sharedFolder(traces); got != tt.want {
			t.Errorf("%s share the folder %q, not %q", tt.files, got, tt.want)
		}
	}
}
