package trace

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file says what a row of the table of keys is. The table itself is in
// keys.go; the reader, the writer, the schema and the reference go through it.

// A writer writes one trace.
type writer struct {
	t *Trace
	strings.Builder
	form bool  // for people to type into: see WriteForm
	err  error // the first node that has no name

	blanks *blanks // that are noted, see [FormParts]; nil for none
}

// name gives a node's name as a scalar.
func (w *writer) name(id raft.NodeID) string {
	if id != raft.NoNode && int(id) <= w.t.Size() {
		return w.t.FlowName(id)
	}
	if w.err == nil {
		w.err = fmt.Errorf("the trace cannot be written: it names node %d, and has %d", id, w.t.Size())
	}
	return ""
}

// A jsonSchema gives the JSON Schema of a value, the members of the object. It is made
// when it is asked for, as hardly a run does.
type jsonSchema func() string

// fixed is a schema that depends on nothing.
func fixed(schema string) jsonSchema { return func() string { return schema } }

// A kind is a kind of value: how it is read, how it is written, and what an
// editor is told of it.
type kind[V any] struct {
	ref    string // the schema's definition of it; empty: it is written out where it is used
	schema jsonSchema
	// inParts says that a part that cannot be read is marked as such in the value.
	inParts bool
	read    func(p *parser, n *yaml.Node, what string) (V, bool)
	write   func(w *writer, v V) (written value, ok bool) // ok is false where nothing is to be written
}

// A key is a row of the table: a key of a mapping that is read into a T.
type key[T any] struct {
	name     string
	doc      string   // what it is for, in sentences
	leftOut  string   // what holds where it is left out: the end of "Left out: ..."
	standard string   // the default value, where it is a value of the key; JSON
	examples []string // values, in JSON
	required bool
	onForms  bool            // a form has it, be it blank
	missing  string          // what is said where a required key is not there; empty: "X needs NAME"
	fields   func() []string // of an event that is a mapping: its keys

	ref    string // of its kind
	schema jsonSchema
	read   func(p *parser, k, v *yaml.Node, t *T)
	write  func(w *writer, t *T) (value, bool)
}

// row makes a row of a kind of value and the field that holds it.
func row[T, V any](name string, k kind[V], at func(*T) *V, doc string) key[T] {
	return key[T]{
		name: name, doc: doc, ref: k.ref, schema: k.schema,
		read: func(p *parser, _, v *yaml.Node, t *T) {
			if x, ok := k.read(p, v, name); ok {
				*at(t) = x
			}
		},
		write: func(w *writer, t *T) (value, bool) { return k.write(w, *at(t)) },
	}
}

func (k key[T]) needed() key[T]                 { k.required = true; return k }
func (k key[T]) onEveryForm() key[T]            { k.onForms = true; return k }
func (k key[T]) ifLeftOut(then string) key[T]   { k.leftOut = then; return k }
func (k key[T]) byDefault(v string) key[T]      { k.standard = v; return k }
func (k key[T]) suchAs(values ...string) key[T] { k.examples = values; return k }

// narrowedTo gives a key a narrower schema than that of its kind.
func (k key[T]) narrowedTo(schema jsonSchema) key[T] { k.ref, k.schema = "", schema; return k }

// neededFor is needed with what is said where the key is missing.
func (k key[T]) neededElse(missing string) key[T] { k.required, k.missing = true, missing; return k }

// about is what people are told of a key: what it is for, and what holds where
// it is left out.
func (k *key[T]) about() string {
	if k.leftOut == "" {
		return k.doc
	}
	return k.doc + " Left out: " + k.leftOut + "."
}

// A mapping is a part of the table: the keys of one kind of mapping, in the
// order in which they are written. They are read in this order too, so that a
// key may depend on those above it.
type mapping[T any] struct {
	name    string                              // as messages call it
	example string                              // some of its keys, for one that is written as something else
	keys    func() []key[T]                     // always the same; made when they are first asked for, as a run needs few of them
	refused map[string]string                   // keys that are known, and why they have no place here
	after   func(p *parser, n *yaml.Node, t *T) // holds the fields against each other
	rules   jsonSchema                          // further members of its schema
}

func (m *mapping[T]) names() []string {
	keys := m.keys()
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].name
	}
	return names
}

// find gives the place of a key in the table, -1 for none.
func (m *mapping[T]) find(name string) int { return find(m.keys(), name) }

func find[T any](keys []key[T], name string) int {
	for i := range keys {
		if keys[i].name == name {
			return i
		}
	}
	return -1
}

// read reads a node into t, which keeps what could be read.
func (m *mapping[T]) read(p *parser, n *yaml.Node, t *T) {
	if !p.isMapping(n, m.name, m.example) {
		return
	}
	pairs := source.Deref(n).Content
	var rows [32]int // by row of the table, which has no more: the place of its value in pairs, 0 for none
	keys, known := m.keys(), true
	for i := 0; i+1 < len(pairs); i += 2 {
		if row := find(keys, source.Deref(pairs[i]).Value); row < 0 {
			known = false
		} else if rows[row] == 0 {
			rows[row] = i + 1
		} else {
			p.wrong++ // vet has told of it
		}
	}
	for i := range keys {
		if k := &keys[i]; k.required && rows[i] == 0 && !meant(n, m.names(), k.name) {
			p.errorf(posOf(n), "%s", k.whenMissing(m.name))
		}
	}
	for i := range keys {
		if v := rows[i]; v > 0 {
			keys[i].read(p, source.Deref(pairs[v-1]), pairs[v], t)
		}
	}
	if !known {
		m.unknownKeys(p, n)
	}
	if m.after != nil {
		m.after(p, n, t)
	}
}

// unknownKeys says what is wrong with the keys that the mapping does not have.
func (m *mapping[T]) unknownKeys(p *parser, n *yaml.Node) {
	names := m.names()
	var meant map[string]int // made when it is asked for: what is wrong is rare
	for key, v := range source.Pairs(n) {
		switch why := m.refused[key.Value]; {
		case why != "":
			p.errorf(posOf(key), "%s", why)
		case m.find(key.Value) < 0:
			if meant == nil {
				meant = m.meant(n, names)
			}
			was := len(p.errs)
			p.unknownKey(key, v, m.name, names)
			if len(p.errs) == was {
				continue
			}
			if is := surely(key.Value, names); meant[is] == 1 {
				p.errs[was].Meant = is
			}
		}
	}
}

// meant counts the keys of a mapping by what is surely meant by each. Where a great many
// are unknown, nothing is.
func (m *mapping[T]) meant(n *yaml.Node, names []string) map[string]int {
	count := make(map[string]int)
	unknown := 0
	for key := range source.Pairs(n) {
		if m.find(key.Value) >= 0 {
			count[key.Value]++
			continue
		}
		if unknown++; unknown > maxErrors {
			return map[string]int{}
		}
		count[surely(key.Value, names)]++
	}
	delete(count, "")
	return count
}

func (k *key[T]) whenMissing(in string) string {
	if k.missing != "" {
		return k.missing
	}
	return in + " needs " + k.name
}

// row makes the row of a key whose value is such a mapping, which is all that
// there is in a T.
func (m *mapping[T]) row(name, doc string) key[T] {
	return key[T]{
		name: name, doc: doc, schema: m.schema,
		read:  func(p *parser, _, v *yaml.Node, t *T) { m.read(p, v, t) },
		write: func(w *writer, t *T) (value, bool) { return m.write(w, t), true },
	}
}

// write gives the mapping in braces.
func (m *mapping[T]) write(w *writer, t *T) value {
	v := value{open: '{'}
	keys := m.keys()
	for i := range keys {
		if x, ok := keys[i].write(w, t); ok {
			v.items = append(v.items, pair(keys[i].name, x))
		}
	}
	return v
}

// without gives the mapping less one key, which it refuses with a reason.
func (m mapping[T]) without(name, why string) mapping[T] {
	m.keys = m.less(func(k key[T]) bool { return k.name == name })
	m.refused = maps.Clone(m.refused)
	if m.refused == nil {
		m.refused = make(map[string]string)
	}
	m.refused[name] = why
	return m
}

// only gives a mapping of these of the keys.
func (m mapping[T]) only(name string, keys ...string) mapping[T] {
	m.name, m.example = name, keys[0]+":"
	m.keys = m.less(func(k key[T]) bool { return !slices.Contains(keys, k.name) })
	return m
}

// less makes the keys of a mapping but for some.
func (m mapping[T]) less(drop func(key[T]) bool) func() []key[T] {
	return sync.OnceValue(func() []key[T] { return slices.DeleteFunc(slices.Clone(m.keys()), drop) })
}

// unknownKey says that a key is none of the mapping's, and which it may be.
func (p *parser) unknownKey(key, value *yaml.Node, where string, known []string) {
	if p.full() {
		p.wrong++
		return
	}
	if k, v, ok := cutGlued(key.Value, known); ok && source.IsNull(value) {
		p.glued(key, k, v)
		return
	}
	if p.foreignKey(key, known) || p.logInBraces(key, value, known) {
		return
	}
	if best := Nearest(key.Value, known); best != "" {
		p.errorf(posOf(key), "unknown key %s; did you mean %q?", source.Quote(key.Value), best)
		return
	}
	p.errorf(posOf(key), "unknown key %s; %s takes %s", source.Quote(key.Value), where, strings.Join(known, ", "))
}

// near gives the key of the mapping that a word is taken for: itself, if it is one;
// empty for none.
func (m *mapping[T]) near(word string) string {
	if m.find(word) >= 0 {
		return word
	}
	names := m.names()
	if k, _, ok := cutGlued(word, names); ok {
		return k
	}
	return meantBy(word, names)
}

// logInBraces says that a comma has cut a log in two, as in {log: 1:a, 1:b}, where
// the key is the second half.
func (p *parser) logInBraces(key, value *yaml.Node, known []string) bool {
	term, _, _ := strings.Cut(key.Value, ":")
	if !isDigits(term) || !source.IsNull(value) || !slices.Contains(known, "log") && !slices.Contains(known, "entries") {
		return false
	}
	p.errorf(posOf(key), "in braces a comma ends the value; write a log in square brackets, such as log: [1:a, %s]", source.Clip(key.Value))
	return true
}

// cutGlued cuts a key that has swallowed its value, as in {term:1}.
func cutGlued(key string, known []string) (k, v string, ok bool) {
	k, v, ok = strings.Cut(key, ":")
	return k, v, ok && slices.Contains(known, k)
}

// meant reports whether a mapping has one of the keys, or one that unknownKey
// takes for it: then nobody needs to be told that the key is missing.
func meant(m *yaml.Node, known []string, keys ...string) bool {
	unknown := 0
	for k := range source.Pairs(m) {
		key := k.Value
		if !slices.Contains(known, key) && unknown < maxErrors {
			unknown++
			if g, _, ok := cutGlued(key, known); ok {
				key = g
			} else {
				key = meantBy(key, known)
			}
		}
		if slices.Contains(keys, key) {
			return true
		}
	}
	return false
}

// schema gives the mapping's JSON Schema, the members of the object.
func (m *mapping[T]) schema() string {
	var properties, required []string
	keys := m.keys()
	for i := range keys {
		k := &keys[i]
		properties = append(properties, quoteJSON(k.name)+": {"+k.property()+"}")
		if k.required {
			required = append(required, quoteJSON(k.name))
		}
	}
	s := `"type": "object"`
	if len(required) > 0 {
		s += `, "required": [` + strings.Join(required, ", ") + `]`
	}
	s += `, "additionalProperties": false, "properties": {` + strings.Join(properties, ", ") + `}`
	if m.rules != nil {
		s += ", " + m.rules()
	}
	return s
}

// property gives the schema of the key's value, the members of the object.
func (k *key[T]) property() string {
	s := `"description": ` + quoteJSON(k.about())
	if k.ref != "" {
		s += `, "anyOf": [{"$ref": "#/definitions/` + k.ref + `"}]` // with allOf, editors insert the key without its colon
	} else {
		s += ", " + k.schema()
	}
	if k.standard != "" {
		s += `, "default": ` + k.standard
	}
	if len(k.examples) > 0 {
		s += `, "examples": [` + strings.Join(k.examples, ", ") + `]`
	}
	return s
}

func quoteJSON(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string can be encoded
	}
	return strings.TrimSuffix(b.String(), "\n")
}
