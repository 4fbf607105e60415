package trace

import (
	"strings"
	"testing"
)

// This file has the traces that the reader and the schema are held to, and holds them.

var validTraces = []struct{ why, in string }{
	{"the least there can be", "nodes: 1\nsteps: []\n"},
	{"nodes as text", "nodes: \"5\"\nsteps: []\n"},
	{"a term in quotes", oneStep("requestVote: {candidateId: 1, term: \"1\"}")},
	{"an answer that is a number", oneStep("requestVote: {candidateId: 1}, response: {2: 1}")},
	{"a log that is a number", oneStep("state: {1: {log: 1}}")},
	{"what the disk gave back", oneStep("restart: {2: {term: 1, votedFor: none, log: [1]}, 3: }")},
	{"a snapshot", "nodes: 3\ninitial: {1: {term: 3, snapshot: {lastIncludedIndex: 100, lastIncludedTerm: 3}, log: [3], commitIndex: 101, leader: none}}\nsteps: [{installSnapshot: {leaderId: 1}, to: [2], response: {2: ok}, state: {2: {snapshot: {lastIncludedIndex: , lastIncludedTerm: 3}, leader: 1}}}]\n"},
	{"an installSnapshot, whole", oneStep("installSnapshot: {leaderId: 1, term: 2, lastIncludedIndex: 4, lastIncludedTerm: 1}, lost: [3]")},
	{"a step down", oneStep("stepDown: [1, 2]")},
	{"voters", "nodes: 5\nvoters: [[1, 2, 3], [3, 4, 5]]\nsteps: [{voters: {at: [1, 2], are: [3, 4]}}, {voters: {are: [[1], [2]]}}]\n"},
	{"voters, one list", "nodes: 5\nvoters: [1, 2, 3]\nsteps: []\n"},
	{"an editor's schema", "$schema: ./trace.schema.json\nnodes: 3\nsteps: []\n"},
	{"so many entries", oneStep("appendEntries: {leaderId: 1, entries: {count: 3}}, response: {2: {success: true, matchIndex: 3}, 3: {success: false, matchIndex: 0}}")},
	{"a log's end", oneStep("state: {1: {lastLogIndex: 892586, lastLogTerm: , log: {from: 341, entries: [{term: 1, times: 200}, 2:x]}}, 2: {log: {from: 2, entries: }}}")},
	{"a UUID and an address as names", "nodes: [c9bf9e57-1685-4c89-bafb-ff5af830be8a, '10.0.0.2:8080', host:7000]\nsteps: [{timeout: host:7000}]\n"},
	{"a log as text", oneStep("state: {1: {log: \"1:a, 1:b\"}, 2: {log: 1 1 2}, 3: {log: none}, 4: {log: \"\"}}")},
	{"answers in other words", oneStep("requestVote: {candidateId: 1}, response: {2: Granted, 3: DENIED, 4: —, 5: N/A}")},
	{"as many nodes as there may be", "nodes: 64\nsteps: []\n"},
	{"names of every kind of character", "nodes: [S1, a_b, c.d, e-f, 7, " + strings.Repeat("x", 64) + "]\nsteps: []\n"},
	{"every key of a trace", "title: x\nnodes: 3\nrules: figure2\ninitial: {1: {term: 1}}\nunknown: 2\nstudent: Ada\ngrading: {}\nsteps: []\n"},
	{"every key that may be blank", "title:\nnodes: 3\nrules:\ninitial:\nunknown:\nraftId:\nstudent:\nsteps: []\n"},
	{"rules as a list", "nodes: 3\nrules: [figure2]\nsteps: []\n"},
	{"a title that YAML takes for a number", "nodes: 3\ntitle: 2024\nsteps: []\n"},
	{"raftId", "nodes: 3\nraftId: 2\nsteps: []\n"},
	{"unknown nodes", "nodes: 3\nunknown: [2, 3]\nsteps: []\n"},
	{"JSON", `{"nodes": 3, "steps": [{"timeout": 1}]}`},
	{"an empty document between two", "nodes: 1\nsteps: []\n---\n---\nnodes: 2\nsteps: []\n"},

	{"requestVote with the candidate alone", oneStep("requestVote: {candidateId: 1}")},
	{"requestVote with every field", oneStep("requestVote: {candidateId: 1, term: 3, lastLogIndex: 2, lastLogTerm: 1}")},
	{"requestVote with blank fields", oneStep("requestVote: {candidateId: 1, term: , lastLogIndex: , lastLogTerm: ~}")},
	{"the largest term", oneStep("requestVote: {candidateId: 1, term: 9223372036854775807}")},
	{"appendEntries in the paper's form", oneStep("appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:x, 2, {term: 2, value: y}], leaderCommit: 1}")},
	{"appendEntries in the worksheet's form", oneStep("appendEntries: {leaderId: 1, term: 2, index: 1, value: x, leaderCommit: 1}")},
	{"an index without a value", oneStep("appendEntries: {leaderId: 1, index: 1}")},
	{"a value that is a number", oneStep("appendEntries: {leaderId: 1, index: 1, value: 7}")},
	{"an unused line of the worksheet", oneStep("appendEntries: {leaderId: 1, index: , value: }")},
	{"entries in one form, blanks of the other", oneStep("appendEntries: {leaderId: 1, entries: [1], index: , value: }")},
	{"a heartbeat", oneStep("appendEntries: {leaderId: 1, entries: []}")},
	{"entries: auto", oneStep("appendEntries: {leaderId: 1, entries: auto}")},
	{"requestVoteResponse", oneStep("requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: yes}")},
	{"appendEntriesResponse", oneStep("appendEntriesResponse: {from: 2, to: 1, term: 1, success: true, matchIndex: 3}")},
	{"timeout of one", oneStep("timeout: 1")},
	{"timeout of several", oneStep("timeout: [1, 2]")},
	{"clientRequest", oneStep("clientRequest: {node: 1, value: x}")},
	{"clientRequest without a value", oneStep("clientRequest: {node: 1}")},
	{"crash", oneStep("crash: [1]")},
	{"restart", oneStep("restart: 2")},
	{"partition", oneStep("partition: [[1, 2], [3]]")},
	{"heal", oneStep("heal: true")},
	{"no event", oneStep("state: {1: {term: 0}}")},
	{"nothing at all", oneStep("")},

	{"the keys of every step", oneStep("id: 1a, note: x, points: 0.5, timeout: 1, state: {}")},
	{"the keys of a request", oneStep("requestVote: {candidateId: 1}, to: [2, 3], lost: 2, responseLost: [3], response: {}")},
	{"blank keys of a request", oneStep("id: , note: , points: , requestVote: {candidateId: 1}, to: , lost: , responseLost: , response: , state: ")},
	{"every word of an answer", oneStep("requestVote: {candidateId: 1}, response: {1: ok, 2: yes, 3: true, 4: ✓}") +
		"  - {requestVote: {candidateId: 1}, response: {2: no, 3: false, 4: ✗, 5: none}}\n" +
		"  - {requestVote: {candidateId: 1}, response: {2: \"-\", 3: \"?\", 4: ~, 5: }}\n"},
	{"whole answers to requestVote", oneStep("requestVote: {candidateId: 1}, response: {2: {voteGranted: true, term: 1}, 3: {term: 1}, 4: {voteGranted: no}, 5: {voteGranted: , term: }}")},
	{"whole answers to appendEntries", oneStep("appendEntries: {leaderId: 1}, response: {2: {success: true, term: 1}, 3: {term: 1}, 4: {success: ✗}}")},
	{"others", oneStep("requestVote: {candidateId: 1}, response: {2: no, others: ok}")},
	{"a list of answers", oneStep("requestVote: {candidateId: 1}, response: [ok, no, none, ~, {term: 1}]")},

	{"every field of a state", oneStep("state: {1: {term: 2, votedFor: 1, role: leader, log: [1, 1:x, {term: 2}], commitIndex: 1, lastApplied: 1, nextIndex: {2: 3}, matchIndex: {2: 0}, terms: {1: none, 2: 1}}}")},
	{"every field of a state blank", oneStep("state: {1: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: , matchIndex: , terms: }, 2: }")},
	{"blanks within a state", oneStep("state: {1: {nextIndex: {2: }, matchIndex: {3: ~}, terms: {1: }}}")},
	{"votedFor none", oneStep("state: {1: {votedFor: none}}")},
	{"an initial state", "nodes: 3\ninitial: {1: {term: 2, role: leader, log: [1, 2], nextIndex: {2: 3}, matchIndex: {3: 1}}, 2: }\nsteps: []\n"},
}

func TestSchemaAndReaderTake(t *testing.T) {
	schema := compileSchema(t)
	for _, tt := range validTraces {
		if _, err := Parse("t.yaml", []byte(tt.in), DefaultLimits()); err != nil {
			t.Errorf("%s: the reader refuses it: %v\n%s", tt.why, err, tt.in)
		}
		for _, doc := range jsonDocuments(t, []byte(tt.in)) {
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: the schema refuses it: %v\n%s", tt.why, err, tt.in)
			}
		}
	}
}

var invalidTraces = []struct{ why, in string }{
	{"a list", "[]\n"},
	{"a word", "hello\n"},
	{"no nodes", "steps: []\n"},
	{"blank nodes", "nodes:\nsteps: []\n"},
	{"no node", "nodes: 0\nsteps: []\n"},
	{"too many nodes", "nodes: 65\nsteps: []\n"},
	{"half a node", "nodes: 2.5\nsteps: []\n"},
	{"no names", "nodes: []\nsteps: []\n"},
	{"a name that means something else", "nodes: [a, none]\nsteps: []\n"},
	{"the other one", "nodes: [a, others]\nsteps: []\n"},
	{"a name with a space", "nodes: [a b]\nsteps: []\n"},
	{"a name that is too long", "nodes: [" + strings.Repeat("x", 65) + "]\nsteps: []\n"},
	{"two nodes of one name", "nodes: [a, a]\nsteps: []\n"},
	{"no steps", "nodes: 3\n"},
	{"blank steps", "nodes: 3\nsteps:\n"},
	{"steps as a mapping", "nodes: 3\nsteps: {timeout: 1}\n"},
	{"a key that is misspelt", "nodes: 3\nstep: []\nsteps: []\n"},
	{"a title that is a list", "nodes: 3\ntitle: [x]\nsteps: []\n"},
	{"rules that are a number", "nodes: 3\nrules: 3\nsteps: []\n"},
	{"grading that is a word", "nodes: 3\ngrading: all\nsteps: []\n"},
	{"initial as a list", "nodes: 3\ninitial: []\nsteps: []\n"},
	{"initial of no node", "nodes: 3\ninitial: {a b: {term: 1}}\nsteps: []\n"},
	{"a history of terms in initial", "nodes: 3\ninitial: {1: {terms: {1: 2}}}\nsteps: []\n"},

	{"a blank step", "nodes: 3\nsteps: [~]\n"},
	{"a step that is a word", "nodes: 3\nsteps: [timeout]\n"},
	{"a key of no step", oneStep("timeout: 1, after: 3")},
	{"two events", oneStep("timeout: 1, crash: 2")},
	{"two requests", oneStep("requestVote: {candidateId: 1}, appendEntries: {leaderId: 1}")},
	{"answers to nothing", oneStep("response: {2: ok}")},
	{"answers to a crash", oneStep("crash: 1, response: {2: ok}")},
	{"lost without a request", oneStep("timeout: 1, lost: 2")},
	{"points below 0", oneStep("points: -1")},
	{"points as a word", oneStep("points: many")},

	{"no candidate", oneStep("requestVote: {term: 1}")},
	{"a blank candidate", oneStep("requestVote: {candidateId: }")},
	{"a blank request", oneStep("requestVote: ")},
	{"a key of another request", oneStep("requestVote: {candidateId: 1, leaderId: 1}")},
	{"a term below 0", oneStep("requestVote: {candidateId: 1, term: -1}")},
	{"a term with a fraction", oneStep("requestVote: {candidateId: 1, term: 1.5}")},
	{"a term in words", oneStep("requestVote: {candidateId: 1, term: one}")},
	{"a term past the largest", oneStep("requestVote: {candidateId: 1, term: 9223372036854775808}")},
	{"a term that is true", oneStep("requestVote: {candidateId: 1, term: true}")},
	{"no leader", oneStep("appendEntries: {term: 1}")},
	{"both forms of appendEntries", oneStep("appendEntries: {leaderId: 1, index: 1, entries: [1]}")},
	{"a value beside prevLogIndex", oneStep("appendEntries: {leaderId: 1, value: x, prevLogIndex: 1}")},
	{"index 0", oneStep("appendEntries: {leaderId: 1, index: 0}")},
	{"a value without its index", oneStep("appendEntries: {leaderId: 1, value: x}")},
	{"entries that are a word", oneStep("appendEntries: {leaderId: 1, entries: all}")},
	{"an entry that is a word", oneStep("appendEntries: {leaderId: 1, entries: [x]}")},
	{"an entry with no term before its value", oneStep("appendEntries: {leaderId: 1, entries: [x:1]}")},
	{"an entry that is blank", oneStep("appendEntries: {leaderId: 1, entries: [~]}")},
	{"an entry that is a list", oneStep("appendEntries: {leaderId: 1, entries: [[1]]}")},
	{"an entry without a term", oneStep("appendEntries: {leaderId: 1, entries: [{value: x}]}")},
	{"an entry with another key", oneStep("appendEntries: {leaderId: 1, entries: [{term: 1, index: 1}]}")},
	{"a value that is too long", oneStep("appendEntries: {leaderId: 1, index: 1, value: " + strings.Repeat("x", 1025) + "}")},
	{"a late vote without its term", oneStep("requestVoteResponse: {from: 2, to: 1, voteGranted: true}")},
	{"a late vote with success", oneStep("requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true, success: true}")},
	{"a late vote that is none", oneStep("requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: none}")},
	{"a late answer without its outcome", oneStep("appendEntriesResponse: {from: 2, to: 1, term: 1}")},
	{"a late answer that is blank", oneStep("appendEntriesResponse: {from: 2, to: 1, term: 1, success: }")},
	{"timeout of nobody", oneStep("timeout: []")},
	{"a blank timeout", oneStep("timeout: ")},
	{"timeout of one node twice", oneStep("timeout: [1, 1]")},
	{"a request to nobody", oneStep("clientRequest: {value: x}")},
	{"a partition without groups", oneStep("partition: [1, 2]")},
	{"a partition that is a word", oneStep("partition: half")},
	{"heal that is false", oneStep("heal: false")},

	{"an answer that is none of the words", oneStep("requestVote: {candidateId: 1}, response: {2: perhaps}")},
	{"an answer that is a list", oneStep("requestVote: {candidateId: 1}, response: {2: [ok]}")},
	{"success of a vote", oneStep("requestVote: {candidateId: 1}, response: {2: {success: true}}")},
	{"a vote for entries", oneStep("appendEntries: {leaderId: 1}, response: {2: {voteGranted: true}}")},
	{"an answer with another key", oneStep("appendEntries: {leaderId: 1}, response: {2: {success: true, prevLogIndex: 1}}")},
	{"a whole answer of none", oneStep("appendEntries: {leaderId: 1}, response: {2: {success: none}}")},
	{"answers that are a word", oneStep("requestVote: {candidateId: 1}, response: ok")},
	{"an answer of none", oneStep("requestVote: {candidateId: 1}, response: {none: ok}")},
	{"no answers in a list", oneStep("requestVote: {candidateId: 1}, response: []")},

	{"a state that is a word", oneStep("state: ok")},
	{"a node's state that is a word", oneStep("state: {1: ok}")},
	{"a state of the others", oneStep("state: {others: {term: 1}}")},
	{"a key of no state", oneStep("state: {1: {currentTerm: 1}}")},
	{"a role that is none", oneStep("state: {1: {role: boss}}")},
	{"nextIndex that is a number", oneStep("state: {1: {nextIndex: 4}}")},
	{"nextIndex that is a word", oneStep("state: {1: {nextIndex: {2: last}}}")},
	{"a history whose term is a word", oneStep("state: {1: {terms: {one: 2}}}")},
	{"a history whose term has a zero before it", oneStep("state: {1: {terms: {01: 2}}}")},
	{"votedFor that is a list", oneStep("state: {1: {votedFor: [1]}}")},
}
