package logs

import (
	"errors"
	"strings"
	"testing"

	"raftsheet/trace"
	"raftsheet/trace/logs/event"
)

const head = `{"raftsheet":"events","version":1,"nodes":["a","b","c"]}` + "\n"

// asked is a request that was received.
const asked = head + `{"ev":"recv","id":1,"node":"b","from":"a","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0}` + "\n"

// Each row is a log whose last line cannot be understood, and what is said of it. If
// one fails, a log is taken for something that it does not say.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"events", "", "run.log: this is not a log of events"},
		{"events", "\n\n", "run.log: this is not a log of events"},
		{"events", "hello", "run.log:1: not JSON"},
		{"events", `{"ev":"timeout","node":"a"}`, "run.log:1: a log of events begins with"},
		{"events", `{"raftsheet":"events","version":2,"nodes":["a"]}`, "run.log:1: this is version 2 of the form; version 1 is what can be read"},
		{"events", `{"raftsheet":"events","version":1}`, "run.log:1: a cluster has 1 to 64 nodes; here are 0"},
		{"events", `{"raftsheet":"events","version":1,"nodes":["a b"]}`, `run.log:1: "a b" cannot be the name of a node in a trace`},
		{"events", `{"raftsheet":"events","version":1,"nodes":["a","a"]}`, `run.log:1: two nodes are named "a"`},
		{"events", `{"raftsheet":"events","version":1,"nodes":["a"],"rules":["etdc"]}`, `run.log:1: there are no rules named "etdc"`},
		{"events", `{"raftsheet":"events","version":1,"nodes":["a"],"voters":["b"]}`, `run.log:1: voters: there is no node "b"; the nodes are a`},
		{"events", `{"raftsheet":"events","version":1,"nodes":["a"],"initial":{"b":{}}}`, `run.log:1: initial: there is no node "b"`},
		{"events", head + head, "run.log:2: a log has one header, and it comes first"},
		{"events", head + `{"ev":"timeout"}`, "run.log:2: node is missing"},
		{"events", head + `{"ev":"timeout","node":"d"}`, `run.log:2: node: there is no node "d"; the nodes are a, b, c`},
		{"events", head + `12`, "run.log:2: a line is one JSON object, and this is a number"},
		{"events", head + `{"ev":"state","node":"a","log":7}`, "run.log:2: a log is a list of entries, or from and entries, not 7"},
		{"events", head + `{"ev":"timeout","node":1}`, "run.log:2: node cannot be a number"},
		{"events", head + `{"ev":"timeout","node":"a"} x`, "run.log:2: one line is one JSON object; something follows it"},
		{"events", head + `{"ev":"timeout","node":"a","nodee":1}`, `run.log:2: unknown field "nodee"`},
		{"events", head + `{"ev":"sleep","node":"a"}`, `run.log:2: there is no event "sleep"`},
		{"events", head + `{"node":"a"}`, "run.log:2: ev is missing: it says what happens"},
		{"events", head + `{"ev":"client","node":"a"}`, "run.log:2: value is missing"},
		{"events", head + `{"ev":"client","node":"a","value":"` + strings.Repeat("x", 1025) + `"}`, "run.log:2: a value has 1025 bytes here, and a trace holds at most 1024"},
		{"events", head + `{"ev":"voters","node":"a"}`, "run.log:2: voters: who counts is missing"},
		{"events", head + `{"ev":"voters","node":"a","voters":[["a"],[]]}`, "run.log:2: voters: a list has no node in it"},
		{"events", head + `{"ev":"voters","node":"a","voters":[["a"],["b"],["c"]]}`, "run.log:2: voters are a list of nodes, or two lists"},
		{"events", head + `{"ev":"send","node":"a","to":"b","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0}`, "run.log:2: id is missing"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"a","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0}`, "run.log:2: a node sends itself no request"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"requestVote","term":1,"lastLogTerm":0}`, "run.log:2: lastLogIndex is missing"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"requestVote","term":-1,"lastLogIndex":0,"lastLogTerm":0}`, "run.log:2: term cannot be a number -1"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"requestVote","term":9223372036854775808,"lastLogIndex":0,"lastLogTerm":0}`, "run.log:2: term is above the largest number, 9223372036854775807"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"preVote","term":1}`, `run.log:2: there is no kind "preVote" of request`},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"appendEntries","term":1,"prevLogIndex":0,"prevLogTerm":0,"leaderCommit":0}`, "run.log:2: entries is missing; a heartbeat has none: []"},
		{"events", head + `{"ev":"send","id":1,"node":"a","to":"b","kind":"appendEntries","term":1,"prevLogIndex":0,"prevLogTerm":0,"entries":[["x"]],"leaderCommit":0}`, "run.log:2: an entry's term is a whole number"},
		{"events", head + `{"ev":"recv","id":1,"node":"b"}`, "run.log:2: nothing is known of what the request says"},
		{"events", asked + `{"ev":"recv","id":1,"node":"c"}`, "run.log:3: request 1 was sent to node b"},
		{"events", asked + `{"ev":"recv","id":1,"node":"b"}`, "run.log:3: request 1 has been received before; a copy needs an id of its own"},
		{"events", asked + `{"ev":"reply","id":1}`, "run.log:3: answer is missing"},
		{"events", asked + `{"ev":"reply","id":2,"answer":"none"}`, "run.log:3: request 2: nobody is on record as having received it"},
		{"events", asked + `{"ev":"reply","id":1,"answer":"no"}`, `run.log:3: an answer is an object, or "none", not "no"`},
		{"events", asked + `{"ev":"reply","id":1,"answer":{"voteGranted":true}}`, "run.log:3: an answer has a term"},
		{"events", asked + `{"ev":"reply","id":1,"answer":{"term":1,"success":true}}`, "run.log:3: the answer to a requestVote has voteGranted"},
		{"events", asked + `{"ev":"answer","of":1,"node":"a"}`, "run.log:3: request 1: no answer to it is on record"},
		{"events", asked + `{"ev":"answer","of":1,"node":"c"}`, "run.log:3: request 1 is node a's; its answer does not go to node c"},
		{"events", asked + `{"ev":"answer","node":"a"}`, "run.log:3: an answer says of which request it is, or from whom: from is missing"},
		{"events", head + `{"ev":"answer","node":"a","from":"b","kind":"appendEntries","answer":{"term":1,"success":true}}`, "run.log:2: matchIndex is missing"},
		{"events", head + `{"ev":"state","node":"a","role":"boss"}`, `run.log:2: there is no role "boss"`},
		{"events", head + `{"ev":"state","node":"a","votedFor":"d"}`, `run.log:2: votedFor: there is no node "d"`},
		{"events", head + `{"ev":"state","node":"a","log":{"from":0,"entries":[]}}`, "run.log:2: a log's from is an index from 1 on"},
		{"events", head + `{"ev":"timeout","node":"` + strings.Repeat("x", mostLine), "run.log:2: the line is longer than 16 MiB"},
		{"etcd", `{"level":"info"}`, `run.log:1: this is no event of go.etcd.io/raft: unknown field "level"`},
		{"etcd", `{"event":{"name":"Ready","nid":"x"}}`, `run.log:1: nid: a node has a number, not "x"`},
		{"etcd", `{"event":{"name":"Ready","nid":"1"}}`, "run.log:1: node 1 is here before its BecomeFollower"},
		{"etcd", `{"name":"SendAppendEntriesRequest","nid":"1"}`, "run.log:1: \"SendAppendEntriesRequest\" has a message where it is sent or received, and only there"},
		{"etcd", "", "run.log: no node does anything in this log"},
		{"etcd-text", "campaign 1\n----\nbanana", `run.log:3: this line is not known: "banana"`},
		{"etcd-text", "campaign 1\n----\n1->2 MsgVote Term:1 Log:0/0", "run.log:3: nothing is known of node 2: the log does not say how it began"},
		{"etcd-text", "campaign 1\n----\nok\n", "run.log: no node begins in this log"},
	} {
		_, err := Read("logs/run.log", strings.NewReader(c.text), c.format, false)
		var at *Error
		if !errors.As(err, &at) {
			t.Errorf("%s: %.200s\n  no error of a line: %v", c.format, c.text, err)
			continue
		}
		if got := strings.TrimPrefix(err.Error(), "logs/"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %.200s\n  says %s\n  want %s", c.format, c.text, got, c.want)
		}
	}
	if _, err := Read("x", strings.NewReader(""), "zookeeper", false); err == nil || !strings.Contains(err.Error(), "events, etcd, etcd-text") {
		t.Errorf("an unknown format: %v", err)
	}
}

// Lines that cannot be understood are skipped and counted, and the rest is
// imported. If this fails, --skip hides what it leaves out.
func TestSkip(t *testing.T) {
	text := head + "garbage\n" + `{"ev":"timeout","node":"a"}` + "\n" + `{"ev":"timeout","node":"z"}` + "\n\n" + `{"ev":"crash","node":"b"}`
	l, err := Read("run.log", strings.NewReader(text), "events", true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.Summary(), "2 of 4 events; 2 lines skipped"; got != want || len(l.Trace.Steps) != 2 {
		t.Errorf("imported %s, as %d steps; want %s", got, len(l.Trace.Steps), want)
	}
	if got := l.Trace.Steps[1].Comment; got != "run.log:6" {
		t.Errorf("the second step comes from %s", got)
	}
}

// What is left out comes with the most of a kind first. If this fails, the summary
// changes from run to run.
func TestSummary(t *testing.T) {
	l := Log{Events: 1234567, Imported: 1713, LeftOut: map[string]int{"MsgProp": 3, "MsgPreVote": 1200, "MsgApp": 3}, Skipped: 1}
	if got, want := l.Summary(), "1,713 of 1,234,567 events; 1,200 MsgPreVote, 3 MsgApp, 3 MsgProp left out; 1 line skipped"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A log with more events than a trace has steps is refused where it has too many.
// If this fails, what import writes cannot be read.
func TestTooManySteps(t *testing.T) {
	was := mostSteps
	mostSteps = 3
	defer func() { mostSteps = was }()
	_, err := Read("run.log", strings.NewReader(head+strings.Repeat(`{"ev":"timeout","node":"a"}`+"\n", 5)), "events", true)
	if err == nil || !strings.HasPrefix(err.Error(), "run.log:5: up to here the log makes more than 3 steps") {
		t.Errorf("the error is %v", err)
	}
}

// A line that is written is read as the same line. If this fails, a recorder says
// something that import does not hear.
func TestLinesReadBack(t *testing.T) {
	n := func(v uint64) *uint64 { return &v }
	yes, value, vote := true, "x=\u2028\"1\"", event.Vote("b")
	for _, l := range []event.Line{
		{Header: event.Header{Raftsheet: event.Events, Version: 1, Title: "t", Nodes: []string{"a"}, Rules: []string{"etcd"}, Voters: event.VoterLists{{"a"}}, Initial: map[string]event.State{"a": {Term: n(0)}}}},
		{Ev: event.Voters, Node: "a", Header: event.Header{Voters: event.VoterLists{{"a"}, {"a", "b"}}}},
		{Ev: event.Client, Node: "a", Value: &value},
		{Ev: event.Receive, ID: 3, Node: "a", From: "b", Kind: event.AppendEntries, State: event.State{Term: n(1)}, PrevLogIndex: n(0), PrevLogTerm: n(0), Entries: &[]event.Entry{{Term: 1, Value: value}, {Term: 2}}, LeaderCommit: n(0), Answer: &event.Answer{None: true}},
		{Ev: event.Reply, ID: 3, Answer: &event.Answer{Term: 0, Success: &yes, MatchIndex: n(0)}},
		{Ev: event.Tell, Node: "a", State: event.State{Term: n(0), VotedFor: &vote, Role: event.Leader, Log: &event.Log{}, NextIndex: map[string]uint64{"b": 1}, Snapshot: &event.Mark{LastIncludedIndex: 4, LastIncludedTerm: 2}}, LastLogIndex: n(0)},
		{Ev: event.Tell, Node: "a", State: event.State{Log: &event.Log{From: 3, Entries: []event.Entry{}}}},
	} {
		var b strings.Builder
		w := event.NewWriter(&b, event.Header{Nodes: []string{"a"}})
		w.Write(l)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(b.String(), "\n")
		back, err := event.Parse([]byte(strings.TrimSpace(text)))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		b.Reset()
		event.NewWriter(&b, event.Header{}).Flush()
		b.Reset()
		w = event.NewWriter(&b, event.Header{Nodes: []string{"a"}})
		w.Write(*back)
		w.Flush()
		if _, again, _ := strings.Cut(b.String(), "\n"); again != text {
			t.Errorf("written\n%sread and written again\n%s", text, again)
		}
	}
}

// fuzzed reads a text in a format: it must end in a trace that can be written and
// replayed by whoever reads it, or in an error.
func fuzzed(f *testing.F, format string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, skip := range []bool{false, true} {
			l, err := Read("run.log", strings.NewReader(text), format, skip)
			if err != nil {
				continue
			}
			if l.Imported > l.Events {
				t.Errorf("imported %d of %d events", l.Imported, l.Events)
			}
			var b strings.Builder
			if err := trace.Write(&b, l.Trace); err != nil {
				t.Errorf("what was imported cannot be written: %v", err)
			}
			_, err = trace.Read("run.yaml", strings.NewReader(b.String()), trace.DefaultLimits())
			if err != nil {
				t.Errorf("what was imported cannot be read: %v\n%s", err, b.String())
			}
		}
	})
}

func FuzzEvents(f *testing.F) {
	fuzzed(f, "events", asked, head+`{"ev":"state","node":"a","log":[[1,"x"],[2]],"role":"leader","matchIndex":{"b":1}}`+"\n"+`{"ev":"timeout","node":"a"}`,
		asked+`{"ev":"reply","id":1,"answer":{"term":1,"voteGranted":true}}`+"\n"+`{"ev":"answer","of":1,"node":"a"}`)
}

func FuzzEtcdText(f *testing.F) {
	fuzzed(f, "etcd-text", `add-nodes 1 voters=(1) index=2
----
INFO 1 switched to configuration voters=(1)&&(1 2) autoleave
INFO newRaft 1 [peers: [1], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]

stabilize
----
> 1 handling Ready
  Ready MustSync=true:
  Lead:1 State:StateLeader
  HardState Term:1 Vote:1 Commit:2
  Entries:
  1/3 EntryNormal ""
  Messages:
  1->2 MsgApp Term:1 Log:1/2 Commit:2 Entries:[
    1/3 EntryNormal "x"
    1/4 EntryConfChangeV2 v3
  ]
  1->2 MsgSnap Term:1 Log:0/0
    Snapshot: Index:4 Term:1 ConfState:Voters:[1 2] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false
`)
}

func FuzzEtcdTrace(f *testing.F) {
	fuzzed(f, "etcd", `{"name":"BecomeFollower","nid":"1","state":{"term":1,"vote":"0","commit":1},"role":"StateFollower","log":1,"conf":[["1","2"],[]]}
{"event":{"name":"BecomeCandidate","nid":"1","state":{"term":2,"vote":"1","commit":1},"role":"StateCandidate","log":1,"conf":[["1","2"],[]]}}
{"event":{"name":"SendRequestVoteRequest","nid":"1","state":{"term":2,"vote":"1","commit":1},"role":"StateCandidate","log":1,"conf":[["1","2"],[]],"msg":{"type":"MsgVote","term":2,"from":"1","to":"2","entries":0,"logTerm":1,"index":1}}}
`)
}
