package trace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file has the kinds of value that are a word, a number, or nodes.

// opt makes a kind of value one that may be left blank. One of which a part
// cannot be read cannot be read itself, unless its parts say so of themselves.
func opt[V any](k kind[V], ref string, schema jsonSchema) kind[Opt[V]] {
	return kind[Opt[V]]{
		ref: ref, schema: schema,
		read: func(p *parser, n *yaml.Node, what string) (Opt[V], bool) {
			if source.IsNull(n) {
				return blankAt[V](n), true
			}
			before := p.wrong
			v, ok := k.read(p, n, what)
			if !ok || p.wrong != before && !k.inParts {
				return unreadAt[V](n), true
			}
			return givenAt(n, v), true
		},
		write: func(w *writer, o Opt[V]) (value, bool) {
			switch o.Presence {
			case Absent:
				return value{}, false
			case Blank, Unread:
				return value{}, true
			}
			return k.write(w, o.Value)
		},
	}
}

// text is text that may be left blank.
var text = kind[string]{
	ref: "text", schema: fixed(`"type": ["string", "number", "boolean", "null"]`),
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

// numberSchema is that of a whole number from least on, with or without quotes.
func numberSchema(least int, others string) jsonSchema {
	digits := `^ *(0|[1-9][0-9]{0,18}) *$`
	if least > 0 {
		digits = `^ *[1-9][0-9]{0,18} *$`
	}
	return func() string {
		return fmt.Sprintf(`"anyOf": [{"type": "integer", "minimum": %d, "maximum": 9223372036854775807}, {"type": "string", "pattern": "%s"}%s]`, least, digits, others)
	}
}

const orBlank = `, {"type": "null"}`

// number is a term or an index.
func number[N numeric]() kind[N] {
	return kind[N]{
		ref: "number", schema: numberSchema(0, ""),
		read: func(p *parser, n *yaml.Node, what string) (N, bool) {
			v, ok := p.number(n, what)
			return N(v), ok
		},
		write: func(_ *writer, v N) (value, bool) { return word(strconv.FormatUint(uint64(v), 10)), true },
	}
}

func optNumber[N numeric]() kind[Opt[N]] {
	return opt(number[N](), "numberOrBlank", numberSchema(0, orBlank))
}

// command is the value of an entry, a client's command.
var command = kind[string]{
	ref: "value",
	schema: func() string {
		return fmt.Sprintf(`"type": ["string", "number", "boolean", "null"], "maxLength": %d`, DefaultLimits().Value)
	},
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

// nodeName is what may name a node: a word, a UUID, host:port.
const nodeName = `^[A-Za-z0-9_.-]([A-Za-z0-9_.:-]{0,62}[A-Za-z0-9_.-])?$`

// node is the name of a node.
var node = kind[raft.NodeID]{
	ref: "node",
	schema: fixed(`"anyOf": [
		{"type": "string", "pattern": "` + nodeName + `", "not": {"anyOf": [{"enum": ["none", "others"]}, {"pattern": "^-+$"}]}},
		{"type": "number"}
	]`),
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
	schema: fixed(`"anyOf": [{"$ref": "#/definitions/node"}, {"type": "null"}]`),
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

// vote is a votedFor: a node, or none; leader is a leader that a node knows.
var (
	vote   = opt(nodeOrNone, "vote", fixed(`"anyOf": [{"$ref": "#/definitions/node"}, {"enum": ["none", null]}]`))
	leader = opt(nodeOrNone, "vote", nil)
)

var nodeOrNone = kind[raft.NodeID]{
	read: func(p *parser, n *yaml.Node, what string) (raft.NodeID, bool) {
		d := source.Deref(n)
		_, known := p.named(d.Value)
		switch {
		case d.Kind != yaml.ScalarNode || known:
		case strings.EqualFold(d.Value, "none"):
			return raft.NoNode, true
		case d.Value == "-1" || strings.EqualFold(d.Value, "nil") || strings.Trim(d.Value, dashes) == "":
			p.errorf(posOf(n), "%s: %s is not a node; write none for nobody", what, source.Quote(d.Value))
			return raft.NoNode, false
		}
		return p.node(n, what)
	},
	write: func(w *writer, id raft.NodeID) (value, bool) {
		if id == raft.NoNode {
			return word("none"), true
		}
		return node.write(w, id)
	},
}

// nodes is a node or a list of nodes.
var nodes = kind[raft.NodeSet]{
	ref: "nodesOrBlank", schema: fixed(`"anyOf": [{"$ref": "#/definitions/nodes"}, {"type": "null"}]`),
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
	ref: "someNodes", schema: fixed(`"allOf": [{"$ref": "#/definitions/nodes"}, {"minItems": 1}]`),
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
		r, ok := raft.ParseRole(strings.ToLower(strings.TrimSpace(s)))
		if !ok {
			p.errorf(posOf(n), "%s: %s is not a role; write follower, candidate or leader", what, source.Quote(s))
		}
		return r, ok
	},
	write: func(_ *writer, r raft.Role) (value, bool) { return word(r.String()), true },
}, "", func() string {
	return `"anyOf": [{"enum": ["follower", "candidate", "leader", null]}, {"type": "string", "pattern": "^(` + anyCase([]string{"follower", "candidate", "leader"}) + `)$"}]`
})

// The words of an answer, read in any case. The first of each is how the program
// writes it.
var (
	yesWords  = []string{"ok", "yes", "true", "✓", "y", "t", "1", "success", "granted", "accepted"}
	noWords   = []string{"no", "false", "✗", "n", "f", "0", "fail", "refused", "rejected", "denied"}
	noneWords = []string{"none", "lost", "n/a"} // and a dash of any length
)

// parseOutcome reads success or voteGranted as people write it.
func parseOutcome(s string) (v, ok bool) {
	switch s { // almost always
	case yesWords[0]:
		return true, true
	case noWords[0]:
		return false, true
	case noneWords[0]: // no answer
		return false, false
	}
	v = oneOf(s, yesWords)
	return v, v || oneOf(s, noWords)
}

func oneOf(s string, words []string) bool {
	s = strings.TrimSpace(s)
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, s) })
}

// isNoAnswer reports whether a word says that there was no answer.
func isNoAnswer(s string) bool {
	s = strings.TrimSpace(s)
	return oneOf(s, noneWords) || s != "" && strings.Trim(s, dashes) == ""
}

// anyCase is a pattern of words in any case.
func anyCase(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte('|')
		}
		for _, r := range w {
			if lower, upper := unicode.ToLower(r), unicode.ToUpper(r); lower != upper {
				b.WriteString("[" + string(lower) + string(upper) + "]")
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// outcome is success or voteGranted.
var outcome = kind[bool]{
	ref: "outcome",
	schema: func() string {
		return `"anyOf": [{"enum": ["ok", "no"]}, {"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "^ *(` + anyCase(slices.Concat(yesWords, noWords)) + `) *$"}]`
	},
	read: func(p *parser, n *yaml.Node, what string) (bool, bool) {
		s, ok := p.scalar(n, what)
		if !ok {
			return false, false
		}
		v, ok := parseOutcome(s)
		if !ok {
			p.errorf(posOf(n), "%s is %s; write true or false%s", what, source.Describe(n), odd(s))
		}
		return v, ok
	},
	write: func(_ *writer, v bool) (value, bool) { return word(strconv.FormatBool(v)), true },
}

var optOutcome = opt(outcome, "outcomeOrBlank", fixed(`"anyOf": [{"$ref": "#/definitions/outcome"}, {"type": "null"}]`))
