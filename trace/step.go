package trace

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads steps.

// A stepTable is the part of the table of keys that a step has.
type stepTable struct {
	*mapping[Step]
	events func() []string // those of the keys that are events
}

// steps reads the list of steps, and reports whether it is one.
func (p *parser) steps(n *yaml.Node, keys stepTable) (ok bool) {
	items, ok := p.list(n, "steps", "a list, one step per item: - requestVote: {candidateId: 1}")
	if !ok {
		return false
	}
	if len(items) > p.lim.Steps {
		p.errorf(posOf(items[p.lim.Steps]), "a trace has at most %d steps", p.lim.Steps)
		return false
	}
	p.t.Steps = make([]Step, len(items))
	for i, item := range items {
		s := &p.t.Steps[i]
		s.Number, s.Pos = i+1, posOf(item)
		p.step = s.Number
		p.readStep(item, s, keys)
		p.settle(s)
		if !p.countAliased(item, s) {
			p.t.Steps = p.t.Steps[:i+1]
			break
		}
	}
	p.uniqueIDs(items)
	p.step = 0
	return true
}

// settle takes the event out of a step that is not played.
func (p *parser) settle(s *Step) {
	if s.Unread {
		s.unplay(p.t.Size())
	}
}

// unplay takes the event out of a step, and says which nodes it may have changed:
// those of a request whose sender is known, or all.
func (s *Step) unplay(size int) {
	s.Unread = true
	s.Touched = raft.AllNodes(size)
	if sender, ok := s.Sender(); ok && sender != raft.NoNode {
		if s.To.Given() {
			s.Touched = s.To.Value.With(sender)
		}
		if s.Response != nil {
			row := *s.Response
			row.Cells = slices.DeleteFunc(slices.Clone(row.Cells), func(c Cell) bool { return c.Node == sender })
			s.Response = &row
		}
	}
	s.UnreadEvent = s.EventName()
	s.Event, s.To, s.Lost, s.ResponseLost = nil, Opt[raft.NodeSet]{}, 0, 0
}

// Without gives the trace as it is where a step cannot be played, because of an
// error that is told of it: the step stands there as one that cannot be read.
func (t *Trace) Without(step int, err *Error) *Trace {
	out := *t
	out.Steps = slices.Clone(t.Steps)
	out.Steps[step-1].unplay(t.Size())
	out.Errors = append(slices.Clone(t.Errors), err)
	return &out
}

// countAliased counts a step that is an alias: one, or as many as a request may
// have receivers. It reports whether that is within the limit.
func (p *parser) countAliased(item *yaml.Node, s *Step) bool {
	if item.Kind != yaml.AliasNode {
		return true
	}
	if p.aliased--; isRequest(s.EventName()) {
		p.aliased -= len(p.t.Names) - 1
	}
	if p.aliased < 0 {
		p.errorf(posOf(item), "here the steps that are aliases come to more than a file of this size may ask for; write them out")
	}
	return p.aliased >= 0
}

// uniqueIDs gives each step without an id its number, and finds ids used twice.
func (p *parser) uniqueIDs(items []*yaml.Node) {
	first := make(map[string]int, len(p.t.Steps))
	for i := range p.t.Steps {
		s := &p.t.Steps[i]
		if s.ID == "" {
			s.ID = strconv.Itoa(s.Number)
		}
		if other := first[s.ID]; other != 0 {
			at := s.Pos
			if id := source.Child(items[i], "id"); id != nil {
				at = posOf(id)
			}
			p.step = s.Number
			p.errorf(at, "the id %s already belongs to step %d (a step without an id has its number as id)", source.Quote(s.ID), other)
			for s.ID = strconv.Itoa(s.Number); first[s.ID] != 0; s.ID += "'" {
			}
		}
		first[s.ID] = s.Number
	}
}

// readStep reads one item. It has one event: the first that is written.
func (p *parser) readStep(n *yaml.Node, s *Step, keys stepTable) {
	all, events := keys.keys(), keys.events()
	for key := range source.Pairs(n) {
		if s.EventPos.IsValid() && !s.EventEnd.IsValid() && !slices.Contains(ofMessage, key.Value) {
			s.EventEnd = posOf(key)
		}
		switch {
		case !slices.Contains(events, key.Value):
			if s.UnreadEvent != "" || find(all, key.Value) >= 0 || p.full() {
				continue
			}
			if near := keys.near(key.Value); slices.Contains(events, near) {
				s.UnreadEvent = near
			}
		case s.EventPos.IsValid():
			p.errorf(posOf(key), "a step has one event, and this step's is on line %d; write - before %s to begin a new step", s.EventPos.Line, key.Value)
			s.Unread = true
		default:
			s.EventPos = posOf(key)
		}
	}
	keys.read(p, n, s)
	p.misspelt(n, s, keys)
	if _, sends := s.Sender(); sends {
		before := p.wrong
		if p.checkRecipients(n, s); p.wrong != before {
			s.Unread = true
		}
		return
	}
	if s.Event == nil && s.Unread {
		return // the event is misspelt
	}
	for key := range source.Pairs(n) {
		if slices.Contains(requestKeys, key.Value) {
			p.errorf(posOf(key), "%s goes with requestVote, appendEntries or installSnapshot; this step has none of them", key.Value)
		}
	}
}

// misspelt finds what the keys that a step does not have cost it: nothing but
// themselves, if they are near to ones that say what is expected.
func (p *parser) misspelt(n *yaml.Node, s *Step, keys stepTable) {
	if source.Deref(n).Kind != yaml.MappingNode {
		s.Unread = true
		return
	}
	all, unknown := keys.keys(), 0
	for key := range source.Pairs(n) {
		if find(all, key.Value) >= 0 {
			continue
		}
		if unknown++; unknown > maxErrors {
			return
		}
		switch near := keys.near(key.Value); near {
		case "id", "note", "state", "points":
		case "response":
			if s.Response == nil {
				s.Response = &Row{Pos: posOf(key), Unread: true}
			}
		default:
			s.Unread = true
		}
	}
}

// requestKeys are the keys that only a step with a request has.
var requestKeys = []string{"to", "lost", "responseLost", "response"}

// ofMessage are the keys after an event that are still about it, and not about what
// comes of it.
var ofMessage = []string{"id", "note", "points", "to", "lost", "responseLost"}

// ofRequest makes a row one of those that are read where there is a request.
func ofRequest(k key[Step]) key[Step] {
	read := k.read
	k.read = func(p *parser, key, v *yaml.Node, s *Step) {
		if isRequest(s.EventName()) {
			read(p, key, v, s)
		}
	}
	return k
}

// isRequest reports whether an event is a request, read or not.
func isRequest(event string) bool {
	return event == "requestVote" || event == "appendEntries" || event == "installSnapshot"
}

// ofEvent makes a row one without which its step's event is not what it is.
func ofEvent(k key[Step]) key[Step] {
	read := k.read
	k.read = func(p *parser, key, v *yaml.Node, s *Step) {
		before := p.wrong
		if read(p, key, v, s); p.wrong != before {
			if s.Unread = true; k.name == "to" {
				s.To = Opt[raft.NodeSet]{}
			}
		}
	}
	return k
}

// responseKey makes the row of a step's response.
func responseKey(votes, appends *mapping[Cell], doc string) key[Step] {
	keys := func(s *Step) *mapping[Cell] {
		if s.EventName() == "requestVote" {
			return votes
		}
		return appends
	}
	return key[Step]{
		name: "response", doc: doc,
		schema: fixed(`"anyOf": [{"$ref": "#/definitions/voteRow"}, {"$ref": "#/definitions/appendRow"}]`),
		read:   func(p *parser, _, v *yaml.Node, s *Step) { s.Response = p.row(v, s, keys(s)) },
		write: func(w *writer, s *Step) (value, bool) {
			if s.Response == nil {
				return value{}, false
			}
			return writeRow(w, s.Response, keys(s)), true
		},
	}
}

// stateKey makes the row of a step's state.
func stateKey(keys *mapping[NodeState], doc string) key[Step] {
	return key[Step]{
		name: "state", doc: doc,
		schema: byNode(`{"anyOf": [{"$ref": "#/definitions/state"}, {"type": "null"}]}`),
		read: func(p *parser, _, v *yaml.Node, s *Step) {
			if source.IsNull(v) {
				s.StatePos = posOf(v)
				return
			}
			s.State = p.states(v, "state", keys)
		},
		write: func(w *writer, s *Step) (value, bool) {
			if s.StateBlank() {
				return value{}, true
			}
			return writeStates(w, s.State, keys), s.State != nil
		},
	}
}

// checkRecipients holds the lists of nodes of a request against each other.
func (p *parser) checkRecipients(n *yaml.Node, s *Step) {
	sender, _ := s.Sender()
	if s.To.Value.Has(sender) {
		p.errorf(s.To.Pos, "to: node %s is the sender and does not send to itself", p.t.Name(sender))
	}
	asked := s.Recipients(p.t.Size())
	check := func(key string, set raft.NodeSet) {
		for id := range set.All() {
			if !asked.Has(id) {
				p.errorf(posOf(source.Child(n, key)), "%s: this request is not sent to node %s", key, p.t.Name(id))
			}
		}
	}
	check("lost", s.Lost)
	check("responseLost", s.ResponseLost)
	for id := range (s.Lost & s.ResponseLost).All() {
		p.errorf(posOf(source.Child(n, "responseLost")), "responseLost: node %s is in lost too; a request that never arrives has no response", p.t.Name(id))
	}
}

// stepRules is what the schema says of a step: it has one event, a request's
// keys go with a request, and the response is that of the request.
func stepRules(events []key[Step]) string {
	var rules []string
	for _, k := range requestKeys {
		rules = append(rules, `"`+k+`": {"$ref": "#/definitions/asks"}`)
	}
	rows := map[string]string{"requestVote": "voteRow", "appendEntries": "appendRow", "installSnapshot": "appendRow"}
	for i := range events {
		var refused []string
		if row := rows[events[i].name]; row != "" {
			refused = append(refused, `"response": {"$ref": "#/definitions/`+row+`"}`)
		}
		for j := range events {
			if i != j {
				refused = append(refused, `"`+events[j].name+`": false`)
			}
		}
		rules = append(rules, `"`+events[i].name+`": {"properties": {`+strings.Join(refused, ", ")+`}}`)
	}
	return `"dependencies": {` + strings.Join(rules, ", ") + `}`
}
