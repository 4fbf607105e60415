package trace

import (
	"iter"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// This file reads the small parts of which a document is made: scalars,
// numbers, nodes by name.

func posOf(n *yaml.Node) Pos { return Pos{int32(n.Line), int32(n.Column)} }

// deref follows an alias. The library resolves an alias to an anchor, never to
// another alias.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = deref(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// isQuoted reports whether a scalar is written in a way that makes it text.
func isQuoted(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// pairs yields the keys and values of a mapping, aliases among the keys
// followed.
func pairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	m = deref(m)
	return func(yield func(k, v *yaml.Node) bool) {
		for i := 0; i+1 < len(m.Content); i += 2 {
			if !yield(deref(m.Content[i]), m.Content[i+1]) {
				return
			}
		}
	}
}

// child gives the value of a mapping's key, nil if it is not there.
func child(m *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(m) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

// isMapping reports whether the node is a mapping, and says what belongs there
// if it is not.
func (p *parser) isMapping(n *yaml.Node, what, example string) bool {
	d := deref(n)
	if d.Kind == yaml.MappingNode {
		return true
	}
	if k, v, found := strings.Cut(d.Value, ":"); found && k != "" && v != "" && !isQuoted(d) {
		p.errorf(posOf(n), "%s needs a space after its colon: %s: %s", quote(d.Value), clip(k), clip(v))
		return false
	}
	p.errorf(posOf(n), "%s is %s here; it takes keys, such as %s", what, describe(d), example)
	return false
}

// sequence gives the items of a list; a single value is a list of one.
func sequence(n *yaml.Node) []*yaml.Node {
	if d := deref(n); d.Kind == yaml.SequenceNode {
		return d.Content
	}
	return []*yaml.Node{n}
}

func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "left blank"
	}
	return quote(n.Value)
}

// quote puts what a person wrote between quotes, as clip shows it.
func quote(s string) string { return `"` + clip(s) + `"` }

// clip cuts a text to what a line can show. Characters that do not show, or
// that would change how the line does, are written as escapes.
func clip(s string) string {
	const most = 40
	var b strings.Builder
	runes := 0
	for _, r := range s {
		if runes++; runes > most {
			return b.String() + "..."
		}
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		escape := strconv.QuoteRuneToASCII(r)
		b.WriteString(escape[1 : len(escape)-1])
	}
	return b.String()
}

// scalar gives the text of a scalar as typed.
func (p *parser) scalar(n *yaml.Node, what string) (string, bool) {
	d := deref(n)
	if d.Kind != yaml.ScalarNode {
		p.errorf(posOf(n), "%s is %s here; it takes a single value", what, describe(d))
		return "", false
	}
	return d.Value, true
}

// text is a scalar that may be left blank.
func (p *parser) text(n *yaml.Node, what string) string {
	if isNull(n) {
		return ""
	}
	s, _ := p.scalar(n, what)
	return s
}

// number reads a plain decimal integer from 0 to 2^63-1.
func (p *parser) number(n *yaml.Node, what string) (uint64, bool) {
	s, ok := p.scalar(n, what)
	if !ok {
		return 0, false
	}
	v, problem := parseNumber(s)
	switch {
	case isNull(n):
		p.errorf(posOf(n), "%s is left blank; write a whole number", what)
	case problem != "":
		p.errorf(posOf(n), "%s: %s %s", what, quote(s), problem)
	case isQuoted(deref(n)):
		p.errorf(posOf(n), "%s: the quotes make %s text; write %s", what, quote(s), s)
	default:
		return v, true
	}
	return 0, false
}

// parseNumber gives the number that s is, or what is wrong with it.
func parseNumber(s string) (v uint64, problem string) {
	if !isDigits(s) {
		return 0, "is no whole number; write digits alone, such as 12"
	}
	if s[0] == '0' && len(s) > 1 {
		return 0, "starts with a zero; write " + clip(strings.TrimLeft(s[:len(s)-1], "0")+s[len(s)-1:])
	}
	v, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, "is above 9223372036854775807, the largest number"
	}
	return v, ""
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// numeric is a term or an index.
type numeric interface{ raft.Term | raft.Index }

// optNumber reads a number that may be left blank.
func optNumber[T numeric](p *parser, n *yaml.Node, what string) Opt[T] {
	o := Opt[T]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	if v, ok := p.number(n, what); ok {
		o.Value, o.Presence = T(v), Given
	}
	return o
}

// node reads the name of a node.
func (p *parser) node(n *yaml.Node, what string) (raft.NodeID, bool) {
	if isNull(n) {
		p.errorf(posOf(n), "%s is left blank; write the node's name", what)
		return raft.NoNode, false
	}
	d := deref(n)
	if d.Kind != yaml.ScalarNode {
		p.errorf(posOf(n), "%s takes the name of a node here, not %s", what, describe(d))
		return raft.NoNode, false
	}
	name := d.Value
	id, ok := p.names[name]
	if !ok {
		p.noNode(n, what, name)
	}
	return id, ok
}

// nodeKey reads the name of a node where it is a key. Where the nodes are not
// known the key is passed over, but not what stands under it.
func (p *parser) nodeKey(key, value *yaml.Node, what string) (raft.NodeID, bool) {
	id, ok := p.names[key.Value]
	switch k, v, found := strings.Cut(key.Value, ":"); {
	case ok || p.names == nil:
		return id, true
	case found && isNull(value) && v != "":
		p.errorf(posOf(key), "%s needs a space after its colon: %s: %s", quote(key.Value), clip(k), clip(v))
	default:
		p.noNode(key, what, key.Value)
	}
	return raft.NoNode, false
}

// noNode says that a name is no node's, and which nodes there are.
func (p *parser) noNode(n *yaml.Node, what, name string) {
	if p.names == nil || p.full() {
		return
	}
	names := p.t.Names
	counted := len(names) > 1
	for i, s := range names {
		counted = counted && s == strconv.Itoa(i+1)
	}
	nodes := clip(strings.Join(names, ", "))
	if counted {
		nodes = "1 to " + names[len(names)-1]
	}
	p.errorf(posOf(n), "%s: there is no node %s; the nodes are %s", what, quote(name), nodes)
}

// nodeList reads a node or a list of nodes, each named once.
func (p *parser) nodeList(n *yaml.Node, what string) raft.NodeSet {
	var set raft.NodeSet
	for _, id := range p.nodeSeq(n, what) {
		set = set.With(id)
	}
	return set
}

// nodeSeq is nodeList in the order written.
func (p *parser) nodeSeq(n *yaml.Node, what string) []raft.NodeID {
	var set raft.NodeSet
	var ids []raft.NodeID
	for _, item := range sequence(n) {
		id, ok := p.node(item, what)
		if !ok {
			continue
		}
		if set.Has(id) {
			p.errorf(posOf(item), "%s names node %s twice", what, p.t.Name(id))
			continue
		}
		set = set.With(id)
		ids = append(ids, id)
	}
	return ids
}

// vote reads a votedFor: a node, or none.
func (p *parser) vote(n *yaml.Node) Opt[raft.NodeID] {
	o := Opt[raft.NodeID]{Pos: posOf(n), Presence: Blank}
	if isNull(n) {
		return o
	}
	if d := deref(n); d.Kind == yaml.ScalarNode && d.Value == "none" {
		o.Presence = Given
		return o
	}
	if id, ok := p.node(n, "votedFor"); ok {
		o.Value, o.Presence = id, Given
	}
	return o
}
