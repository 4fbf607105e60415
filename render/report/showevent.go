package report

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// The fields of events, by the names that they have in a trace. A field that the
// trace leaves out is left out here.
type (
	jsonNodesEvent struct {
		Nodes []string `json:"nodes"`
	}
	jsonRestart struct {
		Nodes []string            `json:"nodes"`
		Disks map[string]jsonDisk `json:"disks,omitempty"` // what they gave back, where that is written
	}
	jsonDisk struct {
		Term     *raft.Term `json:"term,omitempty"`
		VotedFor *string    `json:"votedFor,omitempty"`
		Log      *[]any     `json:"log,omitempty"`
	}
	jsonVoters struct {
		At  []string   `json:"at,omitempty"` // left out: every node
		Are [][]string `json:"are"`
	}
	jsonPartition struct {
		Groups [][]string `json:"groups"`
	}
	jsonClientRequest struct {
		Node  string `json:"node"`
		Value string `json:"value"`
	}
	jsonLateAnswer struct {
		From        string      `json:"from"`
		To          string      `json:"to"`
		Term        raft.Term   `json:"term"`
		VoteGranted *bool       `json:"voteGranted,omitempty"`
		Success     *bool       `json:"success,omitempty"`
		MatchIndex  *raft.Index `json:"matchIndex,omitempty"`
	}
	jsonVoteWritten struct {
		CandidateID  string      `json:"candidateId"`
		Term         *raft.Term  `json:"term,omitempty"`
		LastLogIndex *raft.Index `json:"lastLogIndex,omitempty"`
		LastLogTerm  *raft.Term  `json:"lastLogTerm,omitempty"`
	}
	jsonAppendWritten struct {
		LeaderID     string      `json:"leaderId"`
		Term         *raft.Term  `json:"term,omitempty"`
		PrevLogIndex *raft.Index `json:"prevLogIndex,omitempty"`
		PrevLogTerm  *raft.Term  `json:"prevLogTerm,omitempty"`
		Entries      any         `json:"entries,omitempty"` // a list, auto, or {count: 3}
		Index        *raft.Index `json:"index,omitempty"`
		Value        *string     `json:"value,omitempty"`
		LeaderCommit *raft.Index `json:"leaderCommit,omitempty"`
	}
	jsonCount struct {
		Count raft.Index `json:"count"`
	}
	jsonInstallWritten struct {
		LeaderID          string      `json:"leaderId"`
		Term              *raft.Term  `json:"term,omitempty"`
		LastIncludedIndex *raft.Index `json:"lastIncludedIndex,omitempty"`
		LastIncludedTerm  *raft.Term  `json:"lastIncludedTerm,omitempty"`
	}
)

// eventJSON gives what a trace says of an event; nil where its name says it all.
func eventJSON(t *trace.Trace, event trace.Event) any {
	switch e := event.(type) {
	case *trace.RequestVote:
		return jsonVoteWritten{t.Name(e.CandidateID), written(e.Term), written(e.LastLogIndex), written(e.LastLogTerm)}
	case *trace.AppendEntries:
		return appendWritten(t, e)
	case *trace.VoteResponse:
		return jsonLateAnswer{From: t.Name(e.From), To: t.Name(e.To), Term: e.Term, VoteGranted: &e.Granted}
	case *trace.AppendResponse:
		return jsonLateAnswer{From: t.Name(e.From), To: t.Name(e.To), Term: e.Term, Success: &e.Success, MatchIndex: written(e.MatchIndex)}
	case *trace.Timeout:
		return nodesEvent(t, e.Nodes)
	case *trace.Crash:
		return nodesEvent(t, e.Nodes)
	case *trace.StepDown:
		return nodesEvent(t, e.Nodes)
	case *trace.Restart:
		return restartEvent(t, e)
	case *trace.Voters:
		return jsonVoters{namesJSON(t, e.At.Value), groupsJSON(t, e.Are)}
	case *trace.InstallSnapshot:
		return jsonInstallWritten{t.Name(e.LeaderID), written(e.Term), written(e.LastIncludedIndex), written(e.LastIncludedTerm)}
	case *trace.ClientRequest:
		return jsonClientRequest{t.Name(e.Node), e.Value}
	case *trace.Partition:
		return jsonPartition{groupsJSON(t, e.Groups)}
	}
	return nil
}

func groupsJSON(t *trace.Trace, sets []raft.NodeSet) [][]string {
	groups := make([][]string, len(sets))
	for i, g := range sets {
		groups[i] = namesJSON(t, g)
	}
	return groups
}

func restartEvent(t *trace.Trace, e *trace.Restart) jsonRestart {
	out := jsonRestart{Nodes: nodesEvent(t, e.Nodes).Nodes}
	for i := range e.Disks {
		st := &e.Disks[i]
		disk := jsonDisk{Term: written(st.Term)}
		if st.VotedFor.Given() {
			disk.VotedFor = new(t.Name(st.VotedFor.Value))
		}
		if st.Log.Given() {
			disk.Log = new(entriesJSON(trace.Entries(st.Log.Value)))
		}
		if disk == (jsonDisk{}) {
			continue
		}
		if out.Disks == nil {
			out.Disks = make(map[string]jsonDisk)
		}
		out.Disks[t.Name(st.Node)] = disk
	}
	return out
}

func appendWritten(t *trace.Trace, e *trace.AppendEntries) jsonAppendWritten {
	out := jsonAppendWritten{LeaderID: t.Name(e.LeaderID), Term: written(e.Term), PrevLogIndex: written(e.PrevLogIndex),
		PrevLogTerm: written(e.PrevLogTerm), Index: written(e.Index), Value: written(e.Value), LeaderCommit: written(e.LeaderCommit)}
	switch {
	case e.Auto:
		out.Entries = "auto"
	case e.Count.Given():
		out.Entries = jsonCount{e.Count.Value}
	case e.Entries.Given():
		entries := make([]raft.Entry, len(e.Entries.Value))
		for i, entry := range e.Entries.Value {
			entries[i] = entry.Entry
		}
		out.Entries = entriesJSON(entries)
	}
	return out
}

// written gives a value that the trace has, nil for one that it leaves out.
func written[V any](o trace.Opt[V]) *V {
	if !o.Given() {
		return nil
	}
	return &o.Value
}

func nodesEvent(t *trace.Trace, ids []raft.NodeID) jsonNodesEvent {
	out := jsonNodesEvent{Nodes: make([]string, len(ids))}
	for i, id := range ids {
		out.Nodes[i] = t.Name(id)
	}
	return out
}

func namesJSON(t *trace.Trace, set raft.NodeSet) []string {
	var names []string
	for id := range set.All() {
		names = append(names, t.Name(id))
	}
	return names
}
