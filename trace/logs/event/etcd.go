package event

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// This file says what the messages of go.etcd.io/raft are in Figure 2's words. It
// knows them by their names, and imports nothing of that module.

// An Etcd writes what the nodes of a cluster of go.etcd.io/raft do as lines. A
// message is known again by what it says: of messages that say the same, the one
// sent first is handled first. It belongs to one goroutine at a time.
type Etcd struct {
	// Unheard counts answers to heartbeats that were left out: they vouch for more
	// than etcd's leader learns from them.
	Unheard int

	write  func(Line)
	termAt func(node, index uint64) (term uint64, ok bool)

	ids     int
	onWay   map[string][]int     // by what they say, requests on their way, and answers: the request's ids
	arrived map[string]int       // answers that have arrived
	handled map[uint64][]handled // by node: what it has yet to answer
	vouches map[int]uint64       // by request, a heartbeat: how far its answer vouches for the follower's log
	match   map[leadership]uint64
}

// A leadership is what a leader of a term knows of a follower: how far its log
// matches.
type leadership struct{ leader, term, follower uint64 }

// NewEtcd gives one that hands lines to write. It asks termAt for the term of an
// entry in a node's log; ok is false where that is not known.
func NewEtcd(write func(Line), termAt func(node, index uint64) (term uint64, ok bool)) *Etcd {
	return &Etcd{write: write, termAt: termAt, onWay: make(map[string][]int), arrived: make(map[string]int),
		handled: make(map[uint64][]handled), vouches: make(map[int]uint64), match: make(map[leadership]uint64)}
}

// A Message is a message of go.etcd.io/raft.
type Message struct {
	Type     string // MsgApp
	From, To uint64
	Term     uint64
	LogTerm  uint64
	Index    uint64
	Commit   uint64
	Entries  []Entry
	Reject   bool
	Snapshot Mark // of a MsgSnap
}

// A handled request is one that a node will answer.
type handled struct {
	Message
	id     int
	commit uint64 // the node's commitIndex before
}

// etcdAnswers is which message answers which.
var etcdAnswers = map[string]string{"MsgApp": "MsgAppResp", "MsgSnap": "MsgAppResp", "MsgVote": "MsgVoteResp", "MsgHeartbeat": "MsgHeartbeatResp"}

// IsRequest reports whether the message is a request of Figures 2 and 13.
func (m *Message) IsRequest() bool { return etcdAnswers[m.Type] != "" }

// IsAnswer reports whether the message is an answer to one.
func (m *Message) IsAnswer() bool {
	return m.Type == "MsgAppResp" || m.Type == "MsgVoteResp" || m.Type == "MsgHeartbeatResp"
}

// key is what the message says.
func (m *Message) key() string {
	var b strings.Builder
	fmt.Fprint(&b, m.Type, m.From, " ", m.To, m.Reject)
	for _, n := range []uint64{m.Term, m.LogTerm, m.Index, m.Commit, m.Snapshot.LastIncludedIndex, uint64(len(m.Entries))} {
		b.WriteString(" " + strconv.FormatUint(n, 10))
	}
	return b.String()
}

// Sent writes that a message was sent: a request, or the answer to the oldest one
// of its receiver and kind. It reports false where that is not known, and of what
// no figure has.
func (e *Etcd) Sent(m Message) (ok bool) {
	switch {
	case m.From == m.To:
		return false
	case m.IsAnswer():
		return e.sentAnswer(m)
	case !m.IsRequest():
		return false
	}
	l := e.request(m)
	if l == nil {
		return false
	}
	e.ids++
	l.Ev, l.ID, l.Node, l.To = Send, e.ids, Name(m.From), Name(m.To)
	e.put(m.key(), e.ids)
	e.write(*l)
	return true
}

func (e *Etcd) put(key string, id int) { e.onWay[key] = append(e.onWay[key], id) }

// take takes the first that says this off its way.
func (e *Etcd) take(key string) (id int, ok bool) {
	ids := e.onWay[key]
	if len(ids) == 0 {
		return 0, false
	}
	if len(ids) == 1 {
		delete(e.onWay, key)
	} else {
		e.onWay[key] = ids[1:]
	}
	return ids[0], true
}

// sentAnswer writes what a request is answered with.
func (e *Etcd) sentAnswer(m Message) bool {
	waiting := e.handled[m.From]
	i := slices.IndexFunc(waiting, func(h handled) bool { return h.From == m.To && etcdAnswers[h.Type] == m.Type })
	if i < 0 {
		return false
	}
	h := waiting[i]
	e.handled[m.From] = slices.Delete(waiting, i, i+1)
	a := &Answer{Term: m.Term}
	granted := !m.Reject
	switch {
	case m.Type == "MsgVoteResp":
		a.VoteGranted = &granted
	case m.Type == "MsgHeartbeatResp":
		// It names no index: the AppendEntries that stands for the heartbeat
		// vouches for the log up to the follower's commitIndex.
		a.Success, a.MatchIndex = &granted, new(max(h.Commit, h.commit))
	default:
		a.Success = &granted
		if granted {
			a.MatchIndex = &m.Index
		}
	}
	e.write(Line{Ev: Reply, ID: h.id, Answer: a})
	e.put(m.key(), h.id)
	if m.Type == "MsgHeartbeatResp" {
		e.vouches[h.id] = *a.MatchIndex
	}
	return true
}

// Handled writes that a message has been handled by its receiver, which was in a
// term and had a commitIndex before. It reports false of what no figure has.
func (e *Etcd) Handled(m Message, term, commit uint64) (ok bool) {
	switch {
	case m.From == m.To:
		return false
	case m.IsAnswer():
		return e.arrive(m)
	case !m.IsRequest():
		return false
	}
	l := &Line{}
	id, sent := e.take(m.key())
	if !sent { // a copy, or nobody saw it sent
		if l = e.request(m); l == nil {
			return false
		}
		e.ids++
		id, l.From = e.ids, Name(m.From)
	}
	l.Ev, l.ID, l.Node = Receive, id, Name(m.To)
	if m.Term < term { // it gets no answer at all
		l.Answer = &Answer{None: true}
	} else {
		e.handled[m.To] = append(e.handled[m.To], handled{m, id, commit})
	}
	e.write(*l)
	return true
}

// Unanswered writes that the request which a node has handled last gets no answer.
func (e *Etcd) Unanswered(node uint64) {
	waiting := e.handled[node]
	if len(waiting) == 0 {
		return
	}
	last := len(waiting) - 1
	e.write(Line{Ev: Reply, ID: waiting[last].id, Answer: &Answer{None: true}})
	e.handled[node] = waiting[:last]
}

// Forget drops what a node has not answered yet: it has crashed.
func (e *Etcd) Forget(node uint64) { delete(e.handled, node) }

// arrive writes that an answer has reached the sender of its request. An answer
// to a heartbeat that vouches for more than the leader knows is left out: etcd's
// leader does not learn it.
func (e *Etcd) arrive(m Message) bool {
	key := m.key()
	id, ok := e.take(key)
	if !ok { // it arrives once more
		if id, ok = e.arrived[key]; !ok {
			return false
		}
	}
	e.arrived[key] = id
	known := leadership{m.To, m.Term, m.From}
	switch {
	case m.Type == "MsgAppResp" && !m.Reject:
		e.match[known] = max(e.match[known], m.Index)
	case m.Type == "MsgHeartbeatResp" && e.vouches[id] > e.match[known]:
		e.Unheard++
		return true
	}
	e.write(Line{Ev: Arrive, Of: id, Node: Name(m.To)})
	return true
}

// OwnVote writes that a candidate's own vote has been stored, and counts: etcd's
// candidate answers itself.
func (e *Etcd) OwnVote(node, term uint64) {
	e.write(Line{Ev: Arrive, Node: Name(node), From: Name(node), Kind: RequestVote, Answer: &Answer{Term: term, VoteGranted: new(true)}})
}

// request gives a message as a request, nil where a term is not known. A heartbeat
// is the AppendEntries without entries whose prevLogIndex is the commit index that
// it carries, which its follower is known to have.
func (e *Etcd) request(m Message) *Line {
	l := &Line{State: State{Term: &m.Term}}
	switch m.Type {
	case "MsgVote":
		l.Kind, l.LastLogIndex, l.LastLogTerm = RequestVote, &m.Index, &m.LogTerm
	case "MsgApp":
		if m.Entries == nil {
			m.Entries = []Entry{}
		}
		l.Kind, l.PrevLogIndex, l.PrevLogTerm, l.Entries, l.LeaderCommit = AppendEntries, &m.Index, &m.LogTerm, &m.Entries, &m.Commit
	case "MsgHeartbeat":
		term, ok := e.termAt(m.From, m.Commit)
		if !ok {
			return nil
		}
		l.Kind, l.PrevLogIndex, l.PrevLogTerm, l.Entries, l.LeaderCommit = AppendEntries, &m.Commit, &term, &[]Entry{}, &m.Commit
	case "MsgSnap":
		l.Kind, l.LastIncludedIndex, l.LastIncludedTerm = InstallSnapshot, &m.Snapshot.LastIncludedIndex, &m.Snapshot.LastIncludedTerm
	}
	return l
}

// Name is the name of a node that has a number.
func Name(id uint64) string { return strconv.FormatUint(id, 10) }
