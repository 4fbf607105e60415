package trace

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads the names of nodes.

// node reads the name of a node.
func (p *parser) node(n *yaml.Node, what string) (raft.NodeID, bool) {
	if source.IsNull(n) {
		p.errorf(posOf(n), "%s is left blank; write the node's name", what)
		return raft.NoNode, false
	}
	d := source.Deref(n)
	if d.Kind != yaml.ScalarNode {
		p.errorf(posOf(n), "%s takes the name of a node here, not %s", what, source.Describe(d))
		return raft.NoNode, false
	}
	id, ok := p.named(d.Value)
	if !ok {
		p.noNode(n, what, d.Value)
	}
	return id, ok
}

// named gives the node of a name; ok is false if there is none.
func (p *parser) named(name string) (id raft.NodeID, ok bool) {
	if len(name) == 1 { // almost always it is the number of the node
		if i := int(name[0]) - '1'; i >= 0 && i < len(p.t.Names) && p.t.Names[i] == name && p.names != nil {
			return raft.NodeID(i + 1), true
		}
	}
	id, ok = p.names[name]
	return id, ok
}

// nodeKey reads the name of a node where it is a key. Where the nodes are not
// known the key is passed over, but not what is under it.
func (p *parser) nodeKey(key, value *yaml.Node, what string) (raft.NodeID, bool) {
	id, ok := p.named(key.Value)
	if ok || p.names == nil {
		return id, true
	}
	if k, v, found := strings.Cut(key.Value, ":"); found && source.IsNull(value) && v != "" {
		p.glued(key, k, v)
	} else {
		p.noNode(key, what, key.Value)
	}
	return raft.NoNode, false
}

// noNode says that no node has a name, and which nodes there are.
func (p *parser) noNode(n *yaml.Node, what, name string) {
	if p.full() {
		p.wrong++
	}
	if p.names == nil || p.full() {
		return
	}
	names := p.t.Names
	counted := len(names) > 1
	for i, s := range names {
		counted = counted && s == strconv.Itoa(i+1)
	}
	nodes := source.Clip(strings.Join(names, ", "))
	if counted {
		nodes = "1 to " + names[len(names)-1]
	}
	p.errorf(posOf(n), "%s: there is no node %s; the nodes are %s", what, source.Quote(name), nodes)
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
	for _, item := range source.Items(n) {
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
