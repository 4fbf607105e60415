package check_test

import (
	"strings"
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/replay"
)

// delivered gives what a step sends to its first recipient, in one line.
func delivered(run *replay.Run, step int) string {
	s := &run.Steps[step-1]
	if len(s.Deliveries) == 0 {
		return "nothing"
	}
	if d := s.Deliveries[0]; d.Append != nil {
		return d.Append.String()
	}
	return s.Deliveries[0].Vote.String()
}

// "Fields left out of a message": what is left out, or left blank, is filled in
// from the sender's own state; what is written is delivered as written.
func TestFieldsOfRequestVote(t *testing.T) {
	const nodes = `nodes: 2
initial:
  1: %s
steps:
- requestVote: %s`
	cases := []struct{ why, state, message, want string }{
		{"term: the candidate's currentTerm where it is a candidate already",
			"{term: 4, role: candidate}", "{candidateId: 1}", "RV t4 from 1 last=0/0"},
		{"term: otherwise currentTerm + 1",
			"{term: 4}", "{candidateId: 1}", "RV t5 from 1 last=0/0"},
		{"term: a leader is no candidate",
			"{term: 4, role: leader}", "{candidateId: 1}", "RV t5 from 1 last=0/0"},
		{"term: left blank",
			"{term: 4}", "{candidateId: 1, term: }", "RV t5 from 1 last=0/0"},
		{"lastLogIndex, lastLogTerm: from its log",
			"{log: [1, 1, 3]}", "{candidateId: 1}", "RV t4 from 1 last=3/3"},
		{"lastLogTerm alone",
			"{log: [1, 1, 3]}", "{candidateId: 1, lastLogIndex: 3, lastLogTerm: ~}", "RV t4 from 1 last=3/3"},
		{"what is written is delivered as written",
			"{log: [1, 1, 3]}", "{candidateId: 1, term: 9, lastLogIndex: 7, lastLogTerm: 2}", "RV t9 from 1 last=7/2"},
	}
	for _, c := range cases {
		text := strings.Replace(strings.Replace(nodes, "%s", c.state, 1), "%s", c.message, 1)
		if got := delivered(checktest.Play(t, text), 1); got != c.want {
			t.Errorf("%s: node 1 with %s sends %s as %q; it should be %q", c.why, c.state, c.message, got, c.want)
		}
	}
}

func TestFieldsOfAppendEntries(t *testing.T) {
	// Node 1 leads term 3; node 2's nextIndex is 3.
	const nodes = `nodes: 3
initial:
  1: {term: 3, role: leader, log: [1:a, 2:b, 3], commitIndex: 2, nextIndex: {2: 3, 3: 4}}
  2: {log: [1:a]}
steps:
- appendEntries: `
	cases := []struct{ why, message, want string }{
		{"term: its currentTerm; leaderCommit: its commitIndex; neither entries nor index: a heartbeat, prevLogIndex is nextIndex - 1",
			"{leaderId: 1}", "AE t3 from 1 prev=2/2 [] commit=2"},
		{"everything left blank", "{leaderId: 1, term: , prevLogIndex: , prevLogTerm: , entries: , leaderCommit: }", "AE t3 from 1 prev=2/2 [] commit=2"},
		{"a blank index and value, as on an unused line of the form", "{leaderId: 1, term: 3, index: , value: , leaderCommit: }", "AE t3 from 1 prev=2/2 [] commit=2"},
		{"[] is a heartbeat", "{leaderId: 1, entries: []}", "AE t3 from 1 prev=2/2 [] commit=2"},
		{"a heartbeat's prevLogIndex as written, prevLogTerm from the log", "{leaderId: 1, prevLogIndex: 1, entries: []}", "AE t3 from 1 prev=1/1 [] commit=2"},
		{"prevLogIndex 0 has prevLogTerm 0", "{leaderId: 1, prevLogIndex: 0}", "AE t3 from 1 prev=0/0 [] commit=2"},
		{"a heartbeat's prevLogTerm as written, prevLogIndex from nextIndex", "{leaderId: 1, prevLogTerm: 1}", "AE t3 from 1 prev=2/1 [] commit=2"},
		{"the worksheet's form: one entry at that index; the leader's own term where it has it with this value",
			"{leaderId: 1, index: 2, value: b}", "AE t3 from 1 prev=1/1 [2:b] commit=2"},
		{"the worksheet's form: another value there, so the message's term",
			"{leaderId: 1, index: 2, value: z}", "AE t3 from 1 prev=1/1 [3:z] commit=2"},
		{"the worksheet's form: a new entry has the message's term", "{leaderId: 1, index: 4, value: d}", "AE t3 from 1 prev=3/3 [3:d] commit=2"},
		{"the worksheet's form: the value left out", "{leaderId: 1, index: 2}", "AE t3 from 1 prev=1/1 [2:b] commit=2"},
		{"the worksheet's form: the leader's entry without a value", "{leaderId: 1, index: 3, value: c}", "AE t3 from 1 prev=2/2 [3:c] commit=2"},
		{"the worksheet's form: index 1 comes after nothing", "{leaderId: 1, index: 1, value: a}", "AE t3 from 1 prev=0/0 [1:a] commit=2"},
		{"the worksheet's form: no entry before it, so the message's term", "{leaderId: 1, index: 9, value: z}", "AE t3 from 1 prev=8/3 [3:z] commit=2"},
		{"written entries come after the sender's last index", "{leaderId: 1, entries: [3:d, 3:e]}", "AE t3 from 1 prev=3/3 [3:d 3:e] commit=2"},
		{"written entries after a written prevLogIndex", "{leaderId: 1, prevLogIndex: 1, entries: [2:b]}", "AE t3 from 1 prev=1/1 [2:b] commit=2"},
		{"entries: auto sends each node what nextIndex calls for", "{leaderId: 1, entries: auto}", "AE t3 from 1 prev=2/2 [3] commit=2"},
		{"what is written is delivered as written", "{leaderId: 1, term: 2, prevLogIndex: 7, prevLogTerm: 1, entries: [1:q, 2], leaderCommit: 9}",
			"AE t2 from 1 prev=7/1 [1:q 2] commit=9"},
		{"of one that does not lead, a heartbeat comes after its last index", "{leaderId: 2, term: 4, entries: []}", "AE t4 from 2 prev=1/1 [] commit=0"},
	}
	for _, c := range cases {
		if got := delivered(checktest.Play(t, nodes+c.message), 1); got != c.want {
			t.Errorf("%s: %s is sent as %q; it should be %q", c.why, c.message, got, c.want)
		}
	}
}

// Where the request differs from node to node, each is sent its own.
func TestAutoSendsEachItsOwn(t *testing.T) {
	run := checktest.Play(t, `nodes: 4
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b], nextIndex: {2: 1, 3: 2, 4: 3}}
  4: {log: [1:a, 2:b]}
steps:
- appendEntries: {leaderId: 1, entries: auto}
  response: {2: ok, 3: no, 4: ok}`)
	want := []string{
		"AE t2 from 1 prev=0/0 [1:a 2:b] commit=0",
		"AE t2 from 1 prev=1/1 [2:b] commit=0",
		"AE t2 from 1 prev=2/2 [] commit=0",
	}
	for i, d := range run.Steps[0].Deliveries {
		if got := d.Append.String(); got != want[i] {
			t.Errorf("node %d is sent %q; by its nextIndex it should be %q", d.To, got, want[i])
		}
	}
	if (run.Steps[0].Sent != replay.Request{}) {
		t.Errorf("the step says that %v was sent to all", run.Steps[0].Sent)
	}
}

// After an election off the page, nextIndex is fresh.
func TestAutoAfterAnElectionOffThePage(t *testing.T) {
	run := checktest.Play(t, `nodes: 3
initial: {1: {log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, term: 5, entries: auto}`)
	if got, want := delivered(run, 1), "AE t5 from 1 prev=1/1 [] commit=0"; got != want {
		t.Errorf("node 1, leader since this message, sends %q; it should be %q", got, want)
	}
}

// What cannot be filled in is an error that names the field, at its place.
func TestFieldsThatMustBeWritten(t *testing.T) {
	const known = "nodes: 3\ninitial: {1: {term: 3, role: leader, log: [1:a, 3:b]}}\nsteps:\n- appendEntries: "
	const unknown = "nodes: 3\nunknown: [1]\nsteps:\n- appendEntries: "
	const asks = "nodes: 3\nunknown: [1]\nsteps:\n- requestVote: "
	cases := []struct{ why, text, place, names string }{
		{"prevLogTerm of an index that the log does not have", known + "{leaderId: 1, prevLogIndex: 5, entries: []}", "4:46", "prevLogTerm"},
		{"entries: auto of one that does not lead", known + "{leaderId: 2, term: 3, entries: auto}", "4:50", "entries: auto"},
		{"the two forms do not mix: index and entries", known + "{leaderId: 1, index: 3, entries: [3:c]}", "4:18", "index"},
		{"the two forms do not mix: value and prevLogIndex", known + "{leaderId: 1, index: 3, value: c, prevLogIndex: 2}", "4:18", "prevLogIndex"},
		{"an unknown candidate's term", asks + "{candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}", "4:16", "term"},
		{"an unknown candidate's lastLogIndex, left blank", asks + "{candidateId: 1, term: 1, lastLogIndex: , lastLogTerm: 0}", "4:56", "lastLogIndex"},
		{"an unknown candidate's lastLogTerm", asks + "{candidateId: 1, term: 1, lastLogIndex: 0}", "4:16", "lastLogTerm"},
		{"an unknown leader's term", unknown + "{leaderId: 1, prevLogIndex: 0, leaderCommit: 0}", "4:18", "term"},
		{"an unknown leader's leaderCommit", unknown + "{leaderId: 1, term: 1, prevLogIndex: 0}", "4:18", "leaderCommit"},
		{"an unknown leader's prevLogIndex", unknown + "{leaderId: 1, term: 1, leaderCommit: 0, entries: []}", "4:18", "prevLogIndex"},
		{"an unknown leader's prevLogTerm", unknown + "{leaderId: 1, term: 1, leaderCommit: 0, prevLogIndex: 2, entries: []}", "4:18", "prevLogTerm"},
		{"an unknown leader's nextIndex", unknown + "{leaderId: 1, term: 1, leaderCommit: 0, entries: auto}", "4:67", "auto"},
		{"an unknown leader's entry before the worksheet's", unknown + "{leaderId: 1, term: 1, leaderCommit: 0, index: 2, value: x}", "4:65", "prevLogTerm"},
	}
	for _, c := range cases {
		got := checktest.Failure(c.text)
		place, message, _ := strings.Cut(got, ": ")
		if place != c.place || !strings.Contains(message, c.names) {
			t.Errorf("%s: the error is %q; it should stand at %s and name %s\n%s", c.why, got, c.place, c.names, c.text)
		}
	}
}

// An unknown leader may use the worksheet's form for the first entry, which
// comes after nothing.
func TestUnknownLeaderOfTheFirstEntry(t *testing.T) {
	run := checktest.Play(t, `nodes: 3
unknown: [1]
steps:
- appendEntries: {leaderId: 1, term: 2, index: 1, value: x, leaderCommit: 0}`)
	if got, want := delivered(run, 1), "AE t2 from 1 prev=0/0 [2:x] commit=0"; got != want {
		t.Errorf("the message is delivered as %q; it should be %q", got, want)
	}
}
