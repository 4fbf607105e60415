package generate

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Class is worksheets for a class: another one for each student, all equally hard.
type Class struct {
	Sheets  []*Sheet
	AtStake []raft.Deviation // what each of them reveals
	Alike   int              // pairs of messages that are the same in two worksheets, at the same place
}

// NewClass gives n worksheets that fulfil the wish, and names no students. Where nothing
// is at stake, it is what of the commonest misunderstandings the first one reveals.
func NewClass(w Wish, seed uint64, n int) (*Class, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	return (&maker{w: &w, taken: make(map[string]int)}).class(seed, 0, n)
}

// class makes n worksheets, the first one for this place of the class.
func (m *maker) class(seed uint64, from, n int) (*Class, error) {
	books, err := m.all(seed, from, n)
	if err != nil {
		return nil, err
	}
	c := &Class{AtStake: m.w.AtStake}
	for _, b := range books {
		for _, rule := range Rules() {
			b.ask(rule, m.target[rule])
		}
		if err := b.s.write(); err != nil {
			return nil, err
		}
		c.Sheets = append(c.Sheets, b.s)
	}
	for _, times := range m.taken {
		c.Alike += times * (times - 1) / 2
	}
	return c, nil
}

// Uneven gives the rules that decide more cells of one worksheet than of another, by more
// than 5% of the fewest.
func (c *Class) Uneven() []raft.Rule {
	var out []raft.Rule
	for _, rule := range Rules() {
		lo, hi := c.Sheets[0].Profile[rule], 0
		for _, s := range c.Sheets {
			lo, hi = min(lo, s.Profile[rule]), max(hi, s.Profile[rule])
		}
		if 100*(hi-lo) > 5*lo {
			out = append(out, rule)
		}
	}
	return out
}

// commonest are the misunderstandings that most classes have.
var commonest = []string{"vote-log-unchecked", "vote-twice", "prev-unchecked", "always-truncate",
	"conflict-kept", "stale-leader-accepted", "commit-on-store", "commit-to-log-end"}

// A maker makes worksheets that have nothing to do with each other, and are as hard as
// the first.
type maker struct {
	w      *Wish
	like   answers        // the first one's
	target Profile        // how many cells of each rule every one of them asks
	taken  map[string]int // how many have a message, by its place and text
	joins  bool           // the target is that of worksheets that are there already
}

// The bounds of a maker: how many stories are looked at for one student, how often in
// each, and how often those are made anew that are not as hard as the others.
const (
	mostMade   = 12
	mostTries  = 300
	mostRounds = 3
)

// all makes n worksheets, the first one for this place of the class.
func (m *maker) all(seed uint64, from, n int) ([]*book, error) {
	books, lots := make([]*book, n), make([]dice, n)
	for i := range n {
		lots[i] = newDice(seed, uint64(from+i)+streamOfClass)
		b, err := m.make(lots[i])
		if err != nil {
			return nil, err
		}
		books[i] = b
		m.take(b, 1)
	}
	for range mostRounds {
		m.lower(books)
		for i, b := range books {
			m.take(b, -1)
			if off := m.off(b); off > 0 {
				if other, err := m.make(lots[i]); err == nil && m.off(other) < off {
					books[i] = other
				}
			}
			m.take(books[i], 1)
		}
	}
	m.lower(books)
	return books, nil
}

// take takes in that a worksheet's messages are there, or gone.
func (m *maker) take(b *book, n int) {
	for _, text := range b.s.play.messages() {
		m.taken[text] += n
	}
}

// off says how far a worksheet is from being just as hard as the others, and another
// one. It counts cells, refusals past 5% of all answers, and messages.
func (m *maker) off(b *book) int {
	has := b.s.play.answers()
	refusals := max(0, apart(has.refusals(), m.like.refusals())-has.all()/20)
	return b.misses(m.target) + refusals + m.clashes(b.s.play)
}

// make makes one more: the first that can ask just as many cells of each rule as the
// first of all, or the one that comes nearest. The error is that nothing was found which
// reveals what is at stake.
func (m *maker) make(d dice) (best *book, err error) {
	for range mostMade {
		seed := d.seed()
		s := newSearch(m.w)
		s.extra = m.unlike
		m.open(s.start, d)
		n := howMany(m.w)
		n.then, n.most = min(n.then, mostTries/6), min(n.most, mostTries)
		s.run(seed, n)
		sheet, lacks := s.sheet(seed)
		if lacks != nil {
			err = lacks
			continue
		}
		if m.like == nil {
			m.like = s.best.answers()
			m.settle(sheet)
		}
		b := newBook(sheet)
		if m.target == nil {
			m.target = b.target()
		}
		if best == nil || m.off(b) < m.off(best) {
			best = b
		}
		if m.off(best) == 0 {
			break
		}
	}
	if best != nil {
		err = nil
	}
	return best, err
}

// open makes the first move: an election with another request than those of the other
// worksheets, as long as there is one.
func (m *maker) open(p *play, d dice) {
	const mostDrawn = 100
	p.numbers = d.seed()
	for i := range mostDrawn {
		q := *p.clone()
		id := pick(d, members(p.all))
		var lost raft.NodeSet
		for other := range p.all.Without(id).All() {
			if m.w.Lost > 0 && lost.Len() < (m.w.Nodes-1)/2 && d.percent(m.w.Lost) {
				lost = lost.With(other)
			}
		}
		if q.stand(id, 1, lost) && (m.clashes(&q) == 0 || i == mostDrawn-1) {
			*p = q
			return
		}
	}
}

// clashes counts the messages that another worksheet has at the same place.
func (m *maker) clashes(p *play) int {
	n := 0
	for _, text := range p.messages() {
		if m.taken[text] > 0 {
			n++
		}
	}
	return n
}

// lower gives up cells of a rule that some worksheet cannot ask, as far as no other has
// to. Nobody takes cells from worksheets that are handed out.
func (m *maker) lower(books []*book) {
	if m.joins {
		return
	}
	for _, rule := range Rules() {
		least, most := 0, m.target[rule]
		for _, b := range books {
			least, most = max(least, b.count(rule, b.keep)), min(most, len(b.by[rule]))
		}
		m.target[rule] = max(least, most)
	}
}

// settle settles what is at stake in the class, by its first worksheet.
func (m *maker) settle(first *Sheet) {
	if len(m.w.AtStake) > 0 {
		return
	}
	var stake []raft.Deviation
	var shows [][]variant.Prediction
	for i, d := range first.stake {
		if slices.Contains(commonest, d.Name) && first.Reveals(d) && len(first.shows[i]) > 0 {
			stake, shows = append(stake, d), append(shows, first.shows[i])
		}
	}
	shows = append(shows, differences(shows)...)
	first.stake, first.shows, m.w.AtStake = stake, shows, stake
	for _, otherwise := range shows {
		first.show(otherwise)
	}
}

// unlike is what a play loses for being harder or easier than the first one, and for
// each message that another worksheet has at the same place.
func (m *maker) unlike(p *play) int {
	points := -100 * m.clashes(p)
	if m.like == nil {
		return points
	}
	has := p.answers()
	for _, rule := range Rules() {
		for _, refused := range []bool{false, true} {
			kind := answer{rule, refused}
			if off := apart(has[kind], m.like[kind]); off > max(2, m.like[kind]/6) || m.like[kind] == 0 {
				points -= 20 * off
			} else {
				points -= 2 * off
			}
		}
	}
	return points
}

// An answer is of a kind: the rule that settles it, and whether that refuses. Those that
// are not given have no rule.
type answer struct {
	rule    raft.Rule
	refused bool
}

// answers counts answers by their kind.
type answers map[answer]int

func (a answers) all() int {
	n := 0
	for _, of := range a {
		n += of
	}
	return n
}

// refusals counts those that students find harder.
func (a answers) refusals() int {
	n := 0
	for kind, of := range a {
		if kind.refused {
			n += of
		}
	}
	return n
}

// answers counts the answers of a play.
func (p *play) answers() answers { return answersOf(p.cluster.Run()) }

// answersOf counts the answers of a replay.
func answersOf(run *replay.Run) answers {
	by := make(answers)
	for i := range run.Steps {
		for j := range run.Steps[i].Deliveries {
			d := &run.Steps[i].Deliveries[j]
			by[answer{d.Decision.Rule, d.Answered() && !d.OK}]++
		}
	}
	return by
}

// messages gives each message of a play with its place.
func (p *play) messages() []string {
	return messagesOf(&trace.Trace{Names: p.cluster.Run().Trace.Names}, p.steps)
}

// messagesOf gives each message of some steps with its place.
func messagesOf(t *trace.Trace, steps []*trace.Step) []string {
	var out []string
	for i, s := range steps {
		sender, sends := s.Sender()
		if !sends {
			continue
		}
		var b strings.Builder
		fmt.Fprint(&b, i, s.ID, sender, s.Recipients(t.Size()), s.Lost)
		for _, f := range t.Fields(s) {
			fmt.Fprint(&b, " ", f.Name, "=", f.Value)
		}
		out = append(out, b.String())
	}
	return out
}
