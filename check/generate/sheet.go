package generate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Sheet is a worksheet: its messages, and a blank in each cell that it asks.
type Sheet struct {
	Trace    *trace.Trace
	Revealed []raft.Deviation   // all that its answers would reveal
	Alike    [][]raft.Deviation // of these: groups that no answer tells apart
	Profile  Profile
	Refusals int // how many of the answers refuse a request

	answers answers

	seed  uint64
	play  *play
	run   *replay.Run // of all that it could ask
	cells []item.Item
	asked map[cell]bool
	stake []raft.Deviation
	shows [][]variant.Prediction // items that have to be asked: of each list one
}

// A Profile is how hard a worksheet is: how many cells each rule decides. Those of
// [raft.NoRule] are nodes that give no answer, and fields that nothing has set.
type Profile map[raft.Rule]int

// Cells is how many cells there are in all.
func (p Profile) Cells() int {
	n := 0
	for _, of := range p {
		n += of
	}
	return n
}

// Rules gives the rules of a Profile: every rule, and NoRule.
func Rules() []raft.Rule {
	all := []raft.Rule{raft.NoRule}
	for _, info := range raft.Rulebook() {
		all = append(all, info.Rule)
	}
	return all
}

// A LackError says that something at stake cannot be had in so few messages.
type LackError struct {
	Lacking []raft.Deviation // what no worksheet that was found reveals
	Had     []raft.Deviation // the rest of what was at stake
	Why     []string         // by Lacking; empty where the messages are too few, or the search too short
}

// Error names what is lacking, why, and what can be had.
func (e *LackError) Error() string {
	lacking := make([]string, len(e.Lacking))
	for i, d := range e.Lacking {
		if lacking[i] = d.Name; e.Why[i] != "" {
			lacking[i] += " (" + e.Why[i] + ")"
		}
	}
	text := "found no worksheet of this size that reveals " + strings.Join(lacking, ", ")
	if len(e.Had) > 0 {
		had := make([]string, len(e.Had))
		for i, d := range e.Had {
			had[i] = d.Name
		}
		text += "; one reveals " + strings.Join(had, ", ")
	}
	return text + "; allow more messages, or leave some out"
}

// New gives a worksheet that fulfils the wish: the same for the same seed. The error is
// a [LackError] where something at stake cannot be had.
func New(w Wish, seed uint64) (*Sheet, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	s := newSearch(&w)
	s.run(seed, howMany(&w))
	return s.sheet(seed)
}

// newSearch makes ready for a search. Where nothing is at stake, everything is worth a
// little. What this size cannot have in any case is not searched for.
func newSearch(w *Wish) *search {
	s := &search{w: w, kit: kitFor(w), weight: 1000}
	s.start = newPlay(w, s.kit)
	all := w.AtStake
	if len(all) == 0 {
		all, s.weight = raft.Deviations(), 10
	}
	for _, d := range all {
		if why(d, w) == "" {
			s.stake = append(s.stake, []raft.Deviation{d})
		}
	}
	return s
}

// howMany is how long it pays to search.
func howMany(w *Wish) tries {
	if len(w.AtStake) == 0 {
		return tries{first: 4, then: 20, most: 20}
	}
	return tries{first: 8, then: 120, most: 1500}
}

// sheet makes a worksheet of what has been found.
func (s *search) sheet(seed uint64) (*Sheet, error) {
	if s.best == nil {
		return nil, fmt.Errorf("no story was found for %d nodes, %d RequestVotes and %d AppendEntries; use other numbers, or another seed", s.w.Nodes, s.w.RequestVotes, s.w.AppendEntries)
	}
	if len(s.w.AtStake) > 0 && (!s.done() || !s.apart && len(s.stake) < len(s.w.AtStake)) {
		return nil, s.lack()
	}
	if s.w.Leaders > 0 && s.best.won != s.w.Leaders {
		return nil, fmt.Errorf("--leaders %d: no story was found in which so many elections are won; use more messages, or another seed", s.w.Leaders)
	}
	v := s.verdict
	sheet := &Sheet{seed: seed, play: s.best, run: v.run, cells: v.items, asked: make(map[cell]bool), shows: v.otherwise}
	for _, ds := range s.stake {
		sheet.stake = append(sheet.stake, ds[0])
	}
	if len(s.w.AtStake) > 0 {
		sheet.shows = append(sheet.shows, differences(sheet.shows)...)
	}
	sheet.choose(s.plain)
	return sheet, sheet.write()
}

// lack is what the best lacks of what is at stake.
func (s *search) lack() *LackError {
	e := &LackError{}
	i := 0 // in the search
	for _, d := range s.w.AtStake {
		because := why(d, s.w)
		if because == "" {
			i++
			if len(s.verdict.otherwise[i-1]) > 0 {
				e.Had = append(e.Had, d)
				continue
			}
			if s.w.Lost == 0 {
				because = "it may take requests that are lost: --lost 20%"
			}
		}
		e.Lacking, e.Why = append(e.Lacking, d), append(e.Why, because)
	}
	return e
}

// why says what a worksheet would need that reveals a deviation, as far as its wish
// settles that; empty if nothing speaks against it.
func why(d raft.Deviation, w *Wish) string {
	switch d.Name {
	case "heartbeat-unchecked", "commit-never-on-heartbeat":
		if w.Form == Paper {
			return "it takes a heartbeat: --form worksheet"
		}
	case "majority-is-half":
		if w.Nodes%2 == 1 {
			return "it takes an even number of nodes"
		}
	}
	return ""
}

// choose settles which cells are asked: the usual ones, and where they do not show a
// misunderstanding at stake, or tell it from another one, the one that does so best.
func (s *Sheet) choose(plain bool) {
	for i := range s.cells {
		c := cellOf(&s.cells[i])
		if usual := s.play.usual(c); plain && plainly(c) || !plain && usual {
			s.asked[c] = true
		}
	}
	if len(s.play.w.AtStake) == 0 {
		return
	}
	for _, otherwise := range s.shows {
		s.show(otherwise)
	}
}

// show has one of some cells be asked, unless one is.
func (s *Sheet) show(otherwise []variant.Prediction) {
	of := func(p variant.Prediction) cell { return cellOf(&s.cells[p.Item]) }
	if slices.ContainsFunc(otherwise, func(p variant.Prediction) bool { return s.asked[of(p)] }) {
		return
	}
	best := slices.MinFunc(otherwise, func(a, b variant.Prediction) int {
		return cmp.Or(cmp.Compare(of(a).cost(), of(b).cost()), cmp.Compare(a.Item, b.Item))
	})
	s.asked[of(best)] = true
}

// write makes the trace of what is asked.
func (s *Sheet) write() error {
	var cells []cell
	for i := range s.cells {
		if c := cellOf(&s.cells[i]); s.asked[c] {
			cells = append(cells, c)
		}
	}
	s.Trace = s.play.asking(cells)
	return s.appraise()
}

// sheetOf gives a worksheet that is there already, or its key.
func sheetOf(t *trace.Trace) (*Sheet, error) {
	s := &Sheet{Trace: t}
	return s, s.appraise()
}

// appraise says how hard a worksheet is, and has package variant say what it reveals.
func (s *Sheet) appraise() error {
	run, halt := replay.Play(s.Trace, raft.Figure2())
	if halt != nil {
		return reason.Halt(run, halt)
	}
	s.Profile = make(Profile)
	items := item.Of(s.Trace)
	for i := range items {
		rule, _ := reason.Item(run, &items[i])
		s.Profile[rule]++
	}
	s.answers = answersOf(run)
	s.Refusals = s.answers.refusals()
	cover, errs := variant.Cover([]*trace.Trace{s.Trace})
	if len(errs) > 0 {
		return errs
	}
	s.Revealed, s.Alike = nil, cover.Alike
	for i := range cover.Deviations {
		if cover.Deviations[i].Revealed() {
			s.Revealed = append(s.Revealed, cover.Deviations[i].Deviation)
		}
	}
	return nil
}

// Reveals reports whether the answers would reveal a deviation.
func (s *Sheet) Reveals(d raft.Deviation) bool {
	return slices.ContainsFunc(s.Revealed, func(o raft.Deviation) bool { return o.Name == d.Name })
}
