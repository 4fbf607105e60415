package raft

import (
	"fmt"
	"slices"
	"testing"
)

// A twinCluster is a cluster of twins, and the messages between them: each was
// sent by one of them, and may arrive late, twice or never.
type twinCluster struct {
	chance
	servers   []twin
	wire      []packet // of written, *RequestVote, *InstallSnapshot, Vote and Ack
	commands  int
	delivered int
}

func newTwinCluster(c chance, servers int, took branches) *twinCluster {
	cl := &twinCluster{chance: c}
	for id := NodeID(1); int(id) <= servers; id++ {
		cl.servers = append(cl.servers, twinOf(&paperServer{id: id, servers: servers, voters: [][]NodeID{idsOf(AllNodes(servers))}, took: took}))
	}
	return cl
}

// step lets one thing happen somewhere. Mostly a message is sent or arrives.
func (cl *twinCluster) step(t *testing.T) {
	w := cl.servers[cl.IntN(len(cl.servers))]
	switch what := cl.IntN(50); {
	case what == 48 && w.node.LastApplied > 0:
		cl.happens(t, w, snapshotTaken{})
	case what == 49:
		if cl.IntN(5) == 0 {
			cl.happens(t, w, steppedDown{})
		}
	case what < 24:
		cl.deliver(t)
	case what < 25:
		cl.happens(t, w, electionTimeout{})
		cl.campaign(t, w)
	case what < 26:
		cl.happens(t, w, restarted{})
	case what < 32:
		cl.commands++
		cl.happens(t, w, command(fmt.Sprint("c", cl.commands)))
	default:
		cl.replicate(t)
	}
}

func (cl *twinCluster) happens(t *testing.T, w twin, event any) reply {
	r, diff := w.play(event)
	agree(t, diff)
	return r
}

// campaign sends a candidate's request to all others.
func (cl *twinCluster) campaign(t *testing.T, w twin) {
	if w.node.Role != Candidate {
		return
	}
	m, diff := w.voteRequest()
	agree(t, diff)
	for _, other := range cl.servers {
		if other.node.ID != m.CandidateID {
			cl.send(other.node.ID, &m)
		}
	}
}

// replicate sends AppendEntries from a leader, if there is one, to any other
// server, with all of the entries or the first few.
func (cl *twinCluster) replicate(t *testing.T) {
	var leaders []twin
	for _, w := range cl.servers {
		if w.node.Role == Leader {
			leaders = append(leaders, w)
		}
	}
	if len(leaders) == 0 {
		return
	}
	w, to := leaders[cl.IntN(len(leaders))], NodeID(1+cl.IntN(len(cl.servers)))
	if to == w.node.ID {
		return
	}
	m, diff := w.appendRequest(to)
	agree(t, diff)
	agree(t, w.snapshotRequest(to))
	if w.node.NeedsSnapshot(to) || w.node.Log.Snapshot().Index > 0 && cl.IntN(2) == 0 {
		snapshot := w.node.InstallSnapshot()
		cl.send(to, &snapshot)
		return
	}
	if few := cl.IntN(8); few < len(m.entries) {
		m.entries = m.entries[:few]
		m.Entries = NewEntries(m.PrevLogIndex, m.PrevLogTerm, m.entries...)
	}
	cl.send(to, m)
}

// send puts a message on the wire. Where that is full, any message is lost.
func (cl *twinCluster) send(to NodeID, message any) {
	const most = 20
	if len(cl.wire) == most {
		cl.takeOff(cl.IntN(most))
	}
	cl.wire = append(cl.wire, packet{to, message})
}

func (cl *twinCluster) takeOff(i int) { cl.wire = slices.Delete(cl.wire, i, i+1) }

// deliver delivers any message of the wire, and sends the answer back. Now and
// then the message stays there, to arrive a second time.
func (cl *twinCluster) deliver(t *testing.T) {
	if len(cl.wire) == 0 {
		return
	}
	i := cl.IntN(len(cl.wire))
	p := cl.wire[i]
	if cl.IntN(6) > 0 {
		cl.takeOff(i)
	}
	r := cl.happens(t, cl.servers[p.to-1], p.message)
	cl.delivered++
	switch m := p.message.(type) {
	case *RequestVote:
		cl.send(m.CandidateID, Vote{From: p.to, Request: m.Term, Term: r.term, Granted: r.yes})
	case *InstallSnapshot:
		if r.answered {
			cl.send(m.LeaderID, InstallSnapshotResponse{r.term}.Ack(p.to, *m))
		}
	case written:
		a := Ack{From: p.to, Request: m.Term, Term: r.term, Success: r.yes, Entries: len(m.entries)}
		if r.yes {
			a.MatchIndex = m.PrevLogIndex + Index(len(m.entries))
		}
		cl.send(m.LeaderID, a)
	}
}

// Clusters of Nodes go as clusters of the paper's servers do, message by
// message, whatever is lost, late or delivered twice.
func TestClustersAgainstPaper(t *testing.T) {
	t.Parallel()
	deliveries := compared()
	took := shards(t, deliveries, func(t *testing.T, c chance, deliveries int, took branches) {
		for seed := 0; deliveries > 0; seed++ {
			cl := newTwinCluster(c, longRunSizes[seed%10], took)
			for range 400 {
				cl.step(t)
			}
			deliveries -= cl.delivered
		}
	})
	took.wantAll(t, without(allBranches, impossible...), deliveries/20_000)
}

func without(all []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// allBranches is every way that a sentence of Figure 2 can go.
var allBranches = []string{
	"A1: an entry is applied",
	"A2: a higher term reaches a follower", "A2: a higher term reaches a candidate", "A2: a higher term reaches a leader",
	"AE1: a stale leader",
	"AE2: prevLogIndex is covered by the snapshot",
	"AE2: no entry at prevLogIndex", "AE2: another term at prevLogIndex", "AE2: a match",
	"AE3: a conflict", "AE3: an entry that the snapshot covers",
	"AE4: a new entry", "AE4: an entry already in the log",
	"AE5: leaderCommit is no news", "AE5: leaderCommit is past the last new entry", "AE5: commitIndex rises",
	"RV1: a stale candidate",
	"RV2a: the vote is given",
	"RV2b: an earlier last term", "RV2b: a shorter log", "RV2: granted",
	"F2: the timeout of a follower", "F2: the timeout of a candidate", "F2: a leader has no election timeout",
	"C2: no majority yet", "C2: a majority", "C2: an answer of an earlier term", "C2: no candidate any more",
	"C2: a refusal", "C2: the same vote again",
	"C3: a candidate yields", "C3: a second leader",
	"L2: a command", "L2: not the leader",
	"L3: an answer of an earlier term", "L3: no leader any more", "L3: a success", "L3: a success that is no news",
	"L3: a refusal", "L3: a refusal that comes late", "L3: a success for more than the leader has",
	"L4: N without a majority", "L4: N of an earlier term", "L4: N is committed",
	"IS1: a stale leader", "IS5: the own snapshot covers more", "IS6: what follows stays", "IS7: the log goes",
	"IS8: commitIndex rises", "IS8: the state machine is reset",
	"a snapshot is taken",
	"C3: a candidate yields to a snapshot", "C3: a second leader sends a snapshot",
	"a restart of a follower", "a restart of a candidate", "a restart of a leader",
	"a follower is to step down", "a candidate is to step down", "a leader is to step down",
	"configuration: no leader", "configuration: a leader", "configuration: commits",
	"a disk gave back something", "a disk cannot have given back that term", "a disk cannot have given back that votedFor",
	"a disk cannot have given back that log", "a disk cannot have given back that log's length",
}

// impossible is what no cluster of such servers comes to: their disks are sound,
// and who votes is fixed.
var impossible = []string{
	"C3: a second leader", "C3: a second leader sends a snapshot", // Election Safety
	"L3: a success for more than the leader has",
	"configuration: no leader", "configuration: a leader", "configuration: commits",
	"a disk gave back something", "a disk cannot have given back that term", "a disk cannot have given back that votedFor",
	"a disk cannot have given back that log", "a disk cannot have given back that log's length",
}

// wantAll holds that each of those branches was taken so often, and no other:
// a branch that is hardly reached is hardly compared.
func (took branches) wantAll(t *testing.T, all []string, least int) {
	t.Helper()
	for _, branch := range all {
		if took[branch] < least {
			t.Errorf("%s: reached %d times, want at least %d; the comparison hardly asks it", branch, took[branch], least)
		}
	}
	for branch, n := range took {
		if !slices.Contains(all, branch) {
			t.Errorf("%s: reached %d times, and not listed", branch, n)
		}
	}
	if testing.Verbose() {
		t.Log(took)
	}
}
