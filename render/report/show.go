package report

import (
	"fmt"
	"io"

	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// The JSON of show: the whole replay. States are written as the trace format
// writes them.
type (
	jsonRun struct {
		Version  int                  `json:"version"`
		File     string               `json:"file"`
		Document int                  `json:"document"`
		Title    string               `json:"title"`
		Rules    string               `json:"rules"`
		Nodes    []string             `json:"nodes"`
		Initial  map[string]jsonState `json:"initial"`
		Steps    []jsonStep           `json:"steps"`
	}
	jsonStep struct {
		Step       int                  `json:"step"`
		ID         string               `json:"id"`
		Event      string               `json:"event"`
		Note       string               `json:"note,omitempty"`
		Possible   string               `json:"possible,omitempty"`
		Deliveries []jsonDelivery       `json:"deliveries,omitempty"`
		State      map[string]jsonState `json:"state"`
	}
	jsonDelivery struct {
		To           string    `json:"to"`
		Request      any       `json:"request"`
		Reached      bool      `json:"reached"`
		Response     *jsonResp `json:"response"` // null: no answer
		ResponseLost bool      `json:"responseLost,omitempty"`
		Rule         string    `json:"rule"`
		Section      string    `json:"section"`
		Reason       string    `json:"reason"`
	}
	jsonVote struct {
		Term         raft.Term  `json:"term"`
		CandidateID  string     `json:"candidateId"`
		LastLogIndex raft.Index `json:"lastLogIndex"`
		LastLogTerm  raft.Term  `json:"lastLogTerm"`
	}
	jsonAppend struct {
		Term         raft.Term  `json:"term"`
		LeaderID     string     `json:"leaderId"`
		PrevLogIndex raft.Index `json:"prevLogIndex"`
		PrevLogTerm  raft.Term  `json:"prevLogTerm"`
		Entries      []any      `json:"entries"`
		LeaderCommit raft.Index `json:"leaderCommit"`
	}
	jsonResp struct {
		Term        raft.Term `json:"term"`
		Success     *bool     `json:"success,omitempty"`
		VoteGranted *bool     `json:"voteGranted,omitempty"`
	}
	jsonState struct {
		Term        raft.Term             `json:"term"`
		VotedFor    string                `json:"votedFor"`
		Role        string                `json:"role"`
		Log         []any                 `json:"log"`
		CommitIndex raft.Index            `json:"commitIndex"`
		LastApplied raft.Index            `json:"lastApplied"`
		NextIndex   map[string]raft.Index `json:"nextIndex,omitempty"`
		MatchIndex  map[string]raft.Index `json:"matchIndex,omitempty"`
	}
)

// Show writes a whole replay as JSON: every step with what was delivered and
// decided, and the states that it changed.
func Show(w io.Writer, run *replay.Run, opt render.ShowOptions) error {
	t := run.Trace
	out := jsonRun{Version: 1, File: t.File, Document: t.Document, Title: t.Title, Rules: run.Rules.Name,
		Nodes: t.Names, Initial: make(map[string]jsonState), Steps: []jsonStep{}}
	shown := func(id raft.NodeID) bool {
		return !run.Untold(id, 0) && (opt.Node == raft.NoNode || opt.Node == id)
	}
	for i := range t.Names {
		if id := raft.NodeID(i + 1); shown(id) {
			s := run.Initial(id)
			out.Initial[t.Name(id)] = stateJSON(t, id, &s)
		}
	}
	steps := run.Steps
	if opt.Step > 0 {
		steps = steps[:opt.Step]
	}
	if n := entriesIn(run, steps); n > mostEntries {
		return fmt.Errorf("%s: as JSON, the replay would list %d entries of logs and messages; the limit is %d, and --step stops sooner", t.File, n, mostEntries)
	}
	for i := range steps {
		s := stepJSON(run, &steps[i], shown)
		if opt.Blank {
			s.hideAnswers()
		}
		out.Steps = append(out.Steps, s)
	}
	return doc.WriteJSON(w, out)
}

// mostEntries bounds the JSON of a replay, in which every state has its log and
// every request its entries in full.
const mostEntries = 2_000_000

// entriesIn counts the entries that the JSON of these steps lists.
func entriesIn(run *replay.Run, steps []replay.Step) int {
	n := 0
	for i := range steps {
		s := &steps[i]
		for j := range s.Deliveries {
			if m := s.Deliveries[j].Append; m != nil {
				n += m.Entries.Len()
			}
		}
		for id := range s.Changed.All() {
			log := run.State(id, s.Trace.Number).Log
			n += int(log.LastIndex())
		}
	}
	return n
}

// hideAnswers leaves the questions of a step alone.
func (s *jsonStep) hideAnswers() {
	s.Possible, s.State = "", map[string]jsonState{}
	for i := range s.Deliveries {
		d := &s.Deliveries[i]
		*d = jsonDelivery{To: d.To, Request: d.Request, Reached: d.Reached, ResponseLost: d.ResponseLost}
	}
}

var possibilities = [...]string{"", "late", "implied", "given", "impossible"}

func stepJSON(run *replay.Run, s *replay.Step, shown func(raft.NodeID) bool) jsonStep {
	t := run.Trace
	out := jsonStep{Step: s.Trace.Number, ID: s.Trace.ID, Event: s.Trace.EventName(), Note: s.Trace.Note,
		Possible: possibilities[s.Possible], State: make(map[string]jsonState)}
	for i := range s.Deliveries {
		out.Deliveries = append(out.Deliveries, deliveryJSON(run, s, &s.Deliveries[i]))
	}
	for id := range s.Changed.All() {
		if shown(id) {
			st := run.State(id, s.Trace.Number)
			out.State[t.Name(id)] = stateJSON(t, id, st)
		}
	}
	return out
}

func deliveryJSON(run *replay.Run, s *replay.Step, d *replay.Delivery) jsonDelivery {
	t := run.Trace
	out := jsonDelivery{To: t.Name(d.To), Reached: d.Reached(), ResponseLost: d.Lost && d.Answered(),
		Rule: d.Decision.Rule.String(), Section: d.Decision.Rule.Info().Section, Reason: reason.Answer(run, s, d.To, d)}
	answered := d.Answered() || d.Fate == replay.Unseen && !d.Lost
	if d.Vote != nil {
		m := d.Vote
		out.Request = jsonVote{m.Term, t.Name(m.CandidateID), m.LastLogIndex, m.LastLogTerm}
		if answered {
			out.Response = &jsonResp{Term: d.Term, VoteGranted: &d.OK}
		}
		return out
	}
	m := d.Append
	out.Request = jsonAppend{m.Term, t.Name(m.LeaderID), m.PrevLogIndex, m.PrevLogTerm, entriesJSON(m.Entries.Slice()), m.LeaderCommit}
	if answered {
		out.Response = &jsonResp{Term: d.Term, Success: &d.OK}
	}
	return out
}

// entriesJSON gives entries as the trace format has them: 2, or "2:x".
func entriesJSON(entries []raft.Entry) []any {
	out := make([]any, len(entries))
	for i, e := range entries {
		out[i] = e.String()
		if e.Value == "" {
			out[i] = e.Term
		}
	}
	return out
}

func stateJSON(t *trace.Trace, id raft.NodeID, s *raft.State) jsonState {
	out := jsonState{Term: s.CurrentTerm, VotedFor: t.Name(s.VotedFor), Role: s.Role.String(),
		Log: entriesJSON(s.Log.Entries()), CommitIndex: s.CommitIndex, LastApplied: s.LastApplied}
	if s.Role == raft.Leader {
		out.NextIndex, out.MatchIndex = indexesJSON(t, id, s.NextIndex), indexesJSON(t, id, s.MatchIndex)
	}
	return out
}

func indexesJSON(t *trace.Trace, leader raft.NodeID, indexes []raft.Index) map[string]raft.Index {
	out := make(map[string]raft.Index, len(indexes))
	for i, x := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			out[t.Name(id)] = x
		}
	}
	return out
}
