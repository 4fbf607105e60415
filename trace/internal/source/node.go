package source

import (
	"iter"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// PosOf gives where a node begins: at its anchor or tag, if it has one.
func PosOf(n *yaml.Node) Pos { return Pos{int32(n.Line), int32(n.Column)} }

// Deref follows an alias. The library resolves an alias to an anchor, never to
// another alias.
func Deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// IsNull reports whether a node is a blank: nothing, ~ or null.
func IsNull(n *yaml.Node) bool {
	n = Deref(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// IsQuoted reports whether a scalar is written in a way that makes it text.
func IsQuoted(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// Pairs yields the keys and values of a mapping, aliases among the keys
// followed. What is not a mapping has none.
func Pairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	m = Deref(m)
	return func(yield func(k, v *yaml.Node) bool) {
		for i := 0; i+1 < len(m.Content) && m.Kind == yaml.MappingNode; i += 2 {
			if !yield(Deref(m.Content[i]), m.Content[i+1]) {
				return
			}
		}
	}
}

// Child gives the value of a mapping's key, nil if it is not there.
func Child(m *yaml.Node, key string) *yaml.Node {
	for k, v := range Pairs(m) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

// Items gives the items of a list; a single value is a list of one.
func Items(n *yaml.Node) []*yaml.Node {
	if d := Deref(n); d.Kind == yaml.SequenceNode {
		return d.Content
	}
	return []*yaml.Node{n}
}

// Describe says what a node is, in a message: a mapping, a list, left blank, or
// its text in quotes.
func Describe(n *yaml.Node) string {
	n = Deref(n)
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case IsNull(n):
		return "left blank"
	}
	return Quote(n.Value)
}

// Quote puts what a person wrote between quotes, as Clip shows it.
func Quote(s string) string { return `"` + Clip(s) + `"` }

// Clip cuts a text to what a line can show. Characters that do not show, or
// that would change how the line does, are written as escapes.
func Clip(s string) string {
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
