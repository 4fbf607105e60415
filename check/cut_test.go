package check_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/check"
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
	cut := 1 + dice.IntN(long-1)
	p := newPage(playCluster(dice, size, long), cut)
	show(p)
	return p
}

// A page that begins in the middle of what a cluster does says of no message that
// it cannot have been sent, of no answer or table that it is wrong, and of no
// property that it broke. If this fails, a correct trace of a real cluster is
// called wrong, or what came from before the page passes without a note.
func TestPagesCutInTheMiddle(t *testing.T) {
	for _, v := range cutVariants {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			pages, steps, before := 0, 0, 0
			for seed := range uint64(wide.Of(400, 10_000)) {
				p := cutPageOf(seed, v.show)
				if len(p.steps) == 0 {
					continue // nothing of it is on that page
				}
				text := p.text(len(p.steps))
				rep := checktest.Report(t, text)
				if wrong := p.wrong(rep); len(wrong) > 0 {
					t.Fatalf("seed %d: a page of a cluster that plays by Figure 2 has these findings:\n%s\n%s", seed, strings.Join(wrong, "\n"), text)
				}
				for i := range p.steps {
					if !p.isOld(i) {
						continue
					}
					if before++; !notes(rep, i+1) {
						t.Fatalf("seed %d: the request of step %d was sent before the page, in a term that its sender neither leads nor stands in, and nothing says so:\n%s", seed, i+1, text)
					}
				}
				pages, steps = pages+1, steps+len(p.steps)
			}
			t.Logf("%d pages, %d steps, %d requests that nothing on the page explains", pages, steps, before)
			if before == 0 {
				t.Error("nothing came from before a page, so that nothing was tested")
			}
		})
	}
}

// wrong gives the findings that a page of a real cluster cannot have. On one
// node's sheet, all of that node can be told.
func (p *cutPage) wrong(rep *check.Report) []string {
	out := checktest.Lines(rep, finding.Message, finding.Response, finding.State, finding.Safety)
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Kind == finding.Untold && p.sheetOf != raft.NoNode && f.Node == rep.Run.Trace.Name(p.sheetOf) {
			out = append(out, checktest.Line(f))
		}
	}
	return out
}

// isOld reports whether a step's request was sent before the page began by a known
// node, of whose leadership or candidacy in its term the page shows nothing.
func (p *cutPage) isOld(step int) bool {
	h := &p.steps[step].happening
	if h.what != "request" || !p.known(h.node) || h.parcel.sent >= p.cut {
		return false
	}
	s := &p.start.states[h.node-1]
	return s.Role == raft.Follower || s.CurrentTerm != h.parcel.term()
}

// notes reports whether a step has a note of what is implied.
func notes(rep *check.Report, step int) bool {
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Kind == finding.Implied && f.Step == step {
			return true
		}
	}
	return false
}
