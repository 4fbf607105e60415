package render

import (
	"slices"

	"raftsheet/check/item"
	"raftsheet/trace"
)

// This file has what a handout says at its head.

// How the answer of a node is given.
const (
	InWords = "write ok, no, or none"
	ByKeys  = "type y for ok, n for no, or - for none"
)

// HowToAnswer says how what is asked is answered, and what is given is read, in a
// sentence for each kind of it. An answer is given [InWords] or [ByKeys].
func HowToAnswer(q *trace.Trace, by string) []string {
	var lines []string
	items := item.Of(q)
	if slices.ContainsFunc(items, func(it item.Item) bool { return it.IsAnswer() && it.Blank() }) {
		lines = append(lines, "For each node that is asked "+by+" where it gives no answer.")
	}
	if slices.ContainsFunc(items, isOfLeaders) {
		lines = append(lines, "Leave nextIndex and matchIndex blank where the node does not lead.")
	}
	return append(lines, meanings(q, items)...)
}

// meanings say what those fields of a sheet mean that Figure 2 does not have, or has no
// word for where they are empty.
func meanings(q *trace.Trace, items []item.Item) []string {
	some := func(is func(s *trace.Step) bool) bool {
		return slices.ContainsFunc(q.Steps, func(s trace.Step) bool { return is(&s) })
	}
	asks := func(fields ...item.Field) bool {
		return slices.ContainsFunc(items, func(it item.Item) bool { return slices.Contains(fields, it.Field) })
	}
	var lines []string
	for _, m := range []struct {
		there bool
		says  string
	}{
		{some(func(s *trace.Step) bool { return s.To.Value != 0 }), "A message with to is sent to these nodes alone."},
		{some(func(s *trace.Step) bool { return s.Lost != 0 }), "Nodes under lost do not get the message."},
		{some(func(s *trace.Step) bool { return s.ResponseLost != 0 }), "Nodes under responseLost get the message, but their answers do not arrive."},
		{asks(item.VotedFor), "Under votedFor write the node that got this node's vote in its current term, or none."},
		{asks(item.Terms, item.TermsLine), "Under terms write for each term the node that got this node's vote in it, or none."},
	} {
		if m.there {
			lines = append(lines, m.says)
		}
	}
	return lines
}

// isOfLeaders reports whether an item is a field that only leaders have, asked of a
// node that may be one or not.
func isOfLeaders(it item.Item) bool { return it.Field == item.NextIndex || it.Field == item.MatchIndex }
