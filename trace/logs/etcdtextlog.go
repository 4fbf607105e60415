package logs

import (
	"fmt"
	"strconv"
	"strings"

	"raftsheet/trace/internal/pattern"
	"raftsheet/trace/logs/event"
)

// This file reads the single lines of etcd-text: what the log of a node says,
// messages, and entries.

// Lines of the log. Nodes are hexadecimal there, as in messages.
var (
	logged    = pattern.Lazy(`^(?:DEBUG|INFO|WARN|ERROR) (.*)$`)
	newRaft   = pattern.Lazy(`^newRaft ([0-9a-f]+) \[peers: \[.*\], term: (\d+), commit: (\d+), applied: \d+, lastindex: (\d+), lastterm: (\d+)\]$`)
	became    = pattern.Lazy(`^([0-9a-f]+) became (follower|candidate|pre-candidate|leader) at term (\d+)$`)
	switched  = pattern.Lazy(`^([0-9a-f]+) switched to configuration voters=(\([^)]*\))(?:&&(\([^)]*\)))?(?: .*)?$`)
	polled    = pattern.Lazy(`^([0-9a-f]+) received MsgVoteResp(?: rejection)? from ([0-9a-f]+) at term \d+$`)
	inLease   = pattern.Lazy(`^([0-9a-f]+) .* ignored MsgVote from .*: lease is not expired`)
	raftState = pattern.Lazy(`^(\d+): State(\w+) \((?:Non-)?Voter\) Term:(\d+) Lead:(\d+)$`)
	progress  = pattern.Lazy(`^(\d+): State(?:Probe|Replicate|Snapshot) match=(\d+) next=\d+`)
)

// says takes in a line that is no part of a list.
func (r *etcdText) says(s string) error {
	if m := logged().FindStringSubmatch(s); m != nil {
		return r.logs(m[1])
	}
	if m := progress().FindStringSubmatch(s); m != nil {
		if r.match == nil {
			r.match = make(map[string]uint64)
		}
		r.match[m[1]] = number(m[2])
		return nil
	}
	if err := r.status(); err != nil {
		return err
	}
	if m := raftState().FindStringSubmatch(s); m != nil {
		r.emit(event.Line{Ev: event.Tell, Node: m[1], State: event.State{Term: new(r.term(number(m[3]))), Role: etcdRoles[m[2]]}})
		return r.took(true, "")
	}
	switch {
	case s == "", s == "ok", s == "no messages", s == "<empty Ready>", s == "Processing:", s == "]",
		strings.HasPrefix(s, "log is empty: "), strings.HasPrefix(s, "no append work "), strings.HasPrefix(s, "no apply work "),
		strings.HasPrefix(s, "raft proposal dropped"), strings.HasPrefix(s, "raft: cannot step as peer not found"):
		return nil
	}
	return fmt.Errorf("this line is not known: %.80q", s)
}

// status tells how far a leader knows its followers' logs to match.
func (r *etcdText) status() error {
	match := r.match
	if r.match = nil; match == nil {
		return nil
	}
	n, err := r.etcdNode(r.on)
	if err != nil {
		return err
	}
	if n.role != event.Leader {
		return r.took(false, "status")
	}
	for name := range match {
		if _, known := r.t.Node(name); !known {
			delete(match, name)
		}
	}
	r.emit(event.Line{Ev: event.Tell, Node: event.Name(n.id), State: event.State{MatchIndex: match}})
	return r.took(true, "")
}

// logs takes in what the log says. Most of it is told by messages too.
func (r *etcdText) logs(s string) error {
	if m := newRaft().FindStringSubmatch(s); m != nil {
		return r.starts(m)
	}
	if m := switched().FindStringSubmatch(s); m != nil {
		lists := event.VoterLists{}
		for _, list := range m[2:] {
			if names := members(list); len(names) > 0 {
				lists = append(lists, names)
			}
		}
		n := r.nodes[hex(m[1])]
		if n == nil {
			r.configs[hex(m[1])] = lists
			return nil
		}
		return firstOf(r.configures(n, lists), r.took(true, ""))
	}
	if m := became().FindStringSubmatch(s); m != nil {
		return r.became(hex(m[1]), m[2], r.term(number(m[3])))
	}
	if m := polled().FindStringSubmatch(s); m != nil {
		r.lastVote[hex(m[1])] = hex(m[2])
	}
	if m := inLease().FindStringSubmatch(s); m != nil {
		r.Unanswered(hex(m[1]))
	}
	return nil
}

// starts takes in that a node begins.
func (r *etcdText) starts(m []string) error {
	term, last, lastTerm := number(m[2]), number(m[4]), number(m[5])
	r.settles(term, last, lastTerm)
	n := &etcdNode{id: hex(m[1]), term: r.term(term), role: event.Follower, commit: number(m[3])}
	if last > 0 {
		n.base = event.Mark{LastIncludedIndex: last, LastIncludedTerm: r.termOf(lastTerm, last)}
	}
	if n.counts = r.configs[n.id]; n.term < n.base.LastIncludedTerm {
		return fmt.Errorf("node %d begins in term %d with a snapshot of term %d, which no node can", n.id, term, lastTerm)
	}
	return firstOf(r.join(n), r.took(true, ""))
}

// became takes in that a node has another role.
func (r *etcdText) became(id uint64, role string, term uint64) error {
	n := r.nodes[id]
	if n == nil {
		return nil // it has yet to begin
	}
	r.dirty[id] = true
	switch role {
	case "follower":
		r.follows(n, term)
	case "candidate":
		r.lastVote[id] = 0
		r.stands(n, term)
		return r.took(true, "")
	case "pre-candidate":
		n.role = ""
	case "leader":
		r.leads(n, r.lastVote[id] == id)
	}
	err := r.err
	r.err = nil
	return err
}

// members gives the nodes of a list such as (1 2 3).
func members(list string) (names []string) {
	for _, id := range strings.Fields(strings.Trim(list, "()")) {
		names = append(names, event.Name(hex(id)))
	}
	return names
}

// hex is the number of a node as the log has it; number is any other.
func hex(s string) uint64 {
	v, _ := strconv.ParseUint(s, 16, 64)
	return v
}

func number(s string) uint64 {
	v, _ := strconv.ParseUint(s, 10, 64)
	return v
}

// A numbered entry is one of a list.
type numbered struct {
	event.Entry
	index uint64
}

func plain(list []numbered) []event.Entry {
	out := make([]event.Entry, len(list))
	for i := range list {
		out[i] = list[i].Entry
	}
	return out
}

var entryLine = pattern.Lazy(`^(\d+)/(\d+) (Entry\w+)(?: (.*))?$`)

// numbered reads an entry: 1/12 EntryNormal "x". Of a change of the configuration
// the whole is its value.
func (r *etcdText) numbered(s string) (n numbered, ok bool) {
	m := entryLine().FindStringSubmatch(s)
	if m == nil {
		return n, false
	}
	n.index = number(m[2])
	n.Term = r.termOf(number(m[1]), n.index)
	value, err := strconv.Unquote(m[4])
	if m[3] != "EntryNormal" || err != nil {
		value = strings.TrimSpace(m[3] + " " + m[4])
	}
	n.Value = value
	return n, true
}

// An etcdMessage is a message as it is described.
type etcdMessage struct {
	event.Message
	local   bool // to or from a thread of its own node
	dropped bool
}

var message = pattern.Lazy(`^(dropped: )?(\w+)->(\w+) (Msg\w+) Term:(\d+) Log:(\d+)/(\d+)( Rejected \(Hint: \d+\))?(?: Commit:(\d+))?(?: Vote:\d+)?(.*)$`)

// message reads the description of a message, or the first line of it. What goes on
// in the lines to come is the rest.
func (r *etcdText) message(s string) (out etcdMessage, rest string, ok bool) {
	m := message().FindStringSubmatch(s)
	if m == nil {
		return out, "", false
	}
	out.dropped = m[1] != ""
	out.local = strings.HasSuffix(m[2], "Thread") || strings.HasSuffix(m[3], "Thread")
	out.From, out.To, out.Type = hex(m[2]), hex(m[3]), m[4]
	out.Term, out.Index, out.Commit, out.Reject = r.term(number(m[5])), number(m[7]), number(m[9]), m[8] != ""
	out.LogTerm = r.termOf(number(m[6]), out.Index)
	switch tail := strings.TrimSpace(m[10]); {
	case tail == "":
		if out.Type == "MsgSnap" {
			return out, "Snapshot", true
		}
	case strings.HasSuffix(tail, "["):
		return out, tail, true
	default:
		if e, ok := r.numbered(strings.TrimSuffix(strings.TrimPrefix(tail, "Entries:["), "]")); ok {
			out.Entries = []event.Entry{e.Entry}
		}
	}
	return out, "", true
}

// A block is a message that goes on in the lines to come.
type block struct {
	message etcdMessage
	closes  int // brackets that have yet to close
	part    part
}

// goOn takes in a line of a message that goes on.
func (r *etcdText) goOn(s string) error {
	b := r.block
	if m := snapshot().FindStringSubmatch(s); m != nil {
		b.message.Snapshot = event.Mark{LastIncludedIndex: number(m[1]), LastIncludedTerm: r.termOf(number(m[2]), number(m[1]))}
		if b.message.Type == "MsgSnap" {
			b.closes--
		}
	} else if e, ok := r.numbered(s); ok {
		b.message.Entries = append(b.message.Entries, e.Entry)
	} else if strings.HasPrefix(s, "]") {
		b.closes--
	}
	if strings.HasSuffix(s, "[") {
		b.closes++
	}
	if s == "" {
		r.block = nil
		return fmt.Errorf("a message of %d ends unfinished", b.message.From)
	}
	if b.closes > 0 {
		return nil
	}
	r.block = nil
	return r.carries(b.message, b.part)
}
