package reason

import (
	"fmt"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// Item says why an item is what the replay gives: the rule that decides it, and
// one sentence with its figures.
func Item(run *replay.Run, it *item.Item) (raft.Rule, string) {
	if !it.IsAnswer() {
		cause, says := Table(run, it, item.Apart(run, it))
		return cause.Rule(), says
	}
	s := &run.Steps[it.Step-1]
	d := s.Delivery(it.Node)
	switch {
	case d == nil:
		return raft.NoRule, Answer(run, s, it.Node, d)
	case it.Field == item.AnswerTerm && d.Answered():
		return answerTerm(run, it, d)
	case it.Field == item.AnswerMatch && d.Answered():
		return answerMatch(run, d)
	}
	return d.Decision.Rule, Answer(run, s, it.Node, d)
}

// answerTerm says why an answer carries the term that it does: it is the node's
// currentTerm.
func answerTerm(run *replay.Run, it *item.Item, d *replay.Delivery) (raft.Rule, string) {
	rule := run.Cause(replay.Place{Node: it.Node, Field: raft.FieldTerm}, it.Step).Rule()
	if rule == raft.NoRule {
		rule = raft.A2 // which the request did not come to
	}
	return rule, termReason(run, d)
}

// answerMatch says how far an answer vouches for the node's log: up to where the
// request ends.
func answerMatch(run *replay.Run, d *replay.Delivery) (raft.Rule, string) {
	name := run.Trace.Name(d.To)
	if !d.OK {
		return d.Decision.Rule, fmt.Sprintf("node %s refuses the request, and a refusal confirms nothing: %s", name, Decision(run, d.To, d.Decision))
	}
	if d.Append == nil {
		return raft.L3, fmt.Sprintf("node %s confirms its log up to index %d", name, d.Match)
	}
	ends := fmt.Sprintf("the request ends at index %d, which is prevLogIndex %d and %s", d.Append.LastNewIndex(), d.Append.PrevLogIndex, countEntries(d.Append.Entries.Len()))
	if d.Match != d.Append.LastNewIndex() {
		return raft.L3, fmt.Sprintf("%s; under %s node %s confirms index %d", ends, run.Rules.Name, name, d.Match)
	}
	return raft.L3, fmt.Sprintf("%s, and node %s confirms its log up to there", ends, name)
}

func countEntries(n int) string {
	switch n {
	case 0:
		return "no entries"
	case 1:
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// Standing says in one line how an item stands: what is written there and what the
// replay gives, or that nothing is written, or that nobody can tell.
func Standing(run *replay.Run, it *item.Item) string {
	name, by := run.Trace.Name(it.Node), RulesName(run.Rules)
	is := "has " + it.Name
	if it.IsAnswer() {
		is = "answers"
	}
	word := func(v replay.Value) string { return AnswerWord(it.Name, item.Any(run.Trace, it.Node, v)) }
	if !it.IsAnswer() {
		word = func(v replay.Value) string { return fmt.Sprint(item.Any(run.Trace, it.Node, v)) }
	}
	switch {
	case item.Doubts(run, it):
		return fmt.Sprintf("node %s %s: cannot tell", name, is)
	case it.Blank():
		if it.IsAnswer() {
			return fmt.Sprintf("node %s's answer is left blank; %s says %s", name, by, word(item.Gives(run, it)))
		}
		return fmt.Sprintf("node %s's %s is left blank; %s says %s", name, it.Name, by, word(item.Gives(run, it)))
	case item.Differs(run, it):
		p := item.Apart(run, it)
		if !it.IsAnswer() {
			is = "has " + p.Name
		}
		return fmt.Sprintf("node %s %s %s; %s says %s", name, is, word(p.Expected), by, word(p.Actual))
	}
	return fmt.Sprintf("node %s %s %s, as %s says", name, is, word(it.Written), by)
}

// Because is [Item] with the rule in brackets; of an item that nobody can tell it says
// why not.
func Because(run *replay.Run, it *item.Item) string {
	if item.Doubts(run, it) {
		return Doubt(run, it)
	}
	rule, says := Item(run, it)
	return WithPlace(says, Place(rule, rule.Info().Section))
}
