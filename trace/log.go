package trace

import (
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file reads logs, and the entries of messages.

// An entryMapping is an entry as a mapping.
type entryMapping struct {
	term  Opt[raft.Term]
	value Opt[string]
}

// entries gives the kind of a list of entries, each of which may be a mapping of
// these keys.
func entries(keys *mapping[entryMapping]) kind[[]LogEntry] {
	return kind[[]LogEntry]{
		read: func(p *parser, n *yaml.Node, what string) ([]LogEntry, bool) {
			items, ok := p.list(n, what, "a list of entries, such as [1:x, 1:y, 2:z]")
			if !ok {
				return nil, false
			}
			log := make([]LogEntry, 0, len(items))
			for _, item := range items {
				if p.full() {
					break
				}
				if e, ok := p.entry(item, keys); ok {
					log = append(log, LogEntry{Entry: e, Pos: posOf(item)})
				}
			}
			return log, true
		},
		write: func(_ *writer, log []LogEntry) (value, bool) {
			v := value{open: '['}
			for _, e := range log {
				v.items = append(v.items, word(flowEntry(e.Entry)))
			}
			return v, true
		},
	}
}

// entry reads TERM, TERM:VALUE or {term: TERM, value: VALUE}.
func (p *parser) entry(n *yaml.Node, keys *mapping[entryMapping]) (raft.Entry, bool) {
	d := source.Deref(n)
	switch d.Kind {
	case yaml.MappingNode:
		return p.entryMapping(n, keys)
	case yaml.SequenceNode:
		p.errorf(posOf(n), "an entry is TERM, TERM:VALUE or {term: 2, value: x}; this is a list")
		return raft.Entry{}, false
	}
	term, value, withValue := strings.Cut(d.Value, ":")
	t, problem := parseNumber(term)
	switch {
	case source.IsNull(n):
		p.errorf(posOf(n), "an entry is left blank; write its term, 2, or its term and value, 2:x")
	case problem != "" && isDigits(term) && !withValue:
		p.errorf(posOf(n), "the entry %s %s", source.Quote(term), problem)
	case withValue && problem != "":
		p.errorf(posOf(n), "the entry %s must begin with its term: %s %s", source.Quote(d.Value), source.Quote(term), problem)
	case problem != "":
		p.errorf(posOf(n), "%s is not an entry: write its term, 2, or its term and value, 2:x", source.Quote(d.Value))
	case !withValue && source.IsQuoted(d):
		p.errorf(posOf(n), "the quotes make %s text; write the term without them", source.Quote(d.Value))
	default:
		return raft.Entry{Term: raft.Term(t), Value: value}, p.shortValue(n, value)
	}
	return raft.Entry{}, false
}

func (p *parser) entryMapping(n *yaml.Node, keys *mapping[entryMapping]) (raft.Entry, bool) {
	if m := source.Deref(n).Content; len(m) == 2 && isDigits(source.Deref(m[0]).Value) && source.Deref(m[1]).Kind == yaml.ScalarNode {
		k, v := source.Deref(m[0]).Value, source.Deref(m[1]).Value
		p.errorf(posOf(n), "an entry is written without a space after its colon: %s:%s", source.Clip(k), source.Clip(v))
		return raft.Entry{}, false
	}
	var e entryMapping
	before := len(p.errs)
	keys.read(p, n, &e)
	return raft.Entry{Term: e.term.Value, Value: e.value.Value}, len(p.errs) == before
}
