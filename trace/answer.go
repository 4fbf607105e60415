package trace

import (
	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// parseOutcome reads success or voteGranted as people write it.
func parseOutcome(s string) (v, ok bool) {
	switch s {
	case "ok", "yes", "true", "✓", "OK", "Ok", "Yes", "YES", "True", "TRUE":
		return true, true
	case "no", "false", "✗", "No", "NO", "False", "FALSE":
		return false, true
	}
	return false, false
}

// row reads a response: a mapping from node to answer, or a list of answers in
// the order of the nodes.
func (p *parser) row(n *yaml.Node, s *Step) *Row {
	row := &Row{Pos: posOf(n), Blank: isNull(n)}
	d := deref(n)
	switch {
	case isNull(n):
	case d.Kind == yaml.SequenceNode:
		p.listRow(n, d, s, row)
	case d.Kind == yaml.MappingNode:
		p.mappingRow(d, s, row)
	default:
		p.isMapping(n, "response", "2: ok")
	}
	return row
}

func (p *parser) listRow(n, d *yaml.Node, s *Step, row *Row) {
	if len(d.Content) != p.t.Size() && p.names != nil {
		p.errorf(posOf(n), "response lists %d answers; the cluster has %d nodes, and the list has a place for each (leave one blank with ~)", len(d.Content), p.t.Size())
		return
	}
	row.Cells = make([]Cell, len(d.Content))
	for i, item := range d.Content {
		row.Cells[i] = p.cell(item, raft.NodeID(i+1), s)
	}
}

func (p *parser) mappingRow(d *yaml.Node, s *Step, row *Row) {
	row.Cells = make([]Cell, 0, len(d.Content)/2)
	for key, value := range pairs(d) {
		if key.Value == "others" {
			c := p.cell(value, raft.NoNode, s)
			row.Others = &c
			continue
		}
		if id, ok := p.nodeKey(key, value, "response"); ok {
			row.Cells = append(row.Cells, p.cell(value, id, s))
		}
	}
}

// cell reads one answer.
func (p *parser) cell(n *yaml.Node, id raft.NodeID, s *Step) Cell {
	c := Cell{Node: id, Pos: posOf(n)}
	d := deref(n)
	switch d.Kind {
	case yaml.MappingNode:
		c.Whole = true
		p.wholeAnswer(d, s, &c)
	case yaml.SequenceNode:
		p.errorf(posOf(n), "an answer is ok, no, none or nothing; this is a list")
	default:
		p.word(n, d, &c)
	}
	if sender, _ := s.Sender(); id != raft.NoNode && id == sender && (c.Term.Given() || c.OK.Given() && !c.OK.Value) {
		p.errorf(c.Pos, "node %s is the sender: its own cell holds ok, none or nothing", p.t.Name(id))
	}
	return c
}

// word reads an answer of one word.
func (p *parser) word(n, d *yaml.Node, c *Cell) {
	if d.Tag == "!!null" || d.Value == "?" {
		c.OK = Opt[bool]{Pos: c.Pos, Presence: Blank}
		return
	}
	if d.Value == "none" || d.Value == "-" {
		c.None = true
		return
	}
	v, ok := parseOutcome(d.Value)
	if !ok {
		p.errorf(posOf(n), "%s is no answer; write ok, no or none, or leave the cell blank", quote(d.Value))
		return
	}
	c.OK = Opt[bool]{Value: v, Pos: c.Pos, Presence: Given}
}

// wholeAnswer reads an answer with its fields.
func (p *parser) wholeAnswer(d *yaml.Node, s *Step, c *Cell) {
	field, other, known := "success", "voteGranted", appendAnswerKeys
	if _, ok := s.Event.(*RequestVote); ok {
		field, other, known = other, field, voteAnswerKeys
	}
	for key, value := range pairs(d) {
		switch key.Value {
		case field:
			c.OK = Opt[bool]{Pos: posOf(value), Presence: Blank}
			if !isNull(value) {
				c.OK.Value, c.OK.Presence = p.yesNo(value, field), Given
			}
		case other:
			p.errorf(posOf(key), "the answer to %s has %s, not %s", s.EventName(), field, other)
		case "term":
			c.Term = optNumber[raft.Term](p, value, "term")
		default:
			p.unknownKey(key, value, "an answer", known)
		}
	}
}
