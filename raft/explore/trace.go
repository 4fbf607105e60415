package explore

import (
	"fmt"
	"strings"

	"raftsheet/raft"
)

// Trace gives the counterexample as a trace, in YAML: every message written out,
// with the answers that the rules give, and without the rules themselves. The
// name is that of the rules; believed is a sentence on them, for the reader.
func (c *Counterexample) Trace(name, believed string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s breaks %s\n", name, c.Property)
	if believed != "" {
		fmt.Fprintf(&b, "# Believed: %s\n", believed)
	}
	fmt.Fprintf(&b, "# The answers are those that these rules give: replay it with --rules %s.\n", name)
	fmt.Fprintf(&b, "nodes: %d\n\nsteps:\n", c.Scope.Nodes)
	told, _, _ := c.story()
	for _, s := range steps(told) {
		s.write(&b)
	}
	return b.String()
}

// A traceStep is a step of a trace: an event, or several that are the same
// request on its way to several nodes.
type traceStep struct{ events []event }

// steps puts requests together that are one to several nodes.
func steps(events []event) (all []traceStep) {
	for _, e := range events {
		if n := len(all); n > 0 && all[n-1].goesOn(&e) {
			all[n-1].events = append(all[n-1].events, e)
			continue
		}
		all = append(all, traceStep{[]event{e}})
	}
	return all
}

// goesOn reports whether the event is the step's request to one node more, later
// in order: a replay brings the answers back in the nodes' order.
func (s *traceStep) goesOn(e *event) bool {
	last := &s.events[len(s.events)-1]
	return e.isRequest() && last.kind == e.kind && last.to < e.to && last.request() == e.request()
}

func (e *event) isRequest() bool { return e.kind == ask || e.kind == send }

// request is the request's text.
func (e *event) request() string {
	if e.kind == ask {
		m := &e.asked
		return fmt.Sprintf("requestVote: {term: %d, candidateId: %d, lastLogIndex: %d, lastLogTerm: %d}",
			m.Term, m.CandidateID, m.LastLogIndex, m.LastLogTerm)
	}
	m := &e.sent
	var entries []string
	for _, e := range m.Entries.Slice() {
		entries = append(entries, e.String())
	}
	return fmt.Sprintf("appendEntries: {term: %d, leaderId: %d, prevLogIndex: %d, prevLogTerm: %d, entries: [%s], leaderCommit: %d}",
		m.Term, m.LeaderID, m.PrevLogIndex, m.PrevLogTerm, strings.Join(entries, ", "), m.LeaderCommit)
}

// text is the event's text.
func (e *event) text() string {
	switch e.kind {
	case stand:
		return fmt.Sprintf("timeout: %d", e.node)
	case client:
		return fmt.Sprintf("clientRequest: {node: %d, value: %s}", e.node, e.value)
	case restart:
		return fmt.Sprintf("restart: %d", e.node)
	case arrive:
		return e.answer.text()
	}
	return e.request()
}

// text is the text of an answer that arrives late.
func (l *letter) text() string {
	if l.kind == raft.RequestVoteAnswer {
		return fmt.Sprintf("requestVoteResponse: {from: %d, to: %d, term: %d, voteGranted: %t}", l.from, l.to, l.term, l.ok)
	}
	match := ""
	if l.ok {
		match = fmt.Sprintf(", matchIndex: %d", l.index)
	}
	return fmt.Sprintf("appendEntriesResponse: {from: %d, to: %d, term: %d, success: %t%s}", l.from, l.to, l.term, l.ok, match)
}

func (s *traceStep) write(b *strings.Builder) {
	fmt.Fprintf(b, "  - %s\n", s.events[0].text())
	if s.events[0].isRequest() {
		s.writeDeliveries(b)
	}
	for _, e := range s.events {
		for _, said := range e.remarks {
			fmt.Fprintf(b, "    # %s\n", said)
		}
	}
}

// writeDeliveries writes whom the request goes to, and what came back.
func (s *traceStep) writeDeliveries(b *strings.Builder) {
	var to, lost, responseLost, response []string
	for _, e := range s.events {
		name, answer := fmt.Sprint(e.to), "no"
		to = append(to, name)
		switch {
		case e.fate == late:
			lost = append(lost, name)
		case e.fate == unanswered, e.fate == lateAnswer:
			responseLost = append(responseLost, name)
		}
		if e.ok {
			answer = "ok"
		}
		if !e.replied {
			answer = "none"
		}
		response = append(response, name+": "+answer)
	}
	for _, key := range []struct {
		name  string
		nodes []string
	}{{"to", to}, {"lost", lost}, {"responseLost", responseLost}} {
		if len(key.nodes) > 0 {
			fmt.Fprintf(b, "    %s: [%s]\n", key.name, strings.Join(key.nodes, ", "))
		}
	}
	fmt.Fprintf(b, "    response: {%s}\n", strings.Join(response, ", "))
}
