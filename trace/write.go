package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"raftsheet/raft"
)

// Write writes traces as YAML, one a document, as a person would: a step an
// item, messages, answers and states in braces, lines of about 100 columns, and
// quotes where they are needed. What Read makes of it is the traces again, but
// for places, and for an [Entries] list's mapping, which is the same entry.
//
// Each trace must have nodes, and name no others; an error says which does not.
// What else Read would refuse, it writes as it is.
func Write(w io.Writer, traces ...*Trace) error {
	out := bufio.NewWriter(w)
	for i, t := range traces {
		if err := t.check(); err != nil {
			return err
		}
		if i > 0 {
			out.WriteString("---\n")
		}
		t.write(out)
	}
	return out.Flush()
}

// check finds what the writer has no name for.
func (t *Trace) check() error {
	if t.Size() == 0 || t.Size() > raft.MaxNodes {
		return fmt.Errorf("a trace of %d nodes cannot be written; it has 1 to %d", t.Size(), raft.MaxNodes)
	}
	bad := ""
	known := func(what string, id raft.NodeID, orNone bool) {
		if int(id) > t.Size() || id == raft.NoNode && !orNone {
			bad = fmt.Sprintf("%s is of node %d, and there are %d", what, id, t.Size())
		}
	}
	states := func(what string, states []NodeState) {
		for i := range states {
			known(what, states[i].Node, false)
			known(what+": votedFor", states[i].VotedFor.Value, true)
			for _, x := range append(states[i].NextIndex.Value, states[i].MatchIndex.Value...) {
				known(what+": an index", x.Node, false)
			}
			for _, x := range states[i].Terms.Value {
				known(what+": a vote", x.VotedFor.Value, true)
			}
		}
	}
	states("initial", t.Initial)
	for i := range t.Steps {
		s := &t.Steps[i]
		what := fmt.Sprintf("step %d", i+1)
		for _, id := range nodesOf(s.Event) {
			known(what, id, false)
		}
		if s.Response != nil {
			for _, c := range s.Response.Cells {
				known(what+": an answer", c.Node, false)
			}
		}
		states(what, s.State)
	}
	if bad != "" {
		return fmt.Errorf("the trace cannot be written: %s", bad)
	}
	return nil
}

// nodesOf gives the nodes that an event names outside of sets.
func nodesOf(e Event) []raft.NodeID {
	switch e := e.(type) {
	case *RequestVote:
		return []raft.NodeID{e.CandidateID}
	case *AppendEntries:
		return []raft.NodeID{e.LeaderID}
	case *VoteResponse:
		return []raft.NodeID{e.From, e.To}
	case *AppendResponse:
		return []raft.NodeID{e.From, e.To}
	case *ClientRequest:
		return []raft.NodeID{e.Node}
	case *Timeout:
		return e.Nodes
	case *Crash:
		return e.Nodes
	case *Restart:
		return e.Nodes
	}
	return nil
}

// write writes a document.
func (t *Trace) write(out *bufio.Writer) {
	for _, line := range comment(t.Comment) {
		out.WriteString("# " + line + "\n")
	}
	for i := range documentKeys.keys {
		k := &documentKeys.keys[i]
		v, ok := k.write(t, t)
		if v.block {
			out.WriteByte('\n')
		}
		if ok {
			out.WriteString(blockPair(k.name, &v, 0, "") + "\n")
		}
	}
	if len(t.Steps) == 0 {
		out.WriteString("steps: []\n")
		return
	}
	out.WriteString("\nsteps:\n")
	for i := range t.Steps {
		t.writeStep(out, &t.Steps[i])
	}
}

// writeStep writes an item of the list of steps. A comment of one line goes
// behind the event, any other above the step.
func (t *Trace) writeStep(out *bufio.Writer, s *Step) {
	const indent = 4
	said := comment(s.Comment)
	behind := ""
	if len(said) == 1 && s.Event != nil {
		behind = "  # " + said[0]
		said = nil
	}
	for _, line := range said {
		out.WriteString("  # " + line + "\n")
	}
	lead := "  - "
	for i := range stepKeys.keys {
		k := &stepKeys.keys[i]
		v, ok := k.write(t, s)
		if !ok || k.name == "id" && s.ID == fmt.Sprint(s.Number) {
			continue
		}
		after := ""
		if s.Event != nil && k.name == s.EventName() {
			after = behind
		}
		out.WriteString(lead + blockPair(k.name, &v, indent, after) + "\n")
		lead = "    "
	}
	if lead == "  - " {
		out.WriteString(lead + "{}\n")
	}
}

// blockPair gives a pair of a mapping without brackets, whose keys stand at a
// column from 0, with a comment behind it.
func blockPair(key string, v *value, column int, behind string) string {
	f := folder{column: column}
	f.print(key + ":")
	switch {
	case v.block:
		for i := range v.items {
			f.newline(column + 2)
			f.WriteString(blockPair(v.items[i].key, &value{text: v.items[i].text, open: v.items[i].open, items: v.items[i].items}, column+2, ""))
		}
	case v.open == '|' || v.open == '>':
		header, lines := v.lines(lineWidth - column - 2)
		f.print(" " + header)
		for _, line := range lines {
			if line == "" {
				f.WriteByte('\n')
				continue
			}
			f.newline(column + 2)
			f.print(line)
		}
	case v.open != 0 || v.text != "":
		f.print(" ")
		f.value(v, 0)
	}
	return f.String() + behind
}

// comment gives the lines of a comment. What would end it, or would not show, is
// written as an escape.
func comment(s string) []string {
	if s == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		var b strings.Builder
		for _, r := range line {
			if unicode.IsPrint(r) {
				b.WriteRune(r)
			} else {
				b.WriteString(strings.Trim(fmt.Sprintf("%+q", r), "'"))
			}
		}
		lines[i] = b.String()
	}
	return lines
}
