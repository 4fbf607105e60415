package trace

import (
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// This file reads the events that have fields of their own.

// missing says that a field without which an event means nothing is not there.
func (p *parser) missing(n *yaml.Node, event string, known []string, fields ...string) {
	for _, f := range fields {
		if !p.meant(n, []string{f}, known) {
			p.errorf(posOf(n), "%s needs %s", event, f)
		}
	}
}

// given says that unknown senders have no state to fill a field in from.
func (p *parser) given(n *yaml.Node, sender raft.NodeID, field string, presence Presence) {
	if presence == Given || sender == raft.NoNode || !p.t.Unknown.Has(sender) {
		return
	}
	at := posOf(n)
	if c := child(n, field); c != nil {
		at = posOf(c)
	}
	p.errorf(at, "%s must be written: node %s is unknown, so it cannot be filled in from its state", field, p.t.Name(sender))
}

func (p *parser) requestVote(n *yaml.Node) Event {
	var e RequestVote
	if !p.isMapping(n, "requestVote", "candidateId: and term:") {
		return &e
	}
	p.missing(n, "requestVote", requestVoteKeys, "candidateId")
	for key, value := range pairs(n) {
		switch key.Value {
		case "candidateId":
			e.CandidateID, _ = p.node(value, "candidateId")
		case "term":
			e.Term = optNumber[raft.Term](p, value, "term")
		case "lastLogIndex":
			e.LastLogIndex = optNumber[raft.Index](p, value, "lastLogIndex")
		case "lastLogTerm":
			e.LastLogTerm = optNumber[raft.Term](p, value, "lastLogTerm")
		default:
			p.unknownKey(key, value, "requestVote", requestVoteKeys)
		}
	}
	p.given(n, e.CandidateID, "term", e.Term.Presence)
	p.given(n, e.CandidateID, "lastLogIndex", e.LastLogIndex.Presence)
	p.given(n, e.CandidateID, "lastLogTerm", e.LastLogTerm.Presence)
	return &e
}

func (p *parser) appendEntries(n *yaml.Node) Event {
	var e AppendEntries
	if !p.isMapping(n, "appendEntries", "leaderId: and term:") {
		return &e
	}
	p.missing(n, "appendEntries", appendEntriesKeys, "leaderId")
	for key, value := range pairs(n) {
		switch key.Value {
		case "leaderId":
			e.LeaderID, _ = p.node(value, "leaderId")
		case "term":
			e.Term = optNumber[raft.Term](p, value, "term")
		case "prevLogIndex":
			e.PrevLogIndex = optNumber[raft.Index](p, value, "prevLogIndex")
		case "prevLogTerm":
			e.PrevLogTerm = optNumber[raft.Term](p, value, "prevLogTerm")
		case "entries":
			p.entries(value, &e)
		case "leaderCommit":
			e.LeaderCommit = optNumber[raft.Index](p, value, "leaderCommit")
		case "index":
			e.Index = optNumber[raft.Index](p, value, "index")
		case "value":
			e.Value = p.value(value)
		default:
			p.unknownKey(key, value, "appendEntries", appendEntriesKeys)
		}
	}
	p.forms(n, &e)
	return &e
}

// forms holds the two forms of appendEntries apart, and asks for what neither
// of them can do without.
func (p *parser) forms(n *yaml.Node, e *AppendEntries) {
	paper := e.Entries.Given() || e.Auto || e.PrevLogIndex.Given() || e.PrevLogTerm.Given()
	switch {
	case paper && (e.Index.Given() || e.Value.Given()):
		p.errorf(posOf(n), "index and value are the worksheet's form, prevLogIndex, prevLogTerm and entries the paper's; a message is in one of them")
		return
	case e.Index.Given() && e.Index.Value == 0:
		p.errorf(e.Index.Pos, "index: a log starts at index 1; leave index and value blank for a heartbeat")
		return
	case e.Value.Given() && !e.Index.Given():
		p.errorf(e.Value.Pos, "a value needs the index at which it stands")
		return
	case e.Auto && (e.PrevLogIndex.Given() || e.PrevLogTerm.Given()):
		p.errorf(e.Entries.Pos, "entries: auto sends each node what nextIndex calls for; prevLogIndex and prevLogTerm follow from it")
		return
	}
	p.given(n, e.LeaderID, "term", e.Term.Presence)
	p.given(n, e.LeaderID, "leaderCommit", e.LeaderCommit.Presence)
	switch unknown := e.LeaderID != raft.NoNode && p.t.Unknown.Has(e.LeaderID); {
	case !unknown:
	case e.Auto:
		p.errorf(e.Entries.Pos, "entries: auto: node %s is unknown, and so is its nextIndex; write prevLogIndex, prevLogTerm and the entries", p.t.Name(e.LeaderID))
	case e.Worksheet() && e.Index.Value > 1:
		p.errorf(e.Index.Pos, "prevLogTerm cannot be told: node %s is unknown; write prevLogIndex, prevLogTerm and entries in place of index and value", p.t.Name(e.LeaderID))
	case !e.Worksheet():
		p.given(n, e.LeaderID, "prevLogIndex", e.PrevLogIndex.Presence)
		if e.PrevLogIndex.Value > 0 {
			p.given(n, e.LeaderID, "prevLogTerm", e.PrevLogTerm.Presence)
		}
	}
}

// entries reads a message's entries: a list, or auto.
func (p *parser) entries(n *yaml.Node, e *AppendEntries) {
	e.Entries = Opt[[]LogEntry]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return
	}
	if d := deref(n); d.Kind == yaml.ScalarNode && d.Value == "auto" {
		e.Auto = true
		return
	}
	e.Entries = p.log(n, "entries")
}

// log reads a log, or the entries of a message.
func (p *parser) log(n *yaml.Node, what string) Opt[[]LogEntry] {
	o := Opt[[]LogEntry]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	d := deref(n)
	if d.Kind != yaml.SequenceNode {
		p.errorf(posOf(n), "%s is %s here; it takes a list of entries, such as [1:x, 1:y, 2:z]", what, describe(d))
		return o
	}
	o.Presence = Given
	o.Value = make([]LogEntry, 0, len(d.Content))
	for _, item := range d.Content {
		if p.full() {
			break
		}
		if e, ok := p.entry(item); ok {
			o.Value = append(o.Value, LogEntry{Entry: e, Pos: posOf(item)})
		}
	}
	return o
}

// entry reads TERM, TERM:VALUE or {term: TERM, value: VALUE}.
func (p *parser) entry(n *yaml.Node) (raft.Entry, bool) {
	d := deref(n)
	switch d.Kind {
	case yaml.MappingNode:
		return p.entryMapping(n)
	case yaml.SequenceNode:
		p.errorf(posOf(n), "an entry is TERM, TERM:VALUE or {term: 2, value: x}; this is a list")
		return raft.Entry{}, false
	}
	term, value, withValue := strings.Cut(d.Value, ":")
	t, problem := parseNumber(term)
	switch {
	case isNull(n):
		p.errorf(posOf(n), "an entry is left blank; write its term, 2, or its term and value, 2:x")
	case problem != "" && isDigits(term) && !withValue:
		p.errorf(posOf(n), "the entry %s %s", quote(term), problem)
	case withValue && problem != "":
		p.errorf(posOf(n), "the entry %s begins with no term: %s %s", quote(d.Value), quote(term), problem)
	case problem != "":
		p.errorf(posOf(n), "%s is no entry: write its term, 2, or its term and value, 2:x", quote(d.Value))
	case !withValue && isQuoted(d):
		p.errorf(posOf(n), "the quotes make %s text; write the term without them", quote(d.Value))
	default:
		return raft.Entry{Term: raft.Term(t), Value: value}, p.shortValue(n, value)
	}
	return raft.Entry{}, false
}

func (p *parser) entryMapping(n *yaml.Node) (e raft.Entry, ok bool) {
	if m := deref(n).Content; len(m) == 2 && isDigits(deref(m[0]).Value) && deref(m[1]).Kind == yaml.ScalarNode {
		k, v := deref(m[0]).Value, deref(m[1]).Value
		p.errorf(posOf(n), "an entry is written without a space after its colon: %s:%s", clip(k), clip(v))
		return e, false
	}
	ok = true
	if !p.meant(n, []string{"term"}, entryKeys) {
		p.errorf(posOf(n), "an entry needs its term: {term: 2, value: x}")
		ok = false
	}
	for key, value := range pairs(n) {
		switch key.Value {
		case "term":
			t, good := p.number(value, "term")
			e.Term, ok = raft.Term(t), ok && good
		case "value":
			e.Value = p.value(value).Value
		default:
			p.unknownKey(key, value, "an entry", entryKeys)
			ok = false
		}
	}
	return e, ok
}

// value reads the value of an entry, a client's command.
func (p *parser) value(n *yaml.Node) Opt[string] {
	o := Opt[string]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	if s, ok := p.scalar(n, "value"); ok && p.shortValue(n, s) {
		o.Value, o.Presence = s, Given
	}
	return o
}

func (p *parser) shortValue(n *yaml.Node, s string) bool {
	if len(s) > p.lim.Value {
		p.errorf(posOf(n), "this value has %d bytes; %d is the most", len(s), p.lim.Value)
		return false
	}
	return true
}

func (p *parser) voteResponse(n *yaml.Node) Event {
	var e VoteResponse
	if !p.isMapping(n, "requestVoteResponse", "from:, to:, term: and voteGranted:") {
		return &e
	}
	p.missing(n, "requestVoteResponse", voteResponseKeys, "from", "to", "term", "voteGranted")
	for key, value := range pairs(n) {
		switch key.Value {
		case "from":
			e.From, _ = p.node(value, "from")
		case "to":
			e.To, _ = p.node(value, "to")
		case "term":
			t, _ := p.number(value, "term")
			e.Term = raft.Term(t)
		case "voteGranted":
			e.Granted = p.yesNo(value, "voteGranted")
		default:
			p.unknownKey(key, value, "requestVoteResponse", voteResponseKeys)
		}
	}
	p.fromTo(n, e.From, e.To)
	return &e
}

func (p *parser) appendResponse(n *yaml.Node) Event {
	var e AppendResponse
	if !p.isMapping(n, "appendEntriesResponse", "from:, to:, term: and success:") {
		return &e
	}
	before := len(p.errs)
	p.missing(n, "appendEntriesResponse", appendResponseKeys, "from", "to", "term", "success")
	for key, value := range pairs(n) {
		switch key.Value {
		case "from":
			e.From, _ = p.node(value, "from")
		case "to":
			e.To, _ = p.node(value, "to")
		case "term":
			t, _ := p.number(value, "term")
			e.Term = raft.Term(t)
		case "success":
			e.Success = p.yesNo(value, "success")
		case "matchIndex":
			e.MatchIndex = optNumber[raft.Index](p, value, "matchIndex")
		default:
			p.unknownKey(key, value, "appendEntriesResponse", appendResponseKeys)
		}
	}
	if !e.Success && e.MatchIndex.Given() && len(p.errs) == before {
		p.errorf(e.MatchIndex.Pos, "matchIndex goes with a success; a refusal has none")
	}
	p.fromTo(n, e.From, e.To)
	return &e
}

func (p *parser) fromTo(n *yaml.Node, from, to raft.NodeID) {
	if from != raft.NoNode && from == to {
		p.errorf(posOf(n), "from and to are both node %s; a node sends itself no response", p.t.Name(to))
	}
}

// yesNo reads an outcome that must be there.
func (p *parser) yesNo(n *yaml.Node, what string) bool {
	s, ok := p.scalar(n, what)
	if !ok {
		return false
	}
	v, ok := parseOutcome(s)
	if !ok || isNull(n) {
		p.errorf(posOf(n), "%s is %s; write true or false", what, describe(deref(n)))
	}
	return v
}

func (p *parser) clientRequest(n *yaml.Node) Event {
	var e ClientRequest
	if !p.isMapping(n, "clientRequest", "node: and value:") {
		return &e
	}
	p.missing(n, "clientRequest", clientRequestKeys, "node")
	for key, value := range pairs(n) {
		switch key.Value {
		case "node":
			e.Node, _ = p.node(value, "node")
		case "value":
			e.Value = p.value(value).Value
		default:
			p.unknownKey(key, value, "clientRequest", clientRequestKeys)
		}
	}
	return &e
}
