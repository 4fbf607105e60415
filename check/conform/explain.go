package conform

import (
	"cmp"
	"math/bits"
	"reflect"
	"slices"

	"raftsheet/raft"
)

// This file finds the deviations that explain what an implementation answers. The
// same calls are put to players of other rules: what comes out otherwise than by
// the rules in force has to be what the implementation told, and what the
// implementation told has to come out.

// An Explanation is deviations under which an implementation's wrong answers come
// out.
type Explanation struct {
	Deviations   []raft.Deviation
	Explained    int // of what differs
	Contradicted int // what agrees, and would not under the deviations
}

// Diagnosis says which deviations explain what differs.
type Diagnosis struct {
	Wrong int // things that differ: outcomes and terms of answers, and fields of states

	// Explanations are the deviations that each explain everything, and that nothing
	// that agrees contradicts; or the pairs that do. Where none does, it is the one
	// that comes nearest, of as many deviations as help.
	Explanations []Explanation
	Whole        bool // they explain everything
}

// mostSingles bounds the deviations of which pairs are tried, and mostTogether how
// many are taken together where no pair explains everything.
const mostSingles, mostTogether = 24, 8

// explain diagnoses the judged plans.
func explain(plans []*plan, tells func(field string) bool) Diagnosis {
	e := explainer{plans: plans, tells: tells}
	e.right = make([][]uint64, len(plans))
	e.score(nil) // fills in what differs
	out := Diagnosis{Wrong: e.wrong}
	if e.wrong == 0 {
		return out
	}
	var some []Explanation
	for _, d := range candidates(plans) {
		switch x := e.score([]raft.Deviation{d}); {
		case x.Explained == e.wrong && x.Contradicted == 0:
			out.Explanations = append(out.Explanations, x)
		case x.Explained > 0:
			some = append(some, x)
		}
	}
	if len(out.Explanations) == 0 {
		slices.SortStableFunc(some, func(a, b Explanation) int { return cmp.Compare(b.worth(), a.worth()) })
		some = some[:min(len(some), mostSingles)]
		out.Explanations = e.pairs(some)
	}
	if len(out.Explanations) == 0 {
		out.Explanations = e.together(some)
	}
	for i := range out.Explanations {
		out.Whole = out.Explanations[i].Explained == e.wrong && out.Explanations[i].Contradicted == 0
	}
	return out
}

// candidates are the deviations that the rules in force do not have already: the
// catalogue's, and those that sets have of their own.
func candidates(plans []*plan) []raft.Deviation {
	var in []string
	for _, p := range plans {
		in = append(in, p.run.Rules.Name)
	}
	var out []raft.Deviation
	for _, name := range raft.RulesNames() {
		if d, ok := raft.DeviationNamed(name); ok && !slices.Contains(in, name) {
			out = append(out, d)
		}
	}
	return out
}

// worth is how much more an explanation explains than it contradicts.
func (x *Explanation) worth() int { return x.Explained - x.Contradicted }

// An explainer scores deviations on what an implementation has told.
type explainer struct {
	plans []*plan
	tells func(field string) bool
	right [][]uint64 // by plan and question: what differs from the rules in force
	wrong int        // how much that is
}

// pairs gives the pairs of some deviations that explain everything.
func (e *explainer) pairs(some []Explanation) (out []Explanation) {
	for i := range some {
		for j := range some[:i] {
			if some[i].Explained+some[j].Explained < e.wrong {
				continue
			}
			ds := []raft.Deviation{some[j].Deviations[0], some[i].Deviations[0]}
			if x := e.score(ds); x.Explained == e.wrong && x.Contradicted == 0 {
				out = append(out, x)
			}
		}
	}
	return out
}

// together takes one deviation after the other, each time that which helps most,
// as long as one does; and lets go those that the later ones have made idle.
func (e *explainer) together(some []Explanation) []Explanation {
	var best Explanation
	for len(best.Deviations) < mostTogether {
		next := best
		for i := range some {
			d := some[i].Deviations[0]
			if slices.ContainsFunc(best.Deviations, func(in raft.Deviation) bool { return in.Name == d.Name }) {
				continue
			}
			if x := e.score(append(slices.Clone(best.Deviations), d)); x.worth() > next.worth() {
				next = x
			}
		}
		if len(next.Deviations) == len(best.Deviations) {
			break
		}
		best = next
	}
	for i := 0; i < len(best.Deviations); {
		fewer := slices.Delete(slices.Clone(best.Deviations), i, i+1)
		if x := e.score(fewer); len(fewer) > 0 && x.worth() >= best.worth() {
			best = x
		} else {
			i++
		}
	}
	if len(best.Deviations) == 0 {
		return nil
	}
	return []Explanation{best}
}

// score puts the calls to players under deviations. Without any it finds what
// differs.
func (e *explainer) score(ds []raft.Deviation) Explanation {
	x := Explanation{Deviations: ds}
	for i, p := range e.plans {
		other := player{rules: p.run.Rules.With(ds...)}
		for j := range p.questions {
			q := &p.questions[j]
			replies := make([]*Reply, len(q.replies))
			for k := range q.replies {
				replies[k] = other.do(q.sent[k])
			}
			if q.outcome != agreed && q.outcome != differed {
				replies = nil // it is not judged, or known
			}
			apart := q.apart(replies, e.tells)
			if ds == nil {
				e.right[i] = append(e.right[i], apart)
				e.wrong += bits.OnesCount64(apart)
				continue
			}
			x.Explained += bits.OnesCount64(e.right[i][j] &^ apart)
			x.Contradicted += bits.OnesCount64(apart &^ e.right[i][j])
		}
	}
	return x
}

// apart gives the places, a bit each, in which a question's replies are not these.
// What was not told is not compared.
func (q *question) apart(replies []*Reply, tells func(field string) bool) (places uint64) {
	if replies == nil {
		return 0
	}
	bit := 0
	differ := func(is bool) {
		if is {
			places |= 1 << bit
		}
		bit++
	}
	for i := range q.replies {
		bit = 0
		mine, other := &q.replies[i], replies[i]
		if q.delivery != nil && q.sent[i] == q.calls[q.request] {
			answersDiffer(mine.Answer.Value, other.Answer.Value, differ)
		}
		bit = 4
		if mine.State != nil && other.State != nil && i == len(q.replies)-1 {
			statesDiffer(mine.State, other.State, tells, differ)
		}
		bit = 16
		differ(sendsDiffer(mine.Sends, other.Sends))
	}
	return places
}

func answersDiffer(mine, other *CallAnswer, differ func(bool)) {
	differ((mine == nil) != (other == nil))
	if mine == nil || other == nil {
		return
	}
	differ(mine.Term != other.Term)
	differ(mine.VoteGranted != nil && other.VoteGranted != nil && *mine.VoteGranted != *other.VoteGranted ||
		mine.Success != nil && other.Success != nil && *mine.Success != *other.Success)
	differ(mine.MatchIndex != nil && other.MatchIndex != nil && *mine.MatchIndex != *other.MatchIndex)
}

func statesDiffer(mine, other *State, tells func(field string) bool, differ func(bool)) {
	differ(toldApart("term", mine.Term, other.Term, tells))
	differ(toldApart("votedFor", mine.VotedFor, other.VotedFor, tells))
	differ(toldApart("role", mine.Role, other.Role, tells))
	differ(toldApart("leader", mine.Leader, other.Leader, tells))
	differ(toldApart("commitIndex", mine.CommitIndex, other.CommitIndex, tells))
	differ(toldApart("lastApplied", mine.LastApplied, other.LastApplied, tells))
	differ(mine.Log.Told && tells("log") && !slices.EqualFunc(mine.Log.Value, other.Log.Value, func(a, b Entry) bool {
		return raft.Entry(a).Matches(raft.Entry(b))
	}))
	differ(tells("snapshot") && mine.Snapshot.Told && !reflect.DeepEqual(mine.Snapshot.Value, other.Snapshot.Value))
	leads := mine.Role == other.Role && other.NextIndex.Told
	differ(leads && tells("nextIndex") && mine.NextIndex.Told && !reflect.DeepEqual(mine.NextIndex.Value, other.NextIndex.Value))
	differ(leads && tells("matchIndex") && mine.MatchIndex.Told && !reflect.DeepEqual(mine.MatchIndex.Value, other.MatchIndex.Value))
}

func toldApart[T comparable](field string, mine, other Told[T], tells func(field string) bool) bool {
	return mine.Told && tells(field) && mine.Value != other.Value
}

// sendsDiffer reports whether one of the requests that are sent is other than the
// same one of another: for votes, or of the same prevLogIndex. How much is sent, and
// when, is open.
func sendsDiffer(mine, other []Sends) bool {
	for i := range mine {
		m := &mine[i]
		for j := range other {
			if o := &other[j]; o.To == m.To && sendDiffers(m, o) {
				return true
			}
		}
	}
	return false
}

func sendDiffers(m, o *Sends) bool {
	switch {
	case m.RequestVote != nil && o.RequestVote != nil:
		return *m.RequestVote != *o.RequestVote
	case m.AppendEntries != nil && o.AppendEntries != nil && m.AppendEntries.PrevLogIndex == o.AppendEntries.PrevLogIndex:
		a, b := m.AppendEntries, o.AppendEntries
		n := min(len(a.Entries), len(b.Entries))
		return a.Term != b.Term || a.LeaderID != b.LeaderID || a.PrevLogTerm != b.PrevLogTerm || a.LeaderCommit > b.LeaderCommit ||
			!slices.Equal(a.Entries[:n], b.Entries[:n])
	case m.InstallSnapshot != nil && o.InstallSnapshot != nil:
		return *m.InstallSnapshot != *o.InstallSnapshot
	}
	return false
}
