package grade

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// A Diagnosis says which misunderstandings explain the wrong answers of a sheet
// without going against its right ones. It changes no mark.
type Diagnosis struct {
	Verdict      string           // one of those below
	Wrong        int              // answers that are not right, blanks left out
	Explanations []Explanation    // the best: one of Named, several of Tie, none of the others
	Fits         []Explanation    // the deviations that lead to every wrong answer, whether or not they have earned a name: the first of them
	MoreFits     int              // how many there are beyond those
	Untested     []raft.Deviation // those that the key never puts to the test: neither understood nor not
	Apart        string           // of a tie: the file of the trace that tells most of its explanations apart, empty for none
}

// The verdicts of a diagnosis.
const (
	NothingWrong = "right"       // no answer is wrong
	Named        = "named"       // one explanation is the best
	Tie          = "tie"         // several are equally good
	Slip         = "slip"        // no explanation earns a name
	Undiagnosed  = "undiagnosed" // the key is past the bounds of a diagnosis
)

// An Explanation is a deviation, or two together.
type Explanation struct {
	Deviations   []raft.Deviation
	Explained    int   // wrong answers that it predicts
	Contradicted int   // right answers where it predicts another
	Cells        []int // by Key.Cells: those that it predicts otherwise than the truth
}

// A belief is what deviations, alone or by two, make of the key, and which do:
// those of one belief cannot be told apart by the key.
type belief struct {
	by   [][]raft.Deviation
	says []variant.Prediction // where it is not the truth
}

// beliefs are all that are held against a sheet together.
type beliefs struct {
	*variant.Matrix
	all     []belief
	known   map[imprint]int // the place of a belief
	sharing [][]share       // by Key.Cells
}

// A share is what a belief says of a cell.
type share struct {
	value  uint16
	belief int32 // its place
}

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

func newBeliefs(m *variant.Matrix) *beliefs {
	return &beliefs{Matrix: m, known: make(map[imprint]int), sharing: make([][]share, m.Items())}
}

// take finds out, and takes in, what each of the sets of deviations makes of the
// key.
func (bs *beliefs) take(sets [][]raft.Deviation, as replay.Wording) [][]variant.Prediction {
	all := bs.Predict(sets, as)
	for i, says := range all {
		if len(says) > 0 { // otherwise it is the truth
			bs.add(sets[i], says)
		}
	}
	return all
}

// add adds a belief, or one more who has it.
func (bs *beliefs) add(by []raft.Deviation, says []variant.Prediction) {
	own := fingerprint(says)
	at, ok := bs.known[own]
	if !ok {
		at = len(bs.all)
		bs.known[own] = at
		bs.all = append(bs.all, belief{says: says})
		for _, s := range says {
			bs.sharing[s.Item] = append(bs.sharing[s.Item], share{s.Value, int32(at)})
		}
	}
	b := &bs.all[at]
	if !b.isOf(by) {
		b.by = append(b.by, by)
	}
}

// An imprint stands for predictions: equal ones have one, others another.
type imprint [sha256.Size]byte

func fingerprint(says []variant.Prediction) imprint {
	var text []byte
	for _, s := range says {
		text = binary.AppendUvarint(text, uint64(s.Item))
		text = binary.AppendUvarint(text, uint64(s.Value))
	}
	return sha256.Sum256(text)
}

func sameSet(a, b []raft.Deviation) bool {
	return slices.EqualFunc(a, b, func(a, b raft.Deviation) bool { return a.Name == b.Name })
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

// includes reports whether one of the deviations that make the belief makes one
// of others by itself.
func (b *belief) includes(alone []*belief) bool {
	makes := func(dev raft.Deviation) bool {
		return slices.ContainsFunc(alone, func(one *belief) bool { return one.isOf([]raft.Deviation{dev}) })
	}
	return slices.ContainsFunc(b.by, func(by []raft.Deviation) bool { return slices.ContainsFunc(by, makes) })
}

// isOf reports whether these deviations make the belief.
func (b *belief) isOf(by []raft.Deviation) bool {
	return slices.ContainsFunc(b.by, func(other []raft.Deviation) bool { return sameSet(other, by) })
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

// settle puts the explanations in order, and says what they come to.
func (out *Diagnosis) settle() {
	slices.SortStableFunc(out.Explanations, func(a, b Explanation) int {
		return slices.CompareFunc(a.Deviations, b.Deviations, byCatalogue)
	})
	switch len(out.Explanations) {
	case 0:
		out.Verdict = Slip
	case 1:
		out.Verdict = Named
	default:
		out.Verdict = Tie
	}
}

// byCatalogue has deviations in the order of the catalogue.
func byCatalogue(a, b raft.Deviation) int {
	return cmp.Compare(catalogued(a), catalogued(b))
}

// catalogued is a deviation's place in the catalogue.
func catalogued(d raft.Deviation) int {
	return slices.IndexFunc(raft.Deviations(), func(other raft.Deviation) bool { return other.Name == d.Name })
}
