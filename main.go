// Raftsheet replays hand-written traces of Raft's messages through a reference
// Raft and flags every divergence.
package main

import (
	"os"

	"raftsheet/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
