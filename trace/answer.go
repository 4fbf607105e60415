package trace

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads the response row.

// row reads a response: a mapping from node to answer, or a list of answers in
// the order of the nodes. An answer may be a mapping of these keys.
func (p *parser) row(n *yaml.Node, s *Step, keys *mapping[Cell]) *Row {
	row := &Row{Pos: posOf(n), Blank: source.IsNull(n)}
	d := source.Deref(n)
	switch {
	case row.Blank:
	case d.Kind == yaml.SequenceNode:
		p.listRow(n, s, row, keys)
	case p.isMapping(n, "response", "2: ok"):
		p.mappingRow(d, s, row, keys)
	default:
		row.Unread = true
	}
	return row
}

func (p *parser) listRow(n *yaml.Node, s *Step, row *Row, keys *mapping[Cell]) {
	items := source.Items(n)
	if len(items) != p.t.Size() && p.names != nil {
		p.errorf(posOf(n), "response lists %d answers for %d nodes; a list has one for each node, and ~ is a blank", len(items), p.t.Size())
		row.Unread = true
		return
	}
	row.Cells = make([]Cell, len(items))
	for i, item := range items {
		p.cell(item, &row.Cells[i], raft.NodeID(i+1), s, keys)
	}
}

func (p *parser) mappingRow(d *yaml.Node, s *Step, row *Row, keys *mapping[Cell]) {
	row.Cells = make([]Cell, 0, len(d.Content)/2)
	for key, value := range source.Pairs(d) {
		if key.Value == "others" {
			row.Others = new(Cell)
			p.cell(value, row.Others, raft.NoNode, s, keys)
			continue
		}
		id, ok := p.nodeKey(key, value, "response")
		if !ok {
			row.Unread = true
			continue
		}
		twice := slices.IndexFunc(row.Cells, func(other Cell) bool { return other.Node == id })
		row.Cells = append(row.Cells, Cell{})
		last := len(row.Cells) - 1
		p.cell(value, &row.Cells[last], id, s, keys)
		if twice >= 0 {
			row.Cells = row.Cells[:last]
			row.Cells[twice].OK = unreadAt[bool](value) // two answers of one node
		}
	}
}

// cell reads one answer. The sender's own cell may hold anything: what is there is
// never compared.
func (p *parser) cell(n *yaml.Node, c *Cell, id raft.NodeID, s *Step, keys *mapping[Cell]) {
	c.Node, c.Pos = id, posOf(n)
	sender, _ := s.Sender()
	own := id != raft.NoNode && id == sender
	p.quiet = own
	p.answer(n, c, keys)
	if own {
		if p.quiet = false; c.IsUnread() {
			*c = Cell{Node: c.Node, Pos: c.Pos, OK: blankAt[bool](n)}
		}
	}
}

func (p *parser) answer(n *yaml.Node, c *Cell, keys *mapping[Cell]) {
	switch d := source.Deref(n); d.Kind {
	case yaml.MappingNode:
		c.Whole = true
		before := p.wrong
		if keys.read(p, n, c); p.wrong != before && c.OK.Presence == Absent {
			c.OK = unreadAt[bool](n) // what a key that is misspelt says
		}
	case yaml.SequenceNode:
		p.errorf(posOf(n), "an answer is ok, no, none or nothing; this is a list")
		c.OK = unreadAt[bool](n)
	default:
		p.word(n, d, c)
	}
}

// word reads an answer of one word.
func (p *parser) word(n, d *yaml.Node, c *Cell) {
	if source.IsNull(d) || strings.TrimSpace(d.Value) == "?" {
		c.OK = blankAt[bool](n)
		return
	}
	v, ok := parseOutcome(d.Value)
	switch {
	case ok:
		c.OK = givenAt(n, v)
	case isNoAnswer(d.Value):
		c.None = true
	default:
		if oneOf(d.Value, []string{"x"}) {
			p.errorf(posOf(n), "%s is a tick to some and a cross to others; write ok or no", source.Quote(d.Value))
		} else {
			p.errorf(posOf(n), "%s is not an answer; write ok, no or none, or leave the cell blank%s", source.Quote(d.Value), odd(d.Value))
		}
		c.OK = unreadAt[bool](n)
	}
}

// writeRow gives a response row as a mapping from node to answer.
func writeRow(w *writer, row *Row, keys *mapping[Cell]) value {
	if row.Blank {
		return value{}
	}
	v := value{open: '{'}
	for i := range row.Cells {
		v.items = append(v.items, pair(w.name(row.Cells[i].Node), writeCell(w, &row.Cells[i], keys)))
	}
	if row.Others != nil {
		v.items = append(v.items, pair("others", writeCell(w, row.Others, keys)))
	}
	return v
}

func writeCell(w *writer, c *Cell, keys *mapping[Cell]) value {
	switch {
	case c.Whole || c.Term.Presence != Absent:
		return keys.write(w, c)
	case c.None:
		return word("none")
	case !c.OK.Given():
		return value{}
	case c.OK.Value:
		return word(yesWords[0])
	}
	return word(noWords[0])
}
