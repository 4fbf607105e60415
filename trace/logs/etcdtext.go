package logs

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"raftsheet/trace/internal/pattern"
	"raftsheet/trace/logs/event"
)

// This file reads the output of go.etcd.io/raft's datadriven tests with the log on
// (level info or debug): commands, each followed by ---- and what came of it, up to
// a blank line. The commands themselves say little. What happens is in the log's
// lines, in the messages and in the descriptions of each Ready.

// etcdText reads such a log.
type etcdText struct {
	*etcdNodes
	output bool // behind the ----
	cmd    []string
	on     uint64 // the node of which the output speaks
	part   part   // of the output

	configs  map[uint64]event.VoterLists // of nodes that have yet to begin
	lastVote map[uint64]uint64           // by candidate: whose answer it has taken in last
	dirty    map[uint64]bool             // nodes that have something that they have not stored
	async    map[uint64]bool             // nodes that store by a thread of their own, later
	block    *block                      // a message, or the answers in it, that goes on in the lines to come
	entries  []numbered                  // of the list that is being read
	told     event.Line                  // what a Ready tells of its node
	match    map[string]uint64           // of a leader's status
}

// A part of the output of a Ready.
type part int

const (
	noPart part = iota
	inReady
	inEntries
	inCommitted
	inSends // the messages that a node sends
	inLog   // entries of its log, on demand
)

func newEtcdText(c *cluster) *etcdText {
	return &etcdText{etcdNodes: newEtcdNodes(c), configs: make(map[uint64]event.VoterLists), lastVote: make(map[uint64]uint64), dirty: make(map[uint64]bool), async: make(map[uint64]bool)}
}

func (r *etcdText) line(text []byte) error {
	s := strings.TrimSpace(string(bytes.ToValidUTF8(text, []byte("\ufffd"))))
	switch {
	case r.block != nil:
		return r.goOn(s)
	case !r.output && s == "----":
		r.output, r.on, r.part = true, argument(r.cmd, 1), noPart
		return nil
	case !r.output && s != "" && !strings.HasPrefix(s, "#"):
		if len(r.cmd) == 0 {
			r.cmd = strings.Fields(s)
		}
		return nil
	case !r.output:
		return errBlank
	}
	err := r.outputs(s)
	if s == "" {
		r.output, r.cmd = false, nil
	}
	return err
}

func (r *etcdText) end() error {
	switch {
	case r.block != nil:
		return errors.New("the log ends within a message")
	case len(r.nodes) == 0:
		return errors.New("no node begins in this log: it is to be the output of datadriven tests with the log on, with the lines newRaft of its nodes")
	}
	return r.finish()
}

// argument gives the number that a command has for its n-th argument, 0 for none.
func argument(cmd []string, n int) uint64 {
	if len(cmd) <= n {
		return 0
	}
	v, _ := strconv.ParseUint(cmd[n], 10, 64)
	return v
}

// header is the head of what one node does.
var header = pattern.Lazy(`^> (\d+) (handling Ready|receiving messages|processing append thread|processing apply thread)$`)

// outputs takes in a line of output; an empty one ends it.
func (r *etcdText) outputs(s string) error {
	if entry, ok := r.numbered(s); ok && (r.part == inEntries || r.part == inCommitted || r.lists()) {
		r.entries = append(r.entries, entry)
		return nil
	}
	if err := r.listed(); err != nil {
		return err
	}
	if m, rest, ok := r.message(s); ok {
		return r.messages(m, rest)
	}
	if r.part == inSends {
		r.part = noPart
	}
	if r.part == inReady && r.describes(s) {
		return nil
	}
	if err := r.ready(); err != nil {
		return err
	}
	switch h := header().FindStringSubmatch(s); {
	case h != nil:
		r.on, _ = strconv.ParseUint(h[1], 10, 64)
		r.part = noPart
		return nil
	case strings.HasPrefix(s, "Ready MustSync="):
		r.part, r.told = inReady, event.Line{Ev: event.Tell, Node: event.Name(r.on)}
		return nil
	case s == "Messages:" || s == "Responses:":
		r.part = inSends
		return nil
	}
	return r.says(s)
}

// lists reports whether entries that stand alone are a log that was asked for.
func (r *etcdText) lists() bool {
	if len(r.cmd) > 0 && (r.cmd[0] == "raft-log" || r.cmd[0] == "compact") {
		r.part = inLog
		return true
	}
	return false
}

// listed takes in a list of entries that has ended.
func (r *etcdText) listed() error {
	list, part := r.entries, r.part
	if len(list) == 0 {
		return nil
	}
	r.entries = nil
	n, err := r.etcdNode(r.on)
	if err != nil {
		return err
	}
	first, entries := list[0].index, plain(list)
	switch part {
	case inCommitted:
		return nil
	case inEntries:
		r.part = inReady
		if n.role == event.Leader && first+uint64(len(list)) > n.last()+1 {
			// What its log does not have yet its clients have asked for. What the
			// Ready tells of the node was so before them.
			if err := r.ready(); err != nil {
				return err
			}
			fresh := n.last() + 1 - min(first, n.last()+1)
			r.commands(n, entries[fresh:])
			if err := r.took(true, ""); err != nil {
				return err
			}
			r.part, r.told = inReady, event.Line{Ev: event.Tell, Node: event.Name(r.on)}
		} else {
			n.put(first, entries)
		}
		r.told.Log = &event.Log{From: first, Entries: entries}
		return nil
	}
	r.part = noPart
	if r.dirty[n.id] || r.async[n.id] || r.cmd[0] != "raft-log" {
		return r.took(false, r.cmd[0])
	}
	r.emit(event.Line{Ev: event.Tell, Node: event.Name(n.id), State: event.State{Log: &event.Log{From: first, Entries: entries}}})
	return r.took(true, "")
}

var (
	softState = pattern.Lazy(`^Lead:(\d+) State:State(\w+)$`)
	hardState = pattern.Lazy(`^HardState Term:(\d+)(?: Vote:(\d+))? Commit:(\d+)$`)
	snapshot  = pattern.Lazy(`^Snapshot:? Index:(\d+) Term:(\d+) `)
)

// describes takes in a line that describes a Ready. It reports false where the
// description has ended.
func (r *etcdText) describes(s string) bool {
	if m := softState().FindStringSubmatch(s); m != nil {
		if role, ok := etcdRoles[m[2]]; ok {
			r.told.Role = role
		}
		return true
	}
	if m := hardState().FindStringSubmatch(s); m != nil {
		r.told.Term, r.told.VotedFor, r.told.CommitIndex = new(r.term(number(m[1]))), votedFor(m[2]), new(number(m[3]))
		return true
	}
	if m := snapshot().FindStringSubmatch(s); m != nil {
		r.told.Snapshot = &event.Mark{LastIncludedIndex: number(m[1]), LastIncludedTerm: r.termOf(number(m[2]), number(m[1]))}
		return true
	}
	switch {
	case s == "Entries:":
		r.part = inEntries
	case s == "CommittedEntries:":
		r.part = inCommitted
	case strings.HasPrefix(s, "ReadStates "):
	default:
		return false
	}
	return true
}

// etcdRoles are the roles in package event's words; a pre-candidate is none of them.
var etcdRoles = map[string]string{"Follower": event.Follower, "Candidate": event.Candidate, "Leader": event.Leader}

// ready tells what a Ready has told of its node.
func (r *etcdText) ready() error {
	if r.part != inReady && r.part != inCommitted {
		return nil
	}
	r.part = noPart
	delete(r.dirty, r.on)
	if t := &r.told; t.Term == nil && t.Role == "" && t.Log == nil && t.Snapshot == nil {
		return nil
	}
	n, err := r.etcdNode(r.on)
	if err != nil {
		return err
	}
	if c := r.told.CommitIndex; c != nil {
		n.commit = max(n.commit, *c)
	}
	r.emit(r.told)
	r.told = event.Line{}
	return r.took(true, "")
}

// messages takes in a message: one that is sent, dropped, or handled.
func (r *etcdText) messages(m etcdMessage, rest string) error {
	if rest != "" {
		r.block = &block{message: m, closes: 1, part: r.part}
		return nil
	}
	return r.carries(m, r.part)
}

// carries takes in a whole message.
func (r *etcdText) carries(m etcdMessage, in part) error {
	switch {
	case m.local || m.From == m.To:
		r.async[r.on] = r.async[r.on] || m.local
		return nil
	case in == inReady || in == inCommitted:
		return errors.New("a message stands within the description of a Ready")
	case m.dropped:
		return nil
	}
	if _, err := r.all([]string{event.Name(m.From), event.Name(m.To)}); err != nil {
		return err
	}
	sends := in == inSends || len(r.cmd) > 0 && r.cmd[0] == "send-snapshot"
	figure := m.IsRequest() || m.IsAnswer()
	if sends {
		if err := r.ready(); err != nil || !figure {
			return err
		}
		return r.took(r.Sent(m.Message), m.Type)
	}
	if !figure {
		return r.took(false, m.Type)
	}
	n, err := r.etcdNode(m.To)
	if err != nil {
		return err
	}
	r.dirty[n.id] = true
	return r.took(r.handle(n, m.Message), m.Type)
}
