package edit

import (
	"strings"
	"testing"

	"raftsheet/trace"
)

func TestResponse(t *testing.T) {
	const row = "{2: ok, 3: no}"
	run(t, "nodes: 3\nsteps:\n", []editTest{
		{why: "behind the event and its comment, before what else the step says",
			in:   "  - id: a\n    requestVote: {candidateId: 1}   # why\n    # more\n    lost: [3]\n",
			want: "  - id: a\n    requestVote: {candidateId: 1}   # why\n    response: {2: ok, 3: no}\n    # more\n    lost: [3]\n",
			asks: []ask{response(1, row)}},
		{why: "behind an event of several lines",
			in:   "- requestVote:\n    candidateId: 1   # me\n\n- heal: true\n",
			want: "- requestVote:\n    candidateId: 1   # me\n  response: {2: ok, 3: no}\n\n- heal: true\n",
			asks: []ask{response(1, row)}},
		{why: "behind braces of several lines",
			in:   "- requestVote: {\n    candidateId: 1,   # me\n  }   # c\n- heal: true",
			want: "- requestVote: {\n    candidateId: 1,   # me\n  }   # c\n  response: {2: ok, 3: no}\n- heal: true",
			asks: []ask{response(1, row)}},
		{why: "at the end of a file without a last line break",
			in: "- requestVote: {candidateId: 1}", want: "- requestVote: {candidateId: 1}\n  response: {2: ok, 3: no}", asks: []ask{response(1, row)}},
		{why: "a field of the event on a line of its own comes first, in whatever order",
			in:   "- requestVote:\n    candidateId: 1\n- heal: true\n",
			want: "- requestVote:\n    candidateId: 1\n    term: 1\n    lastLogTerm: 0\n  response: {2: ok, 3: no}\n- heal: true\n",
			asks: []ask{response(1, row), message(1, "term", "1"), message(1, "lastLogTerm", "0")}},
		{why: "a step in braces",
			in: "- {requestVote: {candidateId: 1}, lost: [3]} # c\n", want: "- {requestVote: {candidateId: 1}, response: {2: ok, 3: no}, lost: [3]} # c\n", asks: []ask{response(1, row)}},
		{why: "a step in braces that ends with the event",
			in: "- {requestVote: {candidateId: 1} }\n", want: "- {requestVote: {candidateId: 1}, response: {2: ok, 3: no} }\n", asks: []ask{response(1, row)}},
		{why: "a step in braces, a pair a line",
			in:   "- {\n    requestVote: {candidateId: 1},   # c\n    lost: [3]\n  }\n",
			want: "- {\n    requestVote: {candidateId: 1},   # c\n    response: {2: ok, 3: no},\n    lost: [3]\n  }\n",
			asks: []ask{response(1, row)}},
		{why: "the same, where the event is last",
			in:   "- {\n    \"lost\": [3],\n\t\"requestVote\": {\"candidateId\": 1}\n  }\n",
			want: "- {\n    \"lost\": [3],\n\t\"requestVote\": {\"candidateId\": 1},\n\t\"response\": {2: ok, 3: no}\n  }\n",
			asks: []ask{response(1, row)}},
		{why: "a step below its dash",
			in:   "  -\n     requestVote: {candidateId: 1}\n     lost: [3]\n",
			want: "  -\n     requestVote: {candidateId: 1}\n     response: {2: ok, 3: no}\n     lost: [3]\n",
			asks: []ask{response(1, row)}},
		{why: "a step with an anchor",
			in:   "  - &s\n    requestVote: {candidateId: 1}\n    lost: [3]\n",
			want: "  - &s\n    requestVote: {candidateId: 1}\n    response: {2: ok, 3: no}\n    lost: [3]\n",
			asks: []ask{response(1, row)}},
		{why: "an event that is an alias",
			in:   "- {requestVote: &v {candidateId: 1}}\n- requestVote: *v # again\n",
			want: "- {requestVote: &v {candidateId: 1}}\n- requestVote: *v # again\n  response: {2: ok, 3: no}\n",
			asks: []ask{response(2, row)}},
		{why: "a response that is blank as a whole",
			in:   "- requestVote: {candidateId: 1}\n  response:   # fill in\n  lost: [3]\n",
			want: "- requestVote: {candidateId: 1}\n  response: {2: ok, 3: no}  # fill in\n  lost: [3]\n",
			asks: []ask{response(1, row)}},
		{why: "the same at the end of the file",
			in: "- requestVote: {candidateId: 1}\n  response:", want: "- requestVote: {candidateId: 1}\n  response: {2: ok, 3: no}", asks: []ask{response(1, row)}},
		{why: "the same, with a word for a blank",
			in: "- requestVote: {candidateId: 1}\n  response:\n    ~\n", want: "- requestVote: {candidateId: 1}\n  response:\n    {2: ok, 3: no}\n", asks: []ask{response(1, row)}},
		{why: "a response that is there",
			in: "- requestVote: {candidateId: 1}\n  response: {2: ok}\n", says: "x.yaml:4:13: this is a mapping; it is not blank", asks: []ask{response(1, row)}},
		{why: "nothing to answer",
			in: "- state: {1: }\n", says: "x.yaml:3:3: step 1 has no event to answer", asks: []ask{response(1, row)}},
		{why: "no such step",
			in: "- heal: true\n", says: "there is no step 2 here", asks: []ask{response(2, row)}},
	})
}

func TestState(t *testing.T) {
	run(t, "nodes: 3\nsteps:\n- heal: true\n  state:", []editTest{
		{why: "blank fields in braces",
			in:   " {1: {term: , log: [], commitIndex: ~, votedFor}}\n",
			want: " {1: {term: 2, log: [], commitIndex: 1, votedFor: none}}\n",
			asks: []ask{state(1, 1, "term", "2"), state(1, 1, "commitIndex", "1"), state(1, 1, "votedFor", "none")}},
		{why: "blank fields on lines",
			in:   "\n    1:\n      log:\n      role:     # which?\n    2: {term: 1}\n",
			want: "\n    1:\n      log: [1:x, \"1:a b\"]\n      role: leader  # which?\n    2: {term: 1}\n",
			asks: []ask{state(1, 1, "role", "leader"), state(1, 1, "log", "[1:x, \"1:a b\"]")}},
		{why: "a node's table as a whole",
			in:   "\n    1:\n    2: ~\n    3: {term: }\n",
			want: "\n    1: {term: 1, log: []}\n    2: {term: 2}\n    3: {term: 3}\n",
			asks: []ask{state(1, 1, "", "{term: 1, log: []}"), state(1, 2, "", "{term: 2}"), state(1, 3, "term", "3")}},
		{why: "all of it",
			in: "\n", want: " {1: {term: 1}}\n", asks: []ask{states(1, "{1: {term: 1}}")}},
		{why: "entries of the fields that are mappings",
			in:   "\n    1:\n      nextIndex: {2: , 3: 2}\n      matchIndex:\n        2: 0\n        3:\n      terms: {1: , 2: 1}\n",
			want: "\n    1:\n      nextIndex: {2: 4, 3: 2}\n      matchIndex:\n        2: 0\n        3: 1\n      terms: {1: none, 2: 1}\n",
			asks: []ask{state(1, 1, "nextIndex.2", "4"), state(1, 1, "matchIndex.3", "1"), state(1, 1, "terms.1", "none")}},
		{why: "a field that is not there",
			in: " {1: {term: }}\n", says: "x.yaml:4:14: there is no log here", asks: []ask{state(1, 1, "log", "[]")}},
		{why: "a node that is not there",
			in: " {1: }\n", says: "x.yaml:4:10: there is no 2 here", asks: []ask{state(1, 2, "", "{}")}},
		{why: "a field that is not blank",
			in: " {1: {term: 1}}\n", says: "x.yaml:4:21: this is \"1\"; it is not blank", asks: []ask{state(1, 1, "term", "1")}},
		{why: "a state that is not blank",
			in: " {1: }\n", says: "x.yaml:4:10: this is a mapping; it is not blank", asks: []ask{states(1, "{}")}},
	})
	run(t, "nodes: [a, s.1]\nsteps:\n- state: ", []editTest{
		{why: "a name with a dot in it",
			in: "{a: {nextIndex: {s.1: }}}\n", want: "{a: {nextIndex: {s.1: 3}}}\n", asks: []ask{state(1, 1, "nextIndex.s.1", "3")}},
	})
}

func TestMessage(t *testing.T) {
	run(t, "nodes: 3\nsteps:\n", []editTest{
		{why: "blank and absent fields in braces",
			in:   "- appendEntries: {leaderId: 1, term: , entries: []} # c\n",
			want: "- appendEntries: {leaderId: 1, term: 3, entries: [], prevLogIndex: 0, leaderCommit: 0} # c\n",
			asks: []ask{message(1, "term", "3"), message(1, "prevLogIndex", "0"), message(1, "leaderCommit", "0")}},
		{why: "on lines, behind a list",
			in:   "- appendEntries:\n    leaderId: 1\n    entries:\n    - 1:x  # c\n  lost: [2]\n",
			want: "- appendEntries:\n    leaderId: 1\n    entries:\n    - 1:x  # c\n    term: 3\n    leaderCommit: 0\n  lost: [2]\n",
			asks: []ask{message(1, "term", "3"), message(1, "leaderCommit", "0")}},
		{why: "behind a text of several lines",
			in:   "- appendEntries:\n    leaderId: 1\n    index: 1\n    value: |+\n      x\n      y\n\n  lost: [2]\n",
			want: "- appendEntries:\n    leaderId: 1\n    index: 1\n    value: |+\n      x\n      y\n\n    term: 3\n  lost: [2]\n",
			asks: []ask{message(1, "term", "3")}},
		{why: "behind a text of several lines, in words",
			in:   "- appendEntries:\n    leaderId: 1\n    index: 1\n    value: x\n      y # c\n\n  lost: [2]\n",
			want: "- appendEntries:\n    leaderId: 1\n    index: 1\n    value: x\n      y # c\n    term: 3\n\n  lost: [2]\n",
			asks: []ask{message(1, "term", "3")}},
		{why: "a ? that is a value is no blank",
			in: "- appendEntries: {leaderId: 1, index: 1, value: '?'}\n", says: "x.yaml:3:49: this is \"?\"; it is not blank", asks: []ask{message(1, "value", "x")}},
		{why: "an event without fields",
			in: "- timeout: 1\n", says: "x.yaml:3:12: timeout has no fields", asks: []ask{message(1, "term", "1")}},
		{why: "no event",
			in: "- state: {1: }\n", says: "x.yaml:3:3: step 1 has no event", asks: []ask{message(1, "term", "1")}},
		{why: "the new text is a trace: the two forms of a message do not mix",
			in:   "- appendEntries: {leaderId: 1, index: 1, value: x}\n",
			says: "x.yaml:3:18: with the blanks filled in, this would be wrong: ", asks: []ask{message(1, "prevLogIndex", "0")}},
	})
}

// An alias is followed to the text that it stands for; whoever shares that text
// has to want the same of it.
func TestAliases(t *testing.T) {
	run(t, "nodes: 3\nsteps:\n", []editTest{
		{why: "two steps that want the same",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {2: , 3: ok}\n- requestVote: {candidateId: 1}\n  response: *r\n",
			want: "- requestVote: {candidateId: 1}\n  response: &r {2: no, 3: ok}\n- requestVote: {candidateId: 1}\n  response: *r\n",
			asks: []ask{answer(1, 2, "no"), answer(2, 2, "no")}},
		{why: "two steps that do not",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {2: , 3: ok}\n- requestVote: {candidateId: 1}\n  response: *r\n",
			says: "x.yaml:4:20: step 1 wants \"no\" here and step 2 wants \"ok\"", asks: []ask{answer(1, 2, "no"), answer(2, 2, "ok")}},
		{why: "two steps that do not, of a new cell",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {3: ok}\n- requestVote: {candidateId: 1}\n  response: *r\n",
			says: "x.yaml:4:13: step 1 wants \"no\" here and step 2 wants \"ok\"", asks: []ask{answer(1, 2, "no"), answer(2, 2, "ok")}},
		{why: "a step that wants nothing",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {2: ok, 3: ok}\n- requestVote: {candidateId: 1}\n  response: *r\n",
			says: "step 1 wants \"no\" here, but an alias shares this text with step 2", asks: []ask{replace(1, 2, "", "no", "ok")}},
		{why: "the cell of a step's own sender says nothing",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {2: , 3: ok}\n- requestVote: {candidateId: 2}\n  response: *r\n",
			want: "- requestVote: {candidateId: 1}\n  response: &r {2: ok, 3: ok, 1: ok}\n- requestVote: {candidateId: 2}\n  response: *r\n",
			asks: []ask{answer(1, 2, "ok"), answer(2, 1, "ok")}},
		{why: "whatever is written there",
			in:   "- requestVote: {candidateId: 1}\n  response: &r {2: , 3: ok}\n- requestVote: {candidateId: 2}\n  response: *r\n",
			want: "- requestVote: {candidateId: 1}\n  response: &r {2: no, 3: ok}\n- requestVote: {candidateId: 2}\n  response: *r\n",
			asks: []ask{answer(1, 2, "no")}},
		{why: "a whole step",
			in:   "- &s\n  requestVote: {candidateId: 1}\n  response: {2: ok}\n- heal: true\n",
			want: "- &s\n  requestVote: {candidateId: 1}\n  response: {2: ok, 3: ok}\n- heal: true\n",
			asks: []ask{answer(1, 3, "ok")}},
		{why: "a message, one of whose senders' terms has moved on",
			in:   "- requestVote: &m {candidateId: 1}\n- requestVote: *m\n",
			says: "x.yaml:3:16: step 1 wants \"1\" here and step 2 wants \"2\"", asks: []ask{message(1, "term", "1"), message(2, "term", "2")}},
		{why: "an alias that is a value is replaced itself",
			in:   "- requestVote: {candidateId: 1}\n  response: {2: &b ~, 3: *b}\n",
			want: "- requestVote: {candidateId: 1}\n  response: {2: &b ok, 3: no}\n",
			asks: []ask{answer(1, 2, "ok"), answer(1, 3, "no")}},
		{why: "so what it stood for can stay",
			in:   "- requestVote: {candidateId: 1}\n  response: {2: &b ok, 3: *b}\n",
			want: "- requestVote: {candidateId: 1}\n  response: {2: &b ok, 3: no}  # node 3 was ok\n",
			asks: []ask{replace(1, 3, "", "no", "ok")}},
		{why: "but what an alias stands for does not change alone",
			in:   "- requestVote: {candidateId: 1}\n  response: {2: &b ok, 3: *b}\n",
			says: "step 1 wants \"no\" here, but an alias shares this text with another place in the step", asks: []ask{replace(1, 2, "", "no", "ok")}},
		{why: "an empty value with an anchor",
			in:   "- requestVote: {candidateId: 1}\n  response: {2: &b , 3: &c}\n",
			want: "- requestVote: {candidateId: 1}\n  response: {2: &b ok, 3: &c no}\n",
			asks: []ask{answer(1, 2, "ok"), answer(1, 3, "no")}},
		{why: "a blank response that another step repeats is each step's own",
			in:   "- requestVote: {candidateId: 1}\n  response: &r\n- requestVote: {candidateId: 1}\n  response: *r\n",
			want: "- requestVote: {candidateId: 1}\n  response: &r {2: ok}\n- requestVote: {candidateId: 1}\n  response: {2: no}\n",
			asks: []ask{response(1, "{2: ok}"), response(2, "{2: no}")}},
	})
	run(t, "nodes: 2\n", []editTest{
		{why: "a table is not the initial state's any more",
			in:   "initial: {1: &s {term: 1, log: }}\nsteps:\n- state: {1: *s}\n",
			says: "step 1 wants \"[1]\" here, but an alias shares this text with a part outside of the steps", asks: []ask{state(1, 1, "log", "[1]")}},
		{why: "two tables of one step",
			in:   "steps:\n- state: {1: &s {term: }, 2: *s}\n",
			want: "steps:\n- state: {1: &s {term: 2}, 2: *s}\n", asks: []ask{state(1, 1, "term", "2"), state(1, 2, "term", "2")}},
		{why: "two tables of one step, of which one is to stay blank",
			in:   "steps:\n- state: {1: &s {term: }, 2: *s}\n",
			says: "but an alias shares this text with another place in the step", asks: []ask{state(1, 1, "term", "2")}},
	})
}

// Whole files: what stands around a change stays as it is.
func TestEditFile(t *testing.T) {
	run(t, "", []editTest{
		{why: "CR LF stays, and new lines have it",
			in:   "nodes: 3\r\nsteps:\r\n- requestVote: {candidateId: 1} # c\r\n- requestVote:\r\n    candidateId: 1\r\n  response:\r\n    2: ok\r\n    3:\r\n",
			want: "nodes: 3\r\nsteps:\r\n- requestVote: {candidateId: 1} # c\r\n  response: {2: ok}\r\n- requestVote:\r\n    candidateId: 1\r\n    term: 2\r\n  response:\r\n    2: no  # node 2 was ok\r\n    3: ok\r\n",
			asks: []ask{response(1, "{2: ok}"), answer(2, 3, "ok"), message(2, "term", "2"), replace(2, 2, "", "no", "ok")}},
		{why: "CR LF at the end of a file without a last line break",
			in:   "nodes: 3\r\nsteps:\r\n- requestVote: {candidateId: 1}",
			want: "nodes: 3\r\nsteps:\r\n- requestVote: {candidateId: 1}\r\n  response: {2: ok}", asks: []ask{response(1, "{2: ok}")}},
		{why: "a byte order mark is no column",
			in:   "\ufeff{nodes: 3, steps: [{requestVote: {candidateId: 1}, response: {2: }}]}",
			want: "\ufeff{nodes: 3, steps: [{requestVote: {candidateId: 1}, response: {2: ok, 3: ok}}]}", asks: []ask{answer(1, 2, "ok"), answer(1, 3, "ok")}},
		{why: "columns are characters, not bytes",
			in:   "nodes: 3\nsteps:\n- {note: 日本語 👨‍👩‍👧, requestVote: {candidateId: 1}, response: {2: , 3: ok}} # 語\n",
			want: "nodes: 3\nsteps:\n- {note: 日本語 👨‍👩‍👧, requestVote: {candidateId: 1}, response: {2: ok, 3: no}} # 語; node 3 was ok\n",
			asks: []ask{answer(1, 2, "ok"), replace(1, 3, "", "no", "ok")}},
		{why: "JSON on one line",
			in:   `{"nodes":3,"steps":[{"requestVote":{"candidateId":1},"response":{"2":null,"3":"ok"}},{"requestVote":{"candidateId":1}}]}`,
			want: `{"nodes":3,"steps":[{"requestVote":{"candidateId":1, "term": 1},"response":{"2":"ok","3":"ok"}},{"requestVote":{"candidateId":1}, "response": {"2": "no"}}]}`,
			asks: []ask{answer(1, 2, "ok"), response(2, "{2: no}"), message(1, "term", "1")}},
		{why: "JSON with escapes that YAML does not have; an answer that is replaced, without a comment",
			in:   `{"title": "\ud83d\ude00 a\/b \"", "nodes": 3, "steps": [{"note": "\ud83d\ude00", "requestVote": {"candidateId": 1}, "response": {"2": "no", "3": "?"}, "state": {"2": {"log": null, "votedFor": null, "role": null}}}]}`,
			want: `{"title": "\ud83d\ude00 a\/b \"", "nodes": 3, "steps": [{"note": "\ud83d\ude00", "requestVote": {"candidateId": 1}, "response": {"2": "ok", "3": "none"}, "state": {"2": {"log": ["1:a", 2], "votedFor": 1, "role": "follower"}}}]}`,
			asks: []ask{replace(1, 2, "", "ok", "no"), answer(1, 3, "none"), state(1, 2, "log", "[1:a, 2]"), state(1, 2, "votedFor", "1"), state(1, 2, "role", "follower")}},
		{why: "an empty JSON object",
			in:   `{"nodes": 3, "steps": [{"requestVote": {"candidateId": 1}, "response": {}}]}`,
			want: `{"nodes": 3, "steps": [{"requestVote": {"candidateId": 1}, "response": {"2": "ok", "3": "no"}}]}`,
			asks: []ask{answer(1, 2, "ok"), answer(1, 3, "no")}},
		{why: "JSON on lines",
			in:   "{\n  \"nodes\": 3,\n  \"steps\": [\n    {\n      \"requestVote\": {\n        \"candidateId\": 1\n      }\n    }\n  ]\n}\n",
			want: "{\n  \"nodes\": 3,\n  \"steps\": [\n    {\n      \"requestVote\": {\n        \"candidateId\": 1,\n        \"term\": 1\n      },\n      \"response\": {\"2\": \"ok\"}\n    }\n  ]\n}\n",
			asks: []ask{response(1, "{2: ok}"), message(1, "term", "1")}},
		{why: "the end of the line is inside of a text, so nothing can be said there",
			in:   "nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: ok}, note: \"a\n    b\"}\n",
			says: "x.yaml:3:49: the old answer cannot be noted at the end of the line", asks: []ask{replace(1, 2, "", "no", "ok")}},
		{why: "a # in that text is no comment",
			in:   "nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: ok}, note: \"a # b\"}\n",
			want: "nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: no}, note: \"a # b\"}  # node 2 was ok\n",
			asks: []ask{replace(1, 2, "", "no", "ok")}},
		{why: "blank lines, directives, marks and other documents stay",
			in:   "%YAML 1.1\n--- # one\n\nnodes: 3\n\n\nsteps:\n  - requestVote: {candidateId: 1}\n    response: {2: }\n\n...\n---\n# none\n---\nnodes: 1\nsteps: [state: ]\n",
			want: "%YAML 1.1\n--- # one\n\nnodes: 3\n\n\nsteps:\n  - requestVote: {candidateId: 1}\n    response: {2: ok}\n\n...\n---\n# none\n---\nnodes: 1\nsteps: [state: ]\n",
			asks: []ask{answer(1, 2, "ok")}},
		{why: "a bare pair in brackets is a step",
			in: "nodes: 1\nsteps: [state: , heal: true]\n", want: "nodes: 1\nsteps: [state: {1: {term: 0}}, heal: true]\n", asks: []ask{states(1, "{1: {term: 0}}")}},
		{why: "a bare pair has no room for a second",
			in: "nodes: 2\nsteps: [requestVote: {candidateId: 1}]\n", says: "x.yaml:2:9: response cannot be added to this", asks: []ask{response(1, "{2: ok}")}},
	})
}

// A later document is edited by its own number, and its errors name it.
func TestEditLaterDocument(t *testing.T) {
	const text = "nodes: 1\nsteps: []\n---\n---\nnodes: 2\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: }\n"
	f, err := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	err = e.Set(f.Traces[1], Others(1), "ok")
	if got := err.(*trace.Error); got.Document != 3 || got.Pos != (trace.Pos{Line: 8, Column: 13}) {
		t.Errorf("the error is at %v of document %d: %v", got.Pos, got.Document, got)
	}
	if err := e.Set(f.Traces[1], Answer(1, 2), "ok"); err != nil {
		t.Fatal(err)
	}
	out, err := e.Bytes()
	if want := strings.Replace(text, "2: }", "2: ok}", 1); err != nil || string(out) != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}

// What is refused leaves no trace: the rest can still be filled in.
func TestRefusedLeavesNothing(t *testing.T) {
	f, _ := trace.Parse("x.yaml", []byte("nodes: 3\nsteps:\n- {requestVote: {candidateId: 1}, response: {2: ok, 3: }, note: \"a\n    b\"}\n"), trace.DefaultLimits())
	e, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, refused := range []error{
		e.Replace(f.Traces[0], Answer(1, 2), "no", "ok"),
		e.Set(f.Traces[0], Answer(1, 2), "no"),
		e.Set(f.Traces[0], Answer(1, 3), "ok]"),
	} {
		if refused == nil {
			t.Error("this is to be refused")
		}
	}
	if out, err := e.Bytes(); err != nil || string(out) != string(f.Bytes()) {
		t.Errorf("nothing was changed, but the text is now %q (%v)", out, err)
	}
	if err := e.Set(f.Traces[0], Answer(1, 3), "no"); err != nil {
		t.Error(err)
	}
	for range 2 {
		if out, err := e.Bytes(); err != nil || !strings.Contains(string(out), "{2: ok, 3: no}") {
			t.Errorf("the text is %q (%v)", out, err)
		}
	}
}

// A file that is read while another is edited changes nothing of that. If this
// fails, the editor's nodes are those of the file that was read last.
func TestOtherFilesMeanwhile(t *testing.T) {
	const text = "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: , 3: ok}\n"
	f, err := trace.Parse("a.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trace.Parse("b.yaml", []byte("title: another\nnodes: 5\nsteps: []\n"), trace.DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	if err := e.Set(f.Traces[0], Answer(1, 2), "no"); err != nil {
		t.Fatal(err)
	}
	out, err := e.Bytes()
	if want := strings.Replace(text, "2: ,", "2: no,", 1); err != nil || string(out) != want {
		t.Errorf("the new text is %q, %v; want %q", out, err, want)
	}
}

// A file with a document that is no trace is not edited.
func TestNewEditorWantsTraces(t *testing.T) {
	for _, text := range []string{"nodes: 1\nsteps: []\n---\nnodes: x\n", "nodes: 1\nsteps: []\n---\n[\n"} {
		f, _ := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
		if _, err := Open(f); err == nil {
			t.Errorf("%q is edited", text)
		}
	}
}
