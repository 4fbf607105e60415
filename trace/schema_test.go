package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// jsonValue turns a YAML node into what an editor holds against the schema.
func jsonValue(n *yaml.Node) any {
	switch n = source.Deref(n); n.Kind {
	case yaml.DocumentNode:
		return jsonValue(n.Content[0])
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = jsonValue(c)
		}
		return list
	case yaml.MappingNode:
		object := make(map[string]any)
		for k, v := range source.Pairs(n) {
			object[k.Value] = jsonValue(v)
		}
		return object
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value == "true"
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}

// jsonDocuments gives a file's documents but for the empty ones.
func jsonDocuments(t *testing.T, data []byte) []any {
	t.Helper()
	var docs []any
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		err := dec.Decode(&n)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, data)
		}
		if v := jsonValue(&n); v != nil {
			docs = append(docs, v)
		}
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal("schema.json is no JSON: ", err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("trace.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("trace.json")
	if err != nil {
		t.Fatal("schema.json is no JSON Schema: ", err)
	}
	return s
}

// exampleFiles gives the paths of the example traces; none where this package
// is not in its repository.
func exampleFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("../examples", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "submissions" {
			return fs.SkipDir // handed in as they are, a malformed one among them
		}
		if err == nil && filepath.Ext(path) == ".yaml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSchemaTakesTheExamples(t *testing.T) {
	files := exampleFiles(t)
	if len(files) == 0 {
		t.Skip("there is no folder of examples")
	}
	schema := compileSchema(t)
	for _, path := range files {
		data := readFile(t, path)
		if _, err := Parse(path, data, DefaultLimits()); err != nil {
			t.Errorf("the reader refuses an example: %v", err)
		}
		for _, doc := range jsonDocuments(t, data) {
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: the schema refuses an example: %v", path, err)
			}
		}
	}
}

func schemaDocument(t *testing.T) any {
	t.Helper()
	var doc any
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Whoever hovers over a key is told what it is for.
func TestSchemaDescriptions(t *testing.T) {
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			isRule := strings.Contains(path, "/dependencies/") || strings.Contains(path, "/not/") || strings.HasSuffix(path, "/allOf/1")
			if properties, ok := v["properties"].(map[string]any); ok && !isRule {
				for name, p := range properties {
					d, _ := p.(map[string]any)["description"].(string)
					if len(d) < 10 || !strings.HasSuffix(d, ".") {
						t.Errorf("%s/%s: the description %q is no sentence", path, name, d)
					}
				}
				if v["additionalProperties"] != false {
					t.Errorf("%s: additionalProperties is not false, so a misspelt key passes", path)
				}
			}
			for name, c := range v {
				walk(path+"/"+name, c)
			}
		case []any:
			for i, c := range v {
				walk(path+"/"+string(rune('0'+i%10)), c)
			}
		}
	}
	walk("", schemaDocument(t))
}

// The schema's own examples are right by the schema, each in its place.
func TestSchemaExamples(t *testing.T) {
	place := func(doc any, key string, example any) any {
		trace := map[string]any{"nodes": 5, "steps": []any{}}
		switch key {
		case "trace":
			return doc
		case "entries":
			trace["steps"] = []any{map[string]any{"appendEntries": map[string]any{"leaderId": 1, "entries": example}}}
		case "log", "nextIndex", "matchIndex", "terms", "snapshot":
			trace["steps"] = []any{map[string]any{"state": map[string]any{"1": map[string]any{key: example}}}}
		case "times":
			trace["steps"] = []any{map[string]any{"state": map[string]any{"1": map[string]any{"log": []any{map[string]any{"term": 1, key: example}}}}}}
		case "at":
			trace["steps"] = []any{map[string]any{"voters": map[string]any{"are": []any{1}, key: example}}}
		case "are":
			trace["steps"] = []any{map[string]any{"voters": map[string]any{key: example}}}
		case "late":
			trace["grading"] = map[string]any{key: example}
		case "value":
			trace["steps"] = []any{map[string]any{"clientRequest": map[string]any{"node": 1, "value": example}}}
		default:
			step := map[string]any{key: example}
			if slices.Contains([]string{"to", "lost", "responseLost", "response"}, key) {
				step["appendEntries"] = map[string]any{"leaderId": 1}
			}
			trace["steps"] = []any{step}
			if _, event := example.(map[string]any); slices.Contains(documentKeys.names(), key) && !(event && key == "voters") {
				trace = map[string]any{"nodes": 5, "steps": []any{}, key: example}
			}
		}
		return trace
	}
	schema, found := compileSchema(t), 0
	var walk func(name string, v any)
	walk = func(name string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			list, _ := v.([]any)
			for _, c := range list {
				walk("", c)
			}
			return
		}
		examples, _ := m["examples"].([]any)
		for _, e := range examples {
			found++
			if err := schema.Validate(normal(t, place(nil, name, e))); err != nil {
				t.Errorf("%s: the schema refuses its own example %v: %v", name, e, err)
			}
		}
		for name, c := range m {
			if name != "examples" {
				walk(name, c)
			}
		}
	}
	walk("", schemaDocument(t))
	if found < 20 {
		t.Errorf("only %d examples were found in the schema; this test has lost its way to them", found)
	}
}

// normal gives a value as the validator expects it.
func normal(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// step is a trace of five nodes with this one step.
func oneStep(step string) string { return "nodes: 5\nsteps:\n  - {" + step + "}\n" }

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

func TestSchemaAndReaderRefuse(t *testing.T) {
	schema := compileSchema(t)
	for _, tt := range invalidTraces {
		if _, err := Parse("t.yaml", []byte(tt.in), DefaultLimits()); err == nil {
			t.Errorf("%s: the reader takes it\n%s", tt.why, tt.in)
		}
		for _, doc := range jsonDocuments(t, []byte(tt.in)) {
			if err := schema.Validate(doc); err == nil {
				t.Errorf("%s: the schema takes it\n%s", tt.why, tt.in)
			}
		}
	}
}

func TestSchemaIsACopy(t *testing.T) {
	Schema()[0] = 'x'
	if Schema()[0] != '{' {
		t.Error("whoever changes what Schema gives changes the schema")
	}
}
