package grade

import (
	"slices"
	"strings"
	"sync"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// parters find the trace that tells deviations apart. They may be used by
// several goroutines.
type parters struct {
	mu     sync.Mutex
	traces []parter // the smallest first
}

// A parter is a trace, and what deviations answer on it.
type parter struct {
	*trace.Trace
	*variant.Matrix
	items  int
	prints map[string]imprint // by the deviations' names
}

// newParters takes in the traces of which one is to be found. One that cannot
// be replayed tells nothing.
func newParters(traces []*trace.Trace) *parters {
	p := &parters{}
	for _, t := range traces {
		run, err := check.Replay(t, raft.Figure2())
		if err != nil {
			continue
		}
		items := item.Of(t)
		p.traces = append(p.traces, parter{t, variant.NewMatrix(run, items), len(items), make(map[string]imprint)})
	}
	slices.SortStableFunc(p.traces, func(a, b parter) int {
		if len(a.Steps) != len(b.Steps) {
			return len(a.Steps) - len(b.Steps)
		}
		return a.items - b.items
	})
	return p
}

// mostParted bounds how many explanations of a tie are told apart: the first of
// them.
const mostParted = 32

// apart gives the file of the smallest trace on which most of the explanations
// answer otherwise than each other, empty where all answer alike on every one.
func (p *parters) apart(es []Explanation) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	file, most := "", 1
	for i := range p.traces {
		t := &p.traces[i]
		told := make(map[imprint]bool)
		for _, e := range es[:min(mostParted, len(es))] {
			told[t.print(e.Deviations)] = true
		}
		if len(told) > most {
			file, most = t.File, len(told)
		}
	}
	return file
}

// print gives what deviations answer on the trace.
func (t *parter) print(ds []raft.Deviation) imprint {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = d.Name
	}
	name := strings.Join(names, ",")
	own, known := t.prints[name]
	if known {
		return own
	}
	own = fingerprint(t.Predict([][]raft.Deviation{ds}, replay.AsFilled)[0])
	t.prints[name] = own
	return own
}
