package report

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
	"strings"

	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of show: the replay, step by step, and what each step changed. Its
// size is in proportion to what happened; whole states are in it only where they
// are asked for. Its names are stable: programs read them.
type (
	jsonRun struct {
		File     string               `json:"file"`
		Document int                  `json:"document"`
		Title    string               `json:"title"`
		Variant  string               `json:"variant,omitempty"`
		Rules    string               `json:"rules"`
		Nodes    []string             `json:"nodes"`
		Initial  map[string]jsonState `json:"initial,omitempty"` // with States
		Steps    []jsonStep           `json:"steps"`
	}
	jsonStep struct {
		Step         int                   `json:"step"`
		ID           string                `json:"id"`
		Event        string                `json:"event"`
		Fields       any                   `json:"fields,omitempty"` // what the trace says of the event
		To           []string              `json:"to,omitempty"`
		Lost         []string              `json:"lost,omitempty"`
		ResponseLost []string              `json:"responseLost,omitempty"`
		Note         string                `json:"note,omitempty"`
		Possible     string                `json:"possible,omitempty"`
		Deliveries   []jsonDelivery        `json:"deliveries,omitempty"`
		Decisions    []jsonDecision        `json:"decisions,omitempty"` // that go with no delivery
		Changed      map[string]jsonChange `json:"changed,omitempty"`   // by node: the fields that the step changed
		State        map[string]jsonState  `json:"state,omitempty"`     // with States: of the nodes that changed
	}
	jsonDelivery struct {
		To           string    `json:"to"`
		Request      any       `json:"request"`
		Reached      bool      `json:"reached"`
		Response     *jsonResp `json:"response"` // null: no answer
		ResponseLost bool      `json:"responseLost,omitempty"`
		Untold       bool      `json:"untold,omitempty"` // what the node has received is off its sheet
		Rule         string    `json:"rule"`
		Section      string    `json:"section"`
		Reason       string    `json:"reason"`

		Decisions []jsonDecision `json:"decisions,omitempty"` // of the receiver, then of the sender on the answer
	}
	jsonDecision struct {
		Node    string `json:"node"`
		From    string `json:"from,omitempty"` // whose message it was
		Rule    string `json:"rule"`
		Section string `json:"section"`
		Outcome string `json:"outcome"`
		Reason  string `json:"reason"`
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
	jsonInstall struct {
		Term              raft.Term  `json:"term"`
		LeaderID          string     `json:"leaderId"`
		LastIncludedIndex raft.Index `json:"lastIncludedIndex"`
		LastIncludedTerm  raft.Term  `json:"lastIncludedTerm"`
	}
	jsonResp struct {
		Term        raft.Term   `json:"term"`
		Success     *bool       `json:"success,omitempty"`
		VoteGranted *bool       `json:"voteGranted,omitempty"`
		MatchIndex  *raft.Index `json:"matchIndex,omitempty"` // of a success
	}
	// A jsonSnapshot is that after which a log begins.
	jsonSnapshot struct {
		LastIncludedIndex raft.Index `json:"lastIncludedIndex"`
		LastIncludedTerm  raft.Term  `json:"lastIncludedTerm"`
	}
	jsonState struct {
		Term        raft.Term             `json:"term"`
		VotedFor    string                `json:"votedFor"`
		Role        string                `json:"role"`
		Leader      string                `json:"leader"` // that the node knows
		Snapshot    *jsonSnapshot         `json:"snapshot,omitempty"`
		Log         []any                 `json:"log"` // after the snapshot
		CommitIndex raft.Index            `json:"commitIndex"`
		LastApplied raft.Index            `json:"lastApplied"`
		NextIndex   map[string]raft.Index `json:"nextIndex,omitempty"`
		MatchIndex  map[string]raft.Index `json:"matchIndex,omitempty"`
		Voters      [][]string            `json:"voters,omitempty"` // where the trace says anywhere who counts
	}
	jsonChange struct {
		Term        *raft.Term            `json:"term,omitempty"`
		VotedFor    *string               `json:"votedFor,omitempty"`
		Role        *string               `json:"role,omitempty"`
		Leader      *string               `json:"leader,omitempty"`
		Snapshot    *jsonSnapshot         `json:"snapshot,omitempty"`
		Log         *jsonLogChange        `json:"log,omitempty"`
		CommitIndex *raft.Index           `json:"commitIndex,omitempty"`
		LastApplied *raft.Index           `json:"lastApplied,omitempty"`
		NextIndex   map[string]raft.Index `json:"nextIndex,omitempty"`
		MatchIndex  map[string]raft.Index `json:"matchIndex,omitempty"`
		Voters      [][]string            `json:"voters,omitempty"`
	}
	// A jsonLogChange says that a log is now what it was before an index, with
	// these entries from there on. What a new snapshot covers is not in it any more.
	jsonLogChange struct {
		From    raft.Index `json:"from"`
		Entries []any      `json:"entries"`
	}
)

// A Shown is a replay, and what of it is shown.
type Shown struct {
	*replay.Run
	render.ShowOptions

	countsVoters bool // see [render.CountsVoters]
}

// Show writes replays as JSON: every step with what was delivered and decided,
// and what it changed. Where that comes to more than a bound, nothing is written.
func Show(w io.Writer, shown []Shown) error {
	for i := range shown {
		if err := shown[i].bounded(); err != nil {
			return err
		}
	}
	out := &listWriter{w: bufio.NewWriter(w)}
	out.text("{\n  \"version\": 2,\n  \"traces\": [")
	for i := range shown {
		shown[i].countsVoters = render.CountsVoters(shown[i].Trace)
		shown[i].write(out, i > 0)
	}
	if out.text("\n  ]\n}\n"); out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

// write writes a replay step by step, since all of it may be large.
func (s *Shown) write(out *listWriter, more bool) {
	t := s.Trace
	head := jsonRun{File: t.File, Document: t.Document, Title: t.Title, Variant: t.Variant, Rules: s.Rules.Name, Nodes: t.Names, Steps: []jsonStep{}}
	if s.States {
		head.Initial = make(map[string]jsonState)
		for i := range t.Names {
			if id := raft.NodeID(i + 1); s.shows(id) {
				head.Initial[t.Name(id)] = s.stateJSON(id, 0)
			}
		}
	}
	const end = "]\n}" // of the steps, none yet, and of the head
	text := out.encode(head, "    ", more)
	steps := s.steps()
	if len(steps) == 0 {
		out.text(text)
		return
	}
	out.text(strings.TrimSuffix(text, strings.ReplaceAll(end, "\n", "\n    ")))
	for i := range steps {
		step := stepJSON(s, &steps[i])
		if s.Blank {
			step.hideAnswers()
		}
		out.text(out.encode(step, "        ", i > 0))
	}
	out.text("\n      ]\n    }")
}

func (s *Shown) shows(id raft.NodeID) bool {
	return !s.Untold(id, 0) && (s.Node == raft.NoNode || s.Node == id)
}

// changed is the nodes whose state a step may have changed: those also that have
// come to know their leader, or count by other voters.
func (s *Shown) changed(step *replay.Step) raft.NodeSet {
	ids := step.Changed
	for i := range step.Deliveries {
		ids = ids.With(step.Deliveries[i].To)
	}
	for i := range step.Acts {
		ids = ids.With(step.Acts[i].Node)
	}
	return ids
}

func (s *Shown) steps() []replay.Step {
	if s.Step > 0 {
		return s.Run.Steps[:s.Step]
	}
	return s.Run.Steps
}

// A listWriter writes JSON piece by piece, and keeps the first error.
type listWriter struct {
	w   *bufio.Writer
	err error
}

func (l *listWriter) text(s string) {
	if l.err == nil {
		_, l.err = l.w.WriteString(s)
	}
}

// encode gives an item of a list, with its comma and its indentation.
func (l *listWriter) encode(v any, indent string, more bool) string {
	text, err := doc.EncodeJSON(v)
	if l.err == nil {
		l.err = err
	}
	comma := ""
	if more {
		comma = ","
	}
	return comma + "\n" + indent + strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), "\n", "\n"+indent)
}

// What the JSON of a replay lists at most, of logs and messages.
const (
	mostEntries = 2_000_000
	mostValues  = 8 << 20 // bytes of their commands
)

// bounded refuses a replay whose JSON would list too much.
func (s *Shown) bounded() error {
	entries, values := 0, 0
	count := func(es raft.Entries) {
		if entries += es.Len(); entries > mostEntries {
			return
		}
		for _, e := range es.Slice() {
			values += len(e.Value)
		}
	}
	steps := s.steps()
	for i := range steps {
		for j := range steps[i].Deliveries {
			if m := steps[i].Deliveries[j].Append; m != nil {
				count(m.Entries)
			}
		}
		for id := range steps[i].Changed.All() {
			before, now := s.Run.State(id, i), s.Run.State(id, i+1)
			if s.States {
				count(now.Log.After(0))
			} else if before.Log != now.Log {
				count(now.Log.After(before.Log.Shared(now.Log)))
			}
		}
		if entries > mostEntries || values > mostValues {
			return fmt.Errorf("%s: as JSON, the replay would list more than %d entries of logs and messages, or %d bytes of their values, by step %s; --step stops sooner",
				s.Trace.File, mostEntries, mostValues, steps[i].Trace.ID)
		}
	}
	return nil
}

// hideAnswers leaves the questions of a step alone.
func (s *jsonStep) hideAnswers() {
	s.Possible, s.Decisions, s.Changed, s.State = "", nil, nil, nil
	for i := range s.Deliveries {
		d := &s.Deliveries[i]
		*d = jsonDelivery{To: d.To, Request: d.Request, Reached: d.Reached, ResponseLost: d.ResponseLost}
	}
}

var possibilities = [...]string{"", "late", "implied", "given", "impossible"}

func stepJSON(s *Shown, step *replay.Step) jsonStep {
	t, run, ts := s.Trace, s.Run, step.Trace
	out := jsonStep{Step: ts.Number, ID: ts.ID, Event: ts.EventName(), Fields: eventJSON(t, ts.Event), Note: ts.Note,
		To: namesJSON(t, ts.To.Value), Lost: namesJSON(t, ts.Lost), ResponseLost: namesJSON(t, ts.ResponseLost),
		Possible: possibilities[step.Possible], Changed: make(map[string]jsonChange)}
	by, others := render.Decided(run, step)
	for i := range step.Deliveries {
		d := deliveryJSON(run, step, &step.Deliveries[i])
		d.Decisions = decisionsJSON(run, by[i])
		out.Deliveries = append(out.Deliveries, d)
	}
	out.Decisions = decisionsJSON(run, others)
	out.states(s, step)
	return out
}

func decisionsJSON(run *replay.Run, all []replay.Outcome) (out []jsonDecision) {
	for _, o := range all {
		d := jsonDecision{Node: run.Trace.Name(o.Node), Rule: o.Rule.String(), Section: o.Rule.Info().Section,
			Outcome: render.OutcomeWord(o.Decision), Reason: reason.Decision(run, o.Node, o.Decision)}
		if o.From != raft.NoNode {
			d.From = run.Trace.Name(o.From)
		}
		out = append(out, d)
	}
	return out
}

// states adds what the step changed.
func (out *jsonStep) states(s *Shown, step *replay.Step) {
	t, n := s.Trace, step.Trace.Number
	for id := range s.changed(step).All() {
		if !s.shows(id) || step.Doubts(id) {
			continue
		}
		c := s.changeJSON(id, n)
		if !reflect.ValueOf(c).IsZero() {
			out.Changed[t.Name(id)] = c
		}
		if s.States && (step.Changed.Has(id) || !reflect.ValueOf(c).IsZero()) {
			if out.State == nil {
				out.State = make(map[string]jsonState)
			}
			out.State[t.Name(id)] = s.stateJSON(id, n)
		}
	}
}
