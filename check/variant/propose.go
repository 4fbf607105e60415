package variant

import (
	"cmp"
	"math"
	"slices"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Proposal is rules by which a recorded cluster may play.
type Proposal struct {
	Names  []string // nil is Figure 2
	Differ int      // how many answers, fields and messages differ, each step judged for itself; -1 where the replay cannot go on
}

// mostProposed bounds the steps of a trace that proposals are judged by: as many
// single deviations are tried as there are.
const mostProposed = 10_000

// Propose gives the rules by which a recorded trace differs least: Figure 2, the
// sets of servers, and the best of these with a single deviation added where that
// leaves less. The best comes first; of those that are as good, the fewest names.
func Propose(t *trace.Trace) []Proposal {
	short := *t
	short.Steps = t.Steps[:min(len(t.Steps), mostProposed)]
	bases := []Proposal{{}}
	for _, s := range raft.Sets() {
		if s.Server {
			bases = append(bases, Proposal{Names: []string{s.Name}})
		}
	}
	judge(&short, bases)
	best := bases[0]
	if best.Differ == 0 {
		return bases
	}
	var more []Proposal
	for _, name := range raft.RulesNames() {
		if d, ok := raft.DeviationNamed(name); ok {
			more = append(more, Proposal{Names: append(slices.Clone(best.Names), d.Name)})
		}
	}
	if judge(&short, more); len(more) > 0 && less(more[0], best) < 0 {
		return append(more[:1:1], bases...)
	}
	return bases
}

// judge counts what differs under each, and sorts them.
func judge(t *trace.Trace, ps []Proposal) {
	check.SideBySide(len(ps), func(i int) { ps[i].Differ = differing(t, ps[i].Names) })
	slices.SortStableFunc(ps, less)
}

func less(a, b Proposal) int {
	differ := func(p Proposal) int {
		if p.Differ < 0 {
			return math.MaxInt
		}
		return p.Differ
	}
	return cmp.Or(cmp.Compare(differ(a), differ(b)), cmp.Compare(len(a.Names), len(b.Names)))
}

// differing counts what differs under rules of these names.
func differing(t *trace.Trace, names []string) int {
	rules, err := check.RulesNamed(names)
	if err != nil {
		return -1
	}
	run, halt := replay.PlayEach(t, rules)
	if halt != nil {
		return -1
	}
	r := check.Compare(run)
	return r.Count(finding.Error) + r.More
}
