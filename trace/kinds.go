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

// This file has the kinds of value that are a word, a number, or nodes.

// opt makes a kind of value one that may be left blank. What cannot be read
// counts as blank.
func opt[V any](k kind[V], ref, schema string) kind[Opt[V]] {
	return kind[Opt[V]]{
		ref: ref, schema: schema,
		read: func(p *parser, n *yaml.Node, what string) (Opt[V], bool) {
			if source.IsNull(n) {
				return blankAt[V](n), true
			}
			if v, ok := k.read(p, n, what); ok {
				return givenAt(n, v), true
			}
			return blankAt[V](n), true
		},
		write: func(w *writer, o Opt[V]) (value, bool) {
			switch o.Presence {
			case Absent:
				return value{}, false
			case Blank:
				return value{}, true
			}
			return k.write(w, o.Value)
		},
	}
}

// text is text that may be left blank.
var text = kind[string]{
	ref: "text", schema: `"type": ["string", "number", "boolean", "null"]`,
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		if source.IsNull(n) {
			return "", true
		}
		return p.scalar(n, what)
	},
	write: func(_ *writer, s string) (value, bool) { return word(blockScalar(s)), s != "" },
}

// prose is text that may be a sentence, or several.
var prose = kind[string]{
	ref: text.ref, schema: text.schema, read: text.read,
	write: func(_ *writer, s string) (value, bool) { return proseValue(s), s != "" },
}

const numberRange = `"minimum": 0, "maximum": 9223372036854775807`

// number is a term or an index.
func number[N numeric]() kind[N] {
	return kind[N]{
		ref: "number", schema: `"type": "integer", ` + numberRange,
		read: func(p *parser, n *yaml.Node, what string) (N, bool) {
			v, ok := p.number(n, what)
			return N(v), ok
		},
		write: func(_ *writer, v N) (value, bool) { return word(strconv.FormatUint(uint64(v), 10)), true },
	}
}

func optNumber[N numeric]() kind[Opt[N]] {
	return opt(number[N](), "numberOrBlank", `"type": ["integer", "null"], `+numberRange)
}

// command is the value of an entry, a client's command.
var command = kind[string]{
	ref: "value", schema: fmt.Sprintf(`"type": ["string", "number", "boolean", "null"], "maxLength": %d`, DefaultLimits().Value),
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		s, ok := p.scalar(n, what)
		return s, ok && p.shortValue(n, s)
	},
	write: func(_ *writer, s string) (value, bool) { return word(FlowScalar(s)), true },
}

var optCommand = opt(command, command.ref, command.schema)

// bareCommand is a command that is empty where it is left blank.
var bareCommand = kind[string]{
	ref: command.ref, schema: command.schema,
	read: func(p *parser, n *yaml.Node, what string) (string, bool) {
		o, _ := optCommand.read(p, n, what)
		return o.Value, true
	},
	write: func(_ *writer, s string) (value, bool) { return word(FlowScalar(s)), s != "" },
}

const nodeName = `^[A-Za-z0-9_.-]{1,32}$`

// node is the name of a node.
var node = kind[raft.NodeID]{
	ref: "node",
	schema: `"anyOf": [
		{"type": "string", "pattern": "` + nodeName + `", "not": {"enum": ["none", "others"]}},
		{"type": "number"}
	]`,
	read: (*parser).node,
	write: func(w *writer, id raft.NodeID) (value, bool) {
		if id == raft.NoNode && w.form {
			return value{}, true
		}
		return word(w.name(id)), true
	},
}

// optNode is the name of a node, NoNode where it is left blank.
var optNode = kind[raft.NodeID]{
	schema: `"anyOf": [{"$ref": "#/definitions/node"}, {"type": "null"}]`,
	read: func(p *parser, n *yaml.Node, what string) (raft.NodeID, bool) {
		if source.IsNull(n) {
			return raft.NoNode, false
		}
		return p.node(n, what)
	},
	write: func(w *writer, id raft.NodeID) (value, bool) {
		if id == raft.NoNode {
			return value{}, false
		}
		return node.write(w, id)
	},
}

// vote is a votedFor: a node, or none.
var vote = opt(kind[raft.NodeID]{
	read: func(p *parser, n *yaml.Node, what string) (raft.NodeID, bool) {
		if d := source.Deref(n); d.Kind == yaml.ScalarNode && d.Value == "none" {
			return raft.NoNode, true
		}
		return p.node(n, "votedFor")
	},
	write: func(w *writer, id raft.NodeID) (value, bool) {
		if id == raft.NoNode {
			return word("none"), true
		}
		return node.write(w, id)
	},
}, "vote", `"anyOf": [{"$ref": "#/definitions/node"}, {"enum": ["none", null]}]`)

// nodes is a node or a list of nodes.
var nodes = kind[raft.NodeSet]{
	ref: "nodesOrBlank", schema: `"anyOf": [{"$ref": "#/definitions/nodes"}, {"type": "null"}]`,
	read: func(p *parser, n *yaml.Node, what string) (raft.NodeSet, bool) {
		if source.IsNull(n) {
			return 0, false
		}
		return p.nodeList(n, what), true
	},
	write: func(w *writer, set raft.NodeSet) (value, bool) {
		return writeNodes(w, slices.Collect(set.All())), set != 0
	},
}

// sentTo is nodes where none is a list of its own: to: [].
var sentTo = kind[Opt[raft.NodeSet]]{
	ref: nodes.ref, schema: nodes.schema,
	read: func(p *parser, n *yaml.Node, what string) (o Opt[raft.NodeSet], ok bool) {
		if set, ok := nodes.read(p, n, what); ok {
			return givenAt(n, set), true
		}
		return o, false
	},
	write: func(w *writer, o Opt[raft.NodeSet]) (value, bool) {
		return writeNodes(w, slices.Collect(o.Value.All())), o.Given()
	},
}

// inTurn is one node, or several in an order.
var inTurn = kind[[]raft.NodeID]{
	ref: "someNodes", schema: `"allOf": [{"$ref": "#/definitions/nodes"}, {"minItems": 1}]`,
	read: func(p *parser, n *yaml.Node, what string) ([]raft.NodeID, bool) {
		ids := p.nodeSeq(n, what)
		if d := source.Deref(n); d.Kind == yaml.SequenceNode && len(d.Content) == 0 {
			p.errorf(posOf(n), "%s must name at least one node", what)
		}
		return ids, true
	},
	write: func(w *writer, ids []raft.NodeID) (value, bool) {
		if len(ids) == 1 {
			return word(w.name(ids[0])), true
		}
		return writeNodes(w, ids), true
	},
}

func writeNodes(w *writer, ids []raft.NodeID) value {
	v := value{open: '['}
	for _, id := range ids {
		v.items = append(v.items, word(w.name(id)))
	}
	return v
}

// role is follower, candidate or leader.
var role = opt(kind[raft.Role]{
	read: func(p *parser, n *yaml.Node, what string) (raft.Role, bool) {
		s, ok := p.scalar(n, what)
		if !ok {
			return 0, false
		}
		r, ok := raft.ParseRole(s)
		if !ok {
			p.errorf(posOf(n), "%s: %s is not a role; write follower, candidate or leader", what, source.Quote(s))
		}
		return r, ok
	},
	write: func(_ *writer, r raft.Role) (value, bool) { return word(r.String()), true },
}, "", `"enum": ["follower", "candidate", "leader", null]`)

// The words of an outcome. The first of each is how the program writes it.
var (
	yesWords = []string{"ok", "yes", "true", "✓", "OK", "Ok", "Yes", "YES", "True", "TRUE"}
	noWords  = []string{"no", "false", "✗", "No", "NO", "False", "FALSE"}
)

// parseOutcome reads success or voteGranted as people write it.
func parseOutcome(s string) (v, ok bool) {
	v = slices.Contains(yesWords, s)
	return v, v || slices.Contains(noWords, s)
}

// outcome is success or voteGranted.
var outcome = kind[bool]{
	ref:    "outcome",
	schema: fmt.Sprintf(`"enum": [true, "%s", false, "%s"]`, strings.Join(yesWords, `", "`), strings.Join(noWords, `", "`)),
	read: func(p *parser, n *yaml.Node, what string) (bool, bool) {
		s, ok := p.scalar(n, what)
		if !ok {
			return false, false
		}
		v, ok := parseOutcome(s)
		if !ok {
			p.errorf(posOf(n), "%s is %s; write true or false", what, source.Describe(n))
		}
		return v, ok
	},
	write: func(_ *writer, v bool) (value, bool) { return word(strconv.FormatBool(v)), true },
}

var optOutcome = opt(outcome, "outcomeOrBlank", `"anyOf": [{"$ref": "#/definitions/outcome"}, {"type": "null"}]`)
