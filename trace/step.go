package trace

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// steps reads the list of steps.
func (p *parser) steps(n *yaml.Node) {
	list := deref(n)
	if list.Kind != yaml.SequenceNode {
		p.errorf(posOf(n), "steps is %s here; it takes a list, one step an item: - requestVote: {candidateId: 1}", describe(list))
		return
	}
	if len(list.Content) > p.lim.Steps {
		p.errorf(posOf(list.Content[p.lim.Steps]), "a trace has at most %d steps", p.lim.Steps)
		return
	}
	p.t.Steps = make([]Step, len(list.Content))
	for i, item := range list.Content {
		s := &p.t.Steps[i]
		s.Number, s.Pos = i+1, posOf(item)
		if p.step(item, s); p.full() {
			return
		}
	}
	p.uniqueIDs(list.Content)
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
			if id := child(items[i], "id"); id != nil {
				at = posOf(id)
			}
			p.errorf(at, "two steps go by the id %s: this one, and step %d (a step without an id goes by its number)", quote(s.ID), other)
			continue
		}
		first[s.ID] = s.Number
	}
}

// step reads one item. The event comes first: the other keys depend on it.
func (p *parser) step(n *yaml.Node, s *Step) {
	if !p.isMapping(n, "a step", "requestVote:, appendEntries: or state:") {
		return
	}
	for key, value := range pairs(n) {
		p.event(key, value, s)
	}
	_, isRequest := s.Sender()
	tables := s.Event == nil && !p.meant(n, eventKeys, stepKeys) // and nothing else
	for key, value := range pairs(n) {
		switch key.Value {
		case "id":
			s.ID = p.text(value, "id")
		case "note":
			s.Note = p.text(value, "note")
		case "points":
			s.Points = p.points(value, "points")
		case "state":
			p.state(value, s)
		case "to", "lost", "responseLost", "response":
			if isRequest {
				p.recipientKey(key.Value, value, s)
			} else if tables || s.Event != nil {
				p.errorf(posOf(key), "%s goes with requestVote or appendEntries; this step has neither", key.Value)
			}
		default:
			if !isEvent(key.Value) {
				p.unknownKey(key, value, "a step", stepKeys)
			}
		}
	}
	if isRequest {
		p.checkRecipients(n, s)
	}
}

func (p *parser) recipientKey(key string, n *yaml.Node, s *Step) {
	if isNull(n) && key != "response" {
		return
	}
	switch key {
	case "to":
		s.To = Opt[raft.NodeSet]{Value: p.nodeList(n, key), Pos: posOf(n), Presence: Given}
	case "lost":
		s.Lost = p.nodeList(n, key)
	case "responseLost":
		s.ResponseLost = p.nodeList(n, key)
	case "response":
		s.Response = p.row(n, s)
	}
}

// checkRecipients holds the lists of nodes of a request against each other.
func (p *parser) checkRecipients(n *yaml.Node, s *Step) {
	sender, _ := s.Sender()
	if s.To.Value.Has(sender) {
		p.errorf(s.To.Pos, "to: node %s is the sender; it sends nothing to itself", p.t.Name(sender))
	}
	asked := s.Recipients(p.t.Size())
	check := func(key string, set raft.NodeSet) {
		for id := range set.All() {
			if !asked.Has(id) {
				p.errorf(posOf(child(n, key)), "%s: node %s is not sent this request", key, p.t.Name(id))
			}
		}
	}
	check("lost", s.Lost)
	check("responseLost", s.ResponseLost)
	for id := range (s.Lost & s.ResponseLost).All() {
		p.errorf(posOf(child(n, "responseLost")), "responseLost: node %s is in lost too; a request that never arrives has no response", p.t.Name(id))
	}
}

// points reads what an answer is worth: a decimal, not negative.
func (p *parser) points(n *yaml.Node, key string) Opt[string] {
	o := Opt[string]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	s, ok := p.scalar(n, key)
	if !ok {
		return o
	}
	if !isDecimal(s) {
		p.errorf(posOf(n), "%s: %s is no number of points; write 1, 0.5 or the like", key, quote(s))
		return o
	}
	o.Value, o.Presence = s, Given
	return o
}

// isDecimal reports whether s is digits, with a point and more digits after
// them or not, in 16 characters at most.
func isDecimal(s string) bool {
	whole, part, point := strings.Cut(s, ".")
	return isDigits(whole) && (!point || isDigits(part)) && len(s) <= 16
}

// event reads the key if it is an event's.
func (p *parser) event(key, n *yaml.Node, s *Step) {
	if !isEvent(key.Value) {
		return
	}
	if s.EventPos.IsValid() {
		p.errorf(posOf(key), "a step has one event; this one has had its event on line %d: write - before %s to begin a step", s.EventPos.Line, key.Value)
		return
	}
	s.EventPos = posOf(key)
	s.Event = p.readEvent(key, n)
}

func (p *parser) readEvent(key, n *yaml.Node) Event {
	switch name := key.Value; name {
	case "requestVote":
		return p.requestVote(n)
	case "appendEntries":
		return p.appendEntries(n)
	case "requestVoteResponse":
		return p.voteResponse(n)
	case "appendEntriesResponse":
		return p.appendResponse(n)
	case "timeout":
		return &Timeout{p.someNodes(n, name)}
	case "crash":
		return &Crash{p.someNodes(n, name)}
	case "restart":
		return &Restart{p.someNodes(n, name)}
	case "clientRequest":
		return p.clientRequest(n)
	case "partition":
		return p.partition(n)
	default: // heal
		if s, ok := p.scalar(n, name); ok && s != "true" {
			p.errorf(posOf(n), "heal takes true: it ends the partition for every node")
		}
		return &Heal{}
	}
}

func (p *parser) someNodes(n *yaml.Node, what string) []raft.NodeID {
	ids := p.nodeSeq(n, what)
	if d := deref(n); d.Kind == yaml.SequenceNode && len(d.Content) == 0 {
		p.errorf(posOf(n), "%s names no node", what)
	}
	return ids
}

func (p *parser) partition(n *yaml.Node) Event {
	var e Partition
	d := deref(n)
	if d.Kind != yaml.SequenceNode {
		p.errorf(posOf(n), "partition is %s here; it takes a list of groups, such as [[1, 2], [3, 4, 5]]", describe(d))
		return &e
	}
	var all raft.NodeSet
	for _, g := range d.Content {
		if deref(g).Kind != yaml.SequenceNode {
			p.errorf(posOf(g), "a group of a partition is %s here; it takes a list of nodes, such as [[1, 2], [3, 4, 5]] in all", describe(deref(g)))
			continue
		}
		group := p.nodeList(g, "partition")
		for id := range (all & group).All() {
			p.errorf(posOf(g), "partition: node %s is in two groups", p.t.Name(id))
		}
		all |= group
		e.Groups = append(e.Groups, group)
	}
	return &e
}
