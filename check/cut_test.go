package check_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// cutVariants are the ways in which a page shows a cluster.
var cutVariants = []struct {
	name string
	show func(p *cutPage)
}{
	{"as is", func(*cutPage) {}},
	{"unknown nodes", func(p *cutPage) { p.hide(raft.NodeSet(p.dice.Uint64()) & raft.AllNodes(p.size)) }},
	{"one node's sheet", func(p *cutPage) { p.sheet(raft.NodeID(1 + p.dice.IntN(p.size))) }},
	{"votedFor left out", (*cutPage).leaveVotesOut},
}

// cutPageOf gives a page of the cluster of a seed. Higher seeds make longer ones.
func cutPageOf(seed uint64, show func(*cutPage)) *cutPage {
	dice := rand.New(rand.NewPCG(seed, 7))
	size := []int{2, 3, 3, 3, 4, 5, 5}[dice.IntN(7)]
	long := 8 + dice.IntN(8+min(int(seed), 90))
	c := playCluster(dice, size, long)
	p := newPage(c, 1+dice.IntN(long-1))
	show(p)
	return p
}

// A page that begins in the middle of what a cluster does says of no message that
// it cannot have been sent, of no answer or table that it is wrong, and of no
// property that it broke. If this fails, a correct trace of a real cluster is
// called wrong.
func TestPagesCutInTheMiddle(t *testing.T) {
	for _, v := range cutVariants {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			pages, steps, before := 0, 0, 0
			for seed := range uint64(wide.Of(400, 15_000)) {
				p := cutPageOf(seed, v.show)
				if len(p.steps) == 0 {
					continue
				}
				text := p.text(len(p.steps))
				rep := checktest.Report(t, text)
				wrong := checktest.Lines(rep, finding.Message, finding.Response, finding.State, finding.Safety)
				for i := range rep.Findings {
					f := &rep.Findings[i]
					if f.Kind == finding.Untold && p.sheetOf != raft.NoNode && f.Node == rep.Run.Trace.Name(p.sheetOf) {
						wrong = append(wrong, checktest.Line(f))
					}
					if f.Kind == finding.Implied {
						before++
					}
				}
				if len(wrong) > 0 {
					t.Fatalf("seed %d: a page of a cluster that plays by Figure 2 has these findings:\n%s\n%s", seed, strings.Join(wrong, "\n"), text)
				}
				pages, steps = pages+1, steps+len(p.steps)
			}
			t.Logf("%d pages, %d steps, %d notes of what is implied", pages, steps, before)
			if before == 0 && v.name != "one node's sheet" {
				t.Error("nothing came from before a page, so that nothing was tested")
			}
		})
	}
}
