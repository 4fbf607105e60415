package raft

import "fmt"

// A Disk is what a server's stable storage gives back after a crash, where that
// is not all that was written to it. A nil field gives back what was there.
type Disk struct {
	CurrentTerm *Term   // a lower one: the vote of the term that is lost goes with it
	VotedFor    *NodeID // NoNode: the vote is lost
	Log         *Log    // a prefix of what was there, after the same snapshot
}

// Restart is a crash and a return: the persistent state survives, the rest is
// as at start-up (§5.1, Figure 2 "State").
func (n *Node) Restart() {
	n.State = n.Rules.Restart(n)
}

// RestartFrom is a crash and a return with what the disk gave back. That can be
// what was there or less: a prefix of the log, a lower term, no vote; lost
// reports whether it is less. Figure 2 promises nothing after a loss: its safety
// depends on state that is "updated on stable storage before responding to RPCs".
// A lower term may lie below that of the log's entries.
//
// A disk cannot give back what was never there: that is an error, and the node
// stays as it is.
func (n *Node) RestartFrom(d Disk) (lost bool, err error) {
	left := n.State
	if err := d.readTerm(&left); err != nil {
		return false, err
	}
	if err := d.readVote(&left, n.CurrentTerm); err != nil {
		return false, err
	}
	if err := d.readLog(&left); err != nil {
		return false, err
	}
	lost = left.CurrentTerm != n.CurrentTerm || left.VotedFor != n.VotedFor || left.Log != n.Log
	n.State = left
	n.Restart()
	return lost, nil
}

func (d Disk) readTerm(left *State) error {
	switch {
	case d.CurrentTerm == nil:
	case *d.CurrentTerm > left.CurrentTerm:
		return fmt.Errorf("the disk gives back term %d; currentTerm was %d, and a crash does not raise it", *d.CurrentTerm, left.CurrentTerm)
	case *d.CurrentTerm < left.CurrentTerm:
		// A vote belongs to its term; in a term before, another may have had it.
		left.CurrentTerm, left.VotedFor = *d.CurrentTerm, NoNode
	}
	return nil
}

func (d Disk) readVote(left *State, term Term) error {
	switch {
	case d.VotedFor == nil || *d.VotedFor == left.VotedFor:
	case *d.VotedFor == NoNode:
		left.VotedFor = NoNode
	case left.CurrentTerm < term:
		return fmt.Errorf("the disk gives back a vote for %d with term %d; no vote of a term before %d is known", *d.VotedFor, left.CurrentTerm, term)
	case left.VotedFor == NoNode:
		return fmt.Errorf("the disk gives back a vote for %d; none was given in term %d", *d.VotedFor, left.CurrentTerm)
	default:
		return fmt.Errorf("the disk gives back a vote for %d; the vote of term %d was for %d", *d.VotedFor, left.CurrentTerm, left.VotedFor)
	}
	return nil
}

func (d Disk) readLog(left *State) error {
	if d.Log == nil {
		return nil
	}
	was, last := left.Log, d.Log.LastIndex()
	if d.Log.Snapshot() != was.Snapshot() {
		return fmt.Errorf("the disk gives back a log that begins after index %d; it began after %d", d.Log.Snapshot().Index, was.Snapshot().Index)
	}
	if last > was.LastIndex() {
		return fmt.Errorf("the disk gives back a log up to index %d; it ended at %d", last, was.LastIndex())
	}
	// The entries that were there stay in place of those given: they have their
	// values, and may be shared.
	left.Log = was.Truncate(last)
	had := left.Log.Entries()
	for i, e := range d.Log.Entries() {
		if !e.Matches(had[i]) {
			return fmt.Errorf("the disk gives back entry %v at index %d; it was %v", e, was.Snapshot().Index+Index(i)+1, had[i])
		}
	}
	return nil
}

// StepDown makes a leader or candidate a follower by its own decision, as real
// leaders step down when their lease runs out or they are removed. Term, vote and
// log stay, and it knows no leader. It reports false, and changes nothing, where
// the node is a follower already. Figure 2 has no such rule, but it is safe: a
// restart can leave a server in the same state.
func (n *Node) StepDown() bool {
	if n.Role == Follower {
		return false
	}
	n.becomeFollower()
	return true
}
