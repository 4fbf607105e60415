package grade

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Diagnosis says which misunderstandings explain the wrong answers of a sheet
// without going against its right ones. It changes no mark.
type Diagnosis struct {
	Verdict      string           // one of the four below
	Wrong        int              // answers that are not right, blanks left out
	Explanations []Explanation    // the best: one of Named, several of Tie, none of the others
	Untested     []raft.Deviation // those that the key never puts to the test: neither understood nor not
	Apart        string           // of a tie: the file of the trace that tells most of its explanations apart, empty for none
}

// The verdicts of a diagnosis.
const (
	NothingWrong = "right" // no answer is wrong
	Named        = "named" // one explanation is the best
	Tie          = "tie"   // several are equally good
	Slip         = "slip"  // no explanation earns a name
)

// An Explanation is a deviation, or two together.
type Explanation struct {
	Deviations   []raft.Deviation
	Explained    int   // wrong answers that it predicts
	Contradicted int   // right answers where it predicts another
	Cells        []int // by Key.Cells: those that it predicts otherwise than the truth
}

// Score is how well it explains: what it explains less what speaks against it.
func (e *Explanation) Score() int { return e.Explained - e.Contradicted }

// Diagnose says what explains the wrong answers of one sheet of a key. Of a tie,
// apart are the traces that may tell its explanations apart.
func Diagnose(k *Key, s *Sheet, apart []*trace.Trace) *Diagnosis {
	return newDiagnoser(k, apart).diagnose(s)
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
	known   map[string]int               // by fingerprint: the place of a belief
	sharing map[variant.Prediction][]int // the places of those that say it
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

func newDiagnoser(k *Key, apart []*trace.Trace) *diagnoser {
	items := make([]item.Item, len(k.Cells))
	for i := range k.Cells {
		items[i] = k.Cells[i].Item
	}
	d := &diagnoser{key: k, alone: newBeliefs(variant.NewMatrix(k.Run, items)), of: make(map[string][]*belief),
		filling: make(map[string]bool), parters: newParters(apart)}
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

func newBeliefs(m *variant.Matrix) *beliefs {
	return &beliefs{Matrix: m, known: make(map[string]int), sharing: make(map[variant.Prediction][]int)}
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
	print := fingerprint(says)
	at, ok := bs.known[print]
	if !ok {
		at = len(bs.all)
		bs.known[print] = at
		bs.all = append(bs.all, belief{says: says})
		for _, s := range says {
			bs.sharing[s] = append(bs.sharing[s], at)
		}
	}
	b := &bs.all[at]
	if !slices.ContainsFunc(b.by, func(other []raft.Deviation) bool { return sameSet(other, by) }) {
		b.by = append(b.by, by)
	}
}

// fingerprint gives predictions as a text.
func fingerprint(says []variant.Prediction) string {
	var text []byte
	for _, s := range says {
		text = binary.AppendUvarint(text, uint64(s.Item))
		text = binary.AppendUvarint(text, uint64(s.Value))
	}
	return string(text)
}

func sameSet(a, b []raft.Deviation) bool {
	return slices.EqualFunc(a, b, func(a, b raft.Deviation) bool { return a.Name == b.Name })
}

// mostPairWork bounds the work of finding out what pairs of deviations answer,
// in requests delivered and cells read: seconds. A longer key is held against
// single ones alone.
const mostPairWork = 20_000_000

// believeInPairs finds out what every two deviations that the key tests make of
// it together.
func (d *diagnoser) believeInPairs() *beliefs {
	bs := newBeliefs(d.alone.Clone()) // by numbers that can be held against the deviations' own
	work, n := len(d.key.Cells), len(d.tested)
	for i := range d.key.Run.Steps {
		work += len(d.key.Run.Steps[i].Deliveries)
	}
	if work*n*n/2 > mostPairWork {
		return bs
	}
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
	out := &Diagnosis{Verdict: NothingWrong, Untested: d.untested}
	a := d.alone.read(s)
	if out.Wrong = a.wrong; a.wrong == 0 {
		return out
	}
	best, score := a.best(a.earned)
	if a.wrong-score >= leastForPair {
		both := d.pairs().read(s)
		two, more := both.best(func(b *belief) [][]raft.Deviation { return both.earnedByTwo(b, d.of) })
		if more >= score+leastForPair {
			a, best = both, two
		}
	}
	for _, b := range best {
		out.add(a, b)
	}
	out.settle()
	if out.Verdict == Tie {
		out.Apart = d.parters.apart(out.Explanations)
	}
	return out
}

// add adds the explanations that a belief makes, each deviation once.
func (out *Diagnosis) add(a *answers, b earner) {
	e := Explanation{}
	e.Explained, e.Contradicted = a.holds(b.belief)
	for _, s := range b.says {
		e.Cells = append(e.Cells, s.Item)
	}
	for _, by := range b.by {
		known := func(e Explanation) bool { return sameSet(e.Deviations, by) }
		if !slices.ContainsFunc(out.Explanations, known) {
			e.Deviations = by
			out.Explanations = append(out.Explanations, e)
		}
	}
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
