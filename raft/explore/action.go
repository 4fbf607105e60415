package explore

import "raftsheet/raft"

// An action is one thing that happens in a cluster. It is a good deal at once,
// so that behaviours which matter are few actions long: the timeouts of an
// election with a request for votes and the answers to it, say. A search keeps
// the action that led to each state, so that it is small.
type action struct {
	kind     kind
	node     raft.NodeID  // who does it
	timeouts uint8        // ask: election timeouts that elapse before
	idle     bool         // send: a heartbeat, where there are entries to send
	message  uint8        // arrive: which of those in flight
	delivery Delivery     // ask, send, arrive
	loss     Loss         // restart: what the disk does not give back, 0 for nothing
	to       raft.NodeSet // ask, send: to whom; last, so that the small fields share a word
}

// A kind of action is a row of kinds, which says what the kind does.
type kind uint8

const (
	client   kind = iota // a leader takes a command
	send                 // a leader sends AppendEntries
	arrive               // a message in flight arrives; it may do so again
	stand                // an election timeout elapses, and nobody hears of it
	ask                  // a candidate sends RequestVote
	stepDown             // a leader or candidate becomes a follower by itself
	restart              // a server crashes, and is back
	numKinds
)
