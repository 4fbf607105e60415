package recorders

import (
	"errors"
	"strconv"

	library "github.com/hashicorp/raft"
)

// A hashicorpWire is a server's transport. What is sent through it waits; what
// arrives comes through the transport within.
type hashicorpWire struct {
	*library.InmemTransport
	from int
	sent chan<- *hashicorpCall
	down chan struct{}
}

// A hashicorpCall is a request and, once it is answered, the response.
type hashicorpCall struct {
	from, to int
	vote     *library.RequestVoteRequest // one of the two
	append   *library.AppendEntriesRequest
	response any
	term     uint64 // of the response
	success  bool
	answered bool
	copied   bool
	done     chan error // tells the server that sent it
}

var errLost = errors.New("lost")

func (w *hashicorpWire) AppendEntries(_ library.ServerID, to library.ServerAddress, m *library.AppendEntriesRequest, resp *library.AppendEntriesResponse) error {
	own := *m // which its sender uses again
	return w.send(&hashicorpCall{from: w.from, to: hashicorpNumber(to), append: &own, response: resp})
}

// RequestVote sends the request as a server sends it whose election timeout has
// elapsed, not as one that is to take over.
func (w *hashicorpWire) RequestVote(_ library.ServerID, to library.ServerAddress, m *library.RequestVoteRequest, resp *library.RequestVoteResponse) error {
	own := *m
	own.LeadershipTransfer = false
	return w.send(&hashicorpCall{from: w.from, to: hashicorpNumber(to), vote: &own, response: resp})
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

func hashicorpAddress(number int) library.ServerAddress {
	return library.ServerAddress(strconv.Itoa(number))
}

func hashicorpNumber(address library.ServerAddress) int {
	n, _ := strconv.Atoi(string(address))
	return n
}
