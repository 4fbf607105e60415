package check_test

import (
	"testing"

	"raftsheet/check/checktest"
)

// A scene is a trace in which all that is written is as the reference has it,
// but for the findings it names.
type scene struct {
	why  string // the sentence of the specification, or the line of the paper
	text string
	want []string // see checktest.Expect
}

func runScenes(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.why, func(t *testing.T) {
			t.Helper()
			checktest.Expect(t, checktest.Report(t, s.text), s.want...)
			if t.Failed() {
				t.Logf("%s\n%s", s.why, s.text)
			}
		})
	}
}
