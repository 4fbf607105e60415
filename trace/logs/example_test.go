package logs_test

import (
	"fmt"
	"os"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// A cluster is recorded whose node 2 grants two votes in a term.
func ExampleRecorder() {
	r := logs.NewRecorder([]string{"1", "2", "3"})
	ask := func(id int, candidate raft.NodeID) {
		r.From(fmt.Sprintf("node.log:%d", id))
		m := &raft.RequestVote{Term: 1, CandidateID: candidate}
		r.Timeout(candidate)
		r.Send(logs.Request{ID: id, To: 2, Vote: m})
		r.Receive(logs.Request{ID: id})
		r.Answer(id, &logs.Answer{Term: 1, OK: true})
		r.State(logs.Table(2, &raft.State{CurrentTerm: 1, VotedFor: candidate}, raft.FieldTerm|raft.FieldVotedFor))
	}
	ask(7, 1)
	r.Arrive(7)
	ask(9, 3)

	t := r.Trace()
	trace.Write(os.Stdout, t)
	run, _ := replay.Play(t, raft.Figure2())
	for _, f := range check.Compare(run).Findings {
		fmt.Printf("step %d: %s: %s\n", f.Step, f.Kind, f.Message)
	}
	// Output:
	// nodes: 3
	//
	// steps:
	//   - timeout: 1  # node.log:7
	//   - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}  # node.log:7
	//     to: [2]
	//     response: {2: {voteGranted: true, term: 1}}
	//     state:
	//       2: {term: 1, votedFor: 1}
	//   - timeout: 3  # node.log:9
	//   - requestVote: {term: 1, candidateId: 3, lastLogIndex: 0, lastLogTerm: 0}  # node.log:9
	//     to: [2]
	//     responseLost: [2]
	//     response: {2: {voteGranted: true, term: 1}}
	//     state:
	//       2: {term: 1, votedFor: 3}
	// step 4: response: node 2 has voted for node 1 in term 1
	// step 4: state: node 2's votedFor is 1: it refused the request: node 2 has voted for node 1 in term 1
}
