package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"raftsheet/trace/logs/event"
)

// This file reads what go.etcd.io/raft writes under its build tag with_tla
// (state_trace.go): JSON lines, each of which has an event as the field event, or is
// one.
//
// An event tells the state of its node at that moment, which may be in the middle of
// what it does: only before a message is handled, and as a Ready is made, is the state
// settled. Messages have the number of their entries, and not the entries: a leader's
// log has them, as far as it is known. Values are not known at all. The entries with
// which a node begins are taken to be of term 1, as the library's own check of such
// logs has it (Traceetcdraft.tla).

// etcdTrace reads such a log.
type etcdTrace struct {
	*etcdNodes
	begins   map[uint64]*traceEvent     // by node that has yet to begin: its latest line
	away     map[string][][]event.Entry // by what the message says: the entries of those that were sent
	voter    map[uint64]uint64          // by candidate: whose answer it has taken in last
	unstored map[uint64]bool            // leaders whose own entries are yet to be stored
}

// A traceEvent is TracingEvent.
type traceEvent struct {
	Name  string `json:"name"`
	Node  string `json:"nid"`
	State struct {
		Term   uint64 `json:"term"`
		Vote   string `json:"vote"`
		Commit uint64 `json:"commit"`
	} `json:"state"`
	Role   string        `json:"role"`
	Last   uint64        `json:"log"`
	Voters [][]string    `json:"conf"`
	Msg    *traceMessage `json:"msg"`
	Props  any           `json:"prop"`
	Change any           `json:"cc"`

	id uint64
}

// A traceMessage is TracingMessage.
type traceMessage struct {
	Type    string `json:"type"`
	Term    uint64 `json:"term"`
	From    string `json:"from"`
	To      string `json:"to"`
	Entries uint64 `json:"entries"` // of a MsgSnap: the snapshot's last index
	LogTerm uint64 `json:"logTerm"`
	Index   uint64 `json:"index"`
	Commit  uint64 `json:"commit"`
	Vote    string `json:"vote"`
	Reject  bool   `json:"reject"`
	Hint    uint64 `json:"rejectHint"`
}

func newEtcdTrace(c *cluster) *etcdTrace {
	return &etcdTrace{etcdNodes: newEtcdNodes(c), begins: make(map[uint64]*traceEvent), away: make(map[string][][]event.Entry),
		voter: make(map[uint64]uint64), unstored: make(map[uint64]bool)}
}

func (r *etcdTrace) line(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errBlank
	}
	ev, err := readTraceEvent(text)
	if err != nil {
		return err
	}
	if err := r.event(ev); err != nil {
		r.log.Events++
		return err
	}
	return nil
}

func (r *etcdTrace) end() error {
	if len(r.nodes) == 0 {
		return errors.New(`no node does anything in this log: its lines are {"name":"BecomeFollower","nid":"1","state":{...},...}, or have that as event`)
	}
	return r.finish()
}

// readTraceEvent reads a line.
func readTraceEvent(text []byte) (*traceEvent, error) {
	var line struct {
		Event json.RawMessage `json:"event"`
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if line.Event != nil {
		text = line.Event
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	ev := new(traceEvent)
	if err := d.Decode(ev); err != nil {
		return nil, fmt.Errorf("this is no event of go.etcd.io/raft: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	var err error
	if ev.id, err = strconv.ParseUint(ev.Node, 10, 64); err != nil || ev.id == 0 {
		return nil, fmt.Errorf("nid: a node has a number, not %.40q", ev.Node)
	}
	if (ev.Msg != nil) != (strings.HasPrefix(ev.Name, "Send") || strings.HasPrefix(ev.Name, "Receive")) {
		return nil, fmt.Errorf("%.40q has a message where it is sent or received, and only there", ev.Name)
	}
	return ev, nil
}

// event takes in an event.
func (r *etcdTrace) event(ev *traceEvent) error {
	n := r.nodes[ev.id]
	if ev.Name == "InitState" && n != nil {
		return r.restarts(n)
	}
	if n == nil && slices.Contains([]string{"InitState", "BecomeFollower", "ApplyConfChange"}, ev.Name) {
		r.begins[ev.id] = ev
		return r.took(true, "")
	}
	if n == nil {
		var err error
		if n, err = r.starts(ev); err != nil {
			return err
		}
	}
	if err := r.configures(n, voterLists(ev.Voters)); err != nil {
		return err
	}
	if n.role == event.Leader && ev.Role == "StateLeader" && ev.Last > n.last() {
		if ev.Last-n.last() > uint64(mostSteps) {
			return fmt.Errorf("node %s's log grows from index %d to %d at once", ev.Node, n.last(), ev.Last)
		}
		r.commands(n, slices.Repeat([]event.Entry{{Term: n.term}}, int(ev.Last-n.last())))
	}
	return r.does(n, ev)
}

// does takes in what a node does.
func (r *etcdTrace) does(n *etcdNode, ev *traceEvent) error {
	switch ev.Name {
	case "BecomeFollower":
		r.follows(n, r.term(ev.State.Term))
	case "BecomeCandidate":
		r.voter[n.id] = 0
		r.stands(n, r.term(ev.State.Term))
	case "BecomeLeader":
		r.leads(n, r.voter[n.id] == n.id)
	case "Ready":
		r.tells(n, ev)
	case "Commit", "Replicate", "ChangeConf", "ApplyConfChange":
	case "SendAppendEntriesRequest", "SendAppendEntriesResponse", "SendRequestVoteRequest", "SendRequestVoteResponse", "SendSnapshot":
		return r.sends(n, ev)
	case "ReceiveAppendEntriesRequest", "ReceiveAppendEntriesResponse", "ReceiveRequestVoteRequest", "ReceiveRequestVoteResponse", "ReceiveSnapshot":
		r.tells(n, ev)
		return r.receives(n, ev)
	default:
		return fmt.Errorf("there is no event %.40q", ev.Name)
	}
	return r.took(true, "")
}

// starts takes in that a node begins, in the state that its latest line has.
func (r *etcdTrace) starts(ev *traceEvent) (*etcdNode, error) {
	was := r.begins[ev.id]
	if was == nil {
		return nil, fmt.Errorf("node %s is here before its BecomeFollower: the log does not say how it begins", ev.Node)
	}
	delete(r.begins, ev.id)
	r.settles(was.State.Term, was.Last, min(was.Last, 1))
	n := &etcdNode{id: ev.id, term: r.term(was.State.Term), role: event.Follower, commit: was.State.Commit, counts: voterLists(ev.Voters)}
	if n.commit > was.Last || was.Last > uint64(mostSteps) {
		return nil, fmt.Errorf("node %s begins with commitIndex %d and %d entries, which no node can, or with more than can be read", ev.Node, n.commit, was.Last)
	}
	for i := range was.Last {
		n.log = append(n.log, event.Entry{Term: r.termOf(1, i+1)})
	}
	if vote := was.State.Vote; vote != "0" && vote != "" {
		n.vote = vote
	}
	return n, r.join(n)
}

// restarts takes in that a node comes up again.
func (r *etcdTrace) restarts(n *etcdNode) error {
	r.Forget(n.id)
	n.role = event.Follower
	delete(r.unstored, n.id)
	r.emit(event.Line{Ev: event.Restarted, Node: event.Name(n.id)})
	return r.took(true, "")
}

// tells tells a settled state. What a node that is its own majority has committed
// depends on what it has stored of its own entries.
func (r *etcdTrace) tells(n *etcdNode, ev *traceEvent) {
	n.commit = max(n.commit, ev.State.Commit)
	l := event.Line{Ev: event.Tell, Node: event.Name(n.id), LastLogIndex: &ev.Last}
	l.Term, l.VotedFor = new(r.term(ev.State.Term)), votedFor(ev.State.Vote)
	l.Role = etcdRoles[strings.TrimPrefix(ev.Role, "State")]
	if !r.unstored[n.id] {
		l.CommitIndex = &ev.State.Commit
	}
	r.emit(l)
}

// message gives a message as package event has it.
func (r *etcdTrace) message(m *traceMessage) (out event.Message, err error) {
	out = event.Message{Type: m.Type, Term: r.term(m.Term), LogTerm: r.termOf(m.LogTerm, m.Index), Index: m.Index, Commit: m.Commit, Reject: m.Reject}
	var bad error
	out.From, err = strconv.ParseUint(m.From, 10, 64)
	out.To, bad = strconv.ParseUint(m.To, 10, 64)
	if firstOf(err, bad) != nil || out.From == 0 || out.To == 0 {
		return out, errors.New("a message is from one node to another")
	}
	if _, err := r.all([]string{event.Name(out.From), event.Name(out.To)}); err != nil {
		return out, err
	}
	if m.Type == "MsgSnap" {
		out.Snapshot.LastIncludedIndex = m.Entries
		from := r.nodes[out.From]
		if from == nil {
			return out, fmt.Errorf("nothing is known of node %s, whose snapshot this is", m.From)
		}
		term, ok := from.termAt(m.Entries)
		if !ok {
			return out, fmt.Errorf("the term of the snapshot's last entry, %d, is not known", m.Entries)
		}
		out.Snapshot.LastIncludedTerm = term
	}
	return out, nil
}

// sends takes in that a node sends a message.
func (r *etcdTrace) sends(n *etcdNode, ev *traceEvent) error {
	m, err := r.message(ev.Msg)
	switch {
	case err != nil:
		return err
	case m.From != n.id:
		return fmt.Errorf("node %s sends a message of node %s", ev.Node, ev.Msg.From)
	case m.To == n.id: // it answers itself once it has stored its entries, or its vote
		r.unstored[n.id] = r.unstored[n.id] || m.Type == "MsgAppResp"
		return r.took(true, "")
	}
	if m.Type == "MsgApp" && ev.Msg.Entries > 0 {
		if m.Entries, err = n.entries(m.Index, ev.Msg.Entries); err != nil {
			return err
		}
		key := fmt.Sprint(*ev.Msg)
		r.away[key] = append(r.away[key], m.Entries)
	}
	return r.took(r.Sent(m), m.Type)
}

// entries gives so many entries of a node's log after an index.
func (n *etcdNode) entries(after, count uint64) ([]event.Entry, error) {
	base := n.base.LastIncludedIndex
	if after < base || count > n.last() || after > n.last()-count {
		return nil, fmt.Errorf("of node %d's log the entries %d to %d are not known", n.id, after+1, after+count)
	}
	return slices.Clone(n.log[after-base : after-base+count]), nil
}

// receives takes in that a node receives a message.
func (r *etcdTrace) receives(n *etcdNode, ev *traceEvent) error {
	m, err := r.message(ev.Msg)
	switch {
	case err != nil:
		return err
	case m.To != n.id:
		return fmt.Errorf("node %s receives a message to node %s", ev.Node, ev.Msg.To)
	}
	if m.Type == "MsgVoteResp" {
		r.voter[n.id] = m.From
	}
	if m.From == n.id {
		if m.Type == "MsgAppResp" && m.Index >= n.last() {
			delete(r.unstored, n.id)
		}
		return r.took(true, "")
	}
	if m.Type == "MsgApp" && ev.Msg.Entries > 0 {
		if m.Entries, err = r.carried(&m, ev.Msg); err != nil {
			return err
		}
	}
	n.term, n.commit = r.term(ev.State.Term), ev.State.Commit
	return r.took(r.handle(n, m), m.Type)
}

// carried gives the entries of a message: those with which it was sent, or else
// those that its sender has by now.
func (r *etcdTrace) carried(m *event.Message, as *traceMessage) ([]event.Entry, error) {
	key := fmt.Sprint(*as)
	if sent := r.away[key]; len(sent) > 0 {
		if len(sent) > 1 { // the last stays, for copies
			r.away[key] = sent[1:]
		}
		return sent[0], nil
	}
	from := r.nodes[m.From]
	if from == nil {
		return nil, fmt.Errorf("nobody has sent this message, and of node %d nothing is known", m.From)
	}
	if term, ok := from.termAt(m.Index); !ok || term != m.LogTerm {
		return nil, errors.New("nobody has sent this message, and its entries are not known")
	}
	return from.entries(m.Index, as.Entries)
}

// voterLists gives the lists of an event that are not empty.
func voterLists(lists [][]string) (out event.VoterLists) {
	for _, list := range lists {
		if len(list) > 0 {
			out = append(out, list)
		}
	}
	return out
}
