package trace

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/pattern"
	"raftsheet/trace/internal/source"
)

// This file reads logs, and the entries of messages.

// An entryMapping is an entry as a mapping.
type entryMapping struct {
	term  Opt[raft.Term]
	value Opt[string]
	times Opt[raft.Index]
}

// entries gives the kind of a list of entries, each of which may be a mapping of
// these keys.
func entries(keys *mapping[entryMapping]) kind[[]LogEntry] {
	return kind[[]LogEntry]{
		read: func(p *parser, n *yaml.Node, what string) ([]LogEntry, bool) {
			if d := source.Deref(n); d.Kind == yaml.ScalarNode {
				return p.textLog(n, d, what)
			}
			items, ok := p.list(n, what, likeLog)
			if !ok {
				return nil, false
			}
			log := make([]LogEntry, 0, len(items))
			for _, item := range items {
				if p.full() { // the rest is not looked at
					p.wrong++
					return nil, false
				}
				if e, times, ok := p.entry(item, keys); ok {
					for range times {
						log = append(log, LogEntry{Entry: e, Pos: posOf(item)})
					}
				}
			}
			return log, true
		},
		write: func(_ *writer, log []LogEntry) (value, bool) {
			v := value{open: '['}
			for len(log) > 0 {
				n := 1
				for n < len(log) && log[n].Entry == log[0].Entry {
					n++
				}
				if e := log[0].Entry; n >= longRun && e.Value == "" {
					v.items = append(v.items, value{open: '{', items: []value{pair("term", word(fmt.Sprint(e.Term))), pair("times", word(fmt.Sprint(n)))}})
				} else {
					n = 1
					v.items = append(v.items, word(flowEntry(e)))
				}
				log = log[n:]
			}
			return v, true
		},
	}
}

// longRun is how many entries of a term, without values, are written as one.
const longRun = 100

// mostRepeated bounds the entries that a document's runs come to.
const mostRepeated = 1_000_000

const likeLog = "a list of entries, such as [1:x, 1:y, 2:z]"

// textLog reads a log that is written as text: 1:a, 1:b or 1 1 2, none or empty.
func (p *parser) textLog(n, d *yaml.Node, what string) ([]LogEntry, bool) {
	text := strings.TrimSpace(d.Value)
	if inside, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inside, "]") {
		text = strings.TrimSpace(strings.TrimSuffix(inside, "]"))
	}
	log := []LogEntry{}
	if text == "" || oneOf(text, []string{"none", "empty"}) {
		return log, true
	}
	for _, part := range splitLog(text) {
		term, value, _ := strings.Cut(part, ":")
		t, problem := parseNumber(strings.TrimSpace(term))
		if problem != "" {
			p.errorf(posOf(n), "%s is %s here; it takes %s%s", what, source.Quote(d.Value), likeLog, odd(text))
			return nil, false
		}
		value = strings.TrimSpace(value)
		if !p.shortValue(n, value) {
			return nil, false
		}
		log = append(log, LogEntry{Entry: raft.Entry{Term: raft.Term(t), Value: value}, Pos: posOf(n)})
	}
	return log, true
}

// splitLog splits a log at the commas, or else at the spaces, behind which another
// entry begins: digits, and then a colon or an end.
func splitLog(text string) []string {
	for _, at := range []string{",", ";", " "} {
		var parts []string
		start := 0
		for i := range len(text) {
			if text[i] == at[0] && beginsEntry(text[i+1:], at) {
				parts = append(parts, strings.TrimSpace(text[start:i]))
				start = i + 1
			}
		}
		if parts = append(parts, strings.TrimSpace(text[start:])); len(parts) > 1 {
			return parts
		}
	}
	return []string{text}
}

func beginsEntry(text, at string) bool {
	text = strings.TrimLeft(text, " ")
	rest := strings.TrimLeft(text, "0123456789")
	return len(rest) < len(text) && (rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(strings.TrimLeft(rest, " "), at) || at == " " && rest[0] == ' ')
}

// entry reads TERM, TERM:VALUE or {term: TERM, value: VALUE}, and how often it is
// there.
func (p *parser) entry(n *yaml.Node, keys *mapping[entryMapping]) (e raft.Entry, times raft.Index, ok bool) {
	d := source.Deref(n)
	switch d.Kind {
	case yaml.MappingNode:
		return p.entryMapping(n, keys)
	case yaml.SequenceNode:
		p.errorf(posOf(n), "an entry is TERM, TERM:VALUE or {term: 2, value: x}; this is a list")
		return e, 0, false
	}
	term, value, withValue := strings.Cut(d.Value, ":")
	term = strings.TrimSpace(term)
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
	case d.Style == 0 && strings.Contains(value, ":") && runsOn().MatchString(value):
		p.errorf(posOf(n), "%s is more than one entry; write a comma between them, or quotes around a value", source.Quote(d.Value))
	default:
		return raft.Entry{Term: raft.Term(t), Value: value}, 1, p.shortValue(n, value)
	}
	return e, 0, false
}

// runsOn finds another entry in a value: x=1; 1:y=2.
var runsOn = pattern.Lazy(`[\s;|，、]\d+:`)

func (p *parser) entryMapping(n *yaml.Node, keys *mapping[entryMapping]) (entry raft.Entry, times raft.Index, ok bool) {
	if m := source.Deref(n).Content; len(m) == 2 && isDigits(source.Deref(m[0]).Value) && source.Deref(m[1]).Kind == yaml.ScalarNode {
		k, v := source.Deref(m[0]).Value, source.Deref(m[1]).Value
		p.errorf(posOf(n), "an entry is written without a space after its colon: %s:%s", source.Clip(k), source.Clip(v))
		return entry, 0, false
	}
	var e entryMapping
	before := p.wrong
	keys.read(p, n, &e)
	times = e.times.Or(1)
	switch {
	case times == 0:
		p.errorf(e.times.Pos, "times: 0: leave the entry out")
	case times > mostRepeated || p.repeated+int(times) > mostRepeated:
		p.errorf(e.times.Pos, "times: the runs of a document come to at most %d entries", mostRepeated)
	default:
		p.repeated += int(times) - 1
	}
	return raft.Entry{Term: e.term.Value, Value: e.value.Value}, times, p.wrong == before
}
