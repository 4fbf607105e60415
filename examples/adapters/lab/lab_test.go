package main

import (
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"raftsheet/check/conform/conformtest"
	"raftsheet/check/conform/serve"
	"raftsheet/examples"
)

// The corpus inside go test, a subtest a trace and step, as raftsheet corpus and
// conformtest have it.
func TestCorpus(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, examples.Corpus()); err != nil {
		t.Fatal(err)
	}
	newNode := func() serve.Node { return &node{} }
	conformtest.Test(t, dir, newNode)
	conformtest.Live(t, dir, newNode)
}

// A wire carries calls to a server. It can be cut.
type wire struct {
	sync.Mutex
	to  *Raft
	cut bool
}

func (w *wire) Call(method string, args, reply any) bool {
	w.Lock()
	to, cut := w.to, w.cut
	w.Unlock()
	if cut {
		return false
	}
	switch a := args.(type) {
	case *RequestVoteArgs:
		to.RequestVote(a, reply.(*RequestVoteReply))
	case *AppendEntriesArgs:
		to.AppendEntries(a, reply.(*AppendEntriesReply))
	}
	return true
}

func (w *wire) set(cut bool) {
	w.Lock()
	defer w.Unlock()
	w.cut = cut
}

// Three servers with their goroutines elect a leader and apply a command; without
// that leader the other two go on; and when it is back, it applies what they have.
// Time is a bubble's. If it fails, the adapter is one of a Raft that does not work.
func TestCluster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(3)
		first := c.leader(t)
		c.run(t, first, "x")
		c.isolate(first, true)
		second := c.leader(t, first)
		c.servers[second].Start("y")
		time.Sleep(time.Second)
		c.isolate(first, false)
		time.Sleep(2 * time.Second)
		for i, got := range c.applied() {
			if len(got) != 2 || got[0] != "x" || got[1] != "y" {
				t.Errorf("server %d has applied %v, want [x y]", i, got)
			}
		}
		c.kill()
	})
}

type cluster struct {
	servers []*Raft
	wires   [][]*wire // from, to
	mu      sync.Mutex
	got     [][]any
	done    chan struct{}
}

func newCluster(size int) *cluster {
	c := &cluster{got: make([][]any, size), done: make(chan struct{})}
	for from := range size {
		c.wires = append(c.wires, make([]*wire, size))
		peers := make([]Peer, size)
		for to := range size {
			c.wires[from][to] = &wire{cut: true}
			peers[to] = c.wires[from][to]
		}
		applied := make(chan ApplyMsg)
		c.servers = append(c.servers, Make(peers, from, &disk{}, applied))
		go func() {
			for {
				select {
				case m := <-applied:
					c.mu.Lock()
					c.got[from] = append(c.got[from], m.Command)
					c.mu.Unlock()
				case <-c.done:
					return
				}
			}
		}()
	}
	for from := range size {
		for to := range size {
			w := c.wires[from][to]
			w.Lock()
			w.to, w.cut = c.servers[to], false
			w.Unlock()
		}
	}
	return c
}

// leader waits for one, but for those left out.
func (c *cluster) leader(t *testing.T, without ...int) int {
	t.Helper()
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		for i, s := range c.servers {
			if _, leads := s.GetState(); leads && (len(without) == 0 || i != without[0]) {
				return i
			}
		}
	}
	t.Fatal("no leader after 5 seconds")
	return -1
}

func (c *cluster) run(t *testing.T, leader int, command string) {
	t.Helper()
	if _, _, ok := c.servers[leader].Start(command); !ok {
		t.Fatal("the leader does not take a command")
	}
	time.Sleep(time.Second)
	for i, got := range c.applied() {
		if len(got) == 0 || got[len(got)-1] != command {
			t.Fatalf("server %d has applied %v, want %s last", i, got, command)
		}
	}
}

func (c *cluster) isolate(server int, cut bool) {
	for other := range c.servers {
		c.wires[server][other].set(cut)
		c.wires[other][server].set(cut)
	}
}

func (c *cluster) applied() [][]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([][]any{}, c.got...)
}

func (c *cluster) kill() {
	close(c.done)
	for _, s := range c.servers {
		s.Kill()
	}
}
