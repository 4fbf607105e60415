package trace

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"raftsheet/raft"
)

// This file writes values as the format has them, so that they read back as the
// same.

// A value is a value in flow style: a word, a list or a mapping. The zero value
// is a blank.
type value struct {
	key   string // in a mapping: its key, as it is written
	text  string // of a word
	open  byte   // '[' or '{'; 0: a word
	items []value
	block bool // each item has a line of its own, without brackets
}

func word(s string) value { return value{text: s} }

func pair(key string, v value) value { v.key = key; return v }

// width is how many columns the value takes on one line, key included.
func (v *value) width() int {
	w := utf8.RuneCountInString(v.text)
	if v.key != "" {
		w += utf8.RuneCountInString(v.key) + len(": ")
	}
	if v.open != 0 {
		w += len("[]")
	}
	for i := range v.items {
		w += v.items[i].width()
	}
	return w + len(", ")*max(0, len(v.items)-1)
}

// lineWidth is the width at which a line is folded.
const lineWidth = 100

// A folder writes values and breaks lines in their brackets.
type folder struct {
	strings.Builder
	column int
}

func (f *folder) print(s string) {
	f.WriteString(s)
	f.column += utf8.RuneCountInString(s)
}

// newline begins a line.
func (f *folder) newline(indent int) {
	f.WriteByte('\n')
	f.column = 0
	f.print(strings.Repeat(" ", indent))
}

// value writes a value; behind it come as many columns of closing brackets. An
// item that does not fit on its line begins another one, below the first item.
func (f *folder) value(v *value, behind int) {
	const furthest = 48 // columns: below a long key, too little room would be left
	if v.key != "" {
		f.print(v.key + ": ")
	}
	if v.open == 0 {
		f.print(v.text)
		return
	}
	f.print(string(v.open))
	indent := min(f.column, furthest)
	for i := range v.items {
		item, after := &v.items[i], 1
		if i == len(v.items)-1 {
			after += behind
		}
		if i > 0 {
			if f.print(","); f.column+1+item.width()+after > lineWidth {
				f.newline(indent)
			} else {
				f.print(" ")
			}
		}
		if v.open == '[' && item.open == 0 && item.text == "" {
			f.print("~")
			continue
		}
		f.value(item, after)
	}
	f.print(string(v.open + 2)) // ] is two behind [, and } behind {
}

// String gives the value on one line.
func (v value) String() string {
	f := folder{column: -1 << 30}
	f.value(&v, 0)
	return f.Builder.String()
}

// FlowScalar gives text as a YAML scalar that fits anywhere in a file:
// plain where that reads back as this very text, in double quotes where it does
// not.
func FlowScalar(s string) string {
	if isPlain(s) {
		return s
	}
	return strconv.Quote(s)
}

func isPlain(s string) bool {
	if isSpecial(s) {
		return false
	}
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		inside := c >= '0' && c <= '9' || strings.IndexByte("=+/.-<>:", c) >= 0 && i < len(s)-1
		if !letter && (i == 0 || !inside) && !(c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}

// isSpecial reports whether a word means something to YAML or to the format.
func isSpecial(s string) bool {
	switch strings.ToLower(s) {
	case "", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "ok", "none", "auto", "others":
		return true
	}
	return false
}

// blockScalar is FlowScalar for text outside of brackets, where a sentence may
// be plain.
func blockScalar(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	printable := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) < 0
	plain := printable && !isSpecial(s) && (unicode.IsLetter(first) || unicode.IsDigit(first)) &&
		!strings.Contains(s, ": ") && !strings.Contains(s, " #") && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ")
	if plain {
		return s
	}
	return strconv.Quote(s)
}

// flowEntry gives an entry: 2 or 2:x.
func flowEntry(e raft.Entry) string {
	if e.Value == "" || isPlain("v"+e.Value) {
		return e.String()
	}
	return strconv.Quote(e.String())
}

// FlowLog gives a log on one line: [1:x, 2:y].
func FlowLog(entries []raft.Entry) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, e := range entries {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(flowEntry(e))
	}
	b.WriteByte(']')
	return b.String()
}

// FlowIndexes gives a leader's nextIndex or matchIndex: {2: 4, 3: 1}. The
// indexes are by NodeID-1; the leader's own is left out.
func (t *Trace) FlowIndexes(leader raft.NodeID, indexes []raft.Index) string {
	v := value{open: '{'}
	for i, x := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			v.items = append(v.items, pair(t.FlowName(id), word(fmt.Sprint(x))))
		}
	}
	return v.String()
}

// FlowName gives a node's name as a scalar, none for NoNode.
func (t *Trace) FlowName(id raft.NodeID) string {
	name := t.Name(id)
	if id == raft.NoNode || isPlain(name) {
		return name
	}
	return strconv.Quote(name)
}
