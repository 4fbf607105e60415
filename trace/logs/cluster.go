package logs

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file is what every format's reader fills in.

// A Log is a log that was read.
type Log struct {
	Trace    *trace.Trace
	Events   int            // lines that tell of something that happened
	Imported int            // those of them that the trace holds
	LeftOut  map[string]int // of the others, what they tell of, and how many: a trace has no place for it
	Skipped  int            // lines that could not be understood, where these are to be skipped
	Skips    []*Error       // the first of them
}

// An Error is a line that cannot be understood.
type Error struct {
	File string
	Line int // from 1; 0 is the whole file
	Msg  string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Msg
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
}

// Summary says what became of the log's events: 1,713 of 1,725 events; 12 PreVote
// left out.
func (l *Log) Summary() string {
	s := fmt.Sprintf("%s of %s events", thousands(l.Imported), thousands(l.Events))
	left := slices.SortedFunc(maps.Keys(l.LeftOut), func(a, b string) int {
		return cmp.Or(cmp.Compare(l.LeftOut[b], l.LeftOut[a]), cmp.Compare(a, b))
	})
	for i, what := range left {
		left[i] = thousands(l.LeftOut[what]) + " " + what
	}
	if len(left) > 0 {
		s += "; " + strings.Join(left, ", ") + " left out"
	}
	switch l.Skipped {
	case 0:
		return s
	case 1:
		return s + "; 1 line skipped"
	}
	return s + fmt.Sprintf("; %s lines skipped", thousands(l.Skipped))
}

// thousands writes a number with a comma after every third digit from its end.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// A cluster is what a source makes of a log: the recorder that it tells of events,
// and the counts.
type cluster struct {
	*Recorder
	log  Log
	note string // for whoever reads the trace
}

// leaveOut counts an event for which a trace has no place.
func (c *cluster) leaveOut(what string) { c.log.LeftOut[what]++ }

// begin names the nodes with which the cluster begins.
func (c *cluster) begin(names []string, rules []string) error {
	if len(names) == 0 || len(names) > raft.MaxNodes {
		return fmt.Errorf("a cluster has 1 to %d nodes; here are %d", raft.MaxNodes, len(names))
	}
	for i, name := range names {
		switch {
		case !trace.ValidName(name):
			return fmt.Errorf("%q cannot be the name of a node in a trace", name)
		case slices.Contains(names[:i], name):
			return fmt.Errorf("two nodes are named %q", name)
		}
	}
	for _, name := range rules {
		if _, err := raft.RulesNamed(name); err != nil {
			return err
		}
	}
	c.t.Names, c.t.Rules = slices.Clone(names), rules
	return nil
}

// node finds a node of the cluster.
func (c *cluster) node(key, name string) (raft.NodeID, error) {
	if name == "" {
		return raft.NoNode, fmt.Errorf("%s is missing", key)
	}
	if id, ok := c.t.Node(name); ok {
		return id, nil
	}
	return raft.NoNode, fmt.Errorf("%s: there is no node %.64q; the nodes are %s", key, name, strings.Join(c.t.Names, ", "))
}

// nodes finds several.
func (c *cluster) nodes(key string, names []string) (set raft.NodeSet, err error) {
	for _, name := range names {
		id, err := c.node(key, name)
		if err != nil {
			return 0, err
		}
		set = set.With(id)
	}
	return set, nil
}

// errBlank says of a line that it tells of nothing.
var errBlank = errors.New("a blank line")
