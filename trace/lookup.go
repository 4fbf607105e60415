package trace

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// This file says what may be written at a place of the format, for an editor. It
// goes by the schema, which is made from the table of keys.

// A Word is a key, or a word as a value, that may be written at some place.
type Word struct {
	Text   string
	About  string // what it is for, in sentences; empty where the word says it
	Needed bool   // a key that may not be left out
}

// Offers is what may be written at a place of the format.
type Offers struct {
	Keys     []Word // of a mapping there, in the order of the table
	ByNode   bool   // a mapping there has nodes as its keys
	Values   []Word // of a value there
	Node     bool   // a value there may name a node
	List     bool   // a list may be there
	Describe string // what the last key of the path is for
}

// ListItem stands in a path for an item of a list. No key and no node is called so.
const ListItem = "-"

// OffersAt gives what may be written at a path of keys from the top of a document,
// such as steps, -, appendEntries. Nodes are by any name. The siblings are the keys that
// the mapping at the path has already: they are not offered again, and neither is what
// cannot go with them.
func OffersAt(path, siblings []string) Offers {
	var at place
	at.add(schemaTree(), 0)
	var out Offers
	for _, key := range path {
		at = at.below(key)
		if d := at.description(); d != "" {
			out.Describe = d
		}
	}
	out.ByNode, out.Node, out.List = at.byNode(), at.named, at.listed()
	for _, n := range at.nodes {
		out.Keys = append(out.Keys, n.keys(siblings)...)
		out.Values = append(out.Values, n.values()...)
	}
	once := func(all []Word) []Word {
		var seen []string
		return slices.DeleteFunc(all, func(w Word) bool {
			again := slices.Contains(seen, w.Text)
			seen = append(seen, w.Text)
			return again
		})
	}
	out.Keys, out.Values = once(out.Keys), once(out.Values)
	return out
}

var schemaTree = sync.OnceValue(func() *value {
	v := schemaValue()
	return &v
})

// A place is all that the schema says of a place of the format: it may be one of
// several things.
type place struct {
	nodes []*value
	named bool // it may be the name of a node
}

// add adds a node of the schema, and all that it may stand for. Its depth bounds it.
func (p *place) add(n *value, depth int) {
	const deepest = 12
	if n == nil || n.open != '{' || depth > deepest {
		return
	}
	if ref := n.member("$ref"); ref != nil {
		name := strings.TrimPrefix(ref.word(), "#/definitions/")
		p.named = p.named || name == "node"
		p.add(schemaTree().member("definitions").member(name), depth+1)
		return
	}
	p.nodes = append(p.nodes, n)
	for _, either := range []string{"anyOf", "oneOf", "allOf"} {
		if all := n.member(either); all != nil {
			for i := range all.items {
				p.add(&all.items[i], depth+1)
			}
		}
	}
}

// below is what a key holds, or an item of a list.
func (p *place) below(key string) place {
	var out place
	for _, n := range p.nodes {
		if key == ListItem {
			out.add(n.member("items"), 0)
			continue
		}
		in := n.member("properties").member(key)
		if in == nil || in.open == 0 {
			in = n.member("additionalProperties")
		}
		out.add(in, 0)
	}
	return out
}

// description is what is said of a place, empty for nothing.
func (p *place) description() string {
	for _, n := range p.nodes {
		if d := n.member("description"); d != nil {
			return d.word()
		}
	}
	return ""
}

// listed reports whether a list may be there.
func (p *place) listed() bool {
	return slices.ContainsFunc(p.nodes, func(n *value) bool { return n.member("items") != nil })
}

// byNode reports whether a mapping may have any key: those are nodes.
func (p *place) byNode() bool {
	return slices.ContainsFunc(p.nodes, func(n *value) bool {
		more := n.member("additionalProperties")
		return more != nil && more.open == '{'
	})
}

// member is the value of a key, nil for none.
func (v *value) member(key string) *value {
	if v == nil || v.open != '{' {
		return nil
	}
	key = quoteJSON(key)
	for i := range v.items {
		if v.items[i].key == key {
			return &v.items[i]
		}
	}
	return nil
}

// word is the text of a string, or of another scalar as it is written.
func (v *value) word() string {
	var s string
	if v == nil || json.Unmarshal([]byte(v.text), &s) != nil {
		return ""
	}
	return s
}

// keys gives the keys that a mapping may have beside its siblings.
func (v *value) keys(siblings []string) (out []Word) {
	properties := v.member("properties")
	if properties == nil || v.member("type") == nil {
		return nil // of something that is said elsewhere
	}
	for i := range properties.items {
		p := &properties.items[i]
		name := keyOf(p)
		if p.open == 0 || strings.HasPrefix(name, "$") || slices.Contains(siblings, name) || v.refuses(name, siblings) {
			continue
		}
		out = append(out, Word{name, p.member("description").word(), v.requires(name)})
	}
	return out
}

// keyOf is the key of a member, without its quotes.
func keyOf(v *value) string { return (&value{text: v.key}).word() }

// requires reports whether a mapping needs a key.
func (v *value) requires(key string) bool {
	all := v.member("required")
	return all != nil && slices.ContainsFunc(all.items, func(r value) bool { return r.word() == key })
}

// refuses reports whether a key cannot go with its siblings, or needs one that is
// not there.
func (v *value) refuses(key string, siblings []string) bool {
	depends := v.member("dependencies")
	for _, s := range siblings {
		if no := depends.member(s).member("properties").member(key); no != nil && no.text == "false" {
			return true
		}
	}
	var needs place
	needs.add(depends.member(key), 0)
	asks, has := false, false
	for _, n := range needs.nodes {
		if n.member("required") != nil && n.member("properties") == nil {
			asks = true
			has = has || slices.ContainsFunc(siblings, n.requires)
		}
	}
	return asks && !has
}

// values gives the words that may be written.
func (v *value) values() (out []Word) {
	if all := v.member("enum"); all != nil {
		for i := range all.items {
			if w := all.items[i].word(); w != "" && w != "?" {
				out = append(out, Word{Text: w})
			}
		}
	}
	if c := v.member("const"); c != nil {
		w := Word{Text: c.word(), About: v.member("description").word()}
		if w.Text == "" {
			w.Text = c.text
		}
		out = append(out, w)
	}
	return out
}
