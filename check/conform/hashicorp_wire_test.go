package conform

import (
	"errors"
	"strconv"

	hashicorp "github.com/hashicorp/raft"

	"raftsheet/raft"
)

// A hashicorpWire is a server's transport. What is sent through it waits; what
// arrives comes through the transport within.
type hashicorpWire struct {
	*hashicorp.InmemTransport
	from raft.NodeID
	sent chan<- *hashicorpCall
	down chan struct{}
}

// A hashicorpCall is a request and, once it is answered, the response.
type hashicorpCall struct {
	Request
	message  any // hashicorp's
	response any
	answered bool
	answer   Answer
	copied   bool
	done     chan error // tells the server that sent it
}

var errLost = errors.New("lost")

func (w *hashicorpWire) AppendEntriesPipeline(hashicorp.ServerID, hashicorp.ServerAddress) (hashicorp.AppendPipeline, error) {
	return nil, hashicorp.ErrPipelineReplicationNotSupported
}

func (w *hashicorpWire) AppendEntries(_ hashicorp.ServerID, to hashicorp.ServerAddress, m *hashicorp.AppendEntriesRequest, resp *hashicorp.AppendEntriesResponse) error {
	own := *m // which its sender uses again
	prev, term := raft.Index(m.PrevLogEntry), raft.Term(m.PrevLogTerm)
	return w.send(&hashicorpCall{message: &own, response: resp, Request: Request{To: hashicorpNode(to), Append: &raft.AppendEntries{
		Term: raft.Term(m.Term), LeaderID: w.from, PrevLogIndex: prev, PrevLogTerm: term,
		Entries: raft.NewEntries(prev, term, hashicorpEntries(m.Entries)...), LeaderCommit: raft.Index(m.LeaderCommitIndex)}}})
}

// RequestVote sends the request as a server sends it whose election timeout has
// elapsed, not as one that is to take over.
func (w *hashicorpWire) RequestVote(_ hashicorp.ServerID, to hashicorp.ServerAddress, m *hashicorp.RequestVoteRequest, resp *hashicorp.RequestVoteResponse) error {
	own := *m
	own.LeadershipTransfer = false
	return w.send(&hashicorpCall{message: &own, response: resp, Request: Request{To: hashicorpNode(to), Vote: &raft.RequestVote{
		Term: raft.Term(m.Term), CandidateID: w.from, LastLogIndex: raft.Index(m.LastLogIndex), LastLogTerm: raft.Term(m.LastLogTerm)}}})
}

// send waits for what becomes of a call. Who is down sends nothing.
func (w *hashicorpWire) send(c *hashicorpCall) error {
	select {
	case <-w.down:
		return errLost
	default:
	}
	c.done = make(chan error, 1)
	w.sent <- c
	return <-c.done
}

func hashicorpAddress(id raft.NodeID) hashicorp.ServerAddress {
	return hashicorp.ServerAddress(strconv.Itoa(int(id)))
}

func hashicorpNode[T ~string | ~[]byte](address T) raft.NodeID {
	n, _ := strconv.Atoi(string(address))
	return raft.NodeID(n)
}

// hashicorpEntries gives the entries. The configuration that every log begins with
// has a word for a value.
func hashicorpEntries(logs []*hashicorp.Log) []raft.Entry {
	var es []raft.Entry
	for _, l := range logs {
		e := raft.Entry{Term: raft.Term(l.Term), Value: string(l.Data)}
		if l.Type == hashicorp.LogConfiguration {
			e.Value = "servers"
		}
		es = append(es, e)
	}
	return es
}
