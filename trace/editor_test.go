package trace_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// What people see in an editor with the YAML language server: keys come with their
// colon, answers and rules with what they say, and what is right has no wavy line.
// The server is the one that editors run; it is not there on every machine.
func TestEditor(t *testing.T) {
	wide.Only(t)
	s := startServer(t)
	for i, tt := range []struct {
		why, text string   // | is the cursor
		offers    []string // label and what is inserted
		says      string   // the documentation of the first of them
	}{
		{"an answer in a mapping", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response: {2: |, 3: ok}\n", []string{"ok ok", "none none"}, ""},
		{"an answer on a line", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response:\n      2: |\n", []string{"ok ok", "none none"}, ""},
		{"the keys of a trace", "nodes: 3\n|\nsteps: []\n", []string{"rules rules: ", "grading grading: ", "voters voters: "}, "The rules that the nodes play by"},
		{"the keys of a step", "nodes: 3\nsteps:\n  - timeout: 1\n    |\n", []string{"note note: ", "points points: "}, "A remark"},
		{"the keys of a message", "nodes: 3\nsteps:\n  - requestVote:\n      |\n", []string{"candidateId candidateId: ", "term term: ", "lastLogTerm lastLogTerm: "}, "The node that asks for votes"},
		{"the keys of a state", "nodes: 3\nsteps:\n  - timeout: 1\n    state:\n      1:\n        |\n", []string{"term term: ", "votedFor votedFor: ", "commitIndex commitIndex: "}, "currentTerm"},
		{"the names of rules", "nodes: 3\nrules: |\nsteps: []\n", []string{"commit-any-term commit-any-term", "figure2 figure2"}, ""},
		{"a whole trace with the line of its schema", "$schema: raftsheet.schema.json\nnodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response: {2: Granted, 3: \"no\"}|\n", nil, ""},
	} {
		before, after, _ := strings.Cut(tt.text, "|")
		uri := fmt.Sprintf("file:///t%d.yaml", i)
		head := "# yaml-language-server: $schema=file://" + s.schema + "\n"
		wrong := s.open(uri, head+before+after)
		if tt.offers == nil && len(wrong) > 0 {
			t.Errorf("%s: the editor underlines it: %v", tt.why, wrong)
		}
		lines := strings.Split(head+before, "\n")
		offers := s.complete(uri, len(lines)-1, len(lines[len(lines)-1]))
		for j, want := range tt.offers {
			k := slices.IndexFunc(offers, func(o offer) bool { return strings.Trim(o.Label, `"`)+" "+o.InsertText == want })
			if k < 0 {
				t.Errorf("%s: %q is not among what is offered: %v", tt.why, want, offers)
			} else if says := fmt.Sprint(offers[k].Documentation); j == 0 && !strings.HasPrefix(says, tt.says) && tt.says != "" {
				t.Errorf("%s: of %q the editor says %q", tt.why, want, says)
			}
		}
		if tt.why == "the names of rules" {
			said := make(map[string]bool)
			for _, o := range offers {
				if said[fmt.Sprint(o.Documentation)] && o.Documentation != nil {
					t.Errorf("the editor says the same of two rules: %v", o)
				}
				said[fmt.Sprint(o.Documentation)] = true
			}
		}
	}
}

// A server is a running YAML language server.
type server struct {
	t      *testing.T
	in     io.Writer
	out    *bufio.Reader
	schema string
	asked  int
}

type offer struct {
	Label, InsertText string
	Documentation     any
}

type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
}

func startServer(t *testing.T) *server {
	path, err := exec.LookPath("yaml-language-server")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("yaml-language-server is not installed; .ci/run installs it")
		}
		t.Skip("yaml-language-server is not installed (npm install yaml-language-server)")
	}
	schema := filepath.Join(t.TempDir(), "schema.json")
	if err := os.WriteFile(schema, trace.Schema(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--stdio")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) // a server that says nothing
	t.Cleanup(func() {
		late.Stop()
		cmd.Process.Kill()
		cmd.Wait()
	})
	s := &server{t: t, in: in, out: bufio.NewReader(out), schema: schema}
	s.ask("initialize", map[string]any{"processId": os.Getpid(), "rootUri": nil, "capabilities": map[string]any{
		"workspace":    map[string]any{"configuration": true},
		"textDocument": map[string]any{"completion": map[string]any{"completionItem": map[string]any{"snippetSupport": true}}}}})
	s.tell("initialized", map[string]any{})
	return s
}

// send sends a message of JSON-RPC.
func (s *server) send(m map[string]any) {
	m["jsonrpc"] = "2.0"
	data, err := json.Marshal(m)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(data), data); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) tell(method string, params any) {
	s.send(map[string]any{"method": method, "params": params})
}

// ask sends a request and gives its result.
func (s *server) ask(method string, params any) json.RawMessage {
	s.asked++
	s.send(map[string]any{"id": s.asked, "method": method, "params": params})
	return s.wait(func(m *message) bool { return m.Method == "" && string(m.ID) == strconv.Itoa(s.asked) }).Result
}

// wait reads up to a message, and answers what the server asks meanwhile.
func (s *server) wait(until func(*message) bool) *message {
	for {
		m := s.read()
		switch {
		case until(m):
			return m
		case m.Method == "workspace/configuration":
			s.send(map[string]any{"id": m.ID, "result": []any{map[string]any{"completion": true, "validate": true}, nil, nil, nil, nil, nil}})
		case m.Method != "" && len(m.ID) > 0:
			s.send(map[string]any{"id": m.ID, "result": nil})
		}
	}
}

func (s *server) read() *message {
	length := 0
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the language server has ended: %v", err)
		}
		line = strings.TrimSpace(line)
		if line == "" {
			break
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(n)
		}
	}
	data := make([]byte, length)
	if _, err := io.ReadFull(s.out, data); err != nil {
		s.t.Fatal(err)
	}
	m := &message{}
	if err := json.Unmarshal(data, m); err != nil {
		s.t.Fatal(err)
	}
	return m
}

// open opens a text and gives what the editor underlines in it.
func (s *server) open(uri, text string) []any {
	s.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
	var told struct {
		URI         string
		Diagnostics []any
	}
	s.wait(func(m *message) bool {
		return m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &told) == nil && told.URI == uri
	})
	return told.Diagnostics
}

func (s *server) complete(uri string, line, column int) []offer {
	result := s.ask("textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": uri}, "position": map[string]any{"line": line, "character": column}})
	var list struct{ Items []offer }
	if err := json.Unmarshal(result, &list); err != nil {
		if err := json.Unmarshal(result, &list.Items); err != nil {
			s.t.Fatalf("%v in %s", err, result)
		}
	}
	return list.Items
}
