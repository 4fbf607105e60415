package main

import "time"

// This file is leader election (§5.2, §5.4.1).

// RequestVoteArgs are the RequestVote RPC's.
type RequestVoteArgs struct {
	Term, CandidateId, LastLogIndex, LastLogTerm int
}

// RequestVoteReply is the answer.
type RequestVoteReply struct {
	Term        int
	VoteGranted bool
}

// RequestVote is the RPC's handler.
func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.observe(args.Term)
	reply.Term = rf.currentTerm
	if args.Term < rf.currentTerm {
		return
	}
	free := rf.votedFor == -1 || rf.votedFor == args.CandidateId
	upToDate := args.LastLogTerm > rf.lastTerm() ||
		args.LastLogTerm == rf.lastTerm() && args.LastLogIndex >= rf.lastIndex()
	if free && upToDate {
		rf.votedFor = args.CandidateId
		rf.persist()
		rf.heard = time.Now()
		reply.VoteGranted = true
	}
}

// elect starts an election: the timeout has elapsed.
func (rf *Raft) elect() {
	rf.follow()
	rf.role = candidate
	rf.currentTerm++
	rf.votedFor = rf.me
	rf.votes = map[int]bool{rf.me: true}
	rf.persist()
	rf.heard = time.Now()
	rf.countVotes() // a cluster of one needs nobody else
	if rf.role != candidate {
		return
	}
	args := RequestVoteArgs{rf.currentTerm, rf.me, rf.lastIndex(), rf.lastTerm()}
	for peer := range rf.peers {
		if peer != rf.me {
			call(rf, peer, "Raft.RequestVote", &args, rf.takeVote)
		}
	}
}

// takeVote takes in an answer to RequestVote.
func (rf *Raft) takeVote(from int, args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.observe(reply.Term)
	if rf.role != candidate || args.Term != rf.currentTerm || !reply.VoteGranted {
		return // of another election, or a refusal
	}
	rf.votes[from] = true
	rf.countVotes()
}

func (rf *Raft) countVotes() {
	if 2*len(rf.votes) <= len(rf.peers) {
		return
	}
	rf.role, rf.votes = leader, nil
	rf.nextIndex, rf.matchIndex = make([]int, len(rf.peers)), make([]int, len(rf.peers))
	for peer := range rf.peers {
		rf.nextIndex[peer] = rf.lastIndex() + 1
	}
	rf.replicate() // the initial heartbeat
}
