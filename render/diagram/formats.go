package diagram

import (
	"fmt"
	"io"

	"raftsheet/render/doc"
	"raftsheet/trace"
)

var writers = doc.Writers[func(io.Writer, []*Lifelines) error]{
	{Format: "svg", Write: writeSVG},
	{Format: "mermaid", Write: writeMermaid},
}

// Formats gives the names of the formats of life lines.
func Formats() []string { return writers.Formats() }

// Write draws the life lines of traces in the format of that name.
func Write(w io.Writer, format string, all []*Lifelines) error {
	write, err := writers.Of(format)
	if err != nil {
		return err
	}
	return write(w, all)
}

// What a picture draws at most: more is neither read nor drawn.
const (
	mostSteps    = 1000
	mostMessages = 20_000
	mostPanels   = 100
)

// Bounded refuses a picture of more than anybody reads.
func Bounded(all []Shown) error {
	steps, messages := 0, 0
	for i := range all {
		s := &all[i]
		first, last := s.steps()
		for n := first; n <= last; n++ {
			steps, messages = steps+1, messages+len(s.Report.Run.Steps[n-1].Deliveries)
			if steps > mostSteps || messages > mostMessages {
				t := s.Report.Run.Trace
				return fmt.Errorf("%s: a picture has at most %d steps and %d messages, and this one would have more; --step draws fewer, such as %s-%s",
					t.File, mostSteps, mostMessages, t.Steps[first-1].ID, t.Steps[max(n-2, first-1)].ID)
			}
		}
	}
	return nil
}

// boundedPanels refuses more panels than anybody compares.
func boundedPanels(t *trace.Trace, panels int) error {
	if panels > mostPanels {
		return fmt.Errorf("%s: a picture of logs has at most %d panels, and this one would have %d; --step names those to draw", t.File, mostPanels, panels)
	}
	return nil
}
