package serve_test

import (
	"log"
	"os"
	"strings"

	"raftsheet/check/conform/serve"
)

// A voter is a Raft in its first week: it knows RequestVote alone.
type voter struct{ state serve.State }

func (v *voter) Start(s serve.Start) error {
	v.state = s.State
	return nil
}

func (v *voter) State() serve.State { return v.state }

func (v *voter) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	if m.Term > v.state.Term {
		v.state.Term, v.state.VotedFor, v.state.Role = m.Term, "", "follower"
	}
	granted := m.Term == v.state.Term && v.state.VotedFor == "" // nothing yet about the logs
	if granted {
		v.state.VotedFor = m.CandidateID
	}
	return &serve.Answer{Term: v.state.Term, OK: granted}, nil
}

func (v *voter) AppendEntries(serve.AppendEntries) (*serve.Answer, error) {
	return nil, serve.Cannot("AppendEntries is next week's")
}

// An adapter's main would be serve.Serve(newNode). Here the calls are written out.
func ExampleServeOn() {
	calls := `{"id": 1, "do": "hello", "version": 1}
{"id": 2, "do": "start", "node": "2", "nodes": ["1", "2", "3"], "voters": [["1", "2", "3"]], "state": {"term": 1, "role": "follower", "log": [[1, "x"]]}}
{"id": 3, "do": "requestVote", "to": "2", "term": 2, "candidateId": "1", "lastLogIndex": 1, "lastLogTerm": 1}
{"id": 4, "do": "appendEntries", "to": "2", "term": 2, "leaderId": "1", "prevLogIndex": 0, "prevLogTerm": 0, "entries": [], "leaderCommit": 0}
{"id": 5, "do": "quit"}
`
	newNode := func() serve.Node { return &voter{} }
	if err := serve.ServeOn(strings.NewReader(calls), os.Stdout, newNode); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"can":["appendEntries","requestVote","start"],"id":1,"keeps":["term","votedFor","role","log","commitIndex"],"name":"","rules":null,"version":""}
	// {"id":2}
	// {"answer":{"term":2,"voteGranted":true},"id":3,"state":{"commitIndex":0,"log":[[1,"x"]],"role":"follower","term":2,"votedFor":"1"}}
	// {"cannot":"AppendEntries is next week's","id":4}
}
