package page

import (
	"strconv"
	"strings"

	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file says what belongs in the blanks of a form.

// blankOf says what belongs in a blank.
func blankOf(q *trace.Trace, path trace.FormBlank) FormBlank {
	last := path[len(path)-1]
	b := FormBlank{In: "message", Name: doc.Clean(last)}
	switch {
	case len(path) == 1:
		b.In, b.Kind = "head", "text"
		return b
	case path[0] == "response" || path[0] == "state":
		b.In = map[string]string{"response": "row", "state": "state"}[path[0]]
		b.Node = nodeOf(q, path[1])
		if b.In == "row" && len(path) == 2 {
			b.Kind, b.Name, b.item = "answer", "ok", "ok"
			return b
		}
		b.Name, b.item = doc.Clean(strings.Join(path[2:], " ")), path[2]
		if len(path) > 3 { // a line: terms 3, nextIndex S2
			b.item = lineOf(q, path[2], path[3])
			last = path[2] + " line"
		}
	}
	if b.Kind = kindOf(last); b.Kind == "answer" {
		b.Name, b.item = "ok", "ok"
	}
	if b.In == "row" && b.Kind == "indexes" {
		b.Kind = "number" // a matchIndex
	}
	return b
}

// lineOf is the name of an item that is a line of a field.
func lineOf(q *trace.Trace, field, line string) string {
	switch field {
	case "log":
		return field
	case "snapshot":
		return field + "." + line
	case "nextIndex", "matchIndex":
		line = q.Name(raft.NodeID(nodeOf(q, line)))
	}
	return field + "[" + line + "]"
}

// kindOf is how the value of a field is typed.
func kindOf(field string) string {
	switch field {
	case "success", "voteGranted":
		return "answer"
	case "votedFor", "leader", "candidateId", "leaderId", "terms line":
		return "node"
	case "role":
		return "role"
	case "log", "log line": // of one that is told from an index on, its entries
		return "log"
	case "snapshot":
		return "snapshot"
	case "terms":
		return "votes"
	case "nextIndex", "matchIndex":
		return "indexes"
	case "value", "title", "student":
		return "text"
	}
	return "number"
}

// nodeOf finds a node by its name as a sheet has it.
func nodeOf(q *trace.Trace, written string) int {
	for i := range q.Names {
		if q.FlowName(raft.NodeID(i+1)) == written {
			return i + 1
		}
	}
	n, _ := strconv.Atoi(written)
	return n
}
