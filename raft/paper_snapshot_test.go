package raft

// The rest of the paperServer: Figure 13, who counts (§6), and what befalls a
// server that is no message.

// installSnapshot is the InstallSnapshot RPC, "Receiver implementation", of a
// snapshot that comes in one chunk.
func (s *paperServer) installSnapshot(m *InstallSnapshot) reply {
	s.higherTerm(m.Term)
	// "1. Reply immediately if term < currentTerm"
	if m.Term < s.currentTerm {
		s.took["IS1: a stale leader"]++
		return s.answer(IS1, Refused, false)
	}
	if s.role == Leader {
		s.took["C3: a second leader sends a snapshot"]++
		return reply{rule: C3, outcome: Ignored}
	}
	if s.role == Candidate {
		s.took["C3: a candidate yields to a snapshot"]++
		s.follow()
	}
	s.leader = m.LeaderID
	s.takeSnapshot(m.LastIncludedIndex, m.LastIncludedTerm)
	return s.answer(IS1, Passed, false)
}

// takeSnapshot is lines 5 to 8.
func (s *paperServer) takeSnapshot(index Index, term Term) {
	// "5. Save snapshot file, discard any existing or partial snapshot with a
	// smaller index": one with a larger index stays, and all that follows it.
	if index < s.lastIncludedIndex || index == 0 {
		s.took["IS5: the own snapshot covers more"]++
		return
	}
	// "6. If existing log entry has same index and term as snapshot's last
	// included entry, retain log entries following it and reply"
	if index <= s.lastLogIndex() && s.termAt(index) == term {
		s.took["IS6: what follows stays"]++
		s.log = s.log[index-s.lastIncludedIndex:]
	} else {
		// "7. Discard the entire log"
		s.took["IS7: the log goes"]++
		s.log = nil
	}
	s.lastIncludedIndex, s.lastIncludedTerm = index, term
	// "8. Reset state machine using snapshot contents"; a state machine that has
	// applied more is not set back.
	if index > s.commitIndex {
		s.took["IS8: commitIndex rises"]++
		s.commitIndex = index
	}
	if index > s.lastApplied {
		s.took["IS8: the state machine is reset"]++
		s.lastApplied = index
	}
}

// snapshot: "each server takes snapshots independently, covering just the committed
// entries in its log"; what is applied is what a state machine can write down.
func (s *paperServer) snapshot() reply {
	s.took["a snapshot is taken"]++
	term := s.termAt(s.lastApplied)
	s.log = s.log[s.lastApplied-s.lastIncludedIndex:]
	s.lastIncludedIndex, s.lastIncludedTerm = s.lastApplied, term
	return reply{}
}

// snapshotRequest is the arguments of a leader's InstallSnapshot RPC.
func (s *paperServer) snapshotRequest() InstallSnapshot {
	return InstallSnapshot{Term: s.currentTerm, LeaderID: s.id,
		LastIncludedIndex: s.lastIncludedIndex, LastIncludedTerm: s.lastIncludedTerm}
}

// majority: "separate majorities from both the old and new configurations" where
// there are two (§6), otherwise from the one.
func (s *paperServer) majority(has func(NodeID) bool) bool {
	for _, list := range s.voters {
		count := 0
		for _, id := range list {
			if has(id) {
				count++
			}
		}
		if 2*count <= len(list) {
			return false
		}
	}
	return true
}

// configure: a server "always uses the latest configuration in its log" (§6). For
// a leader the sentence about commitIndex may be true from then on.
func (s *paperServer) configure(voters [][]NodeID) reply {
	s.voters = voters
	if s.role != Leader {
		s.took["configuration: no leader"]++
		return reply{}
	}
	s.took["configuration: a leader"]++
	was, outcome := s.commitIndex, Idle
	s.commit()
	if s.commitIndex > was {
		s.took["configuration: commits"]++
		outcome = Acted
	}
	s.apply()
	return reply{rule: L4, outcome: outcome}
}

func (s *paperServer) stepDown() reply {
	s.took["a "+s.role.String()+" is to step down"]++
	if s.role == Follower {
		return reply{}
	}
	s.follow()
	return reply{yes: true}
}

// restartFrom is a crash with a disk that gave back what was there, or less.
func (s *paperServer) restartFrom(d Disk) reply {
	term, vote, log := s.currentTerm, s.votedFor, s.log
	if d.CurrentTerm != nil && *d.CurrentTerm != term {
		if *d.CurrentTerm > term {
			return s.took.refuse("term")
		}
		term, vote = *d.CurrentTerm, NoNode
	}
	if d.VotedFor != nil && *d.VotedFor != vote {
		if *d.VotedFor != NoNode {
			return s.took.refuse("votedFor")
		}
		vote = NoNode
	}
	if d.Log != nil {
		given := d.Log.Entries()
		if len(given) > len(log) || d.Log.Snapshot() != (Mark{s.lastIncludedIndex, s.lastIncludedTerm}) {
			return s.took.refuse("log's length")
		}
		for i, e := range given {
			if e.Term != log[i].Term || e.Value != "" && log[i].Value != "" && e.Value != log[i].Value {
				return s.took.refuse("log")
			}
		}
		log = log[:len(given)]
	}
	lost := term != s.currentTerm || vote != s.votedFor || len(log) != len(s.log)
	s.currentTerm, s.votedFor, s.log = term, vote, log
	s.restart()
	s.took["a disk gave back something"]++
	return reply{answered: true, yes: lost}
}

func (took branches) refuse(what string) reply {
	took["a disk cannot have given back that "+what]++
	return reply{}
}
