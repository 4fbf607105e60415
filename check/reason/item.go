package reason

import (
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
