package variant

import (
	"fmt"
	"io"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Write writes the trace as YAML, with its comments. It knows what
// [Counterexample] makes, and no more of the format.
func (c *Commented) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\n", c.Trace.Title)
	for _, line := range c.Head {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	fmt.Fprintf(&b, "nodes: %d\n\nsteps:\n", c.Trace.Size())
	for i := range c.Trace.Steps {
		writeStep(&b, &c.Trace.Steps[i])
		for _, line := range c.Steps[i] {
			fmt.Fprintf(&b, "    # %s\n", line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeStep(b *strings.Builder, s *trace.Step) {
	fmt.Fprintf(b, "  - %s: %s\n", s.EventName(), eventYAML(s.Event))
	for _, key := range []struct {
		name  string
		nodes raft.NodeSet
	}{{"to", s.To.Value}, {"lost", s.Lost}, {"responseLost", s.ResponseLost}} {
		if key.nodes != 0 {
			fmt.Fprintf(b, "    %s: [%s]\n", key.name, nodesYAML(key.nodes))
		}
	}
	if s.Response == nil {
		return
	}
	var cells []string
	for _, c := range s.Response.Cells {
		answer := "no"
		switch {
		case c.None:
			answer = "none"
		case c.OK.Value:
			answer = "ok"
		}
		cells = append(cells, fmt.Sprintf("%d: %s", c.Node, answer))
	}
	fmt.Fprintf(b, "    response: {%s}\n", strings.Join(cells, ", "))
}

func nodesYAML(ids raft.NodeSet) string {
	var names []string
	for id := range ids.All() {
		names = append(names, fmt.Sprint(id))
	}
	return strings.Join(names, ", ")
}

func eventYAML(e trace.Event) string {
	switch e := e.(type) {
	case *trace.Timeout:
		return fmt.Sprint(e.Nodes[0])
	case *trace.Restart:
		return fmt.Sprint(e.Nodes[0])
	case *trace.ClientRequest:
		return fmt.Sprintf("{node: %d, value: %s}", e.Node, e.Value)
	case *trace.RequestVote:
		return fmt.Sprintf("{term: %d, candidateId: %d, lastLogIndex: %d, lastLogTerm: %d}",
			e.Term.Value, e.CandidateID, e.LastLogIndex.Value, e.LastLogTerm.Value)
	case *trace.AppendEntries:
		var entries []string
		for _, e := range e.Entries.Value {
			entries = append(entries, e.String())
		}
		return fmt.Sprintf("{term: %d, leaderId: %d, prevLogIndex: %d, prevLogTerm: %d, entries: [%s], leaderCommit: %d}", e.Term.Value,
			e.LeaderID, e.PrevLogIndex.Value, e.PrevLogTerm.Value, strings.Join(entries, ", "), e.LeaderCommit.Value)
	case *trace.VoteResponse:
		return fmt.Sprintf("{from: %d, to: %d, term: %d, voteGranted: %t}", e.From, e.To, e.Term, e.Granted)
	case *trace.AppendResponse:
		match := ""
		if e.MatchIndex.Given() {
			match = fmt.Sprintf(", matchIndex: %d", e.MatchIndex.Value)
		}
		return fmt.Sprintf("{from: %d, to: %d, term: %d, success: %t%s}", e.From, e.To, e.Term, e.Success, match)
	}
	panic(fmt.Sprintf("no YAML for %T", e))
}
