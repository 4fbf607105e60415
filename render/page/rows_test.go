package page_test

import (
	"encoding/json"
	"slices"
	"testing"

	"raftsheet/check/reason"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/page"
)

// Every node's reasons are its own in the browser too, where what nodes do alike is on
// the page once. If this fails, a reader is told of node 2 what node 3 does.
func TestReasonsInBrowser(t *testing.T) {
	for _, name := range []string{"worksheet-wrong.yaml", "figure8.yaml", "late.yaml", "sheet3.yaml"} {
		traces := example(t, name)
		b := browse(t, written(t, traces, page.Options{}), "")
		for n, sides := range traces {
			run := sides[0].Run
			ask[bool](b, "stepper.choose("+string(rune('0'+n))+"); true")
			got := ask[[][][]string](b, `stepper.trace().sides[0].steps.map((s, i) => (stepper.go(i + 1), (s.row || []).map(a => [...lines(a.r), ...lines(a.s)].map(l => l[3]))))`)
			for i := range run.Steps {
				s := &run.Steps[i]
				by, _ := render.Decided(run, s)
				for j := range s.Deliveries {
					to := s.Deliveries[j].To
					if s.Doubts(to) || len(got[i]) == 0 {
						continue
					}
					var want []string
					for _, o := range by[j] {
						want = append(want, doc.Clean(reason.Decision(run, o.Node, o.Decision)))
					}
					if !slices.Equal(got[i][to-1], want) {
						g, _ := json.Marshal(got[i][to-1])
						t.Fatalf("%s, step %d, node %d: the page says %s; want %q", name, i+1, to, g, want)
					}
				}
			}
		}
	}
}
