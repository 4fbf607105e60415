package trace

import (
	"strconv"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads events, and holds the fields of a message against each other.

// eventOf makes a step's row of an event's: what is written under its key is
// read into a new event.
func eventOf[E any, P interface {
	*E
	Event
}](r key[E]) key[Step] {
	return key[Step]{
		name: r.name, doc: r.doc, ref: r.ref, schema: r.schema,
		read: func(p *parser, k, v *yaml.Node, s *Step) {
			if s.EventPos != posOf(k) {
				return // a second event
			}
			e, before := new(E), p.wrong
			r.read(p, k, v, e)
			if s.Event = P(e); p.wrong != before {
				s.Unread, s.EventBlank = true, isBlankEvent(v)
			}
		},
		write: func(w *writer, s *Step) (value, bool) {
			e, ok := s.Event.(P)
			if !ok {
				return value{}, false
			}
			v, _ := r.write(w, (*E)(e))
			return v, true
		},
	}
}

// event makes the row of an event that is one value.
func event[E, V any, P interface {
	*E
	Event
}](name string, k kind[V], at func(*E) *V, doc string) key[Step] {
	return eventOf[E, P](row(name, k, at, doc))
}

// message makes the row of an event that is a mapping.
func message[E any, P interface {
	*E
	Event
}](m *mapping[E], doc string) key[Step] {
	k := eventOf[E, P](m.row(m.name, doc))
	k.fields = m.names
	return k
}

// given says that unknown senders have no state to fill a field in from.
func (p *parser) given(n *yaml.Node, sender raft.NodeID, field string, presence Presence) {
	if presence == Given || sender == raft.NoNode || !p.t.Unknown.Has(sender) {
		return
	}
	at := posOf(n)
	if c := source.Child(n, field); c != nil {
		at = posOf(c)
	}
	p.errorf(at, "%s must be written: node %s is unknown, so it cannot be filled in from its state", field, p.t.Name(sender))
}

func (p *parser) checkRequestVote(n *yaml.Node, e *RequestVote) {
	p.given(n, e.CandidateID, "term", e.Term.Presence)
	p.given(n, e.CandidateID, "lastLogIndex", e.LastLogIndex.Presence)
	p.given(n, e.CandidateID, "lastLogTerm", e.LastLogTerm.Presence)
}

// checkForms holds the two forms of appendEntries apart, and asks for what
// neither of them can do without.
func (p *parser) checkForms(n *yaml.Node, e *AppendEntries) {
	paper := e.Entries.Given() || e.Auto || e.Count.Given() || e.PrevLogIndex.Given() || e.PrevLogTerm.Given()
	switch {
	case paper && (e.Index.Given() || e.Value.Given()):
		p.errorf(posOf(n), "index and value are the worksheet's form; prevLogIndex, prevLogTerm and entries are the paper's; use one form")
		return
	case e.Index.Given() && e.Index.Value == 0:
		p.errorf(e.Index.Pos, "index: a log starts at index 1; leave index and value blank for a heartbeat")
		return
	case e.Value.Given() && !e.Index.Given():
		p.errorf(e.Value.Pos, "value needs an index: where in the log the entry goes")
		return
	case e.Auto && (e.PrevLogIndex.Given() || e.PrevLogTerm.Given()):
		p.errorf(e.Entries.Pos, "entries: auto sends each node what nextIndex calls for; leave prevLogIndex and prevLogTerm out")
		return
	}
	p.given(n, e.LeaderID, "term", e.Term.Presence)
	p.given(n, e.LeaderID, "leaderCommit", e.LeaderCommit.Presence)
	if e.LeaderID != raft.NoNode && p.t.Unknown.Has(e.LeaderID) {
		p.checkUnknownLeader(n, e)
	}
}

// checkUnknownLeader asks for what otherwise comes from the leader's log.
func (p *parser) checkUnknownLeader(n *yaml.Node, e *AppendEntries) {
	name := p.t.Name(e.LeaderID)
	switch {
	case e.Count.Given():
		p.errorf(e.Entries.Pos, "entries: node %s is unknown, and so is its log; write the entries", name)
	case e.Auto:
		p.errorf(e.Entries.Pos, "entries: auto: node %s is unknown, and so is its nextIndex; write prevLogIndex, prevLogTerm and the entries", name)
	case e.Worksheet() && e.Index.Value > 1:
		p.errorf(e.Index.Pos, "prevLogTerm cannot be filled in: node %s is unknown; write prevLogIndex, prevLogTerm and entries instead of index and value", name)
	case !e.Worksheet():
		p.given(n, e.LeaderID, "prevLogIndex", e.PrevLogIndex.Presence)
		if e.PrevLogIndex.Value > 0 {
			p.given(n, e.LeaderID, "prevLogTerm", e.PrevLogTerm.Presence)
		}
	}
}

// entriesKey makes the row of a message's entries: a list, or auto.
func entriesKey(k kind[Opt[[]LogEntry]], doc string) key[AppendEntries] {
	r := row("entries", k, func(e *AppendEntries) *Opt[[]LogEntry] { return &e.Entries }, doc)
	r.ref, r.schema = "", func() string {
		return `"anyOf": [{"$ref": "#/definitions/log"}, {"enum": ["auto", null]}, {
			"type": "object", "required": ["count"], "additionalProperties": false, "properties": {"count": {"description": "How many entries of the leader's own log, after prevLogIndex, the message carries.", ` + numberSchema(1, "")() + `}}
		}]`
	}
	list := r
	r.read = func(p *parser, k, v *yaml.Node, e *AppendEntries) {
		if d := source.Deref(v); d.Kind == yaml.ScalarNode && d.Value == "auto" {
			e.Auto, e.Entries = true, blankAt[[]LogEntry](v)
			return
		}
		if source.Deref(v).Kind == yaml.MappingNode {
			p.entryCount(v, e)
			return
		}
		list.read(p, k, v, e)
	}
	r.write = func(w *writer, e *AppendEntries) (value, bool) {
		if e.Auto {
			return word("auto"), true
		}
		if e.Count.Given() {
			return value{open: '{', items: []value{pair("count", word(strconv.FormatUint(uint64(e.Count.Value), 10)))}}, true
		}
		return list.write(w, e)
	}
	return r
}

// entryCount reads {count: 3}: that many entries of the leader's own log.
func (p *parser) entryCount(n *yaml.Node, e *AppendEntries) {
	e.Entries = blankAt[[]LogEntry](n)
	count := source.Child(n, "count")
	if count == nil || len(source.Deref(n).Content) != 2 {
		p.errorf(posOf(n), "entries is a mapping here; it takes %s, auto, or {count: 3}", likeLog)
		return
	}
	v, ok := p.number(count, "count")
	if ok && v == 0 {
		p.errorf(posOf(count), "count: 0: write entries: [] for a heartbeat")
	}
	e.Count = givenAt(count, raft.Index(v))
}

// checkSnapshot asks for what otherwise comes from the leader's own snapshot.
func (p *parser) checkSnapshot(n *yaml.Node, e *InstallSnapshot) {
	p.given(n, e.LeaderID, "term", e.Term.Presence)
	p.given(n, e.LeaderID, "lastIncludedIndex", e.LastIncludedIndex.Presence)
	p.given(n, e.LeaderID, "lastIncludedTerm", e.LastIncludedTerm.Presence)
	if e.LastIncludedIndex.Given() && e.LastIncludedIndex.Value == 0 {
		p.errorf(e.LastIncludedIndex.Pos, "lastIncludedIndex: a snapshot replaces at least the entry at index 1")
	}
}

// checkVoteResponse takes a candidate's vote for itself too: rules may have it count
// once it is stored, and not at once.
func (p *parser) checkVoteResponse(n *yaml.Node, e *VoteResponse) {
	if !e.Granted {
		p.checkFromTo(n, e.From, e.To)
	}
}

func (p *parser) checkAppendResponse(n *yaml.Node, e *AppendResponse) {
	success := source.Child(n, "success")
	if e.MatchIndex.Value > 0 && success != nil {
		if v, ok := parseOutcome(source.Deref(success).Value); ok && !v {
			p.errorf(e.MatchIndex.Pos, refusalMatch)
		}
	}
	p.checkFromTo(n, e.From, e.To)
}

// refusalMatch is said of a refusal with a matchIndex. One of 0 asserts nothing.
const refusalMatch = "matchIndex goes with a success; a refusal has none, or 0"

func (p *parser) checkFromTo(n *yaml.Node, from, to raft.NodeID) {
	if from != raft.NoNode && from == to {
		p.errorf(posOf(n), "from and to are both node %s; a node does not answer itself", p.t.Name(to))
	}
}

// healed is what heal takes: true.
var healed = kind[Heal]{
	schema: fixed(`"const": true`),
	read: func(p *parser, n *yaml.Node, what string) (Heal, bool) {
		if s, ok := p.scalar(n, what); ok && s != "true" {
			p.errorf(posOf(n), "%s takes true: it ends the partition for every node", what)
		}
		return Heal{}, true
	},
	write: func(*writer, Heal) (value, bool) { return word("true"), true },
}

// groups are the groups of a partition.
var groups = kind[[]raft.NodeSet]{
	schema: fixed(`"type": "array", "items": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/definitions/node"}}`),
	read: func(p *parser, n *yaml.Node, what string) ([]raft.NodeSet, bool) {
		items, ok := p.list(n, what, "a list of groups, such as [[1, 2], [3, 4, 5]]")
		if !ok {
			return nil, false
		}
		var all raft.NodeSet
		var sets []raft.NodeSet
		for _, g := range items {
			if _, ok := p.list(g, "a group of a partition", "a list of nodes, such as [[1, 2], [3, 4, 5]] in all"); !ok {
				continue
			}
			group := p.nodeList(g, what)
			for id := range (all & group).All() {
				p.errorf(posOf(g), "%s: node %s is in two groups", what, p.t.Name(id))
			}
			all |= group
			sets = append(sets, group)
		}
		return sets, true
	},
	write: func(w *writer, sets []raft.NodeSet) (value, bool) {
		v := value{open: '['}
		for _, g := range sets {
			group, _ := sentTo.write(w, Opt[raft.NodeSet]{Value: g, Presence: Given})
			v.items = append(v.items, group)
		}
		return v, true
	},
}

// formRules is what the schema says of the two forms: a message is in one of
// them, and a value has its index.
const formRules = `"not": {
	"allOf": [
		{"anyOf": [
			{"required": ["index"], "properties": {"index": {"not": {"type": "null"}}}},
			{"required": ["value"], "properties": {"value": {"not": {"type": "null"}}}}
		]},
		{"anyOf": [
			{"required": ["prevLogIndex"], "properties": {"prevLogIndex": {"not": {"type": "null"}}}},
			{"required": ["prevLogTerm"], "properties": {"prevLogTerm": {"not": {"type": "null"}}}},
			{"required": ["entries"], "properties": {"entries": {"not": {"type": "null"}}}}
		]}
	]
},
"dependencies": {
	"value": {"anyOf": [
		{"properties": {"value": {"type": "null"}}},
		{"required": ["index"], "properties": {"index": {"not": {"type": "null"}}}}
	]}
}`

// isBlankEvent reports whether an event is left blank, with all of its fields.
func isBlankEvent(n *yaml.Node) bool {
	d := source.Deref(n)
	if d.Kind != yaml.MappingNode {
		return source.IsNull(n)
	}
	for _, v := range source.Pairs(d) {
		if !source.IsNull(v) {
			return false
		}
	}
	return true
}
