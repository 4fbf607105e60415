package grade

import (
	"slices"

	"raftsheet/check/finding"
	because "raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file says what a sheet contains of what a scheme asks for, and which of its
// messages nobody could have sent.
//
// What is counted is what Figure 2 makes of the messages, and never what the sheet
// answers. A step whose message nobody could have sent counts for nothing.

// A Met is how far a sheet meets a criterion.
type Met struct {
	*Criterion
	Found  int   // not more than is asked for
	Steps  []int // from 1, in which it was found, each once
	Points Points
	Most   Points // what an instructor can make of it; Points where nothing is to review
}

// Met reports whether the sheet has all of what is asked for.
func (m *Met) Met() bool { return m.Found == m.Times }

// Waits reports whether an instructor may find more of it.
func (m *Met) Waits() bool { return m.Points.Cmp(m.Most) != 0 }

// A Deduction is what a message takes off that nobody could have sent, or a safety
// property that broke.
type Deduction struct {
	*finding.Finding        // of the key's own
	Points           Points // taken off
	Least            Points // what is taken off if an instructor takes back what is in doubt
	From             int    // the earlier step that it goes on from, so that it costs nothing; 0 for none
}

// contains works out what the sheet contains, and what is taken off it. Where
// something cannot be read, from the step doubt on, the rest of it may be there too.
func (s *Sheet) contains(doubt int) {
	k := s.Key
	impossible := make(map[int]bool)
	for i := range k.Run.Facts() {
		if f := &k.Run.Facts()[i]; f.Kind == replay.CannotBe {
			impossible[f.Step] = true
		}
	}
	found := k.found()
	for i := range k.Scheme.Criteria {
		m := Met{Criterion: &k.Scheme.Criteria[i]}
		for _, step := range found[i] {
			if impossible[step] || m.Found == m.Times {
				continue
			}
			m.Found++
			if n := len(m.Steps); n == 0 || m.Steps[n-1] != step {
				m.Steps = append(m.Steps, step)
			}
		}
		m.Points = m.Max.Times(Whole(m.Found).Part(Whole(m.Times)))
		m.Most = m.Points
		if doubt > 0 {
			m.Most = m.Max
		}
		s.Criteria = append(s.Criteria, m)
	}
	s.deduct(doubt)
}

// found gives, for each criterion of the scheme, the step of each time that the run
// has what it counts, in order.
func (k *Key) found() [][]int {
	all := k.Scheme.Criteria
	found := make([][]int, len(all))
	votes := newBallots()
	k.Run.EachDecision(func(step int, o replay.Outcome) {
		votes.hear(step, &o)
		for i := range all {
			if counts(&all[i].Criterion, &o.Decision) {
				found[i] = append(found[i], step)
			}
		}
	})
	for i := range all {
		switch of := all[i].Of; of {
		case trace.SplitVotes:
			found[i] = votes.split()
		case trace.Crashes, trace.Restarts, trace.LostMessages:
			for at := range k.Run.Steps {
				found[i] = append(found[i], slices.Repeat([]int{at + 1}, happened(&k.Run.Steps[at], of))...)
			}
		}
	}
	return found
}

// counts reports whether a decision is one that a criterion counts.
func counts(c *trace.Criterion, d *raft.Decision) bool {
	switch c.Of {
	case trace.RuleDecides:
		return d.Rule == c.Rule && d.Outcome == c.Outcome
	case trace.Elections:
		return wins(d)
	case trace.RefusedVotes:
		return d.Outcome == raft.Refused && (d.Rule == raft.RV1 || d.Rule == raft.RV2a || d.Rule == raft.RV2b)
	case trace.RefusedAppends:
		return d.Outcome == raft.Refused && (d.Rule == raft.AE1 || d.Rule == raft.AE2)
	case trace.Truncations:
		return d.Rule == raft.AE3 && d.Outcome == raft.Acted
	case trace.CommitsByCounting:
		return d.Rule == raft.L4 && d.Outcome == raft.Acted
	}
	return false
}

// wins reports whether a decision elects a leader by votes that the sheet shows.
func wins(d *raft.Decision) bool {
	return d.Rule == raft.C2 && d.Outcome == raft.Acted && d.Count >= d.Need
}

// happened counts what happened in a step that no rule decides.
func happened(s *replay.Step, f trace.Feature) int {
	taken := func(ids []raft.NodeID) int { return (raft.SetOf(ids...) &^ s.Refused).Len() }
	switch e := s.Trace.Event.(type) {
	case *trace.Crash:
		if f == trace.Crashes {
			return taken(e.Nodes)
		}
	case *trace.Restart:
		if f == trace.Restarts {
			return taken(e.Nodes)
		}
	}
	n := 0
	for i := range s.Deliveries {
		d := &s.Deliveries[i]
		if f == trace.LostMessages && (d.Fate == replay.NotReached || d.Fate == replay.CutOff || d.Lost && d.Answered()) {
			n++
		}
	}
	return n
}

// A ballots is who stood for election in which term, and in which terms somebody won.
type ballots struct {
	stood  map[raft.Term]raft.NodeSet
	second map[raft.Term]int // the step in which a second node stood
	won    map[raft.Term]bool
}

func newBallots() *ballots {
	return &ballots{make(map[raft.Term]raft.NodeSet), make(map[raft.Term]int), make(map[raft.Term]bool)}
}

func (b *ballots) hear(step int, o *replay.Outcome) {
	switch {
	case o.Rule == raft.C1 && o.Outcome == raft.Acted:
		b.stood[o.Term] = b.stood[o.Term].With(o.Node)
		if b.stood[o.Term].Len() == 2 && b.second[o.Term] == 0 {
			b.second[o.Term] = step
		}
	case o.Rule == raft.C2 && o.Outcome == raft.Acted && (wins(&o.Decision) || o.Count == 0): // 0: off the page
		b.won[o.Term] = true
	}
}

// split gives the steps in which a second node stood for election in a term that
// nobody won, in order.
func (b *ballots) split() []int {
	var steps []int
	for term, step := range b.second {
		if !b.won[term] {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	return steps
}

// claims are what is wrong with who sends a message, and not with what it says: a
// sender that could not ask for votes or lead in a term is so throughout it.
var claims = []replay.What{
	replay.SecondLeader, replay.DownNeverStood, replay.NeverStood, replay.LeaderStands, replay.OnlyOneLeads, replay.DownNeverLed,
	replay.AskedNotElected, replay.AskedTooFewVotes, replay.NeverLed, replay.VotedForOther, replay.EnteredTerm, replay.NoMajority,
}

// deduct takes points off for messages that nobody could have sent. One mistake
// costs once: a sender that goes on in the term in which it could not send costs
// nothing more, nor does a safety property that breaks after a message that nobody
// could have sent. From a step on, unless that is 0, an instructor may take them back.
func (s *Sheet) deduct(doubt int) {
	type claim struct {
		sender raft.NodeID
		term   raft.Term
	}
	k, sc := s.Key, s.Key.Scheme
	first := make(map[claim]int)
	var total Points
	broke, last := false, -1
	for i := range k.Run.Facts() {
		f := &k.Run.Facts()[i]
		broken := f.Kind == replay.Breaks
		if !broken && f.Kind != replay.CannotBe || broken && broke || f.Step == last {
			continue
		}
		broke, last = true, f.Step
		d := Deduction{Finding: k.finding(f), Points: sc.Costs}
		if by, term, ok := sentBy(k.Run, f.Step); ok && !broken && d.Event != finding.Answer {
			at := claim{by, term}
			switch from := first[at]; {
			case from == 0:
				first[at] = f.Step
			case slices.Contains(claims, f.What):
				d.From, d.Points = from, Points{}
			}
		}
		if sc.most != nil && total.Plus(d.Points).Cmp(*sc.most) > 0 {
			d.Points = sc.most.Minus(total)
		}
		total = total.Plus(d.Points)
		if d.Least = d.Points; doubt > 0 && f.Step >= doubt {
			d.Least = Points{}
		}
		s.Deductions = append(s.Deductions, d)
	}
}

// finding gives what the key's own report has of a fact.
func (k *Key) finding(f *replay.Fact) *finding.Finding {
	says := because.Fact(k.Run, f)
	i := slices.IndexFunc(k.Own.Findings, func(is finding.Finding) bool { return is.Step == f.Step && is.Message == says })
	found := k.Own.Findings[i] // and not the whole list with it
	return &found
}

// sentBy gives the sender and the term of a step's request; ok is false where
// there is none.
func sentBy(run *replay.Run, step int) (raft.NodeID, raft.Term, bool) {
	if step == 0 {
		return 0, 0, false
	}
	ds := run.Steps[step-1].Deliveries
	if len(ds) == 0 {
		return 0, 0, false
	}
	return ds[0].Request.Sender(), ds[0].Request.Term(), true
}
