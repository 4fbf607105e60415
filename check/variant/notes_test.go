package variant_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
)

// A consequence is a trace whose answers and tables are the notes', worked out
// from the lines of the pseudocode by hand.
type consequence struct {
	line string // of the notes, from which it follows
	text string
}

// playNotes plays a trace by the notes and by Figure 2, and gives what is found
// of its answers and tables under each.
func playNotes(t *testing.T, text string) (notes, figure2 []string) {
	t.Helper()
	tr := checktest.Read(t, text).Traces[0]
	under := func(rules string) []string {
		return checktest.Lines(check.Compare(replayUnder(t, tr, rules)), finding.Response, finding.State)
	}
	return under("notes"), under("figure2")
}

// What follows from each line of the notes that is not Figure 2's. If one of
// these fails, the rules named notes are some other document's; if Figure 2
// agrees with one, it shows nothing.
func TestNotesConsequences(t *testing.T) {
	for _, c := range []consequence{
		{"RequestVote: lastLogTerm == log.LastEntry.Term && lastLogIndex > log.length. Equal empty logs elect nobody, whoever stands", `
nodes: 3
initial: {1: {term: 1}, 2: {term: 1}, 3: {term: 1}}
steps:
- timeout: [1, 2, 3]
- requestVote: {candidateId: 1}
  response: {2: no, 3: no}
- requestVote: {candidateId: 2}
  response: {1: no, 3: no}
- requestVote: {candidateId: 3}
  response: {1: no, 2: no}
  state: {1: {term: 1, role: candidate}, 2: {term: 1, role: candidate}, 3: {term: 1, role: candidate}}`},
		{"RequestVote: the same, with equal logs that are not empty, and free votes", `
nodes: 3
raftId: 1
initial: {1: {term: 1, log: [1, 1]}}
steps:
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 2, lastLogTerm: 1}
  to: 1
  response: {1: no}`},
		{"RequestVote: if ( votedFor == null ). A second vote in a lifetime is refused, in whatever term", `
nodes: 3
raftId: 1
steps:
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: 1
  response: {1: {voteGranted: true, term: 2}}
  state: {1: {term: 2, votedFor: 2}}
- requestVote: {candidateId: 3, term: 7, lastLogIndex: 4, lastLogTerm: 6}
  to: 1
  response: {1: no}
  state: {1: {votedFor: 2}}`},
		{"RequestVote: if ( votedFor == null ). The vote that was given is not given again to the same candidate", `
nodes: 3
raftId: 1
steps:
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: 1
  response: {1: ok}
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: 1
  response: {1: no}`},
		{"RequestVote: return currentTerm, false. A refusal takes in no term, and leaves a leader its role", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [1]}}
steps:
- requestVote: {candidateId: 2, term: 5, lastLogIndex: 4, lastLogTerm: 4}
  to: 1
  response: {1: {voteGranted: false, term: 2}}
  state: {1: {term: 2, votedFor: 1, role: leader}}`},

		{"Timeout: myState = candidate; votedFor = selfId. The term stays, and the vote given in it is overwritten", `
nodes: 3
initial: {1: {term: 1, votedFor: 3}}
steps:
- timeout: 1
  state: {1: {term: 1, votedFor: 1, role: candidate}}
- timeout: 1
  state: {1: {term: 1, votedFor: 1, role: candidate}}`},
		{"RequestVoteResp: increment # of votes. A grant that arrives twice counts twice", `
nodes: 5
raftId: 1
initial: {1: {term: 1, role: candidate}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: candidate}}
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: leader}}`},
		{"RequestVoteResp: increment # of votes. Who has become a follower of a later term since counts, and leads it", `
nodes: 3
raftId: 1
initial: {1: {term: 1, role: candidate}}
steps:
- appendEntries: {leaderId: 2, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {term: 2, role: follower}}
- requestVoteResponse: {from: 3, to: 1, term: 1, voteGranted: true}
  state: {1: {term: 2, role: leader}}`},
		{"RequestVoteResp: Reset ( nextIndex, value=log.length ), Reset ( matchIndex, value=0 )", `
nodes: 3
raftId: 1
initial: {1: {term: 3, role: candidate, log: [1, 2]}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 3, voteGranted: true}
  state: {1: {role: leader, nextIndex: {2: 2, 3: 2}, matchIndex: {2: 0, 3: 0}}}`},
		{"RequestVoteResp: a vote more than a majority makes a leader leader again, and what it knew of the others is reset", `
nodes: 5
raftId: 1
initial: {1: {term: 3, role: candidate, log: [1, 2]}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 3, voteGranted: true}
- requestVoteResponse: {from: 3, to: 1, term: 3, voteGranted: true}
  state: {1: {role: leader}}
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [2], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {nextIndex: {2: 3}, matchIndex: {2: 1}}}
- requestVoteResponse: {from: 4, to: 1, term: 3, voteGranted: true}
  state: {1: {role: leader, nextIndex: {2: 2}, matchIndex: {2: 0}}}`},
		{"RequestVoteResp, AppendEntriesResp: currentTerm = term, myState = follower. votedFor is not among what changes", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 3, success: false}
  state: {1: {term: 3, votedFor: 1, role: follower}}
- requestVote: {candidateId: 2, term: 3, lastLogIndex: 2, lastLogTerm: 2}
  to: 1
  response: {1: no}`},

		{"AppendEntriesReq: log[prevLogIndex+1].Term != term. What agrees is stripped if it is of an earlier term, by a heartbeat too", `
nodes: 3
raftId: 1
initial: {1: {term: 3, log: [1, 1, 1]}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {log: [1]}}`},
		{"AppendEntriesReq: log.Trim, then log.Append ( term, entries ). An entry that agrees goes, and comes back with the message's term", `
nodes: 3
raftId: 1
initial: {1: {term: 2, log: [2, 2]}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [2, 3], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {log: [3, 3]}}`},
		{"AppendEntriesReq: log.Append ( term, entries ). Entries get the message's term", `
nodes: 3
raftId: 1
initial: {1: {term: 1, log: [1]}}
steps:
- appendEntries: {leaderId: 2, term: 4, prevLogIndex: 1, prevLogTerm: 1, entries: [2, 3], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {log: [1, 4, 4]}}`},
		{"AppendEntriesReq: commitIndex = min(leaderCommit, log.length). The end is the log's, not the message's", `
nodes: 3
raftId: 1
initial: {1: {term: 3, log: [1, 3, 3]}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 2}
  to: 1
  response: {1: ok}
  state: {1: {log: [1, 3, 3], commitIndex: 2}}`},

		{"AppendEntriesResp: if ( log[i].replicas > #_of_nodes/2 ). Entries of an earlier term are applied by counting", `
nodes: 5
initial: {1: {term: 4, role: leader, log: [1, 2], matchIndex: {2: 2}}}
steps:
- appendEntries: {leaderId: 1, term: 4, prevLogIndex: 0, prevLogTerm: 0, entries: [1, 2], leaderCommit: 0}
  to: 3
  response: {3: ok}
  state: {1: {lastApplied: 1, matchIndex: {2: 2, 3: 2}}}`},
		{"AppendEntriesResp: lastApplied = i-1. The last of what a majority has is not applied, commitIndex stays, and no follower learns of it", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1, 1], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {commitIndex: 0, lastApplied: 1}}
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: []}
  response: {2: ok, 3: no}
  state: {1: {commitIndex: 0, lastApplied: 1}, 2: {commitIndex: 0, lastApplied: 0}}`},
		{"AppendEntriesResp: nextIndex[serverId] += entries.length, matchIndex[serverId] += entries.length. The same entry twice counts as two", `
nodes: 5
initial: {1: {term: 1, role: leader, log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {nextIndex: {2: 4}, matchIndex: {2: 1}}}
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {nextIndex: {2: 5}, matchIndex: {2: 2}}}`},
		{"AppendEntriesResp: matchIndex[serverId] += entries.length. What a follower had before it is never counted", `
nodes: 5
initial: {1: {term: 1, role: leader, log: [1, 1]}, 2: {term: 1, votedFor: 1, log: [1]}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {matchIndex: {2: 1}}}`},
		{"AppendEntriesResp: nextIndex[serverId]--. It falls below one", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {2: 0}}}`},
		{"AppendEntriesResp: nextIndex[serverId]--. It falls to what the follower has confirmed, and below", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [1, 1], matchIndex: {2: 2}}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {2: 1}}}`},
		{"AppendEntriesResp: no line asks for the request's term. A late refusal of an earlier term counts", `
nodes: 3
raftId: 1
initial: {1: {term: 4, role: leader, log: [1, 2]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {2: 2}}}`},
	} {
		notes, figure2 := playNotes(t, c.text)
		if len(notes) > 0 {
			t.Errorf("%s:\n%s\nunder the notes:\n\t%s", c.line, c.text, strings.Join(notes, "\n\t"))
		}
		if len(figure2) == 0 {
			t.Errorf("%s: Figure 2 gives the same", c.line)
		}
	}
}

// What the notes have as Figure 2 has it, and how the lines that can be read in
// several ways are read. If one of these fails, a student is told of a mistake
// that the notes do not make.
func TestNotesAgree(t *testing.T) {
	for _, c := range []consequence{
		{"AppendEntriesReq: if ( term < currentTerm ) return currentTerm, false", `
nodes: 3
raftId: 1
initial: {1: {term: 3, log: [1]}}
steps:
- appendEntries: {leaderId: 2, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2], leaderCommit: 0}
  to: 1
  response: {1: {success: false, term: 3}}
  state: {1: {log: [1]}}`},
		{"AppendEntriesReq: currentTerm = term comes before the check of the log: a refusal takes in the term here", `
nodes: 3
raftId: 1
initial: {1: {term: 1, role: candidate, log: [1]}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 2, prevLogTerm: 2, entries: [], leaderCommit: 1}
  to: 1
  response: {1: {success: false, term: 3}}
  state: {1: {term: 3, role: follower, log: [1], commitIndex: 0}}`},
		{"AppendEntriesReq: log[prevLogIndex] == null. log[0], the place before the first entry, is there", `
nodes: 3
raftId: 1
steps:
- appendEntries: {leaderId: 2, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {log: [1]}}`},
		{"AppendEntriesReq: Update log if entries are not present. What is there is not appended again", `
nodes: 3
raftId: 1
steps:
- appendEntries: {leaderId: 2, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1, 1], leaderCommit: 0}
  to: 1
  response: {1: ok}
- appendEntries: {leaderId: 2, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1], leaderCommit: 1}
  to: 1
  response: {1: ok}
  state: {1: {log: [1, 1], commitIndex: 1}}`},
		{"AppendEntriesReq: a conflict with an entry of the message's own term strips the log to the end", `
nodes: 3
raftId: 1
initial: {1: {term: 2, log: [1, 2, 2]}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3], leaderCommit: 0}
  to: 1
  response: {1: ok}
  state: {1: {log: [1, 3]}}`},
		{"AppendEntriesReq: if ( leaderCommit > commitIndex ). It never falls", `
nodes: 3
raftId: 1
initial: {1: {term: 1, log: [1, 1], commitIndex: 2}}
steps:
- appendEntries: {leaderId: 2, term: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 1}
  to: 1
  response: {1: ok}
  state: {1: {commitIndex: 2}}`},
		{"AppendEntriesReq: if ( mystate == leader && term == currentTerm ) return null, false", `
nodes: 3
raftId: 1
initial: {1: {term: 1, role: leader}}
steps:
- appendEntries: {leaderId: 2, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: 1
  response: {1: none}
  state: {1: {role: leader}}`},
		{"AppendEntriesResp: if ( currentTerm < term ) currentTerm = term, myState = follower", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 3, success: false}
  state: {1: {term: 3, role: follower}}`},
		{"AppendEntriesResp: if any entry is on majority of nodes. Two of four, its own among them, are none", `
nodes: 4
initial: {1: {term: 1, role: leader, log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1, 1], leaderCommit: 0}
  to: 2
  response: {2: ok}
  state: {1: {lastApplied: 0}}`},
		{"RequestVote: lastLogTerm > log.LastEntry.Term. The last entry of an empty log has term 0", `
nodes: 3
raftId: 1
steps:
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: 1
  response: {1: {voteGranted: true, term: 2}}
  state: {1: {term: 2, votedFor: 2, role: follower}}`},
		{"RequestVote: if ( term < currentTerm ) return currentTerm, false", `
nodes: 3
raftId: 1
initial: {1: {term: 5}}
steps:
- requestVote: {candidateId: 2, term: 4, lastLogIndex: 3, lastLogTerm: 3}
  to: 1
  response: {1: {voteGranted: false, term: 5}}`},
		{"RequestVoteResp: #_of_votes > size_of_raft/2, with one's own vote among them", `
nodes: 4
raftId: 1
initial: {1: {term: 1, role: candidate}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: candidate}}
- requestVoteResponse: {from: 3, to: 1, term: 1, voteGranted: true}
  state: {1: {role: leader}}`},
		{"RequestVoteResp: else if ( term > currentTerm ) currentTerm = term, myState = follower", `
nodes: 3
raftId: 1
initial: {1: {term: 1, role: candidate}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 4, voteGranted: false}
  state: {1: {term: 4, role: follower}}`},
		{"Timeout: a leader's is a heartbeat, and changes nothing", `
nodes: 3
raftId: 1
initial: {1: {term: 1, role: leader}}
steps:
- timeout: 1
  state: {1: {term: 1, role: leader}}`},
	} {
		notes, figure2 := playNotes(t, c.text)
		if len(notes)+len(figure2) > 0 {
			t.Errorf("%s:\n%s\nunder the notes:\n\t%s\nunder Figure 2:\n\t%s", c.line, c.text, strings.Join(notes, "\n\t"), strings.Join(figure2, "\n\t"))
		}
	}
}

// The example goes wrong under the notes where its comments say so, and how.
func TestNotesExample(t *testing.T) {
	var got []string
	for _, rep := range checkExample(t, "../../examples/notes.yaml").Reports {
		tr := rep.Run.Trace
		run := replayUnder(t, tr, "notes")
		cells := item.Of(tr)
		for i := range cells {
			if c := &cells[i]; item.Differs(run, c) {
				got = append(got, fmt.Sprintf("%d %s, node %s, %s: %s / %s", tr.Document, tr.Steps[c.Step-1].ID,
					tr.Name(c.Node), c.Name, word(item.Any(run.Trace, c.Node, c.Written)), word(checktest.Given(run, c))))
			}
		}
	}
	for _, want := range []string{
		"1 T1, node 1, term: 1 / 0",
		"1 RV1, node 2, voteGranted: yes / no",
		"1 RV1, node 3, voteGranted: yes / no",
		"1 RV1, node 1, role: leader / candidate",
		"1 AE1, node 1, commitIndex: 1 / 0",
		"2 AE1, node 1, lastApplied: 0 / 2",
		"2 AE1, node 3, log: [1:a, 2:b, 2:c] / [4:a, 4:b, 4:c]",
		"2 T5, node 5, term: 5 / 4",
		"2 RV1, node 2, voteGranted: yes / no",
		"2 RV1, node 3, voteGranted: yes / no",
		"2 RV1, node 4, voteGranted: yes / no",
		"2 RV1, node 5, role: leader / candidate",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("it should differ in %s, and differs in\n\t%s", want, strings.Join(got, "\n\t"))
		}
	}
}

func checkExample(t testing.TB, name string) *check.File {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return check.CheckFile(name, bytes.NewReader(data), checktest.Settings)
}
