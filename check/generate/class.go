package generate

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/reason"
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
	c := &Class{}
	m := &maker{w: &w, taken: make(map[string]int)}
	for i := range n {
		sheet, err := m.make(newDice(seed, uint64(i)+streamOfClass).seed())
		if err != nil {
			return nil, err
		}
		c.Sheets = append(c.Sheets, sheet)
	}
	c.AtStake = w.AtStake
	level(c.Sheets)
	for _, s := range c.Sheets {
		if err := s.write(); err != nil {
			return nil, err
		}
	}
	for _, times := range m.taken {
		c.Alike += times * (times - 1) / 2
	}
	return c, nil
}

// streamOfClass keeps the seeds of a class's worksheets apart from that of a single one.
const streamOfClass = 1000

// commonest are the misunderstandings that most classes have.
var commonest = []string{"vote-log-unchecked", "vote-twice", "prev-unchecked", "always-truncate",
	"conflict-kept", "stale-leader-accepted", "commit-on-store", "commit-to-log-end"}

// A maker makes worksheets that have nothing to do with each other, and are as hard as
// the first.
type maker struct {
	w       *Wish
	like    Profile        // of the first one's answers
	taken   map[string]int // how many have a message, by its place and text
	tripped int
}

// make makes one more.
func (m *maker) make(seed uint64) (*Sheet, error) {
	s := newSearch(m.w)
	s.extra = m.unlike
	n := howMany(m.w)
	if len(m.w.AtStake) > 0 {
		n.then = 60
	}
	s.run(seed, n)
	sheet, err := s.sheet()
	if err != nil {
		return nil, err
	}
	for _, text := range sheet.play.messages() {
		m.taken[text]++
	}
	if m.like == nil {
		m.like = s.best.answers()
		m.settle(sheet)
	}
	return sheet, nil
}

// settle settles what is at stake in the class, by its first worksheet.
func (m *maker) settle(first *Sheet) {
	if len(m.w.AtStake) > 0 {
		return
	}
	for _, d := range first.Revealed {
		if slices.Contains(commonest, d.Name) {
			m.w.AtStake = append(m.w.AtStake, d)
		}
	}
}

// unlike is what a play loses for being harder or easier than the first one, and for
// each message that another worksheet has at the same place.
func (m *maker) unlike(p *play, _ *verdict) int {
	points := 0
	for _, text := range p.messages() {
		if m.taken[text] > 0 {
			points -= 100
		}
	}
	if m.like == nil {
		return points
	}
	has := p.answers()
	for _, info := range raft.Rulebook() {
		points -= 4 * apart(has[info.Rule], m.like[info.Rule])
	}
	return points - 4*apart(has[raft.NoRule], m.like[raft.NoRule])
}

func apart(a, b int) int { return max(a-b, b-a) }

// answers counts the answers of a play by the rule that settles them.
func (p *play) answers() Profile {
	by := make(Profile)
	run := p.cluster.Run()
	for i := range run.Steps {
		for j := range run.Steps[i].Deliveries {
			by[run.Steps[i].Deliveries[j].Decision.Rule]++
		}
	}
	return by
}

// messages gives each message of a play with its place.
func (p *play) messages() []string {
	var out []string
	t := &trace.Trace{Names: p.cluster.Run().Trace.Names}
	for i, s := range p.steps {
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

// level has all worksheets ask as many cells of each rule. What one asks more often
// than half of them do it asks no more, as far as that does not hide what is at stake;
// what it asks less often it asks in further tables.
func level(sheets []*Sheet) {
	if len(sheets) < 2 {
		return
	}
	books := make([]*book, len(sheets))
	for i, s := range sheets {
		books[i] = newBook(s)
	}
	rules := []raft.Rule{raft.NoRule}
	for _, info := range raft.Rulebook() {
		rules = append(rules, info.Rule)
	}
	for _, rule := range rules {
		var asked []int
		least, most := 0, 1<<30
		for _, b := range books {
			asked = append(asked, b.asked(rule))
			least, most = max(least, b.needed(rule)), min(most, len(b.by[rule]))
		}
		slices.Sort(asked)
		target := max(least, min(most, asked[len(asked)/2]))
		for _, b := range books {
			b.ask(rule, target)
		}
	}
}

// A book is what a worksheet could ask, by the rule that decides it.
type book struct {
	s    *Sheet
	by   map[raft.Rule][]int // items, by their place; those that are asked first go last
	keep map[cell]bool       // what shows something at stake
}

func newBook(s *Sheet) *book {
	b := &book{s: s, by: make(map[raft.Rule][]int), keep: make(map[cell]bool)}
	run := s.play.cluster.Run()
	for i := range s.cells {
		rule := raft.NoRule
		if s.cells[i].Step <= len(run.Steps) {
			rule, _ = reason.Item(run, &s.cells[i])
		} else {
			rule, _ = reason.Item(s.run, &s.cells[i])
		}
		b.by[rule] = append(b.by[rule], i)
	}
	if len(s.play.w.AtStake) > 0 {
		for _, otherwise := range s.shows {
			for _, i := range otherwise {
				if c := cellOf(&s.cells[i]); s.asked[c] {
					b.keep[c] = true
					break
				}
			}
		}
	}
	return b
}

// asked counts the cells of a rule that are asked, and needed those that have to be.
func (b *book) asked(rule raft.Rule) int { return b.count(rule, b.s.asked) }

func (b *book) needed(rule raft.Rule) int { return b.count(rule, b.keep) }

func (b *book) count(rule raft.Rule, of map[cell]bool) int {
	n := 0
	for _, i := range b.by[rule] {
		if of[cellOf(&b.s.cells[i])] {
			n++
		}
	}
	return n
}

// ask has so many cells of a rule be asked.
func (b *book) ask(rule raft.Rule, target int) {
	items := slices.Clone(b.by[rule])
	cost := func(i int) int { return cellOf(&b.s.cells[i]).burden() }
	slices.SortStableFunc(items, func(x, y int) int { return cost(x) - cost(y) })
	n := b.asked(rule)
	for _, i := range items {
		if c := cellOf(&b.s.cells[i]); n < target && !b.s.asked[c] {
			b.s.asked[c] = true
			n++
		}
	}
	for _, i := range slices.Backward(items) {
		if c := cellOf(&b.s.cells[i]); n > target && b.s.asked[c] && !b.keep[c] {
			delete(b.s.asked, c)
			n--
		}
	}
}
