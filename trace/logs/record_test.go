package logs

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"raftsheet/raft"
	"raftsheet/trace"
)

// vote and entry are requests of node 1 in term 1.
func vote(id int, to raft.NodeID) Request {
	return Request{ID: id, To: to, Vote: &raft.RequestVote{Term: 1, CandidateID: 1}}
}

func entry(id int, to raft.NodeID) Request {
	return Request{ID: id, To: to, Append: &raft.AppendEntries{Term: 1, LeaderID: 1, Entries: raft.NewEntries(0, 0, raft.Entry{Term: 1, Value: "x"})}}
}

// term is a table that tells a term alone.
func term(id raft.NodeID, t raft.Term) trace.NodeState {
	return Table(id, &raft.State{CurrentTerm: t}, raft.FieldTerm)
}

// folded is where a long line goes on in the next.
var folded = regexp.MustCompile(`\n {20,}`)

// Each case is a few events and the steps that they make. If one fails, what
// happened is told in another order, or not at all.
func TestRecorder(t *testing.T) {
	const asks = "requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}"
	yes := &Answer{Term: 1, OK: true}
	for _, c := range []struct {
		name   string
		record func(r *Recorder)
		want   string // the steps, without what all have in common
	}{
		{"sent, handled and answered with nothing between: one step", func(r *Recorder) {
			must(r.Send(vote(1, 2)))
			must(r.Receive(Request{ID: 1}))
			must(r.Answer(1, yes))
			r.State(term(2, 1))
			must(r.Arrive(1))
			r.State(term(1, 1))
		}, `
  - ` + asks + `
    to: [2]
    response: {2: {voteGranted: true, term: 1}}
    state:
      2: {term: 1}
      1: {term: 1}
`},
		{"what its sender has gone on from is on its way, and arrives late; so does the answer", func(r *Recorder) {
			must(r.Send(vote(1, 2)))
			must(r.Send(vote(2, 3)))
			r.Timeout(1)
			must(r.Receive(Request{ID: 1}))
			must(r.Answer(1, yes))
			r.Timeout(3)
			must(r.Arrive(1))
		}, `
  - ` + asks + `
    to: [2, 3]
    lost: [2, 3]
  - timeout: 1
  - ` + asks + `
    to: [2]
    responseLost: [2]
    response: {2: {voteGranted: true, term: 1}}
  - timeout: 3
  - requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
`},
		{"what was sent before an answer came stands before it", func(r *Recorder) {
			must(r.Send(vote(1, 2)))
			must(r.Send(vote(2, 3)))
			must(r.Receive(Request{ID: 1}))
			must(r.Answer(1, yes))
			must(r.Arrive(1))
			must(r.Receive(Request{ID: 2}))
		}, `
  - ` + asks + `
    to: [3]
    lost: [3]
  - ` + asks + `
    to: [2]
    response: {2: {voteGranted: true, term: 1}}
  - ` + asks + `
    to: [3]
    responseLost: [3]
    response: {3: }
`},
		{"a copy is a request that nobody is seen to send", func(r *Recorder) {
			must(r.Receive(entry(1, 2)))
			must(r.Answer(1, nil))
			must(r.Receive(entry(2, 2)))
			must(r.Answer(2, &Answer{Term: 2}))
		}, `
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    to: [2]
    response: {2: none}
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    to: [2]
    responseLost: [2]
    response: {2: {success: false, term: 2}}
`},
		{"an answer may arrive twice: the second time alone", func(r *Recorder) {
			must(r.Receive(entry(1, 2)))
			must(r.Answer(1, &Answer{Term: 1, OK: true, MatchIndex: 1}))
			must(r.Arrive(1))
			must(r.Arrive(1))
		}, `
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    to: [2]
    response: {2: {success: true, term: 1}}
  - appendEntriesResponse: {from: 2, to: 1, term: 1, success: true, matchIndex: 1}
`},
		{"an answer arrives after a state that is without it", func(r *Recorder) {
			must(r.Receive(vote(1, 2)))
			must(r.Answer(1, yes))
			r.State(term(1, 1))
			must(r.Arrive(1))
		}, `
  - ` + asks + `
    to: [2]
    responseLost: [2]
    response: {2: {voteGranted: true, term: 1}}
    state:
      1: {term: 1}
  - requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
`},
		{"a node that tells its state twice tells it in two steps", func(r *Recorder) {
			r.ClientRequest(1, "x")
			r.State(term(1, 1))
			r.State(term(1, 2))
			r.Crash(1)
			r.Restart(1)
		}, `
  - clientRequest: {node: 1, value: x}
    state:
      1: {term: 1}
  - state:
      1: {term: 2}
  - crash: 1
  - restart: 1
`},
	} {
		r := NewRecorder(names(3))
		c.record(r)
		var b strings.Builder
		must(trace.Write(&b, r.Trace()))
		_, got, _ := strings.Cut(b.String(), "steps:")
		got = folded.ReplaceAllString(got, " ")
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// Each step says where its first event comes from, a request where it was sent.
func TestPlaces(t *testing.T) {
	r := NewRecorder(names(3))
	r.State(term(3, 4))
	r.From("a:1")
	must(r.Send(vote(1, 2)))
	must(r.Send(vote(2, 3)))
	r.From("a:2")
	must(r.Receive(Request{ID: 1}))
	r.From("a:3")
	must(r.Answer(1, &Answer{Term: 1}))
	must(r.Arrive(1))
	r.From("a:4")
	r.Timeout(1)
	tr := r.Trace()
	var got []string
	for i := range tr.Steps {
		got = append(got, tr.Steps[i].Comment)
	}
	if got, want := strings.Join(got, " "), "a:1 a:2 a:4"; got != want {
		t.Errorf("the places are %s, want %s", got, want)
	}
	if len(tr.Initial) != 1 || tr.Initial[0].Term.Value != 4 {
		t.Errorf("the state before the first event is not the initial state: %v", tr.Initial)
	}
}

// What cannot be recorded is said, and leaves no step behind.
func TestRecorderRefuses(t *testing.T) {
	for want, record := range map[string]func(r *Recorder) error{ // each by what its error says
		"nothing is known": func(r *Recorder) error { return r.Receive(Request{ID: 1, To: 2}) },
		"no node 4":        func(r *Recorder) error { return r.Send(vote(1, 4)) },
		"no node 0":        func(r *Recorder) error { return r.Receive(vote(1, 0)) },
		"one of this id already": func(r *Recorder) error {
			must(r.Send(vote(1, 2)))
			return r.Send(vote(1, 2))
		},
		"received before": func(r *Recorder) error {
			must(r.Receive(vote(1, 2)))
			return r.Receive(vote(1, 2))
		},
		"sent as another": func(r *Recorder) error {
			must(r.Send(vote(1, 2)))
			return r.Receive(entry(1, 2))
		},
		"as having received it": func(r *Recorder) error {
			must(r.Send(vote(1, 2)))
			return r.Answer(1, nil)
		},
		"no answer to it": func(r *Recorder) error {
			must(r.Receive(vote(1, 2)))
			must(r.Answer(1, nil))
			return r.Arrive(1)
		},
		"5: nobody": func(r *Recorder) error { return r.Arrive(5) },
	} {
		r := NewRecorder(names(3))
		if err := record(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v; want one that says %q", err, want)
		}
		if steps := len(r.Trace().Steps); steps > 1 {
			t.Errorf("%s: %d steps", want, steps)
		}
	}
}

// A leader's indexes are told of the others; of the fields that are not known,
// nothing.
func TestTable(t *testing.T) {
	s := raft.State{CurrentTerm: 2, Role: raft.Leader, NextIndex: []raft.Index{1, 2, 3}, MatchIndex: []raft.Index{0, 1, 2}}
	st := Table(2, &s, raft.FieldRole|raft.FieldMatchIndex)
	if st.Term.Given() || st.Log.Given() || st.NextIndex.Given() || st.LastApplied.Given() {
		t.Errorf("it tells what is not known: %v", st)
	}
	m := st.MatchIndex.Value
	if len(m) != 2 || m[0].Node != 1 || m[0].Index.Value != 0 || m[1].Node != 3 || m[1].Index.Value != 2 {
		t.Errorf("matchIndex is told as %v", m)
	}
}

func names(size int) []string {
	var names []string
	for i := range size {
		names = append(names, strconv.Itoa(i+1))
	}
	return names
}

// must stops at what is a mistake of the test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
