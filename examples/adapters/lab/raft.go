package main

import (
	"bytes"
	"encoding/gob"
	"math/rand/v2"
	"sync"
	"time"
)

// This file is what the labs' tests see of a server, and its life: Make, Start,
// Kill, and the state that outlives a crash.

// A Peer is the way to another server: a remote call by name. It gives false if no
// reply came.
type Peer interface {
	Call(method string, args, reply any) bool
}

// A Persister is a server's stable storage.
type Persister interface {
	Save(state []byte)
	Read() []byte
}

// An ApplyMsg is a committed entry, on its way to the service.
type ApplyMsg struct {
	Command      any
	CommandIndex int
}

// An Entry is an entry of the log.
type Entry struct {
	Term    int
	Command any
}

type role int

const (
	follower role = iota
	candidate
	leader
)

func (r role) String() string { return [...]string{"follower", "candidate", "leader"}[r] }

// Raft is a server. The fields are Figure 2's; those below mu are guarded by it.
type Raft struct {
	peers     []Peer // its own place is nil
	me        int
	persister Persister
	applyCh   chan ApplyMsg
	calls     sync.WaitGroup // those that wait for a reply
	dead      chan struct{}

	mu          sync.Mutex
	applicable  *sync.Cond // commitIndex is past lastApplied, or the server was killed
	role        role
	currentTerm int
	votedFor    int     // -1 for nobody
	log         []Entry // the first entry has index 1; there is an empty one before it
	commitIndex int
	lastApplied int
	votes       map[int]bool // of a candidate
	nextIndex   []int        // of a leader
	matchIndex  []int
	heard       time.Time // of a leader, or of a candidate that got the vote
}

// Make creates a server and starts it. What the persister kept is what the server
// begins with. Committed entries go to applyCh.
func Make(peers []Peer, me int, persister Persister, applyCh chan ApplyMsg) *Raft {
	rf := newRaft(peers, me, persister)
	rf.applyCh = applyCh
	go rf.apply()
	go rf.tick()
	return rf
}

// newRaft is a server without its goroutines: nothing happens to it by itself.
func newRaft(peers []Peer, me int, persister Persister) *Raft {
	rf := &Raft{peers: peers, me: me, persister: persister, dead: make(chan struct{}),
		votedFor: -1, log: make([]Entry, 1), heard: time.Now()}
	rf.applicable = sync.NewCond(&rf.mu)
	rf.readPersist(persister.Read())
	return rf
}

// GetState gives the server's term, and whether it believes that it leads.
func (rf *Raft) GetState() (term int, isLeader bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	return rf.currentTerm, rf.role == leader
}

// Start takes a command of the service. It gives the command's index, should it
// ever be committed, and the term; ok is false if the server does not lead.
func (rf *Raft) Start(command any) (index, term int, ok bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if rf.role != leader {
		return 0, rf.currentTerm, false
	}
	rf.log = append(rf.log, Entry{rf.currentTerm, command})
	rf.persist()
	rf.commit() // a cluster of one needs nobody else
	rf.replicate()
	return rf.lastIndex(), rf.currentTerm, true
}

// Kill stops the server's goroutines.
func (rf *Raft) Kill() {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	close(rf.dead)
	rf.applicable.Broadcast()
}

func (rf *Raft) killed() bool {
	select {
	case <-rf.dead:
		return true
	default:
		return false
	}
}

// persistent is what a server must remember across crashes, before it answers.
type persistent struct {
	CurrentTerm, VotedFor int
	Log                   []Entry
}

func (rf *Raft) persist() {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(persistent{rf.currentTerm, rf.votedFor, rf.log}); err != nil {
		panic(err) // a command of a type that gob does not know
	}
	rf.persister.Save(b.Bytes())
}

func (rf *Raft) readPersist(data []byte) {
	if len(data) == 0 {
		return
	}
	var p persistent
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&p); err != nil {
		panic(err)
	}
	rf.currentTerm, rf.votedFor, rf.log = p.CurrentTerm, p.VotedFor, p.Log
}

// apply hands committed entries to the service, in order and outside the lock.
func (rf *Raft) apply() {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	for !rf.killed() {
		if rf.lastApplied >= rf.commitIndex {
			rf.applicable.Wait()
			continue
		}
		rf.lastApplied++
		m := ApplyMsg{rf.log[rf.lastApplied].Command, rf.lastApplied}
		rf.mu.Unlock()
		select {
		case rf.applyCh <- m:
		case <-rf.dead:
		}
		rf.mu.Lock()
	}
}

const (
	heartbeat = 100 * time.Millisecond
	patience  = 400 * time.Millisecond // of a follower, and up to twice that
)

// tick has a leader send heartbeats, and others stand for election if they hear of
// no leader.
func (rf *Raft) tick() {
	wait := patience + rand.N(patience)
	for {
		select {
		case <-rf.dead:
			return
		case <-time.After(heartbeat):
		}
		rf.mu.Lock()
		switch {
		case rf.role == leader:
			rf.replicate()
		case time.Since(rf.heard) > wait:
			rf.elect()
			wait = patience + rand.N(patience)
		}
		rf.mu.Unlock()
	}
}

// call makes a remote call in the background, and takes in the reply.
func call[Args, Reply any](rf *Raft, to int, method string, args *Args, handle func(to int, args *Args, reply *Reply)) {
	rf.calls.Go(func() {
		var reply Reply
		if rf.peers[to].Call(method, args, &reply) {
			handle(to, args, &reply)
		}
	})
}

func (rf *Raft) lastIndex() int { return len(rf.log) - 1 }

func (rf *Raft) lastTerm() int { return rf.log[rf.lastIndex()].Term }

// observe takes in the term of a request or of a reply (all servers, rule 2).
func (rf *Raft) observe(term int) {
	if term > rf.currentTerm {
		rf.currentTerm, rf.votedFor = term, -1
		rf.follow()
		rf.persist()
	}
}

// follow gives up candidacy or leadership.
func (rf *Raft) follow() {
	rf.role = follower
	rf.votes, rf.nextIndex, rf.matchIndex = nil, nil, nil
}
