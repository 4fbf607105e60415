package trace

import (
	"errors"
	"strings"
	"testing"
)

// What people write of a Raft cluster, as course labs, libraries and their logs
// have it. Each is read as it stands, or refused in a sentence that says what to
// write: with that written, the trace is read.
func TestWhatPeopleWrite(t *testing.T) {
	step := func(s string) string { return "nodes: 3\nsteps:\n- " + s + "\n" }
	const vote, app = "requestVote: {candidateId: 1, term: 1}, response: ", "appendEntries: {leaderId: 1, term: 1, "
	for _, tt := range []struct {
		why, in string
		says    string // empty: it is read as it stands
		fix     string // what is written in the place of bad
		bad     string
	}{
		{"true and false (lab)", step("{" + vote + "{2: true, 3: false}}"), "", "", ""},
		{"True and False (Python)", step("{" + vote + "{2: True, 3: False}}"), "", "", ""},
		{"Y and N", step("{" + vote + "{2: Y, 3: n}}"), "", "", ""},
		{"1 and 0", step("{" + vote + "{2: 1, 3: 0}}"), "", "", ""},
		{"T and F", step("{" + vote + "[~, T, f]}"), "", "", ""},
		{"granted and denied", step("{" + vote + "{2: Granted, 3: Denied}}"), "", "", ""},
		{"accepted and rejected", step("{" + vote + "{2: accepted, 3: REJECTED}}"), "", "", ""},
		{"in quotes", step("{" + vote + `{2: "ok", 3: ' no '}}`), "", "", ""},
		{"lost and n/a", step("{" + vote + "{2: lost, 3: N/A}}"), "", "", ""},
		{"dashes", step("{" + vote + `{2: —, 3: "--"}}`), "", "", ""},
		{"the sender's own cell", step("{" + vote + "{1: itself, 2: ok}}"), "", "", ""},
		{"a mapping in the sender's own cell", step("{" + vote + "{1: {vote: self}, 2: ok}}"), "", "", ""},
		{"numbers in quotes", step(`requestVote: {candidateId: "1", term: "3", lastLogIndex: '0', lastLogTerm: "0"}`), "", "", ""},
		{"roles with a capital", step("{timeout: 2, state: {2: {role: Candidate}, 1: {role: FOLLOWER}}}"), "", "", ""},
		{"a log as text", step("{timeout: 2, state: {2: {log: \"1:a, 1:b, 2:c\"}}}"), "", "", ""},
		{"a log as terms and spaces", step("{timeout: 2, state: {2: {log: 1 1 2}}}"), "", "", ""},
		{"a log in block style", "nodes: 3\nsteps:\n- timeout: 2\n  state:\n    2:\n      log: 1:a, 1:b\n", "", "", ""},
		{"a value with a comma in it", step("{timeout: 2, state: {2: {log: \"1:x, y, 2:z\"}}}"), "", "", ""},
		{"an empty log", step("{timeout: 2, state: {2: {log: empty}, 3: {log: None}}}"), "", "", ""},
		{"UUIDs", "nodes: [c9bf9e57-1685-4c89-bafb-ff5af830be8a, 7c9e6679-7425-40de-944b-e07fc1f90ae7]\nsteps:\n- timeout: c9bf9e57-1685-4c89-bafb-ff5af830be8a\n", "", "", ""},
		{"host and port (hashicorp)", "nodes: ['127.0.0.1:12000', 'node-b.local:12000']\nsteps:\n- {timeout: '127.0.0.1:12000', state: {'127.0.0.1:12000': {term: 1}}}\n", "", "", ""},
		{"hexadecimal ids (etcd)", "nodes: [46c01644950728dc, 7538e80b548e9d14]\nsteps:\n- requestVote: {candidateId: 7538e80b548e9d14, term: 230}\n", "", "", ""},

		{"a tick to some", step("{" + vote + "{2: x}}"), "write ok or no", "2: ok", "2: x"},
		{"curly quotes", step("{" + vote + "{2: “ok”}}"), "curly", "2: ok", "2: “ok”"},
		{"a no-break space", step("{" + vote + "{2:\u00a0ok}}"), "no-break space after its colon", "2: ok", "2:\u00a0ok"},
		{"a Markdown fence", "```yaml\n" + step("timeout: 1"), "remove the line", "", "```yaml\n"},
		{"a log cut by a comma", step("{timeout: 2, state: {2: {log: 1:a, 1:b}}}"), "log: [1:a, 1:b]", "log: [1:a, 1:b]", "log: 1:a, 1:b"},
		{"prevLogIndex -1 (lab)", step(app + "prevLogIndex: -1, prevLogTerm: 0, entries: [1:x]}"), "indexes count from 1, and 0 is the place before the first: write 0", ": 0, prev", ": -1, prev"},
		{"lastLogTerm -1 (lab)", step("requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: -1}"), "write 0 for none", "lastLogTerm: 0", "lastLogTerm: -1"},
		{"votedFor -1 (lab)", step("{timeout: 2, state: {3: {votedFor: -1}}}"), "write none for nobody", "votedFor: none", "votedFor: -1"},
		{"votedFor nil", step("{timeout: 2, state: {3: {votedFor: nil}}}"), "write none for nobody", "votedFor: none", "votedFor: nil"},
		{"snake case", step("append_entries: {leaderId: 1, term: 1, entries: []}"), `did you mean "appendEntries"?`, "appendEntries", "append_entries"},
		{"snake case in a message", step("requestVote: {candidate_id: 1, term: 1}"), `did you mean "candidateId"?`, "candidateId", "candidate_id"},
		{"capitals (Go)", step("requestVote: {CandidateId: 1, term: 1}"), `did you mean "candidateId"?`, "candidateId", "CandidateId"},
		{"MsgApp (etcd)", step("MsgApp: {leaderId: 1, term: 1, entries: []}"), `did you mean "appendEntries"?`, "appendEntries", "MsgApp"},
		{"MsgVote (etcd)", step("MsgVote: {candidateId: 1, term: 1}"), `did you mean "requestVote"?`, "requestVote", "MsgVote"},
		{"MsgHup (etcd)", step("MsgHup: 1"), `did you mean "timeout"?`, "timeout", "MsgHup"},
		{"MsgProp (etcd)", step("MsgProp: {node: 1, value: x}"), `did you mean "clientRequest"?`, "clientRequest", "MsgProp"},
		{"MsgVoteResp (etcd)", step("MsgVoteResp: {from: 2, to: 1, term: 1, voteGranted: true}"), `did you mean "requestVoteResponse"?`, "requestVoteResponse", "MsgVoteResp"},
		{"appendRequest", step("appendRequest: {leaderId: 1, term: 1, entries: []}"), `did you mean "appendEntries"?`, "appendEntries", "appendRequest"},
		{"RequestVoteArgs (lab)", step("RequestVoteArgs: {candidateId: 1, term: 1}"), `did you mean "requestVote"?`, "requestVote", "RequestVoteArgs"},
		{"AppendEntriesReply (lab)", step("AppendEntriesReply: {from: 2, to: 1, term: 1, success: false}"), `did you mean "appendEntriesResponse"?`, "appendEntriesResponse", "AppendEntriesReply"},
		{"heartbeat", step("heartbeat: 1"), "write appendEntries: {leaderId: 1, entries: []}", "appendEntries: {leaderId: 1, entries: []}", "heartbeat: 1"},
		{"stop (raft.github.io)", step("stop: 1"), `did you mean "crash"?`, "crash", "stop"},
		{"kill", step("kill: [1, 2]"), `did you mean "crash"?`, "crash", "kill"},
		{"start", step("start: 1"), `did you mean "restart"?`, "restart", "start"},
		{"resume (raft.github.io)", step("resume: 1"), `did you mean "restart"?`, "restart", "resume"},
		{"electionTimeout", step("electionTimeout: 1"), `did you mean "timeout"?`, "timeout", "electionTimeout"},
		{"command", step("command: {node: 1, value: x}"), `did you mean "clientRequest"?`, "clientRequest", "command"},
		{"preVote", step("preVote: {candidateId: 1}") + "- timeout: 1\n", "outside of what is replayed; leave this step out", "", "- preVote: {candidateId: 1}\n"},
		{"timeoutNow", step("timeoutNow: 2") + "- timeout: 1\n", "outside of what is replayed; leave this step out", "", "- timeoutNow: 2\n"},
		{"MsgReadIndex (etcd)", step("MsgReadIndex: 2") + "- timeout: 1\n", "outside of what is replayed; leave this step out", "", "- MsgReadIndex: 2\n"},
		{"addServer", step("addServer: 4") + "- timeout: 1\n", "outside of what is replayed; leave this step out", "", "- addServer: 4\n"},
		{"currentTerm", step("{timeout: 2, state: {2: {currentTerm: 1}}}"), `did you mean "term"?`, "term", "currentTerm"},
		{"voteFor", step("{timeout: 2, state: {2: {voteFor: 2}}}"), `did you mean "votedFor"?`, "votedFor", "voteFor"},
		{"commit (etcd)", step("{timeout: 2, state: {2: {commit: 0}}}"), `did you mean "commitIndex"?`, "commitIndex: 0", "commit: 0"},
		{"match (etcd)", step("{timeout: 2, state: {2: {match: {1: 0}}}}"), `did you mean "matchIndex"?`, "matchIndex:", "match:"},
		{"logTerm (etcd)", step("appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, logTerm: 0, entries: []}"), `did you mean "prevLogTerm"?`, "prevLogTerm", "logTerm"},
		{"reject (etcd)", step("{appendEntries: {leaderId: 1, term: 1, entries: []}, response: {2: {reject: true}}}"), "write success: false", "success: false", "reject: true"},
		{"no space after the colon", step("{" + vote + "{2:ok}}"), "2: ok", "2: ok", "2:ok"},
	} {
		_, err := Parse("t.yaml", []byte(tt.in), DefaultLimits())
		if tt.says == "" {
			if err != nil {
				t.Errorf("%s: it is refused: %v\n%s", tt.why, err, tt.in)
			}
			continue
		}
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 1 || !strings.Contains(errs[0].Msg, tt.says) {
			t.Errorf("%s: the reader says %v, and should say %q alone\n%s", tt.why, err, tt.says, tt.in)
			continue
		}
		fixed := strings.Replace(tt.in, tt.bad, tt.fix, 1)
		if _, err := Parse("t.yaml", []byte(fixed), DefaultLimits()); err != nil {
			t.Errorf("%s: with the advice taken it is refused again: %v\n%s", tt.why, err, fixed)
		}
	}
}
