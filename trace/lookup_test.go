package trace_test

import (
	"slices"
	"strings"
	"testing"

	"raftsheet/trace"
)

// What an editor offers at a place is what the format takes there. If this fails,
// completion offers what is an error, or hides what is needed.
func TestOffersAt(t *testing.T) {
	cases := []struct {
		path, siblings     string
		keys, not          string // that are offered, and that are not
		values             string
		byNode, node, list bool
	}{
		{path: "", keys: "title nodes rules initial steps", not: "$schema cells"},
		{path: "", siblings: "nodes title", keys: "steps", not: "nodes title"},
		{path: "steps", list: true},
		{path: "steps -", keys: "requestVote appendEntries timeout state id", not: "response to"},
		{path: "steps -", siblings: "appendEntries", keys: "response lost state", not: "requestVote crash"},
		{path: "steps -", siblings: "crash", keys: "state note", not: "response to appendEntries"},
		{path: "steps - requestVote", keys: "candidateId term lastLogIndex", not: "leaderId"},
		{path: "steps - appendEntries leaderId", node: true},
		{path: "steps - appendEntries entries", keys: "count", values: "auto", not: "term", list: true},
		{path: "steps - appendEntries entries -", keys: "term value times", not: "count"},
		{path: "steps - response", byNode: true, list: true},
		{path: "steps - response -", keys: "success voteGranted term", values: "ok no none"},
		{path: "steps - response 2", keys: "success voteGranted term", values: "ok no none"},
		{path: "steps - state", byNode: true},
		{path: "steps - state 2", keys: "term log terms lastLogIndex"},
		{path: "steps - state 2 role", values: "follower candidate leader"},
		{path: "steps - state 2 votedFor", values: "none", node: true},
		{path: "initial", byNode: true},
		{path: "steps - crash", node: true, list: true},
		{path: "steps - crash -", node: true},
		{path: "rules", values: "figure2 notes vote-twice", list: true},
		{path: "grading", keys: "points late"},
		{path: "nothing of the kind"},
		{path: "- - -"},
	}
	for _, c := range cases {
		got := trace.OffersAt(strings.Fields(c.path), strings.Fields(c.siblings))
		if got.ByNode != c.byNode || got.Node != c.node || got.List != c.list {
			t.Errorf("%s: keys are nodes: %t, a node: %t, a list: %t; want %t, %t, %t", c.path, got.ByNode, got.Node, got.List, c.byNode, c.node, c.list)
		}
		holds := func(what string, all []trace.Word, want string, is bool) {
			for _, w := range strings.Fields(want) {
				if slices.ContainsFunc(all, func(o trace.Word) bool { return o.Text == w }) != is {
					t.Errorf("%s, beside %s: %s: %s is there: %t, of %v", c.path, c.siblings, what, w, !is, all)
				}
			}
		}
		holds("keys", got.Keys, c.keys, true)
		holds("keys", got.Keys, c.not, false)
		holds("values", got.Values, c.values, true)
		if c.keys == "" && len(got.Keys) > 0 {
			t.Errorf("%s: keys %v; want none", c.path, got.Keys)
		}
	}
}

// Every key that is offered says what it is for, and it is said under the caret too.
func TestOffersSay(t *testing.T) {
	for _, path := range [][]string{nil, {"steps", "-"}, {"steps", "-", "appendEntries"}, {"steps", "-", "state", "1"}} {
		for _, w := range trace.OffersAt(path, nil).Keys {
			if w.About == "" {
				t.Errorf("%v: %s says nothing", path, w.Text)
			}
			if says := trace.OffersAt(append(slices.Clone(path), w.Text), nil).Describe; says != w.About {
				t.Errorf("%v: %s says %q when offered, and %q when it is written", path, w.Text, w.About, says)
			}
		}
	}
}
