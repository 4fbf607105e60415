package etcd_test

import (
	"io"
	"log"
	"os"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"raftsheet/examples/recorders/etcd"
)

// Two nodes are recorded; the first wins an election. The Ready loop is as it would
// be without the recorder.
func Example() {
	rec := etcd.New(os.Stdout, "An election", 1, 2)
	storage := make(map[uint64]*raft.MemoryStorage)
	nodes := make(map[uint64]*etcd.Node)
	for id := uint64(1); id <= 2; id++ {
		storage[id] = raft.NewMemoryStorage()
		storage[id].ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{
			ConfState: &pb.ConfState{Voters: []uint64{1, 2}}, Index: new(uint64(0)), Term: new(uint64(0))}})
		raw, err := raft.NewRawNode(&raft.Config{ID: id, Storage: storage[id], ElectionTick: 10, HeartbeatTick: 1,
			MaxSizePerMsg: 4096, MaxInflightMsgs: 16, Logger: &raft.DefaultLogger{Logger: log.New(io.Discard, "", 0)}})
		if err != nil {
			log.Fatal(err)
		}
		nodes[id] = rec.Start(raw, storage[id]) // in the place of raw from here on
	}

	nodes[1].Campaign()
	for _, id := range []uint64{1, 2} {
		n := nodes[id]
		for n.HasReady() {
			ready := n.Ready()
			storage[id].Append(ready.Entries)
			if ready.HardState != nil {
				storage[id].SetHardState(ready.HardState)
			}
			n.Advance(ready)
			for _, m := range ready.Messages {
				nodes[m.GetTo()].Step(m)
			}
		}
	}
	if err := rec.Flush(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"raftsheet":"events","version":1,"title":"An election","nodes":["1","2"],"rules":["etcd"]}
	// {"ev":"state","node":"1","term":0,"votedFor":"none","role":"follower","commitIndex":0,"lastLogIndex":0,"lastLogTerm":0}
	// {"ev":"state","node":"2","term":0,"votedFor":"none","role":"follower","commitIndex":0,"lastLogIndex":0,"lastLogTerm":0}
	// {"ev":"timeout","node":"1"}
	// {"ev":"state","node":"1","term":1,"votedFor":"1","role":"candidate","commitIndex":0}
	// {"ev":"send","id":1,"node":"1","to":"2","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0}
	// {"ev":"state","node":"1","term":1,"votedFor":"1","role":"candidate","commitIndex":0,"lastLogIndex":0,"lastLogTerm":0}
	// {"ev":"recv","id":1,"node":"2"}
	// {"ev":"state","node":"2","term":1,"votedFor":"1","role":"follower","commitIndex":0}
	// {"ev":"reply","id":1,"answer":{"term":1,"voteGranted":true}}
	// {"ev":"state","node":"2","term":1,"votedFor":"1","role":"follower","commitIndex":0,"lastLogIndex":0,"lastLogTerm":0}
	// {"ev":"answer","of":1,"node":"1"}
	// {"ev":"state","node":"1","term":1,"votedFor":"1","role":"leader","commitIndex":0,"matchIndex":{"2":0}}
}
