package trace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads the keys of a document: who the nodes are, and what they play
// by.

const sayNodes = "the majority depends on the size of the cluster; write nodes: 5, or a list of names"

// nodes reads the cluster: a count, or names.
func (p *parser) nodes(n *yaml.Node) bool {
	switch {
	case source.IsNull(n):
		p.errorf(posOf(n), "nodes is left blank: %s", sayNodes)
		return false
	case source.Deref(n).Kind == yaml.SequenceNode:
		return p.nodeNames(n)
	}
	if d := source.Deref(n); d.Kind != yaml.ScalarNode || !isDigits(d.Value) {
		p.errorf(posOf(n), "nodes is %s here; it takes a number, such as 5, or a list of names, such as [S1, S2, S3]", source.Describe(d))
		return false
	}
	count, ok := p.number(n, "nodes")
	if !ok {
		return false
	}
	if count < 1 || count > raft.MaxNodes {
		p.errorf(posOf(n), "nodes: %d: a cluster has 1 to %d nodes", count, raft.MaxNodes)
		return false
	}
	p.names = make(map[string]raft.NodeID, count)
	for i := range int(count) {
		p.addName(strconv.Itoa(i + 1))
	}
	return true
}

func (p *parser) nodeNames(n *yaml.Node) bool {
	names := source.Items(n)
	if len(names) == 0 || len(names) > raft.MaxNodes {
		p.errorf(posOf(n), "nodes: %d names: a cluster has 1 to %d nodes", len(names), raft.MaxNodes)
		return false
	}
	good := true
	for _, n := range names {
		name, ok := p.scalar(n, "a node's name")
		switch {
		case !ok:
			good = false
			continue
		case source.IsNull(n):
			p.errorf(posOf(n), "a node's name is left blank; YAML reads ~ and null as blanks too")
		case !ValidName(name):
			p.errorf(posOf(n), "%s cannot name a node; use 1 to 64 letters, digits, _ . - and : inside, but not none or others%s", source.Quote(name), odd(name))
		case p.names[name] != raft.NoNode:
			p.errorf(posOf(n), "two nodes are named %s", source.Quote(name))
		default:
			p.addName(name)
			continue
		}
		good = false
	}
	return good
}

func (p *parser) addName(name string) {
	p.t.Names = append(p.t.Names, name)
	if p.names == nil {
		p.names = make(map[string]raft.NodeID, raft.MaxNodes)
	}
	p.names[name] = raft.NodeID(len(p.t.Names))
}

// ValidName reports whether a trace can name a node so.
func ValidName(s string) bool {
	if s == "" || len(s) > 64 || s == "none" || s == "others" || strings.Trim(s, "-") == "" || s[0] == ':' || s[len(s)-1] == ':' {
		return false
	}
	for _, c := range []byte(s) {
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alphanumeric && c != '_' && c != '.' && c != '-' && c != ':' {
			return false
		}
	}
	return true
}

// nodesKey makes the row of nodes: a count, or names.
func nodesKey(doc string) key[Trace] {
	return key[Trace]{
		name: "nodes", doc: doc, required: true, missing: "nodes is missing: " + sayNodes,
		schema: func() string {
			return fmt.Sprintf(`"oneOf": [
				{"type": "integer", "minimum": 1, "maximum": %[1]d},
				{"type": "string", "pattern": "^ *([1-9]|[1-5][0-9]|6[0-4]) *$"},
				{"type": "array", "minItems": 1, "maxItems": %[1]d, "uniqueItems": true, "items": {"$ref": "#/definitions/node"}}
			]`, raft.MaxNodes)
		},
		read: func(p *parser, _, v *yaml.Node, _ *Trace) {
			if !p.nodes(v) {
				p.names = nil
			}
		},
		write: func(w *writer, t *Trace) (value, bool) {
			counted := t.Size() > 0
			for i, name := range t.Names {
				counted = counted && name == strconv.Itoa(i+1)
			}
			if counted {
				return word(strconv.Itoa(t.Size())), true
			}
			return writeNodes(w, slices.Collect(raft.AllNodes(t.Size()).All())), true
		},
	}
}

// raftIDKey makes the row of raftId, from which it follows who is unknown.
func raftIDKey(doc string) key[Trace] {
	k := row("raftId", optNode, func(t *Trace) *raft.NodeID { return &t.RaftID }, doc)
	read := k.read
	k.read = func(p *parser, key, v *yaml.Node, t *Trace) {
		if read(p, key, v, t); t.RaftID != raft.NoNode {
			t.Unknown = raft.AllNodes(t.Size()).Without(t.RaftID)
		}
	}
	return k
}

// unknownNodesKey makes the row of unknown.
func unknownNodesKey(doc string) key[Trace] {
	return key[Trace]{
		name: "unknown", doc: doc,
		schema: fixed(`"anyOf": [{"$ref": "#/definitions/nodes"}, {"type": "null"}]`),
		read: func(p *parser, _, v *yaml.Node, t *Trace) {
			ids, _ := nodes.read(p, v, "unknown")
			if t.RaftID != raft.NoNode && ids.Has(t.RaftID) {
				p.errorf(posOf(v), "node %s is the raftId, so it cannot be unknown", t.Name(t.RaftID))
			}
			t.Unknown |= ids.Without(t.RaftID)
		},
		write: func(w *writer, t *Trace) (value, bool) {
			if t.RaftID != raft.NoNode {
				return value{}, false
			}
			return nodes.write(w, t.Unknown)
		},
	}
}

// rulesKey makes the row of rules. Whether there are such rules is checked here
// too.
func rulesKey(doc string) key[Trace] {
	return key[Trace]{
		name: "rules", doc: doc,
		schema: fixed(`"anyOf": [
			{"$ref": "#/definitions/rule"},
			{"type": "array", "items": {"$ref": "#/definitions/rule"}},
			{"type": "null"}
		]`),
		read: func(p *parser, _, v *yaml.Node, t *Trace) {
			if source.IsNull(v) {
				return
			}
			t.RulesPos = posOf(v)
			for _, item := range source.Items(v) {
				name, ok := p.scalar(item, "rules")
				if !ok {
					continue
				}
				if _, err := raft.RulesNamed(name); err != nil {
					p.errorf(posOf(item), "%s%s", err, MeantRules(name))
					continue
				}
				t.Rules = append(t.Rules, name)
			}
		},
		write: func(w *writer, t *Trace) (value, bool) {
			if len(t.Rules) == 1 {
				return word(FlowScalar(t.Rules[0])), true
			}
			v := value{open: '['}
			for _, name := range t.Rules {
				v.items = append(v.items, word(FlowScalar(name)))
			}
			return v, len(t.Rules) > 0
		},
	}
}

// initialKey makes the row of initial.
func initialKey(keys *mapping[NodeState], doc string) key[Trace] {
	return key[Trace]{
		name: "initial", doc: doc,
		schema: byNode(`{"anyOf": [
			{"type": "null"},
			{"allOf": [{"$ref": "#/definitions/state"}, {"properties": {"terms": false, "lastLogIndex": false, "lastLogTerm": false, "log": {"not": {"type": "object"}}}}]}
		]}`),
		read: func(p *parser, _, v *yaml.Node, t *Trace) {
			if source.IsNull(v) {
				return
			}
			t.Initial = p.states(v, initialStates, keys)
			if p.names != nil {
				p.checkInitial()
			}
		},
		write: func(w *writer, t *Trace) (value, bool) { return writeStates(w, t.Initial, keys), len(t.Initial) > 0 },
	}
}

// ofEverybody makes a row one that has to be read before anything can be told of
// any node.
func ofEverybody(k key[Trace]) key[Trace] {
	read := k.read
	k.read = func(p *parser, key, v *yaml.Node, t *Trace) {
		before := p.wrong
		if read(p, key, v, t); p.wrong != before {
			t.Unread = raft.AllNodes(t.Size())
		}
	}
	return k
}

// checkDocument finds what the document's keys that cannot be read cost it: all
// that can be told of any node, if they may be ones that are about every node.
func (p *parser) checkDocument(n *yaml.Node, t *Trace) {
	p.checkWhole()
	seen, unknown := make(map[string]bool), 0
	for key := range source.Pairs(n) {
		word := key.Value
		if !slices.Contains(p.docKeys, word) && unknown < maxErrors {
			unknown++
			word = Nearest(word, p.docKeys)
		}
		switch word {
		case "raftId", "unknown", "rules", "initial", "voters":
			if word != key.Value || seen[word] {
				t.Unread = raft.AllNodes(t.Size())
			}
		}
		seen[key.Value] = true
	}
}

// gradingKey makes the row of grading.
func gradingKey(keys *mapping[Grading], doc string) key[Trace] {
	return key[Trace]{
		name: "grading", doc: doc, ref: "grading",
		read: func(p *parser, _, v *yaml.Node, t *Trace) { keys.read(p, v, &t.Grading) },
		write: func(w *writer, t *Trace) (value, bool) {
			v := keys.write(w, &t.Grading)
			return v, t.Grading.Pos.IsValid() || len(v.items) > 0
		},
	}
}

// stepsKey makes the row of steps. The writer goes through them itself.
func stepsKey(keys stepTable, doc string) key[Trace] {
	return key[Trace]{
		name: "steps", doc: doc, required: true, missing: "steps is missing: list what happened, one step per item",
		schema: func() string {
			return fmt.Sprintf(`"type": "array", "maxItems": %d, "items": {"$ref": "#/definitions/step"}`, DefaultLimits().Steps)
		},
		read:  func(p *parser, _, v *yaml.Node, _ *Trace) { p.listed = p.steps(v, keys) },
		write: func(*writer, *Trace) (value, bool) { return value{}, false },
	}
}

// MeantRules suggests rules for a name that no rules have: ; did you mean
// vote-twice? It is empty where no name is near.
func MeantRules(name string) string {
	if best := Nearest(name, raft.RulesNames()); best != "" {
		return "; did you mean " + best + "?"
	}
	return ""
}
