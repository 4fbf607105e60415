package hashicorp_test

import (
	"log"
	"os"
	"time"

	"github.com/hashicorp/raft"

	"raftsheet/examples/recorders/hashicorp"
)

// A server is recorded: it runs with the node's transport and stores in the place of
// its own.
func Example() {
	servers := []raft.Server{{ID: "a", Address: "a"}, {ID: "b", Address: "b"}, {ID: "c", Address: "c"}}
	rec := hashicorp.New(os.Stdout, "Three servers", servers...)
	start := func(s raft.Server, machine raft.FSM, snapshots raft.SnapshotStore) *hashicorp.Node {
		disk := raft.NewInmemStore()
		_, transport := raft.NewInmemTransportWithTimeout(s.Address, time.Second)
		node := rec.Node(s.ID, transport, disk, disk)
		config := raft.DefaultConfig()
		config.LocalID = s.ID
		config.PreVoteDisabled = true
		server, err := raft.NewRaft(config, machine, node.Logs(), node.Stable(), snapshots, node.Transport())
		if err != nil {
			log.Fatal(err)
		}
		node.Run(server)
		return node
	}
	_ = start // for each of the servers, and rec.Flush() at the end
}
