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
		if err == nil && d.IsDir() && (d.Name() == "submissions" || d.Name() == "messy" || d.Name() == "own") {
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
