package check_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// A falsehood changes one field of a message. It gives false where the message
// has no such field.
type falsehood struct {
	name string
	tell func(dice *rand.Rand, p *parcel) bool
}

// offBy moves a number up or down by a little, and not below zero.
func offBy[T ~uint64](dice *rand.Rand, n *T) bool {
	by := T(1 + dice.IntN(3))
	if *n >= by && dice.IntN(2) == 0 {
		*n -= by
	} else {
		*n += by
	}
	return true
}

// falsehoods are the fields of the messages.
var falsehoods = []falsehood{
	{"RequestVote term", ofVote(func(d *rand.Rand, m *raft.RequestVote) bool { return offBy(d, &m.Term) })},
	{"lastLogIndex", ofVote(func(d *rand.Rand, m *raft.RequestVote) bool { return offBy(d, &m.LastLogIndex) })},
	{"lastLogTerm", ofVote(func(d *rand.Rand, m *raft.RequestVote) bool { return offBy(d, &m.LastLogTerm) })},
	{"AppendEntries term", ofAppend(func(d *rand.Rand, m *raft.AppendEntries) bool { return offBy(d, &m.Term) })},
	{"prevLogIndex", ofAppend(func(d *rand.Rand, m *raft.AppendEntries) bool { return offBy(d, &m.PrevLogIndex) })},
	{"prevLogTerm", ofAppend(func(d *rand.Rand, m *raft.AppendEntries) bool { return offBy(d, &m.PrevLogTerm) })},
	{"leaderCommit", ofAppend(func(d *rand.Rand, m *raft.AppendEntries) bool { return offBy(d, &m.LeaderCommit) })},
	{"an entry's term", ofEntry(func(d *rand.Rand, e *raft.Entry) bool { return offBy(d, &e.Term) })},
	{"an entry's value", ofEntry(func(_ *rand.Rand, e *raft.Entry) bool { e.Value += "x"; return true })},
	{"an answer's term", ofAnswer(func(d *rand.Rand, a *cutAnswer) bool { return offBy(d, &a.term) })},
	{"an answer's outcome", ofAnswer(func(_ *rand.Rand, a *cutAnswer) bool { a.ok, a.match = !a.ok, 0; return true })},
	{"matchIndex", ofAnswer(func(d *rand.Rand, a *cutAnswer) bool { return !a.vote && a.ok && offBy(d, &a.match) })},
}

func ofVote(tell func(*rand.Rand, *raft.RequestVote) bool) func(*rand.Rand, *parcel) bool {
	return func(d *rand.Rand, p *parcel) bool {
		if p.vote == nil {
			return false
		}
		m := *p.vote
		p.vote = &m
		return tell(d, &m)
	}
}

func ofAppend(tell func(*rand.Rand, *raft.AppendEntries) bool) func(*rand.Rand, *parcel) bool {
	return func(d *rand.Rand, p *parcel) bool {
		if p.app == nil {
			return false
		}
		m := *p.app
		p.app = &m
		return tell(d, &m)
	}
}

func ofEntry(tell func(*rand.Rand, *raft.Entry) bool) func(*rand.Rand, *parcel) bool {
	return ofAppend(func(d *rand.Rand, m *raft.AppendEntries) bool {
		es := m.Entries.Slice()
		if len(es) == 0 {
			return false
		}
		ok := tell(d, &es[d.IntN(len(es))])
		m.Entries = raft.NewEntries(m.PrevLogIndex, m.PrevLogTerm, es...)
		return ok
	})
}

func ofAnswer(tell func(*rand.Rand, *cutAnswer) bool) func(*rand.Rand, *parcel) bool {
	return func(d *rand.Rand, p *parcel) bool {
		if p.answer == nil {
			return false
		}
		a := *p.answer
		p.answer = &a
		return tell(d, &a)
	}
}

// could says why the message of the oracle's step could have been sent, empty if
// it could not.
func (o oracle) could() string {
	switch p := &o.steps[o.step].parcel; {
	case !o.known(p.from):
		return o.couldUnknown(p)
	case p.vote != nil:
		return o.couldVote(p.vote)
	case p.app != nil:
		return o.couldAppend(p.app)
	default:
		return o.couldAnswer(p)
	}
}

// falsify changes a field in a message, and gives its step; ok is false where the
// page has no such message.
func falsify(p *cutPage, f falsehood) (step int, ok bool) {
	order := p.dice.Perm(len(p.steps))
	i := slices.IndexFunc(order, func(at int) bool {
		h := p.steps[at].happening
		if h.parcel.from == raft.NoNode || !f.tell(p.dice, &h.parcel) {
			return false
		}
		h.bare = true // the answers were to what was sent
		p.steps[at].happening = h
		return true
	})
	if i < 0 {
		return 0, false
	}
	return order[i], true
}

// A message of which one field is changed is found, unless the page has room for
// it all the same: the oracle says why. If this fails, a wrong message passes, or
// a possible one is called wrong.
func TestFalsifiedMessages(t *testing.T) {
	for _, v := range cutVariants {
		if v.name == "one node's sheet" {
			continue // there, its node's own messages are beyond telling
		}
		for _, f := range falsehoods {
			t.Run(v.name+", "+f.name, func(t *testing.T) {
				t.Parallel()
				told, found := 0, 0
				reasons := make(map[string]int)
				for seed := range uint64(wide.Of(120, 3_000)) {
					p := cutPageOf(seed, v.show)
					step, ok := falsify(p, f)
					if !ok {
						continue
					}
					told++
					text := p.textUpTo(step)
					rep := checktest.Report(t, text)
					wrong := checktest.Lines(rep, finding.Message)
					why := oracle{p, step}.could()
					if len(wrong) > 0 != (why == "") {
						t.Fatalf("seed %d: step %d is false in %s; could it have been sent? %q; found:\n%s\n%s", seed, step+1, f.name, why, strings.Join(wrong, "\n"), text)
					}
					if len(wrong) > 0 {
						found++
					} else {
						reasons[why]++
					}
				}
				t.Logf("%d false, %d found; %v", told, found, reasons)
				if told == 0 || found == 0 {
					t.Errorf("of %d messages that are false in %s, %d are found", told, f.name, found)
				}
			})
		}
	}
}
