package main

import (
	"slices"
	"time"
)

// This file is log replication (§5.3, §5.4.2).

// AppendEntriesArgs are the AppendEntries RPC's.
type AppendEntriesArgs struct {
	Term, LeaderId, PrevLogIndex, PrevLogTerm int
	Entries                                   []Entry
	LeaderCommit                              int
}

// AppendEntriesReply is the answer.
type AppendEntriesReply struct {
	Term    int
	Success bool
}

// AppendEntries is the RPC's handler.
func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.observe(args.Term)
	reply.Term = rf.currentTerm
	if args.Term < rf.currentTerm {
		return
	}
	rf.heard = time.Now()
	rf.follow()
	if args.PrevLogIndex > rf.lastIndex() || rf.log[args.PrevLogIndex].Term != args.PrevLogTerm {
		return
	}
	reply.Success = true
	rf.merge(args.PrevLogIndex+1, args.Entries)
	// Only what this request vouches for is known to be the leader's.
	rf.commitTo(min(args.LeaderCommit, args.PrevLogIndex+len(args.Entries)))
}

// merge brings entries into the log, the first at that index. A request that arrives
// late may bring less than the log has by now: nothing is deleted but what
// conflicts, and what follows it.
func (rf *Raft) merge(at int, entries []Entry) {
	for i, e := range entries {
		if at+i <= rf.lastIndex() && rf.log[at+i].Term == e.Term {
			continue
		}
		rf.log = append(slices.Clip(rf.log[:at+i]), entries[i:]...)
		rf.persist()
		return
	}
}

// replicate sends every other server what it has not got yet: a heartbeat, if that
// is nothing.
func (rf *Raft) replicate() {
	for peer := range rf.peers {
		if peer != rf.me {
			rf.send(peer)
		}
	}
}

func (rf *Raft) send(to int) {
	prev := rf.nextIndex[to] - 1
	args := AppendEntriesArgs{rf.currentTerm, rf.me, prev, rf.log[prev].Term, slices.Clone(rf.log[prev+1:]), rf.commitIndex}
	call(rf, to, "Raft.AppendEntries", &args, rf.takeAppended)
}

// takeAppended takes in an answer to AppendEntries.
func (rf *Raft) takeAppended(from int, args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	rf.observe(reply.Term)
	if rf.role != leader || args.Term != rf.currentTerm {
		return
	}
	if !reply.Success {
		// An answer that arrives late must not take back what is known by now.
		rf.nextIndex[from] = max(rf.matchIndex[from]+1, rf.nextIndex[from]-1)
		rf.send(from)
		return
	}
	rf.matchIndex[from] = max(rf.matchIndex[from], args.PrevLogIndex+len(args.Entries))
	rf.nextIndex[from] = rf.matchIndex[from] + 1
	rf.commit()
}

// commit commits what a majority has, if it is of the leader's own term; what comes
// before it is committed with it.
func (rf *Raft) commit() {
	match := slices.Clone(rf.matchIndex)
	match[rf.me] = rf.lastIndex()
	slices.Sort(match)
	if n := match[(len(match)-1)/2]; rf.log[n].Term == rf.currentTerm {
		rf.commitTo(n)
	}
}

func (rf *Raft) commitTo(index int) {
	if index > rf.commitIndex {
		rf.commitIndex = index
		rf.applicable.Broadcast()
	}
}
