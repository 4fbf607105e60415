package grade

import (
	"cmp"
	"slices"
	"sync"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// This file explains the wrong answers of a sheet by deviations.

// A diagnoser knows what each deviation answers on a key. It may be used by
// several goroutines.
type diagnoser struct {
	key      *Key
	alone    *beliefs
	of       map[string][]*belief // by deviation: its own, at most one a wording
	tested   []raft.Deviation
	untested []raft.Deviation
	filling  map[string]bool // those for which it matters who fills in what the key's messages leave out
	pairs    func() *beliefs // worked out when a sheet first needs them
	parters  *parters
}

func newDiagnoser(k *Key, apart *parters) *diagnoser {
	d := &diagnoser{key: k, of: make(map[string][]*belief), filling: make(map[string]bool), parters: apart}
	if d.work() > MostWork {
		return d
	}
	items := make([]item.Item, len(k.Cells))
	for i := range k.Cells {
		items[i] = k.Cells[i].Item
	}
	d.alone = newBeliefs(variant.NewMatrix(k.Run, items))
	d.pairs = sync.OnceValue(d.believeInPairs)
	var sets [][]raft.Deviation
	for _, dev := range raft.Deviations() {
		sets = append(sets, []raft.Deviation{dev})
	}
	sent, filled := d.alone.take(sets, replay.AsSent), d.alone.take(sets, replay.AsFilled)
	for i, by := range sets {
		d.filling[by[0].Name] = !slices.Equal(sent[i], filled[i])
	}
	for i := range d.alone.all {
		b := &d.alone.all[i]
		for _, by := range b.by {
			d.of[by[0].Name] = append(d.of[by[0].Name], b)
		}
	}
	for _, dev := range raft.Deviations() {
		if len(d.of[dev.Name]) > 0 {
			d.tested = append(d.tested, dev)
		} else {
			d.untested = append(d.untested, dev)
		}
	}
	return d
}

// MostWork bounds what is diagnosed: so many requests delivered and items asked.
// Beyond it the deviations' replays would take minutes.
const MostWork = 300_000

// work is what one replay of the key costs, in requests delivered and items read.
func (d *diagnoser) work() int {
	work := len(d.key.Cells)
	for i := range d.key.Run.Steps {
		work += len(d.key.Run.Steps[i].Deliveries)
	}
	return work
}

// mostPairWork bounds the work of finding out what pairs of deviations answer,
// in requests delivered and cells read: seconds. A longer key is held against
// single ones alone.
const mostPairWork = 20_000_000

// believeInPairs finds out what every two deviations that the key tests make of
// it together; nil where that is too much work.
func (d *diagnoser) believeInPairs() *beliefs {
	if n := len(d.tested); d.work()*n*n/2 > mostPairWork {
		return nil
	}
	bs := newBeliefs(d.alone.Matrix) // by numbers that can be held against the deviations' own
	var sent, filled [][]raft.Deviation
	for i, a := range d.tested {
		for _, b := range d.tested[i+1:] {
			pair := []raft.Deviation{a, b}
			sent = append(sent, pair)
			if d.filling[a.Name] || d.filling[b.Name] {
				filled = append(filled, pair)
			}
		}
	}
	bs.take(sent, replay.AsSent)
	bs.take(filled, replay.AsFilled)
	return bs
}

// diagnose explains a sheet: by one deviation, or where two explain more and
// each has earned its name, by two.
func (d *diagnoser) diagnose(s *Sheet) *Diagnosis {
	if d.alone == nil {
		return &Diagnosis{Verdict: Undiagnosed}
	}
	out := &Diagnosis{Verdict: NothingWrong, Untested: d.untested}
	a := d.alone.read(s)
	if out.Wrong = a.wrong; a.wrong == 0 {
		return out
	}
	out.fit(a)
	best, score := a.best()
	earned := slices.ContainsFunc(best, a.earned)
	if both := d.two(s, a.wrong-score); both != nil {
		pairs, more := both.best()
		byTwo := func(b *belief) bool { return both.earnedByTwo(b, d.of) }
		switch {
		case more < score+leastForPair:
		case slices.ContainsFunc(pairs, byTwo):
			a, best, earned = both, pairs, true
		default:
			// One of the best and a few slips: a pair that has not earned its names
			// says no more. Of others it says that they are not the best.
			earned = earned && slices.ContainsFunc(pairs, func(b *belief) bool { return b.includes(best) })
		}
	}
	// What speaks for one of those that explain as much speaks for each of them: once
	// one has earned a name, all are told. Where none has, nothing worse is.
	if earned {
		for _, b := range best {
			out.Explanations = a.explain(out.Explanations, b)
		}
	}
	out.settle()
	if out.Verdict == Tie {
		out.Apart = d.parters.apart(out.Explanations)
	}
	return out
}

// two numbers a sheet's answers as pairs of deviations do; nil where one leaves
// so few wrong answers unexplained that no pair is worth it.
func (d *diagnoser) two(s *Sheet, unexplained int) *answers {
	if unexplained < leastForPair {
		return nil
	}
	pairs := d.pairs()
	if pairs == nil {
		return nil
	}
	return pairs.read(s)
}

// mostFits is how many of the deviations that lead to every wrong answer are
// listed.
const mostFits = 5

// fit lists what leads to every wrong answer.
func (out *Diagnosis) fit(a *answers) {
	for _, b := range a.fitting() {
		out.Fits = a.explain(out.Fits, b)
	}
	slices.SortStableFunc(out.Fits, func(x, y Explanation) int {
		return cmp.Or(cmp.Compare(x.Contradicted, y.Contradicted), slices.CompareFunc(x.Deviations, y.Deviations, byCatalogue))
	})
	out.MoreFits = max(0, len(out.Fits)-mostFits)
	out.Fits = out.Fits[:len(out.Fits)-out.MoreFits]
}

// explain adds the explanations that a belief makes, each deviation once.
func (a *answers) explain(es []Explanation, b *belief) []Explanation {
	e := Explanation{}
	e.Explained, e.Contradicted = a.holds(b)
	for _, s := range b.says {
		e.Cells = append(e.Cells, int(s.Item))
	}
	for _, by := range b.by {
		known := func(e Explanation) bool { return sameSet(e.Deviations, by) }
		if !slices.ContainsFunc(es, known) {
			e.Deviations = by
			es = append(es, e)
		}
	}
	return es
}
