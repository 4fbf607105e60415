package trace

import (
	"fmt"
	"strconv"
	"strings"

	"raftsheet/raft"
)

// This file writes values as the format has them, in flow style, so that they
// can stand anywhere in a file and read back as the same.

// FlowScalar gives text as a YAML scalar: plain where that reads back as this
// very text, in double quotes where it does not.
func FlowScalar(s string) string {
	if isPlain(s) {
		return s
	}
	return strconv.Quote(s)
}

func isPlain(s string) bool {
	switch strings.ToLower(s) {
	case "", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "ok", "none", "auto", "others":
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

// FlowEntry gives an entry: 2 or 2:x.
func FlowEntry(e raft.Entry) string {
	if e.Value == "" || isPlain("v"+e.Value) {
		return e.String()
	}
	return strconv.Quote(e.String())
}

// FlowLog gives a log: [1:x, 2:y].
func FlowLog(entries []raft.Entry) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, e := range entries {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(FlowEntry(e))
	}
	b.WriteByte(']')
	return b.String()
}

// FlowIndexes gives a leader's nextIndex or matchIndex: {2: 4, 3: 1}. The
// indexes are by NodeID-1; the leader's own is left out.
func (t *Trace) FlowIndexes(leader raft.NodeID, indexes []raft.Index) string {
	var pairs []string
	for i, x := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			pairs = append(pairs, fmt.Sprintf("%s: %d", t.FlowName(id), x))
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// FlowName gives a node's name as a scalar, none for NoNode.
func (t *Trace) FlowName(id raft.NodeID) string {
	name := t.Name(id)
	if id == raft.NoNode || isPlain(name) || digits(name) {
		return name
	}
	return strconv.Quote(name)
}

func digits(s string) bool {
	_, problem := parseNumber(s)
	return problem == ""
}
