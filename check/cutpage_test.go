package check_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file writes what a cluster did as a page that begins in the middle.

// A cutPage is a page of a cluster's behaviour.
type cutPage struct {
	dice    *rand.Rand
	size    int
	cut     int // how much had happened when it begins
	start   moment
	unknown raft.NodeSet
	sheetOf raft.NodeID  // a raftId page; else NoNode
	free    raft.NodeSet // nodes whose votedFor initial leaves out
	steps   []pageStep
}

// A pageStep is a step of a page: what happened, and the words for it.
type pageStep struct {
	happening
	text string
}

// newPage begins a page after so many happenings.
func newPage(c *cutCluster, cut int) *cutPage {
	p := &cutPage{dice: c.dice, size: len(c.nodes), cut: cut, start: c.past[cut-1].after}
	p.prelude(cut)
	for _, h := range c.past[cut:] {
		p.add(h)
	}
	return p
}

func (p *cutPage) known(id raft.NodeID) bool { return !p.unknown.Has(id) }

// prelude is what initial states cannot say: who has voted for a candidate,
// which its votes say when they arrive again; who is down, and who can reach
// whom.
func (p *cutPage) prelude(cut int) {
	for i, s := range p.start.states {
		id := raft.NodeID(i + 1)
		if s.Role != raft.Candidate {
			continue
		}
		for voter := range s.Votes.Without(id).All() {
			a := cutAnswer{vote: true, ok: true, term: s.CurrentTerm}
			p.add(happening{what: "answer", parcel: parcel{from: voter, to: id, answer: &a, sent: cut - 1}, after: p.start})
		}
	}
	for id := range (raft.AllNodes(p.size) &^ p.start.up).All() {
		p.add(happening{what: "crash", node: id, after: p.start})
	}
	if p.start.group[0] != 0 {
		p.add(happening{what: "partition", after: p.start})
	}
}

func (p *cutPage) add(h happening) { p.steps = append(p.steps, pageStep{happening: h}) }

// text gives the page up to a step. The tables after it are written in full.
func (p *cutPage) text(last int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "nodes: %d\n", p.size)
	switch {
	case p.sheetOf != raft.NoNode:
		fmt.Fprintf(&b, "raftId: %d\n", p.sheetOf)
	case p.unknown != 0:
		fmt.Fprintf(&b, "unknown: %s\n", ids(p.unknown))
	}
	b.WriteString("initial:\n")
	for i := range p.start.states {
		if id := raft.NodeID(i + 1); p.known(id) {
			fmt.Fprintf(&b, "  %d: %s\n", id, pageState(id, &p.start.states[i], !p.free.Has(id)))
		}
	}
	b.WriteString("steps:\n")
	for i := range p.steps[:last] {
		s := &p.steps[i]
		if s.text == "" {
			s.text = p.step(&s.happening)
		}
		b.WriteString(s.text)
		if i == last-1 {
			b.WriteString(p.tables(s.after))
		}
	}
	return b.String()
}

// textUpTo is the page up to and with a step, by its index, without tables.
func (p *cutPage) textUpTo(step int) string {
	text := p.text(step + 1)
	head, _, _ := strings.Cut(text, "  state:\n")
	return head
}

// tables are the states of the known nodes at a moment.
func (p *cutPage) tables(m moment) string {
	var b strings.Builder
	b.WriteString("  state:\n")
	for i := range m.states {
		if id := raft.NodeID(i + 1); p.known(id) {
			fmt.Fprintf(&b, "    %d: %s\n", id, pageState(id, &m.states[i], !p.free.Has(id)))
		}
	}
	return b.String()
}

func pageState(id raft.NodeID, s *raft.State, vote bool) string {
	fields := []string{fmt.Sprintf("term: %d", s.CurrentTerm), "role: " + s.Role.String(),
		"log: " + trace.FlowLog(s.Log.Entries()), fmt.Sprintf("commitIndex: %d, lastApplied: %d", s.CommitIndex, s.LastApplied)}
	switch {
	case vote && s.VotedFor != raft.NoNode:
		fields = append(fields, fmt.Sprintf("votedFor: %d", s.VotedFor))
	case vote:
		fields = append(fields, "votedFor: none")
	}
	if s.Role == raft.Leader {
		fields = append(fields, "nextIndex: "+pageIndexes(id, s.NextIndex), "matchIndex: "+pageIndexes(id, s.MatchIndex))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func pageIndexes(id raft.NodeID, indexes []raft.Index) string {
	var cells []string
	for i, x := range indexes {
		if raft.NodeID(i+1) != id {
			cells = append(cells, fmt.Sprintf("%d: %d", i+1, x))
		}
	}
	return "{" + strings.Join(cells, ", ") + "}"
}

func ids(s raft.NodeSet) string {
	var out []string
	for id := range s.All() {
		out = append(out, fmt.Sprint(id))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// step gives the words for what happened.
func (p *cutPage) step(h *happening) string {
	switch h.what {
	case "request":
		return p.request(h)
	case "answer":
		return "- " + answerEvent(&h.parcel) + "\n"
	case "partition":
		return "- partition: " + groups(h.after.group) + "\n"
	case "heal":
		return "- heal: true\n"
	case "clientRequest":
		return fmt.Sprintf("- clientRequest: {node: %d, value: %s}\n", h.node, h.value)
	}
	return fmt.Sprintf("- %s: %d\n", h.what, h.node)
}

func groups(group []int) string {
	var one, two raft.NodeSet
	for i, g := range group {
		if id := raft.NodeID(i + 1); g == 1 {
			one = one.With(id)
		} else {
			two = two.With(id)
		}
	}
	var out []string
	for _, s := range []raft.NodeSet{one, two} {
		if s != 0 {
			out = append(out, ids(s))
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func answerEvent(p *parcel) string {
	a := p.answer
	if a.vote {
		return fmt.Sprintf("requestVoteResponse: {from: %d, to: %d, term: %d, voteGranted: %t}", p.from, p.to, a.term, a.ok)
	}
	match := ""
	if a.ok {
		match = fmt.Sprintf(", matchIndex: %d", a.match)
	}
	return fmt.Sprintf("appendEntriesResponse: {from: %d, to: %d, term: %d, success: %t%s}", p.from, p.to, a.term, a.ok, match)
}

func requestEvent(p *parcel) string {
	if m := p.vote; m != nil {
		return fmt.Sprintf("requestVote: {candidateId: %d, term: %d, lastLogIndex: %d, lastLogTerm: %d}", m.CandidateID, m.Term, m.LastLogIndex, m.LastLogTerm)
	}
	m := p.app
	return fmt.Sprintf("appendEntries: {leaderId: %d, term: %d, prevLogIndex: %d, prevLogTerm: %d, entries: %s, leaderCommit: %d}",
		m.LeaderID, m.Term, m.PrevLogIndex, m.PrevLogTerm, trace.FlowLog(m.Entries.Slice()), m.LeaderCommit)
}

func (p *parcel) term() raft.Term {
	if p.vote != nil {
		return p.vote.Term
	}
	return p.app.Term
}

// request gives the words for a request, and the answers to it.
func (p *cutPage) request(h *happening) string {
	var to, lost raft.NodeSet
	var cells []string
	name := "success"
	if h.parcel.vote != nil {
		name = "voteGranted"
	}
	for _, r := range h.to {
		to = to.With(r.to)
		if !r.back {
			lost = lost.With(r.to)
		}
		// The terms of unknown nodes' answers may be left out where they are the
		// request's.
		switch short := p.dice.IntN(2) == 0 && r.answer.term == h.parcel.term(); {
		case p.unknown.Has(r.to) && short && r.answer.ok:
			cells = append(cells, fmt.Sprintf("%d: ok", r.to))
		case p.unknown.Has(r.to) && short:
			cells = append(cells, fmt.Sprintf("%d: no", r.to))
		default:
			cells = append(cells, fmt.Sprintf("%d: {%s: %t, term: %d}", r.to, name, r.answer.ok, r.answer.term))
		}
	}
	text := "- " + requestEvent(&h.parcel) + "\n  to: " + ids(to) + "\n"
	if h.bare {
		return text
	}
	text += "  response: {" + strings.Join(cells, ", ") + "}\n"
	if lost != 0 {
		text += "  responseLost: " + ids(lost) + "\n"
	}
	return text
}

// hide makes nodes unknown. What happens to them alone is not on the page.
func (p *cutPage) hide(nodes raft.NodeSet) {
	p.unknown = nodes
	p.keep(func(h *happening) bool {
		switch h.what {
		case "timeout", "clientRequest":
			return p.known(h.node)
		case "answer":
			return p.known(h.parcel.to)
		}
		return true
	})
}

// sheet makes the page the sheet of one node: all that it sent and received.
func (p *cutPage) sheet(id raft.NodeID) {
	p.sheetOf, p.unknown = id, raft.AllNodes(p.size).Without(id)
	p.keep(func(h *happening) bool {
		switch h.what {
		case "partition", "heal":
			return false
		case "answer":
			return h.parcel.to == id
		case "request":
			if h.node != id {
				h.to = ofNode(h.to, id)
			}
			return len(h.to) > 0
		}
		return h.node == id
	})
}

func ofNode(rs []result, id raft.NodeID) []result {
	for _, r := range rs {
		if r.to == id {
			return []result{r}
		}
	}
	return nil
}

// leaveVotesOut leaves out the votedFor of nodes where the page is the same
// without it: nobody else asks them in the term in which they begin.
func (p *cutPage) leaveVotesOut() {
	for i := range p.start.states {
		id, s := raft.NodeID(i+1), &p.start.states[i]
		asked := false
		for j := range p.steps {
			h := &p.steps[j].happening
			asked = asked || h.parcel.vote != nil && h.parcel.vote.Term == s.CurrentTerm && ofNode(h.to, id) != nil
		}
		if p.known(id) && !asked && s.Role == raft.Follower {
			p.free = p.free.With(id)
		}
	}
}

func (p *cutPage) keep(stays func(*happening) bool) {
	var kept []pageStep
	for _, s := range p.steps {
		if stays(&s.happening) {
			kept = append(kept, s)
		}
	}
	p.steps = kept
}
