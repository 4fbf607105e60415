package trace

import (
	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads what is written of logs that do not begin at index 1, or are not
// written whole, of snapshots, of disks, and of who counts for majorities.

// snapshotOf is the kind of a node's snapshot.
func snapshotOf(keys *mapping[Snapshot]) kind[Opt[Snapshot]] {
	return opt(kind[Snapshot]{
		inParts: true,
		read: func(p *parser, n *yaml.Node, what string) (s Snapshot, ok bool) {
			if d := source.Deref(n); d.Kind == yaml.ScalarNode && oneOf(d.Value, []string{"none"}) {
				s.LastIncludedIndex = givenAt(n, raft.Index(0))
				return s, true
			}
			if !p.isMapping(n, what, keys.example) {
				return s, false
			}
			keys.read(p, n, &s)
			return s, true
		},
		write: func(w *writer, s Snapshot) (value, bool) {
			if i := s.LastIncludedIndex; i.Given() && i.Value == 0 && s.LastIncludedTerm.Presence == Absent {
				return word("none"), true
			}
			return keys.write(w, &s), true
		},
	}, "", func() string { return `"anyOf": [{"type": "null"}, {"enum": ["none"]}, {` + keys.schema() + `}]` })
}

// A logSlice is a log from an index on.
type logSlice struct {
	from    Opt[raft.Index]
	entries Opt[[]LogEntry]
}

// stateLogKey makes the row of a state's log: a list, or {from: 341, entries: [...]}.
func stateLogKey(k kind[Opt[[]LogEntry]], keys *mapping[logSlice], doc string) key[NodeState] {
	r := row("log", k, func(s *NodeState) *Opt[[]LogEntry] { return &s.Log }, doc)
	list := r
	r.schema = func() string {
		return `"anyOf": [{"$ref": "#/definitions/log"}, {"type": "null"}, {` + keys.schema() + `}]`
	}
	r.read = func(p *parser, k, v *yaml.Node, s *NodeState) {
		if source.Deref(v).Kind != yaml.MappingNode {
			list.read(p, k, v, s)
			return
		}
		if source.Child(v, "from") == nil && source.Child(v, "entries") == nil {
			p.errorf(posOf(v), "log is a mapping here; it takes %s, or {from: 341, entries: [...]}", likeLog)
			s.Log = unreadAt[[]LogEntry](v)
			return
		}
		var part logSlice
		before := p.wrong
		keys.read(p, v, &part)
		switch {
		case p.wrong != before:
			s.Log = unreadAt[[]LogEntry](v)
		case !part.from.Given() || part.from.Value == 0:
			p.errorf(posOf(v), "log: from is the index of the first entry that is written, at least 1")
			s.Log = unreadAt[[]LogEntry](v)
		default:
			s.Log = Opt[[]LogEntry]{part.entries.Value, posOf(v), Given}
			if s.LogFrom = part.from.Value; !part.entries.Given() {
				s.Log.Presence = Blank
			}
		}
	}
	r.write = func(w *writer, s *NodeState) (value, bool) {
		if s.LogFrom == 0 || s.Log.Presence == Absent {
			return list.write(w, s)
		}
		return keys.write(w, &logSlice{Opt[raft.Index]{Value: s.LogFrom, Presence: Given}, s.Log}), true
	}
	return r
}

// restartKey makes the row of restart: who comes up, or what each disk gave back.
func restartKey(keys *mapping[NodeState], doc string) key[Step] {
	k := key[Restart]{
		name: "restart", doc: doc,
		schema: func() string {
			return `"anyOf": [{"$ref": "#/definitions/someNodes"}, {
				"type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/definitions/node"},
				"additionalProperties": {"anyOf": [{"type": "null"}, {` + keys.schema() + `}]}
			}]`
		},
		read: func(p *parser, _, v *yaml.Node, e *Restart) {
			if source.Deref(v).Kind != yaml.MappingNode {
				e.Nodes, _ = inTurn.read(p, v, "restart")
				return
			}
			if e.Disks = p.states(v, "restart", keys); len(source.Deref(v).Content) == 0 {
				p.errorf(posOf(v), "restart must name at least one node")
			}
			for i := range e.Disks {
				e.Nodes = append(e.Nodes, e.Disks[i].Node)
			}
		},
		write: func(w *writer, e *Restart) (value, bool) {
			if len(e.Disks) == 0 {
				return inTurn.write(w, e.Nodes)
			}
			v := writeStates(w, e.Disks, keys)
			v.block = false
			return v, true
		},
	}
	return eventOf[Restart](k)
}

// voterSets is who counts for majorities: a list of nodes, or two (joint
// consensus, §6).
var voterSets = kind[[]raft.NodeSet]{
	ref: "voters",
	schema: fixed(`"anyOf": [
		{"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/definitions/node"}},
		{"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/definitions/node"}}}
	]`),
	read: func(p *parser, n *yaml.Node, what string) ([]raft.NodeSet, bool) {
		items, ok := p.list(n, what, "a list of the nodes that vote, such as [1, 2, 3], or two such lists")
		switch {
		case !ok:
			return nil, false
		case len(items) == 0:
			p.errorf(posOf(n), "%s must name at least one node", what)
			return nil, false
		case source.Deref(items[0]).Kind != yaml.SequenceNode:
			return []raft.NodeSet{p.nodeList(n, what)}, true
		case len(items) > 2:
			p.errorf(posOf(items[2]), "%s: a configuration has one list of voters, or two while it changes (§6)", what)
			return nil, false
		}
		var sets []raft.NodeSet
		for _, item := range items {
			if list, ok := p.list(item, what, "two lists of nodes, such as [[1, 2, 3], [3, 4, 5]]"); ok && len(list) == 0 {
				p.errorf(posOf(item), "%s must name at least one node", what)
			}
			sets = append(sets, p.nodeList(item, what))
		}
		return sets, true
	},
	write: func(w *writer, sets []raft.NodeSet) (value, bool) {
		if len(sets) == 1 {
			return sentTo.write(w, Opt[raft.NodeSet]{Value: sets[0], Presence: Given})
		}
		v, _ := groups.write(w, sets)
		return v, len(sets) > 0
	},
}

// votersKey makes the document's row of voters.
func votersKey(doc string) key[Trace] {
	k := row("voters", voterSets, func(t *Trace) *[]raft.NodeSet { return &t.Voters }, doc)
	read := k.read
	k.schema, k.ref = fixed(`"anyOf": [{"type": "null"}, {"$ref": "#/definitions/voters"}]`), ""
	k.read = func(p *parser, key, v *yaml.Node, t *Trace) {
		if !source.IsNull(v) {
			read(p, key, v, t)
		}
	}
	return k
}

// pastKey makes the row of a key that is for other readers of the file.
func pastKey[T any](name, doc string) key[T] {
	return key[T]{
		name: name, doc: doc, schema: fixed(`"type": "string"`),
		read:  func(p *parser, _, v *yaml.Node, _ *T) { p.scalar(v, name) },
		write: func(*writer, *T) (value, bool) { return value{}, false },
	}
}
