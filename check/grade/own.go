package grade

import (
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace"
)

// This file marks a class without a key.

// MarkOwn is [MarkAll] for sheets that no key fits: the scheme marks each by its own
// messages.
func MarkOwn(sc *Scheme, inputs []Input, set Settings) *Class {
	telling := newParters(set.Apart)
	key := *sc.key
	key.Digest = sc.Digest
	return markAll(&key, inputs, set, func() marker {
		return func(s *Submission, r *reading, errs trace.Errors, _ *rulings) {
			if sc.mark(s, r, errs); s.Sheet == nil {
				return
			}
			if set.Diagnose {
				s.Sheet.diagnoseOwn(telling)
			}
			s.Sheet.letKeyGo()
		}
	})
}

// mark marks a submission against the key of its own messages.
func (sc *Scheme) mark(s *Submission, r *reading, errs trace.Errors) {
	if why := sc.unlike(r.trace); why != "" {
		if len(item.Errors(r.trace)) == 0 {
			errs = nil
		}
		s.unmatched(errs, why)
		return
	}
	k, err := sc.keyOf(r.trace)
	if err != nil {
		s.Outcome, s.Why = Malformed, err.Error()
		if errs, is := err.(trace.Errors); is {
			s.Why, s.Errors = errs[0].Msg, errs
		}
		return
	}
	rules := r.trace.Rules
	r.trace = k.Trace // less what is not used, and what cannot be played
	s.Sheet = k.markOwn(r, s.Late)
	if rules != nil {
		s.Sheet.remark(k.Trace.RulesPos, otherRules, list(rules))
	}
	r.remark(s.Sheet)
}

// diagnoseOwn explains the mistakes of a sheet that is its own key, where all of its
// messages can be read.
func (s *Sheet) diagnoseOwn(telling *parters) {
	if len(s.Key.Cells) > 0 && !s.Key.Run.Incomplete() {
		s.Diagnosis = newDiagnoser(s.Key, telling).diagnose(s)
	}
}

// letKeyGo lets go of what marking alone needs. A class has as many keys as sheets, and
// their replays are most of its memory.
func (s *Sheet) letKeyGo() {
	k := s.Key
	k.Run, k.Own, k.why = &replay.Run{Trace: k.Trace, Rules: k.Run.Rules}, nil, nil
	s.steps = nil
}

// A CriterionItem is how the sheets of a class meet a criterion.
type CriterionItem struct {
	*Criterion
	Met, Part, Missing int // sheets that have all, some and none of it
}

// contents counts what the sheets contain.
func (a *analysis) contents() {
	if a.Key.Scheme == nil {
		return
	}
	for i := range a.Key.Scheme.Criteria {
		it := CriterionItem{Criterion: &a.Key.Scheme.Criteria[i]}
		for _, s := range a.sheets {
			switch m := &s.Criteria[i]; m.Found {
			case m.Times:
				it.Met++
			case 0:
				it.Missing++
			default:
				it.Part++
			}
		}
		a.Criteria = append(a.Criteria, it)
	}
	for _, s := range a.sheets {
		if len(s.Deductions) > 0 {
			a.Deducted++
		}
	}
}
